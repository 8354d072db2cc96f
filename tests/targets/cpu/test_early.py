# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels that go ahead of their module: each is defined once, and everything calls what it should."""

import re

import numpy as np
import pytest
from mlir import ir

import mograph
from mograph.dialects.kit import new_context
from mograph.targets.cpu import CpuTarget, Phase, early, load
from mograph.targets.cpu.builder import find
from mograph.targets.cpu.early import ELSEWHERE, modules_of
from tests.targets.conftest import signature

MODEL = """
!t = tensor<300x200xf32>
!s = tensor<200x200xf32>
func.func @f(%a: !t, %b: !s) -> (!t, !t, !t) {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : !t
  %0 = linalg.fill ins(%z : f32) outs(%e : !t) -> !t
  %1 = linalg.matmul ins(%a, %b : !t, !s) outs(%0 : !t) -> !t
  %2 = linalg.matmul ins(%1, %b : !t, !s) outs(%0 : !t) -> !t
  %3 = linalg.exp ins(%a : !t) outs(%e : !t) -> !t
  %4 = linalg.matmul ins(%3, %b : !t, !s) outs(%0 : !t) -> !t
  return %2, %4, %1 : !t, !t, !t
}"""
FUNCTIONS = """
func.func private @runtime(i64)
func.func private @other(i64)
func.func private @helper(%x: i64) { return }
func.func private @kernel_0(%x: i64) { func.call @runtime(%x) : (i64) -> () return }
func.func private @kernel_1(%x: i64) { func.call @helper(%x) : (i64) -> () return }
func.func private @kernel_2(%x: i64) { return }
func.func private @kernel_3(%x: i64) { return }
func.func @main(%x: i64) { func.call @kernel_0(%x) : (i64) -> () return }
"""


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of each module of kernels, where each kernel is one that is not the last."""
    texts: list[str] = []
    made = early._moved

    def noted(*given: object) -> ir.Module:
        part = made(*given)
        texts.append(str(part))
        return part

    monkeypatch.setattr(early, "LEAST", 1)
    monkeypatch.setattr(early, "_moved", noted)
    monkeypatch.setenv("MOGRAPH_OBJECTS", "")
    return texts


def name(function: ir.Operation) -> str:
    return str(ir.StringAttr(function.attributes["sym_name"]).value)


def defined(module: ir.Module) -> list[str]:
    return [name(op) for op in find(module.operation, "func.func") if len(op.regions[0].blocks)]


def names(text: str) -> list[str]:
    return re.findall(r"func\.func (?:private )?@(\w+)", text)


def test_only_functions_that_need_no_other_one_are_moved(many: list[str]) -> None:
    with new_context("func"), ir.Location.unknown():
        module = ir.Module.parse(FUNCTIONS)
        ready = [op for op in find(module.operation, "func.func") if "kernel" in name(op)]
        parts = list(modules_of(ready, module))
        assert all(each.operation.verify() for each in (module, *parts))
        assert [names(str(each)) for each in parts] == [["runtime", "kernel_0"], ["kernel_2"]]
        assert defined(module) == ["helper", "kernel_1", "kernel_3", "main"]
        left = [name(op) for op in find(module.operation, "func.func") if ELSEWHERE in op.attributes]
    assert left == ["kernel_0", "kernel_2"]


def test_models_are_the_same(many: list[str]) -> None:
    with new_context(), ir.Location.unknown():
        code = CpuTarget().compile(ir.Module.parse(MODEL))
    assert many
    a, b = np.random.default_rng(0).integers(-3, 4, (300, 200)).astype("f"), np.eye(200, k=3, dtype="f")
    outputs = load(code).function(signature("f", [("f32", 300, 200), ("f32", 200, 200)], [("f32", 300, 200)] * 3))(a, b)
    for output, wanted in zip(outputs, (a @ b @ b, np.exp(a) @ b, a @ b), strict=True):
        np.testing.assert_allclose(output, wanted, rtol=1e-6)


def test_what_is_left_of_the_pipeline_runs_on_all(many: list[str]) -> None:
    seen: list[list[str]] = []

    def note(module: ir.Module) -> None:
        seen.append(defined(module))

    target = CpuTarget()
    place = [phase.name for phase in target.pipeline].index("kernels") + 1
    target.pipeline.insert(place, Phase("note", (note,)))
    with new_context(), ir.Location.unknown():
        module = ir.Module.parse(MODEL)
        target.compile(module)
        apart = list(seen)
        del seen[:]
        text = target.lower(module)
    assert len(apart) == len(many) + 1 > 1
    assert len(seen) == 1
    assert sorted(name for each in apart for name in each) == sorted(seen[0])
    assert len(re.findall(r"^define internal ", text, re.MULTILINE)) == len(seen[0]) - 1


def test_one_function_for_kernels_that_do_the_same(many: list[str]) -> None:
    with new_context(), ir.Location.unknown():
        text = CpuTarget().lower(ir.Module.parse(MODEL))
    assert text.count("@mograph_parallel(ptr") > text.count("define internal")


def test_errors_of_passes_on_kernels_are_raised(many: list[str]) -> None:
    def fail(module: ir.Module) -> None:
        raise ValueError("no such luck")

    target = CpuTarget()
    target.pipeline.append(Phase("fail", (fail,)))
    with new_context(), ir.Location.unknown():
        module = ir.Module.parse(MODEL)
        with pytest.raises(ValueError, match="no such luck"):
            target.compile(module)
        assert len(many) == 1


def test_threads_change_no_object(many: list[str]) -> None:
    before = mograph.get_num_threads()
    found = []
    try:
        for threads in (1, 3):
            mograph.set_num_threads(threads)
            with new_context(), ir.Location.unknown():
                found.append(CpuTarget().compile(ir.Module.parse(MODEL)).objects)
    finally:
        mograph.set_num_threads(before)
    assert found[0] == found[1]
