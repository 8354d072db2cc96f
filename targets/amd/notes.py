# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a code object says of its kernels: a note in the MessagePack format (msgpack.org)."""

import struct
from typing import Any

_NOTE, _KIND, _OWNER = 7, 32, b"AMDGPU\0"  # the type of sections of notes, that of this note, and whose it is
_SIZED = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4, 0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4}
_NUMBERS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
_WORDS = {0xC0: None, 0xC2: False, 0xC3: True}


def kernels_of(code: bytes) -> dict[str, dict[str, Any]]:
    """What an object file for AMD's chips says of each kernel, by name. Raises ValueError for other files."""
    if code[:5] != b"\x7fELF\x02":
        raise ValueError("expected an object file of 64 bits")
    start, size, count = struct.unpack_from("<Q10xHH", code, 40)
    for header in (start + size * number for number in range(count)):
        (kind,) = struct.unpack_from("<I", code, header + 4)
        offset, length = struct.unpack_from("<QQ", code, header + 24)
        end = offset + length
        while kind == _NOTE and offset < end:
            owner, length, number = struct.unpack_from("<III", code, offset)
            text = offset + 12
            body = text + (owner + 3) // 4 * 4
            if number == _KIND and code[text : text + owner] == _OWNER:
                said = _Reader(code, body).value()
                return {each[".name"]: each for each in said["amdhsa.kernels"]}
            offset = body + (length + 3) // 4 * 4
    raise ValueError("expected a note about kernels")


class _Reader:
    """Reads values of MessagePack."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def value(self) -> Any:
        tag = self._data[self._at]
        self._at += 1
        if tag < 0x80 or tag >= 0xE0:
            return tag if tag < 0x80 else tag - 0x100
        if tag < 0xC0:
            return self._many(
                tag & (0x1F if tag >= 0xA0 else 0x0F), "text" if tag >= 0xA0 else "list" if tag >= 0x90 else "map"
            )
        if tag in _WORDS:
            return _WORDS[tag]
        if tag in _NUMBERS:
            return self._number(_NUMBERS[tag])
        if tag not in _SIZED:
            raise ValueError(f"expected MessagePack, found the byte {tag:#x}")
        count = self._number({1: ">B", 2: ">H", 4: ">I"}[_SIZED[tag]])
        kind = "text" if tag < 0xDC else "list" if tag < 0xDE else "map"
        return self._many(count, kind)

    def _number(self, form: str) -> Any:
        (number,) = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return number

    def _many(self, count: int, kind: str) -> Any:
        if kind == "text":
            self._at += count
            return self._data[self._at - count : self._at].decode(errors="replace")
        if kind == "list":
            return [self.value() for _ in range(count)]
        return {self.value(): self.value() for _ in range(count)}
