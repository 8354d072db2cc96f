# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmarks' suite of peers: its workers, what agrees, what is recorded, and its page. Needs no peer but numpy."""

import importlib
import io
import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)


def module(name: str) -> Any:
    return importlib.import_module(f"suite.{name}")


def a_row(**changes: Any) -> Any:
    row = module("row")
    return row.Row("r", lambda o, w, x: x @ w["w"], {"x": row.Array((2, 3))}, {"w": row.Array((3, 3))}, **changes)


# Rows


def test_rows_have_names_of_their_own_and_draw_the_same_twice() -> None:
    rows = module("rows").rows()
    assert len({row.name for row in rows}) == len(rows)
    (x, w), again = a_row().draw(), a_row().draw()[0]
    assert x["x"].shape == (2, 3)
    assert w["w"].dtype == np.float32
    assert (x["x"] == again["x"]).all()


def test_every_vocabulary_has_the_words_that_another_has() -> None:
    def words(names: Any) -> set[str]:
        return {name for name in names if name in spoken}

    arrays, ours = module("peers.arrays"), module("peers.graphs")
    spoken = {name for name in vars(arrays) if name.islower() and callable(getattr(arrays, name))} - {"peer"}
    spoken -= {"erf", "partial", "several", "stored"}
    assert {"attention", "conv", "repeat", "layers", "top_k"} <= spoken
    assert words(vars(ours)) == spoken
    for path in ("with_torch", "with_jax", "onnx_model"):
        text = (BENCHMARKS / "suite" / "peers" / f"{path}.py").read_text()
        assert all(f"def {word}(" in text or f"{word}, " in text or f"{word} =" in text for word in spoken), path


def test_weights_of_a_layer_are_called_as_in_its_body() -> None:
    weights = module("row").Weights({"layers.0.w": 1, "layers.1.w": 2, "b": 3}).of_layer("layers.1.")
    assert dict(weights) == {"w": 2}
    assert len(weights) == 1


def test_stored_arrays_come_back(tmp_path: Path) -> None:
    row = module("row")
    arrays = {"a.b": np.arange(3.0), "c": np.zeros((), np.int64)}
    row.store(arrays, tmp_path / "folder")
    back = row.stored(arrays, tmp_path / "folder")
    assert all((back[name] == array).all() and back[name].dtype == array.dtype for name, array in arrays.items())


# What agrees


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([[1.0, 100.0]], None),
        ([[1.009, 100.0]], None),
        ([[1.02, 100.0]], "off by 0.02, of which 0.01 are allowed"),
        ([[np.nan, 100.0]], "off by nan"),
        ([[1.0]], "the shape (1,), expected (2,)"),
        ([[1.0, 100.0], [1.0]], "2 results, expected 1"),
    ],
)
def test_results_agree_within_the_tolerance_of_the_largest(found: Any, reason: str | None) -> None:
    arrays = [np.array(each, np.float32) for each in found]
    told = module("comparison").differs(a_row(tolerance=1e-4), arrays, [np.array([1, 100], np.float32)])
    assert told is None if reason is None else reason in told


def test_integers_agree_exactly_and_random_numbers_by_their_moments() -> None:
    differs, row = module("comparison").differs, a_row(random=True)
    assert differs(a_row(), [np.array([1, 2])], [np.array([1, 2])]) is None
    assert differs(a_row(), [np.array([1, 3])], [np.array([1, 2])]) is not None
    normal, other = (np.random.default_rng(seed).standard_normal(200_000) for seed in (1, 2))
    assert differs(row, [normal], [other]) is None
    assert differs(row, [np.abs(normal)], [other]) is not None


# Workers


