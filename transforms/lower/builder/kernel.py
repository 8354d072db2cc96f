# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The kernel builder: what a lowering rule `rule(k, op, *operands)` emits its code with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from mograph.transforms.lower.builder import (
    constants,
    contraction,
    control,
    convert,
    library,
    loops,
    scalar,
    scalar_math,
    shapes,
)
from mograph.transforms.lower.builder.dims import Dims
from mograph.transforms.lower.builder.dtype import BOOL, INDEX, DType
from mograph.transforms.lower.builder.emit import Emitter
from mograph.transforms.lower.builder.scalar import Number, Scalar
from mograph.transforms.lower.builder.tensor import Tensor

__all__ = ["KernelBuilder"]

_IDENTITIES: dict[Callable[..., Any], Callable[[DType], Number]] = {
    scalar.add: lambda _: 0,
    scalar.mul: lambda _: 1,
    scalar.maximum: lambda dtype: dtype.lowest,
    scalar.maximum_number: lambda dtype: dtype.lowest,
    scalar.minimum: lambda dtype: dtype.highest,
    scalar.bit_or: lambda _: 0,
    scalar.bit_and: lambda dtype: True if dtype is BOOL else -1,
}
_PREDICATES = frozenset(
    {
        scalar.equal,
        scalar.not_equal,
        scalar.less,
        scalar.less_equal,
        scalar.greater,
        scalar.greater_equal,
        scalar_math.is_nan,
        scalar_math.is_inf,
        scalar_math.is_finite,
    }
)


def _lifted(function: Callable[..., Scalar]) -> Callable[..., Any]:
    """A method that is `function` on scalars, and element by element on tensors."""

    def method(self: KernelBuilder, *operands: Any) -> Any:
        if any(isinstance(operand, Tensor) for operand in operands):
            return self.map(function, *operands, dtype=BOOL if function in _PREDICATES else None)
        return function(*operands)

    method.__name__ = function.__name__
    method.__doc__ = function.__doc__
    method.scalar = function  # type: ignore[attr-defined]  # what `reduce` takes it for
    return method


