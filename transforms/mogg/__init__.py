# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Passes between graphs and functions on tensors, and `lower`, which is all of them for those who call from Python.

Names are imported when first used: whoever looks for passes imports this package and needs none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mograph.transforms.mogg._lower import lower, take_signatures
    from mograph.transforms.mogg._signature import Argument, EntrySignature

__all__ = ["Argument", "EntrySignature", "lower", "take_signatures"]

_HOMES = {"lower": "_lower", "take_signatures": "_lower", "Argument": "_signature", "EntrySignature": "_signature"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
