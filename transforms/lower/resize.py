# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.resize`: tables of places and weights for each axis, then one nest that gathers, or one for each axis."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import mlir.ir as ir

from mograph.transforms.lower.builder import BOOL, F64, INDEX, SI64, KernelBuilder, Scalar, Tensor, loops
from mograph.transforms.lower.builder.binding import bind_extent, bind_shape
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import constant, equal, maximum, minimum, select, widen
from mograph.transforms.lower.builder.scalar_math import absolute, ceil, floor
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "resize"]

OPS = ("mo.resize",)

_MOST_REPEATS = 16


def resize(k: KernelBuilder, op: Op, x: Tensor, *others: Tensor) -> Tensor:
    """Axis by axis; axes that stay as they are have no table."""
    given = iter(others)
    shape, scales, roi = (next(given) if field is not None else None for field in (op.shape, op.scales, op.roi))
    extents = tuple(op.result.type.shape)
    axes = []
    for number, have in enumerate(x.shape):
        scale = None if scales is None else _Number.of(k, op.scales, scales, number)
        region = None if roi is None else [_Number.of(k, op.roi, roi, at) for at in (number, number + x.rank)]
        axes.append(_Axis(k, op, number, have, scale, region))
    if shape is not None:
        bind_shape(k, op, extents, shape)
    for axis, extent in zip(axes, extents, strict=True):
        axis.bind(extent)
    moved = [axis for axis in axes if axis.moves]
    if op.mode == "nearest":
        y = _gathered(k, x, moved, extents)
    else:
        y = x if x.dtype.kind == "float" else k.cast(x, F64)
        for axis in moved:
            y = axis.interpolated(y)
    y = k.cast(y, x.dtype)
    if op.coordinates != "tf_crop_and_resize" or not moved:
        return y
    outside = moved[0].outside(x.rank)
    for axis in moved[1:]:
        outside = k.logical_or(outside, axis.outside(x.rank))
    value = k.full((), cast(constant(k.em, op.extrapolation_value, F64), x.dtype), x.dtype)
    return k.select(outside, value, y)


class _Number(NamedTuple):
    """An f64, and its value where a constant gives it."""

    scalar: Scalar
    known: float | None

    @staticmethod
    def of(k: KernelBuilder, operand: Any, tensor: Tensor, at: int) -> "_Number":
        """The element `at` of an operand of the operation."""
        owner = operand.owner
        if not isinstance(owner, ir.Block) and owner.name == "mo.constant":
            value = owner.attributes["value"]
            if isinstance(value, ir.DenseFPElementsAttr):
                known = float(value[at])
                return _Number(constant(k.em, known, F64), known)
        return _Number(cast(k.extract(tensor, [at]), F64), None)


