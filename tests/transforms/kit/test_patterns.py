# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Patterns that are declared, and patterns that are functions: what they match, and what is wrong with them."""

from itertools import count
from typing import Any

import pytest
from mlir import ir

from mograph.transforms.kit import (
    DiagnosticError,
    Pass,
    Pattern,
    Pipeline,
    RewritePattern,
    attribute,
    computed_attribute,
    computed_type,
    constraint,
    operand,
    operands,
    ops,
    parse,
    type_,
)

numbers = count()


def apply(*patterns: type, driver: str = "greedy", source: str = "", verify: bool = True) -> str:
    """Apply patterns to the body of a function of two i32 and a f32; return the module as text."""
    module = parse(f"func.func @f(%a: i32, %b: i32, %x: f32) {{\n{source}\nreturn\n}}")
    module.context.allow_unregistered_dialects = True
    name = f"patterns-{next(numbers)}"
    body = {"patterns": patterns, "__doc__": "Apply patterns."}
    Pipeline(type("Apply", (Pass,), body, name=name, driver=driver)).run(module, verify=verify)
    return str(module)


ADD = '%0 = arith.addi %a, %b : i32\n"test.use"(%0) : (i32) -> ()'


@pytest.fixture(autouse=True)
def unregistered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests' modules hold ops that nobody knows."""
    import mograph.transforms.kit.source as source

    make = source.new_context

    def lenient() -> Any:
        context = make()
        context.allow_unregistered_dialects = True
        return context

    monkeypatch.setattr(source, "new_context", lenient)


@pytest.mark.parametrize("driver", ["greedy", "walk"])
def test_an_op_takes_the_root_s_place(driver: str) -> None:
    class Multiply(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)
        replace = ops["arith.muli"](y, x)

    assert "arith.muli %arg1, %arg0" in apply(Multiply, source=ADD, driver=driver)


def test_an_operand_used_twice_must_be_the_same() -> None:
    class Double(Pattern):
        x = operand()
        root = ops["arith.addi"](x, x)
        replace = x

    assert "arith.addi" in apply(Double, source=ADD)
    assert "arith.addi" not in apply(Double, source=ADD.replace("%b", "%a"))


def test_trees_and_types() -> None:
    class Twice(Pattern):
        x = operand(type_("i32"))
        root = ops["test.negate"](ops["test.negate"](x))
        replace = x

    source = """
      %0 = "test.negate"(%a) : (i32) -> i32
      %1 = "test.negate"(%0) : (i32) -> i32
      "test.use"(%1) : (i32) -> ()
      %2 = "test.negate"(%x) : (f32) -> f32
      %3 = "test.negate"(%2) : (f32) -> f32
      "test.use"(%3) : (f32) -> ()
    """
    result = apply(Twice, source=source)
    assert '"test.use"(%arg0) : (i32) -> ()' in result
    assert result.count("test.negate") == 3  # who knows what the inner one does: it stays


def test_result_types_are_matched_and_given() -> None:
    class Convert(Pattern):
        x = operand()
        root = ops["test.convert"](x, results=["f32"])
        replace = ops["test.to"](x, kind="float", times=2, exact=True, by=0.5, each=[1, 2], results=[root.type])

    result = apply(Convert, source='%0 = "test.convert"(%a) : (i32) -> f32\n%1 = "test.convert"(%a) : (i32) -> i64')
    assert '{by = 5.000000e-01 : f64, each = [1, 2], exact = true, kind = "float", times = 2 : i64}' in result
    assert result.count("test.convert") == 1


def test_type_of_one_is_that_of_another() -> None:
    class Same(Pattern):
        x = operand()
        root = ops["test.cast"](x, results=[x.type])
        replace = x

    source = """
      %0 = "test.cast"(%a) : (i32) -> i32
      %1 = "test.cast"(%a) : (i32) -> f32
      "test.use"(%0, %1) : (i32, f32) -> ()
    """
    result = apply(Same, source=source)
    assert result.count("test.cast") == 1
    assert '"test.use"(%arg0, ' in result


