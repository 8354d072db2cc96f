# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Descriptors of memrefs, of which most words are known or never read.

A model hands hundreds of weights through its functions, of which only the addresses are wanted.
"""

from mlir import ir

from mograph import _native

WORDS = "mograph.words"
"""Attribute of an entry: which words it takes, of those of its arguments' descriptors one after the other."""


def narrow_arguments(module: ir.Module) -> None:
    """Hands functions those words of a descriptor that they read, where they do nothing else with the memref."""
    _native.narrow_arguments(module.operation)


def fold_aggregates(module: ir.Module) -> None:
    """Takes words from where they come from instead of from the descriptors that they were put into."""
    _native.fold_aggregates(module.operation)
