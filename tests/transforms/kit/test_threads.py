# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Threads: passes, their C++ neighbours and hooks of dialects in Python, on one interpreter's lock."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from mlir.dialects import func  # noqa: F401  # the classes of its operations

from mograph.transforms.kit import DiagnosticError, Pass, Pipeline, parse


def many_functions(number: int) -> Any:
    return parse("\n".join(f"func.func @f{i}(%a: i32) -> i32 {{ return %a : i32 }}" for i in range(number)))


def test_threads_have_instances_of_their_own() -> None:
    users: dict[int, set[int]] = {}
    instances = []
    waited: set[int] = set()
    lock = threading.Lock()
    both = threading.Barrier(2, timeout=60)

    class Threads(Pass, name="threads-own", anchor="func.func"):
        """Note which thread uses which instance; the first two threads wait for one another."""

        def run(self, op: Any) -> None:
            me = threading.get_ident()
            with lock:
                instances.append(self)  # so that no two have one id
                users.setdefault(id(self), set()).add(me)
                meets = me not in waited and len(waited) < 2
                waited.add(me)
            if meets:
                both.wait()

    Pipeline(Threads).run(many_functions(64))
    assert len(users) >= 2
    assert all(len(threads) == 1 for threads in users.values())


def test_raising_in_a_threaded_pipeline_reports_each_op_in_order() -> None:
    class Odd(Pass, name="threads-odd", anchor="func.func"):
        """Refuse odd functions."""

        def run(self, op: Any) -> None:
            if int(op.name.value[1:]) % 2:
                raise ValueError(op.name.value)

    with pytest.raises(DiagnosticError) as caught:
        Pipeline(Odd, "cse").run(many_functions(40))
    messages = [d.message for d in caught.value.diagnostics]
    assert messages == [f"'func.func' op pass 'threads-odd' raised ValueError: f{i}" for i in range(1, 40, 2)]


def test_pipelines_run_in_parallel_threads() -> None:
    class Quiet(Pass, name="threads-quiet", anchor="func.func"):
        """Do nothing."""

        def run(self, op: Any) -> None: ...

    pipeline = Pipeline(Quiet, "canonicalize", "cse")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                pipeline.run(many_functions(20))
        except BaseException as error:  # whatever it is, the main thread shall know
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_the_lock_is_free_while_a_pipeline_runs() -> None:
    met = threading.Barrier(2, timeout=60)

    class Meet(Pass, name="threads-meet"):
        """Wait for another thread, which needs the interpreter too."""

        def run(self, op: Any) -> None:
            met.wait()

    thread = threading.Thread(target=lambda: Pipeline(Meet).run(many_functions(1)))
    thread.start()
    Pipeline(Meet).run(many_functions(1))
    thread.join()


PRINTING = """
from mlir import ir
from mograph.dialects.kit import Dialect
from mograph.transforms.kit import Pass, Pipeline, new_context, parse

class Demo(Dialect, name="demo"):
    pass

class Op(Demo.Operation, name="op"):
    assembly_format = "attr-dict"

    def verify(self):
        pass

Demo.register()

class Print(Pass, name="threads-print"):
    def run(self, op):
        str(op)
        op.operation.verify()

class PrintFunction(Print, name="threads-print-function", anchor="func.func"):
    pass

text = "\\n".join(f"func.func @f{i}() {{ demo.op \\n return }}" for i in range(64))
for threads in (False, True):
    context = new_context()
    context.enable_multithreading(threads)
    Pipeline(Print, PrintFunction).run(parse(text, context))
print("done")
"""


def test_printing_in_a_pass_does_not_wait_for_hooks_in_other_threads(tmp_path: Path) -> None:
    """Printing verifies, in parallel, in code that holds the lock which the ops' hooks need."""
    command = [sys.executable, "-X", "faulthandler", "-c", PRINTING]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "done\n"
