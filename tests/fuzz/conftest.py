# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long the fuzzers run, and where they import from."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/fuzz --fuzz-seconds=600` goes on with other seeds, for as long."""
    parser.addoption(
        "--fuzz-seconds", type=float, default=0.0, help="how long each fuzzer goes on after its fixed seed"
    )


@pytest.fixture
def fuzz_seconds(request: pytest.FixtureRequest) -> float:
    return float(request.config.getoption("--fuzz-seconds", default=0.0))
