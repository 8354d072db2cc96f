# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conversions, by domain and operator."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

__all__ = ["Converter", "conversions", "converter"]

Converter = Callable[..., Any]
"""Takes the context, the node and its inputs (None for those left out); gives a tensor, or a tuple of them."""

_CONVERTERS: dict[tuple[str, str], Converter] = {}


def converter(*ops: str, domain: str = "") -> Callable[[Converter], Converter]:
    """Marks the conversion of these operators of a domain, of all their versions."""

    def mark(function: Converter) -> Converter:
        for op in ops:
            assert (domain, op) not in _CONVERTERS, f"two conversions of {op}"
            _CONVERTERS[domain, op] = function
        return function

    return mark


@cache
def conversions() -> dict[tuple[str, str], Converter]:
    """All conversions, by domain and operator."""
    from . import ops

    for module in iter_modules(ops.__path__, f"{ops.__name__}."):
        import_module(module.name)
    return _CONVERTERS
