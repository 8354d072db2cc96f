# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How passes, rewrite patterns and pipelines are written and run.

Names are imported when first used: tools register passes (`registration`) without importing MLIR's bindings.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mograph.dialects.rewrite.diagnostics import Diagnostic, DiagnosticError, Severity
    from mograph.dialects.rewrite.pattern_sets import compile_patterns
    from mograph.dialects.rewrite.patterns import Pattern, RewritePattern
    from mograph.dialects.rewrite.rewriter import Rewriter
    from mograph.dialects.rewrite.variables import (
        attribute,
        computed_attribute,
        computed_type,
        constraint,
        operand,
        operands,
        ops,
        type_,
    )

    from .options import option
    from .passes import Pass, register
    from .pipeline import Pipeline
    from .source import new_context, parse, verify
    from .statistics import statistic

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
    "mograph.dialects.rewrite.diagnostics": (
        "Diagnostic",
        "DiagnosticError",
        "Severity",
    ),
    "options": ("option",),
    "passes": (
        "Pass",
        "register",
    ),
    "mograph.dialects.rewrite.pattern_sets": ("compile_patterns",),
    "mograph.dialects.rewrite.patterns": (
        "Pattern",
        "RewritePattern",
    ),
    "pipeline": ("Pipeline",),
    "mograph.dialects.rewrite.rewriter": ("Rewriter",),
    "source": (
        "new_context",
        "parse",
        "verify",
    ),
    "statistics": ("statistic",),
    "mograph.dialects.rewrite.variables": (
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
            return getattr(import_module(home if "." in home else f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
