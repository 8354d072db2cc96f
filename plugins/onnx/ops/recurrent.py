# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Recurrent layers: RNN, GRU and LSTM, as loops over the steps of their sequences.

What depends on the input alone is one product for all steps, before the loop.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mograph.graph import Tensor

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter
from .control import over

_Function = Callable[[Tensor], Tensor]
_Cell = Callable[..., list[Tensor]]


class _Layer(NamedTuple):
    """One direction of a layer."""

    input: Tensor
    """The input by its weights, with the biases that are added to it: [steps, batch, gates * hidden]."""
    recurrent: Tensor
    """The weights of the state: [hidden, gates * hidden]."""
    bias: Tensor | None
    """The biases of the state, for those who must have them apart: [gates * hidden]."""
    peepholes: list[Tensor]
    functions: list[_Function]
    states: list[Tensor]
    hidden: int


@converter("RNN")
def rnn(
    ctx: Context,
    node: Node,
    x: Tensor,
    w: Tensor,
    r: Tensor,
    b: Tensor | None = None,
    lengths: Tensor | None = None,
    h: Tensor | None = None,
) -> tuple[Tensor, ...]:
    def cell(layer: _Layer) -> _Cell:
        def step(state: Tensor, given: Tensor) -> list[Tensor]:
            return [layer.functions[0](_clipped(ctx, node, _sum(ctx, given, _product(ctx, state, layer.recurrent))))]

        return step

    return _recurrent(ctx, node, (x, w, r, b), lengths, [h], None, ["Tanh"], cell)


@converter("GRU")
def gru(
    ctx: Context,
    node: Node,
    x: Tensor,
    w: Tensor,
    r: Tensor,
    b: Tensor | None = None,
    lengths: Tensor | None = None,
    h: Tensor | None = None,
) -> tuple[Tensor, ...]:
    after = bool(node.get("linear_before_reset", 0))

    def cell(layer: _Layer) -> _Cell:
        gate, candidate = layer.functions
        by_gates, by_candidate = _parts(ctx, layer.recurrent, [2 * layer.hidden, layer.hidden], 1)
        sizes = [2 * layer.hidden, layer.hidden]
        of_gates, of_candidate = (None, None) if layer.bias is None else _parts(ctx, layer.bias, sizes, 0)

        def step(state: Tensor, given: Tensor) -> list[Tensor]:
            gates, rest = _parts(ctx, given, [2 * layer.hidden, layer.hidden], 1)
            gates = _sum(ctx, gates, _product(ctx, state, by_gates), of_gates)
            update, reset = (gate(each) for each in _parts(ctx, _clipped(ctx, node, gates), [layer.hidden] * 2, 1))
            if after:
                inner = ctx.emit("mul", reset, _sum(ctx, _product(ctx, state, by_candidate), of_candidate))
            else:
                inner = _sum(ctx, _product(ctx, ctx.emit("mul", reset, state), by_candidate), of_candidate)
            new = candidate(_clipped(ctx, node, _sum(ctx, rest, inner)))
            # (1 - z) * new + z * state
            return [_sum(ctx, new, ctx.emit("mul", update, ctx.emit("sub", state, new)))]

        return step

    return _recurrent(ctx, node, (x, w, r, b), lengths, [h], None, ["Sigmoid", "Tanh"], cell, apart=True)


@converter("LSTM")
def lstm(
    ctx: Context,
    node: Node,
    x: Tensor,
    w: Tensor,
    r: Tensor,
    b: Tensor | None = None,
    lengths: Tensor | None = None,
    h: Tensor | None = None,
    c: Tensor | None = None,
    p: Tensor | None = None,
) -> tuple[Tensor, ...]:
    def cell(layer: _Layer) -> _Cell:
        gate, candidate, output = layer.functions

        def step(state: Tensor, memory: Tensor, given: Tensor) -> list[Tensor]:
            both = _sum(ctx, given, _product(ctx, state, layer.recurrent))
            into, out, forget, new = _parts(ctx, both, [layer.hidden] * 4, 1)
            if layer.peepholes:
                into = _sum(ctx, into, ctx.emit("mul", layer.peepholes[0], memory))
                forget = _sum(ctx, forget, ctx.emit("mul", layer.peepholes[2], memory))
            into = gate(_clipped(ctx, node, into))
            forget = ctx.emit("sub", 1.0, into) if node.get("input_forget", 0) else gate(_clipped(ctx, node, forget))
            fresh = ctx.emit("mul", into, candidate(_clipped(ctx, node, new)))
            memory = _sum(ctx, ctx.emit("mul", forget, memory), fresh)
            if layer.peepholes:
                out = _sum(ctx, out, ctx.emit("mul", layer.peepholes[1], memory))
            return [ctx.emit("mul", gate(_clipped(ctx, node, out)), output(memory)), memory]

        return step

    return _recurrent(ctx, node, (x, w, r, b), lengths, [h, c], p, ["Sigmoid", "Tanh", "Tanh"], cell)


