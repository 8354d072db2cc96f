# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.launch`."""

from mograph.dialects.kit import Attribute, Operands, Results
from mograph.dialects.kit import Call as CallInterface
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["Launch"]


class Launch(Mogg.Operation, name="launch"):
    """Runs a kernel: gives its outputs for these arguments."""

    kernel: Attribute[c.FlatSymbolRefAttr]
    args: Operands[c.AnyType]
    outputs: Results[c.AnyType]
    assembly_format = "$kernel `(` $args `)` attr-dict `:` functional-type($args, $outputs)"
    call = CallInterface(callee="kernel", args="args")
