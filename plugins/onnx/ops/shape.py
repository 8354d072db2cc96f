# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Other shapes for the same elements."""

import re
from collections.abc import Sequence
from math import prod

from mograph.dialects.kit import Dim
from mograph.graph import Tensor
from mograph.graph.types import Extent

from ..context import Context, Known
from ..errors import OnnxError
from ..node import Node
from ..registry import converter


@converter("Reshape")
def reshape(ctx: Context, node: Node, x: Tensor, shape: Tensor | None = None) -> Tensor:
    if shape is None:
        shape = ctx.constant(node["shape"], "si64")  # before opset 5
    keeps_zero = bool(node.get("allowzero", 0))
    known = ctx.extents(shape)
    if known is not None:
        return reshaped(ctx, x, _completed(x, known, keeps_zero))
    shape = ctx.cast(shape, "si64")
    dims = ctx.unknown(node, 0, shape.shape[0] if isinstance(shape.shape[0], int) else None)
    if not keeps_zero:
        shape = _with_extents(ctx, x, ctx.assume(shape, (len(dims),)))
    return ctx.emit("reshape", x, ctx.assume(shape, (len(dims),)), to=(dims, x.dtype))


def reshaped(ctx: Context, x: Tensor, shape: list[Extent]) -> Tensor:
    """The elements in a shape that is known."""
    return ctx.emit("reshape", x, to=(shape, x.dtype))


def _completed(x: Tensor, shape: list[Extent], keeps_zero: bool) -> list[Extent]:
    """The shape with the input's extents for 0, and with what the others leave for -1."""
    found = [x.shape[axis] if extent == 0 and not keeps_zero else extent for axis, extent in enumerate(shape)]
    if -1 not in found:
        return found
    open_ = found.index(-1)
    # Equal factors are left out first, so that nothing is divided by an extent that may be 0.
    above, below = _factors(x.shape), _factors(found[:open_] + found[open_ + 1 :])
    for extent in list(below):
        if extent in above:
            above.remove(extent)
            below.remove(extent)
    if prod(below) == 0:
        raise OnnxError(f"expected extents that leave one for -1, found {found}")
    found[open_] = prod(above) // prod(below)
    return found


def _factors(shape: Sequence[Extent]) -> list[Extent]:
    """Extents of which the product is that of a shape's: of `n * 4`, n and 4."""
    found: list[Extent] = []
    for extent in shape:
        parts = [extent] if isinstance(extent, int) else str(extent).split(" * ")
        plain = all(isinstance(part, int) or re.fullmatch(r"\w+", part) for part in parts)
        found += [Dim.parse(part) for part in parts] if plain else [extent]
    return found


def _with_extents(ctx: Context, x: Tensor, shape: Tensor) -> Tensor:
    """A shape that is known when the model runs, with the input's extents for 0."""
    (count,) = shape.shape
    assert isinstance(count, int)
    own: Tensor = ctx.shape(x)
    if x.ndim >= count:
        own = ctx.emit("slice", own, starts=(0,), stops=(count,), steps=(1,))
    else:
        own = ctx.emit("concat", [own, ctx.constant([0] * (count - x.ndim), "si64")], axis=0)
    return ctx.emit("select", ctx.emit("equal", shape, 0), own, shape)


@converter("Flatten")
def flatten(ctx: Context, node: Node, x: Tensor) -> Tensor:
    axis = node.get("axis", 1)
    if not -x.ndim <= axis <= x.ndim:
        raise OnnxError(f"expected an axis in [{-x.ndim}, {x.ndim}], found {axis}")
    axis += x.ndim if axis < 0 else 0
    return reshaped(ctx, x, [prod(x.shape[:axis]), prod(x.shape[axis:])])


