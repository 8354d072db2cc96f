# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads a model without its weights, which are most of a file, and which importing does not look at."""

from onnx import ModelProto

from .naming import is_weight
from .wire import WireError, mapped, spans, text, varint, varints, view

__all__ = ["read_model"]

# Numbers of fields, as in onnx.proto.
_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9


def read_model(path: str) -> ModelProto:
    """The model in a file in ONNX's binary format; its graph's initializers that are weights are without their bytes.

    Raises OSError for a file that cannot be read and DecodeError for one that is no model.
    """
    data = mapped(path)
    try:
        content = b"".join(
            _field(_GRAPH, _graph(view(value))) if number == _GRAPH else whole for number, value, whole in spans(data)
        )
    except WireError:
        content = bytes(data)  # the library of protobuf says what is wrong
    model = ModelProto()
    model.ParseFromString(content)
    return model


def _graph(data: memoryview) -> bytes:
    return b"".join(
        _field(_INITIALIZER, _tensor(view(value))) if number == _INITIALIZER else whole
        for number, value, whole in spans(data)
    )


def _tensor(data: memoryview) -> bytes:
    shape: list[int] = []
    element_type, name = 0, ""
    parts = list(spans(data))
    for number, value, _ in parts:
        if number == _DIMS:
            shape += varints(value)
        elif number == _TYPE and isinstance(value, int):
            element_type = value
        elif number == _NAME:
            name = text(value)
    weight = name and is_weight(element_type, shape)
    return b"".join(whole for number, _, whole in parts if number != _RAW or not weight)


def _field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content
