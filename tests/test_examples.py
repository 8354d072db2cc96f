# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each example runs, and finds its own answer right: its exit status says so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
STEPS_IN_NUMPY = 102  # of the same method on the same system; the order of a sum may move the end by one


def run(example: str) -> str:
    """Run an example from outside its folder; give what it prints."""
    done = subprocess.run([sys.executable, EXAMPLES / example / "run.py"], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_digits_are_read_as_scikit_learn_reads_them() -> None:
    printed = run("digits")
    ours = re.search(r"^accuracy +(\S+)", printed, re.MULTILINE)
    theirs = re.search(r"^scikit-learn +(\S+).*; 1797 digits agree$", printed, re.MULTILINE)
    assert ours, printed
    assert theirs, printed
    assert ours[1] == theirs[1]
    assert float(ours[1]) > 0.95


def test_conjugate_gradients_take_as_many_steps_as_in_numpy() -> None:
    printed = run("conjugate_gradient")
    steps = re.search(r"^1024 equations, (\d+) steps", printed, re.MULTILINE)
    assert steps, printed
    assert int(steps[1]) == pytest.approx(STEPS_IN_NUMPY, abs=1)


def test_histogram_is_that_of_the_normal_distribution() -> None:
    printed = run("random_histogram")
    assert re.search(r"^mean [+-]0\.00\d+, standard deviation (1\.00|0\.99)\d+, chi-square", printed, re.MULTILINE)


def test_transformer_of_repeated_layers_agrees_with_numpy() -> None:
    printed = run("graph")
    distance = re.search(r"(\d\.?\d*e-\d+)", printed)
    assert distance, printed
    assert float(distance[1]) < 1e-5
