# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mo-tune times candidates, keeps what is faster and gives the same results, and stores it for later compilations."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

import mograph as mo
from mograph.engine import timing, tuning
from mograph.engine.isolated import isolated
from mograph.targets.cpu import tuned
from mograph.targets.cpu.host import this_host
from mograph.targets.cpu.schedules import Choice, sources
from mograph.targets.devices.recording import RecordingDevice
from mograph.targets.recording import RecordingTarget
from mograph.targets.spirv import SpirvTarget
from mograph.tools.tune import main

MODEL = """
mo.graph @soft(%x: !mo.tensor<[n, 100], f32>, %i: !mo.tensor<[n], si64>) -> !mo.tensor<[n, 100], f32> {
  %y = mo.softmax %x : !mo.tensor<[n, 100], f32>
  %z = mo.gather %y, %i : !mo.tensor<[n, 100], f32>, !mo.tensor<[n], si64>
  mo.output %z : !mo.tensor<[n, 100], f32>
}
"""


@dataclass(frozen=True)
class Schedule:
    rows: int


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuning.Found]]:
    """Search for a model whose time and results are what functions say of the rows of its two kernels."""

    def run(time: Callable[[int, int], float], result: Callable[[int, int], float] = lambda a, b: 1.0) -> Any:
        def make() -> Any:
            stored = sources().stored
            rows = [stored.get(key, {}).get("t", {}).get("rows", 4) for key in "ab"]
            if 3 in rows:
                raise ValueError("no three rows")

            def model() -> Any:
                return np.float32([result(rows[0], rows[1])])

            times[model] = time(rows[0], rows[1])
            return model

        times: dict[Any, float] = {}
        others = tuple(map(Schedule, (1, 2, 3)))
        monkeypatch.setattr(tuning, "compare", lambda one, other, rounds: times[one] / times[other])
        return list(tuning.tune(make, [Choice(key, "k", "t", Schedule(4), others) for key in "ab"]))

    return run


def test_each_kernel_gets_what_is_fastest_with_those_before(search: Any) -> None:
    found = search(lambda a, b: 1000 * a + 50 * (b if a == 1 else 5 - b))
    assert [(each.fields, each.tried) for each in found] == [({"rows": 1}, 2), ({"rows": 1}, 2)]
    assert found[0].ratio == pytest.approx(1200 / 4050)
    assert found[1].ratio == pytest.approx(1050 / 1200)


def test_what_changes_results_is_not_taken(search: Any) -> None:
    found = search(lambda a, b: a + b, lambda a, b: 2.0 if a == 1 else 1.0)
    assert found[0].fields == {"rows": 2}
    assert search(lambda a, b: a + b, lambda a, b: float("nan") if a < 4 else 1.0)[0].fields == {}


def test_gains_within_noise_are_not_taken(search: Any) -> None:
    assert [each.fields for each in search(lambda a, b: 100 + a + b)] == [{}, {}]


def test_command_stores_what_later_compilations_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.mlir").write_text(MODEL)
    file = tmp_path / "found" / "schedules.json"
    monkeypatch.setattr(tuning, "compare", lambda one, other, rounds: 0.5)
    arguments = [str(tmp_path / "m.mlir"), "--dim", "n=20", "--most", "1", "-o", str(file)]
    assert main([*arguments, "--kernel", "soft"]) == 0
    told = capsys.readouterr().out
    assert ": rows: rows = " in told
    assert "0.50 of the model's time (1 tried)" in told
    assert json.loads(file.read_text())["format"] == tuned.FORMAT
    (changes,) = tuned.load(tuned.processor_of(this_host()), file).values()
    assert set(changes) == {"rows"}


