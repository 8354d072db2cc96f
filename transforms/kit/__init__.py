# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How passes, rewrite patterns and pipelines are written and run.

Names are imported when first used: tools register passes (`registration`) without importing MLIR's bindings.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .diagnostics import Diagnostic, DiagnosticError, Severity
    from .options import option
    from .passes import Pass, register
    from .pattern_sets import compile_patterns
    from .patterns import Pattern, RewritePattern
    from .pipeline import Pipeline
    from .rewriter import Rewriter
    from .source import new_context, parse, verify
    from .statistics import statistic
    from .variables import attribute, computed_attribute, computed_type, constraint, operand, operands, ops, type_

__all__ = [
    "Diagnostic",
    "DiagnosticError",
    "Pass",
    "Pattern",
    "Pipeline",
    "RewritePattern",
    "Rewriter",
    "Severity",
    "attribute",
    "compile_patterns",
    "computed_attribute",
    "computed_type",
    "constraint",
    "new_context",
    "operand",
    "operands",
    "ops",
    "option",
    "parse",
    "register",
    "statistic",
    "type_",
    "verify",
]

_HOMES = {
    "diagnostics": (
        "Diagnostic",
        "DiagnosticError",
        "Severity",
    ),
    "options": ("option",),
    "passes": (
        "Pass",
        "register",
    ),
    "pattern_sets": ("compile_patterns",),
    "patterns": (
        "Pattern",
        "RewritePattern",
    ),
    "pipeline": ("Pipeline",),
    "rewriter": ("Rewriter",),
    "source": (
        "new_context",
        "parse",
        "verify",
    ),
    "statistics": ("statistic",),
    "variables": (
        "attribute",
        "computed_attribute",
        "computed_type",
        "constraint",
        "operand",
        "operands",
        "ops",
        "type_",
    ),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
