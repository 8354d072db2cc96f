# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.call`."""

from mograph.dialects.kit import Attribute, Operands, Results
from mograph.dialects.kit import Call as CallInterface
from mograph.dialects.kit import constraints as c
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["Call"]


class Call(Mogg.Operation, name="call"):
    """Runs another program; its weights come after its other arguments."""

    callee: Attribute[c.FlatSymbolRefAttr]
    args: Operands[c.AnyType]
    outputs: Results[c.AnyType]
    assembly_format = "$callee `(` $args `)` attr-dict `:` functional-type($args, $outputs)"
    call = CallInterface(callee="callee", args="args")
