# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's types in mo's terms: element types, and dimensions by the names that mo's grammar allows."""

import re
from typing import Any

import numpy as np
from onnx import TensorProto, TypeProto
from onnx.helper import tensor_dtype_to_np_dtype

from mograph.dialects.kit import Dim
from mograph.dialects.mo.dtypes import DTYPES
from mograph.graph.types import Extent

from .errors import OnnxError

__all__ = ["DimNames", "declared_dtype", "dtype_name", "element_type", "numpy_dtype"]

_NAMES = {
    TensorProto.FLOAT: "f32",
    TensorProto.UINT8: "ui8",
    TensorProto.INT8: "si8",
    TensorProto.UINT16: "ui16",
    TensorProto.INT16: "si16",
    TensorProto.INT32: "si32",
    TensorProto.INT64: "si64",
    TensorProto.BOOL: "i1",
    TensorProto.FLOAT16: "f16",
    TensorProto.DOUBLE: "f64",
    TensorProto.UINT32: "ui32",
    TensorProto.UINT64: "ui64",
    TensorProto.BFLOAT16: "bf16",
    TensorProto.FLOAT8E4M3FN: "f8E4M3FN",
    TensorProto.FLOAT8E4M3FNUZ: "f8E4M3FNUZ",
    TensorProto.FLOAT8E5M2: "f8E5M2",
    TensorProto.FLOAT8E5M2FNUZ: "f8E5M2FNUZ",
    getattr(TensorProto, "UINT4", -1): "ui4",
    getattr(TensorProto, "INT4", -1): "si4",
    getattr(TensorProto, "FLOAT4E2M1", -1): "f4E2M1FN",
    getattr(TensorProto, "FLOAT8E8M0", -1): "f8E8M0FNU",
    getattr(TensorProto, "UINT2", -1): "ui2",
    getattr(TensorProto, "INT2", -1): "si2",
}
_ELEMENT_TYPES = {name: number for number, name in _NAMES.items()}


def dtype_name(element_type: int) -> str:
    """The name in mo of one of ONNX's element types. Raises OnnxError for one that mo lacks."""
    name = _NAMES.get(element_type, "")
    if name not in DTYPES:
        known = {number: text for text, number in TensorProto.DataType.items()}
        raise OnnxError(f"there are no tensors of {known.get(element_type, f'type {element_type}')} in mo")
    return str(name)


def element_type(dtype: str) -> int:
    """ONNX's number of one of mo's dtypes."""
    return int(_ELEMENT_TYPES[dtype])


def numpy_dtype(dtype: str) -> "np.dtype[Any]":
    """numpy's dtype of one of mo's."""
    return np.dtype(tensor_dtype_to_np_dtype(element_type(dtype)))


def declared_dtype(type_: TypeProto) -> str:
    """The dtype of a type that must be a tensor's. Raises OnnxError for sequences, optionals and the like."""
    kind = type_.WhichOneof("value")
    if kind != "tensor_type":
        raise OnnxError(f"expected a tensor, found a {(kind or 'value without a type').removesuffix('_type')}")
    return dtype_name(type_.tensor_type.elem_type)


class DimNames:
    """The names of dimensions in one graph: those that ONNX's have in mo, and fresh ones."""

    _RESERVED = frozenset({"max", "min", "mod", "floordiv", "ceildiv"})

    def __init__(self) -> None:
        self._params: dict[str, str] = {}
        self._taken: set[str] = set()
        self.fresh: set[str] = set()
        """Those that nobody wrote."""

    def of(self, param: str) -> Dim:
        """The dimension for one of ONNX's names."""
        if param not in self._params:
            self._params[param] = self._free(param)
        return Dim(self._params[param])

    def new(self, hint: str) -> Dim:
        """A name that no other dimension has."""
        name = self._free(hint)
        self.fresh.add(name)
        return Dim(name)

    def is_fresh(self, extent: Extent) -> bool:
        """Whether an extent depends on a name that nobody wrote."""
        return isinstance(extent, Dim) and not self.fresh.isdisjoint(extent.names())

    def _free(self, hint: str) -> str:
        base = re.sub(r"\W+", "_", hint, flags=re.ASCII).strip("_") or "d"
        if base[0].isdigit() or base in self._RESERVED:
            base = f"d_{base}"
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name)
        return name
