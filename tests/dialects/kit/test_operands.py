# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operands and results: single, optional, variadic, several open groups, and what is said of wrong ones."""

import pytest

from mograph.dialects.kit import (
    Attribute,
    Operand,
    Operands,
    OptionalOperand,
    OptionalResult,
    Result,
    Results,
    VerifyError,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t


def test_single(toy):
    class Two(toy.Operation, name="two"):
        a: Operand[c.I32]
        b: Operand[c.AnyFloat]
        r: Result[c.AnyType]
        assembly_format = "$a `,` $b attr-dict `:` type($b) `->` type($r)"

    toy.same(
        """
        func.func @f(%arg0: i32, %arg1: f16) -> index {
          %0 = toy.two %arg0, %arg1 : f16 -> index
          return %0 : index
        }"""
    )
    assert "operand #1 ('b') must be floating-point, but got 'i8'" in toy.error(
        "func.func @f(%a: i32, %b: i8) { %0 = toy.two %a, %b : i8 -> i8 return }"
    )


def test_optional(toy):
    class Maybe(toy.Operation, name="maybe"):
        a: Operand[c.I32]
        b: OptionalOperand[c.F32]
        r: OptionalResult[c.I32]
        assembly_format = "$a (`with` $b^ `:` type($b))? attr-dict (`->` type($r)^)?"

    toy.same(
        """
        func.func @f(%arg0: i32, %arg1: f32) {
          toy.maybe %arg0
          toy.maybe %arg0 with %arg1 : f32
          %0 = toy.maybe %arg0 -> i32
          %1 = toy.maybe %arg0 with %arg1 : f32 -> i32
          return
        }"""
    )
    too_many = toy.error('func.func @f(%a: i32, %b: f32) { "toy.maybe"(%a, %b, %b) : (i32, f32, f32) -> () return }')
    assert "expected 2 or fewer operands, but found 3" in too_many
    assert "expected 1 or more operands, but found 0" in toy.error('"toy.maybe"() : () -> ()')
    assert "expected 1 or fewer results, but found 2" in toy.error(
        'func.func @f(%a: i32) { %0:2 = "toy.maybe"(%a) : (i32) -> (i32, i32) return }'
    )


def test_variadic_of_different_types(toy):
    class Pack(toy.Operation, name="pack"):
        xs: Operands[c.AnyType]
        rs: Results[c.AnyInteger]
        assembly_format = "(`(` $xs^ `:` type($xs) `)`)? attr-dict (`->` type($rs)^)?"

    toy.same(
        """
        func.func @f(%arg0: i32, %arg1: f32) {
          toy.pack
          %0:2 = toy.pack(%arg0, %arg1 : i32, f32) -> i1, ui8
          toy.pack(%0#1 : ui8)
          return
        }"""
    )
    assert "result #1 ('rs') must be integer, but got 'f32'" in toy.error('%0:2 = "toy.pack"() : () -> (i1, f32)')


@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("many", [0, 1, 3])
def test_one_variadic_among_single_ones(toy, before, many):
    class Mixed(toy.Operation, name="mixed"):
        a: Operand[c.I1]
        xs: Operands[c.I32]
        z: Operand[c.F32]
        r: Result[c.I1]
        rs: Results[c.I32]
        assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    toy.context()
    xs = ", ".join(["%i"] * many)
    operands = ", ".join(filter(None, ["%b", xs, "%f"]))
    types = ", ".join(["i1", *["i32"] * many, "f32"])
    results = ", ".join(["i1", *["i32"] * before])
    count = f":{before + 1}" if before else ""
    text = f"%0{count} = toy.mixed {operands} : ({types}) -> {f'({results})' if before else 'i1'}"
    module = toy.parse(f"func.func @f(%b: i1, %i: i32, %f: f32) {{ {text} return }}")
    op = module.body.operations[0].regions[0].blocks[0].operations[0]
    assert str(op.a.type) == "i1"
    assert [str(x.type) for x in op.xs] == ["i32"] * many
    assert str(op.z.type) == "f32"
    assert str(op.r.type) == "i1"
    assert len(op.rs) == before
    toy.roundtrip(f"func.func @f(%b: i1, %i: i32, %f: f32) {{ {text} return }}")


class TestSeveralOpenGroups:
    @pytest.fixture
    def op(self, toy):
        class Groups(toy.Operation, name="groups"):
            xs: Operands[c.I32]
            m: OptionalOperand[c.AnyType]
            y: Operand[c.F32]
            zs: Operands[c.AnyType]
            rs: Results[c.I32]
            q: OptionalResult[c.AnyType]
            assembly_format = (
                "`(` $xs `)` (`m` $m^ `:` type($m))? $y `[` ($zs^ `:` type($zs))? `]` attr-dict "
                "`->` `(` type($rs) `)` (`,` type($q)^)?"
            )

        return Groups

    TEXT = """
        func.func @f(%arg0: i32, %arg1: f32) {
          toy.groups () %arg1 [] -> ()
          %0:2 = toy.groups (%arg0, %arg0) %arg1 [%arg1, %arg0 : f32, i32] -> (i32, i32)
          %1:2 = toy.groups (%arg0) m %arg1 : f32 %arg1 [] -> (i32), f64
          %2 = toy.groups () m %arg0 : i32 %arg1 [%arg0 : i32] -> (), f32
          return
        }"""

    def test_trip(self, toy, op):
        printed = toy.roundtrip(self.TEXT)
        assert printed == toy.roundtrip(printed)
        assert "operandSegmentSizes" not in printed
        assert "resultSegmentSizes" not in printed

    def test_fields(self, toy, op):
        module = toy.parse(self.TEXT)
        last = module.body.operations[0].regions[0].blocks[0].operations[3]
        assert isinstance(last, op)
        assert last.xs == []
        assert str(last.m.type) == "i32"
        assert len(last.zs) == 1
        assert last.rs == []
        assert str(last.q.type) == "f32"

    @pytest.mark.parametrize(
        ("sizes", "message"),
        [
            ("array<i32: 0, 0, 1>", "attribute 'operandSegmentSizes' must be i32 dense array attribute of 4 elements"),
            ("array<i32: -1, 0, 1, 1>", "operand group 'xs' cannot have -1 element(s)"),
            ("array<i32: 0, 2, 1, 0>", "operand group 'm' cannot have 2 element(s)"),
            ("array<i32: 0, 0, 0, 1>", "operand group 'y' cannot have 0 element(s)"),
            ("array<i32: 0, 0, 1, 1>", "'operandSegmentSizes' adds up to 2, but the op has 1 operands"),
            ("array<i32: 2147483647, 0, 1, 2147483647>", "'operandSegmentSizes' adds up to 4294967295"),
            ("array<i64: 0, 0, 1, 0>", "attribute 'operandSegmentSizes' must be"),
            ("[0, 0, 1, 0]", "attribute 'operandSegmentSizes' must be"),
        ],
    )
    def test_wrong_sizes(self, toy, op, sizes, message):
        for form in ("<{%s}>", "{%s}"):
            attributes = form % f"operandSegmentSizes = {sizes}, resultSegmentSizes = array<i32: 0, 0>"
            said = toy.error(f'func.func @f(%a: f32) {{ "toy.groups"(%a) {attributes} : (f32) -> () return }}')
            assert message.split(" must be")[0] in said

    def test_no_sizes(self, toy, op):
        said = toy.error('func.func @f(%a: f32) { "toy.groups"(%a) : (f32) -> () return }')
        assert "'operandSegmentSizes'" in said


def test_default_format_of_several_groups_keeps_the_sizes(toy):
    class Plain(toy.Operation, name="plain"):
        xs: Operands[c.AnyType]
        ys: Operands[c.AnyType]
        rs: Results[c.AnyType]
        qs: Results[c.AnyType]

    toy.same(
        """
        func.func @f(%arg0: i32, %arg1: f32) {
          toy.plain {operandSegmentSizes = array<i32: 0, 0>}
          %0:3 = toy.plain %arg0, %arg1 {operandSegmentSizes = array<i32: 2, 0>, resultSegmentSizes = array<i32: 1, 2>} : i32, f32 -> i1, i2, i3
          return
        }"""  # noqa: E501 - one line of IR
    )
    two = "func.func @f(%a: i32) { toy.plain %a, %a {operandSegmentSizes = array<i32: 1, 0>} : i32, i32 return }"
    assert "expected 'operandSegmentSizes' to give 1 operands, but found 2" in toy.error(two)
    none = "func.func @f(%a: i32) { toy.plain %a : i32 return }"
    assert "requires attribute 'operandSegmentSizes' with 2 elements" in toy.error(none)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"toy.one"() : () -> i32', "expected 1 operand, but found 0"),
        ('"toy.one"(%a, %a) : (i32, i32) -> i32', "expected 1 operand, but found 2"),
        ('"toy.one"(%a) : (i32) -> ()', "expected 1 result, but found 0"),
        ('"toy.one"(%a) : (i32) -> (i32, i32)', "expected 1 result, but found 2"),
        ('"toy.one"(%a) ({}) : (i32) -> i32', "expected 0 regions, but found 1"),
        ('"toy.one"(%a)[^bb] : (i32) -> i32', "successors in non-terminator"),
        ('"toy.one"(%f) : (f32) -> i32', "operand #0 ('a') must be 32-bit signless integer, but got 'f32'"),
        ('"toy.one"(%a) : (i32) -> f32', "result #0 ('r') must be 32-bit signless integer, but got 'f32'"),
        ("toy.one %f", "use of value '%f' expects different type"),
        ("toy.one", "expected SSA operand"),
        ("toy.one %a, %a", "expected"),
    ],
)
def test_wrong_counts_and_types(toy, text, message):
    class One(toy.Operation, name="one"):
        a: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$a attr-dict"

    said = toy.error(f"func.func @f(%a: i32, %f: f32) {{ {text}\n cf.br ^bb\n ^bb: return }}")
    assert message in said