def test_command_takes_inputs_from_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.mlir").write_text(MODEL)
    np.save(tmp_path / "x.npy", np.zeros((2, 100), np.float32))
    arguments = [str(tmp_path / "m.mlir"), "--input", f"x={tmp_path / 'x.npy'}", "--most", "0"]
    assert main([*arguments, "--dim", "n=2", "-o", str(tmp_path / "none.json")]) == 0
    assert "as chosen (0 tried)" in capsys.readouterr().out
    assert not (tmp_path / "none.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.json"], "input 'x': say '--dim n=N', or --input x=FILE"),
        (["-o", "x.json", "--dim", "n"], "--dim n: expected NAME=N"),
        (["-o", "x.json", "--dim", "n=2", "--kernel", "nothing"], "no kernel with a schedule matches 'nothing'"),
        (["--dim", "n=2"], "MOGRAPH_TUNED is empty: say with --output where the results go"),
    ],
)
def test_command_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (tmp_path / "m.mlir").write_text(MODEL)
    assert main([str(tmp_path / "m.mlir"), *arguments]) == 1
    assert message in capsys.readouterr().err


TWO = """
mo.graph @two(%x: !mo.tensor<[64, 96], f32>, %i: !mo.tensor<[64], si64>) -> !mo.tensor<[64, 96], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[96, 96], f32>
  %y = mo.matmul %x, %w : !mo.tensor<[64, 96], f32>, !mo.tensor<[96, 96], f32>
  %g = mo.gather %y, %i : !mo.tensor<[64, 96], f32>, !mo.tensor<[64], si64>
  %z = mo.softmax %g : !mo.tensor<[64, 96], f32>
  mo.output %z : !mo.tensor<[64, 96], f32>
}
"""


def test_kernels_alone_are_scheduled_as_in_the_model() -> None:
    weights = {"w": np.ones((96, 96), np.float32)}
    whole = tuning.choices_of(lambda: mo.compile(TWO, weights=weights))
    kernels = list(isolated(TWO))
    assert [list(kernel.weights.values()) for kernel in kernels if kernel.weights] == [[("f32", (96, 96))]]
    assert {choice.key for choice in whole} == tuning.alone(kernels).keys()
    for kernel in kernels:
        assert np.isfinite(kernel.build()()).all()


def test_kernels_of_unknown_shapes_are_not_alone() -> None:
    assert list(isolated(MODEL)) == []


def test_command_stops_in_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.mlir").write_text(MODEL)
    arguments = [str(tmp_path / "m.mlir"), "--dim", "n=20", "--seconds", "0", "-o", str(tmp_path / "s.json")]
    assert main(arguments) == 3
    assert "1 of 1 schedules were not looked at" in capsys.readouterr().out


def test_what_was_found_before_an_interruption_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.mlir").write_text(TWO)
    save_file({"w": np.ones((96, 96), np.float32)}, tmp_path / "w.safetensors")
    rounds: list[int] = []

    def compare(*_: Any) -> float:
        rounds.append(1)
        if len(rounds) > 2:
            raise KeyboardInterrupt
        return 0.5

    monkeypatch.setattr(tuning, "compare", compare)
    arguments = [str(tmp_path / "m.mlir"), "--weights", str(tmp_path / "w.safetensors"), "--most", "1"]
    assert main([*arguments, "-o", str(tmp_path / "s.json")]) == 3
    told = capsys.readouterr()
    assert "0.50 of the kernel's time (1 tried)" in told.out
    assert "1 of 2 schedules were not looked at" in told.out
    assert "interrupted" in told.err
    assert len(tuned.load(tuned.processor_of(this_host()), tmp_path / "s.json")) == 1


EXP = """
mo.graph @f(%x: !mo.tensor<[100, 32], f32>) -> !mo.tensor<[100, 32], f32> {
  %y = mo.exp %x : !mo.tensor<[100, 32], f32>
  mo.output %y : !mo.tensor<[100, 32], f32>
}
"""


@pytest.fixture
def recording() -> Iterator[RecordingDevice]:
    """A device whose clock says how many threads blocks have, and no other time. Its only kernel gives ones."""
    device = mo.open_device("recording:0")
    assert isinstance(device, RecordingDevice)

    def stand(words: Any, grid: Any, block: Any) -> None:
        device.view(words[-1], [100, 32], "f4")[:] = 1

    device.kernels["elementwise_3200_0"] = stand
    device.clock = lambda commands: sum(block[0] for _, _, _, _, block, _ in commands.trace()) * 1e-3
    yield device
    device.clock = None
    device.kernels.clear()


