# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the libraries do once in a process is done beside the imports."""

import subprocess
import sys

import pytest

from mograph import _native
from mograph.engine.rehearsal import rehearse

PROGRAM = """
import os, threading
os.sched_getaffinity = lambda _: {processors}
from mograph.engine import rehearsal
done = []
rehearsal.rehearse = lambda: done.append(threading.current_thread())
from mograph.engine.preload import preload
preload()
print(len(done), threading.main_thread() in done, threading.active_count())
"""


@pytest.mark.parametrize(("processors", "said"), [({0, 1}, "1 False 1"), ({0}, "0 False 1")])
def test_a_thread_rehearses_while_modules_are_imported(processors: set[int], said: str) -> None:
    program = PROGRAM.format(processors=processors)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    assert done.stdout.strip() == said, done.stderr[-2000:]


def test_the_rehearsal_comes_to_its_end() -> None:
    rehearse()


def test_a_rehearsal_gives_code_and_says_what_is_wrong() -> None:
    module = "func.func @f(%a: i32) -> i32 { return %a : i32 }"
    text = _native.rehearse(module, "convert-func-to-llvm")
    assert "define i32 @f(i32" in text
    for source, passes, error in (
        (module, "no-such-pass", "no-such-pass"),
        ("func.func @f(", "cse", "expected"),
        (module, "cse", "cannot be converted"),
    ):
        with pytest.raises(ValueError, match=error):
            _native.rehearse(source, passes)
