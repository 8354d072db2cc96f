# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# ruff: noqa: E501  # a program in one line, beside its message
"""Traits and interfaces, as upstream's verifier and passes see them: seven passes on a dialect of toys."""

import pytest

from mograph.dialects.kit import (
    PARENT,
    Attribute,
    Call,
    Forwards,
    Free,
    Function,
    LoopLike,
    Operand,
    Operands,
    OptionalAttribute,
    Read,
    Region,
    RegionBranch,
    Result,
    Results,
    Write,
)
from mograph.dialects.kit import Allocate as AllocateEffect
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t


@pytest.fixture
def full(toy):
    """Functions, calls, loops, branches, effects and arithmetic that folds."""

    class Constant(toy.Operation, name="constant", traits=[t.Pure, t.ConstantLike]):
        value: Attribute[c.AnyAttrOf(c.I32Attr, c.I1Attr)]
        r: Result[c.AnyInteger]
        assembly_format = "$value attr-dict"

        @staticmethod
        def infer(value):
            return value.type

    class Add(toy.Operation, name="add", traits=[t.Pure, t.Commutative, t.SameOperandsAndResultType]):
        a: Operand[c.I32]
        b: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$a `,` $b attr-dict"

    class Twice(toy.Operation, name="flip", traits=[t.Pure, t.Involution, t.SameOperandsAndResultType]):
        a: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$a attr-dict"

    class Clamp(toy.Operation, name="clamp", traits=[t.Pure, t.Idempotent, t.SameOperandsAndResultType]):
        a: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$a attr-dict"

    class Get(toy.Operation, name="get"):
        r: Result[c.I32]
        assembly_format = "attr-dict"
        effects = (Read("state"),)

    class Put(toy.Operation, name="put"):
        a: Operand[c.I32]
        assembly_format = "$a attr-dict"
        effects = (Write("state"),)

    class New(toy.Operation, name="new"):
        r: Result[c.I32]
        assembly_format = "attr-dict"
        effects = (AllocateEffect(on="r"),)

    class Drop(toy.Operation, name="drop"):
        a: Operand[c.I32]
        assembly_format = "$a attr-dict"
        effects = (Free(on="a"),)

    class Unknown(toy.Operation, name="unknown"):
        r: Result[c.I32]
        assembly_format = "attr-dict"

    class Graph(toy.Operation, name="graph", traits=[t.Symbol, t.IsolatedFromAbove]):
        sym_name: Attribute[c.SymbolNameAttr]
        function_type: Attribute[c.TypeAttr]
        sym_visibility: OptionalAttribute[c.StrAttr]
        arg_attrs: OptionalAttribute[c.ArrayAttr]
        res_attrs: OptionalAttribute[c.ArrayAttr]
        body: Region
        function = Function()

    class Return(toy.Operation, name="return", traits=[t.Pure, t.Terminator, t.ReturnLike]):
        values: Operands[c.AnyType]
        assembly_format = "attr-dict ($values^ `:` type($values))?"

    class CallOp(toy.Operation, name="call"):
        callee: Attribute[c.FlatSymbolRefAttr]
        args: Operands[c.AnyType]
        keep: OptionalAttribute[c.UnitAttr]
        rs: Results[c.AnyType]
        assembly_format = "$callee `(` $args `)` (`keep` $keep^)? attr-dict `:` functional-type($args, $rs)"
        call = Call("callee", "args", blocks_inlining="keep")

    class While(toy.Operation, name="while", traits=[t.SingleBlock, t.RecursiveMemoryEffects]):
        inits: Operands[c.AnyType]
        rs: Results[c.AnyType]
        cond: Region[c.Args("inits", terminator=f"{toy.name}.condition")]
        body: Region[c.Args("inits", terminator=f"{toy.name}.return")]
        assembly_format = "`(` $inits `:` type($inits) `)` `->` type($rs) $cond `do` $body attr-dict-with-keyword"
        branches = RegionBranch(entry=["cond"], operands="inits", cond=["body", PARENT], body=["cond"])
        loop = LoopLike(regions=["cond", "body"], inits="inits", arguments="cond", yields="body")

    class Condition(toy.Operation, name="condition", traits=[t.Pure, t.Terminator, t.HasParent(f"{toy.name}.while")]):
        condition: Operand[c.I1]
        values: Operands[c.AnyType]
        assembly_format = "$condition `,` $values attr-dict `:` type($values)"
        forwards = Forwards("values", selector="condition")

    class If(toy.Operation, name="if", traits=[t.SingleBlock, t.RecursiveMemoryEffects, t.RecursivelySpeculatable]):
        condition: Operand[c.I1]
        rs: Results[c.AnyType]
        then: Region[c.NoArgs(f"{toy.name}.return")]
        orelse: Region[c.MaxSizedRegion(1, terminator=f"{toy.name}.return")]
        assembly_format = "$condition (`->` type($rs)^)? $then (`else` $orelse^)? attr-dict-with-keyword"
        branches = RegionBranch(entry=["then", "orelse"], selector="condition", then=[PARENT], orelse=[PARENT])

    return toy


