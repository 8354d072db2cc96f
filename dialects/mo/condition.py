# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.condition`."""

from mograph.dialects.kit import Forwards, Operand, Operands
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.types import HostBool

__all__ = ["Condition"]


class Condition(Mo.Operation, name="condition", traits=[t.Pure, t.Terminator, t.HasParent("mo.while")]):
    """Ends the condition of a `mo.while`: goes on to the body with `values` when true, else gives them as results.

    The condition is a bool of rank 0 on the host.
    """

    condition: Operand[HostBool]
    values: Operands[c.AnyType]
    assembly_format = "$condition (`,` $values^)? attr-dict (`:` type($values)^)?"
    forwards = Forwards("values", selector="condition")