def test_infer_gives_the_results(toy):
    class Split(toy.Operation, name="split", traits=[t.Pure]):
        xs: Operands[c.AnyType]
        times: Attribute[c.I64Attr] = 1
        rs: Results[c.AnyType]
        assembly_format = "$xs (`times` $times^)? attr-dict `:` type($xs)"

        @staticmethod
        def infer(xs, times):
            if times < 0:
                raise VerifyError(f"expected no negative number of times, found {times}")
            return list(xs) * times

    toy.same(
        """
        func.func @f(%arg0: i32, %arg1: f32) {
          %0:2 = toy.split %arg0, %arg1 : i32, f32
          %1:4 = toy.split %arg0, %arg1 times 2 : i32, f32
          toy.split %arg0 times 0 : i32
          return
        }"""
    )
    assert "expected no negative number of times, found -2" in toy.error(
        "func.func @f(%a: i32) { toy.split %a times -2 : i32 return }"
    )
    assert "has result type(s) 'i32', but its operands and attributes give 'i32', 'i32'" in toy.error(
        'func.func @f(%a: i32) { %0 = "toy.split"(%a) <{times = 2}> : (i32) -> i32 return }'
    )


def test_abstract_base(toy):
    class Binary(toy.Operation, traits=[t.Pure]):
        """Two of a type."""

        lhs: Operand[c.AnyInteger]
        rhs: Operand[c.AnyInteger]
        result: Result[c.AnyInteger]
        assembly_format = "$lhs `,` $rhs attr-dict `:` type($result)"

        @staticmethod
        def describe():
            return "from the base"

    class Add(Binary, name="add", traits=[t.SameOperandsAndResultType, t.Commutative]):
        """Adds."""

    class Shift(Binary, name="shift", traits=[t.SameOperandsAndResultType, t.Pure]):
        amount: Attribute[c.I64Attr] = 1
        assembly_format = "$lhs `,` $rhs (`by` $amount^)? attr-dict `:` type($result)"

    toy.same(
        """
        func.func @f(%arg0: i32) {
          %0 = toy.add %arg0, %arg0 : i32
          %1 = toy.shift %0, %arg0 by 3 : i32
          return
        }"""
    )
    assert Binary.OPERATION_NAME == ""
    assert Add.describe() == "from the base"
    assert (t.Pure, t.SameOperandsAndResultType, t.Commutative) == Add.TRAITS
    assert (t.Pure, t.SameOperandsAndResultType) == Shift.TRAITS
    assert set(toy.dialect.ops) == {f"{toy.name}.add", f"{toy.name}.shift"}
