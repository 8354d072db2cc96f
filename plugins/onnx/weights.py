# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The weights of an ONNX model, as views of its file and of files with external data."""

import os
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import OnnxError
from .naming import inner_path, is_weight
from .wire import WireError, fields, mapped, text, varints, view

__all__ = ["read_weights"]

# Numbers of fields, as in onnx.proto.
_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_OUTPUT, _NODE_OPERATOR, _NODE_ATTRIBUTE = 2, 4, 5
_ATTRIBUTE_NAME, _ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH = 1, 5, 6
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW, _TENSOR_EXTERNAL, _TENSOR_LOCATION = 1, 2, 8, 9, 13, 14

_DTYPES = {1: "<f4", 2: "u1", 3: "i1", 4: "<u2", 5: "<i2", 6: "<i4", 7: "<i8", 9: "?", 10: "<f2", 11: "<f8"}
_DTYPES |= {12: "<u4", 13: "<u8"}
_ML_DTYPES = {16: "bfloat16", 17: "float8_e4m3fn", 18: "float8_e4m3fnuz", 19: "float8_e5m2", 20: "float8_e5m2fnuz"}
_ML_DTYPES |= {24: "float8_e8m0fnu"}


def read_weights(source: "str | os.PathLike[str] | bytes") -> Mapping[str, NDArray[Any]]:
    """The weights of a model by name, given its file or the bytes of one.

    Raises OSError for a file that cannot be read and OnnxError for one that is damaged.
    """
    name = "" if isinstance(source, bytes) else os.fspath(source)
    try:
        data = memoryview(source) if isinstance(source, bytes) else mapped(name)
        return _Reader(os.path.dirname(name)).read(data)
    except (OnnxError, WireError) as error:
        raise OnnxError(f"{name}: {error}" if name else str(error)) from None


class _Reader:
    """Reads one model; files with external data are mapped once each."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._files: dict[str, memoryview] = {}

    def read(self, model: memoryview) -> dict[str, NDArray[Any]]:
        """All weights of the model."""
        found: dict[str, NDArray[Any]] = {}
        for number, value in fields(model):
            if number == _MODEL_GRAPH:
                found.update(self._graph(view(value), ""))
        return found

    def _graph(self, graph: memoryview, path: str) -> Iterator[tuple[str, NDArray[Any]]]:
        for number, value in fields(graph):
            if number == _GRAPH_INITIALIZER:
                yield from self._tensor(view(value), path, None)
            elif number == _GRAPH_NODE:
                yield from self._node(view(value), path)

    def _node(self, node: memoryview, path: str) -> Iterator[tuple[str, NDArray[Any]]]:
        output, operator, attributes = None, "", []
        for number, value in fields(node):
            if number == _NODE_OUTPUT and output is None:
                output = text(value)
            elif number == _NODE_OPERATOR:
                operator = text(value)
            elif number == _NODE_ATTRIBUTE:
                attributes.append(view(value))
        for attribute in attributes:
            parts = dict(fields(attribute))
            if operator == "Constant" and _ATTRIBUTE_TENSOR in parts:
                yield from self._tensor(view(parts[_ATTRIBUTE_TENSOR]), path, output)
            elif _ATTRIBUTE_GRAPH in parts:
                inner = inner_path(path, output or "", text(parts.get(_ATTRIBUTE_NAME, memoryview(b""))))
                yield from self._graph(view(parts[_ATTRIBUTE_GRAPH]), inner)

    def _tensor(self, tensor: memoryview, path: str, name: str | None) -> Iterator[tuple[str, NDArray[Any]]]:
        """The tensor with its name, which is its own unless one is given, if it is a weight."""
        shape: list[int] = []
        element_type, raw, location = 0, None, 0
        external: dict[str, str] = {}
        for number, value in fields(tensor):
            if number == _TENSOR_DIMS:
                shape += varints(value)
            elif number == _TENSOR_TYPE and isinstance(value, int):
                element_type = value
            elif number == _TENSOR_NAME and name is None:
                name = text(value)
            elif number == _TENSOR_RAW:
                raw = view(value)
            elif number == _TENSOR_EXTERNAL:
                key, entry = (text(part) for _, part in fields(view(value)))
                external[key] = entry
            elif number == _TENSOR_LOCATION:
                location = int(value) if isinstance(value, int) else 0
        if not name or not is_weight(element_type, shape):
            return
        if location:
            raw = self._external(name, external)
        array = None if raw is None else _viewed(raw, element_type, shape)
        yield path + name, _parsed(tensor, name) if array is None else array

    def _external(self, name: str, entries: Mapping[str, str]) -> memoryview:
        """The bytes of a tensor in another file, beside or below the model's."""
        location = entries.get("location", "")
        path = os.path.normpath(os.path.join(self._folder or os.curdir, location))
        base = os.path.realpath(self._folder or os.curdir)
        if not location or os.path.commonpath([base, os.path.realpath(path)]) != base:
            raise OnnxError(f"the data of '{name}' are in the file {location!r}, which is not in the model's folder")
        if path not in self._files:
            self._files[path] = mapped(path)
        data = self._files[path]
        try:
            start = int(entries.get("offset", "0"))
            stop = start + int(entries["length"]) if "length" in entries else len(data)
        except ValueError as error:
            raise OnnxError(f"the place of the data of '{name}' is malformed: {error}") from None
        if not 0 <= start <= stop <= len(data):
            raise OnnxError(f"the data of '{name}' are bytes {start} to {stop} of {location}, which has {len(data)}")
        return data[start:stop]


def _viewed(raw: memoryview, element_type: int, shape: list[int]) -> NDArray[Any] | None:
    """Bytes as an array; None for a type of which several elements are in a byte, or of which there are no arrays."""
    dtype: np.dtype[Any]
    if element_type in _DTYPES:
        dtype = np.dtype(_DTYPES[element_type])
    elif element_type in _ML_DTYPES:
        import ml_dtypes

        dtype = np.dtype(getattr(ml_dtypes, _ML_DTYPES[element_type]))
    else:
        return None
    if len(raw) != prod(shape) * dtype.itemsize:
        raise OnnxError(f"a tensor of {prod(shape)} elements of {dtype.itemsize} bytes has {len(raw)} bytes")
    return np.frombuffer(raw, dtype).reshape(shape)


def _parsed(tensor: memoryview, name: str) -> NDArray[Any]:
    """A tensor whose elements are not in their places in memory, copied."""
    from onnx import TensorProto, numpy_helper

    try:
        return numpy_helper.to_array(TensorProto.FromString(bytes(tensor)))
    except (TypeError, ValueError) as error:
        raise OnnxError(f"the tensor '{name}' is malformed: {error}") from None