def _recurrent(
    ctx: Context,
    node: Node,
    given: tuple[Tensor, Tensor, Tensor, Tensor | None],
    lengths: Tensor | None,
    initial: list[Tensor | None],
    peepholes: Tensor | None,
    functions: list[str],
    cell: Callable[[_Layer], _Cell],
    apart: bool = False,
) -> tuple[Tensor, ...]:
    """The outputs of a layer: all states, and the last ones, of one direction or two."""
    x, w, r, b = given
    batch_first = bool(node.get("layout", 0))
    if batch_first:
        x = ctx.emit("transpose", x, perm=(1, 0, 2))
        initial = [None if each is None else ctx.emit("transpose", each, perm=(1, 0, 2)) for each in initial]
    directions = {"forward": [False], "reverse": [True], "bidirectional": [False, True]}.get(
        node.get("direction", "forward"), []
    )
    if w.shape[0] != len(directions):
        raise OnnxError(f"expected weights of {len(directions)} directions, found {w.type}")
    hidden = r.shape[2]
    if not isinstance(hidden, int):
        raise OnnxError(f"expected recurrent weights of a static shape, found {r.type}")
    states = [each if each is not None else _zeros(ctx, x, len(directions), hidden) for each in initial]
    names = node.get("activations", tuple(functions) * len(directions))
    every, last = [], []
    for index, backwards in enumerate(directions):
        chosen = [
            _function(ctx, node, names[at], at) for at in range(index * len(functions), (index + 1) * len(functions))
        ]
        row = [_row(ctx, each, index) for each in (w, r)]
        bias = None if b is None else _row(ctx, b, index)
        layer = _layer(ctx, x, row[0], row[1], bias, hidden, apart)
        layer = layer._replace(
            functions=chosen,
            states=[_row(ctx, each, index) for each in states],
            peepholes=[] if peepholes is None else _parts(ctx, _row(ctx, peepholes, index), [hidden] * 3, 0),
        )
        outputs, finals = _run(ctx, layer, cell(layer), backwards, lengths)
        every.append(ctx.emit("unsqueeze", outputs, axes=(1,)))
        last.append([ctx.emit("unsqueeze", each, axes=(0,)) for each in finals])
    whole = ctx.emit("concat", every, axis=1)
    ends = [ctx.emit("concat", list(each), axis=0) for each in zip(*last, strict=True)]
    if batch_first:
        whole = ctx.emit("transpose", whole, perm=(2, 0, 1, 3))
        ends = [ctx.emit("transpose", each, perm=(1, 0, 2)) for each in ends]
    return (whole, *ends)


def _layer(ctx: Context, x: Tensor, w: Tensor, r: Tensor, b: Tensor | None, hidden: int, apart: bool) -> _Layer:
    projected = ctx.emit("matmul", x, ctx.emit("transpose", w, perm=(1, 0)))
    recurrent_bias = None
    if b is not None:
        gates = w.shape[0]
        assert isinstance(gates, int)
        input_bias, recurrent_bias = _parts(ctx, b, [gates, gates], 0)
        projected = _sum(ctx, projected, input_bias)
        if not apart:
            projected, recurrent_bias = _sum(ctx, projected, recurrent_bias), None
    return _Layer(projected, ctx.emit("transpose", r, perm=(1, 0)), recurrent_bias, [], [], [], hidden)


