# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.call`."""

from mograph.dialects.kit import Attribute, Operands, OptionalAttribute, Results
from mograph.dialects.kit import Call as CallInterface
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo.dialect import Mo

__all__ = ["Call"]


class Call(Mo.Operation, name="call"):
    """The results of a graph for the given arguments.

    Their types are those that the graph declares, with the caller's extents in the place of its names: where an
    argument is declared with a name that stands alone, `[m, 4]`, the name is the extent of what is given there, and so
    in all other types. A name that only results have is a new one in the caller, which may call it otherwise.

    `prefix` is put before the name of every weight of the called graph, so that one graph serves all layers of a model:
    `mo.call @layer(%x) prefix = "layers.3." : (T) -> T`. Prefixes of nested calls are joined, the outermost first.
    """

    callee: Attribute[c.FlatSymbolRefAttr]
    args: Operands[c.AnyType]
    prefix: OptionalAttribute[c.StrAttr]
    outputs: Results[c.AnyType]
    assembly_format = "$callee `(` $args `)` (`prefix` `=` $prefix^)? attr-dict `:` functional-type($args, $outputs)"
    call = CallInterface(callee="callee", args="args", blocks_inlining="prefix")
