# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Callable functions over arrays, from an address of compiled code and a signature.

The native `Function` handles calls that are right by itself. What it cannot take as it is goes to a `Checker`: an array
that is not contiguous, aligned or in native byte order is copied, an object of another library is converted by DLPack
or the buffer protocol, and everything else is refused with a sentence that names the function, the argument, what was
expected and what was found.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mograph import _runtime
from mograph.targets.signature import Arg, DimLike, Expression, Signature, kind_of, numpy_name

LINE = 64  # bytes


class Buffers(NamedTuple):
    """What an entry reads besides its inputs and weights: buffers of so many bytes, and the address of the code that
    fills them once, given the weights and them.
    """

    bytes: tuple[int, ...]
    fill: int


def bind(
    signature: Signature, address: int, weights: Mapping[str, Any], code: object, buffers: Buffers | None = None
) -> "_runtime.Function":
    """A callable over the entry at `address`.

    `weights` holds an array for each weight of the signature; they are kept alive, and copied only if compiled code
    cannot read them in place. `code` is kept alive as long as the function. `buffers` are filled here.

    Raises TypeError or ValueError for a weight that is missing, superfluous or of another type or shape, all of them in
    one message, and for a dimension that no input gives a value to.
    """
    dims = Dims(signature)
    checker = Checker(signature, dims)
    arrays = checker.weights(weights)
    bound = [
        (_viewable(array, arg.dtype), kind_of(arg.dtype), _itemsize(arg.dtype), len(arg.dims))
        for array, arg in zip(arrays, signature.weights, strict=True)
    ]
    if buffers is not None:
        bound += [(_aligned(size), "u", 1, 1) for size in buffers.bytes]
        _runtime.make_function(signature.name, buffers.fill, [], bound, [], [], [], checker, code)()
    return _runtime.make_function(
        signature.name,
        address,
        [
            (arg.name, kind_of(arg.dtype), _itemsize(arg.dtype), dims.numbers(arg), arg.mutable)
            for arg in signature.inputs
        ],
        bound,
        [(numpy_dtype(arg.dtype), _itemsize(arg.dtype), len(arg.dims)) for arg in signature.outputs],
        [expression.code for expression in dims.expressions],
        [dims.known.get(number, -1) for number in range(len(dims.names))],
        checker,
        code,
    )


def _aligned(size: int) -> Any:
    """An array of bytes that starts with a line of the cache."""
    import numpy

    array = numpy.empty(size + LINE, numpy.uint8)
    start = -array.ctypes.data % LINE
    return array[start : start + size]


def numpy_dtype(name: str) -> Any:
    """numpy's dtype for a signature's element type. Raises ValueError for an unknown one."""
    import numpy

    if kind_of(name) == "V":
        import ml_dtypes

        return numpy.dtype(getattr(ml_dtypes, numpy_name(name)))
    return numpy.dtype(numpy_name(name))


def _itemsize(name: str) -> int:
    return int(numpy_dtype(name).itemsize)


def _viewable(array: Any, dtype: str) -> Any:
    """The array as the buffer protocol can export it: it has no code for the types of ml_dtypes, which go as integers
    of their size.
    """
    return array.view(f"uint{8 * _itemsize(dtype)}") if kind_of(dtype) == "V" else array


class Dims:
    """The dimensions of a signature: names numbered, expressions compiled; `known` are the names whose value the
    weights give.
    """

    def __init__(self, signature: Signature) -> None:
        self.names: dict[str, int] = {}
        self.known: dict[int, int] = {}
        self.expressions: list[Expression] = []
        self._numbers: dict[str, int] = {}
        for arg in (*signature.inputs, *signature.weights):
            self.numbers(arg)
        bare = {expression.code[0][1] for expression in self.expressions if expression.is_name}
        for name, number in self.names.items():
            if number not in bare:
                raise ValueError(
                    f"{signature.name}: no input has the dimension {name!r} by itself, so that its value cannot be told"
                )

    def numbers(self, arg: Arg) -> tuple[int, ...]:
        """An argument's dims as the runtime wants them: an extent, or the complement of an expression's number."""
        return tuple(dim if isinstance(dim, int) else ~self._number(dim) for dim in arg.dims)

    def _number(self, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self.expressions)
            self.expressions.append(Expression(text, self.names))
        return self._numbers[text]

    def expression(self, dim: str) -> Expression:
        """The expression of a dimension's text."""
        return self.expressions[self._number(dim)]

    def name(self, number: int) -> str:
        """The name that has a number."""
        return next(name for name, other in self.names.items() if other == number)


