# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Building programs of `mo` from Python: graphs, tensors, and a function for every operation."""

from mograph.dialects.kit import Dim
from mograph.graph import ops
from mograph.graph.errors import GraphError
from mograph.graph.functions import DialectFunctions
from mograph.graph.graph import Graph, Inputs
from mograph.graph.subgraphs import Subgraph, subgraph
from mograph.graph.tensor import Tensor, TensorLike, Value
from mograph.graph.types import BufferSpec, TensorSpec

__all__ = [
    "BufferSpec",
    "DialectFunctions",
    "Dim",
    "Graph",
    "GraphError",
    "Inputs",
    "Subgraph",
    "Tensor",
    "TensorLike",
    "TensorSpec",
    "Value",
    "ops",
    "subgraph",
]
