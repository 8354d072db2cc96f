# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Branches and loops."""

from collections.abc import Callable, Sequence

from onnx import GraphProto

from mograph.graph import Tensor
from mograph.graph.types import names_of

from ..context import Context, Type
from ..errors import OnnxError
from ..initializers import add_initializers, declarations
from ..naming import inner_path
from ..node import Node
from ..regions import branch, given_by, repeat
from ..registry import converter
from .shape import scalar


def inner(ctx: Context, node: Node, attribute: str, inputs: Sequence[Tensor] = ()) -> list[Tensor]:
    """The outputs of a graph that is an attribute of a node, built in the region that is open."""
    graph: GraphProto = node[attribute]
    path = None if ctx.path is None else inner_path(ctx.path, node.outputs[0] if node.outputs else "", attribute)
    inside = Context(
        ctx.shared,
        ctx.graph,
        ctx.opsets,
        parent=ctx,
        bound=ctx.bound,
        declared=declarations(graph),
        path=path,
    )
    if len(inputs) != len(graph.input):
        raise OnnxError(f"expected {attribute} to have {len(inputs)} inputs, found {len(graph.input)}")
    inside.values.update({value.name: tensor for value, tensor in zip(graph.input, inputs, strict=True)})
    add_initializers(inside, graph.initializer)
    inside.convert(graph.node)
    results = [inside.lookup(value.name) for value in graph.output]
    return [each for each in results if each is not None]


@converter("If")
def if_(ctx: Context, node: Node, condition: Tensor) -> tuple[Tensor, ...]:
    condition = scalar(ctx, condition)
    known = ctx.array(condition)
    if known is not None:
        return tuple(inner(ctx, node, "then_branch" if known else "else_branch"))
    return branch(
        ctx,
        condition,
        lambda: inner(ctx, node, "then_branch"),
        lambda: inner(ctx, node, "else_branch"),
        lambda index, known: ctx.unknown(node, index, like=known),
    )


@converter("Loop")
def loop(
    ctx: Context, node: Node, limit: Tensor | None = None, condition: Tensor | None = None, *inits: Tensor
) -> tuple[Tensor, ...]:
    limit = None if limit is None else scalar(ctx, limit)
    go_on = ctx.constant(True, "i1") if condition is None else scalar(ctx, condition)
    carried = len(inits)

    def proceed(trip: Tensor, go_on: Tensor, *values: Tensor) -> Tensor:
        return go_on if limit is None else ctx.emit("and", go_on, ctx.emit("less", trip, limit))

    def body(trip: Tensor, go_on: Tensor, *values: Tensor) -> list[Tensor]:
        more, *results = inner(ctx, node, "body", [trip, go_on, *values])
        return [ctx.emit("add", trip, 1), scalar(ctx, more), *results]

    start = [ctx.constant(0, "si64"), go_on, *inits]
    outputs = [(0, False)] * (len(node["body"].output) - 1 - carried)
    return collect(ctx, start, proceed, body, outputs)[2:]


@converter("Scan")
def scan(ctx: Context, node: Node, *inputs: Tensor | None) -> tuple[Tensor, ...]:
    if node.version < 9:
        return _scan_of_batches(ctx, node, inputs)
    count = node["num_scan_inputs"]
    given = [each for each in inputs if each is not None]
    states, sequences = given[: len(given) - count], given[len(given) - count :]
    rows = len(node["body"].output) - len(states)
    axes = node.get("scan_input_axes", (0,) * count)
    directions = node.get("scan_input_directions", (0,) * count)
    out_axes, out_directions = (node.get(f"scan_output_{name}", (0,) * rows) for name in ("axes", "directions"))
    results = over(
        ctx,
        states,
        [(each, axis % each.ndim, bool(way)) for each, axis, way in zip(sequences, axes, directions, strict=True)],
        lambda *values: inner(ctx, node, "body", values),
        [(axis, bool(way)) for axis, way in zip(out_axes, out_directions, strict=True)],
    )
    return tuple(results)


