# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.launch`."""

from mograph.dialects.kit import Attribute, Operands, OptionalAttribute, Results
from mograph.dialects.kit import Call as CallInterface
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["Launch"]


class Launch(Mogg.Operation, name="launch"):
    """Runs a kernel: gives its outputs for these arguments.

    On a device with streams it is put on the one of this number; the host goes on.
    """

    kernel: Attribute[c.FlatSymbolRefAttr]
    args: Operands[c.AnyType]
    stream: OptionalAttribute[c.IntAttr(minimum=0)]
    outputs: Results[c.AnyType]
    assembly_format = "$kernel `(` $args `)` attr-dict `:` functional-type($args, $outputs)"
    call = CallInterface(callee="kernel", args="args")
