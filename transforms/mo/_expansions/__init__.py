# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Composite operations in terms of simpler ones, by name of the operation.

An expansion is `function(k, op, *operands)`, where `k` is a `Builder`, `op` the operation, and absent operands are
None; it gives the value that is the result, or None where it has no expansion for this case. An operation of a plugin
brings its own, as a static method `expansion` of its class.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["MODULES", "Expansion", "expansion_of"]

Expansion = Callable[..., Any]

MODULES: Mapping[str, tuple[str, ...]] = {
    "activations": ("mo.gelu", "mo.mish", "mo.sigmoid", "mo.silu", "mo.softplus", "mo.softsign"),
    "attention": ("mo.attention", "mo.rope"),
    "norms": ("mo.batch_norm", "mo.group_norm", "mo.instance_norm", "mo.layer_norm", "mo.lp_norm", "mo.rms_norm"),
    "reductions": (
        "mo.hardmax",
        "mo.log_softmax",
        "mo.reduce.l1",
        "mo.reduce.l2",
        "mo.reduce.log_sum",
        "mo.reduce.log_sum_exp",
        "mo.reduce.sum_square",
        "mo.softmax",
    ),
}
"""The modules of this package, and what they expand: read without importing them."""

_HOMES = {name: module for module, names in MODULES.items() for name in names}


def expansion_of(op: Any) -> Expansion | None:
    """The expansion of an operation, that of its class first."""
    own: Expansion | None = getattr(type(op), "expansion", None)
    if own is not None:
        return own
    home = _HOMES.get(op.operation.name)
    if home is None:
        return None
    found: Expansion = import_module(f"{__name__}.{home}").EXPANSIONS[op.operation.name]
    return found
