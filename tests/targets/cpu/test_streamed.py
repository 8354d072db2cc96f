# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Few short rows by a matrix that is read in parts of whole rows."""

from dataclasses import replace

import numpy as np
import pytest

from mograph import _runtime
from mograph.targets.cpu import Host, this_host
from mograph.targets.cpu.contraction import streamed
from mograph.targets.cpu.contraction.streamed import Schedule, Shape, choose

from ..conftest import Build
from .test_contraction import Case

CACHES = (32 << 10, 64 << 10)  # so small that matrices of tests are large


@pytest.fixture
def matched(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The products that the template takes."""
    found: list[object] = []
    inner = streamed._StreamedCode.emit

    def emit(self: streamed._StreamedCode, *args: object) -> None:
        found.append(self)
        inner(self, *args)  # type: ignore[arg-type]  # whatever it takes

    monkeypatch.setattr(streamed._StreamedCode, "emit", emit)
    return found


@pytest.mark.parametrize("surrounding", [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("dtype", ["f32", "f64", "bf16", "i8"])
@pytest.mark.parametrize("shape", [(1, 1, 100, 1100), (1, 1, 33, 2777), (1, 3, 260, 999), (1, 8, 64, 2048)])
def test_every_surrounding(
    build: Build,
    host: Host,
    matched: list[object],
    shape: tuple[int, int, int, int],
    dtype: str,
    surrounding: tuple[bool, bool],
) -> None:
    host = replace(host, caches=CACHES)
    Case(dtype, "gmk", "kn", "gmn", shape, False, *surrounding).check(build, host)
    assert matched


@pytest.mark.parametrize("cores", [1, 2, 13, 64])
def test_any_number_of_cores(build: Build, matched: list[object], cores: int) -> None:
    host = replace(this_host(), caches=CACHES, cores=cores)
    Case("f32", "gmk", "kn", "gmn", (1, 2, 333, 1100), False, True, True).check(build, host)
    assert matched


def test_results_depend_on_neither_threads_nor_cores(build: Build, matched: list[object]) -> None:
    case = Case("f32", "gmk", "kn", "gmn", (1, 2, 333, 3000), False, True, True)
    operands = [("f32", *case.shape(each)) for each in ("gmk", "kn", "gmn", "n")]
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, np.float32) for _, *shape in operands]
    before, results = _runtime.thread_count(), []
    try:
        for cores in (1, 2, 40):
            f = build(case.text(), operands, [operands[2]], host=replace(this_host(), caches=CACHES, cores=cores))
            for threads in (1, 2, 5):
                _runtime.set_thread_count(threads)
                results += [f(*arrays) for _ in range(3)]
    finally:
        _runtime.set_thread_count(before)
    assert matched
    for other in results[1:]:
        np.testing.assert_array_equal(results[0], other)


def test_few_parts_of_whole_rows() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    assert choose(Shape(1, 1024, 1024, 32), machine) == Schedule(128, 4, 4, 16, 1024)
    assert choose(Shape(1, 1024, 1024, 32), replace(machine, cores=16)) == Schedule(128, 4, 4, 16, 512)


@pytest.mark.parametrize("sizes", [(0, 1, 1, 16, 16), (8, 1, 1, 12, 24), (8, 1, 2, 16, 48)])
def test_impossible_schedules(sizes: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Schedule(*sizes)
