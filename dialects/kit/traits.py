# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Traits of operations, under upstream's names."""

from mograph._records import record

__all__ = ["Trait"]  # and every trait below


@record
class Trait:
    """A property that passes ask an operation for, or that its verifier checks."""

    name: str
    arguments: tuple[str, ...] = ()


AffineScope = Trait("AffineScope")
AlwaysSpeculatable = Trait("AlwaysSpeculatable")
AutomaticAllocationScope = Trait("AutomaticAllocationScope")
Commutative = Trait("Commutative")
ConstantLike = Trait("ConstantLike")
Elementwise = Trait("Elementwise")
GraphRegion = Trait("GraphRegion")
Idempotent = Trait("Idempotent")
Involution = Trait("Involution")
IsolatedFromAbove = Trait("IsolatedFromAbove")
NoRegionArguments = Trait("NoRegionArguments")
NoTerminator = Trait("NoTerminator")
Pure = Trait("Pure")
RecursiveMemoryEffects = Trait("RecursiveMemoryEffects")
RecursivelySpeculatable = Trait("RecursivelySpeculatable")
ReturnLike = Trait("ReturnLike")
SameOperandsAndResultElementType = Trait("SameOperandsAndResultElementType")
SameOperandsAndResultShape = Trait("SameOperandsAndResultShape")
SameOperandsAndResultType = Trait("SameOperandsAndResultType")
SameOperandsElementType = Trait("SameOperandsElementType")
SameOperandsShape = Trait("SameOperandsShape")
SameTypeOperands = Trait("SameTypeOperands")
Scalarizable = Trait("Scalarizable")
SingleBlock = Trait("SingleBlock")
Symbol = Trait("Symbol")
SymbolTable = Trait("SymbolTable")
Tensorizable = Trait("Tensorizable")
Terminator = Trait("Terminator")
Vectorizable = Trait("Vectorizable")


def HasParent(*names: str) -> Trait:
    """The op stands directly in an op of one of these names."""
    return Trait("HasParent", names)


def AllTypesMatch(*fields: str) -> Trait:
    """The named operands and results have one type; knowing one's type is knowing them all."""
    return Trait("AllTypesMatch", (",".join(fields),))


def SingleBlockImplicitTerminator(name: str) -> Trait:
    """Each region is one block, ended by the named op; it is added where the text leaves it out."""
    return Trait("SingleBlockImplicitTerminator", (name,))
