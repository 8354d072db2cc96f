# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A dialect that uses all of the kit, for the fuzzer."""

from mograph.dialects.kit import (
    PARENT,
    Attribute,
    Call,
    Dialect,
    Forwards,
    Function,
    LoopLike,
    Operand,
    Operands,
    OptionalAttribute,
    OptionalOperand,
    OptionalParameter,
    OptionalResult,
    Parameter,
    Read,
    Region,
    RegionBranch,
    Regions,
    Result,
    Results,
    Successors,
    VerifyError,
    Write,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t


class Fuzz(Dialect, name="fuzz"):
    """Everything."""


class Tensor(Fuzz.Type, name="tensor", shaped=("shape", "dtype")):
    """A tensor of any element type."""

    shape: Parameter[c.Dims]
    dtype: Parameter[c.TypeAttr]
    device: Parameter[c.Label] = "cpu"
    rank: OptionalParameter[c.I64Attr]
    assembly_format = "`<` $shape `,` $dtype (`,` $device^)? (`rank` $rank^)? `>`"


class Token(Fuzz.Type, name="token"):
    """No parameters."""


class Device(Fuzz.Attribute, name="device"):
    """A device."""

    label: Parameter[c.Label]
    assembly_format = "`<` $label `>`"


class Constant(Fuzz.Operation, name="constant", traits=[t.Pure, t.ConstantLike]):
    """Materialises what folds."""

    value: Attribute[c.ElementsAttr]
    result: Result[Tensor]
    assembly_format = "custom<Elements>($value, type($result)) attr-dict"


class Add(Fuzz.Operation, name="add", traits=[t.Pure, t.Commutative, t.SameOperandsAndResultType]):
    """Folds."""

    lhs: Operand[Tensor]
    rhs: Operand[Tensor]
    result: Result[Tensor]
    assembly_format = "$lhs `,` $rhs attr-dict `:` type($result)"
    folds = True

    @staticmethod
    def evaluate(lhs, rhs):
        return lhs + rhs


class Groups(Fuzz.Operation, name="groups"):
    """Several open groups, inferred and checked."""

    xs: Operands[c.AnyType]
    m: OptionalOperand[c.AnyType]
    ys: Operands[c.AnyType]
    axis: Attribute[c.IntAttr(minimum=-4, maximum=4)] = -1
    on: OptionalAttribute[Device]
    kind: Attribute[c.EnumAttr("none", "tanh")] = "none"
    dims: OptionalAttribute[c.Dims]
    flag: OptionalAttribute[c.UnitAttr]
    sizes: OptionalAttribute[c.DenseI64ArrayAttr]
    rs: Results[c.AnyType]
    q: OptionalResult[c.AnyType]
    assembly_format = (
        "`(` ($xs^ `:` type($xs))? `)` (`m` $m^ `:` type($m))? `[` ($ys^ `:` type($ys))? `]` "
        "(`axis` $axis^)? (`on` $on^)? oilist(`kind` $kind | `flag` $flag | `sizes` $sizes) (`dims` $dims^)? "
        "attr-dict `->` `(` type($rs) `)` (`,` type($q)^)?"
    )

    @staticmethod
    def check(xs, axis, rs):
        if axis == 3 and len(xs) != len(rs):
            raise VerifyError("as many results as operands")


class First(Fuzz.Operation, name="first", traits=[t.Pure]):
    """Infers and folds."""

    xs: Operands[c.AnyType]
    r: Result[c.AnyType]
    assembly_format = "$xs attr-dict `:` type($xs)"

    @staticmethod
    def infer(xs):
        return xs[0]

    @staticmethod
    def fold(op):
        return op.xs[0] if len(op.xs) == 1 else None


class State(Fuzz.Operation, name="state"):
    """Effects."""

    x: Operands[c.AnyType]
    assembly_format = "operands attr-dict (`:` type(operands)^)?"
    effects = (Read("state"), Write("state", on="x"))


class Graph(Fuzz.Operation, name="graph", traits=[t.Symbol, t.IsolatedFromAbove]):
    """A function."""

    sym_name: Attribute[c.SymbolNameAttr]
    function_type: Attribute[c.TypeAttr]
    sym_visibility: OptionalAttribute[c.StrAttr]
    arg_attrs: OptionalAttribute[c.ArrayAttr]
    res_attrs: OptionalAttribute[c.ArrayAttr]
    body: Region
    function = Function()


class Return(Fuzz.Operation, name="return", traits=[t.Pure, t.Terminator, t.ReturnLike]):
    """Ends a graph, and regions."""

    values: Operands[c.AnyType]
    assembly_format = "attr-dict ($values^ `:` type($values))?"


class CallOp(Fuzz.Operation, name="call"):
    """Calls."""

    callee: Attribute[c.SymbolRefAttr]
    arguments: Operands[c.AnyType]
    keep: OptionalAttribute[c.UnitAttr]
    outputs: Results[c.AnyType]
    assembly_format = "$callee `(` $arguments `)` (`keep` $keep^)? attr-dict `:` functional-type($arguments, $outputs)"
    call = Call("callee", "arguments", blocks_inlining="keep")


class While(Fuzz.Operation, name="while", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
    """A loop."""

    inits: Operands[c.AnyType]
    outputs: Results[c.AnyType]
    cond: Region[c.Args("inits", terminator="fuzz.condition")]
    body: Region[c.Args("inits", terminator="fuzz.return")]
    assembly_format = (
        "`(` $inits (`:` type($inits)^)? `)` `->` `(` type($outputs) `)` $cond `do` $body attr-dict-with-keyword"
    )
    branches = RegionBranch(entry=["cond"], operands="inits", cond=["body", PARENT], body=["cond"])
    loop = LoopLike(regions=["cond", "body"], inits="inits", arguments="cond", yields="body")


class Condition(Fuzz.Operation, name="condition", traits=[t.Pure, t.Terminator]):
    """Chooses."""

    condition: Operand[c.I1]
    values: Operands[c.AnyType]
    assembly_format = "$condition (`,` $values^ `:` type($values))? attr-dict"
    forwards = Forwards("values", selector="condition")


class If(Fuzz.Operation, name="if", traits=[t.RecursiveMemoryEffects, t.RecursivelySpeculatable]):
    """Branches."""

    condition: Operand[c.I1]
    outputs: Results[c.AnyType]
    then: Region[c.NoArgs()]
    orelse: Region[c.MaxSizedRegion(1)]
    assembly_format = "$condition (`->` type($outputs)^)? $then (`else` $orelse^)? attr-dict-with-keyword"
    branches = RegionBranch(entry=["then", "orelse"], selector="condition", then=[PARENT], orelse=[PARENT])


class Switch(Fuzz.Operation, name="switch", traits=[t.Terminator]):
    """Successors."""

    x: Operand[c.I32]
    targets: Successors
    assembly_format = "$x `[` ($targets^)? `]` attr-dict"


class Many(Fuzz.Operation, name="many", traits=[t.SingleBlockImplicitTerminator("fuzz.return"), t.NoRegionArguments]):
    """Any number of regions, which end by themselves."""

    bodies: Regions
    assembly_format = "($bodies^)? attr-dict-with-keyword"


class Table(Fuzz.Operation, name="table", traits=[t.SymbolTable, t.SingleBlock, t.NoTerminator, t.GraphRegion]):
    """Symbols."""

    body: Region[c.SizedRegion(1)]
    assembly_format = "$body attr-dict-with-keyword"


Fuzz.register()