def test_attributes_are_variables_constants_or_texts() -> None:
    class Move(Pattern):
        x = operand()
        what = attribute(type="i32")
        root = ops["test.from"](x, what=what, how="fast", code=attribute("7 : i8"))
        replace = ops["test.to"](x, kept=what, results=[root.type])

    line = '%{} = "test.from"(%a) {{what = {}, how = "{}", code = {}}} : (i32) -> i32\n'
    cases = [
        ("3 : i32", "fast", "7 : i8"),
        ("3 : i64", "fast", "7 : i8"),
        ("3 : i32", "slow", "7 : i8"),
        ("3 : i32", "fast", "7 : i9"),
    ]
    result = apply(Move, source="".join(line.format(i, *case) for i, case in enumerate(cases)))
    assert result.count("kept = 3 : i32") == 1
    assert result.count("test.from") == 3


def test_several_results_and_any_operands() -> None:
    class Swap(Pattern):
        x, rest = operand(), operands()
        root = ops["test.two"](x, rest, results=["i32", "f32"])
        made = ops["test.made"](rest, x, results=["f32", "i32"])
        replace = [made[1], made[0]]

    source = '%0:2 = "test.two"(%a, %b, %x) : (i32, i32, f32) -> (i32, f32)\n"test.use"(%0#0, %0#1) : (i32, f32) -> ()'
    result = apply(Swap, source=source)
    assert '"test.made"(%arg1, %arg2, %arg0) : (i32, f32, i32) -> (f32, i32)' in result
    assert '"test.use"(%0#1, %0#0) : (i32, f32)' in result


def test_ellipsis_is_any_number_of_operands() -> None:
    class Forget(Pattern):
        root = ops["test.any"](...)
        erase = True

    assert "test.any" not in apply(Forget, source='"test.any"() : () -> ()\n"test.any"(%a, %b) : (i32, i32) -> ()')


def test_constraints_and_computed_things() -> None:
    class Fold(Pattern):
        c = attribute()
        root = ops["test.double"](value=c)

        @constraint
        def small(c: Any) -> bool:
            return c.value < 10

        @computed_attribute
        def doubled(c: Any) -> Any:
            return ir.IntegerAttr.get(c.type, 2 * c.value) if c.value else None

        @computed_type
        def wide(c: Any, doubled: Any) -> Any:
            return ir.IntegerType.get_signless(doubled.type.width * 2)

        replace = ops["test.constant"](value=doubled, results=[wide])

    line = '%{} = "test.double"() {{value = {} : i16}} : () -> i32\n'
    result = apply(Fold, source="".join(line.format(i, value) for i, value in enumerate([3, 0, 20])))
    assert '"test.constant"() {value = 6 : i16} : () -> i32' in result
    assert result.count("test.double") == 2


def test_rewrite_in_python_after_a_declared_match() -> None:
    class Unroll(Pattern):
        x = operand()
        times = attribute()
        root = ops["test.repeat"](x, times=times)

        def rewrite(rewriter: Any, root: Any, x: Any, times: Any) -> None:
            for _ in range(times.value):
                x = ir.Operation.create("test.step", operands=[x], results=[x.type]).result
            rewriter.replace(root, x)

    result = apply(Unroll, source='%0 = "test.repeat"(%a) {times = 3} : (i32) -> i32\n"test.use"(%0) : (i32) -> ()')
    assert result.count("test.step") == 3
    assert '"test.use"(%2)' in result


def test_benefit_decides() -> None:
    def replacing(name: str, benefit: int) -> type:
        class Replace(Pattern, benefit=benefit):
            x, y = operand(), operand()
            root = ops["arith.addi"](x, y)
            replace = ops[name](x, y)

        return Replace

    low, high = replacing("arith.muli", 1), replacing("arith.subi", 2)
    assert "arith.subi" in apply(low, high, source=ADD)
    assert "arith.subi" in apply(high, low, source=ADD)

    class Callback(RewritePattern, root="arith.addi", benefit=3):
        def match_and_rewrite(self, op: Any, rewriter: Any) -> None:
            rewriter.replace(op, op.operands[0])

    assert "arith.addi" not in apply(low, high, Callback, source=ADD)
    assert "arith.subi" not in apply(low, high, Callback, source=ADD)


