# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How each operation of `mo` is drawn, and which are not."""

import contracting
import control
import generic
import indexing
import shaping
from drawing import Drawing

from mograph.dialects.mo import Mo

NOT_DRAWN = {
    **dict.fromkeys(("mo.graph", "mo.output", "mo.yield", "mo.condition"), "drawn with what they are part of"),
    **dict.fromkeys(("mo.call", "mo.constant.external"), "made by mo-outline of what is drawn"),
    **dict.fromkeys(
        (
            *("mo.assert", "mo.chain.create", "mo.custom", "mo.parallel", "mo.print", "mo.sequence", "mo.transfer"),
            *("mo.buffer.create", "mo.buffer.load", "mo.buffer.store", "mo.buffer.store_slice"),
        ),
        "effects, devices and code of others: not functions of tensors",
    ),
}
"""Operations that no recipe draws, and why."""

SPECIAL = {**shaping.RECIPES, **indexing.RECIPES, **contracting.RECIPES, **control.RECIPES}
DRAWN = tuple(sorted(name for name in Mo.ops if name not in NOT_DRAWN))
"""The names of the operations that are drawn."""


def draw(drawing: Drawing, name: str, tries: int = 4) -> bool:
    """Draw an operation; False where none of several tries fits."""
    recipe = SPECIAL.get(name, generic.draw)
    return any(recipe(drawing, name) is not None for _ in range(tries))
