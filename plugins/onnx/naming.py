# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which tensors of a model are weights, and under which names. The importer and the reader of weights agree by this.

A tensor of a region, such as a branch of an If, has a name that is unique there only; the name of the weight has the
node's first output and the attribute before it, `y.then_branch.w`.
"""

import math
from collections.abc import Sequence

__all__ = ["inner_path", "is_weight"]

_LARGEST = {"float": 4, "integer": 1024}
_FLOATS = frozenset({1, 10, 11, 16, 17, 18, 19, 20, 23, 24})
"""ONNX's numbers of element types that are floats."""


def is_weight(element_type: int, shape: Sequence[int]) -> bool:
    """Whether a tensor that the model has is a weight; if not, it is small, and a constant of the program: shapes are
    computed from such.
    """
    return math.prod(shape) > _LARGEST["float" if element_type in _FLOATS else "integer"]


def inner_path(path: str, output: str, attribute: str) -> str:
    """What goes before the names of weights in a region, given that of the graph that the node is in."""
    return f"{path}{output}.{attribute}."
