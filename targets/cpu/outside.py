# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the code of a group needs of the function that it is taken out of."""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder, walk
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Access, Seen


def constants_of(function: ir.Operation) -> dict[ir.Value, ir.Attribute]:
    """The constants of a function, which code that is taken out of it has for itself."""
    constants: dict[ir.Value, ir.Attribute] = {}

    def note(op: ir.Operation) -> None:
        if op.name == "arith.constant":
            constants[op.results[0]] = op.attributes["value"]

    walk(function, note)
    return constants


class Outside:
    """The `values` that the code of a group is to be handed, once there are addresses and symbols: `passed` among them,
    and none of the function's constants.
    """

    def __init__(self, group: Group, constants: Mapping[ir.Value, ir.Attribute], passed: Sequence[ir.Value]) -> None:
        self._group, self._constants, self._passed = group, constants, passed
        nests = group.nests
        bases = [access.base if isinstance(access, Access) else access for nest in nests for access in nest.accesses]
        used = [*bases, *group.symbols.values, *passed, *(value for nest in nests for value in nest.captured)]
        self.values = [value for value in dict.fromkeys(used) if value is not None and value not in constants]

    def seen(self, values: Mapping[ir.Value, ir.Value], inner: Builder) -> list[Seen]:
        """The values of all nests, by what those outside are called where `inner` creates."""
        constants = self._constants

        def base(access: Access | ir.Value) -> ir.Value | None:
            value = access.base if isinstance(access, Access) else access
            if value is None:
                return None
            return inner.constant(value.type, constants[value]) if value in constants else values.get(value, value)

        named = [values.get(value, value) for value in self._group.symbols.values]
        return [
            Seen(
                [base(access) for access in nest.accesses],
                named,
                {v: constants[v] if v in constants else values.get(v, v) for v in nest.captured},
                passed=[values.get(value, value) for value in self._passed],
            )
            for nest in self._group.nests
        ]
