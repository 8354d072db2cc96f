# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules whose code is read while libraries are loaded."""

import subprocess
import sys

import pytest

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


@pytest.mark.parametrize(
    ("answers", "loaders"),
    [
        ("[True] * 1000", "SourceFileLoader _Loader _Loader"),
        ("[False]", "SourceFileLoader SourceFileLoader SourceFileLoader"),
    ],
)
def test_modules_are_read_as_long_as_something_is_busy(answers: str, loaders: str) -> None:
    program = PROGRAM.format(answers=answers)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == loaders