LOOP = """
    toy.graph @f(%x: i32, %b: i1) -> i32 {
      %0:2 = toy.while (%x, %b : i32, i1) -> i32, i1 {
      ^bb0(%i: i32, %c: i1):
        toy.condition %c, %i, %c : i32, i1
      } do {
      ^bb0(%i: i32, %c: i1):
        %inner = toy.add %x, %x
        %next = toy.add %i, %inner
        toy.return %next, %c : i32, i1
      }
      toy.return %0#0 : i32
    }"""


def test_round_trip(full):
    full.roundtrip(LOOP)
    full.roundtrip(
        """
        toy.graph private @g(%x: i32 {toy.name = "x"}, %b: i1) -> (i32 {toy.name = "r"}) attributes {more = 1 : i64} {
          %0 = toy.if %b -> i32 {
            toy.return %x : i32
          } else {
            %1 = toy.call @g(%x, %b) keep : (i32, i1) -> i32
            toy.return %1 : i32
          }
          toy.if %b {
            toy.return
          }
          toy.return %0 : i32
        }
        toy.graph private @declared(i32)
        """
    )


def test_canonicalize(full):
    result = full.run(
        "builtin.module(canonicalize)",
        """
        toy.graph @f(%x: i32) -> (i32, i32, i32) {
          %unused = toy.add %x, %x
          %c = toy.constant 1 : i32
          %0 = toy.add %c, %x
          %1 = toy.flip %x
          %2 = toy.flip %1
          %3 = toy.clamp %x
          %4 = toy.clamp %3
          %gone = toy.get
          %stays = toy.unknown
          toy.return %0, %2, %4 : i32, i32, i32
        }""",
    )
    assert result.count("toy.add") == 1
    assert "toy.add %arg0, %" in result, "the constant of a commutative op goes right"
    assert "toy.flip" not in result
    assert result.count("toy.clamp") == 1
    assert "toy.get" not in result
    assert "toy.unknown" in result


def test_canonicalize_drops_loop_variables(full):
    result = full.run("builtin.module(canonicalize)", LOOP)
    assert "toy.while(%arg0 : i32) -> i32" in result, "the variable that never changes is gone"


def test_cse(full):
    result = full.run(
        "builtin.module(toy.graph(cse))",
        """
        toy.graph @f(%x: i32, %y: i32) -> (i32, i32, i32, i32, i32) {
          %0 = toy.add %x, %y
          %1 = toy.add %y, %x
          %2 = toy.get
          %3 = toy.get
          toy.put %2
          %4 = toy.get
          %5 = toy.unknown
          %6 = toy.unknown
          toy.return %0, %1, %3, %4, %6 : i32, i32, i32, i32, i32
        }""",
    )
    assert result.count("toy.add") == 1, "of commutative operations one is enough"
    assert result.count("toy.get") == 2
    assert result.count("toy.unknown") == 2


