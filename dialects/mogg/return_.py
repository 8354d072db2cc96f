# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.return`."""

from mograph.dialects.kit import Operands
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["Return"]


class Return(
    Mogg.Operation,
    name="return",
    traits=[t.Pure, t.Terminator, t.ReturnLike, t.HasParent("mogg.kernel", "mogg.program")],
):
    """Ends a kernel or a program and gives its results, of the types that it declares."""

    values: Operands[c.AnyType]
    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def verify(self) -> None:
        declared = list(self.operation.parent.opview.function_type.results)
        found = [value.type for value in self.values]
        if declared != found:
            raise self.error(
                f"expected values of the declared types, {', '.join(map(str, declared)) or 'none'}; "
                f"found {', '.join(map(str, found)) or 'none'}"
            )
