# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# ruff: noqa: E501  # a program in one line, beside its message
"""Every directive of the assembly format, of types and attributes too, and directives written in Python."""

import pytest
from mlir import ir

from mograph.dialects.kit import (
    Attribute,
    DeclarationError,
    Operand,
    Operands,
    OptionalAttribute,
    OptionalOperand,
    OptionalParameter,
    Parameter,
    Region,
    Regions,
    Result,
    Results,
    Successor,
    Successors,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.rewrite.patterns import Pattern
from mograph.dialects.rewrite.variables import operand, ops

WRAP = "func.func @f(%arg0: i32, %arg1: f32) {{\n  {}\n  return\n}}"


def test_literals(toy):
    class Op(toy.Operation, name="op"):
        x: Attribute[c.I64Attr]
        y: Attribute[c.I64Attr]
        assembly_format = (
            "`->` `:` `,` `=` `<` $x `>` `(` `)` `{` `}` `[` `]` `?` `+` `*` `-` `|` `...` `word` `w$d.e` `_` `` `=` ` ` $y "
            "attr-dict"
        )

    printed = toy.roundtrip("toy.op -> : , = < 1 > ( ) { } [ ] ? + * - | ... word w$d.e _ = 2 {a}")
    assert printed == "toy.op -> :, = <1> () {} [] ? + * - | ... word w$d.e _= 2 {a}"
    assert "expected '='" in toy.error("toy.op -> : ,")
    assert "expected 'word'" in toy.error("toy.op -> : , = <1> () {} [] ? + * - | ... other")


def test_new_lines(toy):
    class Op(toy.Operation, name="op"):
        x: Attribute[c.I64Attr]
        assembly_format = "`begin` `\\n` $x attr-dict"

    assert toy.roundtrip("toy.op begin 1") == "toy.op begin\n1"


def test_groups(toy):
    class Op(toy.Operation, name="op"):
        xs: Operands[c.I32]
        m: OptionalOperand[c.F32]
        a: OptionalAttribute[c.I64Attr]
        b: Attribute[c.I64Attr] = 7
        assembly_format = (
            "(`xs` `(` $xs^ `)` (`nested` $m^)?) : (`none`)? (`a` $a^) : (`without`)? (`b` $b^)? attr-dict"
        )

    for given in (
        "none without",
        "xs(%arg0) without",
        "xs(%arg0, %arg0) nested %arg1 a 1",
        "none a 1 b 8 {more}",
    ):
        text = WRAP.format(f"toy.op {given}")
        assert toy.roundtrip(text) == text
    assert "expected 'none'" in toy.error(WRAP.format("toy.op a 1"))


def test_oilist(toy):
    class Op(toy.Operation, name="op"):
        a: OptionalAttribute[c.I64Attr]
        f: OptionalAttribute[c.UnitAttr]
        xs: Operands[c.AnyType]
        assembly_format = "oilist(`a` $a | `f` $f | `xs` `(` $xs `:` type($xs) `)`) attr-dict"

    assert toy.roundtrip("toy.op") == "toy.op"
    for given in ("f a 1", "a 1 f"):
        assert toy.roundtrip(f"toy.op {given}") == "toy.op a 1 f"
    text = WRAP.format("toy.op xs(%arg0, %arg1 : i32, f32) f")
    assert toy.roundtrip(text) == WRAP.format("toy.op f xs(%arg0, %arg1 : i32, f32)")
    assert "'a' appears more than once" in toy.error("toy.op a 1 a 2")


def test_types_of(toy):
    class One(toy.Operation, name="functional"):
        x: Operand
        ys: Operands
        r: Result
        rs: Results
        assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    class Two(toy.Operation, name="fields"):
        x: Operand
        ys: Operands
        rs: Results
        assembly_format = "$x `,` $ys attr-dict `:` type($x) `,` functional-type($ys, $rs)"

    class Three(toy.Operation, name="types"):
        xs: Operands
        ys: Operands
        r: Result
        assembly_format = "$xs `|` $ys attr-dict `:` custom<Types>(type($xs), type($ys), type($r))"

    for text in (
        "%0:2 = toy.functional %arg0, %arg1 : (i32, f32) -> (i1, i2)",
        "%0 = toy.functional %arg0 {a} : (i32) -> i1",
        "toy.fields %arg0, %arg1, %arg1 : i32, (f32, f32) -> ()",
        "%0 = toy.types %arg0, %arg0 | : i32",
        "%0 = toy.types %arg0 | %arg1 : i32, f32, i1",
        "%0 = toy.types | : i1",
    ):
        assert toy.roundtrip(WRAP.format(text)) == WRAP.format(text)
    assert "expected one type or 3, got 2" in toy.error(WRAP.format("%0 = toy.types %arg0|%arg1 : i32, f32"))
    assert "expected 1 or more operands, but found 0" in toy.error("%0 = toy.functional : () -> i1")
    assert "2 operands present, but 1 types given" in toy.error(
        WRAP.format("%0 = toy.functional %arg0, %arg1 : (i32) -> i1")
    )
    assert "error" in toy.error(WRAP.format("%0 = toy.functional %arg0 : i32"))


def test_regions_and_successors(toy):
    class End(toy.Operation, name="end", traits=[t.Terminator]):
        pass

    class Each(toy.Operation, name="each"):
        first: Region
        more: Regions
        assembly_format = "$first (`more` $more^)? attr-dict-with-keyword"

    class Flat(toy.Operation, name="all"):
        first: Region
        more: Regions
        assembly_format = "regions attr-dict-with-keyword"

    class Branch(toy.Operation, name="br", traits=[t.Terminator]):
        first: Successor
        more: Successors
        assembly_format = "$first (`,` `[` $more^ `]`)? attr-dict"

    class Go(toy.Operation, name="go", traits=[t.Terminator]):
        targets: Successors

    body = "{\n  toy.end\n}"
    for text in (
        f"toy.each {body}",
        f"toy.each {body} more {body}, {body} attributes {{a}}",
        f"toy.all {body}",
        f"toy.all {body} {body} attributes {{a}}",
    ):
        assert toy.roundtrip(text) == text
    text = """
        func.func @f() {
          toy.br ^bb1
        ^bb1:  // pred: ^bb0
          toy.br ^bb2, [^bb2, ^bb3]
        ^bb2:  // 2 preds: ^bb1, ^bb1
          toy.go[^bb3, ^bb4]
        ^bb3:  // 2 preds: ^bb1, ^bb2
          toy.go []
        ^bb4:  // pred: ^bb2
          return
        }"""
    toy.roundtrip(text)
    module = toy.parse(f"toy.each {body} more {body}, {body}")
    op = module.body.operations[0]
    assert len(op.more) == 2
    assert isinstance(op.first, ir.Region)
    assert "expected region 'first'" in toy.error("toy.each")
    assert "expected successor 'first'" in toy.error("func.func @f() { toy.br }")


def test_dictionaries(toy):
    class Keyword(toy.Operation, name="keyword"):
        a: OptionalAttribute[c.I64Attr]
        assembly_format = "attr-dict-with-keyword"

    class Props(toy.Operation, name="props"):
        a: OptionalAttribute[c.I64Attr]
        b: Attribute[c.I64Attr] = 0
        assembly_format = "prop-dict attr-dict"

    for text in (
        "toy.keyword",
        "toy.keyword attributes {a = 1 : i64, b}",
        "toy.props",
        "toy.props <{a = 1 : i64, b = 2 : i64}> {c}",
    ):
        assert toy.roundtrip(text) == text


def test_qualified_and_ref(toy):
    class Device(toy.Attribute, name="device"):
        label: Parameter[c.Label]
        assembly_format = "`<` $label `>`"

    class Op(toy.Operation, name="op"):
        x: Attribute[Device]
        y: Attribute[Device]
        assembly_format = "$x qualified($y) attr-dict"

    text = "toy.op cpu #toy.device<gpu:0>"
    assert toy.roundtrip(text) == text


def test_elements(toy):
    class Tensor(toy.Type, name="tensor", shaped=("shape", "dtype")):
        shape: Parameter[c.Dims]
        dtype: Parameter[c.TypeAttr]
        assembly_format = "`<` $shape `,` $dtype `>`"

    class Op(toy.Operation, name="constant"):
        value: Attribute[c.ElementsAttr]
        r: Result[Tensor]
        assembly_format = "custom<Elements>($value, type($r)) attr-dict"

    for text in (
        "1 : !toy.tensor<[2], si32>",
        "-1 : !toy.tensor<[], i8> {a}",
        "true : !toy.tensor<[4, 4], i1>",
        "1.500000e+00 : !toy.tensor<[1], f16>",
        "0x7FC00000 : !toy.tensor<[], f32>",
        "dense<[[1, 2], [3, 4]]> : !toy.tensor<[2, 2], ui64>",
        "dense<> : !toy.tensor<[0, 3], f32>",
        "dense<[true, false]> : !toy.tensor<[2], i1>",
        'dense_resource<x> : tensor<2xi32> : !toy.tensor<[2], i32>',
    ):
        assert toy.roundtrip(f"%0 = toy.constant {text}") == f"%0 = toy.constant {text}"
    assert toy.pretty('%0 = toy.constant dense<"0x0100000002000000"> : !toy.tensor<[2], i32>').endswith(
        "dense<[1, 2]> : !toy.tensor<[2], i32>"
    )
    wrong = {
        "[1, 2] : !toy.tensor<[3], i32>": "not a literal of type '!toy.tensor<[3], i32>'",
        "1.5 : !toy.tensor<[3], i32>": "not a literal of type",
        "1 : !toy.tensor<[n], i32>": "a constant needs a tensor type with a static shape, found '!toy.tensor<[n], i32>'",
        "1 : i32": "a constant needs a tensor type with a static shape, found 'i32'",
        "1 : !toy.tensor<[1], !toy.tensor<[], i1>>": "not a literal of type",
        '["a", 1] : !toy.tensor<[2], i32>': "expected",
        "[" * 500 + "]" * 500 + " : !toy.tensor<[2], i32>": "nested too deeply",
        "dense_resource<x> : tensor<3xi32> : !toy.tensor<[2], i32>": "has type 'tensor<3xi32>', which is not that of a",
        "x : !toy.tensor<[], i32>": "expected",
        ": !toy.tensor<[], i32>": "expected",
    }
    for text, message in wrong.items():
        assert message in toy.error(f"%0 = toy.constant {text}"), text


@pytest.mark.parametrize("base", ["Type", "Attribute"])
def test_definitions(toy, base):
    sigil = {"Type": "!", "Attribute": "#"}[base]

    class Plain(getattr(toy, base), name="plain"):
        pass

    class Inner(toy.Attribute, name="inner"):
        a: Parameter[c.I64Attr]
        b: OptionalParameter[c.StrAttr]
        assembly_format = "`<` $a (`,` $b^)? `>`"

    class Full(getattr(toy, base), name="full.name"):
        kind: Parameter[c.EnumAttr("a", "b")]
        inner: Parameter[Inner]
        element: OptionalParameter[c.AnyFloat]
        axes: Parameter[c.DenseI64ArrayAttr] = (1, 2)
        names: OptionalParameter[c.StrArrayAttr]
        assembly_format = "`<` $kind `[` $inner `]` (`:` $element^)? (`axes` $axes^)? (`names` $names^) : (`none`)? `>`"

    texts = ["plain", "full.name<a[1] none>", 'full.name<b[-1, "x"] : f32axes [3] names ["y", "z"]>']
    for text in texts:
        printed = f"{sigil}toy.{text}".replace("f32axes", "f32 axes")
        carrier = f"func.func private @f({printed})" if base == "Type" else f"func.func private @f() attributes {{x = {printed}}}"
        assert toy.roundtrip(carrier) == carrier
    with toy.context():
        full = Full.get("b", Inner.get(3), names=["p"])
        assert (full.kind, full.inner.a, full.inner.b, full.element, full.axes, full.names) == (
            "b", 3, None, None, (1, 2), ("p",)
        )  # fmt: skip
        assert toy.plain(str(full)) == f'{sigil}toy.full.name<b[3] names ["p"]>'
        assert Full(full) == full
        assert toy.plain(str(Full.get("a", Inner.get(1, "s"), ir.F16Type.get(), [4]))) == (
            f'{sigil}toy.full.name<a[1, "s"] : f16 axes [4] none>'
        )
        for wrong, message in (
            (lambda: Full.get("c", Inner.get(3)), "parameter 'kind' must be one of a, b, got \"c\""),
            (lambda: Full.get("a"), "parameter 'inner' is missing"),
            (lambda: Full.get("a", Inner.get(3), other=1), "parameter 'other' is unknown; has kind, inner"),
            (lambda: Full.get("a", Inner.get(3), kind="b"), "parameter 'kind' is given twice"),
            (lambda: Full.get(*["a"] * 6), "takes 5 parameters, got 6"),
            (lambda: Full.get("a", Inner.get(3), "i32"), "parameter 'element' must be"),
            (lambda: Plain(full), "expected"),
        ):
            with pytest.raises((TypeError, ValueError)) as caught:
                wrong()
            assert message in str(caught.value)
    for text, message in {
        "nothing": f"unknown {base.lower()} 'nothing' in dialect 'toy'",
        "full.name": "expected '<'",
        "full.name<c[1] none>": "expected one of a, b",
        "full.name<a[1]>": "expected 'none'",
        "full.name<a[1] : i32 none>": "parameter 'element' must be",
        "plain<1>": "unexpected text after the parameters",
    }.items():
        carrier = f"func.func private @f({sigil}toy.{text})" if base == "Type" else f"func.func private @f() attributes {{x = #toy.{text}}}"
        assert message in toy.error(carrier), text


def test_type_constraints(toy):
    class Tensor(toy.Type, name="tensor"):
        shape: Parameter[c.Dims]
        dtype: Parameter[c.TypeAttr]
        assembly_format = "`<` $shape `,` $dtype `>`"

    class Token(toy.Type, name="token"):
        pass

    class Op(toy.Operation, name="op"):
        a: Operand[Tensor.of(dtype=c.AnyFloat)]
        b: Operand[Token]
        d: Operand[c.Exactly(toy.own("!toy.tensor<[], i1>"))]
        assembly_format = "$a `,` $b `,` $d attr-dict `:` type($a)"

    head = "func.func @f(%arg0: !toy.tensor<[n], f32>, %arg1: !toy.token, %arg2: !toy.tensor<[], i1>)"
    text = head + " {\n  toy.op %arg0, %arg1, %arg2 : !toy.tensor<[n], f32>\n  return\n}"
    assert toy.roundtrip(text) == text
    assert "operand #0 ('a') must be toy.tensor with dtype floating-point" in toy.error(text.replace("f32", "i32"))
    assert "expects different type" in toy.error(text.replace("i1", "i2"))


def test_python_directives(toy):
    class Pair:
        """`a to b`"""

        @staticmethod
        def parse(parser):
            first = parser.attribute()
            parser.literal("to")
            if parser.optional_literal("nothing"):
                return first, None
            return first, parser.attribute()

        @staticmethod
        def print(printer, first, second):
            printer.attribute(first)
            printer.text(" to ")
            if second is None:
                printer.text("nothing")
            else:
                printer.attribute(second)

    class Broken:
        @staticmethod
        def parse(parser):
            raise ZeroDivisionError("oh")

        @staticmethod
        def print(printer):
            raise ZeroDivisionError("oh")

    class Op(toy.Operation, name="op"):
        a: Attribute[c.AnyAttr]
        b: OptionalAttribute[c.AnyAttr]
        assembly_format = "custom<Pair>($a, $b) attr-dict"
        directives = {"Pair": Pair}

    class Bad(toy.Operation, name="bad"):
        assembly_format = "custom<Broken>() attr-dict"
        directives = {"Broken": Broken}

    for text in ("toy.op 1 : i64 to nothing", 'toy.op 1 : i64 to "x" {c}'):
        assert toy.roundtrip(text) == text
    assert "expected 'to'" in toy.error("toy.op 1 : i64 from 2")
    assert "ZeroDivisionError: oh" in toy.error("toy.bad")
    str(toy.parse('"toy.bad"() : () -> ()'))  # printing cannot fail, and does not crash
    with pytest.raises(DeclarationError, match="Wrong.directives: 'Pair' needs static methods parse and print"):

        class Wrong(toy.Operation, name="wrong"):
            directives = {"Pair": 3}


def test_canonicalizers(toy):
    class Fast(toy.Operation, name="fast", traits=[t.Pure, t.SameOperandsAndResultType]):
        x: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$x attr-dict"

    class ToFast(Pattern):
        x = operand()
        root = ops[f"{toy.name}.slow"](x)
        replace = Fast(x)  # a class stands for its operation

    class Slow(Fast, name="slow"):
        canonicalizers = [ToFast]

    text = "func.func @f(%x: i32) -> i32 {\n  %0 = toy.slow %x\n  return %0 : i32\n}"
    assert toy.run("builtin.module(canonicalize)", text).count("toy.fast") == 1


def test_build_of_open_groups(toy):
    class Op(toy.Operation, name="op"):
        rs: Results
        q: Result
        ss: Results
        bodies: Regions
        assembly_format = "`(` type($rs) `)` type($q) `(` type($ss) `)` ($bodies^)? attr-dict"

    with toy.context(), ir.Location.unknown():
        module = ir.Module.create()
        i1, f32 = ir.IntegerType.get_signless(1), ir.F32Type.get()
        with ir.InsertionPoint(module.body):
            op = Op.build(results=[[i1, i1], f32, []], regions=3)
            with pytest.raises(TypeError, match="Op.build: result 'q' is missing"):
                Op.build(results=[[i1]])
    assert (len(op.rs), str(op.q.type), op.ss, len(op.bodies)) == (2, "f32", [], 3)
    assert toy.body(module).startswith("%0:3 = toy.op(i1, i1) f32() {")


def test_build(toy):
    class Op(toy.Operation, name="op"):
        xs: Operands[c.I32]
        m: OptionalOperand[c.F32]
        axis: Attribute[c.I64Attr] = 0
        flag: OptionalAttribute[c.UnitAttr]
        on: OptionalAttribute[c.BoolAttr]
        r: Result[c.AnyType]
        assembly_format = "`(` $xs `)` (`m` $m^)? (`axis` $axis^)? (`flag` $flag^)? (`on` $on^)? attr-dict `:` type($r)"

    with toy.context(), ir.Location.name("here"):
        module = ir.Module.parse("func.func @f(%a: i32, %b: f32) { return }")
        block = module.body.operations[0].regions[0].blocks[0]
        a, b = block.arguments
        i1 = ir.IntegerType.get_signless(1)
        with ir.InsertionPoint.at_block_begin(block):
            op = Op.build([a, a], b, axis=3, flag=True, on=False, results=[i1])
            Op.build([], None, flag=False, on=None, results=[i1])
            for wrong, message in (
                (lambda: Op.build([a], b, b, results=[i1]), "takes 2 operands, got 3"),
                (lambda: Op.build([a], nothing=1, results=[i1]), "unknown attribute 'nothing'; has axis, flag, on"),
                (lambda: Op.build([a], axis="x", results=[i1]), "expected a value for 64-bit"),
            ):
                with pytest.raises(TypeError, match=message):
                    wrong()
        assert module.operation.verify()
        assert list(op.xs) == [a, a]
        assert (op.m, op.axis, op.flag, op.on) == (b, 3, True, False)
        assert "toy.op(%arg0, %arg0) m %arg1 axis 3 flag on false : i1" in toy.body(module)
        with pytest.raises(AttributeError, match="'xs' is no attribute"):
            op.xs = []