def test_sccp(full):
    result = full.run(
        "builtin.module(sccp)",
        """
        toy.graph @f() -> i32 {
          %true = toy.constant true
          %c = toy.constant 3 : i32
          %0 = toy.if %true -> i32 {
            toy.return %c : i32
          } else {
            %1 = toy.unknown
            toy.return %1 : i32
          }
          %2 = toy.call @same(%0) : (i32) -> i32
          toy.return %2 : i32
        }
        toy.graph private @same(%x: i32) -> i32 {
          toy.return %x : i32
        }""",
    )
    function, _, _ = result.partition("toy.graph private")
    returned = function.rstrip().splitlines()[-2].split()[1]
    assert f"{returned} = toy.constant 3 : i32" in function


def test_symbol_dce(full):
    result = full.run(
        "builtin.module(symbol-dce)",
        """
        toy.graph @f() {
          toy.call @used() : () -> ()
          toy.return
        }
        toy.graph private @used() {
          toy.return
        }
        toy.graph private @unused() {
          toy.return
        }""",
    )
    assert "@used" in result
    assert "@unused" not in result


def test_inline(full):
    text = """
        toy.graph @f(%x: i32) -> i32 {
          %0 = toy.call @g(%x) : (i32) -> i32
          %1 = toy.call @g(%0) keep : (i32) -> i32
          %2 = func.call @h(%1) : (i32) -> i32
          toy.return %2 : i32
        }
        toy.graph private @g(%x: i32) -> i32 {
          %0 = toy.add %x, %x
          toy.return %0 : i32
        }
        func.func private @h(%x: i32) -> i32 {
          %0 = toy.flip %x
          return %0 : i32
        }"""
    result = full.run("builtin.module(inline)", text)
    function, _, _ = result.partition("toy.graph private")
    assert "toy.add %arg0, %arg0" in function
    assert "toy.call @g(%0) keep" in function
    assert "toy.flip" in function
    assert "func.call" not in function


def test_bodies_with_branches_are_not_inlined(full):
    text = """
        toy.graph @f(%x: i1) -> i1 {
          %0 = toy.call @g(%x) : (i1) -> i1
          toy.return %0 : i1
        }
        toy.graph private @g(%x: i1) -> i1 {
          cf.cond_br %x, ^bb1, ^bb2
        ^bb1:
          toy.return %x : i1
        ^bb2:
          %0 = toy.constant true
          toy.return %0 : i1
        }"""
    assert "toy.call @g" in full.run("builtin.module(inline)", text)


def test_loop_invariant_code_motion(full):
    result = full.run("builtin.module(loop-invariant-code-motion)", LOOP)
    assert result.index("toy.add %arg0, %arg0") < result.index("toy.while")


def test_remove_dead_values(full):
    result = full.run(
        "builtin.module(remove-dead-values)",
        """
        toy.graph @f(%x: i32) -> i32 {
          %0:2 = toy.call @g(%x, %x) : (i32, i32) -> (i32, i32)
          toy.return %0#0 : i32
        }
        toy.graph private @g(%x: i32, %y: i32) -> (i32, i32) {
          %0 = toy.add %y, %y
          toy.return %x, %0 : i32, i32
        }""",
    )
    assert "toy.graph private @g(%arg0: i32) -> i32" in result
    assert "toy.call @g(%arg0) : (i32) -> i32" in result
    assert "toy.add" not in result


