# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fourier transforms: products with the cosines and sines of angles."""

from math import pi

from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..regions import switch
from ..registry import converter
from .parts import extent_of, part
from .shape import reshaped, scalar


@converter("DFT")
def fourier(ctx: Context, node: Node, x: Tensor, length: Tensor | None = None, axis: Tensor | None = None) -> Tensor:
    if node.version < 20:
        return _along(ctx, node, x, node.get("axis", 1) % x.ndim, length)
    known = [-2] if axis is None else ctx.ints(axis)
    if known is not None:
        return _along(ctx, node, x, known[0] % x.ndim, length)
    assert axis is not None
    where = ctx.emit("mod", ctx.cast(axis, "si64"), x.ndim)
    axes = list(range(x.ndim - 1))
    return switch(ctx, where, axes, lambda at: [_along(ctx, node, x, at, length)], None)[0]


def _along(ctx: Context, node: Node, x: Tensor, axis: int, length: Tensor | None) -> Tensor:
    """The transform along one axis, which goes before the last one, of real and imaginary parts, for a while."""
    inverse, onesided = bool(node.get("inverse", 0)), bool(node.get("onesided", 0))
    number = _length(ctx, length)
    order = [*(at for at in range(x.ndim - 1) if at != axis), axis, x.ndim - 1]
    moved = ctx.emit("transpose", x, perm=order)
    if inverse and onesided:
        made = _real_signal(ctx, moved, number)
    else:
        made = transformed(ctx, _resized(ctx, moved, number), inverse=inverse, onesided=onesided)
    return ctx.emit("transpose", made, perm=[order.index(at) for at in range(x.ndim)])


def _length(ctx: Context, length: Tensor | None) -> Extent | None:
    if length is None:
        return None
    known = ctx.extents(length)
    if known is None:
        raise OnnxError("expected a length of the transform that is known when the model is imported")
    return known[0]


def _resized(ctx: Context, x: Tensor, wanted: Extent | None) -> Tensor:
    """The signal [.., n, parts] cut, or with zeros after it, to a length."""
    have, axis = x.shape[-2], x.ndim - 2
    if wanted is None or wanted == have:
        return x
    if not isinstance(wanted, int) or not isinstance(have, int):
        raise OnnxError(f"expected constant lengths of the transform and of the signal, found {wanted} and {have}")
    if wanted < have:
        return part(ctx, x, axis, 0, wanted)
    rest = [*x.shape[:-2], wanted - have, x.shape[-1]]
    zeros = ctx.emit("broadcast_to", ctx.constant(0, x.dtype), to=(rest, x.dtype))
    return ctx.emit("concat", [x, zeros], axis=axis)


