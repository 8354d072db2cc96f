# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.kernel`."""

from mograph.dialects.kit import Attribute, Function, OptionalAttribute, Region
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["ROLES", "Kernel"]

ROLES = ("in", "extent")
"""What an argument of a kernel is: data that it reads, or an extent that its shapes need."""


class Kernel(Mogg.Operation, name="kernel", traits=[t.Symbol, t.IsolatedFromAbove, t.SingleBlock]):
    """The code of one kernel, in value style: a function of tensors and scalars that ends in `mogg.return`.

    The body consists of operations of `linalg`, `tensor`, `arith`, `math`, `scf` and `cf`. `roles` says of each
    argument what it is: `in`, a tensor or, for a tensor of rank 0, its element; or `extent`, an index that is an
    extent of a result and cannot be read off a tensor. Results are the kernel's outputs, those of rank 0 as scalars.
    Programs with equal kernels share one.
    """

    sym_name: Attribute[c.SymbolNameAttr]
    function_type: Attribute[c.TypeAttr]
    sym_visibility: OptionalAttribute[c.StrAttr]
    arg_attrs: OptionalAttribute[c.ArrayAttr]
    res_attrs: OptionalAttribute[c.ArrayAttr]
    roles: OptionalAttribute[c.StrArrayAttr]
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