def _run(
    ctx: Context, layer: _Layer, cell: _Cell, backwards: bool, lengths: Tensor | None
) -> tuple[Tensor, list[Tensor]]:
    """The states of all steps and the last ones. Beyond the length of its sequence, a state stays as it is."""
    count = len(layer.states)
    if lengths is None:
        results = over(
            ctx,
            layer.states,
            [(layer.input, 0, backwards)],
            lambda *values: [*(states := cell(*values)), states[0]],
            [(0, backwards)],
        )
        return results[count], results[:count]

    def turned(tensor: Tensor) -> Tensor:
        if not backwards:
            return tensor
        return ctx.emit("reverse_sequence", tensor, ctx.cast(lengths, "si64"), batch_axis=1, time_axis=0)

    steps = ctx.emit("iota", to=((layer.input.shape[0],), lengths.dtype))
    limits = ctx.emit("unsqueeze", lengths, axes=(1,))

    def masked(*values: Tensor) -> list[Tensor]:
        *states, given, step = values
        new = cell(*states, given)
        live = ctx.emit("less", step, limits)
        kept = [ctx.emit("select", live, *pair) for pair in zip(new, states, strict=True)]
        return [*kept, ctx.emit("select", live, new[0], ctx.constant(0, new[0].dtype))]

    results = over(ctx, layer.states, [(turned(layer.input), 0, False), (steps, 0, False)], masked, [(0, False)])
    return turned(results[count]), results[:count]


def _zeros(ctx: Context, x: Tensor, directions: int, hidden: int) -> Tensor:
    return ctx.emit("broadcast_to", ctx.constant(0, x.dtype), to=((directions, x.shape[1], hidden), x.dtype))


def _row(ctx: Context, tensor: Tensor, index: int) -> Tensor:
    """One entry along the first axis."""
    rest = tensor.ndim - 1
    starts, stops = [index] + [0] * rest, [index + 1, *[2**63 - 1] * rest]
    part = ctx.emit("slice", tensor, starts=starts, stops=stops, steps=[1] * tensor.ndim)
    return ctx.emit("squeeze", part, axes=(0,))


def _parts(ctx: Context, tensor: Tensor, sizes: Sequence[int], axis: int) -> list[Tensor]:
    shapes = [(*tensor.shape[:axis], size, *tensor.shape[axis + 1 :]) for size in sizes]
    return list(ctx.emit_all("split", tensor, axis=axis, to=[(shape, tensor.dtype) for shape in shapes]))


def _sum(ctx: Context, first: Tensor, *others: Tensor | None) -> Tensor:
    for each in others:
        if each is not None:
            first = ctx.emit("add", first, each)
    return first


def _product(ctx: Context, state: Tensor, weights: Tensor) -> Tensor:
    return ctx.emit("matmul", state, weights)


def _clipped(ctx: Context, node: Node, x: Tensor) -> Tensor:
    limit = node.get("clip")
    return x if limit is None else ctx.emit("max", ctx.emit("min", x, limit), -limit)


def _function(ctx: Context, node: Node, name: str, index: int) -> _Function:
    """An activation by its name, and by its place among the layer's, which parameters are given for."""
    plain = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "softsign": "softsign", "softplus": "softplus"}
    one = {"leakyrelu": ("leaky_relu", 0.01), "thresholdedrelu": ("thresholded_relu", 1.0), "elu": ("elu", 1.0)}
    key = name.lower()
    if key in plain:
        return lambda x: ctx.emit(plain[key], x)
    if key in one:
        op, default = one[key]
        return lambda x: ctx.emit(op, x, alpha=_parameter(node, "alpha", index, default))
    if key == "hardsigmoid":
        slope, offset = _parameter(node, "alpha", index, 0.2), _parameter(node, "beta", index, 0.5)
        return lambda x: ctx.emit("hard_sigmoid", x, alpha=slope, beta=offset)
    if key in ("affine", "scaledtanh"):
        alpha, beta = (_parameter(node, each, index, 1.0) for each in ("alpha", "beta"))
        if key == "affine":
            return lambda x: ctx.emit("add", ctx.emit("mul", x, alpha), beta)
        return lambda x: ctx.emit("mul", ctx.emit("tanh", ctx.emit("mul", x, beta)), alpha)
    raise OnnxError(f"expected the name of an activation, found {name!r}")


def _parameter(node: Node, which: str, index: int, default: float) -> float:
    given = node.get(f"activation_{which}", ())
    return float(given[index]) if index < len(given) else default
