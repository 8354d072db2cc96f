# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which launches of a block go together.

A block is cut into stretches at what has regions or effects, and each stretch into windows. In a window every launch
starts as a group of its own; in the program's order, each joins the groups that its operands come from where the rules
say so, unless one group would then wait for another that waits for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import mlir.ir as ir

from mograph import _native
from mograph._records import record
from mograph.transforms.mogg._fusion.rules import Edge, Rule, decide, siblings
from mograph.transforms.mogg._fusion.summary import KINDS, VIEWS, Summary, bytes_of

__all__ = ["Group", "Grouping", "Joined", "group_window", "kernel_of", "windows"]

WINDOW = 512
"""How many launches are looked at together: what is known of each is a bit for each of the others."""
STEPS = 32
"""How many loop nests a kernel has at most: programs that work on long ones are not linear in their length."""


@record
class Joined:
    """Why a launch joined a group: the kernels' names, the reason, the bytes of memory that are neither written nor
    read any more, and the operations that are done twice."""

    producer: str
    consumer: str
    reason: str
    saved: int
    recomputed: int
    copied: int = -1
    """The producer's number where that is repeated; what this saves hangs on whether others need it."""


@dataclass
class Group:
    """Launches that become one. `copied` are launches of other groups that are repeated in this one."""

    launches: list[int]
    kind: str
    steps: int
    """How many loop nests there are in it."""
    kinds: frozenset[str]
    products: int
    """The kinds of its launches, and how many matrices they multiply."""
    bits: int
    needs: set[int]
    """The launches that it needs directly."""
    behind: int = 0
    """Bits of all launches that have to run before it."""
    copied: set[int] = field(default_factory=set)
    joined: list[Joined] = field(default_factory=list)


def windows(block: Any) -> Iterator[tuple[list[Any], Any]]:
    """The operations of each window of a block, and the operation that follows them."""
    window: list[Any] = []
    launches = 0
    for op in _native.block_ops(block):
        barrier = _is_barrier(op)
        if barrier or launches == WINDOW:
            yield window, op
            window, launches = [], 0
        if not barrier:
            window.append(op)
            launches += op.name == "mogg.launch"


def _is_barrier(op: Any) -> bool:
    name = op.name
    if name == "mogg.launch":
        return False
    return len(op.regions) > 0 or not name.startswith(
        ("tensor.", "arith.", "math.", "affine.", "index.", "bufferization.")
    )


def kernel_of(launch: Any) -> str:
    """The symbol of the kernel that is launched."""
    return str(ir.FlatSymbolRefAttr(launch.attributes["kernel"]).value)


def group_window(ops: Sequence[Any], summary: Callable[[str], Summary], rules: Sequence[Rule]) -> Grouping:
    """Group the launches among `ops`, which follow each other. `summary` gives that of the kernel of a symbol."""
    launches = [op for op in ops if op.name == "mogg.launch"]
    names = [kernel_of(op) for op in launches]
    grouping = Grouping(ops, launches, names, [summary(name) for name in names], rules)
    grouping.run()
    return grouping


