# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The example's transformer is one block, called several times, and numpy's equal."""

import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "graph" / "run.py"


def test_the_transformer_computes_what_numpy_computes() -> None:
    done = subprocess.run([sys.executable, EXAMPLE], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "graphs: transformer, block; 24 weights for 4 blocks" in done.stdout
    assert "transformer(x: f32[n, 32]) -> y: f32[n, 32]" in done.stdout
    errors = [float(each) for each in re.findall(r"distance from numpy (\S+)", done.stdout)]
    assert len(errors) == 2
    assert max(errors) < 1e-5
