# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hooks: what they get, and that what they raise or return becomes a diagnostic at the operation, with its place."""

import pytest
from mlir import ir

from mograph import _native
from mograph.dialects.kit import (
    Attribute,
    Operand,
    Operands,
    OptionalAttribute,
    OptionalOperand,
    Parameter,
    Result,
    Results,
    VerifyError,
    new_context,
)
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.transforms.kit import Pipeline

WRAP = "func.func @f(%a: i32, %f: f32) {{\n  {}\n  return\n}}"


def failing(error):
    def hook(*_):
        raise error

    return hook


ERRORS = {
    "meant": (VerifyError("it is wrong"), "'toy.op' op it is wrong", False),
    "unmeant": (ZeroDivisionError("division by zero"), "'toy.op' op ZeroDivisionError: division by zero", True),
    "empty": (VerifyError(""), "'toy.op' op ", False),
    "unicode": (ValueError("größer als ∞"), "ValueError: größer als ∞", True),
    "exit": (SystemExit(3), "SystemExit: 3", True),
    "key": (KeyError("x"), "KeyError: 'x'", True),
}


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("hook", ["infer", "check", "verify"])
def test_exceptions(toy, hook, kind):
    error, message, noted = ERRORS[kind]

    class Op(toy.Operation, name="op"):
        a: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$a attr-dict"
        if hook == "infer":

            @staticmethod
            def infer(a):
                raise error
        elif hook == "check":

            @staticmethod
            def check(a):
                raise error
        else:

            def verify(self):
                raise error

    said = toy.error(WRAP.format("%0 = toy.op %a"))
    assert message in said
    assert 'error: "-":2:' in said, "at the operation"
    assert (f'raised at {__file__}' in said) == noted


def test_error_that_cannot_be_told(toy):
    class UntoldError(Exception):
        def __str__(self):
            raise RuntimeError("no text")

    class Op(toy.Operation, name="op"):
        assembly_format = "attr-dict"

        def verify(self):
            raise UntoldError

    assert "'toy.op' op" in toy.error("toy.op")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "expected `infer` to give 1 result type(s), but it gave 1|wrong kind"),
        (3, "a Python hook returned a value of the wrong kind"),
        ("i32", "a Python hook returned a value of the wrong kind"),
        ([], "expected `infer` to give 1 result type(s), but it gave 0"),
        (["i32", "i32"], "wrong kind"),
    ],
)
def test_infer_returns_nonsense(toy, value, message):
    class Op(toy.Operation, name="op"):
        r: Result[c.AnyType]
        assembly_format = "attr-dict"

        @staticmethod
        def infer():
            return value

    said = toy.error("%0 = toy.op")
    assert any(part in said for part in message.split("|"))


def test_infer_gives_too_many(toy):
    class Op(toy.Operation, name="op"):
        a: Operand[c.I32]
        r: Result[c.AnyType]
        assembly_format = "$a attr-dict"

        @staticmethod
        def infer(a):
            return a, a

    assert "expected `infer` to give 1 result type(s), but it gave 2" in toy.error(WRAP.format("%0 = toy.op %a"))


def test_infer_gives_what_the_constraint_forbids(toy):
    class Op(toy.Operation, name="op"):
        a: Operand[c.I32]
        r: Result[c.F32]
        assembly_format = "$a attr-dict"

        @staticmethod
        def infer(a):
            return a

    said = toy.error(WRAP.format("%0 = toy.op %a"))
    assert "has result type(s) 'f32', but its operands and attributes give 'i32'" in said


def test_what_hooks_get(toy):
    seen = []

    class Tensor(toy.Type, name="tensor"):
        shape: Parameter[c.Dims]
        assembly_format = "`<` $shape `>`"

    class Op(toy.Operation, name="op"):
        a: Operand[Tensor]
        m: OptionalOperand[c.AnyType]
        xs: Operands[c.AnyType]
        axis: Attribute[c.I64Attr] = 2
        flag: OptionalAttribute[c.UnitAttr]
        name_: OptionalAttribute[c.StrAttr]
        r: Result[c.AnyType]
        rs: Results[c.AnyType]

        @staticmethod
        def check(rs, xs, a, m, axis, flag, name_, r):
            seen.append((rs, xs, a, m, axis, flag, name_, r))

    toy.parse(
        """
        func.func @f(%a: !toy.tensor<[n, 3]>, %i: i32) {
          %0:2 = "toy.op"(%a, %i, %i) <{operandSegmentSizes = array<i32: 1, 0, 2>, name_ = "x"}>
            : (!toy.tensor<[n, 3]>, i32, i32) -> (i32, f32)
          return
        }"""
    )
    ((rs, xs, a, m, axis, flag, name_, r),) = seen
    assert isinstance(a, Tensor)
    assert [str(dim) for dim in a.shape] == ["n", "3"]
    assert isinstance(xs, tuple)
    assert all(isinstance(x, ir.IntegerType) for x in xs)
    assert (m, axis, flag, name_, str(r)) == (None, 2, False, "x", "i32")
    assert [str(x) for x in rs] == ["f32"]


