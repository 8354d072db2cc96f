# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Passes: what they may do, how they fail, and that nothing is shared."""

from typing import Any

import pytest
from mlir import ir
from mlir.dialects import builtin, func  # noqa: F401  # the classes of their operations

from mograph.transforms.kit import DiagnosticError, Pass, Pipeline, new_context, option, parse, register, statistic


def test_runs_on_its_anchor(module: Any) -> None:
    names = []

    class Names(Pass, name="passes-names", anchor="func.func"):
        """Note the functions' names."""

        def run(self, op: Any) -> None:
            names.append(op.name.value)

    Pipeline(Names).run(module)
    assert sorted(names) == ["f", "g"]
    with pytest.raises(ValueError, match="Can't add pass 'passes-names' restricted to 'func.func'"):
        Pipeline("builtin.module(builtin.module(passes-names))")


def test_anchor_may_be_a_class(module: Any) -> None:
    class Op:
        OPERATION_NAME = "func.func"

    class Anchored(Pass, name="passes-anchored", anchor=Op):
        """Do nothing."""

        def run(self, op: Any) -> None: ...

    assert str(Pipeline(Anchored)) == "builtin.module(func.func(passes-anchored))"


def test_changes_ir(module: Any) -> None:
    class Rename(Pass, name="passes-rename", anchor="func.func"):
        """Rename functions."""

        prefix: str = option("p_", "what names begin with")

        def run(self, op: Any) -> None:
            op.attributes["sym_name"] = ir.StringAttr.get(self.prefix + op.name.value)

    Pipeline(Rename(prefix="x_"), Rename).run(module)
    assert "@p_x_f" in str(module)
    assert "@p_x_g" in str(module)


def test_exception_becomes_a_diagnostic_with_its_place(module: Any) -> None:
    class Boom(Pass, name="passes-boom", anchor="func.func"):
        """Raise."""

        def run(self, op: Any) -> None:
            self.helper(op)

        def helper(self, op: Any) -> None:
            raise RuntimeError(f"in {op.name.value}")

    with pytest.raises(DiagnosticError) as caught:
        Pipeline(Boom).run(module)
    first = caught.value.diagnostics[0]
    assert first.severity == "error"
    assert first.message == "'func.func' op pass 'passes-boom' raised RuntimeError: in f"
    assert (first.file, first.line, first.column) == ("functions.mlir", 2, 1)
    (note,) = first.notes
    assert note.message == "raised here, in helper"
    assert note.file == __file__
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert "mo-opt" in caught.value.command
    assert "func.func(passes-boom)" in caught.value.command


def test_interrupt_goes_on_as_such(module: Any) -> None:
    class Interrupted(Pass, name="passes-interrupted"):
        """Be interrupted."""

        def run(self, op: Any) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Pipeline(Interrupted).run(module)


def test_init_that_raises(module: Any) -> None:
    class Unmade(Pass, name="passes-unmade"):
        """Cannot be made."""

        number: int = option(0, "a number")

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            if self.number:
                raise ValueError("odd number")

        def run(self, op: Any) -> None: ...

    Pipeline(Unmade).run(module)
    with pytest.raises(DiagnosticError, match="pass 'passes-unmade', when it was made, raised ValueError: odd number"):
        Pipeline("passes-unmade{number=1}").run(module)


def test_error_warning_remark_and_notes(module: Any) -> None:
    class Talk(Pass, name="passes-talk"):
        """Talk."""

        fail: bool = option(False, "fail too")

        def run(self, op: Any) -> None:
            function = op.regions[0].blocks[0].operations[0]
            self.remark(function, "a remark", [(op, "at an op"), (function.location, "at a location")])
            self.warning(function, "a warning")
            if self.fail:
                self.error(function, "an error")

    said = Pipeline(Talk).run(module)
    assert [(d.severity, d.message) for d in said] == [("remark", "a remark"), ("warning", "a warning")]
    assert [note.message for note in said[0].notes] == ["at an op", "at a location"]
    assert str(said[1]) == "functions.mlir:2:1: warning: a warning"
    with pytest.raises(DiagnosticError) as caught:
        Pipeline(Talk(fail=True)).run(module)
    assert [d.message for d in caught.value.diagnostics] == ["a remark", "a warning", "'func.func' op an error"]


def test_signal_failure_is_not_silent(module: Any) -> None:
    class Signal(Pass, name="passes-signal"):
        """Fail."""

        def run(self, op: Any) -> None:
            self.signal_failure()

    with pytest.raises(DiagnosticError, match="'builtin.module' op pass 'passes-signal' signalled failure"):
        Pipeline(Signal).run(module)


def test_invalid_ir_is_caught_by_the_verifier(module: Any) -> None:
    class Break(Pass, name="passes-break", anchor="func.func"):
        """Erase the terminator."""

        def run(self, op: Any) -> None:
            list(op.regions[0].blocks[0].operations)[-1].erase()

    with pytest.raises(DiagnosticError, match="block with no terminator"):
        Pipeline(Break).run(module)
    Pipeline(Break, anchor="any").run(parse("func.func @f() { return }"), verify=False)


def test_each_occurrence_and_run_has_an_instance_of_its_own(module: Any) -> None:
    counts: list[int] = []

    class Count(Pass, name="passes-count"):
        """Count runs of this instance."""

        def run(self, op: Any) -> None:
            self.runs = getattr(self, "runs", 0) + 1
            counts.append(self.runs)

    pipeline = Pipeline(Count, Count)
    pipeline.run(module)
    pipeline.run(module)
    assert counts == [1, 1, 1, 1]


