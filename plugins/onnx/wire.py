# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads messages of protobuf in place: the fields of one, as numbers and as views of its bytes.

The library of protobuf copies what it reads. This does not, so that the tensors in a file that is mapped into memory
are views of it, and a model of many gigabytes is read when its weights are used.
"""

import mmap
import os
from collections.abc import Iterator

__all__ = ["WireError", "fields", "mapped", "spans", "text", "varint", "varints", "view"]


class WireError(ValueError):
    """Bytes that are no message."""


def mapped(path: str) -> memoryview:
    """The bytes of a file, which are read when they are looked at. Raises OSError."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and value of each field: an int, or the bytes. Raises WireError."""
    return ((number, value) for number, value, _ in spans(data))


def spans(data: memoryview) -> Iterator[tuple[int, int | memoryview, memoryview]]:
    """Yield number and value of each field, and all bytes of it. Raises WireError."""
    position = 0
    while position < len(data):
        start = position
        key, position = data[position], position + 1
        if key >= 0x80:
            key, position = _varint(data, start)
        kind = key & 7
        if kind == 0:
            value, position = _varint(data, position)
            yield key >> 3, value, data[start:position]
            continue
        if kind == 2:
            length, position = _varint(data, position)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise WireError(f"a field of wire type {kind} at byte {position}")
        if position + length > len(data):
            raise WireError(f"a field of {length} bytes at byte {position} of {len(data)}: truncated")
        yield key >> 3, data[position : position + length], data[start : position + length]
        position += length


def text(value: int | memoryview) -> str:
    """A field's value as text. Raises WireError."""
    try:
        return str(view(value), "utf-8")
    except UnicodeDecodeError as error:
        raise WireError(f"a text that is not in UTF-8: {error}") from None


def view(value: int | memoryview) -> memoryview:
    """A field's value as bytes. Raises WireError."""
    if isinstance(value, int):
        raise WireError(f"expected bytes, found the number {value}")
    return value


def varints(value: int | memoryview) -> Iterator[int]:
    """The numbers of a repeated field, which are in one value if they are packed. Raises WireError."""
    if isinstance(value, int):
        yield value
        return
    position = 0
    while position < len(value):
        number, position = _varint(value, position)
        yield number


def varint(number: int) -> bytes:
    """The bytes of a number that is not negative."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        if position >= len(data) or shift > 63:
            raise WireError(f"a number at byte {position} of {len(data)} has no end")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