class _Axis:
    """One axis that may be resized, to an extent that `bind` gives it."""

    def __init__(
        self, k: KernelBuilder, op: Op, axis: int, have: Any, scale: _Number | None, region: list[_Number] | None
    ) -> None:
        self.k, self.op, self.axis, self.have, self.given, self.region = k, op, axis, have, scale, region
        self.want: Any = None
        self.moves = True

    def bind(self, extent: Any) -> None:
        """Let `extent` be that of the result; a new name is bound to what the scale makes."""
        k = self.k
        have = cast(k.index(k.dim(self.have)), F64)
        if k.unbound(extent) and self.given is not None:
            made = k.index(cast(floor(self.given.scalar * have), SI64))
            bind_extent(k, self.op, extent, made, f"extent {self.axis} by its scale")
        self.want = extent
        whole = self.region is None or [number.known for number in self.region] == [0.0, 1.0]
        unscaled = self.given is None or self.given.known == 1.0
        self.moves = not (whole and unscaled and self.have == extent)
        if self.moves and not (isinstance(self.have, int) and isinstance(extent, int)):
            k.require(
                (k.index(k.dim(self.have)) > 0) | equal(k.index(k.dim(extent)), 0),
                f"{self.op.OPERATION_NAME}: expected axis {self.axis} to have elements to resize, found none",
            )

    @property
    def scale(self) -> Scalar:
        """By what the extent grows."""
        if self.given is not None:
            return self.given.scalar
        want, have = (cast(self.k.index(self.k.dim(extent)), F64) for extent in (self.want, self.have))
        return want / have

    @property
    def known_scale(self) -> float | None:
        """The scale where types or a constant give it."""
        if self.given is not None:
            return self.given.known
        if isinstance(self.want, int) and isinstance(self.have, int) and self.have:
            return self.want / self.have
        return None

    def place(self, index: Scalar) -> Scalar:
        """The coordinate in the input of the element `index` of the result."""
        k, coordinates = self.k, self.op.coordinates
        i, have, scale = cast(index, F64), cast(k.index(k.dim(self.have)), F64), self.scale
        length = scale * have
        lone = equal(length, 1.0)
        steps = select(lone, 1.0, length - 1.0)
        if coordinates == "align_corners":
            return select(lone, 0.0, i * (have - 1.0) / steps)
        if coordinates == "asymmetric":
            return i / scale
        if self.region is not None:
            start, end = (number.scalar for number in self.region)
            middle = (start + (end - start) / 2.0) * (have - 1.0)
            return select(lone, middle, i * (end - start) * (have - 1.0) / steps + start * (have - 1.0))
        at = (i + 0.5) / scale
        if coordinates == "half_pixel_symmetric":  # in this order, for the nearest element hangs on the last bit
            at = have / 2.0 * (1.0 - cast(k.index(k.dim(self.want)), F64) / length) + at
        at = at - 0.5
        return select(lone, -0.5, at) if coordinates == "pytorch_half_pixel" else at

    def inside(self, place: Scalar) -> Scalar:
        """`place`, an si64, as an index into the input."""
        k = self.k
        last = k.index(k.dim(self.have)) - 1
        return maximum(minimum(k.index(place), last), 0)

    def nearest(self) -> Tensor:
        """The index of the element that each one of the result is."""

        def index(i: Scalar) -> Scalar:
            at, mode = self.place(i), self.op.nearest
            if mode == "round_prefer_floor":
                at = ceil(at - 0.5)
            elif mode == "round_prefer_ceil":
                at = floor(at + 0.5)
            else:
                at = floor(at) if mode == "floor" else ceil(at)
            return self.inside(cast(at, SI64))

        return self.k.generate(index, (self.want,), INDEX)

    def outside(self, rank: int) -> Tensor:
        """Whether each element of the result lies outside the input, to be broadcast."""
        k = self.k

        def beyond(i: Scalar) -> Scalar:
            at = self.place(i)
            return (at < 0.0) | (at > cast(k.index(k.dim(self.have)) - 1, F64))

        shape = tuple(self.want if axis == self.axis else 1 for axis in range(rank))
        return k.reshape(k.generate(beyond, (self.want,), BOOL), shape)

    def interpolated(self, y: Tensor) -> Tensor:
        """`y` resized along this axis, in its compute type."""
        k, axis, compute = self.k, self.axis, y.dtype.compute
        places, weights = self._tables(compute)
        y = Tensor(k, y.dtype, y.shape, value=y.value)
        shape = (*y.shape[:axis], self.want, *y.shape[axis + 1 :])
        rank = len(shape)

        def body(arguments: list[Any]) -> list[Any]:
            at = [loops.loop_index(k, each) for each in range(rank)]
            at[axis] = Scalar(k.em, arguments[0], INDEX)
            term = widen(k.extract(y, at)) * Scalar(k.em, arguments[1], compute)
            return [(Scalar(k.em, arguments[2], compute) + term).value]

        start = k.filled(shape, constant(k.em, 0, compute))
        iterators = ["parallel"] * rank + ["reduction"]
        tables = [(table.value, (axis, rank)) for table in (places, weights)]
        (value,) = loops.generic(k, iterators, tables, [(start, tuple(range(rank)))], body)
        return Tensor(k, compute, shape, value=value)

    @property
    def repeats(self) -> int | None:
        """How often each element stands one after the other, where that is all that the nearest element comes to."""
        if self.op.coordinates == "asymmetric":
            whole = self.op.nearest == "floor"
        else:
            middles = ("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel")
            whole = self.op.coordinates in middles and self.op.nearest.startswith("round")
        times = next((n for n in range(1, _MOST_REPEATS + 1) if self.want == self.have * n), None)
        return times if whole and (self.given is None or self.given.known == times) else None

    def _tables(self, compute: Any) -> tuple[Tensor, Tensor]:
        """The elements that each one of the result is a sum of, and their weights."""
        k, op = self.k, self.op
        support = 1 if op.mode == "linear" else 2
        reach, taps = k.index(support), 2 * support
        narrow = None
        if op.antialias:
            narrow = minimum(self.scale, 1.0)
            reach, taps = self._stretched(support)
        shape = (self.want, taps)

        def place(i: Scalar, tap: Scalar) -> tuple[Scalar, Scalar]:
            """The place of a tap, as an index that may be outside, and its distance."""
            at = self.place(i)
            left = floor(at)
            offset = cast(tap - reach + 1, F64)
            distance = left + offset - at
            return left + offset, distance if narrow is None else distance * narrow

        def index(i: Scalar, tap: Scalar) -> Scalar:
            return self.inside(cast(place(i, tap)[0], SI64))

        def weight(i: Scalar, tap: Scalar) -> Scalar:
            at, distance = place(i, tap)
            found = self._weight(absolute(distance))
            if not op.exclude_outside:
                return found
            last = cast(k.index(k.dim(self.have)) - 1, F64)
            return select((at >= 0.0) & (at <= last), found, 0.0)

        weights = k.generate(weight, shape, F64)
        if op.exclude_outside or op.antialias:
            weights = k.map(k.div, weights, k.reduce(k.add, weights, [1], keepdims=True))
        return k.generate(index, shape, INDEX), k.cast(weights, compute)

    def _stretched(self, support: int) -> tuple[Scalar, Any]:
        """How far weights reach that are stretched by the scale, and the number of taps as a dimension."""
        k = self.k
        if self.known_scale is not None and self.known_scale > 0:
            reach = math.ceil(support / min(self.known_scale, 1.0))
            return k.index(reach), 2 * reach
        narrow = minimum(maximum(self.scale, 2.0**-31), 1.0)
        found = k.index(cast(ceil(float(support) / narrow), SI64))
        name = f"taps_{self.axis}_of_resize"  # a dimension of the rule's own
        k.dims.bind(name, (found * 2).value)
        return found, name

    def _weight(self, x: Scalar) -> Scalar:
        """By a distance that is not negative."""
        if self.op.mode == "linear":
            return maximum(1.0 - x, 0.0)
        a = float(self.op.cubic_coeff)
        near = ((a + 2) * x - (a + 3)) * x * x + 1.0
        far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
        return select(x <= 1.0, near, select(x < 2.0, far, 0.0))