def test_answers_are_remembered(toy):
    calls = {"infer": 0, "check": 0, "verify": 0}

    class Op(toy.Operation, name="op"):
        a: Operand[c.AnyInteger]
        axis: Attribute[c.I64Attr] = 0
        r: Result[c.AnyInteger]
        assembly_format = "$a (`axis` $axis^)? attr-dict `:` type($a)"

        @staticmethod
        def infer(a):
            calls["infer"] += 1
            return a

        @staticmethod
        def check(a):
            calls["check"] += 1

        def verify(self):
            calls["verify"] += 1

    ops = "\n".join([f"%x{i} = toy.op %a : i32" for i in range(50)] + ["%y = toy.op %a axis 1 : i32"])
    toy.parse(WRAP.format(ops))
    assert calls == {"infer": 2, "check": 2, "verify": 51}


@pytest.mark.parametrize(
    ("folded", "warning"),
    [
        (lambda op: None, ""),
        (lambda op: op.a, None),
        (lambda op: [op.a], None),
        (lambda op: op.b, "it gave 1 value(s) that do not fit the result type(s) 'i32'"),
        (lambda op: [op.a, op.a], "it gave 2 value(s) that do not fit"),
        (lambda op: 3, "fold failed"),
        (lambda op: [None], "fold failed"),
        (lambda op: [], ""),
        (lambda op: 1 // 0, "ZeroDivisionError"),
        (lambda op: ir.StringAttr.get("x"), ""),
    ],
)
def test_fold(toy, folded, warning, capfd):
    class Op(toy.Operation, name="op", traits=[t.Pure]):
        a: Operand[c.I32]
        b: Operand[c.F32]
        r: Result[c.I32]
        assembly_format = "$a `,` $b attr-dict"

        @staticmethod
        def fold(op):
            return folded(op)

    text = "func.func @f(%a: i32, %f: f32) -> i32 {\n  %0 = toy.op %a, %f\n  return %0 : i32\n}"
    module = toy.parse(text)
    said = []
    with module.context as context:
        handler = context.attach_diagnostic_handler(lambda each: said.append(str(each)) or True)
        diagnostics = Pipeline("builtin.module(canonicalize)").run(module)
        handler.detach()
    said += [str(each) for each in diagnostics]
    result = toy.body(module)
    assert ("toy.op" not in result) == (warning is None)
    if warning:
        assert warning in "\n".join(said)


def test_fold_to_a_constant_of_the_dialect(toy):
    class Constant(toy.Operation, name="constant", traits=[t.Pure, t.ConstantLike]):
        value: Attribute[c.AnyAttrOf(c.I32Attr, c.I8Attr)]
        r: Result[c.AnyInteger]
        assembly_format = "$value attr-dict `:` type($r)"

    class Op(toy.Operation, name="op", traits=[t.Pure]):
        width: Attribute[c.I64Attr]
        r: Result[c.AnyInteger]
        assembly_format = "$width attr-dict `:` type($r)"

        @staticmethod
        def fold(op):
            return ir.IntegerAttr.get(ir.IntegerType.get_signless(op.width), 7)

    text = "func.func @f() -> {0} {{\n  %0 = toy.op {1} : {0}\n  return %0 : {0}\n}}"
    assert "toy.constant 7 : i32 : i32" in toy.run("builtin.module(canonicalize)", text.format("i32", 32))
    # What the constant's own constraint forbids, or what has another type, stays.
    assert "toy.op 16 : i16" in toy.run("builtin.module(canonicalize)", text.format("i16", 16))
    assert "toy.op 8 : i32" in toy.run("builtin.module(canonicalize)", text.format("i32", 8))


def test_fold_with_constant_is_tried_where_there_is_one(toy):
    tried = []

    class Op(toy.Operation, name="op", traits=[t.Pure]):
        a: Operand[c.I32]
        b: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$a `,` $b attr-dict"

        @staticmethod
        def fold_with_constant(op):
            tried.append(str(op.b.owner.name))
            return op.a

    text = (
        "func.func @f(%a: i32, %b: i32) -> i32 {{\n %c = arith.constant 1 : i32\n"
        "%0 = toy.op %a, %{}\nreturn %0 : i32\n}}"
    )
    assert "toy.op" in toy.run("builtin.module(canonicalize)", text.format("b"))
    assert not tried
    assert "toy.op" not in toy.run("builtin.module(canonicalize)", text.format("c"))
    assert tried == ["arith.constant"]


def test_evaluate_folds(toy):
    class Tensor(toy.Type, name="tensor", shaped=("shape", "dtype")):
        shape: Parameter[c.Dims]
        dtype: Parameter[c.TypeAttr]
        assembly_format = "`<` $shape `,` $dtype `>`"

    class Constant(toy.Operation, name="constant", traits=[t.Pure, t.ConstantLike]):
        value: Attribute[c.ElementsAttr]
        r: Result[Tensor]
        assembly_format = "custom<Elements>($value, type($r)) attr-dict"

    class Scale(toy.Operation, name="scale", traits=[t.Pure, t.SameOperandsAndResultType]):
        a: Operand[Tensor]
        by: Attribute[c.I64Attr]
        r: Result[Tensor]
        assembly_format = "$a `by` $by attr-dict `:` type($a)"
        folds = True

        @staticmethod
        def evaluate(a, by):
            if by == 0:
                raise VerifyError("not by nothing")
            if by == 99:
                raise RuntimeError("a bug")
            return a * by

    text = """
        func.func @f() -> !toy.tensor<[2], si32> {{
          %0 = toy.constant dense<[1, 2]> : !toy.tensor<[2], si32>
          %1 = toy.scale %0 by {} : !toy.tensor<[2], si32>
          return %1 : !toy.tensor<[2], si32>
        }}"""
    assert "toy.constant dense<[3, 6]>" in toy.run("builtin.module(canonicalize)", text.format(3))
    assert "by 0" in toy.run("builtin.module(canonicalize)", text.format(0))
    assert "by 99" in toy.run("builtin.module(canonicalize)", text.format(99))


@pytest.mark.parametrize(("answer", "hoisted"), [(True, True), (False, False), (None, False), ("x", False)])
def test_speculatable(toy, answer, hoisted):
    class Op(toy.Operation, name="op"):
        a: Operand[c.I32]
        r: Result[c.I32]
        assembly_format = "$a attr-dict"
        effects = ()

        def speculatable(self):
            if answer is None:
                raise ValueError("not sure")
            return answer

    text = """
        func.func @f(%a: i32, %n: index) {
          %c0 = arith.constant 0 : index
          %c1 = arith.constant 1 : index
          scf.for %i = %c0 to %n step %c1 {
            %0 = toy.op %a
            func.call @use(%0) : (i32) -> ()
          }
          return
        }
        func.func private @use(i32)"""
    toy.dialect.depends_on = ("scf",)
    result = toy.run("builtin.module(loop-invariant-code-motion)", text)
    assert (result.index("toy.op") < result.index("scf.for")) == hoisted


def test_dialect_that_cannot_be_loaded():
    calls = []

    def broken():
        calls.append(1)
        raise ImportError("no module named 'nothing'")

    _native.declare_dialect("broken_dialect", broken)
    _native.declare_dialect("empty_dialect", lambda: None)
    message = "dialect 'broken_dialect' cannot be loaded: ImportError: no module named 'nothing'"
    with new_context() as one, pytest.raises(ir.MLIRError, match=message):
        ir.Module.parse("broken_dialect.op", one)
    message = "'empty_dialect' cannot be loaded: its module was imported, but declared no such dialect"
    with new_context() as other, pytest.raises(ir.MLIRError, match=message):
        ir.Module.parse('"empty_dialect.op"() : () -> ()', other)
    with new_context(), pytest.raises(ir.MLIRError, match="cannot be loaded"):
        ir.Type.parse("!broken_dialect.type")
    assert len(calls) == 1


def test_unknown_dialect():
    with pytest.raises(ValueError, match="unknown dialect 'nothing_of_that_name'"):
        new_context("nothing_of_that_name")


def test_dialects_that_depend_on_each_other(toy, another):
    class Op(toy.Operation, name="op"):
        pass

    class Other(another.Operation, name="op"):
        pass

    toy.dialect.depends_on, another.dialect.depends_on = (another.name,), (toy.name,)
    another.dialect.register()
    with toy.context():
        module = ir.Module.parse(f"{toy.name}.op\n{another.name}.op")
    assert [op.OPERATION_NAME for op in module.body.operations] == [f"{toy.name}.op", f"{another.name}.op"]
