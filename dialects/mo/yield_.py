# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.yield`."""

from mograph.dialects.kit import Operands
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo

__all__ = ["Yield"]


_PARENTS = t.HasParent("mo.if", "mo.while", "mo.sequence", "mo.parallel")


class Yield(Mo.Operation, name="yield", traits=[t.Pure, t.Terminator, t.ReturnLike, _PARENTS]):
    """Ends a region of `mo.if`, `mo.sequence` or `mo.parallel`, with the results, or the body of `mo.while`, with the
    values of the next trip.
    """

    values: Operands[c.AnyType]
    assembly_format = "attr-dict ($values^ `:` type($values))?"
