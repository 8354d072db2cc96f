# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is known of the elements of small integer tensors before anything runs.

Shapes are computed with: `mo.shape_of` is sliced, multiplied and joined with constants, and then tells a reshape what
to do. `Contents` follows such values back to where they come from, and gives their elements as numbers, or as
expressions of named extents.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.dialects.kit import Dim, VerifyError, evaluate, to_numpy, wrap_type
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.symbolic import COMPARISONS, FUNCTIONS, Element, truth
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["LIMIT", "NAMES", "Contents"]

LIMIT = 256
"""How many elements a tensor has at most whose contents are looked for: the shape of a shape is small."""

# What gives elements of its first operand, in another order or some of them: its reference does so with any objects.
# Further operands, such as indices, must be known numbers, but for the shape of the result, which its type has.
_MOVES = frozenset(
    f"mo.{name}"
    for name in (
        "broadcast_to",
        "expand",
        "flip",
        "gather",
        "gather_elements",
        "gather_nd",
        "rebind",
        "reshape",
        "roll",
        "slice",
        "split",
        "squeeze",
        "tile",
        "transpose",
        "unsqueeze",
    )
)
_REDUCTIONS = {"mo.reduce.add": ("mo.add", 0), "mo.reduce.mul": ("mo.mul", 1)}
# Of bools, or of the bits of integers: Python's operators make the same difference.
_LOGICAL: dict[str, Callable[[Any, Any], int]] = {
    "mo.and": lambda a, b: a & b,
    "mo.or": lambda a, b: a | b,
    "mo.xor": lambda a, b: a ^ b,
}


class Contents:
    """The contents of the values of a graph; what was found is remembered, so make a new one when the graph changed.

    A name in an element means what it means at the value: the element may be used wherever the value may.
    """

    def __init__(self) -> None:
        self._known: dict[ir.Value, Array | None] = {}

    def of(self, value: "ir.Value") -> Array | None:
        """The elements as an array of objects in the tensor's shape: int, bool, `Dim`, or None where one is not known.

        None for what is no bool or integer, has a named extent or more than `LIMIT` elements, and where nothing is
        known.
        """
        waiting = [value]
        while waiting:
            last = waiting[-1]
            if last not in self._known:
                missing = [each for each in _sources(last) if each not in self._known]
                waiting += missing
                if missing:
                    continue
                self._known[last] = self._find(last)
            waiting.pop()
        return self._known[value]

    def extents(self, value: "ir.Value") -> "shapes.Shape | None":
        """The elements of a tensor of rank 1, as a shape; None unless all are known."""
        found = self.of(value)
        if found is None or found.ndim != 1 or any(each is None for each in found):
            return None
        return tuple(found.tolist())

    def scalar(self, value: "ir.Value") -> Element:
        """The element of a tensor of rank 0, or of the only one; None where it is not known."""
        found = self.of(value)
        return found.reshape(-1)[0] if found is not None and found.size == 1 else None

    def _find(self, value: "ir.Value") -> Array | None:
        type_ = _small(value)
        if type_ is None:
            return None
        op = value.owner
        name = getattr(op, "name", "")  # a block's argument has a block for its owner
        try:
            found = self._evaluate(op.opview, name, value, type_) if name in _RULES else None
        except (IndexError, TypeError, ValueError, VerifyError):  # it fails when it runs, or overflows
            return None
        if found is None or (found.size and all(each is None for each in found.flat)):
            return None
        return _each(lambda element: _within(element, type_), found)

    def _evaluate(self, op: Any, name: str, value: "ir.Value", type_: TensorType) -> Array | None:
        operands = [self._known.get(operand) for operand in op.operands]
        return _RULES[name](op, operands, list(op.operation.results).index(value))


Rule = Callable[[Any, list["Array | None"], int], "Array | None"]


def _sources(value: "ir.Value") -> list["ir.Value"]:
    """The operands whose contents those of `value` depend on."""
    name = getattr(value.owner, "name", "")
    if name not in _RULES or name in _OF_TYPES or _small(value) is None:
        return []
    return list(value.owner.operands)


def _small(value: "ir.Value") -> TensorType | None:
    """Its type, if it is that of a tensor whose contents may be known."""
    type_ = wrap_type(value.type)
    if not isinstance(type_, TensorType) or not shapes.static(type_.shape):
        return None
    if dtypes.of(type_.dtype).kind == "float" or shapes.count(type_.shape) > LIMIT:  # type: ignore[operator]  # static
        return None
    return type_


def _objects(elements: Sequence[Any], shape: Sequence[Any]) -> Array:
    """An array of objects. `np.array` would make arrays of what can be iterated."""
    found = np.empty(len(elements), dtype=object)
    found[:] = elements
    return found.reshape(tuple(shape))


def _each(function: Callable[..., Any], *arrays: Array) -> Array:
    return np.asarray(np.frompyfunc(function, len(arrays), 1)(*arrays), dtype=object)


