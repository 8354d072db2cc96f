# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types of `mo` as the lowering reads them, each read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mograph.dialects import kit, mo
from mograph.dialects.mo.types import HOST
from mograph.transforms.lower.builder import DType, dtype_of

__all__ = ["TensorInfo", "Types", "renamed"]

_NAME = re.compile(r"[A-Za-z_]\w*")
_WORDS = frozenset({"max", "min", "floordiv", "ceildiv", "mod"})


class TensorInfo(NamedTuple):
    """The type of a tensor or a buffer, with what a rule reads of it under the same names."""

    shape: tuple[Any, ...]
    element: DType
    device: str
    mutable: bool = False
    """Whether it is a buffer's."""

    @property
    def dtype(self) -> str:
        """The dtype's text in `mo`."""
        return self.element.name

    def __str__(self) -> str:
        shape = ", ".join(map(str, self.shape))
        kind = "buffer" if self.mutable else "tensor"
        return f"!mo.{kind}<[{shape}], {self.dtype}{'' if self.device == HOST else f', {self.device}'}>"


class Types:
    """Reads types of one context."""

    def __init__(self) -> None:
        self._tensors: dict[Any, TensorInfo | None] = {}

    def tensor(self, type_: Any) -> TensorInfo | None:
        """What `type_` says, or None where it is neither a tensor nor a buffer of `mo`."""
        if type_ in self._tensors:
            return self._tensors[type_]
        wrapped = kit.wrap_type(type_)
        found = None
        if isinstance(wrapped, mo.TensorType | mo.BufferType):
            mutable = isinstance(wrapped, mo.BufferType)
            found = TensorInfo(tuple(wrapped.shape), dtype_of(wrapped.dtype), str(wrapped.device), mutable)
        self._tensors[type_] = found
        return found


def renamed(dim: Any, names: Mapping[str, str]) -> Any:
    """The text of the dimension `dim` with other names; constants stay."""
    if isinstance(dim, int):
        return dim
    return _NAME.sub(lambda word: word[0] if word[0] in _WORDS else names[word[0]], str(dim))