class KernelBuilder:
    """Emits upstream IR for whole tensors, at the place and location of its emitter.

    The functions below that are named after scalar ones take scalars, in the bodies of `map` and `generate`, or
    tensors too, which they map element by element with numpy's broadcasting; a comparison gives bools, all others the
    dtype of the first tensor.
    """

    add = _lifted(scalar.add)
    sub = _lifted(scalar.sub)
    mul = _lifted(scalar.mul)
    div = _lifted(scalar.div)
    max = _lifted(scalar.maximum)
    min = _lifted(scalar.minimum)
    logical_and = _lifted(scalar.bit_and)
    logical_or = _lifted(scalar.bit_or)
    equal = _lifted(scalar.equal)
    not_equal = _lifted(scalar.not_equal)
    less = _lifted(scalar.less)
    less_equal = _lifted(scalar.less_equal)
    greater = _lifted(scalar.greater)
    greater_equal = _lifted(scalar.greater_equal)
    negative = _lifted(Scalar.__neg__)
    abs = _lifted(scalar_math.absolute)
    exp = _lifted(scalar_math.exp)
    log = _lifted(scalar_math.log)
    sqrt = _lifted(scalar_math.sqrt)
    rsqrt = _lifted(scalar_math.rsqrt)
    sin = _lifted(scalar_math.sin)
    cos = _lifted(scalar_math.cos)
    tanh = _lifted(scalar_math.tanh)
    erf = _lifted(scalar_math.erf)
    sigmoid = _lifted(scalar_math.sigmoid)
    power = _lifted(scalar_math.power)

    def __init__(self, em: Emitter, dims: Dims | None = None) -> None:
        self.em = em
        self.dims = dims if dims is not None else Dims(em)

    # Tensors and where they come from.

    def input(self, value: Any, dtype: DType, shape: Sequence[Any]) -> Tensor:
        """`value`, an `ir.Value` of the builtin type of `dtype` and `shape`; for rank 0 it may be the scalar."""
        if len(shape) == 0:
            if str(value.type) != dtype.storage:
                value = self.em.value("tensor.extract", dtype.storage, [value])
            return Tensor(self, dtype, (), uniform=Scalar(self.em, value, dtype))
        return Tensor(self, dtype, tuple(shape), value=value)

    def full(self, shape: Sequence[Any], value: Scalar | Number, dtype: DType) -> Tensor:
        """A tensor of `shape` whose elements are all `value`."""
        if not isinstance(value, Scalar):
            return Tensor(self, dtype, tuple(shape), uniform=value)
        return Tensor(self, dtype, tuple(shape), uniform=loops.stored(self, value, dtype))

    def empty(self, shape: Sequence[Any], dtype: DType) -> Any:
        """An `ir.Value`: a tensor whose elements are not set yet."""
        dynamic = [self.dims.value(dim) for dim in shape if not isinstance(dim, int)]
        return self.em.value("tensor.empty", self.em.tensor_type(shape, dtype), dynamic)

    def filled(self, shape: Sequence[Any], element: Scalar) -> Any:
        """An `ir.Value`: a tensor in memory whose elements are all `element`."""
        em = self.em
        target = self.empty(shape, element.dtype)
        op = em.create(
            "linalg.fill",
            [target.type],
            [element.value, target],
            {"operandSegmentSizes": em.segments(1, 1)},
            regions=1,
        )
        block = em.block(op.regions[0], [element.value.type, element.value.type])
        with em.inside(block):
            em.create("linalg.yield", (), [block.arguments[0]])
        return op.result

    # Loops.

    def map(
        self,
        function: Callable[..., Scalar],
        *operands: Tensor | Scalar | Number,
        dtype: DType | None = None,
        shape: Sequence[Any] | None = None,
    ) -> Tensor:
        """`function` of the elements of `operands`, broadcast; what it returns is stored as `dtype`.

        `dtype` is by default that of the first tensor, `shape` the one that the operands have together.
        """
        if dtype is None:
            dtype = next(operand.dtype for operand in operands if isinstance(operand, Tensor))
        whole = None if shape is None else tuple(shape)
        return loops.map_many(self, lambda *elements: (function(*elements),), operands, [dtype], whole)[0]

    def generate(self, function: Callable[..., Scalar | Number], shape: Sequence[Any], dtype: DType) -> Tensor:
        """The tensor whose element at some indices is `function` of them, given as scalars of dtype index."""
        return loops.generate(self, function, tuple(shape), dtype)

    def reduce(
        self,
        function: Callable[..., Any],
        x: Tensor,
        axes: Sequence[int] | None = None,
        *,
        keepdims: bool = False,
        dtype: DType | None = None,
    ) -> Tensor:
        """Combine the elements along `axes` by `k.add`, `k.mul`, `k.max`, `k.min` or such a function of scalars.

        None is all axes, and negative ones count from the end. Floats narrower than f32 are combined in f32, and the
        result is of `dtype`, by default that of `x`. Without elements, it is the function's identity: of sums 0, of
        products 1, of maxima the lowest value. Raises `ValueError` for another function, which `fold` takes.
        """
        combine = getattr(function, "scalar", function)
        if combine not in _IDENTITIES:
            raise ValueError(f"expected a function with a known identity, found {function}; use fold")
        (result,) = self.fold(
            lambda accumulators, element, _: [combine(accumulators[0], element)],
            x,
            axes,
            [(x.dtype.compute, _IDENTITIES[combine](x.dtype))],
            keepdims=keepdims,
        )
        return self.cast(result, x.dtype if dtype is None else dtype)

    def fold(
        self,
        function: Callable[[list[Scalar], Scalar, list[Scalar]], Sequence[Scalar]],
        x: Tensor,
        axes: Sequence[int] | None,
        initial: Sequence[tuple[DType, Number]],
        *,
        keepdims: bool = False,
        indexed: Sequence[int] = (),
    ) -> list[Tensor]:
        """Reduce with any number of accumulators: `function(accumulators, element, indices)` gives their next values.

        `initial` has the dtype and first value of each; `indices` are those of the axes `indexed`, as scalars of dtype
        index.
        """
        gone = self.axes(axes, x.rank)
        results = loops.fold(self, function, x, gone, initial, [axis % x.rank for axis in indexed])
        if not keepdims:
            return results
        shape = tuple(1 if axis in gone else dim for axis, dim in enumerate(x.shape))
        return [self.with_missing(result, shape, tuple(gone)) for result in results]

    # Control flow.

    def loop(
        self,
        bounds: control.Bounds,
        initial: Sequence[control.Carried],
        body: Callable[..., Sequence[control.Carried]],
    ) -> list[Any]:
        """The last of the values that `body(index, *carried)` carries from trip to trip, first `initial`.

        `bounds` is the number of trips, or (start, stop), or (start, stop, step) with a positive step. Carried are
        tensors and scalars, whose dtypes and shapes stay the same. Where `body` gives back a tensor that it got, with
        elements inserted, it is changed in place.
        """
        return control.loop(self, bounds, initial, body)

    def repeat(
        self,
        initial: Sequence[control.Carried],
        condition: Callable[..., Scalar],
        body: Callable[..., Sequence[control.Carried]],
    ) -> list[Any]:
        """The last of the values that `body(*carried)` carries on, as long as `condition(*carried)` holds."""
        return control.repeat(self, initial, condition, body)

    def branch(
        self,
        condition: Scalar,
        then: Callable[[], Sequence[control.Carried]],
        orelse: Callable[[], Sequence[control.Carried]] | None = None,
    ) -> list[Any]:
        """What `then` gives where `condition` holds, else what `orelse` gives: tensors and scalars of equal kinds."""
        return control.branch(self, condition, then, orelse)

    def rows(
        self,
        inputs: Sequence[Tensor],
        outputs: Sequence[tuple[DType, Sequence[Any]]],
        axes: int,
        body: Callable[[list[Scalar], list[Tensor], list[Tensor]], Sequence[Tensor]],
    ) -> list[Tensor]:
        """Tensors of these dtypes and shapes, computed row by row, on several threads where that pays.

        A row has the last `axes` dimensions; those before them are the same in all inputs and outputs. `body(indices,
        rows, blanks)` gets the rows of the inputs and those of the outputs, not set yet, and gives the rows of the
        outputs, best as the blanks with elements inserted.
        """
        return control.rows(self, inputs, outputs, axes, body)

    def library(
        self,
        function: str,
        inputs: Sequence[Tensor],
        outputs: Sequence[tuple[DType, Sequence[Any]]],
        numbers: Sequence[int | float | Scalar] = (),
        *,
        path: str | None = None,
    ) -> list[Tensor]:
        """Tensors of these dtypes and shapes, computed by a function of C: an opaque kernel, which nothing fuses with.

        Its arguments are of each input, then of each output, the address of the first element, where the elements lie
        contiguous in row-major order, and that of the extents, and then the numbers: `int64_t` for integers, also
        scalars of dtype index and si64, `double` for floats. It returns null, or a text that the call of the program
        raises as ValueError. It is one of the target's runtime, or of the shared library at `path`.
        """
        return library.call(self, function, inputs, outputs, numbers, path)

    def insert(self, x: Tensor, element: Scalar, indices: Sequence[Scalar | int]) -> Tensor:
        """`x` with `element`, a scalar of its dtype, at `indices`, which are not checked."""
        return control.insert(self, x, element, indices)

    def row(self, x: Tensor, indices: Sequence[Scalar]) -> Tensor:
        """What `x` holds at `indices`, its first ones: a view of the dimensions that are left."""
        return control.row_at(self, x, indices)

    def insert_row(self, x: Tensor, row: Tensor, indices: Sequence[Scalar]) -> Tensor:
        """`x` with `row` in the place of `row(x, indices)`; the indices are not checked."""
        return control.insert_row(self, x, row, indices)

    def blank(self, shape: Sequence[Any], dtype: DType) -> Tensor:
        """A tensor in memory whose elements are not set yet."""
        return Tensor(self, dtype, tuple(shape), value=self.empty(shape, dtype))

    def with_missing(self, x: Tensor, shape: tuple[Any, ...], missing: tuple[int, ...]) -> Tensor:
        """`x` seen with dimensions of extent 1 more, at the axes `missing` of `shape`; free wherever loops read it."""
        if x.uniform is not None:
            return self.full(shape, x.uniform, x.dtype)
        return Tensor(self, x.dtype, shape, value=x.value, missing=missing)

    def expanded(self, x: Tensor) -> Any:
        """An `ir.Value`: `x` with its missing dimensions in memory."""
        return self.reshape(x.without_missing(), x.shape).value

    @staticmethod
    def axes(axes: Sequence[int] | None, rank: int) -> list[int]:
        """`axes` counted from the front, in order; all of them for None."""
        return list(range(rank)) if axes is None else sorted(axis % rank for axis in axes)

    def matmul(
        self,
        a: Tensor,
        b: Tensor,
        *,
        transpose_a: bool = False,
        transpose_b: bool = False,
        dtype: DType | None = None,
        accumulator: DType | None = None,
        as_stored: bool = False,
    ) -> Tensor:
        """numpy's matmul, of `dtype` (by default that of `a`), whose matrices may be given transposed.

        It is accumulated in the compute type, or in `accumulator`, to which elements are cast before they are
        multiplied: those of 8-bit floats once for all products, or `as_stored`, which leaves them in memory as they
        are, as each product is made.
        """
        return contraction.matmul(
            self,
            a,
            b,
            a.dtype if dtype is None else dtype,
            transpose_a=transpose_a,
            transpose_b=transpose_b,
            accumulator=accumulator,
            as_stored=as_stored,
        )

    def product(
        self,
        a: contraction.Labelled,
        b: contraction.Labelled,
        result: Sequence[Hashable],
        *,
        accumulator: DType | None = None,
    ) -> Tensor:
        """The products of elements of two tensors, with a label for each of their dimensions, summed.

        Dimensions of one label are walked together, and those that both have and `result` lacks are summed over. It is
        computed in the compute type of `a`, or in `accumulator`, and of that dtype. Where the extents of a label of
        `result` differ, one is 1.
        """
        return contraction.product(self, a, b, result, accumulator or a[0].dtype.compute)

    # Elements.

    def cast(self, x: Tensor, dtype: DType) -> Tensor:
        """`x` as `dtype`: floats become integers toward zero, saturated, NaN as 0."""
        if x.dtype is dtype:
            return x
        if isinstance(x.uniform, Scalar):
            return Tensor(self, dtype, x.shape, uniform=convert.cast(x.uniform, dtype))
        return self.map(lambda element: convert.cast(element, dtype), x, dtype=dtype)

    def select(self, condition: Tensor, a: Tensor | Number, b: Tensor | Number) -> Tensor:
        """a where `condition` holds, else b, broadcast."""
        dtype = next(x.dtype for x in (a, b) if isinstance(x, Tensor))
        a = a if isinstance(a, Tensor) else self.full((), a, dtype)
        b = b if isinstance(b, Tensor) else self.full((), b, dtype)
        return self.map(scalar.select, condition, a, b, dtype=dtype)

    def constant(self, elements: Any, dtype: DType, shape: Sequence[Any]) -> Tensor:
        """The tensor that the elements attribute `elements` holds; uniform where they are all the same."""
        return constants.constant(self, elements, dtype, tuple(shape))

    def from_elements(self, elements: Sequence[Scalar], dtype: DType) -> Tensor:
        """A tensor of rank 1 of these elements."""
        shape = (len(elements),)
        if not elements:
            return Tensor(self, dtype, shape, value=self.empty(shape, dtype))
        values = [element.value for element in elements]
        return self.input(
            self.em.value("tensor.from_elements", self.em.tensor_type(shape, dtype), values), dtype, shape
        )

    def extract(self, x: Tensor, indices: Sequence[Scalar | int]) -> Scalar:
        """The element of `x` at `indices`."""
        if x.uniform is not None:
            return x.scalar
        values = [i.value if isinstance(i, Scalar) else self.dims.value(i) for i in indices]
        return Scalar(self.em, self.em.value("tensor.extract", x.dtype.storage, [x.value, *values]), x.dtype)

    # Shapes.

    def dim(self, extent: Any) -> int | Scalar:
        """The extent `extent` of some shape: an `int`, or a scalar of dtype index."""
        return extent if isinstance(extent, int) else Scalar(self.em, self.dims.value(extent), INDEX)

    def index(self, value: int | Scalar) -> Scalar:
        """`value`, an `int` or an integer scalar, as a scalar of dtype index."""
        if isinstance(value, Scalar):
            return convert.cast(value, INDEX)
        return Scalar(self.em, self.dims.value(value), INDEX)

    def unbound(self, extent: Any) -> bool:
        """Whether `extent` is a name that has no value yet: the operation whose result has it gives it one."""
        return self.dims.unbound(extent)

    def retype(self, x: Tensor, shape: Sequence[Any]) -> Tensor:
        """`x` with extents that are equal, but written otherwise."""
        if x.uniform is not None:
            return self.full(shape, x.uniform, x.dtype)
        return self.input(shapes.retyped(self, x.value, tuple(shape), x.dtype), x.dtype, shape)

    def reshape(self, x: Tensor, shape: Sequence[Any], *, checked: bool = False) -> Tensor:
        """The elements of `x`, in order, in another shape of as many.

        Where the types leave open whether they are as many, that is compared at run time, unless it was `checked`.
        """
        return shapes.reshape(self, x, tuple(shape), checked=checked)

    def transpose(self, x: Tensor, permutation: Sequence[int]) -> Tensor:
        """Axis i of the result is axis `permutation[i]` of `x`."""
        return shapes.transpose(self, x, permutation)

    def broadcast_to(self, x: Tensor, shape: Sequence[Any]) -> Tensor:
        """`x` repeated to `shape`, as numpy's broadcasting does."""
        return shapes.broadcast_to(self, x, tuple(shape))

    def concat(self, inputs: Sequence[Tensor], axis: int, shape: Sequence[Any]) -> Tensor:
        """`inputs` end to end along `axis`, which gives `shape`."""
        return shapes.concat(self, inputs, axis, tuple(shape))

    def slice(self, x: Tensor, starts: Sequence[int], steps: Sequence[int], shape: Sequence[Any]) -> Tensor:
        """x[start::step, …], as many elements as `shape` has; starts as numpy takes them."""
        return shapes.slice_(self, x, starts, steps, tuple(shape))

    def require(self, condition: Scalar, message: str) -> None:
        """Stop the program with `message` unless the bool `condition` holds when this is reached."""
        self.em.create("cf.assert", (), [condition.value], {"msg": self.em.string(message)})
