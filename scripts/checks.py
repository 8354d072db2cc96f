# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the checks of this project, all of them or those named, and says which failed and how long each took.

Every check runs even after another has failed. What the checks of behaviour execute is measured, in the processes that
pytest and lit start too, and reported by `coverage` for each of them and for both.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COVERAGE = ROOT / "build" / "coverage"
JOBS = "2"


def run(*command: str, **environment: str) -> bool:
    """Run a program of the environment in the checkout; true when it succeeds."""
    print("$", *command, flush=True)
    program = Path(sys.executable).with_name(command[0])
    return subprocess.run([program, *command[1:]], cwd=ROOT, env={**os.environ, **environment}).returncode == 0


def measured(name: str, *command: str) -> bool:
    """Run a command with the lines that it and its children execute recorded under `name`."""
    data = COVERAGE / name
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    environment = {
        "COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml"),
        "COVERAGE_FILE": str(data / "data"),
        "MOGRAPH_CHECKOUT": str(ROOT),
    }
    return run(*command, **environment)


def ruff() -> bool:
    """Style and likely mistakes."""
    return run("ruff", "check", ".")


def types() -> bool:
    """Strict types."""
    return run("python", "scripts/typecheck.py")


def pytest() -> bool:
    """The Python tests, the layer check and the examples in the docs among them."""
    return measured("pytest", "pytest", "--numprocesses", JOBS)


def lit() -> bool:
    """The tests of textual IR, with LLVM's FileCheck."""
    return measured("lit", "lit", "--workers", JOBS, "lit_tests")


def lit_py() -> bool:
    """The same tests with PyPI's filecheck, but for those that name what it lacks."""
    # Budgets of registers take minutes, and are told apart by one line each.
    return run("lit", "--workers", JOBS, "--param", "filecheck=py", "--filter-out", "budgets", "lit_tests")


def docs() -> bool:
    """Whether the generated pages of the documentation are current."""
    pages = ("reference.py", "onnx_table.py", "performance.py")
    return all(run("python", f"scripts/{page}", "--check") for page in pages)


def coverage() -> bool:
    """How much the measured checks executed: each, and together."""
    merged = []
    for name in ("pytest", "lit"):
        if (COVERAGE / name).exists():
            merged.append(str(COVERAGE / name / "data"))
            data = f"--data-file={merged[-1]}"
            if not (run("coverage", "combine", "--quiet", data) and run("coverage", "report", "--format=total", data)):
                return False
    both = f"--data-file={COVERAGE / 'both'}"
    return run("coverage", "combine", "--quiet", "--keep", both, *merged) and run("coverage", "report", both)


CHECKS: dict[str, Callable[[], bool]] = {
    check.__name__.replace("_", "-"): check for check in (ruff, types, docs, pytest, lit, lit_py, coverage)
}


def main() -> int:
    """Run the checks; the status is 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    known = ", ".join(CHECKS)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"which to run, of {known}; all by default")
    chosen = parser.parse_args().checks or list(CHECKS)
    if unknown := [name for name in chosen if name not in CHECKS]:
        parser.error(f"no check is called {', '.join(unknown)}; there are {known}")

    rows = []
    for name in chosen:
        print(f"\n== {name}: {CHECKS[name].__doc__}", flush=True)
        start = time.monotonic()
        passed = CHECKS[name]()
        rows.append((name, passed, time.monotonic() - start))
    print()
    for name, passed, seconds in rows:
        print(f"{name:10} {'passed' if passed else 'FAILED':8} {seconds:6.1f} s")
    return int(not all(passed for _, passed, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
