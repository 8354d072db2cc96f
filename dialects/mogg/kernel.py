# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.kernel`."""

from mograph.dialects.kit import Attribute, Function, OptionalAttribute, Region
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["ROLES", "Kernel"]

ROLES = ("in", "fused-in", "extent")
"""What an argument of a kernel is: data that its main operation reads, or that others fused with it do, or an extent
that its shapes need."""


class Kernel(Mogg.Operation, name="kernel", traits=[t.Symbol, t.IsolatedFromAbove, t.SingleBlock]):
    """The code of one kernel, in value style: a function of tensors and scalars that ends in `mogg.return`.

    The body consists of operations of `linalg`, `tensor`, `arith`, `math`, `scf` and `cf`. `roles` says of each
    argument what it is: `in`, a tensor or, for a tensor of rank 0, its element, that the main operation reads;
    `fused-in`, one that is only read by what was fused with that; or `extent`, an index that is an extent of a result
    and cannot be read off a tensor. Results are the kernel's outputs, those of rank 0 as scalars.
    Programs with equal kernels share one. `operations` names the operations of the graph that it was made of, and
    `fusion` tells for each step in which kernels were fused to this one which they were, the reason, how many bytes are
    no longer written and read, and how many operations are done twice.
    """

    sym_name: Attribute[c.SymbolNameAttr]
    function_type: Attribute[c.TypeAttr]
    sym_visibility: OptionalAttribute[c.StrAttr]
    arg_attrs: OptionalAttribute[c.ArrayAttr]
    res_attrs: OptionalAttribute[c.ArrayAttr]
    roles: OptionalAttribute[c.StrArrayAttr]
    operations: OptionalAttribute[c.StrArrayAttr]
    fusion: OptionalAttribute[c.ArrayAttr]
    body: Region[c.SizedRegion(1, terminator="mogg.return")]
    function = Function()

    def verify(self) -> None:
        roles, arguments = self.roles, len(self.function_type.inputs)
        if roles is None:
            return
        if len(roles) != arguments:
            raise self.error(f"expected roles for {arguments} arguments, found {len(roles)}")
        wrong = next((role for role in roles if role not in ROLES), None)
        if wrong is not None:
            raise self.error(f"expected each role to be one of {', '.join(ROLES)}; found '{wrong}'")