def test_patterns_are_inherited() -> None:
    class Base(Pattern):
        x, y = operand(), operand()

    class Derived(Base):
        root = ops["arith.addi"](Base.x, Base.y)
        replace = Base.y

    assert '"test.use"(%arg1)' in apply(Derived, source=ADD)


def test_a_callback_on_any_op() -> None:
    seen = []

    class Everything(RewritePattern):
        def match_and_rewrite(self, op: Any, rewriter: Any) -> bool:
            seen.append(op.operation.name)
            return False

    apply(Everything, source=ADD)
    assert set(seen) >= {"arith.addi", "test.use", "func.return"}


def test_a_callback_is_tried_only_on_what_has_the_operands() -> None:
    source = """
    %c = arith.constant 1 : i32
    %plain = arith.addi %a, %b : i32
    %twice = arith.addi %a, %a : i32
    %constant = arith.addi %a, %c : i32
    %both = arith.addi %constant, %c : i32
    "test.use"(%plain, %twice, %both) : (i32, i32, i32) -> ()
    """
    seen: dict[str, list[str]] = {}

    def noting(name: str, **asked: Any) -> type[RewritePattern]:
        class Noting(RewritePattern, root="arith.addi", label=name, **asked):
            def match_and_rewrite(self, op: Any, rewriter: Any) -> bool:
                seen.setdefault(name, []).append(op.result.get_name())
                return False

        return Noting

    apply(
        noting("all"),
        noting("constant", operands=["arith.constant"]),
        noting("both", operands=["arith.constant", "arith.addi"]),
        noting("same", same_operands=True),
        noting("neither", operands=["arith.subi"]),
        source=source,
    )
    assert {name: len(set(found)) for name, found in seen.items()} == {"all": 4, "constant": 2, "both": 1, "same": 1}
    with pytest.raises(TypeError, match=r"operands is a list of names or classes of ops; found 'arith.addi'"):
        noting("wrong", operands="arith.addi")


def test_rewriting_from_run() -> None:
    class Multiply(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)
        replace = ops["arith.muli"](x, y)

    changed = []

    class Twice(Pass, name="patterns-twice", anchor="func.func"):
        """Apply the pattern twice: the second time there is nothing left."""

        patterns = (Multiply,)

        def run(self, op: Any) -> None:
            changed.extend([self.rewrite(op), self.rewrite(op, max_iterations=1)])

    module = parse("func.func @f(%a: i32) -> i32 { %0 = arith.addi %a, %a : i32 return %0 : i32 }")
    Pipeline(Twice).run(module)
    assert changed == [True, False]
    assert "arith.muli" in str(module)


def test_rewriting_without_patterns() -> None:
    class Without(Pass, name="patterns-without"):
        """Have none."""

        def run(self, op: Any) -> None:
            self.rewrite(op)

    with pytest.raises(DiagnosticError, match="pass 'patterns-without' has no patterns to rewrite with"):
        Pipeline(Without).run(parse(""))


@pytest.mark.parametrize("kind", ["constraint", "computed", "rewrite", "callback", "wrong result"])
def test_exceptions_are_diagnostics_at_the_root(kind: str) -> None:
    class WithConstraint(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)
        replace = x

        @constraint
        def check(x: Any) -> bool:
            raise ValueError("reason")

    class WithComputed(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)

        @computed_attribute
        def value(x: Any) -> Any:
            raise ValueError("reason")

        replace = ops["test.made"](x, value=value, results=["i32"])

    class WithRewrite(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)

        def rewrite(rewriter: Any, root: Any, x: Any) -> None:
            rewriter.replace(root, x)
            raise ValueError("reason")

    class Callback(RewritePattern, root="arith.addi"):
        def match_and_rewrite(self, op: Any, rewriter: Any) -> None:
            rewriter.replace(op, op.operands[0])
            raise ValueError("reason")

    class WrongResult(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)

        @computed_attribute
        def value(x: Any) -> Any:
            return "reason"

        replace = ops["test.made"](x, value=value, results=["i32"])

    patterns = {
        "constraint": WithConstraint,
        "computed": WithComputed,
        "rewrite": WithRewrite,
        "callback": Callback,
        "wrong result": WrongResult,
    }
    with pytest.raises(DiagnosticError, match="reason") as caught:
        apply(patterns[kind], source=ADD + "\n" + ADD.replace("%0", "%1"))
    (error,) = caught.value.diagnostics  # the other ops are not even tried
    assert error.line in (2, 4)
    assert "pattern '" in error.message
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("answer", [True, False])
def test_a_callback_must_tell_the_truth(answer: bool) -> None:
    class Lie(RewritePattern, root="arith.addi"):
        def match_and_rewrite(self, op: Any, rewriter: Any) -> bool:
            if not answer:
                rewriter.replace(op, op.operands[0])
            return answer

    expected = "changed nothing that the rewriter knows of" if answer else "returned False, but it did change the IR"
    with pytest.raises(DiagnosticError, match=expected):
        apply(Lie, source=ADD)


