# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.kernel`."""

import mlir.ir as ir

from mograph import _native
from mograph.dialects.kit import Attribute, Function, OptionalAttribute, Region
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["PLACE", "ROLES", "Kernel"]

ROLES = ("in", "fused-in", "extent", "out", "fused-out", "mutable")
"""What an argument of a kernel is: see `Kernel`."""

_WRITTEN = ("out", "fused-out", "mutable")
PLACE = "bufferization.materialize_in_destination"
"""The operation that puts a tensor in a destination, and gives the destination."""


class Kernel(Mogg.Operation, name="kernel", traits=[t.Symbol, t.IsolatedFromAbove, t.SingleBlock]):
    """The code of one kernel, in destination-passing style: a function that ends in `mogg.return`.

    The body consists of operations of `linalg`, `tensor`, `arith`, `math`, `scf`, `cf` and `vector`. `roles` says of
    each argument what it is:

    - `in`: a tensor that the main operation reads or, for one of rank 0, its element;
    - `fused-in`: one that is only read by what was fused with the main operation;
    - `extent`: an index that is an extent of a result and cannot be read off a tensor;
    - `out`: where the main operation puts a result;
    - `fused-out`: where what was fused with it puts one;
    - `mutable`: a tensor that is read and changed in place.

    A result is put in its destination by `bufferization.materialize_in_destination`, whose result is returned. Only
    `out`, `fused-out` and `mutable` arguments may be destinations, and each is one once. What is returned otherwise has
    no destination: scalars, and tensors of which the kernel finds out the extents.

    On buffers, results are written to the arguments, and nothing is left to return of them.

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
        self._verify_destinations(roles)

    def _verify_destinations(self, roles: list[str]) -> None:
        arguments = list(self.body.blocks[0].arguments)
        seen: set[int] = set()
        for op in _native.block_ops(self.body.blocks[0]):
            for destination in _destinations(op):
                if destination in arguments:
                    argument = arguments.index(destination)
                    if roles[argument] not in _WRITTEN:
                        raise self.error(f"writes to argument {argument}, whose role is '{roles[argument]}'")
                    if argument in seen and not isinstance(destination.type, ir.MemRefType):
                        raise self.error(f"puts two results in argument {argument}")
                    seen.add(argument)
        for i, (role, value) in enumerate(zip(roles, arguments, strict=True)):
            handed_on = isinstance(value.type, ir.MemRefType) and bool(_native.users_of(value))
            if role in ("out", "fused-out") and i not in seen and not handed_on:
                raise self.error(f"expected a result to be put in argument {i}, whose role is '{role}'")


def _destinations(op: ir.Operation) -> list[ir.Value]:
    """What an operation of a kernel writes to, as far as it shows."""
    if op.name in (PLACE, "memref.copy", "memref.store"):
        return [op.operands[1]]
    if op.name == "linalg.generic":
        return list(op.operands)[op.attributes["operandSegmentSizes"][0] :]
    return []
