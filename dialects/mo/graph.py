# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.graph`."""

from mograph.dialects.kit import Attribute, Function, OptionalAttribute, Region
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo

__all__ = ["Graph"]


class Graph(Mo.Operation, name="graph", traits=[t.Symbol, t.IsolatedFromAbove, t.SingleBlock]):
    """A function over tensors: a model when it is public, a subgraph to be called when it is private.

    `mo.graph private @f(%x: T {mo.name = "x"}) -> (T, U) attributes {..} {..}`. The body is one block that ends in
    `mo.output`. An argument's `mo.name` is the input's name for users, a result's that of the output. The first input
    that carries a named dimension binds it when the program runs; every other one is compared with it. Names of one
    graph mean nothing in another.
    """

    sym_name: Attribute[c.SymbolNameAttr]
    function_type: Attribute[c.TypeAttr]
    sym_visibility: OptionalAttribute[c.StrAttr]
    arg_attrs: OptionalAttribute[c.ArrayAttr]
    res_attrs: OptionalAttribute[c.ArrayAttr]
    body: Region[c.SizedRegion(1, terminator="mo.output")]
    function = Function()