class Checker:
    """Converts arguments, or refuses them with a message. The native function calls it for whatever it does not take as
    it is.
    """

    def __init__(self, signature: Signature, dims: Dims | None = None) -> None:
        self.signature = signature
        self._dims = dims or Dims(signature)

    def arguments(self, positional: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """The arrays of a call in the order of the inputs, checked and converted as the native function does. Raises
        its errors.
        """
        inputs = self.signature.inputs
        names = [arg.name for arg in inputs[len(positional) :]]
        if len(positional) > len(inputs) or named.keys() != set(names):
            self.refuse_arguments(len(positional), list(named))
        given = [*positional, *(named[name] for name in names)]
        arrays = [self.array(arg, value, "input") for arg, value in zip(inputs, given, strict=True)]
        self.refuse_shapes([array.shape for array in arrays])
        self._check_buffers(arrays)
        return arrays

    def _check_buffers(self, arrays: Sequence[Any]) -> None:
        import numpy

        for index, arg in enumerate(self.signature.inputs):
            for other, array in enumerate(arrays):
                if arg.mutable and index != other and numpy.may_share_memory(arrays[index], array):
                    self.refuse_overlap(index, other)

    def conform(self, index: int, value: object) -> Any:
        """The input as an array that can be viewed in place. Raises TypeError for a wrong type of elements and
        ValueError for a wrong rank.
        """
        arg = self.signature.inputs[index]
        return _viewable(self.array(arg, value, "input"), arg.dtype)

    def array(self, arg: Arg, value: object, role: str) -> Any:
        """The value as an array of the argument's type and rank, contiguous and aligned. Raises TypeError for a wrong
        type of elements and ValueError for a wrong rank.
        """
        import numpy

        array = _as_numpy(value, arg.mutable)
        if array is None:
            raise TypeError(
                f"{self.signature.name}: {role} {arg.name!r} must be an array, found {type(value).__name__}"
            )
        expected = numpy_dtype(arg.dtype)
        self.check_type(arg, array.dtype.newbyteorder("="), array.shape, role)
        if arg.mutable:
            return self._in_place(arg, value, array)
        return (
            numpy.require(array, dtype=expected, requirements=["C", "A"])
            if array.ndim
            else numpy.array(array, dtype=expected)
        )

    def check_type(self, arg: Arg, dtype: Any, shape: Sequence[int], role: str) -> None:
        """Raises TypeError for another type of elements than the argument's, and ValueError for another rank."""
        expected = numpy_dtype(arg.dtype)
        if dtype != expected:
            raise TypeError(
                f"{self.signature.name}: {role} {arg.name!r} has elements of type {dtype}, expected {expected}"
            )
        if len(shape) != len(arg.dims):
            raise ValueError(
                f"{self.signature.name}: {role} {arg.name!r} has shape {_shape(shape)},"
                f" expected rank {len(arg.dims)}: {_shape(arg.dims)}"
            )

    def _in_place(self, arg: Arg, value: object, array: Any) -> Any:
        """The array of a buffer, which is written: a copy would not do."""
        import numpy

        lacking = [
            word
            for word, there in (
                ("writable", array.flags.writeable and not isinstance(value, numpy.generic)),
                ("contiguous", array.flags.c_contiguous),
                ("aligned", array.flags.aligned),
                ("in native byte order", array.dtype.isnative),
            )
            if not there
        ]
        if lacking:
            raise ValueError(
                f"{self.signature.name}: input {arg.name!r} is a buffer, which is written: expected an array that is "
                f"writable, contiguous, aligned and in native byte order, found one that is not {', '.join(lacking)}"
            )
        return array

    def refuse_overlap(self, index: int, other: int) -> None:
        """Raises ValueError for a buffer that shares its memory with another input."""
        first, second = (self.signature.inputs[i].name for i in (index, other))
        raise ValueError(
            f"{self.signature.name}: input {first!r} is a buffer, which is written: expected memory of its own, found "
            f"that of input {second!r}"
        )

    def refuse_arguments(self, positional: int, keywords: Sequence[str]) -> None:
        """Raises TypeError for too many, missing, unknown or doubly given arguments."""
        name, inputs = self.signature.name, [arg.name for arg in self.signature.inputs]
        if positional > len(inputs):
            raise TypeError(f"{name}: takes {len(inputs)} inputs ({', '.join(inputs) or 'none'}), found {positional}")
        for keyword in keywords:
            if keyword not in inputs:
                raise TypeError(f"{name}: has no input {keyword!r}, expected {', '.join(inputs) or 'none'}")
            if keyword in inputs[:positional]:
                raise TypeError(f"{name}: input {keyword!r} is given twice")
        missing = [repr(name) for name in inputs[positional:] if name not in keywords]
        raise TypeError(f"{name}: missing input{'s' if len(missing) > 1 else ''} {', '.join(missing)}")

    def refuse_shapes(self, shapes: Sequence[Sequence[int]]) -> None:
        """Raises ValueError for the first dimension that is not what the signature says."""
        self._check_shapes(list(zip(self.signature.inputs, shapes, strict=True)), {}, "input")

    def _check_shapes(
        self, shaped: Sequence[tuple[Arg, Sequence[int]]], bound: dict[int, tuple[int, str]], role: str
    ) -> dict[int, tuple[int, str]]:
        """Binds the names and compares. `bound` maps the number of a name to its value and to what gave it."""
        bound = {**{number: (value, "the weights") for number, value in self._dims.known.items()}, **bound}
        for arg, shape in shaped:
            for dim, extent in zip(arg.dims, shape, strict=True):
                if isinstance(dim, str) and self._dims.expression(dim).is_name:
                    bound.setdefault(self._dims.expression(dim).code[0][1], (extent, f"{role} {arg.name!r}"))
        for arg, shape in shaped:
            for axis, (dim, extent) in enumerate(zip(arg.dims, shape, strict=True)):
                self._check_dim(arg, shape, axis, dim, extent, bound, role)
        return bound

    def _check_dim(
        self,
        arg: Arg,
        shape: Sequence[int],
        axis: int,
        dim: DimLike,
        extent: int,
        bound: Mapping[int, tuple[int, str]],
        role: str,
    ) -> None:
        where = f"{self.signature.name}: {role} {arg.name!r} has shape {_shape(shape)}, expected {_shape(arg.dims)}"
        if isinstance(dim, int):
            if dim != extent:
                raise ValueError(f"{where}: dimension {axis} is {extent}, expected {dim}")
            return
        expression = self._dims.expression(dim)
        value = expression.value({number: pair[0] for number, pair in bound.items()})
        if value == extent:
            return
        names = sorted({argument for operation, argument in expression.code if operation == 1})
        origin = ", ".join(
            f"{self._dims.name(number)} is {bound[number][0]} in {bound[number][1]}"
            for number in names
            if number in bound
        )
        raise ValueError(
            f"{where}: dimension {dim} is {extent} in {role} {arg.name!r}, but {origin}"
            + ("" if expression.is_name else f", which makes it {value}")
        )

    def weights(self, given: Mapping[str, Any]) -> list[Any]:
        """The arrays of the weights in their order; binds the names in their dims. Raises one error for all that is
        wrong.
        """
        expected = {arg.name: arg for arg in self.signature.weights}
        problems = [
            f"{self.signature.name}: missing weight {arg}" for name, arg in expected.items() if name not in given
        ]
        problems += [f"{self.signature.name}: has no weight {name!r}" for name in given if name not in expected]
        arrays: list[Any] = []
        bound: dict[int, tuple[int, str]] = {}
        kind: type[Exception] = ValueError
        for name, arg in expected.items():
            if name in given:
                try:
                    array = self.array(arg, given[name], "weight")
                    bound = self._check_shapes([(arg, array.shape)], bound, "weight")
                    arrays.append(array)
                except (TypeError, ValueError) as error:
                    kind = type(error)
                    problems.append(str(error))
        if problems:
            raise kind("; ".join(problems))
        self._dims.known.update({number: value for number, (value, _) in bound.items()})
        return arrays


def _as_numpy(value: object, in_place: bool = False) -> Any:
    """The object as a numpy array without a copy where that is possible; None when it is not an array. Raises
    ValueError for one of a library that would have to copy it, with `in_place`.
    """
    import numpy

    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return numpy.asarray(value)
    if hasattr(value, "__dlpack__"):
        try:
            return numpy.from_dlpack(value)
        except (BufferError, RuntimeError):  # of a device, or a type, that is none of DLPack's for numpy
            pass
    if hasattr(value, "__array__") or hasattr(value, "__array_interface__"):
        return numpy.asarray(value, copy=False if in_place else None)
    try:
        return numpy.asarray(memoryview(value))  # type: ignore[arg-type]  # that it may not be a buffer is what is asked here
    except TypeError:
        return None


def _shape(dims: Sequence[DimLike]) -> str:
    return f"[{', '.join(map(str, dims))}]"