def _gathered(k: KernelBuilder, x: Tensor, moved: Sequence[_Axis], extents: tuple[Any, ...]) -> Tensor:
    """Each element from where the tables of the axes say."""
    if not moved:
        return x
    times = {axis.axis: axis.repeats for axis in moved}
    if None not in times.values():
        return _repeated(k, x, times, extents)
    source = Tensor(k, x.dtype, x.shape, value=x.value)
    rank = len(extents)

    def body(arguments: list[Any]) -> list[Any]:
        at = [loops.loop_index(k, axis) for axis in range(rank)]
        for axis, argument in zip(moved, arguments, strict=False):
            at[axis.axis] = Scalar(k.em, argument, INDEX)
        return [k.extract(source, at).value]

    tables = [(axis.nearest().value, (axis.axis,)) for axis in moved]
    target = (k.empty(extents, x.dtype), tuple(range(rank)))
    (value,) = loops.generic(k, ["parallel"] * rank, tables, [target], body)
    return Tensor(k, x.dtype, extents, value=value)


def _repeated(k: KernelBuilder, x: Tensor, times: dict[int, Any], extents: tuple[Any, ...]) -> Tensor:
    """Each element as often as `times` says for each axis: a loop of its own that reads nothing else."""
    shape: list[Any] = []
    read = []
    for axis, extent in enumerate(x.shape):
        read.append(len(shape))
        shape += [extent, times[axis]] if axis in times else [extent]
    (made,) = loops.pointwise(k, lambda element: (element,), [(x, tuple(read))], [x.dtype], tuple(shape))
    return k.reshape(made, extents, checked=True)


RULES = {"mo.resize": resize}
