# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attributes of every constraint: their text, their Python value, and what is said of wrong ones."""

import pytest
from mlir import ir

from mograph.dialects.kit import Attribute, OptionalAttribute, Parameter
from mograph.dialects.kit import constraints as c

# Constraint, texts in the op's own form (the printed one first), Python value, a wrong attribute.
KINDS = {
    "any": (c.AnyAttr, ["1.000000e+00 : f32"], None, None),
    "bool": (c.BoolAttr, ["true"], True, "1 : i32"),
    "bool_false": (c.BoolAttr, ["false"], False, '"true"'),
    "str": (c.StrAttr, ['"a\\22 b"'], 'a" b', "1 : i64"),
    "label": (c.Label, ["gpu:1", "gpu : 1", "gpu:01"], "gpu:1", "1 : i64"),
    "label_word": (c.Label, ["cpu"], "cpu", '"a b"'),
    "symbol_name": (c.SymbolNameAttr, ["@main"], "main", '""'),
    "i1": (c.I1Attr, ["true"], True, "1 : i8"),
    "i8": (c.I8Attr, ["-128"], -128, "1 : i64"),
    "i16": (c.I16Attr, ["-3", "-0x3"], -3, "1 : i64"),
    "i32": (c.I32Attr, ["7", "0x7"], 7, "7 : i64"),
    "i64": (c.I64Attr, ["-9223372036854775808"], -(2**63), "7 : i32"),
    "si32": (c.SI32Attr, ["-7"], -7, "7 : i32"),
    "si64": (c.SI64Attr, ["9223372036854775807"], 2**63 - 1, "7 : i64"),
    "ui32": (c.UI32Attr, ["4294967295"], 2**32 - 1, "7 : i32"),
    "ui64": (c.UI64Attr, ["18446744073709551615"], 2**64 - 1, "7 : i64"),
    "index": (c.IndexAttr, ["12"], 12, "12 : i64"),
    "f32": (c.F32Attr, ["5.000000e-01", "0.5"], 0.5, "0.5 : f64"),
    "f64": (c.F64Attr, ["-1.250000e+00", "-1.25"], -1.25, "1 : i64"),
    "f64_nan": (c.F64Attr, ["0x7FF0000000000000"], float("inf"), None),
    "f64_small": (c.F64Attr, ["9.9999999999999995E-7", "0.000001"], 1e-6, None),
    "f64_large": (c.F64Attr, ["1.000000e+20", "1.0e20"], 1e20, None),
    "bounded": (c.IntAttr(minimum=-1, maximum=3), ["3"], 3, "4 : i64"),
    "at_least": (c.IntAttr(c.I32Attr, minimum=2), ["2"], 2, "1 : i32"),
    "dense_i8": (c.DenseI8ArrayAttr, ["[-1, 2]"], (-1, 2), "array<i64: 1>"),
    "dense_i16": (c.DenseI16ArrayAttr, ["[]"], (), "array<i64: 1>"),
    "dense_i32": (c.DenseI32ArrayAttr, ["[1]"], (1,), "array<i64: 1>"),
    "dense_i64": (c.DenseI64ArrayAttr, ["[1, -2]"], (1, -2), "[1, 2]"),
    "dense_f32": (c.DenseF32ArrayAttr, ["[5.000000e-01]"], (0.5,), "array<i64: 1>"),
    "dense_f64": (c.DenseF64ArrayAttr, ["[1.000000e+00]", "[1.0]"], (1.0,), "array<f32: 1.0>"),
    "dense_small": (c.DenseF64ArrayAttr, ["[1.000000e-06]"], (1e-6,), "array<f32: 1.0>"),
    "dense_bool": (c.DenseBoolArrayAttr, ["[true, false]"], (True, False), "array<i64: 1>"),
    "dense_two": (c.DenseI32ArrayOf(2), ["[1, 2]"], (1, 2), "array<i32: 1>"),
    "enum": (c.EnumAttr("none", "tanh"), ["tanh"], "tanh", '"sigmoid"'),
    "type": (c.TypeAttr, ["tensor<2xf32>"], None, '"f32"'),
    "type_of": (c.TypeAttrOf(c.AnyFloat), ["f16"], None, "i8"),
    "array": (c.ArrayAttr, ['[1, "a"]'], None, "1 : i64"),
    "array_i64": (c.I64ArrayAttr, ["[1, -2]"], (1, -2), "[1.0]"),
    "array_str": (c.StrArrayAttr, ['["a", "b"]', '[ "a","b" ]'], ("a", "b"), '["a", 1]'),
    "array_nested": (c.ArrayAttrOf(c.ArrayAttrOf(c.I64Attr)), ["[[1], []]"], ((1,), ()), "[1]"),
    "array_enum": (c.ArrayAttrOf(c.EnumAttr("a", "b")), ["[b, a]"], ("b", "a"), '["c"]'),
    "types": (c.TypeArrayAttr, ["[i32, f32]"], None, "[1]"),
    "symbol": (c.FlatSymbolRefAttr, ["@f"], "f", "@a::@b"),
    "symbol_ref": (c.SymbolRefAttr, ["@a::@b"], None, '"a"'),
    "symbols": (c.SymbolRefArrayAttr, ["[@a, @b::@c]"], None, '["a"]'),
    "dictionary": (c.DictionaryAttr, ["{a = 1 : i64}"], None, "[]"),
    "elements": (c.ElementsAttr, ["dense<1> : tensor<2xi32>"], None, "1 : i32"),
    "typed": (c.TypedAttr, ["1 : i8"], None, "[]"),
    "dims": (c.Dims, ["[4, n, n * 2 + 1]", "[4, n, n + 1 + n]", "[4,n,(n*2)+1]"], None, "[-1]"),
    "any_of": (c.AnyAttrOf(c.I64Attr, c.StrAttr), ['"a"', '"a"'], None, "1 : i32"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kind(toy, kind):
    constraint, texts, value, wrong = KINDS[kind]

    class Op(toy.Operation, name="op"):
        x: Attribute[constraint]
        assembly_format = "$x attr-dict"

    module = toy.parse(f"toy.op {texts[0]}")
    assert toy.roundtrip(f"toy.op {texts[0]}") == f"toy.op {texts[0]}"
    for text in texts[1:]:
        assert toy.pretty(f"toy.op {text}") == f"toy.op {texts[0]}"
    if value is not None:
        found = module.body.operations[0].x
        assert found == value
        assert type(found) is type(value)
    if wrong is not None:
        for form in (f"<{{x = {wrong}}}>", f"{{x = {wrong}}}"):
            assert "'x' must be" in toy.error(f'"toy.op"() {form} : () -> ()')
    assert "requires attribute 'x'" in toy.error('"toy.op"() : () -> ()')
    assert "error" in toy.error("toy.op"), "a required attribute must stand in the text"


@pytest.mark.parametrize("kind", KINDS)
def test_optional_kind(toy, kind):
    constraint, texts, value, _ = KINDS[kind]

    class Op(toy.Operation, name="op"):
        x: OptionalAttribute[constraint]
        y: OptionalAttribute[constraint]
        assembly_format = "(`x` $x^)? (`y` `(` $y^ `)`)? attr-dict"

    for given in ("", f" x {texts[0]}", f" x {texts[0]} y({texts[0]})"):
        assert toy.roundtrip(f"toy.op{given}") == f"toy.op{given}"
    assert toy.parse("toy.op").body.operations[0].x is None


# Those that may come first in a group: the parser sees from the first token whether they are there.
@pytest.mark.parametrize("kind", KINDS)
def test_head_of_a_group(toy, kind):
    constraint, texts, value, _ = KINDS[kind]

    class Op(toy.Operation, name="op"):
        x: OptionalAttribute[constraint]
        assembly_format = "($x^ `end`)? attr-dict"

    for given in ("", f" {texts[0]} end"):
        assert toy.roundtrip(f"toy.op{given}") == f"toy.op{given}"


@pytest.mark.parametrize("kind", [kind for kind, row in KINDS.items() if row[2] is not None])
def test_values_from_python(toy, kind):
    """A Python value makes the attribute that the text makes; as a default too."""
    constraint, texts, value, _ = KINDS[kind]

    class Op(toy.Operation, name="op"):
        x: Attribute[constraint]
        assembly_format = "$x attr-dict"

    class Defaulted(toy.Operation, name="defaulted"):
        x: Attribute[constraint] = value
        assembly_format = "(`x` $x^)? attr-dict"

    with toy.context(), ir.Location.unknown():
        module = ir.Module.create()
        with ir.InsertionPoint(module.body):
            op = Op.build(x=value)
            Defaulted.build()
    assert op.x == value
    assert toy.body(module) == f"toy.op {texts[0]}\ntoy.defaulted"
    assert toy.parse("toy.defaulted").body.operations[0].x == value
    assert toy.roundtrip("toy.defaulted") == "toy.defaulted"
    assert toy.roundtrip(f"toy.defaulted x {texts[0]}") == "toy.defaulted"


def test_unit(toy):
    class Op(toy.Operation, name="op"):
        fast: OptionalAttribute[c.UnitAttr]
        safe: OptionalAttribute[c.UnitAttr]
        assembly_format = "(`fast` $fast^)? attr-dict"

    assert toy.roundtrip("toy.op") == "toy.op"
    assert toy.roundtrip("toy.op fast") == "toy.op fast"
    assert toy.roundtrip("toy.op fast {safe}") == "toy.op fast {safe}"
    first, second = toy.parse("toy.op\ntoy.op fast").body.operations
    assert (first.fast, second.fast) == (False, True)
    second.fast = False
    first.fast = True
    assert (first.fast, second.fast) == (True, False)


def test_default_is_filled_in_and_not_printed(toy):
    class Op(toy.Operation, name="op"):
        axis: Attribute[c.I64Attr] = -1
        name_: Attribute[c.StrAttr] = "none"
        assembly_format = "(`axis` $axis^)? attr-dict"

    assert toy.roundtrip("toy.op") == "toy.op"
    assert toy.generic("toy.op") == '"toy.op"() <{axis = -1 : i64, name_ = "none"}> : () -> ()'
    assert toy.pretty('"toy.op"() : () -> ()') == "toy.op"
    assert toy.pretty('"toy.op"() <{axis = -1 : i64}> : () -> ()') == "toy.op"
    assert toy.roundtrip('toy.op axis 2 {name_ = "x"}') == 'toy.op axis 2 {name_ = "x"}'
    assert toy.parse("toy.op").body.operations[0].axis == -1


def test_discardable_attributes_stay(toy):
    class Op(toy.Operation, name="op"):
        axis: OptionalAttribute[c.I64Attr]
        assembly_format = "attr-dict"

    class Bare(toy.Operation, name="bare"):
        assembly_format = "attr-dict"

    assert toy.roundtrip('toy.op {axis = 2 : i64, other = "x"}') == 'toy.op {axis = 2 : i64, other = "x"}'
    assert toy.generic("toy.op {axis = 2 : i64, other}") == '"toy.op"() <{axis = 2 : i64}> {other} : () -> ()'
    assert toy.roundtrip("toy.bare {other}") == "toy.bare {other}"
    assert "has no property 'other'" in toy.error('"toy.op"() <{other}> : () -> ()')
    assert "has no property 'other'" in toy.error('"toy.bare"() <{other}> : () -> ()')
    assert toy.pretty('"toy.bare"() <{}> : () -> ()') == "toy.bare"


def test_set_and_delete(toy):
    class Op(toy.Operation, name="op"):
        axis: OptionalAttribute[c.I64Attr]
        kind: Attribute[c.EnumAttr("a", "b")]

    module = toy.parse('toy.op {kind = "a"}')
    op = module.body.operations[0]
    with module.context:
        op.axis, op.kind = 3, "b"
        assert toy.body(module) == 'toy.op {axis = 3 : i64, kind = "b"}'
        op.axis = None
        assert toy.body(module) == 'toy.op {kind = "b"}'
        op.kind = "c"
        with pytest.raises(ir.MLIRError, match="must be one of a, b"):
            op.verify()
    del op.attributes["kind"]
    with pytest.raises(ir.MLIRError, match="requires attribute 'kind'"):
        op.verify()


def test_declared_attribute(toy):
    class Device(toy.Attribute, name="device"):
        label: Parameter[c.Label]
        assembly_format = "`<` $label `>`"

    class Op(toy.Operation, name="op"):
        on: Attribute[Device]
        others: OptionalAttribute[c.ArrayAttrOf(Device)]
        assembly_format = "`on` $on (`also` $others^)? attr-dict"

    text = "toy.op on gpu:1 also [cpu, gpu:0] {x = #toy.device<cpu>}"
    assert toy.roundtrip(text) == text
    op = toy.parse(text).body.operations[0]
    assert isinstance(op.on, Device)
    assert op.on.label == "gpu:1"
    assert [device.label for device in op.others] == ["cpu", "gpu:0"]
    assert "'#toy.device' attribute" in toy.error('"toy.op"() <{on = "cpu"}> : () -> ()')


def test_default_of_a_declared_attribute(toy):
    class Device(toy.Attribute, name="device"):
        label: Parameter[c.Label]
        assembly_format = "`<` $label `>`"

    class Op(toy.Operation, name="op"):
        on: Attribute[Device] = toy.own("#toy.device<gpu:0>")
        assembly_format = "(`on` $on^)? attr-dict"

    assert toy.roundtrip("toy.op on gpu:0") == "toy.op"
    assert toy.parse("toy.op").body.operations[0].on.label == "gpu:0"
    assert toy.roundtrip("toy.op on cpu") == "toy.op on cpu"


def test_combined_constraints(toy):
    class Op(toy.Operation, name="op"):
        x: Attribute[c.I64Attr | c.StrAttr]
        y: Attribute[c.ElementsAttr & c.TypedAttr]
        z: Attribute[~c.UnitAttr]

    good = '"toy.op"() <{x = %s, y = dense<0> : tensor<1xi1>, z = 1.0}> : () -> ()'
    toy.roundtrip(good % "1 : i64")
    toy.roundtrip(good % '"a"')
    assert "must be 64-bit signless integer attribute or string attribute" in toy.error(good % "2 : i8")
    assert "must be not unit attribute" in toy.error(good.replace("z = 1.0", "z") % "1 : i64")
    assert "attribute 'y' must be" in toy.error(good.replace("dense<0> : tensor<1xi1>", "1 : i1") % "1 : i64")


@pytest.mark.parametrize(
    ("constraint", "text", "alias"),
    [
        (c.AffineMapAttr, "affine_map<(d0) -> (d0 + 1)>", "#map"),
        (c.LocationAttr, 'loc("a")', "#loc"),
    ],
)
def test_printed_by_an_alias(toy, constraint, text, alias):
    class Op(toy.Operation, name="op"):
        x: Attribute[constraint]
        assembly_format = "$x attr-dict"

    assert toy.roundtrip(f"toy.op {text}") == f"toy.op {alias}"
    assert f"'x' must be {constraint.summary}" in toy.error('"toy.op"() <{x = 1}> : () -> ()')


@pytest.mark.parametrize("text", ["gpu:", ":1", "gpu:01", "gpu:1:2", "gpu:-1", "", "a-b", "1a", f"gpu:{2**64}"])
def test_label_is_what_can_be_read_again(toy, text):
    class Op(toy.Operation, name="op"):
        x: Attribute[c.Label]
        assembly_format = "$x attr-dict"

    assert "attribute 'x' must be a word" in toy.error(f'"toy.op"() <{{x = "{text}"}}> : () -> ()')


@pytest.mark.parametrize("dim", ['"n + n"', '"4"', '"n +"', '""', '"m + n" : i32', "-1", "4 : i32", "4.0", '"n+1"'])
def test_dims_are_in_normal_form(toy, dim):
    class Op(toy.Operation, name="op"):
        x: Attribute[c.Dims]
        assembly_format = "$x attr-dict"

    assert "attribute 'x' must be dimensions" in toy.error(f'"toy.op"() <{{x = [{dim}]}}> : () -> ()')


def test_strings_have_no_type(toy):
    """One with a type would print as one without."""

    class Op(toy.Operation, name="op"):
        x: Attribute[c.StrAttr]
        assembly_format = "$x `:` attr-dict"

    assert toy.roundtrip('toy.op "a" :') == 'toy.op "a" :'
    assert "attribute 'x' must be string attribute" in toy.error('"toy.op"() <{x = "a" : i32}> : () -> ()')


@pytest.mark.parametrize("value", [0, 2**63 - 1, 2**63, 2**64 - 1])
def test_bounds_of_unsigned(toy, value):
    class Op(toy.Operation, name="op"):
        x: Attribute[c.IntAttr(c.UI64Attr, minimum=1, maximum=2**63 - 1)]

    text = f'"toy.op"() <{{x = {value} : ui64}}> : () -> ()'
    if value == 2**63 - 1:
        toy.roundtrip(text)
    else:
        assert "must be 64-bit unsigned integer attribute of at least 1 and at most" in toy.error(text)


def test_declared_attribute_at_the_head_of_a_group(toy):
    class Device(toy.Attribute, name="device"):
        label: Parameter[c.Label]
        assembly_format = "`<` $label `>`"

    class Marked(toy.Attribute, name="marked"):
        index: Parameter[c.I64Attr]
        assembly_format = "`<` `mark` $index `>`"

    class Op(toy.Operation, name="op"):
        x: OptionalAttribute[Device]
        y: OptionalAttribute[Marked]
        assembly_format = "($y^ `end`)? ($x^)? attr-dict"

    for text in ("toy.op", "toy.op gpu:0", "toy.op mark 1 end", "toy.op mark 1 end cpu"):
        assert toy.roundtrip(text) == text


def test_attribute_of_a_group_that_is_not_there(toy):
    class Op(toy.Operation, name="op"):
        a: OptionalAttribute[c.I64Attr]
        b: OptionalAttribute[c.I64Attr]
        assembly_format = "(`a` $a^ `b` $b)? attr-dict"

    assert toy.roundtrip("toy.op {b = 2 : i64}") == "toy.op {b = 2 : i64}"
    assert toy.roundtrip("toy.op a 1 b 2") == "toy.op a 1 b 2"


def test_described():
    assert c.I64Attr.described("an axis").summary == "an axis"
    assert c.I64Attr.described("an axis").python == "int"
