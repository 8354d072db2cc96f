# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules whose code is read while libraries are loaded."""

import os
import subprocess
import sys
import sysconfig
from importlib import import_module
from pathlib import Path

import pytest

import mograph

PROGRAM = """
import inspect, sys
from mograph.engine.ahead import read_ahead
answers, before = iter({answers}), [*sys.meta_path]
with read_ahead(("transforms/kit", "nowhere", "dialects"), lambda: next(answers)):
    finder = sys.meta_path[0]
    import mograph.transforms.kit.options, mograph.dialects.mo.conv.conv
    print(*(type(module.__loader__).__name__ for module in (
        mograph.transforms.kit, mograph.transforms.kit.options, mograph.dialects.mo.conv.conv)))
    module = mograph.dialects.mo.conv.conv
    assert finder.find_spec(module.__name__) is None  # what is imported again comes from its file
    assert module.__file__.endswith("conv.py") and module.__spec__.cached.endswith(".pyc")
    assert "class Conv" in inspect.getsource(module)
    assert module.__loader__.get_code(module.__name__).co_filename == module.__file__
assert sys.meta_path == before
"""


@pytest.fixture
def installed(tmp_path: Path) -> str:
    """Where Python finds the package in one folder, as a wheel has it, and an editable installation has not."""
    package = tmp_path / "mograph"
    package.mkdir()
    for source in Path(str(mograph.__file__)).parent.glob("*.py"):
        (package / source.name).symlink_to(source)
    for name in ("dialects", "transforms", "plugins", "targets", "graph", "engine", "tools"):
        (package / name).symlink_to(import_module(f"mograph.{name}").__path__[0])
    for name in ("_llvm", "_native", "_runtime"):
        file = Path(str(import_module(f"mograph.{name}").__file__))
        (package / file.name).symlink_to(file)
    return os.pathsep.join([str(tmp_path), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])


@pytest.mark.parametrize(
    ("answers", "loaders"),
    [
        ("[True] * 1000", "SourceFileLoader _Loader _Loader"),
        ("[False]", "SourceFileLoader SourceFileLoader SourceFileLoader"),
    ],
)
def test_modules_are_read_as_long_as_something_is_busy(answers: str, loaders: str, installed: str) -> None:
    command = [sys.executable, "-S", "-c", PROGRAM.format(answers=answers)]  # without what editable installations add
    environment = {**os.environ, "PYTHONPATH": installed}
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == loaders
