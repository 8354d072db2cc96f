# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Python numbers and numpy arrays as elements of a dtype: which values a dtype can hold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mograph.dialects.mo.conversion import integer_range, is_float, largest, rounded
from mograph.dialects.mo.dtypes import of

__all__ = ["Literal", "elements", "is_literal"]

Literal = np.ndarray[Any, np.dtype[Any]] | np.generic | bool | int | float
"""What stands for a tensor where one is expected."""


def is_literal(value: object) -> bool:
    """Whether a value is a number or an array."""
    return isinstance(value, bool | int | float | np.ndarray | np.generic)


def elements(value: Any, dtype: str, rounding: bool = False) -> NDArray[Any]:
    """The elements of `value`, a number or an array, as an array of `dtype`, a name in MLIR.

    Every value must be kept, but for Python's floats, which are rounded; so are, with `rounding`, all numbers that
    become floats. Raises ValueError for a value that the dtype cannot hold.
    """
    target, kind = of(dtype).numpy, of(dtype).kind
    weak = isinstance(value, float) and not isinstance(value, np.generic)
    array = np.asarray(value)
    if array.dtype == target:
        return array
    if array.dtype.kind not in "biufV" or array.dtype.names:
        if array.dtype.kind == "O" and isinstance(value, int):  # beyond 64 bits
            raise ValueError(f"expected a value that {dtype} holds, found {value}")
        raise ValueError(f"expected numbers, found {type(value).__name__} of numpy's dtype {array.dtype}")
    if array.dtype.kind == "V" and not is_float(array.dtype):  # integers of 4 or 2 bits
        array = array.astype(np.int8)
    if kind == "bool" and array.dtype.kind != "b":
        raise ValueError(f"expected a bool, for dtype {dtype}; found {_shown(array, None)}")
    if kind == "float":
        return _floats(array, target, dtype, exact=not (weak or rounding))
    if is_float(array.dtype):
        raise ValueError(f"expected an integer, for dtype {dtype}; found {_shown(array, None)}")
    if kind != "bool" and array.size:
        lowest, highest = integer_range(target)
        outside = (array < lowest) | (array > highest)
        if outside.any():
            raise ValueError(f"expected {lowest} to {highest}, for dtype {dtype}; found {_shown(array, outside)}")
    return array.astype(target)


def _floats(array: NDArray[Any], target: "np.dtype[Any]", dtype: str, exact: bool) -> NDArray[Any]:
    wide = array.astype(np.float64)
    with np.errstate(all="ignore"):
        made = np.asarray(rounded(wide, target)) if target != np.float64 else wide
        back = made.astype(np.float64)
        lost = np.isfinite(wide) & ~np.isfinite(back) | np.isinf(wide) & (wide != back)
        if dtype == "f4E2M1FN":  # which has nothing for what is beyond its range
            lost = ~(np.abs(wide) <= largest(target))
        if lost.any():
            raise ValueError(f"expected a value in the range of {dtype}, found {_shown(array, lost)}")
        if exact:
            same = back.astype(array.dtype) == array if array.dtype.kind in "iu" else (back == wide) | np.isnan(wide)
            if not same.all():
                hint = "a Python float is rounded, and so is what ops.constant and astype convert"
                raise ValueError(f"expected a value that {dtype} holds exactly, found {_shown(array, ~same)}; {hint}")
    return made


def _shown(array: NDArray[Any], where: NDArray[Any] | None) -> str:
    """The first value that `where` marks, and where it stands."""
    if where is None or not array.ndim:
        return str(array.item()) if not array.ndim else f"an array of {array.dtype}"
    index = tuple(int(axis[0]) for axis in np.nonzero(where))
    return f"{array[index].item()} at {list(index)}"