def test_statistics(module: Any, capfd: pytest.CaptureFixture[str]) -> None:
    class Statistics(Pass, name="passes-statistics", anchor="func.func"):
        """Count."""

        functions = statistic("how many functions")
        things_seen = statistic("how many things")

        def run(self, op: Any) -> None:
            self.functions += 1
            self.things_seen += 10

    Pipeline(Statistics).run(module, statistics=True)
    shown = capfd.readouterr().err
    assert "(S)  2 functions   - how many functions" in shown
    assert "(S) 20 things-seen - how many things" in shown


def test_what_is_leaked_raises_or_works_but_does_not_crash(module: Any) -> None:
    leaked: dict[str, Any] = {}

    class Leak(Pass, name="passes-leak"):
        """Keep what must not be kept."""

        def run(self, op: Any) -> None:
            leaked.update(op=op, region=op.regions[0], block=op.regions[0].blocks[0], itself=self, handle=self._handle)
            leaked["context"] = op.context

    Pipeline(Leak).run(module)
    for use in (
        lambda: leaked["op"].name,
        lambda: list(leaked["region"].blocks),
        lambda: list(leaked["block"].operations),
    ):
        with pytest.raises(RuntimeError, match="the operation has been invalidated"):
            use()
    with pytest.raises(ValueError, match="the pass has ended"):
        leaked["handle"].preserve_analyses()
    del module
    assert str(parse("", leaked["context"])) == "module {\n}\n"


def test_preserve_analyses_only_while_running(module: Any) -> None:
    class Preserve(Pass, name="passes-preserve"):
        """Change nothing."""

        def run(self, op: Any) -> None:
            self.preserve_analyses()

    Pipeline(Preserve).run(module)


def test_dialects_are_loaded_before_it_runs() -> None:
    class Needs(Pass, name="passes-needs", dialects=["math"]):
        """Make an op of a dialect that the input lacks."""

        def run(self, op: Any) -> None:
            block = op.regions[0].blocks[0]
            with ir.InsertionPoint.at_block_begin(block):
                f32 = ir.F32Type.get()
                one = ir.Operation.create("math.exp", operands=[], results=[f32])
                one.erase()

    context = new_context()
    Pipeline(Needs).run(parse("", context), verify=False)
    assert "math" in str(parse("func.func @f(%a: f32) -> f32 { %0 = math.exp %a : f32 return %0 : f32 }", context))


def test_a_dialect_that_does_not_exist(module: Any) -> None:
    class Lacks(Pass, name="passes-lacks", dialects=["no_such_dialect"]):
        """Need what there is not."""

        def run(self, op: Any) -> None: ...

    with pytest.raises(DiagnosticError, match="pass 'passes-lacks' needs the dialect 'no_such_dialect', which is not"):
        Pipeline(Lacks).run(module)


def test_registering_again_replaces(module: Any) -> None:
    calls = []

    def define(number: int) -> type[Pass]:
        class Again(Pass, name="passes-again"):
            """Say which."""

            def run(self, op: Any) -> None:
                calls.append(number)

        return Again

    for number in (1, 2):
        register(define(number))
        Pipeline("passes-again").run(module)
    assert calls == [1, 2]


def test_mlir_s_own_names_are_taken() -> None:
    class Canonicalize(Pass, name="canonicalize"):
        """Not MLIR's."""

        def run(self, op: Any) -> None: ...

    with pytest.raises(ValueError, match="pass 'canonicalize' cannot be registered: MLIR has a pass or pipeline"):
        register(Canonicalize)


def test_wrong_heads() -> None:
    with pytest.raises(TypeError, match="Wrong: a pass cannot be called 'a b'"):
        type("Wrong", (Pass,), {"run": lambda self, op: None}, name="a b")
    with pytest.raises(TypeError, match="Wrong: driver is 'greedy' or 'walk'; found 'fast'"):
        type("Wrong", (Pass,), {"run": lambda self, op: None}, name="passes-wrong", driver="fast")
    with pytest.raises(TypeError, match="Wrong: a pass has a method `run` or a list `patterns`"):
        type("Wrong", (Pass,), {}, name="passes-wrong")
    with pytest.raises(TypeError, match="expected the name of an op or its class; found <class 'int'>"):
        type("Wrong", (Pass,), {"run": lambda self, op: None}, name="passes-wrong", anchor=int)


def test_runs_a_pipeline_of_other_passes(module: Any) -> None:
    class Small(Pass, name="passes-small", anchor="builtin.module"):
        """Run upstream's passes, on the module and in it."""

        def run(self, op: Any) -> None:
            self.run_pipeline("symbol-privatize", op)
            for function in op.body.operations:
                self.run_pipeline("canonicalize,cse", function)

    Pipeline(Small).run(module)
    assert str(module).count("func.func private") == 2


def test_pipeline_within_a_pass_may_fail(module: Any) -> None:
    class Fails(Pass, name="passes-within-fails"):
        """Fail."""

        def run(self, op: Any) -> None:
            self.error(op, "this fails")

    register(Fails)

    class Runs(Pass, name="passes-within-runs", anchor="func.func"):
        """Run the one that fails."""

        def run(self, op: Any) -> None:
            self.run_pipeline("passes-within-fails", op)

    with pytest.raises(DiagnosticError) as caught:
        Pipeline(Runs).run(module)
    # The functions are tried one after the other or at once, but each says one thing.
    assert {each.message.partition("op ")[2] for each in caught.value.diagnostics} == {"this fails"}


def test_pipeline_within_a_pass_must_parse(module: Any) -> None:
    class Wrong(Pass, name="passes-within-wrong", anchor="func.func"):
        """Run what is no pass."""

        def run(self, op: Any) -> None:
            self.run_pipeline("no-such-pass", op)

    with pytest.raises(DiagnosticError, match="no-such-pass"):
        Pipeline(Wrong).run(module)