def _scan_of_batches(ctx: Context, node: Node, inputs: Sequence[Tensor | None]) -> tuple[Tensor, ...]:
    """Scan as it was in opset 8: for each entry of a batch, which is the first axis of everything."""
    lengths, *others = inputs
    if lengths is not None:
        raise OnnxError("lengths of sequences of Scan before opset 9 cannot be imported")
    given = [each for each in others if each is not None]
    count = node["num_scan_inputs"]
    states = len(given) - count
    ways = node.get("directions", (0,) * count)
    rows = len(node["body"].output) - states

    def entry(*values: Tensor) -> list[Tensor]:
        sequences = zip(values[states:], ways, strict=True)
        return over(
            ctx,
            values[:states],
            [(each, 0, bool(way)) for each, way in sequences],
            lambda *inside: inner(ctx, node, "body", inside),
            [(0, False)] * rows,
        )

    results = over(ctx, [], [(each, 0, False) for each in given], entry, [(0, False)] * (states + rows))
    return tuple(results)


def over(
    ctx: Context,
    states: Sequence[Tensor],
    sequences: Sequence[tuple[Tensor, int, bool]],
    body: Callable[..., Sequence[Tensor]],
    outputs: Sequence[tuple[int, bool]],
) -> list[Tensor]:
    """The last states, and what a function gives for the elements of sequences, in tensors of one more dimension.

    Sequences are given with their axis and whether they are read from the end; outputs with the axis that is added, and
    whether they are put together from the end. The function takes the states and the elements, and gives the next
    states and the elements of outputs.
    """
    first, axis, _ = sequences[0]
    extent = first.shape[axis]
    count = ctx.emit("dim", first, axis=axis)
    read = []
    for tensor, along, backwards in sequences:
        shape = list(tensor.shape)
        shape[along] = shape[along] if isinstance(shape[along], int) and isinstance(extent, int) else extent
        read.append((ctx.assume(tensor, shape), along, backwards))

    def step(trip: Tensor, *values: Tensor) -> list[Tensor]:
        last = ctx.emit("sub", ctx.emit("sub", count, 1), trip)
        elements = [ctx.emit("gather", each, last if back else trip, axis=along) for each, along, back in read]
        return [ctx.emit("add", trip, 1), *body(*values, *elements)]

    start = [ctx.constant(0, "si64"), *states]
    results = collect(ctx, start, lambda trip, *values: ctx.emit("less", trip, count), step, outputs)[1:]
    made = list(results[: len(states)])
    for tensor, (along, _) in zip(results[len(states) :], outputs, strict=True):
        shape = list(tensor.shape)
        shape[along % tensor.ndim] = extent
        made.append(ctx.assume(tensor, shape))
    return made


def collect(
    ctx: Context,
    inits: Sequence[Tensor],
    condition: Callable[..., Tensor],
    body: Callable[..., Sequence[Tensor]],
    outputs: Sequence[tuple[int, bool]],
) -> tuple[Tensor, ...]:
    """A loop whose body gives elements besides what it carries, which are laid end to end along axes that are added."""
    carried = len(inits)
    if not outputs:
        return repeat(ctx, inits, condition, body)
    types = given_by(ctx, inits, body)[carried:]
    if len(types) != len(outputs):
        raise OnnxError(f"expected a body that gives {carried + len(outputs)} values, found {carried + len(types)}")
    empty = [_nothing(ctx, type_, axis) for type_, (axis, _) in zip(types, outputs, strict=True)]

    def step(*values: Tensor) -> list[Tensor]:
        given = body(*values[:carried])
        rows = zip(values[carried:], given[carried:], outputs, strict=True)
        return [*given[:carried], *(_appended(ctx, before, row, axis, back) for before, row, (axis, back) in rows)]

    return repeat(ctx, [*inits, *empty], lambda *values: condition(*values[:carried]), step)


def _nothing(ctx: Context, type_: Type, axis: int) -> Tensor:
    """What a loop has collected before its first trip: no elements."""
    shape, dtype = list(type_[0]), type_[1]
    shape.insert(axis % (len(shape) + 1), 0)
    if any(not names_of([extent]) <= ctx.graph.dims for extent in shape):
        raise OnnxError(f"the shape of what the body gives, {list(map(str, type_[0]))}, is not known before the loop")
    return ctx.emit("broadcast_to", ctx.constant(0, dtype), to=(shape, dtype))


def _appended(ctx: Context, rows: Tensor, row: Tensor, axis: int, backwards: bool) -> Tensor:
    """A tensor with one more element along an axis, at its end or (`backwards`) at its front."""
    axis %= rows.ndim
    shape = [*row.shape[:axis], 1, *row.shape[axis:]]
    wanted = list(rows.shape)
    wanted[axis] = 1
    element = ctx.assume(ctx.emit("reshape", row, to=(shape, row.dtype)), wanted)
    return ctx.emit("concat", [element, rows] if backwards else [rows, element], axis=axis)
