# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command that tests and times a device, on the recording one: rows compile, are captured and replayed."""

import json
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, str(Path(__file__).resolve().parent.parent / "benchmarks" / "gpu")]


def test_it_runs_and_writes_json(tmp_path: Path) -> None:
    options = ["--device", "recording:0", "--small", "--no-tests", "--seconds", "0.001", "--json", "run.json"]
    words = ["softmax", "matmul", "one token"]
    done = subprocess.run([*COMMAND, *options, *words], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["device"]["name"] == "recording:0"
    assert len(run["rows"]) == 5
    for row in run["rows"]:
        assert row["seconds"] > 0
        assert row["compile"] > 0
        assert row["torch"] is None
    assert len(done.stdout.splitlines()) == 6


def test_a_device_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, "--device", "opencl:99"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("no ")
    assert len(done.stderr.splitlines()) == 1
