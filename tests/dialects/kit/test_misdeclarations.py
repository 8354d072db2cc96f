# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# ruff: noqa: E501, F401  # the declarations below are texts, which use what is imported; a row holds a declaration and its message, and is easier to read in one line
"""Every misdeclaration fails when the class is made, and names the class and the field."""

import textwrap

import pytest

from mograph.dialects.kit import (
    PARENT,
    Allocate,
    Attribute,
    Call,
    DeclarationError,
    Dialect,
    Forwards,
    Function,
    LoopLike,
    Operand,
    Operands,
    OptionalAttribute,
    OptionalOperand,
    OptionalParameter,
    Parameter,
    Read,
    Region,
    RegionBranch,
    Regions,
    Result,
    Results,
    Successor,
    Successors,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t

NAMES = {name: value for name, value in globals().items() if not name.startswith("_")}

# Body of `class Wrong(Toy.Operation, name="wrong", traits=[...])`, traits, and what the error says after "Wrong".
FORMATS = {
    "a: Operand[c.I32]\nassembly_format = '$b attr-dict'": "unknown field '$b' at column 3 of the assembly format",
    "a: Operand[c.I32]\nassembly_format = '$a'": "the assembly format has no attr-dict",
    "a: Operand[c.I32]\nassembly_format = 'attr-dict'": "operand '$a' does not appear in the assembly format",
    "a: Operand\nassembly_format = '$a attr-dict'": "the type of operand '$a' cannot be known",
    "a: Operand\nassembly_format = 'attr-dict `:` type($a)'": "operand '$a' does not appear",
    "a: Operand\nassembly_format = 'attr-dict `:` type(operands)'": "operand '$a' does not appear",
    "r: Result\nassembly_format = 'attr-dict'": "the type of result '$r' cannot be known",
    "r: Result\nassembly_format = '$r attr-dict'": "result '$r' may only stand inside type(...)",
    "a: Region\nassembly_format = 'attr-dict'": "region '$a' does not appear",
    "a: Operand[c.I32]\nassembly_format = '$a $a attr-dict'": "'$a' is bound twice",
    "a: Operand[c.I32]\nassembly_format = '$a operands attr-dict'": "both 'operands' and single ones",
    "assembly_format = 'attr-dict attr-dict'": "'attr-dict' stands twice",
    "assembly_format = '`x attr-dict'": "unterminated literal",
    "assembly_format = '`x y` attr-dict'": "literal 'x y' is neither a keyword nor punctuation",
    "assembly_format = '`&` attr-dict'": "literal '&' is neither a keyword nor punctuation",
    "assembly_format = 'attr-dict nonsense'": "unknown directive 'nonsense'",
    "assembly_format = 'attr-dict !'": "expected a directive, a literal or a '$' variable",
    "assembly_format = 'attr-dict custom<Nonsense>()'": "unknown custom directive 'Nonsense'",
    "assembly_format = 'attr-dict custom()'": "expected '<'",
    "assembly_format = 'attr-dict custom<Types>()'": "custom<Types> takes the types of operands and results",
    "a: Operands\nassembly_format = '$a attr-dict custom<Types>(type(operands))'": "custom<Types> takes the types",
    "a: Attribute[c.I64Attr]\nassembly_format = 'attr-dict custom<Types>($a)'": "custom<Types> takes the types",
    "assembly_format = 'attr-dict custom<Elements>()'": "custom<Elements> takes an attribute of elements",
    "assembly_format = 'attr-dict custom<Function>()'": "custom<Function> takes nothing, and only for a function",
    "a: Attribute[c.I64Attr]\nr: Result\nassembly_format = 'custom<Elements>($a, type($r)) attr-dict'": "custom<Elements>",
    "a: Attribute[c.I64Attr]\nassembly_format = 'attr-dict type($a)'": "'type' takes operands and results",
    "a: Operands\nassembly_format = '$a attr-dict `:` type($a, $a)'": "expected 1 argument(s)",
    "a: Operands\nassembly_format = '$a attr-dict `:` functional-type($a)'": "expected 2 argument(s)",
    "a: Operands\nassembly_format = '($a `:` type($a))? attr-dict'": "an optional group needs an anchor",
    "a: Operands\nassembly_format = '($a^ `:` type($a)^)? attr-dict'": "exactly one anchor",
    "a: Operands\nassembly_format = '($a^ `:` type($a)) attr-dict'": "expected '?'",
    "a: Operands\nassembly_format = '($a^ `:` type($a)'": "expected ')'",
    "a: Operands\nassembly_format = '(type($a) $a^)? attr-dict'": "an optional group starts with a literal",
    "a: Operand[c.I32]\nassembly_format = '(`x` $a^)? attr-dict'": "the anchor 'a' of an optional group is no field that",
    "a: Attribute[c.I64Attr]\nassembly_format = '(`x` $a^)? attr-dict'": "the anchor 'a' of an optional group",
    "assembly_format = '(`x`^ `y`)? attr-dict'": "the anchor 'x' of an optional group is no field that may be absent",
    "a: Operand[c.I32]\nb: OptionalAttribute[c.I64Attr]\nassembly_format = '(`x` $b^ $a)? attr-dict'": (
        "'$a' is always there, and cannot stand in an optional group"
    ),
    "a: Operand[c.I32]\nb: OptionalAttribute[c.I64Attr]\nassembly_format = '($a $b^)? attr-dict'": (
        "'$a' is always there, and cannot start an optional group"
    ),
    "a: OptionalAttribute[c.I64Attr]\nassembly_format = '(`x` $a^ attr-dict)?'": "'attr-dict' cannot be optional",
    "a: OptionalAttribute[c.UnitAttr]\nassembly_format = '$a attr-dict'": "unit attribute '$a' must stand in an optional",
    "a: OptionalAttribute[c.UnitAttr]\nassembly_format = '($a^)? attr-dict'": "cannot start with the unit attribute '$a'",
    "a: OptionalAttribute[c.UnitAttr]\nb: OptionalAttribute[c.I64Attr]\nassembly_format = '(`x` $b^ $a)? attr-dict'": (
        "unit attribute '$a' must be the anchor of its group"
    ),
    "assembly_format = 'oilist(`x` | `y`) attr-dict'": "clause 'x' of an oilist holds no field",
    "a: OptionalAttribute[c.I64Attr]\nassembly_format = 'oilist($a) attr-dict'": "clause of an oilist starts with a literal",
    "a: Operand[c.I32]\nassembly_format = 'qualified($a) attr-dict'": "'qualified' takes an attribute or a type",
}
FIELDS = {
    "a: 3": ".a: expected one of Operand[...], Result[...]",
    "a: int": ".a: expected one of Operand[...]",
    "a: Operand[3]": ".a: expected a constraint or a declared type or attribute, found 3",
    "a: 'Operand[c.I32]'": "cannot use `from __future__ import annotations` or quote its annotations",
    "a: Parameter[c.I64Attr]": ".a: expected one of Operand[...]",
    "a: Region[c.I32]": ".a: expected a constraint of regions",
    "a: Operand[c.I64Attr]": "'a': expected a constraint of types, found '64-bit signless integer attribute'",
    "a: Attribute[c.I64]": "'a': expected a constraint of attributes, found '64-bit signless integer'",
    "a: Attribute[c.ArrayAttrOf(c.I64)]": "'a': expected a constraint of attributes",
    "a: Attribute[c.TypeAttrOf(c.I64Attr)]": "'a': expected a constraint of types",
    "a: Operand[c.I64 | c.I64Attr]": "'a': expected a constraint of types",
    "a: Attribute[c.EnumAttr()]": "'a': an enumeration needs cases",
    "a: Attribute[c.EnumAttr('x', 'y-z')]": "'a': case 'y-z' of an enumeration is no word",
    "a: Operand[c.Exactly('!builtin.nonsense(')]": "'a': '!builtin.nonsense(' is no type",
    "a: Operand[c.AnyTypeOf('f32', 'g32')]": "'a': 'g32' is no type",
    "a: Operand[c.Constraint('nonsense', 'x')]": "'a': unknown kind of constraint 'nonsense'",
    "name: Attribute[c.StrAttr]": ".name: 'name' means something else on every one",
    "operands: Operands": ".operands: 'operands' means something else",
    "verify: Attribute[c.StrAttr]": ".verify: 'verify' means something else",
    "call: Attribute[c.StrAttr]": ".call: 'call' means something else",
    "_x: Attribute[c.StrAttr]": "._x: '_x' means something else",
    "a: Operands = 3": ".a: only a required attribute or parameter can have a default value",
    "a: OptionalAttribute[c.I64Attr] = 3": ".a: only a required attribute",
    "a: Attribute[c.I64Attr] = 'x'": ".a: expected a value for 64-bit signless integer attribute, found 'x'",
    "a: Attribute[c.I64Attr] = True": ".a: expected a value for 64-bit",
    "a: Attribute[c.IntAttr(minimum=1)] = 0": "'a': the default value must be 64-bit signless integer attribute of at least 1",
    "a: Attribute[c.EnumAttr('x', 'y')] = 'z'": "'a': the default value must be one of x, y",
    "a: Attribute[c.DenseI32ArrayOf(2)] = [1]": "'a': the default value must be i32 dense array attribute of 2 elements",
    "a: Attribute[c.I8Attr] = 1000": "'a': the default value is no attribute",
    "a: Attribute[c.AnyAttr] = '#builtin.nonsense('": "'a': the default value is no attribute",
    "a: Regions\nb: Regions": "at most one field may hold any number of regions",
    "a: Region[c.Args('b')]": "'a': its arguments are those of 'b', which is no operand or result",
    "a: Region[c.SizedRegion(1, terminator='yield')]": "'a': terminator 'yield' is no op's full name",
    "a: Successor": "'a': only an op with the trait Terminator has successors",
}
INTERFACES = {
    "branches = 3": ".branches: expected a RegionBranch, found 3",
    "branches = RegionBranch(entry=[])": "branches: nothing is entered",
    "branches = RegionBranch(entry=['body'])": "branches names 'body', which is no region",
    "body: Region\nbranches = RegionBranch(entry=['body'], other=[PARENT])": "branches names 'other', which is no region",
    "body: Region\nbranches = RegionBranch(entry=['body'], body=['other'])": "branches names 'other'",
    "body: Region\nbranches = RegionBranch(entry=['body'], operands='x', body=[PARENT])": "'x', which is no operand",
    "body: Regions\nbranches = RegionBranch(entry=['body'], body=[PARENT])": "branches: 'body' must be one region",
    "x: Operands\nbody: Region\nbranches = RegionBranch(entry=['body'], selector='x', body=[PARENT])": (
        "branches: 'x' must be one operand"
    ),
    "loop = LoopLike(regions=['body'], inits='x', arguments='body', yields='body')": "loop names 'x', which is no operand",
    "x: Operands\nloop = LoopLike(regions=['body'], inits='x', arguments='body', yields='body')": "'body', which is no region",
    "x: Operands\nbody: Region\nloop = LoopLike(regions=['body'], inits='x', arguments='body', yields='body')": (
        "loop: region 'body' must have one block"
    ),
    "x: Operands\nforwards = Forwards('x')": "forwards: only an op with the trait Terminator",
    "call = Call('callee', 'x')": ".call: 'callee' names no field",
    "callee: Attribute[c.StrAttr]\nx: Operands\ncall = Call('callee', 'x')": "call: 'callee' must be a required symbol reference",
    "callee: OptionalAttribute[c.FlatSymbolRefAttr]\nx: Operands\ncall = Call('callee', 'x')": "call: 'callee' must be a required",
    "callee: Attribute[c.FlatSymbolRefAttr]\ncall = Call('callee', 'x')": "call names 'x', which is no operand",
    "callee: Attribute[c.FlatSymbolRefAttr]\nx: Operands\ncall = Call('callee', 'x', blocks_inlining='y')": "'y' is no attribute",
    "effects = [Read(on='x')]": ".effects: 'x' names no field",
    "x: Region\neffects = [Allocate(on='x')]": "effects: 'x' is no operand or result",
    "function = Function()": ": a function needs the attribute 'sym_name'",
    "folds = True": ".folds: there is no `evaluate` to fold with",
}
HOOKS = {
    "def fold(self): pass\ndef fold_with_constant(self): pass": ".fold_with_constant: there is `fold` already",
    "def infer(self): pass": ".infer: must be a @staticmethod of the fields that it needs",
    "@staticmethod\ndef infer(x): pass": ".infer: parameter 'x' names no field; has ",
    "@staticmethod\ndef check(x): pass": ".check: parameter 'x' names no field",
    "@staticmethod\ndef evaluate(x): pass": ".evaluate: parameter 'x' names no field; has result_shapes",
    "@staticmethod\ndef infer(*x): pass": ".infer: parameter 'x' names no field",
    "def verify(self, x): pass": ".verify: must be a method that takes the operation and nothing else",
    "def verify(self, *, x): pass": ".verify: must be a method that takes the operation and nothing else",
    "@staticmethod\ndef verify(op): pass": ".verify: must be a method that takes the operation and nothing else",
    "@staticmethod\ndef verify(): pass": ".verify: must be a method",
    "verify = 3": ".verify: must be a method",
    "def fold(self, x): pass": ".fold: must be a method",
    "@staticmethod\ndef fold(): pass": ".fold: must be a method",
    "def speculatable(self, *, x): pass": ".speculatable: must be a method",
    "a: Attribute[c.I64Attr]\n@staticmethod\ndef evaluate(a): pass\nfolds = True": ".folds: only an operation with the trait Pure",
}
TRAITS = {
    "'Pure'": "expected traits of the kit, found 'Pure'",
    "t.Trait('Nonsense')": "unknown trait 'Nonsense'",
    "t.HasParent()": "trait HasParent names no op",
    "t.HasParent('while')": "trait HasParent: 'while' is no op's full name",
    "t.SingleBlockImplicitTerminator('yield')": "'yield' is no op's full name",
    "t.AllTypesMatch('x', 'y')": "AllTypesMatch names 'x', which is no operand or result",
    "t.ConstantLike": "a ConstantLike op has the attribute 'value', one result, and no operands or regions",
    "t.Involution": "trait Involution needs one operand",
    "t.Idempotent": "trait Idempotent needs one or two operands",
    "t.SameTypeOperands": "trait SameTypeOperands needs operands",
    "t.SameOperandsAndResultType": "trait SameOperandsAndResultType needs operands and results",
    "t.SameOperandsAndResultShape": "trait SameOperandsAndResultShape needs operands and results",
    "t.SymbolTable": "trait SymbolTable needs one region",
    "t.Symbol": "trait Symbol needs the attribute 'sym_name'",
    "t.ReturnLike": "trait ReturnLike needs the trait Terminator",
}


def declare(toy, base, header, body):
    source = f"class Wrong(Toy.{base}, {header}):\n{textwrap.indent(body, '    ')}\n"
    exec(compile(source, "<test>", "exec", dont_inherit=True), {**NAMES, "Toy": toy.dialect, "toy": toy})


@pytest.mark.parametrize("table", [FORMATS, FIELDS, INTERFACES, HOOKS], ids=["formats", "fields", "interfaces", "hooks"])
def test_operation(toy, table):
    for body, message in table.items():
        with pytest.raises(DeclarationError) as caught:
            declare(toy, "Operation", "name='wrong'", body)
        assert str(caught.value).startswith("Wrong"), body
        assert message in str(caught.value), body
    assert toy.dialect.ops == {}, "what is wrong is not declared"


@pytest.mark.parametrize("trait", TRAITS)
def test_trait(toy, trait):
    with pytest.raises(DeclarationError) as caught:
        declare(toy, "Operation", f"name='wrong', traits=[{trait}]", "pass")
    assert str(caught.value).startswith("Wrong: ")
    assert TRAITS[trait] in str(caught.value)


@pytest.mark.parametrize(
    ("traits", "body", "message"),
    [
        ("t.Pure", "effects = [Read()]", "effects: a Pure op has none"),
        ("t.Terminator, t.ReturnLike", "r: Results", "has neither results nor successors"),
        ("t.Terminator", "a: Operands\nb: Successors\nforwards = Forwards('a')", "has neither results nor successors"),
        ("t.Terminator", "a: Successors\nb: Successors", "at most one field may hold any number of successors"),
        ("t.Terminator", "a: Operands\nforwards = Forwards('b')", "forwards names 'b', which is no operand"),
        ("t.Terminator", "a: Operands\nforwards = Forwards('a', selector='a')", "forwards: 'a' must be one operand"),
        ("t.ConstantLike", "value: OptionalAttribute\nr: Result[c.I32]", "a ConstantLike op has"),
        ("t.ConstantLike", "value: Attribute\nr: Results", "a ConstantLike op has"),
        ("t.Involution", "a: OptionalOperand\nr: Result", "trait Involution needs one operand"),
    ],
)
def test_traits_that_contradict(toy, traits, body, message):
    with pytest.raises(DeclarationError, match="^Wrong: ") as caught:
        declare(toy, "Operation", f"name='wrong', traits=[{traits}]", body)
    assert message in str(caught.value)


DEFINITIONS = {
    "x: Parameter[c.I64Attr]": "parameters need an assembly_format",
    "x: Parameter[c.I64Attr]\nassembly_format = '`<` `>`'": "parameter '$x' does not appear in the assembly format",
    "x: Parameter[c.I64Attr]\nassembly_format = '`<` $x $y `>`'": "unknown field '$y'",
    "x: Parameter[c.I64Attr]\nassembly_format = '`<` $x $x `>`'": "'$x' is bound twice",
    "x: Parameter[c.I64Attr]\nassembly_format = '`<` $x attr-dict `>`'": "'attr-dict' has no meaning for a type",
    "x: Parameter[c.I64Attr]\nassembly_format = '`<` qualified($x) `>`'": "'qualified' has no meaning for a type",
    "x: Parameter[c.I64Attr]\nassembly_format = '`<` (`,` $x^)? `>`'": "the anchor 'x' of an optional group is no field",
    "x: Parameter[c.I64Attr]\ny: OptionalParameter[c.I64Attr]\nassembly_format = '`<` (`,` $y^ $x)? `>`'": (
        "'$x' is always there"
    ),
    "x: OptionalParameter[c.UnitAttr]\nassembly_format = '`<` (`u` $x^)? `>`'": "'x': an optional parameter that is absent",
    "x: Operand[c.I64]": ".x: expected one of Parameter[...]",
    "x: Parameter[3]": ".x: expected a constraint",
    "x: 'Parameter[c.I64Attr]'": "from __future__ import annotations",
    "x: OptionalParameter[c.I64Attr] = 3": ".x: only a required attribute or parameter",
    "x: Parameter[c.I64Attr] = 'y'\nassembly_format = '`<` $x `>`'": ".x: expected a value for 64-bit",
    "get: Parameter[c.I64Attr]\nassembly_format = '`<` $get `>`'": ".get: 'get' means something else",
    "context: Parameter[c.I64Attr]\nassembly_format = '`<` $context `>`'": ".context: 'context' means something else",
}


@pytest.mark.parametrize("base", ["Type", "Attribute"])
def test_definition(toy, base):
    for body, message in DEFINITIONS.items():
        with pytest.raises(DeclarationError) as caught:
            declare(toy, base, "name='wrong'", body)
        assert str(caught.value).startswith("Wrong"), body
        assert message in str(caught.value), body
    assert toy.dialect.types == toy.dialect.attributes == {}


@pytest.mark.parametrize(
    ("shaped", "message"),
    [("('x', 'z')", "shaped names 'z', which is no parameter"), ("('y', 'x')", "shaped names parameters of the dims")],
)
def test_shaped(toy, shaped, message):
    body = "x: Parameter[c.Dims]\ny: Parameter[c.TypeAttr]\nassembly_format = '`<` $x `,` $y `>`'"
    with pytest.raises(DeclarationError, match=message):
        declare(toy, "Type", f"name='wrong', shaped={shaped}", body)


def test_future_annotations(toy):
    source = "from __future__ import annotations\nclass Wrong(Toy.Operation, name='wrong'):\n    a: Operand[c.I32]\n"
    with pytest.raises(DeclarationError, match="Wrong.a: the annotation is the text 'Operand.c.I32.'; .* cannot use `from"):
        exec(source, {**NAMES, "Toy": toy.dialect})


@pytest.mark.parametrize("name", ["", "a b", "1a", "a.", ".a", "é", "a-b", "a..b"])
def test_names(toy, name):
    for base in ("Operation", "Type", "Attribute"):
        with pytest.raises(DeclarationError, match=f"^Wrong: '{name}' is no name"):
            declare(toy, base, f"name={name!r}", "pass")
    with pytest.raises(DeclarationError, match=f"'{name}' is no name"):
        type(Dialect)("Wrong", (Dialect,), {}, name=name)


def test_declared_twice(toy):
    class First(toy.Operation, name="op"):
        pass

    with pytest.raises(DeclarationError, match=r"Second: 'toy\d+\.op' is declared already, by .*First"):

        class Second(toy.Operation, name="op"):
            pass

    class FirstType(toy.Type, name="op"):
        pass

    with pytest.raises(DeclarationError, match=r"SecondType: 'toy\d+\.op' is declared already, by .*FirstType"):

        class SecondType(toy.Type, name="op"):
            pass


def test_field_of_another_kind(toy):
    class Base(toy.Operation):
        a: Operand[c.I32]

    with pytest.raises(DeclarationError, match=r"Derived\.a: a base declares it as another kind of field, operand"):

        class Derived(Base, name="derived"):
            a: Attribute[c.I64Attr]


def test_default_of_a_base_s_field(toy):
    class Base(toy.Operation, name="base"):
        a: Attribute[c.I64Attr] = 1

    class Same(Base, name="same"):
        pass

    class Other(Base, name="other"):
        a = 2

    ops = toy.parse("toy.base\ntoy.same\ntoy.other").body.operations
    assert [op.a for op in ops] == [1, 1, 2]


def test_late_declaration(toy):
    toy.dialect.register()
    with pytest.raises(DeclarationError, match=r"Late: dialect 'toy\d+' is registered already"):

        class Late(toy.Operation, name="late"):
            pass

    with pytest.raises(DeclarationError, match="is registered already"):
        toy.dialect.register()


def test_two_constants(toy):
    for name in ("First", "Second"):
        body = "value: Attribute\nr: Result\nassembly_format = '$value attr-dict `:` type($r)'"
        source = f"class {name}(Toy.Operation, name='{name}', traits=[t.ConstantLike]):\n" + textwrap.indent(body, "    ")
        exec(source, {**NAMES, "Toy": toy.dialect})
    with pytest.raises(DeclarationError, match="^Toy: First and Second are both ConstantLike"):
        toy.dialect.register()


def test_unknown_terminator(toy):
    class Op(toy.Operation, name="op"):
        body: Region[c.SizedRegion(1, terminator=f"{toy.name}.nothing")]

    with pytest.raises(DeclarationError, match=r"Op names 'toy\d+\.nothing', which is no operation of the dialect"):
        toy.dialect.register()


def test_implicit_terminator_of_another_dialect(toy):
    class Op(toy.Operation, name="op", traits=[t.SingleBlockImplicitTerminator("transform.yield")]):
        body: Region

    with pytest.raises(DeclarationError, match="Op: depends_on lacks 'transform', of the implicit terminator"):
        toy.dialect.register()
    toy.dialect.depends_on = ("transform",)
    assert toy.roundtrip("toy.op {\n}") == "toy.op {\n}"


@pytest.mark.parametrize("name", ["builtin", "arith", "func"])
def test_upstream_s_name(name):
    dialect = type(Dialect)("Wrong", (Dialect,), {"__module__": __name__}, name=name)
    with pytest.raises(DeclarationError, match=f"Wrong: there is a dialect '{name}' already: it is upstream's"):
        dialect.register()


def test_same_name_in_two_classes(toy):
    toy.dialect.register()
    again = type(Dialect)("Again", (Dialect,), {"__module__": __name__}, name=toy.name)
    with pytest.raises(DeclarationError, match=r"Again: dialect 'toy\d+' is defined already"):
        again.register()


def test_constraint_functions():
    with pytest.raises(ValueError, match="has 1, not 2"):
        c.SizedRegion(2)
    with pytest.raises(TypeError, match="expected a constraint or a declared type or attribute, found 3"):
        c.ArrayAttrOf(3)
    with pytest.raises(TypeError, match="expected a constraint"):
        _ = c.I32 | 3


def test_of_an_unknown_parameter(toy):
    class Tensor(toy.Type, name="tensor"):
        shape: Parameter[c.Dims]
        assembly_format = "`<` $shape `>`"

    with pytest.raises(DeclarationError, match="Tensor.of: no parameter 'rank'; has shape"):
        Tensor.of(rank=c.I64Attr)