def transformed(ctx: Context, x: Tensor, *, inverse: bool, onesided: bool) -> Tensor:
    """The discrete Fourier transform of [.., n, 1] or [.., n, 2], real and imaginary parts: [.., m, 2]."""
    number, parts = x.shape[-2:]
    count = extent_of(ctx, x, x.ndim - 2)
    cos, sin = _angles(ctx, x.dtype, number, number // 2 + 1 if onesided else number, count)
    if inverse:
        sin = ctx.emit("negative", sin)
    # (a + ib) (cos - i sin)
    real = _component(ctx, x, 0)
    first, second = _product(ctx, real, cos), ctx.emit("negative", _product(ctx, real, sin))
    if parts == 2:
        imaginary = _component(ctx, x, 1)
        first = ctx.emit("add", first, _product(ctx, imaginary, sin))
        second = ctx.emit("add", second, _product(ctx, imaginary, cos))
    if inverse:
        first, second = (ctx.emit("div", each, ctx.cast(count, x.dtype)) for each in (first, second))
    both = [reshaped(ctx, each, [*each.shape, 1]) for each in (first, second)]
    return ctx.emit("concat", both, axis=x.ndim - 1)


def _real_signal(ctx: Context, x: Tensor, number: Extent | None) -> Tensor:
    """The real signal [.., n, 1] whose transform has the first half [.., n / 2 + 1, 2]; the other is its conjugate."""
    number = 2 * (x.shape[-2] - 1) if number is None else number
    x = _resized(ctx, x, number // 2 + 1)
    bins = x.shape[-2]
    if not isinstance(number, int) or not isinstance(bins, int):
        raise OnnxError(f"expected a real signal of constant length, found {number}")
    cos, sin = _angles(ctx, x.dtype, bins, number, ctx.constant(number, "si64"))
    # All bins but the first, and the last of an even number, stand for two.
    weights = [[1.0 if i == 0 or 2 * i == number else 2.0] for i in range(bins)]
    cos, sin = (ctx.emit("mul", each, ctx.constant(weights, x.dtype)) for each in (cos, sin))
    made = ctx.emit("sub", _product(ctx, _component(ctx, x, 0), cos), _product(ctx, _component(ctx, x, 1), sin))
    return reshaped(ctx, ctx.emit("div", made, ctx.constant(number, x.dtype)), [*made.shape, 1])


def _product(ctx: Context, x: Tensor, matrix: Tensor) -> Tensor:
    return ctx.emit("contract", [x, matrix], equation="...n,nm->...m")


def _angles(ctx: Context, dtype: str, rows: Extent, columns: Extent, count: Tensor) -> tuple[Tensor, Tensor]:
    """The cosines and sines of 2 pi n m / count. Whole turns are taken off first, where that is exact."""
    n, m = (ctx.emit("iota", axis=axis, to=([rows, columns], "si64")) for axis in (0, 1))
    turns = ctx.emit("mod", ctx.emit("mul", n, m), count)
    angle = ctx.emit("mul", ctx.emit("div", ctx.cast(turns, "f64"), ctx.cast(count, "f64")), 2.0 * pi)
    return ctx.cast(ctx.emit("cos", angle), dtype), ctx.cast(ctx.emit("sin", angle), dtype)


def _component(ctx: Context, x: Tensor, index: int) -> Tensor:
    """The real or the imaginary part."""
    return reshaped(ctx, part(ctx, x, x.ndim - 1, index, index + 1), list(x.shape[:-1]))


@converter("STFT")
def short_time_fourier(
    ctx: Context, node: Node, signal: Tensor, step: Tensor, window: Tensor | None = None, length: Tensor | None = None
) -> Tensor:
    hop = ctx.cast(scalar(ctx, step), "si64")
    places = _frames(ctx, node, signal, hop, ctx.ints(step), window, length)
    cut = ctx.emit("gather", signal, places, axis=1)
    if window is not None:
        size = places.shape[1]
        weights = reshaped(ctx, ctx.cast(ctx.assume(window, [size]), signal.dtype), [size, 1])
        cut = ctx.emit("mul", cut, weights)
    return transformed(ctx, cut, inverse=False, onesided=bool(node.get("onesided", 1)))


def _frames(
    ctx: Context,
    node: Node,
    signal: Tensor,
    hop: Tensor,
    known_hop: list[int] | None,
    window: Tensor | None,
    length: Tensor | None,
) -> Tensor:
    """Where the elements of each frame lie in the signal: [frames, size]."""
    size: Extent | None = None if window is None else window.shape[0]
    if length is not None:
        known = ctx.extents(length)
        size = known[0] if known is not None else size
    if size is None and length is None:
        raise OnnxError("expected a window or a length of frames, found neither")
    shape = None
    if known_hop is not None and size is not None:
        frames = (signal.shape[1] - size) // known_hop[0] + 1
    else:
        frames = ctx.unknown(node, 0, rank=4)[1]
        if length is not None:
            count = ctx.cast(scalar(ctx, length), "si64")
        else:
            assert window is not None
            count = extent_of(ctx, window, 0)
        size = ctx.shared.dims.new("frame") if size is None else size
        many = ctx.emit("floor_div", ctx.emit("sub", extent_of(ctx, signal, 1), count), hop)
        both = [ctx.emit("add", many, 1), count]
        shape = ctx.emit("concat", [reshaped(ctx, each, [1]) for each in both], axis=0)
    starts = ctx.emit("iota", shape, axis=0, to=([frames, size], "si64"))
    within = ctx.emit("iota", axis=1, to=([frames, size], "si64"))
    return ctx.emit("add", ctx.emit("mul", starts, hop), within)
