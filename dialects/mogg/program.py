# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mogg.program`."""

from mograph.dialects.kit import Attribute, Function, OptionalAttribute, Region
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mogg.dialect import Mogg

__all__ = ["Program"]


class Program(Mogg.Operation, name="program", traits=[t.Symbol, t.IsolatedFromAbove, t.SingleBlock]):
    """What runs on the host for one graph.

    A public program is a model's entry: its arguments are the tensors of the inputs, then of the weights, its results
    the tensors of the outputs. `signature` says of each its name, dtype, dims (an integer, or the text of an
    expression of names) and device, under the keys `inputs`, `weights` and `outputs`. A private one serves
    `mogg.call`; it takes and gives tensors of rank 0 as scalars.
    """

    sym_name: Attribute[c.SymbolNameAttr]
    function_type: Attribute[c.TypeAttr]
    sym_visibility: OptionalAttribute[c.StrAttr]
    arg_attrs: OptionalAttribute[c.ArrayAttr]
    res_attrs: OptionalAttribute[c.ArrayAttr]
    signature: OptionalAttribute[c.DictionaryAttr]
    body: Region[c.SizedRegion(1, terminator="mogg.return")]
    function = Function()
