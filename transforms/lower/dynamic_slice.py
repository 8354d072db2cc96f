# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.dynamic.slice`."""

from mograph.transforms.lower.builder import INDEX, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import div, maximum, minimum, not_equal, select
from mograph.transforms.lower.builder.shapes import extract_slice
from mograph.transforms.lower.rule import Op, inline

__all__ = ["OPS", "RULES", "dynamic_slice"]

OPS = ("mo.dynamic.slice",)

_FAR = 1 << 62  # no extent reaches that far, and its negative is a number too


@inline
def dynamic_slice(k: KernelBuilder, op: Op, x: Tensor, starts: Tensor, stops: Tensor, steps: Tensor) -> Tensor:
    """The extents are computed; then it is a view where all steps are known and walk forward, and else a gather."""
    shape = op.result.type.shape
    firsts, strides = [], []
    for axis, dim in enumerate(shape):
        extent = k.index(k.dim(x.shape[axis]))
        start, stop, step = (cast(k.extract(each, [axis]), INDEX) for each in (starts, stops, steps))
        k.require(not_equal(step, 0), f"mo.dynamic.slice: expected a step other than 0 on axis {axis}, found 0")
        step = maximum(step, -_FAR)
        first, length = _range(start, stop, step, extent)
        bind_extent(k, op, dim, length, f"the extent of the slice on axis {axis}")
        firsts.append(first)
        strides.append(step)
    if x.uniform is not None:
        return k.full(shape, x.uniform, x.dtype)
    if isinstance(steps.uniform, int) and steps.uniform > 0:
        # A first element beyond the end, which an empty slice may have, is one place after the last.
        return extract_slice(k, x, firsts, shape, [min(steps.uniform, _FAR)] * x.rank)

    def element(*place: Scalar) -> Scalar:
        position = (first + index * step for first, index, step in zip(firsts, place, strides, strict=True))
        return k.extract(x, list(position))

    return k.generate(element, shape, x.dtype)


def _range(start: Scalar, stop: Scalar, step: Scalar, extent: Scalar) -> tuple[Scalar, Scalar]:
    """Where numpy's [start:stop:step] starts, and how many elements it has."""
    forward = step > 0
    lowest, highest = select(forward, 0, step.constant(-1)), select(forward, extent, extent - 1)
    start, stop = (
        minimum(maximum(select(place < 0, place + extent, place), lowest), highest) for place in (start, stop)
    )
    way = select(forward, stop - start, start - stop)
    length = div(way - 1, select(forward, step, -step)) + 1
    return start, select(way > 0, length, 0)


RULES = {"mo.dynamic.slice": dynamic_slice}