def serve(peer: Any, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    worker = module("worker")
    answers = io.StringIO()
    lines = io.StringIO("".join(json.dumps(request) + "\n" for request in requests))
    worker.serve(worker.Worker(peer, lambda: {"r": a_row()}), lines, answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_worker_compiles_runs_stores_and_times(tmp_path: Path) -> None:
    inputs, weights = a_row().draw()
    module("row").store(inputs, tmp_path / "inputs")
    module("row").store(weights, tmp_path / "weights")
    exported, prepared, timed, dropped, refused = serve(
        module("peers.arrays").peer("numpy"),
        {"do": "export", "row": "r", "folder": str(tmp_path)},
        {"do": "prepare", "row": "r", "folder": str(tmp_path), "results": str(tmp_path / "out")},
        {"do": "time", "seconds": 0.001},
        {"do": "drop"},
        {"do": "time", "seconds": 0.001},
    )
    assert exported == dropped == {}
    assert set(prepared) == {"compile", "first"}
    assert timed["times"]
    assert "no row is prepared" in refused["error"]
    assert np.allclose(np.load(tmp_path / "out" / "0.npy"), inputs["x"] @ weights["w"])


@pytest.fixture
def fake() -> Any:
    """A worker that answers what a line of Python makes of each request."""

    def start(answer: str) -> Any:
        lines = ["import json, sys", "print('{}', flush=True)", "for line in sys.stdin:", "    r = json.loads(line)"]
        code = "\n".join([*lines, f"    {answer}"])
        started.append(module("process").Process("fake", command=[sys.executable, "-c", code]))
        assert started[-1].hello(60) == {}
        return started[-1]

    started: list[Any] = []
    yield start
    for process in started:
        process.end()


def test_process_answers_refuses_and_goes_on(fake: Any) -> None:
    worker = fake("print(json.dumps({'error': 'no'} if r['do'] == 'x' else r), flush=True)")
    assert worker.ask(60, "time", seconds=1) == {"do": "time", "seconds": 1}
    with pytest.raises(module("process").WorkerError, match="^no$"):
        worker.ask(60, "x")
    assert worker.alive
    assert worker.ask(60, "y") == {"do": "y"}


def test_process_that_ends_is_an_error(fake: Any) -> None:
    worker = fake("sys.exit(3)")
    with pytest.raises(module("process").WorkerError, match="ended with status 3"):
        worker.ask(60, "time")
    assert not worker.alive


def test_process_that_does_not_answer_is_ended(fake: Any) -> None:
    worker = fake("import time; time.sleep(600)")
    with pytest.raises(module("process").WorkerError, match=r"took more than 0\.2 s"):
        worker.ask(0.2, "time")


def test_a_row_is_measured_in_turn_by_ours_and_numpy(tmp_path: Path) -> None:
    comparison = module("comparison")
    row = next(row for row in module("rows").rows() if row.name == "digits, batch 1")
    settings = comparison.Settings({"mograph": sys.executable, "numpy": sys.executable}, rounds=2, seconds=0.001)
    with comparison.Comparison(settings, tmp_path, module("limits").Limits(tmp_path)) as found:
        assert found.peers == ["numpy", "mograph"]
        measured = found.row(row)
    assert {name: (each.why, len(each.rounds)) for name, each in measured.items()} == {
        "mograph": (None, 2),
        "numpy": (None, 2),
    }
    assert all(each.best <= each.seconds for each in measured.values())


# What is recorded and shown


def a_result(**seconds: float | None) -> Any:
    measured = module("comparison").Measured
    peers = {name: measured([took], [16e9], took) if took else measured(why="cannot") for name, took in seconds.items()}
    return module("record").result(a_row(moved=8_000_000_000, pattern="read"), peers)


def test_ratio_is_to_the_best_peer_and_what_is_attained_to_the_limit() -> None:
    result = a_result(mograph=1.0, numpy=4.0, JAX=2.0, torch=None)
    assert (result["best peer"], result["ratio"]) == ("JAX", 0.5)
    assert result["attained"] == {"limit": "read", "rate": 8e9, "part": 0.5}
    assert result["peers"]["torch"] == {"seconds": None, "why": "cannot"}
    alone = a_result(mograph=1.0)
    assert (alone["best peer"], alone["ratio"]) == (None, None)
    assert a_result(numpy=1.0)["attained"] is None


def test_each_round_is_compared_with_its_own_limit() -> None:
    ours = module("comparison").Measured([1.0, 2.0, 4.0], [16e9, 5e9, 4e9])
    attained = module("record").result(a_row(moved=8_000_000_000, pattern="read"), {"mograph": ours})["attained"]
    assert attained == {"limit": "read", "rate": 4e9, "part": 0.5}
    assert module("record").result(a_row(), {"mograph": ours})["attained"] is None


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_limits_are_measured_one_at_a_time(tmp_path: Path) -> None:
    limits = module("limits").Limits(tmp_path)
    fma, read = limits.measure("fma"), limits.measure("read")
    assert fma > 0
    assert read > 0
    assert limits.typical == {"fma": fma, "read": read}


def test_rows_are_limited_by_arithmetic_or_by_how_they_move_bytes() -> None:
    assert a_row(flops=1, moved=1).limit == "fma"
    assert a_row(moved=1, pattern="add").limit == "add"
    assert a_row().limit is None
    assert a_row(flops=1, measured="compile").limit is None


def test_mean_of_ratios_is_geometric_over_the_rows_that_have_one() -> None:
    mean = module("record").mean_ratio
    results = [a_result(mograph=1.0, numpy=4.0), a_result(mograph=1.0, numpy=1.0), a_result(mograph=1.0)]
    assert mean(results) == pytest.approx(0.5)
    assert mean(results[2:]) is None


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.0, "2.00 s"), (0.0123, "12.3 ms"), (123e-6, "123 us"), (1.5e-7, "150 ns")]
)
def test_times_have_three_digits_and_a_unit(seconds: float, text: str) -> None:
    assert module("table").duration(seconds) == text


