# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Results of the members of a team become one, which all of them have: by exchange of registers in a subgroup, through
memory that the block shares beyond that. The order in which they are put together is always the same.
"""

from dataclasses import dataclass

from mlir import ir

from mograph.targets.cpu.body import from_storage, to_storage, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.cpu.plan import COMBINERS
from mograph.targets.gpu.group import Thread
from mograph.targets.gpu.points import EQUAL, VECTOR, compare, where


@dataclass(frozen=True)
class Team:
    """A thread's place: which of `rows` of a block it works on, which of `members` of its team it is, whether members
    are `rows` threads apart instead of side by side, and the size of subgroups.
    """

    thread: Thread
    row: Int
    member: Int
    rows: int
    members: int
    across: bool
    subgroup: int


def neutral(b: Builder, kind: str, type_: ir.Type) -> ir.Value:
    """What changes nothing when it is combined with a number of that type, or with each of a vector."""
    element = type_.element_type if isinstance(type_, ir.VectorType) else type_
    text = COMBINERS[kind][1]
    if isinstance(element, ir.FloatType):
        return b.number(type_, float(text))
    bits = element.width if isinstance(element, ir.IntegerType) else 64
    numbers = {"lowest": -(1 << (bits - 1)), "highest": (1 << (bits - 1)) - 1}
    number = numbers[text] if text in numbers else int(text)
    return b.number(type_, abs(number) if bits == 1 else number)


def of_lanes(b: Builder, kind: str, value: ir.Value) -> ir.Value:
    """All elements of a vector as one, by halves; its length is a power of two."""
    while isinstance(value.type, ir.VectorType):
        width = value.type.shape[0] // 2
        halves = []
        for at in (0, width):
            if width == 1:
                position = ir.DenseI64ArrayAttr.get([at])
                halves.append(b.one("vector.extract", value.type.element_type, value, static_position=position))
            else:
                half = ir.VectorType.get([width], value.type.element_type)
                mask = ir.DenseI64ArrayAttr.get(range(at, at + width))
                halves.append(b.one("vector.shuffle", half, value, value, mask=mask))
        value = b.one(kind, halves[0].type, *halves)
    return value


def of_team(b: Builder, team: Team, kind: str, value: ir.Value) -> ir.Value:
    """The values of all members of a team as one. All threads of the block take part."""
    if team.members == 1:
        return value
    if team.across:
        return _by_memory(b, team, kind, value)
    within = min(team.members, team.subgroup)
    value = _by_shuffles(b, team, kind, value, within)
    return value if team.members == within else _by_subgroups(b, team, kind, value)


def _by_shuffles(b: Builder, team: Team, kind: str, value: ir.Value, members: int) -> ir.Value:
    distance = members // 2
    while distance:
        value = b.one(kind, value.type, value, exchanged(b, value, distance, team.subgroup))
        distance //= 2
    return value


def exchanged(b: Builder, value: ir.Value, distance: int, subgroup: int) -> ir.Value:
    """The value that the thread has whose number in the subgroup differs in one bit."""
    type_ = value.type
    if isinstance(type_, ir.IndexType):
        value = b.one("arith.index_cast", b.i64, value)
    operands = [value, b.number(b.i32, distance), b.number(b.i32, subgroup)]
    mode = {"mode": ir.Attribute.parse("#gpu<shuffle_mode xor>")}
    found = b.create("gpu.shuffle", [value.type, b.i1], operands, mode).results[0]
    return b.one("arith.index_cast", type_, found) if isinstance(type_, ir.IndexType) else found


def _by_subgroups(b: Builder, team: Team, kind: str, value: ir.Value) -> ir.Value:
    """One value of each subgroup of the team goes through memory; then every subgroup has all of them."""
    element, size = value.type, team.subgroup
    storage = storage_type(element)
    count = team.members // size
    memory = team.thread.shared(team.rows * count * element_bytes(storage))
    group, lane = b.split(team.member, size)
    first = b.mul(team.row, count)

    def write() -> None:
        _store(b, value, memory, b.add(first, group), storage)

    where(b, compare(b, EQUAL, lane, 0), write)
    team.thread.barrier()
    mine = b.one("arith.andi", b.i64, b.value(lane), b.value(count - 1))
    found = _load(b, memory, b.add(first, mine), element, storage)
    return _by_shuffles(b, team, kind, found, count)


def _by_memory(b: Builder, team: Team, kind: str, value: ir.Value) -> ir.Value:
    """All values go through memory, and every member reads those of its team."""
    vector = ir.VectorType(value.type) if isinstance(value.type, ir.VectorType) else None
    element, width = (vector.element_type, vector.shape[0]) if vector else (value.type, 1)
    storage = storage_type(element)
    bytes_ = width * element_bytes(storage)
    type_ = vector_of(storage, width) if vector else storage
    memory = team.thread.shared(team.rows * team.members * bytes_)

    def place(member: Int) -> ir.Value:
        return b.address(memory, b.mul(b.add(b.mul(member, team.rows), team.row), width), storage)

    b.store(to_storage(b, value, element), place(team.member), min(VECTOR, bytes_))
    team.thread.barrier()

    def total(first: int, count: int) -> ir.Value:
        """By halves, of which few are known at a time."""
        if count == 1:
            return from_storage(b, b.load(type_, place(first), min(VECTOR, bytes_)), element)
        half = count // 2
        return b.one(kind, value.type, total(first, half), total(first + half, half))

    return total(0, team.members)


def _store(b: Builder, value: ir.Value, memory: ir.Value, at: Int, storage: ir.Type) -> None:
    b.store(to_storage(b, value, value.type), b.address(memory, at, storage), element_bytes(storage))


def _load(b: Builder, memory: ir.Value, at: Int, element: ir.Type, storage: ir.Type) -> ir.Value:
    return from_storage(b, b.load(storage, b.address(memory, at, storage), element_bytes(storage)), element)