def test_effects_keep_regions(full):
    result = full.run(
        "builtin.module(canonicalize)",
        """
        toy.graph @f(%b: i1, %x: i32) {
          toy.if %b {
            %0 = toy.add %x, %x
            toy.return
          }
          toy.if %b {
            toy.put %x
            toy.return
          }
          %new = toy.new
          toy.return
        }""",
    )
    assert result.count("toy.if") == 1
    assert "toy.put" in result
    assert "toy.new" not in result, "what is allocated and not used"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("toy.graph @f() -> i32 { toy.return }", "'toy.return' op gives values of type(s) , but the function returns 'i32'"),
        ("toy.graph @f(%x: i1) -> i32 { toy.return %x : i1 }", "gives values of type(s) 'i1', but the function returns 'i32'"),
        ('"toy.graph"() <{sym_name = "f", function_type = i32}> ({}) : () -> ()', "requires a function type"),
        ('"toy.graph"() <{function_type = () -> ()}> ({}) : () -> ()', "requires attribute 'sym_name'"),
        ('"toy.graph"() <{sym_name = "f", function_type = (i1) -> ()}> ({ toy.return }) : () -> ()', "entry block must have 1 arguments"),
        (
            '"toy.graph"() <{sym_name = "f", function_type = (i1) -> (), arg_attrs = [1]}> ({}) : () -> ()',
            "expects argument attribute dictionary",
        ),
        (
            '"toy.graph"() <{sym_name = "f", function_type = () -> (), res_attrs = [{}]}> ({}) : () -> ()',
            "expects result attribute array to have the same number of elements",
        ),
        ('"toy.graph"() <{sym_name = "f", function_type = () -> (), sym_visibility = "x"}> ({}) : () -> ()', "visibility"),
        ("toy.graph @f(%x: i1) { toy.call @g(%x) : (i1) -> () toy.return }", "@g does not name a function"),
        ("toy.graph @f(%x: i1) { toy.call @f() : () -> () toy.return }", "has 0 argument(s), but @f has 1"),
        (
            "toy.graph @f(%x: i1) { %c = toy.unknown toy.call @f(%c) : (i32) -> () toy.return }",
            "argument #0 has type 'i32', but @f has 'i1'",
        ),
        ("toy.graph @f() { %0 = toy.call @f() : () -> i32 toy.return }", "has 1 result(s), but @f has 0"),
        (
            "toy.graph @f(%b: i1) { %0 = toy.if %b -> i32 { toy.return } toy.return }",
            "along control flow edge from parent to parent",
        ),
        (
            "toy.graph @f(%b: i1) { toy.if %b { cf.br ^bb ^bb: toy.return } toy.return }",
            "region #0 ('then') must have one block, but has 2",
        ),
        ("toy.graph @f(%b: i1) { toy.if %b { ^bb(%x: i1): toy.return } toy.return }", "must have 0 argument(s), but has 1"),
        ('toy.graph @f(%b: i1) { "toy.if"(%b) ({}, {}) : (i1) -> () toy.return }', "must have one block, but is empty"),
        (
            'toy.graph @f(%b: i1) { "toy.if"(%b) ({^bb: }, {}) : (i1) -> () toy.return }',
            "must end in 'toy.return', but its block is empty",
        ),
        (
            "toy.graph @f(%b: i1) { toy.if %b { toy.condition %b, %b : i1 } toy.return }",
            "must end in 'toy.return', but ends in 'toy.condition'",
        ),
        (
            "toy.graph @f(%b: i1) { toy.if %b { cf.br ^bb0 ^bb0: cf.br ^bb0 } toy.return }",
            "must have one block, but has 2",
        ),
        (
            LOOP.replace("^bb0(%i: i32, %c: i1):\n        toy.condition %c, %i, %c", "^bb0(%i: i32):\n  toy.condition %b, %i, %b"),
            "region #0 ('cond') must have 2 argument(s), one for each of 'inits', but has 1",
        ),
        (
            LOOP.replace("^bb0(%i: i32, %c: i1):\n        %inner", "^bb0(%i: i1, %c: i1):\n  %inner").replace("%i, %inner", "%x, %inner"),
            "argument #0 of region #1 ('body') must have the type of 'inits', 'i32', but has 'i1'",
        ),
        ("toy.graph @f() { toy.return }\ntoy.graph @f() { toy.return }", "redefinition of symbol named 'f'"),
        ("toy.graph @f(%x: i1) { toy.graph @g() { toy.return %x : i1 } toy.return }", "error"),
    ],
)
def test_wrong_programs(full, text, message):
    assert message in full.error(text)