def test_patterns_that_do_not_end_are_stopped() -> None:
    class Flip(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)
        replace = ops["arith.muli"](x, y)

    class Flop(Pattern):
        x, y = operand(), operand()
        root = ops["arith.muli"](x, y)
        replace = ops["arith.addi"](x, y)

    with pytest.raises(DiagnosticError, match="was still changing when the rewrite patterns"):
        apply(Flip, Flop, source=ADD)


def test_pdl_that_is_not_valid() -> None:
    class Text(Pattern):
        x, y = operand(), operand()
        root = ops["arith.addi"](x, y)
        replace = ops["arith.muli"](x, y, flags=attribute("no such attribute"))

    with pytest.raises(DiagnosticError, match="the patterns of pass '.*' cannot be compiled"):
        apply(Text, source=ADD)


def body(**given: Any) -> dict[str, Any]:
    x, y = operand(), operand()
    return {"x": x, "y": y, "root": ops["arith.addi"](x, y), **given}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"Wrong: a pattern has one of replace, rewrite and erase; found none"),
        ({"erase": True, "replace": operand()}, r"found replace and erase"),
        ({"replace": operand()}, r"Wrong\.replace uses the field 'replace' that the pattern does not match"),
        ({"replace": 3}, r"Wrong\.replace: expected a value or an op; found 3"),
        ({"root": 3, "erase": True}, r"Wrong\.root: expected an op"),
        (
            {"erase": True, "check": constraint(lambda z: True)},
            r"Wrong\.check: the parameter 'z' is no field; the fields are: x, y, root",
        ),
        ({"rewrite": lambda rewriter, z: None}, r"Wrong\.rewrite: the parameter 'z' is no field"),
    ],
)
def test_wrong_declarations(given: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        type("Wrong", (Pattern,), body(**given))


def test_wrong_operands_attributes_and_benefits() -> None:
    with pytest.raises(TypeError, match=r"an operand of 'a.b' is a variable, an op or \.\.\.; found 3"):
        ops["a.b"](3)
    with pytest.raises(TypeError, match=r"an attribute is a variable, a bool, int, .*; found <object"):
        ops["a.b"](value=object())
    with pytest.raises(TypeError, match=r"Wrong: benefit is a number from 0 to 65534; found -1"):
        type("Wrong", (Pattern,), body(erase=True), benefit=-1)
    with pytest.raises(TypeError, match=r"Wrong: benefit is a number"):
        type("Wrong", (RewritePattern,), {}, benefit="high")


def test_a_list_of_patterns_holds_patterns() -> None:
    class Wrong(Pass, name="patterns-wrong"):
        """Not patterns."""

        patterns = (int,)

    with pytest.raises(ValueError, match="expected a Pattern with a root, or a RewritePattern; found <class 'int'>"):
        Pipeline(Wrong)


def test_op_classes_make_trees_of_variables() -> None:
    x = operand()
    node = x.pattern_op("arith.addi", [x, x], {"results": ["i32"]})

    class Double(Pattern):
        root = node
        replace = x

    assert "arith.addi" not in apply(Double, source=ADD.replace("%b", "%a"))
