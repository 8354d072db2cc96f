# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Threads of models: how many share a loop, that they sleep when there is none, and that no result depends on them."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mograph
from mograph import _runtime
from mograph.engine.threads import ParallelCosts, parallel_costs, set_parallel_costs

T = "!mo.tensor<[n, 64], f32>"
GRAPH = f"""
mo.graph @f(%x: {T}) -> ({T}, !mo.tensor<[n, 1], f32>) {{
  %0 = mo.exp %x : {T}
  %1 = mo.softmax %0 : {T}
  %2 = mo.reduce.add %1 axes = [1] keepdims : {T}
  mo.output %1, %2 : {T}, !mo.tensor<[n, 1], f32>
}}
"""


@pytest.fixture(scope="module")
def model() -> Any:
    return mograph.compile(GRAPH)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    count, costs = mograph.get_num_threads(), parallel_costs()
    yield
    mograph.set_num_threads(count)
    set_parallel_costs(costs)


def threads_of_this_process() -> int:
    return len(os.listdir("/proc/self/task"))


def run(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd="/",
        env={**os.environ, **environment},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_no_result_depends_on_the_threads(model: Any) -> None:
    x = np.random.default_rng(0).standard_normal((20_000, 64), np.float32)
    mograph.set_num_threads(1)
    expected = model(x)
    for count in (2, 3, 7, 1, 4):
        mograph.set_num_threads(count)
        assert mograph.get_num_threads() == count
        for costs in (ParallelCosts(), ParallelCosts(share=0, chunk=1, chunks_per_thread=100), ParallelCosts(spin=0)):
            set_parallel_costs(costs)
            assert parallel_costs() == costs
            for found, wanted in zip(model(x), expected, strict=True):
                np.testing.assert_array_equal(found, wanted)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not tell its threads")
def test_as_many_threads_as_are_asked_for_are_started() -> None:
    program = f"""
import mograph, numpy, os
count = lambda: len(os.listdir("/proc/self/task"))
mograph.set_num_threads(1)
model = mograph.compile({GRAPH!r})
mograph.set_num_threads(5)
before = count()
model(numpy.ones((20_000, 64), "f"))
print(count() - before)
"""
    assert run(program) == "4\n"


def test_work_that_is_not_worth_it_starts_none() -> None:
    program = f"""
import mograph, numpy, os
mograph.set_num_threads(1)
model = mograph.compile({GRAPH!r})
from mograph.engine.threads import ParallelCosts, set_parallel_costs
mograph.set_num_threads(4)
set_parallel_costs(ParallelCosts(share=10**9))
count = lambda: len(os.listdir("/proc/self/task"))
before = count()
model(numpy.ones((20_000, 64), "f"))
print(count() - before)
"""
    if Path("/proc/self/task").exists():
        assert run(program) == "0\n"


def test_the_environment_says_how_many_threads_there_are() -> None:
    program = "import mograph; print(mograph.get_num_threads())"
    assert run(program, MOGRAPH_NUM_THREADS="3") == "3\n"
    default = run(program, MOGRAPH_NUM_THREADS="")
    assert default == run(program, MOGRAPH_NUM_THREADS="many") == run(program, MOGRAPH_NUM_THREADS="0")
    assert int(default) >= 1


def test_nothing_runs_while_the_process_is_idle(model: Any) -> None:
    """Threads that are waiting for work would use a fifth of a second each in this time; those of some runtimes do."""
    mograph.set_num_threads(4)
    model(np.ones((20_000, 64), np.float32))
    start = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - start < 0.05


def test_models_run_on_after_a_change_in_the_middle(model: Any) -> None:
    x = np.random.default_rng(1).standard_normal((5_000, 64), np.float32)
    expected = model(x)
    wrong: list[int] = []

    def work(number: int) -> None:
        wrong.extend(number for _ in range(30) if not np.array_equal(model(x)[0], expected[0]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for count in [4, 1, 3, 2, 6, 1] * 3:
        mograph.set_num_threads(count)
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_keeps_the_number_and_starts_threads_of_its_own(model: Any) -> None:
    x = np.random.default_rng(2).standard_normal((20_000, 64), np.float32)
    mograph.set_num_threads(3)
    set_parallel_costs(ParallelCosts(chunk=1))
    expected = model(x)[0]
    child = os.fork()
    if child == 0:
        same = mograph.get_num_threads() == 3 and parallel_costs().chunk == 1
        os._exit(0 if same and np.array_equal(model(x)[0], expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("count", [0, -1, 1025])
def test_numbers_that_are_none_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"from 1 to 1024, found {count}"):
        mograph.set_num_threads(count)
    with pytest.raises(ValueError, match="from 1 to 1024"):
        _runtime.set_thread_count(count)


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        (ParallelCosts(share=-1), "share: expected 0 or more, found -1"),
        (ParallelCosts(chunk=0), "chunk: expected 1 or more, found 0"),
        (ParallelCosts(chunks_per_thread=0), "chunks_per_thread: expected 1 or more, found 0"),
        (ParallelCosts(spin=-5), "spin: expected 0 or more, found -5"),
    ],
)
def test_costs_that_are_none_are_refused(costs: ParallelCosts, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        set_parallel_costs(costs)
