# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs that passes are tried on, and inputs for them.

Each has a public graph `f`, computes nothing that depends on the order of sums, and ends whatever its inputs are.
"""

from pathlib import Path
from typing import Any

import numpy as np

import mograph as mo
from mograph.dialects.kit import Dim, numpy_dtype, wrap_type
from mograph.dialects.mo import TensorType

GRAPHS = {file.stem: file.read_text() for file in sorted((Path(__file__).parent / "Inputs").glob("*.mlir"))}


def inputs(text: str, seed: int = 0) -> list[Any]:
    """Arrays for the graph `f` of a module: small whole numbers, and extents from 1 to 4 for names."""
    random = np.random.default_rng(seed)
    module = mo.parse(text)
    (graph,) = (op for op in module.body.operations if op.sym_name == "f")
    extents: dict[str, int] = {}
    arrays = []
    for type_ in map(wrap_type, graph.function_type.inputs):
        assert isinstance(type_, TensorType)
        shape = [_extent(dim, extents, random) for dim in type_.shape]
        values = random.integers(0, 2, shape) if str(type_.dtype) == "i1" else random.integers(-3, 4, shape)
        arrays.append(np.asarray(values).astype(numpy_dtype(type_.dtype)))
    return arrays


def _extent(dim: "int | Dim", extents: dict[str, int], random: Any) -> int:
    if isinstance(dim, int):
        return dim
    for name in dim.names():
        extents.setdefault(name, int(random.integers(1, 5)))
    return dim.evaluate(extents)
