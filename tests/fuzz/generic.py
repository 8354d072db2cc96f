# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that are drawn from their declaration alone: operands that broadcast, and attributes of usual names."""

from typing import Any

from drawing import BOOL, DTYPES, FLOATS, INTEGERS, Drawing, shape_of

from mograph.dialects.kit.fields import MISSING
from mograph.dialects.mo import Mo


def attributes(drawing: Drawing, name: str, rank: int) -> dict[str, Any]:
    """Values for the attributes of an operation whose first operand is of this rank."""
    found = {each.name: _attribute(drawing, each, rank) for each in Mo.ops[name].ATTRIBUTES}
    return {key: value for key, value in found.items() if value is not None}


def _attribute(drawing: Drawing, field: Any, rank: int) -> Any:
    kind = field.constraint.kind
    if kind == "unit":
        return drawing.flag()
    if field.name == "axis":
        return drawing.integer(-rank, rank - 1) if rank else 0
    if field.name == "axes":
        if field.arity == "optional" and drawing.flag(3):
            return None
        return [axis - drawing.choose([0, rank]) for axis in range(rank) if drawing.flag()]
    if field.default is not MISSING and drawing.flag():
        return None
    if kind == "bool":
        return drawing.flag()
    if kind == "enum":
        return drawing.choose(field.constraint.names)
    if kind == "float":
        return drawing.choose([0.0, 0.25, 1.0, 2.0, -1.0])
    return None


def draw(drawing: Drawing, name: str) -> Any:
    """Draw an operation whose operands have one dtype, or are bool where they are called `condition`."""
    operands = [each for each in Mo.ops[name].OPERANDS if each.arity == "one" or drawing.flag()]
    accepted = (FLOATS, INTEGERS, (BOOL,), DTYPES)
    for dtypes in sorted(accepted, key=lambda _: drawing.random.random()):
        first = drawing.tensor(dtypes)
        values = []
        for field in operands:
            if field.name == "condition":
                values.append(drawing.like(first, BOOL))
            else:
                values.append(drawing.like(first) if values else first)
        if len(operands) > 1 and drawing.flag():
            values.reverse() if operands[0].name != "condition" else None
        made = drawing.build(name, *values, **attributes(drawing, name, len(shape_of(first))))
        if made is not None:
            return made
    return None