def _within(element: Element, type_: TensorType) -> Element:
    """The element as the dtype holds it: integers wrap; that no extent does in 32 bits or more is taken for granted."""
    dtype = dtypes.of(type_.dtype)
    if element is None or dtype.kind == "bool":
        return truth(element)
    if isinstance(element, Dim):
        return element if dtype.bits >= 32 else None
    low = -(1 << dtype.bits - 1) if dtype.kind == "signed" else 0
    return (int(element) - low) % (1 << dtype.bits) + low


def _strict(function: Callable[..., Element], known: Any = (int, Dim)) -> Callable[..., Element]:
    """The function of what may not be known, or not be of the classes `known`: then the result is not known either."""

    def call(*elements: Element) -> Element:
        return function(*elements) if all(isinstance(each, known) for each in elements) else None

    return call


def _elementwise(function: Callable[..., Element]) -> Rule:
    def rule(op: Any, operands: "list[Array | None]", index: int) -> Array | None:
        known = [each for each in operands if each is not None]
        return _each(function, *known) if len(known) == len(operands) else None

    return rule


def _constant(op: Any, operands: "list[Array | None]", index: int) -> Array:
    elements = to_numpy(op.operation.attributes["value"])
    return _objects(elements.reshape(-1).tolist(), elements.shape)


def _shape_of(op: Any, operands: "list[Array | None]", index: int) -> Array:
    shape = TensorType(op.input.type).shape
    return _objects(shape, (len(shape),))


def _dim(op: Any, operands: "list[Array | None]", index: int) -> Array:
    return _objects([TensorType(op.input.type).shape[op.axis]], ())


def _moved(op: Any, operands: "list[Array | None]", index: int) -> Array | None:
    first, *others = operands
    if first is None:
        return None
    arrays: list[Array | None] = [first, *[None] * len(others)]
    for position, each in enumerate(others if "shape" not in op.FIELDS else (), start=1):
        if each is None or not all(isinstance(element, int) for element in each.flat):
            return None
        arrays[position] = np.asarray(each, dtype=np.int64)
    shapes_ = [TensorType(result.type).shape for result in op.operation.results]
    # No type, so that nothing is converted to its dtype.
    found = evaluate(type(op), op, arrays, [None] * len(shapes_), shapes_)[index]
    return np.asarray(found, dtype=object)


def _concat(op: Any, operands: "list[Array | None]", index: int) -> Array:
    known = [
        _objects([None] * int(np.prod(shape)), shape) if each is None else each
        for each, shape in zip(operands, (TensorType(operand.type).shape for operand in op.operands), strict=True)
    ]
    return np.asarray(np.concatenate(known, axis=op.axis), dtype=object)


def _iota(op: Any, operands: "list[Array | None]", index: int) -> Array:
    type_ = TensorType(op.result.type)
    found = type(op).evaluate(axis=op.axis, result=type_, result_shapes=[type_.shape], shape=None)
    return _objects(found.reshape(-1).tolist(), found.shape)


def _range(op: Any, operands: "list[Array | None]", index: int) -> Array | None:
    start, step = (None if each is None else each.item() for each in (operands[0], operands[2]))
    (count,) = TensorType(op.result.type).shape
    if start is None or step is None:
        return None
    return _objects([start + step * each for each in range(count)], (count,))


def _select(condition: Element, lhs: Element, rhs: Element) -> Element:
    if condition is None:
        return lhs if lhs == rhs else None
    return lhs if condition else rhs


def _reduction(name: str) -> Rule:
    function, start = _REDUCTIONS[name]

    def rule(op: Any, operands: "list[Array | None]", index: int) -> Array | None:
        (given,) = operands
        if given is None:
            return None
        axes = tuple(range(given.ndim)) if op.axes is None else tuple(op.axes)
        total = np.frompyfunc(_strict(FUNCTIONS[function]), 2, 1)
        result = given
        for axis in sorted((axis % given.ndim for axis in axes), reverse=True):
            result = np.asarray(
                total.reduce(result, axis=axis, keepdims=bool(op.keepdims), initial=start), dtype=object
            )
        return result

    return rule


_OF_TYPES = frozenset({"mo.constant", "mo.dim", "mo.iota", "mo.shape_of"})

_RULES: dict[str, Rule] = {
    **{name: _elementwise(_strict(function)) for name, function in (FUNCTIONS | COMPARISONS).items()},
    **{name: _elementwise(_strict(function, int)) for name, function in _LOGICAL.items()},
    **{name: _reduction(name) for name in _REDUCTIONS},
    **dict.fromkeys(_MOVES, _moved),
    "mo.cast": _elementwise(lambda element: element),
    "mo.concat": _concat,
    "mo.constant": _constant,
    "mo.dim": _dim,
    "mo.iota": _iota,
    "mo.not": _elementwise(_strict(lambda element: not element if isinstance(element, bool) else ~element, int)),
    "mo.range": _range,
    "mo.select": _elementwise(_select),
    "mo.shape_of": _shape_of,
}

NAMES = frozenset(_RULES)
"""The operations whose results' contents may be known."""