def test_traits_of_types(toy):
    class Same(toy.Operation, name="same", traits=[t.AllTypesMatch("a", "r")]):
        a: Operand
        b: Operand[c.I1]
        r: Result
        assembly_format = "$a `,` $b attr-dict `:` type($a)"

    class Operands2(toy.Operation, name="operands", traits=[t.SameTypeOperands]):
        a: Operand
        b: Operand
        assembly_format = "$a `,` $b attr-dict `:` type($b)"

    class Shapes(toy.Operation, name="shapes", traits=[t.SameOperandsAndResultShape]):
        a: Operand[c.AnyTensor]
        r: Result[c.AnyTensor]

    class Elements(toy.Operation, name="elements", traits=[t.SameOperandsAndResultElementType, t.SameOperandsElementType]):
        a: Operand[c.AnyTensor]
        r: Result[c.AnyTensor]

    class Each(toy.Operation, name="each", traits=[t.Elementwise, t.Scalarizable, t.Vectorizable, t.Tensorizable]):
        a: Operand
        r: Result

    toy.same(
        """
        func.func @f(%arg0: f32, %arg1: i1) {
          %0 = toy.same %arg0, %arg1 : f32
          toy.operands %0, %arg0 : f32
          return
        }"""
    )
    said = toy.error('func.func @f(%a: f32, %b: i1) { %0 = "toy.same"(%a, %b) : (f32, i1) -> i1 return }')
    assert "'a' and 'r' must have one type, but have 'f32' and 'i1'" in said
    assert "requires all operands to have the same type" in toy.error(
        'func.func @f(%a: f32, %b: i1) { "toy.operands"(%a, %b) : (f32, i1) -> () return }'
    )
    given = "func.func @f(%a: tensor<2xf32>) {{ %0 = toy.{} %a : tensor<2xf32> -> {} return }}"
    toy.roundtrip(given.format("shapes", "tensor<2xi8>"))
    toy.roundtrip(given.format("elements", "tensor<3xf32>"))
    toy.roundtrip(given.format("each", "tensor<2xi1>"))
    assert "requires the same shape" in toy.error(given.format("shapes", "tensor<3xf32>"))
    assert "requires the same element type" in toy.error(given.format("elements", "tensor<2xi8>"))
    assert "all non-scalar operands/results must have the same shape" in toy.error(given.format("each", "tensor<3xf32>"))


def test_traits_of_regions(toy):
    class End(toy.Operation, name="end", traits=[t.Terminator]):
        pass

    class One(toy.Operation, name="one", traits=[t.SingleBlockImplicitTerminator(f"{toy.name}.end")]):
        body: Region
        orelse: Region[c.MaxSizedRegion()]
        assembly_format = "$body (`else` $orelse^)? attr-dict-with-keyword"

    class Flat(toy.Operation, name="flat", traits=[t.SingleBlock, t.NoTerminator, t.NoRegionArguments, t.GraphRegion]):
        body: Region

    class Table(toy.Operation, name="table", traits=[t.SymbolTable, t.NoTerminator, t.IsolatedFromAbove]):
        body: Region[c.SizedRegion()]

    toy.same(
        """
        toy.one {
        }
        toy.one {
          toy.one {
          } else {
          }
        } attributes {a}
        toy.flat {
          %0 = arith.addi %c1_i32, %c1_i32 : i32
          %c1_i32 = arith.constant 1 : i32
        }
        toy.table {
          func.func private @f()
        }"""
    )
    assert toy.generic("toy.one {\n}").count('"toy.end"() : () -> ()') == 1
    assert "region should have no arguments" in toy.error("toy.flat {\n^bb(%a: i32):\n}")
    assert "redefinition of symbol" in toy.error("toy.table { func.func private @f() func.func private @f() }")
    assert "must have one block, but has 2" in toy.error('"toy.flat"() ({\ncf.br ^a\n^a: }) : () -> ()')
    assert "must end in 'toy.end', but ends in 'cf.br'" in toy.error('"toy.one"() ({ ^bb: cf.br ^bb }, {}) : () -> ()')


def test_has_parent(toy):
    class Inner(toy.Operation, name="inner", traits=[t.HasParent(f"{toy.name}.outer", "builtin.module")]):
        pass

    class Outer(toy.Operation, name="outer", traits=[t.NoTerminator]):
        body: Region[c.SizedRegion()]

    assert toy.roundtrip("toy.inner\ntoy.outer {\n  toy.inner\n}")
    assert "expects parent op to be one of 'toy.outer', 'builtin.module'" in toy.error("func.func @f() { toy.inner return }")
