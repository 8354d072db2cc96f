# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rows of a matrix by one vector, several rows at a time."""

import numpy as np
import pytest

from mograph import _runtime
from mograph.targets.cpu import Host, dots

from ..conftest import Build
from .test_contraction import Case


@pytest.fixture
def matched(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The products that are made this way."""
    found: list[object] = []
    inner = dots.emit

    def emit(*args: object) -> None:
        found.append(args)
        inner(*args)  # type: ignore[arg-type]  # whatever it takes

    monkeypatch.setattr(dots, "emit", emit)
    return found


@pytest.mark.parametrize("surrounding", [(True, True), (True, False), (False, False)])
@pytest.mark.parametrize("dtype", ["f32", "f64", "bf16", "i8"])
@pytest.mark.parametrize(
    ("extents", "b"), [((1, 1, 1000, 1024), "nk"), ((1, 1, 777, 1039), "nk"), ((3, 1, 133, 1025), "gnk")]
)
def test_every_surrounding(
    build: Build,
    host: Host,
    matched: list[object],
    extents: tuple[int, int, int, int],
    b: str,
    dtype: str,
    surrounding: tuple[bool, bool],
) -> None:
    Case(dtype, "gmk", b, "gmn", extents, False, *surrounding).check(build, host)
    assert matched or surrounding == (False, False)  # a product alone is no group


@pytest.mark.parametrize("extents", [(1, 1, 7, 300), (1, 1, 0, 600), (2, 1, 31, 700)])
def test_known_when_it_runs(build: Build, host: Host, extents: tuple[int, int, int, int]) -> None:
    Case("f32", "gmk", "gnk", "gmn", extents, True, True, True).check(build, host)


def test_results_do_not_depend_on_the_number_of_threads(build: Build, matched: list[object]) -> None:
    case = Case("f32", "gmk", "nk", "gmn", (1, 1, 1003, 1100), False, True, False)
    operands = [("f32", *case.shape(each)) for each in ("gmk", "nk", "gmn", "n")]
    f = build(case.text(), operands, [operands[2]])
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, np.float32) for _, *shape in operands]
    before, results = _runtime.thread_count(), []
    try:
        for threads in (1, 2, 5):
            _runtime.set_thread_count(threads)
            results.append(f(*arrays))
    finally:
        _runtime.set_thread_count(before)
    assert matched
    for other in results[1:]:
        np.testing.assert_array_equal(results[0], other)
