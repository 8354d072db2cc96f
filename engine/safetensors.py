# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files of the safetensors format, mapped into memory: no element is read before it is used.

A file is eight bytes that give the length of a header, the header in JSON, and the elements. The header maps each
tensor's name to its type, its shape, and where in the rest its elements are.
"""

import json
import math
import mmap
import os
from typing import Any

_TYPES = {
    "BOOL": "bool",
    **{f"{kind}{bits}": f"{name}{bits}" for kind, name in (("I", "int"), ("U", "uint")) for bits in (8, 16, 32, 64)},
    **{f"F{bits}": f"float{bits}" for bits in (16, 32, 64)},
}
_ML_TYPES = {
    "BF16": "bfloat16",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "F8_E4M3FNUZ": "float8_e4m3fnuz",
    "F8_E5M2FNUZ": "float8_e5m2fnuz",
    "F8_E8M0": "float8_e8m0fnu",
}
_LARGEST_HEADER = 100_000_000  # as the format's own library has it


class SafetensorsError(ValueError):
    """A file is not of the safetensors format, or is damaged; the message names it and says what is wrong."""


def read_safetensors(path: "str | os.PathLike[str]") -> dict[str, Any]:
    """The arrays of a file by name, read-only, in views of the file.

    bf16 and the types of 8-bit floats are those of ml_dtypes. Raises OSError where the file cannot be read and
    SafetensorsError where it is not as it should be.
    """
    path = os.fspath(path)
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    try:
        header, start = _header(data, size)
        return {
            name: _array(data, name, tensor, start, size) for name, tensor in header.items() if name != "__metadata__"
        }
    except SafetensorsError as error:
        raise SafetensorsError(f"{path}: {error}") from None


def _header(data: "mmap.mmap | bytes", size: int) -> tuple[dict[str, Any], int]:
    if size < 8:
        raise SafetensorsError(f"not a safetensors file: it has {size} bytes, a header alone takes 8 or more")
    length = int.from_bytes(data[:8], "little")
    if length > min(size - 8, _LARGEST_HEADER):
        raise SafetensorsError(f"truncated, or no safetensors file: its header of {length} bytes is not there")
    try:
        header = json.loads(data[8 : 8 + length])
    except ValueError as error:
        raise SafetensorsError(f"not a safetensors file: its header is no JSON ({error})") from None
    if not isinstance(header, dict):
        raise SafetensorsError("not a safetensors file: its header is no JSON object")
    return header, 8 + length


def _array(data: "mmap.mmap | bytes", name: str, tensor: Any, start: int, size: int) -> Any:
    import numpy

    try:
        kind, shape, (begin, end) = tensor["dtype"], tuple(map(int, tensor["shape"])), map(int, tensor["data_offsets"])
    except (KeyError, TypeError, ValueError):
        raise SafetensorsError(f"damaged: the header's entry of {name!r} lacks dtype, shape or data_offsets") from None
    dtype = _dtype(name, kind)
    count = math.prod(shape)
    if min(shape, default=0) < 0 or not 0 <= begin <= end or end - begin != count * dtype.itemsize:
        raise SafetensorsError(f"damaged: {name!r} of type {kind} and shape {list(shape)} has {end - begin} bytes")
    if start + end > size:
        raise SafetensorsError(f"truncated: {name!r} ends at byte {start + end}, the file at {size}")
    return numpy.frombuffer(data, dtype, count, start + begin).reshape(shape)


def _dtype(name: str, kind: object) -> Any:
    import numpy

    if kind in _TYPES:
        return numpy.dtype(_TYPES[str(kind)])
    if kind in _ML_TYPES:
        import ml_dtypes

        return numpy.dtype(getattr(ml_dtypes, _ML_TYPES[str(kind)]))
    known = ", ".join([*_TYPES, *_ML_TYPES])
    raise SafetensorsError(f"{name!r} has elements of type {kind!r}, expected one of {known}")
