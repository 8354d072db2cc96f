# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawing branches and loops, whose regions are drawn from operations that give the same bits wherever they run."""

from typing import Any

from drawing import BOOL, Drawing, dtype_of, is_tensor, shape_of
from mlir import ir
from shaping import constant_of

from mograph.dialects.mo import Condition, If, While, Yield

EXACT = ("mo.add", "mo.sub", "mo.mul", "mo.max", "mo.min", "mo.negative", "mo.abs", "mo.floor")


def _inside(g: Drawing, block: Any, arguments: list[Any]) -> Drawing:
    """Draws in a region: what is there outside may be used, what is made there not outside."""
    return _Inner(g.random, block, g.inputs, [*arguments, *g.pool], outer=g)


class _Inner(Drawing):
    """A drawing whose inputs are those of the graph around it."""

    def __init__(self, random: Any, block: Any, inputs: Any, pool: Any, outer: Drawing) -> None:
        super().__init__(random, block, inputs, pool)
        self._outer = outer

    def input(self, *arguments: Any, **keywords: Any) -> Any:
        """A new input of the graph."""
        return self._outer.input(*arguments, **keywords)


def _steps(g: Drawing, value: Any) -> Any:
    """Some exact operations on a value, that keep its type."""
    for _ in range(g.integer(0, 3)):
        name = g.choose(EXACT)
        same = [each for each in g.pool if each.type == value.type]
        operands = [value] if name in EXACT[5:] else [value, g.choose(same or [value])]
        made = g.build(name, *operands)
        value = made[0] if made is not None and made[0].type == value.type else value
    return value


def if_(g: Drawing, name: str) -> Any:
    x = g.tensor(("f32", "si32", "f64", "bf16", "si64"))
    condition = g.input([], BOOL)
    op = If.build(condition, results=[x.type])
    for region in op.operation.regions:
        block = region.blocks.append()
        with ir.InsertionPoint(block):
            Yield.build([_steps(_inside(g, block, []), x)])
    return _finish(g, op)


def while_(g: Drawing, name: str) -> Any:
    x = g.tensor(("f32", "si32", "f64", "bf16", "si64"))
    zero, one = (constant_of(g, value, "si64") for value in (0, 1))
    trips = g.input([], "si64", "count", 3)
    grown = g.flag(3) and len(shape_of(x)) > 0
    carried = [zero.type, x.type]
    if grown:
        carried[1] = g.type([f"g{len(g.pool)}", *shape_of(x)[1:]], dtype_of(x))
    op = While.build([zero, x], results=carried)
    cond = op.cond.blocks.append(*carried)
    with ir.InsertionPoint(cond):
        counter, value = cond.arguments
        more = g.build("mo.less", counter, trips)[0]
        g.pool.remove(more)
        Condition.build(more, [counter, value])
    body = op.body.blocks.append(*carried)
    with ir.InsertionPoint(body):
        counter, value = body.arguments
        inner = _inside(g, body, [value])
        after = inner.build("mo.add", counter, one)[0]
        if grown:
            value = inner.build("mo.concat", [value, x], axis=0)[0]
        else:
            value = _steps(inner, value)
        Yield.build([after, value])
    made = _finish(g, op)
    if made is not None and grown:
        g.pool.remove(made[1])
    return made


def _finish(g: Drawing, op: Any) -> Any:
    from mograph import _native

    if not _native.verify(op.operation)[0]:
        op.operation.erase()
        return None
    made = list(op.operation.results)
    g.pool += [value for value in made if is_tensor(value)]
    return made


RECIPES = {"mo.if": if_, "mo.while": while_}