class Grouping:
    """The launches of a window and the groups that they form.

    `makers` tells of a launch's result which launch it is of, and the number of the result; `depends` of each value of
    the window the launches that it comes from directly, which is not by way of other launches.
    """

    def __init__(
        self, ops: Sequence[Any], launches: list[Any], names: list[str], summaries: list[Summary], rules: Sequence[Rule]
    ) -> None:
        self.launches, self.names, self.summaries, self.rules = launches, names, summaries, rules
        self.at = {launch: i for i, launch in enumerate(launches)}
        self.inputs = [list(op.operands)[: each.inputs] for op, each in zip(launches, summaries, strict=True)]
        self.types = [[value.type for value in values] for values in self.inputs]
        self.makers: dict[Any, tuple[int, int]] = {}  # of each result of a launch: the launch, and which result
        self.sources: dict[Any, tuple[Any, bool]] = {}
        self.depends: dict[Any, frozenset[int]] = {}
        self.needs: list[frozenset[int]] = []
        count = 0
        for op in ops:
            before = frozenset().union(*(self.depends.get(value, frozenset()) for value in op.operands))
            if op.name == "mogg.launch":
                self.needs.append(before)
                for i, result in enumerate(op.results):
                    self.makers[result] = (count, i)
                    self.depends[result] = frozenset([count])
                count += 1
                continue
            for result in op.results:
                self.depends[result] = before
            if op.name in VIEWS:
                root, views = self.sources.get(op.operands[0], (op.operands[0], False))
                self.sources[op.results[0]] = (root, views or op.name != "tensor.cast")
        self.groups: list[Group] = []
        self.of: list[Group] = []
        for i, needs in enumerate(self.needs):
            behind = 0
            for each in needs:
                behind |= self.of[each].bits | self.of[each].behind
            summary = summaries[i]
            kinds = frozenset([summary.kind])
            group = Group([i], summary.kind, summary.steps, kinds, summary.products, 1 << i, set(needs), behind)
            self.groups.append(group)
            self.of.append(group)
        self.readers = [self._readers(launch) for launch in launches]
        self.then: dict[int, frozenset[str | None]] = {}
        for i in reversed(range(len(launches))):
            self.then[i] = self._then(i)

    def run(self) -> None:
        """Let each launch in turn join the groups that its operands come from."""
        for i in range(len(self.launches)):
            for argument, operand in enumerate(self.inputs[i]):
                root, views = self.sources.get(operand, (operand, False))
                made = self.makers.get(root)
                if made is not None:
                    self._consider(i, argument, operand, root, views, made)
        self._join_siblings()
        self._settle()

    def _consider(self, at: int, argument: int, operand: Any, root: Any, views: bool, made: tuple[int, int]) -> None:
        producer, result = made
        group, before = self.of[at], self.of[producer]
        if group is before or producer in group.copied:
            return
        edge = Edge(
            self.summaries[producer],
            self.summaries[at],
            before.kind,
            group.kind,
            result,
            argument,
            root.type,
            operand.type,
            self.types[producer],
            views,
            self.readers[producer] <= {at},
            before.kinds,
            before.products,
            self.then[at],
        )
        decision = decide(edge, self.rules)
        if not decision.fuse or group.steps + before.steps > STEPS:
            return
        saved = bytes_of(root.type)
        if decision.copies and not self._contained(before, group):
            if self._may_copy(group, producer):
                self._copy(group, producer)
                names = self.names[producer], self.names[at]
                group.joined.append(Joined(*names, decision.reason, saved, edge.producer.flops, producer))
                self._copy_moves(group, producer)
        elif not self._circular(before, group):
            joined = Joined(self.names[producer], self.names[at], decision.reason, saved * (1 + edge.alone), 0)
            self._merge(before, group, joined)

    def _join_siblings(self) -> None:
        """Let launches join that read the same tensor in the same way."""
        readers: dict[Any, list[tuple[int, int]]] = {}
        for i in range(len(self.launches)):
            if self.summaries[i].kind == "rows" and self.of[i].kind == "rows":
                for argument, operand in enumerate(self.inputs[i]):
                    readers.setdefault(operand, []).append((i, argument))
        for value, (first, *others) in readers.items():
            for other in others:
                a, b = self.of[first[0]], self.of[other[0]]
                if a is b or a.steps + b.steps > STEPS or a.behind & b.bits or b.behind & a.bits:
                    continue
                reason = siblings(self.summaries[first[0]], self.summaries[other[0]], (first[1], other[1]))
                if reason and not self._circular(a, b):
                    names = self.names[first[0]], self.names[other[0]]
                    self._merge(a, b, Joined(*names, reason, bytes_of(value.type), 0))

    def _settle(self) -> None:
        """Says what repeating launches saves, now that it is known how often each is: a group reads what the launch
        reads instead of what it makes, and where all who need it repeat it, it is not done for itself any more.
        """
        times = Counter(each.copied for group in self.groups for each in group.joined)
        for group in self.groups:
            group.joined = [self._settled(each, times[each.copied]) for each in group.joined]

    def _settled(self, joined: Joined, times: int) -> Joined:
        if joined.copied < 0:
            return joined
        read = sum(map(bytes_of, self.types[joined.copied]))
        saved, recomputed = joined.saved - read, joined.recomputed
        if all(each is not None and joined.copied in self.of[each].copied for each in self.readers[joined.copied]):
            saved += (joined.saved + read) // times
            recomputed = recomputed * (times - 1) // times
        return replace(joined, saved=saved, recomputed=recomputed)

    def _contained(self, before: Group, group: Group) -> bool:
        """Whether all that reads what a group makes is in it or in another one."""
        both = before.bits | group.bits
        return all(
            reader is not None and both >> reader & 1 for each in before.launches for reader in self.readers[each]
        )

    def _copy_moves(self, group: Group, copied: int) -> None:
        """What a copied launch reads is copied along where that only moves elements, too."""
        for operand in self.inputs[copied]:
            root, _ = self.sources.get(operand, (operand, False))
            producer, _ = self.makers.get(root, (copied, 0))
            summary, before = self.summaries[producer], self.of[producer]
            if producer in (copied, *group.copied) or before is group or {summary.kind, before.kind} != {"move"}:
                continue
            if not summary.may_fail and group.steps + summary.steps <= STEPS and self._may_copy(group, producer):
                self._copy(group, producer)
                reason = "copied elements are read where they are"
                names = self.names[producer], self.names[copied]
                group.joined.append(Joined(*names, reason, bytes_of(root.type), summary.flops, producer))
                self._copy_moves(group, producer)

    def _readers(self, launch: Any) -> set[int | None]:
        """The launches that read what one makes; None stands for everything else."""
        found: set[int | None] = set()
        waiting = list(launch.results)
        while waiting:
            for user in _native.users_of(waiting.pop()):
                if user in self.at:
                    found.add(self.at[user])
                elif user.name in VIEWS:
                    waiting += list(user.results)
                else:
                    found.add(None)
        return found

    def _then(self, at: int) -> frozenset[str | None]:
        """The kinds of the launches that read what one makes, past elementwise ones; None stands for anything else."""
        found: set[str | None] = set()
        for each in self.readers[at]:
            kind = None if each is None else self.summaries[each].kind
            found |= self.then[each] if each is not None and kind == "elementwise" else {kind}
        return frozenset(found)

    def _may_copy(self, group: Group, producer: int) -> bool:
        """Whether what the copied launch needs does not itself wait for the group."""
        return not any(self.of[each].behind & group.bits for each in self.needs[producer])

    def _copy(self, group: Group, producer: int) -> None:
        group.copied.add(producer)
        group.needs |= {each for each in self.needs[producer] if self.of[each] is not group}
        for each in self.needs[producer]:
            group.behind |= (self.of[each].bits | self.of[each].behind) & ~group.bits
        group.kind = _more(self.summaries[producer].kind, group.kind)
        group.steps += self.summaries[producer].steps
        self._tell(group)

    def _circular(self, a: Group, b: Group) -> bool:
        """Whether a third group would have to run both after and before the two together."""
        both = a.bits | b.bits
        return any(self.of[each].behind & both for each in a.needs | b.needs if not both >> each & 1)

    def _merge(self, a: Group, b: Group, joined: Joined) -> None:
        bits = a.bits | b.bits
        needs = {each for each in a.needs | b.needs if not bits >> each & 1}
        behind = (a.behind | b.behind) & ~bits
        launches = sorted(a.launches + b.launches)
        kind, steps = _more(a.kind, b.kind), a.steps + b.steps
        kinds, products = a.kinds | b.kinds, a.products + b.products
        copied, told = a.copied | b.copied, [*a.joined, *b.joined, joined]
        group = Group(launches, kind, steps, kinds, products, bits, needs, behind, copied, told)
        for each in launches:
            self.of[each] = group
        self.groups = [other for other in self.groups if other is not a and other is not b]
        self.groups.append(group)
        self._tell(group)

    def _tell(self, group: Group) -> None:
        """Let those that wait for the group wait for all that it waits for."""
        bits, behind = group.bits, group.bits | group.behind
        for other in self.groups:
            if other.behind & bits:
                other.behind |= behind


def _more(first: str, second: str) -> str:
    """The kind that includes the other."""
    return max(first, second, key=KINDS.index)