def a_run() -> Any:
    comparison = SimpleNamespace(
        versions={"mograph": {"mograph": "1"}, "numpy": {"numpy": "2"}}, missing={"JAX": "gone"}
    )
    results = [a_result(mograph=1.0, numpy=4.0), a_result(mograph=1.0, numpy=None)]
    settings = module("comparison").Settings({})
    return module("record").run(results, {"read": 16e9}, comparison, settings, 0.0)


def test_run_is_plain_data_with_machine_versions_and_limits(tmp_path: Path) -> None:
    record = module("record")
    record.write(a_run(), tmp_path / "folder" / "run.json")
    run = json.loads((tmp_path / "folder" / "run.json").read_text())
    assert run["machine"]["cores"]
    assert run["settings"]["threads"] == 2
    assert [result["ratio"] for result in run["results"]] == [0.25, None]


def test_page_shows_ratios_limits_versions_and_what_is_left_out() -> None:
    text = module("page").markdown(a_run(), "run.json", "plots")
    assert "**0.25**" in text
    assert "| r | 1.00 s | 0.25 | **4.00 s** | 8 GB/s, 50% |" in text
    assert "| read | 16 GB/s |" in text
    assert "- JAX: gone" in text
    assert "- r: numpy: cannot" in text
    assert "plots/ratios.svg" in text


def test_summary_names_the_mean_and_the_reasons() -> None:
    table, run = module("table"), a_run()
    assert table.line(run["results"][0], ["numpy", "mograph"]).split()[:6] == ["r", "1.00", "s", "4.00", "s", "0.25"]
    assert "peer: 0.25" in table.summary(run)
    assert "r: numpy: cannot" in table.summary(run)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["nothing"], "no row has one of"), (["add,", "--peers", "abacus"], "no peer is called abacus")],
)
def test_command_refuses_unknown_rows_and_peers(
    arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["run", *arguments])
    with pytest.raises(SystemExit):
        module("command").main()
    assert message in capsys.readouterr().err
