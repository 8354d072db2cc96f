# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.output`."""

from mograph.dialects.kit import Operands
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo

__all__ = ["Output"]


class Output(Mo.Operation, name="output", traits=[t.Pure, t.Terminator, t.ReturnLike, t.HasParent("mo.graph")]):
    """Ends a graph and gives its results, of the types that the graph declares."""

    values: Operands[c.AnyType]
    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def verify(self) -> None:
        declared = list(self.operation.parent.opview.function_type.results)
        found = [value.type for value in self.values]
        if len(found) != len(declared):
            raise self.error(f"expected as many values as the graph declares, {len(declared)}; found {len(found)}")
        for index, (wanted, given) in enumerate(zip(declared, found, strict=True)):
            if wanted != given:
                raise self.error(f"expected value {index} to be of type {wanted}, as the graph declares; found {given}")
