# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The harness of the benchmarks measures in turn, tells medians and ratios, and knows what is above its limit."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("harness")


def timer(name: str, times: list[float], order: list[str]) -> Callable[[], float]:
    taken: Iterator[float] = iter(times)

    def run() -> float:
        order.append(name)
        return next(taken)

    return run


def test_rounds_are_interleaved_after_a_warm_up(harness: ModuleType) -> None:
    order: list[str] = []
    ours, peer = timer("ours", [9, 1, 2, 3], order), timer("peer", [9, 4, 5, 6], order)
    result = harness.measure(harness.Benchmark("b", ours, 1, peer, "ms", 1e-3, rounds=3))
    assert order == ["ours", "peer"] * 4
    assert result.ours == [1000, 2000, 3000]
    assert result.peer == [4000, 5000, 6000]


@pytest.mark.parametrize(("limit", "within"), [(0.5, True), (0.3, False)])
def test_limit_with_a_peer_is_a_ratio_of_medians(harness: ModuleType, limit: float, within: bool) -> None:
    result = harness.Result("b", "s", limit, [1, 2, 100], [5, 1, 9])
    told = result.as_json()
    assert told["figure"] == pytest.approx(0.4)
    assert told["within"] is within
    assert ("ABOVE" not in str(result)) is within


def test_limit_without_a_peer_is_a_time(harness: ModuleType) -> None:
    told = harness.Result("b", "us", 20, [19, 21, 30]).as_json()
    assert told["limit"] == {"time": 20}
    assert told["figure"] == 21
    assert not told["within"]
    assert "peer" not in told


def test_run_as_json_tells_machine_and_versions(harness: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "results" / "run.json"
    harness.write([harness.Result("b", "s", 1, [0.5])], path)
    run = json.loads(path.read_text())
    assert run["machine"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert run["versions"]["commit"]
    assert [result["name"] for result in run["results"]] == ["b"]


def test_command_that_fails_ends_the_run(harness: ModuleType) -> None:
    with pytest.raises(SystemExit, match="status 3"):
        harness.command(sys.executable, "-c", "import sys; sys.exit(3)")()
