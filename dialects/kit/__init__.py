# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a dialect is declared in Python, under upstream's names."""

import mlir._mlir_libs  # noqa: F401  # the bindings' library comes first: mograph's native part links to it

from mograph.dialects.kit import constraints, traits
from mograph.dialects.kit.context import announce, new_context
from mograph.dialects.kit.dialect import Dialect
from mograph.dialects.kit.dims import Dim, dim_max, dim_min
from mograph.dialects.kit.elements import element_type_text, from_numpy, numpy_dtype, to_numpy
from mograph.dialects.kit.errors import DeclarationError, VerifyError
from mograph.dialects.kit.fields import (
    Attribute,
    Operand,
    Operands,
    OptionalAttribute,
    OptionalOperand,
    OptionalParameter,
    OptionalResult,
    Parameter,
    Region,
    Regions,
    Result,
    Results,
    Successor,
    Successors,
)
from mograph.dialects.kit.hooks import evaluate
from mograph.dialects.kit.interfaces import (
    PARENT,
    Allocate,
    Call,
    Effect,
    Forwards,
    Free,
    Function,
    LoopLike,
    Read,
    RegionBranch,
    Write,
)
from mograph.dialects.kit.values import wrap_type

__all__ = [
    "PARENT",
    "Allocate",
    "Attribute",
    "Call",
    "DeclarationError",
    "Dialect",
    "Dim",
    "Effect",
    "Forwards",
    "Free",
    "Function",
    "LoopLike",
    "Operand",
    "Operands",
    "OptionalAttribute",
    "OptionalOperand",
    "OptionalParameter",
    "OptionalResult",
    "Parameter",
    "Read",
    "Region",
    "RegionBranch",
    "Regions",
    "Result",
    "Results",
    "Successor",
    "Successors",
    "VerifyError",
    "Write",
    "announce",
    "constraints",
    "dim_max",
    "dim_min",
    "element_type_text",
    "evaluate",
    "from_numpy",
    "new_context",
    "numpy_dtype",
    "to_numpy",
    "traits",
    "wrap_type",
]
