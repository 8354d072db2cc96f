# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules of kernels for GPUs are replaced by a kernel's attribute, by plugins and by what is stored."""

from pathlib import Path
from typing import Any

import pytest
from mlir import ir

import mograph as mo
from mograph.engine import default_pipeline
from mograph.plugins import Host
from mograph.targets.cpu import tuned
from mograph.targets.cpu.schedules import Choice, Sources, using
from mograph.targets.nvidia import NvidiaTarget
from mograph.transforms.kit import Pass, Pipeline

EXP = """mo.graph @f(%x: !mo.tensor<[100, 30], f32>) -> !mo.tensor<[100, 30], f32> {
  %y = mo.exp %x : !mo.tensor<[100, 30], f32>
  mo.output %y : !mo.tensor<[100, 30], f32>
}"""
DEVICE = "recording:0"
USUAL = (256, 1, 1)


def block(**given: Any) -> Any:
    """The threads of a block of the only kernel."""
    (kernel,) = mo.build(EXP, **{"device": DEVICE, **given})._code.image.kernels.values()  # type: ignore[attr-defined]
    return kernel.block


class SetGpuSchedule(Pass, name="test-set-gpu-schedule", anchor="builtin.module"):
    """Puts an attribute on all kernels."""

    attribute = ""

    def run(self, op: Any) -> None:
        for each in op.regions[0].blocks[0].operations:
            if each.operation.name == "mogg.kernel":
                each.operation.attributes["mogg.schedule"] = ir.Attribute.parse(self.attribute, context=op.context)


def with_attribute(attribute: str, device: str = DEVICE) -> Any:
    SetGpuSchedule.attribute = attribute
    Pipeline(SetGpuSchedule)  # from now on its name is known
    text = default_pipeline(device)
    assert text.count("mogg-to-linalg") == 1
    return block(device=device, pipeline=text.replace("mogg-to-linalg", "test-set-gpu-schedule,mogg-to-linalg"))


def test_attribute_of_a_kernel_stays_with_its_code() -> None:
    assert block() == USUAL
    assert with_attribute("{gpu_elementwise = {threads = 64}}") == (64, 1, 1)


def test_attribute_may_have_templates_of_other_targets() -> None:
    both = "{rows = {rows = 3}, gpu_elementwise = {threads = 64}, mma = {stages = 3}, mfma = {band = 4}}"
    assert with_attribute(both) == (64, 1, 1)


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("{gpu_elementwise = {thread = 3}}", "'gpu_elementwise': expected a field among width, threads, found thread"),
        ("{gpu_elementwise = {width = 3}}", "expected a width that divides 4, found 3"),
        ("{gpu_elementwise = {threads = 2048}}", "expected 1 to 1024 threads, found 2048"),
        ("{tiles = {rows = 1}}", "expected templates among .*gpu_elementwise.*, found tiles"),
        ("{gpu_elementwise = 3}", "expected a dictionary of templates"),
    ],
)
def test_wrong_attribute_is_a_diagnostic_that_names_the_kernel(attribute: str, message: str) -> None:
    with pytest.raises(mo.DiagnosticError, match=rf"kernel 'exp\w*'.*{message}"):
        with_attribute(attribute)


@pytest.mark.parametrize(("target", "device"), [("nvidia", "nvidia:sm_80"), ("recording", DEVICE)])
def test_plugin_changes_the_schedules_of_a_template(tmp_path: Path, target: str, device: str) -> None:
    plugin = tmp_path / "fewer.py"
    plugin.write_text(
        "from mograph.plugins import api, hookimpl\n"
        "API = 1\n"
        "def halve(kernel, schedule): return {'threads': schedule['threads'] // 2}\n"
        "@hookimpl\n"
        "def mograph_schedules():\n"
        f"    yield api.schedule('gpu_elementwise', ':halve', target='{target}')\n"
    )
    host = Host(load=[plugin])
    assert block(host=host, device=device) == (128, 1, 1)
    assert block(host=host, device="amd:gfx942") == USUAL


def test_plugin_for_a_target_is_one_for_its_devices(tmp_path: Path) -> None:
    plugin = tmp_path / "refusing.py"
    plugin.write_text(
        "from mograph.plugins import api, hookimpl\n"
        "API = 1\n"
        "def refuse(kernel, schedule): return {'threads': 0}\n"
        "@hookimpl\n"
        "def mograph_schedules():\n"
        "    yield api.schedule('gpu_elementwise', ':refuse', target='nvidia')\n"
    )
    with pytest.raises(mo.DiagnosticError, match="expected 1 to 1024 threads, found 0"):
        block(host=Host(load=[plugin]), device="cuda:0")


def test_stored_schedules_are_those_of_the_chip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "schedules.json"
    monkeypatch.setenv(tuned.VARIABLE, str(file))
    record: list[Choice] = []
    with using(Sources(record=record)):
        block()
    (choice,) = record
    assert choice.template == "gpu_elementwise"
    tuned.save(NvidiaTarget(chip="sm_80").processor, {choice.key: {choice.template: {"threads": 64}}}, file)
    assert block(device="nvidia:sm_80") == (64, 1, 1)
    assert block(device="nvidia:sm_90a") == block() == USUAL
