# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Expressions of extents for Python's parser: names such as `in`, `seq.len` or `batch$` become identifiers."""

import re

__all__ = ["decoded", "encoded", "is_name"]

_NAME = re.compile(r"[A-Za-z_][\w.$]*")
_MARK = "d_"  # what every encoded name starts with: no keyword does
_CODE = re.compile(r"_([0-9a-f]{2})")


def is_name(text: str) -> bool:
    """Whether `text` is one name."""
    return _NAME.fullmatch(text) is not None


def encoded(text: str) -> str:
    """`text` with identifiers in the place of all names but those that are called."""
    return _NAME.sub(lambda name: name[0] if text[name.end() :].lstrip().startswith("(") else _encoded(name[0]), text)


def decoded(text: str) -> str:
    """`text` with what `encoded` has replaced."""
    return re.sub(rf"\b{_MARK}\w*", lambda name: _CODE.sub(_character, name[0][len(_MARK) :]), text)


def _encoded(name: str) -> str:
    return _MARK + re.sub(r"[_.$]", lambda character: f"_{ord(character[0]):02x}", name)


def _character(code: "re.Match[str]") -> str:
    return chr(int(code[1], 16))