def test_a_device_is_timed_by_its_own_clock(
    recording: RecordingDevice, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.mlir").write_text(EXP)
    file = tmp_path / "s.json"
    assert main([str(tmp_path / "m.mlir"), "--device", recording.name, "-o", str(file)]) == 0
    assert "threads = 64: 0.25 of the kernel's time" in capsys.readouterr().out
    target = RecordingTarget()
    (changes,) = tuned.load(target.processor, file).values()
    assert changes["gpu_elementwise"]["threads"] == 64
    assert tuned.load(tuned.processor_of(this_host()), file) == {}
    monkeypatch.setenv(tuned.VARIABLE, str(file))
    mo.compile(EXP, device=recording.name)(np.zeros((100, 32), np.float32))
    assert recording.trace[-2][4] == (64, 1, 1)  # the launch, before what is downloaded


def test_results_on_a_device_are_those_of_the_model_that_is_not_tuned(
    recording: RecordingDevice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stand(words: Any, grid: Any, block: Any) -> None:
        recording.view(words[-1], [100, 32], "f4")[:] = block[0] < 128 or 2

    (tmp_path / "m.mlir").write_text(EXP)
    recording.kernels["elementwise_3200_0"] = stand
    arguments = [str(tmp_path / "m.mlir"), "--device", recording.name, "-o", str(tmp_path / "s.json")]
    assert main(arguments) == 0
    assert recording.launches[-1][0] == "elementwise_3200_0"
    assert "threads = 128: 0.50 of the kernel's time" in capsys.readouterr().out


def test_kernels_on_a_device_are_measured_and_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        mo.open_device("opencl:0")
    except mo.DeviceError as error:
        pytest.skip(str(error))
    ratios: list[float] = []

    def compare(one: Any, other: Any, rounds: int) -> float:
        ratios.append(measured(one, other, rounds))
        return 0.5

    measured = tuning.compare
    monkeypatch.setattr(tuning, "compare", compare)
    (tmp_path / "m.mlir").write_text(EXP)
    file = tmp_path / "s.json"
    arguments = [str(tmp_path / "m.mlir"), "--device", "opencl:0", "--most", "2", "--rounds", "1", "-o", str(file)]
    assert main(arguments) == 0
    assert "of the kernel's time (2 tried)" in capsys.readouterr().out
    assert ratios
    assert all(0 < ratio < math.inf for ratio in ratios)
    (changes,) = tuned.load(SpirvTarget().processor, file).values()
    assert set(changes) == {"gpu_elementwise"}
    monkeypatch.setenv(tuned.VARIABLE, str(file))
    x = np.linspace(-1, 1, 3200, dtype=np.float32).reshape(100, 32)
    assert np.allclose(mo.compile(EXP, device="opencl:0")(x), np.exp(x))


@pytest.mark.parametrize(
    ("device", "message"),
    [
        ("opencl:99", "no device opencl:99 that takes SPIR-V"),
        ("nvidia:sm_90a", "'nvidia:sm_90a' is a chip to compile for: name a device to measure on, cuda:0"),
        ("amd:gfx942", "target 'amd' makes code only: it has no devices here"),
        ("nothing", "there is no target 'nothing'"),
    ],
)
def test_schedules_are_measured_on_devices_that_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], device: str, message: str
) -> None:
    (tmp_path / "m.mlir").write_text(EXP)
    if device.startswith("opencl"):
        pytest.importorskip("llvmlite")
    assert main([str(tmp_path / "m.mlir"), "--device", device, "-o", str(tmp_path / "s.json")]) == 1
    assert message in capsys.readouterr().err


def test_models_that_read_from_a_device_are_timed_by_the_host() -> None:
    try:
        mo.open_device("opencl:0")
    except mo.DeviceError as error:
        pytest.skip(str(error))
    model = mo.compile(
        """mo.graph @f(%x: !mo.tensor<[n], si32>) -> !mo.tensor<[1, m], si64> {
          %y = mo.non_zero %x : !mo.tensor<[n], si32> to !mo.tensor<[1, m], si64>
          mo.output %y : !mo.tensor<[1, m], si64>
        }""",
        device="opencl:0",
    )
    timed = timing.on_inputs(model, {"x": np.array([1, 0, 2], np.int32)})
    assert [each.tolist() for each in timed()] == [[[0, 2]]]
    assert timing.seconds(timed, 2) > 0
