# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where further rules of fusion come from: the plugins. Costs nothing to import."""

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["further_rules", "set_rules"]

_rules: Callable[[], Sequence[Any]] = tuple


def set_rules(rules: Callable[[], Sequence[Any]]) -> None:
    """Let `rules` give the rules that are asked before mograph's own."""
    global _rules
    _rules = rules


def further_rules() -> Sequence[Any]:
    """The rules that are asked before mograph's own. Raises what importing them raises."""
    return _rules()
