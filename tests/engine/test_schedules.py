# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules are replaced by a kernel's attribute, by plugins and by what is stored; the results stay what they were."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mlir import ir

import mograph
from mograph.engine import default_pipeline
from mograph.graph import Graph, TensorSpec, ops
from mograph.plugins import Host
from mograph.targets.cpu import tuned
from mograph.targets.cpu.host import this_host
from mograph.targets.cpu.schedules import Choice, Sources, numbers, using
from mograph.transforms.kit import Pass, Pipeline

X = np.random.default_rng(0).standard_normal((100, 30), np.float32)
EXPECTED = np.exp(X) / np.exp(X).sum(-1, keepdims=True)


def softmax() -> Any:
    with Graph("g", inputs={"x": TensorSpec([100, 30], "f32")}) as graph:
        graph.output(ops.softmax(graph.inputs.x))
    return graph.module


def choices(host: Host | None = None) -> list[Choice]:
    record: list[Choice] = []
    with using(Sources(record=record)):
        mograph.build(softmax(), host=host)
    return [choice for choice in record if choice.template == "rows"]


class SetSchedule(Pass, name="test-set-schedule", anchor="builtin.module"):
    """Puts an attribute on all kernels."""

    attribute = ""

    def run(self, op: Any) -> None:
        kernels = [each for each in op.regions[0].blocks[0].operations if each.operation.name == "mogg.kernel"]
        assert kernels
        for kernel in kernels:
            kernel.operation.attributes["mogg.schedule"] = ir.Attribute.parse(self.attribute, context=op.context)


def with_attribute(attribute: str) -> Any:
    """Compile with an attribute on the kernel, once kernels are final."""
    SetSchedule.attribute = attribute
    Pipeline(SetSchedule)  # from now on its name is known
    text = default_pipeline()
    assert text.count("mogg-to-linalg") == 1
    return mograph.compile(softmax(), pipeline=text.replace("mogg-to-linalg", "test-set-schedule,mogg-to-linalg"))


def test_attribute_of_a_kernel_stays_with_its_code() -> None:
    found = with_attribute("{rows = {rows = 3, on_stack = false}}")(X)
    assert np.allclose(found, EXPECTED, rtol=1e-5)


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("{rows = {row = 3}}", "template 'rows': expected a field among rows, on_stack, found row"),
        ("{rows = {rows = 0}}", "expected rows of 1 or more, found 0"),
        ("{tiles = {rows = 1}}", "expected templates among .*, found tiles"),
        ("{rows = 3}", "expected a dictionary of templates"),
        ("{rows = {rows = 3.0}}", "expected a dictionary of templates"),
    ],
)
def test_wrong_attribute_is_a_diagnostic_that_names_the_kernel(attribute: str, message: str) -> None:
    with pytest.raises(mograph.DiagnosticError, match=rf"kernel 'softmax\w*'.*{message}"):
        with_attribute(attribute)


def test_plugin_changes_the_schedules_of_a_template(tmp_path: Path) -> None:
    plugin = tmp_path / "few.py"
    plugin.write_text(
        "from mograph.plugins import api, hookimpl\n"
        "API = 1\n"
        "def refuse(kernel, schedule): return {'rows': 0}\n"
        "@hookimpl\n"
        "def mograph_schedules():\n"
        "    yield api.schedule('rows', ':refuse', target='cpu')\n"
    )
    with pytest.raises(mograph.DiagnosticError, match="expected rows of 1 or more, found 0"):
        mograph.build(softmax(), host=Host(load=[plugin]))


def test_stored_schedules_are_used_by_later_compilations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "schedules.json"
    monkeypatch.setenv(tuned.VARIABLE, str(file))
    (choice,) = {each.key: each for each in choices()}.values()
    tuned.save(tuned.processor_of(this_host()), {choice.key: {"rows": {"rows": 0}}}, file)
    with pytest.raises(mograph.DiagnosticError, match="expected rows of 1 or more, found 0"):
        mograph.build(softmax())
    tuned.save(tuned.processor_of(this_host()), {choice.key: {"rows": {"rows": 3}}}, file)
    assert np.allclose(mograph.compile(softmax())(X), EXPECTED, rtol=1e-5)


KERNELS: dict[str, tuple[Callable[..., Any], list[list[int]]]] = {
    "rows": (ops.softmax, [[50, 130]]),
    "contraction": (ops.matmul, [[70, 90], [90, 50]]),
    "transpose": (lambda x, y: ops.transpose(x, [1, 0]) + y, [[300, 513], [513, 300]]),
    "convolution": (lambda x, y: ops.conv(x, y, strides=[2, 2]), [[1, 30, 23, 21], [41, 30, 3, 3]]),
}


@pytest.mark.parametrize("template", KERNELS)
def test_what_a_template_does_not_refuse_gives_the_same_result(template: str) -> None:
    function, shapes = KERNELS[template]
    inputs = {f"x{number}": TensorSpec(shape, "f32") for number, shape in enumerate(shapes)}
    with Graph("g", inputs=inputs) as graph:
        graph.output(function(*graph.inputs))
    random = np.random.default_rng(0)
    arrays = [random.standard_normal(shape).astype(np.float32) for shape in shapes]
    record: list[Choice] = []
    with using(Sources(record=record)):
        expected = mograph.compile(graph.module)(*arrays)
    choice = next(choice for choice in record if choice.template == template)
    fields = [{name: value} for name, chosen in numbers(choice.schedule).items() for value in other(chosen)]
    refusals: list[str] = []
    for changes in fields:
        try:
            with using(Sources(stored={choice.key: {template: changes}})):
                model = mograph.compile(graph.module)
        except mograph.DiagnosticError as error:
            refusals.append(str(error))
            continue
        assert np.allclose(model(*arrays), expected, rtol=1e-4, atol=1e-4), changes
    assert len(refusals) < len(fields)
    assert all(f"template '{template}': " in refusal for refusal in refusals)


def other(value: int) -> tuple[int, ...]:
    """Numbers besides one, sensible or not."""
    return (not value,) if isinstance(value, bool) else (-1, 0, 3, value // 2, value * 2)


def test_key_of_a_kernel_does_not_depend_on_what_is_around_it() -> None:
    with Graph("g", inputs={"x": TensorSpec([100, 30], "f32"), "y": TensorSpec([7], "f32")}) as graph:
        x, y = graph.inputs
        graph.output(ops.cumsum(y, axis=0), ops.softmax(x))
    record: list[Choice] = []
    with using(Sources(record=record)):
        mograph.build(graph.module)
    assert {choice.key for choice in record if choice.template == "rows"} == {choice.key for choice in choices()}
