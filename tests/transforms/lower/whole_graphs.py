# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one operation of `mo` as a graph, by its reference and compiled, on arrays whose extents may have names."""

from collections.abc import Callable, Sequence
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

import mograph
from mograph.dialects.mo.dtypes import DTYPES

Array = NDArray[Any]
NUMPY = {name: dtype.numpy for name, dtype in DTYPES.items()}
NAMES = {dtype: name for name, dtype in NUMPY.items()}

__all__ = ["NUMPY", "Array", "Runner", "assert_equal", "graph", "ml_dtypes", "named", "run_both", "runners", "type_of"]

Runner = Callable[..., Any]


def type_of(array: Array, dims: Sequence[object] | None = None) -> str:
    """The type of an array, with `dims` for its extents if they are given."""
    shape = array.shape if dims is None else dims
    return f"!mo.tensor<[{', '.join(map(str, shape))}], {NAMES[array.dtype]}>"


def named(array: Array, prefix: str = "n") -> list[str]:
    """A name for each extent, the same for equal ones."""
    return [f"{prefix}{extent}" for extent in array.shape]


def graph(types: Sequence[str], results: Sequence[str], body: str) -> str:
    """The text of a graph of operands %x0, %x1 and so on, whose `body` defines %r0, %r1 and so on."""
    arguments = ", ".join(f"%x{i}: {type_}" for i, type_ in enumerate(types))
    outputs = ", ".join(f"%r{i}" for i in range(len(results)))
    listed = ", ".join(results)
    return f"mo.graph @f({arguments}) -> ({listed}) {{\n  {body}\n  mo.output {outputs} : {listed}\n}}"


def runners(text: str) -> list[Runner]:
    """The graph by the references, and compiled."""
    return [mograph.interpret(text), mograph.compile(text)]


def run_both(text: str, *arrays: Array) -> tuple[Any, Any]:
    """What the references give, and what compiled code gives, which is compared in dtype and shape."""
    expected, found = (run(*arrays) for run in runners(text))
    for left, right in zip(_listed(expected), _listed(found), strict=True):
        assert (right.dtype, right.shape) == (left.dtype, left.shape)
    return expected, found


def assert_equal(found: Any, expected: Any, tolerance: float = 0.0) -> None:
    """Compare results element by element, relative to the largest of `expected` where there is a tolerance."""
    for left, right in zip(_listed(found), _listed(expected), strict=True):
        if left.dtype.kind in "fV" or tolerance:
            left, right = left.astype(np.float64), right.astype(np.float64)
        np.testing.assert_allclose(left, right, tolerance, tolerance) if tolerance else np.testing.assert_array_equal(
            left, right
        )


def _listed(results: Any) -> Sequence[Array]:
    return results if isinstance(results, tuple) else [results]