@converter("Unsqueeze")
def unsqueeze(ctx: Context, node: Node, x: Tensor, axes: Tensor | None = None) -> Tensor:
    if axes is not None and ctx.ints(axes) is None:
        rank = x.ndim + axes_count(axes)
        kept = ctx.emit("not", among(ctx, axes, rank))
        places = ctx.emit("transpose", ctx.emit("non_zero", kept, to=((1, x.ndim), "si64")), perm=(1, 0))
        shape = ctx.emit("scatter_nd", ctx.constant([1] * rank, "si64"), places, ctx.shape(x))
        return ctx.emit("reshape", x, shape, to=(ctx.unknown(node, 0, rank), x.dtype))
    where = axes_of(ctx, node, axes)
    rank = x.ndim + len(where)
    inserted = {axis % rank for axis in where}
    own = iter(x.shape)
    return reshaped(ctx, x, [1 if axis in inserted else next(own) for axis in range(rank)])


@converter("Squeeze")
def squeeze(ctx: Context, node: Node, x: Tensor, axes: Tensor | None = None) -> Tensor:
    if axes is None and "axes" not in node.attributes:
        # The rank of the result must be known: a dimension that may be 1 when the model runs stays.
        gone = {axis for axis, extent in enumerate(x.shape) if extent == 1}
    elif axes is not None and ctx.ints(axes) is None:
        return without(ctx, node, x, axes, among(ctx, axes, x.ndim))
    else:
        gone = {axis % x.ndim for axis in axes_of(ctx, node, axes)}
    x = ctx.assume(x, [1 if axis in gone else extent for axis, extent in enumerate(x.shape)])
    return reshaped(ctx, x, [extent for axis, extent in enumerate(x.shape) if axis not in gone])


def axes_count(axes: Tensor) -> int:
    """How many axes a tensor holds. Raises OnnxError where that is not known."""
    if axes.ndim != 1 or not isinstance(axes.shape[0], int):
        raise OnnxError(f"expected axes whose number is known when the model is imported, found {axes.type}")
    return axes.shape[0]


def among(ctx: Context, axes: Tensor, rank: int) -> Tensor:
    """For each axis of a tensor, whether it is among those that are known when the model runs."""
    from_front = ctx.emit("unsqueeze", ctx.emit("mod", axes, rank), axes=(1,))
    every = ctx.emit("iota", to=((rank,), axes.dtype))
    return ctx.emit("reduce.any", ctx.emit("equal", from_front, every), axes=(0,))


def without(ctx: Context, node: Node, x: Tensor, axes: Tensor, gone: Tensor) -> Tensor:
    """A tensor without the axes that are marked, whose extents are 1."""
    rank = x.ndim - axes_count(axes)
    shape = ctx.emit("compress", ctx.shape(x), ctx.emit("not", gone), to=((rank,), "si64"))
    return ctx.emit("reshape", x, shape, to=(ctx.unknown(node, 0, rank), x.dtype))


def axes_of(ctx: Context, node: Node, axes: Tensor | None) -> list[int]:
    """The axes that an attribute gives, or since some version an input, which must be known."""
    if axes is None:
        return list(node["axes"])
    found = ctx.ints(axes)
    if found is None:
        raise OnnxError("expected axes that are known when the model is imported")
    return found


@converter("Transpose")
def transpose(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("transpose", x, perm=node.get("perm", tuple(range(x.ndim)[::-1])))


@converter("Expand")
def expand(ctx: Context, node: Node, x: Tensor, shape: Tensor) -> Tensor:
    dims, operand = ctx.target(node, shape)
    missing = max(x.ndim - len(dims), 0)
    wanted: list[Extent] = [*[1] * missing, *dims]
    own: list[Extent] = [*[1] * (len(wanted) - x.ndim), *x.shape]
    if operand is None:
        result = [have if want == 1 else want for have, want in zip(own, wanted, strict=True)]
    else:
        result = [want if have == 1 else have for have, want in zip(own, wanted, strict=True)]
        if missing:
            operand = ctx.emit("concat", [ctx.constant([1] * missing, "si64"), operand], axis=0)
    return ctx.emit("expand", x, operand, to=(result, x.dtype))


def scalar(ctx: Context, tensor: Tensor) -> Tensor:
    """A tensor of one element, of rank 0."""
    if tensor.ndim == 0:
        return tensor
    made = ctx.emit("reshape", tensor, to=((), tensor.dtype))
    contents = ctx.contents(tensor)
    return made if contents is None or contents.size != 1 else Known(made, contents.reshape(()))
