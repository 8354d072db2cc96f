# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Control flow whose values have other extents in each region and each trip, compiled and interpreted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph as mo

GROW = """
mo.graph @grow(%limit: !mo.tensor<[], si64>, %row: !mo.tensor<[1, n], f32>) -> !mo.tensor<[k, n], f32> {
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %none = mo.slice %row starts = [0, 0] stops = [0, 9223372036854775807] steps = [1, 1] : !mo.tensor<[1, n], f32>
  %i, %all = mo.while(%zero, %none : !mo.tensor<[], si64>, !mo.tensor<[0, n], f32>)
      -> !mo.tensor<[], si64>, !mo.tensor<[k, n], f32> {
  ^bb0(%j: !mo.tensor<[], si64>, %have: !mo.tensor<[k, n], f32>):
    %more = mo.less %j, %limit : !mo.tensor<[], si64>
    mo.condition %more, %j, %have : !mo.tensor<[], si64>, !mo.tensor<[k, n], f32>
  } do {
  ^bb0(%j: !mo.tensor<[], si64>, %have: !mo.tensor<[k, n], f32>):
    %next = mo.add %j, %one : !mo.tensor<[], si64>
    %f = mo.cast %next : !mo.tensor<[], si64> to !mo.tensor<[], f32>
    %scaled = mo.mul %row, %f : !mo.tensor<[1, n], f32>, !mo.tensor<[], f32>
    %grown = mo.concat %have, %scaled axis = 0 : !mo.tensor<[k, n], f32>, !mo.tensor<[1, n], f32>
    mo.yield %next, %grown : !mo.tensor<[], si64>, !mo.tensor<[k + 1, n], f32>
  }
  mo.output %all : !mo.tensor<[k, n], f32>
}
"""
CHOOSE = """
mo.graph @choose(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m, 2], f32>)
    -> (!mo.tensor<[a], f32>, !mo.tensor<[a + 1], f32>) {
  %one = mo.constant 1.0 : !mo.tensor<[1], f32>
  %0 = mo.if %c -> !mo.tensor<[a], f32> {
    mo.yield %x : !mo.tensor<[n], f32>
  } else {
    %1 = mo.reshape %y : !mo.tensor<[m, 2], f32> to !mo.tensor<[m * 2], f32>
    mo.yield %1 : !mo.tensor<[m * 2], f32>
  }
  %2 = mo.concat %0, %one axis = 0 : !mo.tensor<[a], f32>, !mo.tensor<[1], f32>
  mo.output %0, %2 : !mo.tensor<[a], f32>, !mo.tensor<[a + 1], f32>
}
"""
COMPARED = """
mo.graph @compared(%c: !mo.tensor<[], i1>, %x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.if %c -> !mo.tensor<[n], f32> {
    mo.yield %x : !mo.tensor<[n], f32>
  } else {
    mo.yield %y : !mo.tensor<[m], f32>
  }
  mo.output %0 : !mo.tensor<[n], f32>
}
"""
BOTH_GROW = """
mo.graph @both(%limit: !mo.tensor<[], si64>, %x: !mo.tensor<[n], f32>, %y: !mo.tensor<[m], f32>)
    -> (!mo.tensor<[k], f32>, !mo.tensor<[k], f32>) {
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %i, %a, %b = mo.while(%zero, %x, %y : !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[m], f32>)
      -> !mo.tensor<[], si64>, !mo.tensor<[k], f32>, !mo.tensor<[k], f32> {
  ^bb0(%j: !mo.tensor<[], si64>, %p: !mo.tensor<[k], f32>, %q: !mo.tensor<[k], f32>):
    %more = mo.less %j, %limit : !mo.tensor<[], si64>
    mo.condition %more, %j, %p, %q : !mo.tensor<[], si64>, !mo.tensor<[k], f32>, !mo.tensor<[k], f32>
  } do {
  ^bb0(%j: !mo.tensor<[], si64>, %p: !mo.tensor<[k], f32>, %q: !mo.tensor<[k], f32>):
    %next = mo.add %j, %one : !mo.tensor<[], si64>
    %sum = mo.add %p, %q : !mo.tensor<[k], f32>
    %r = mo.concat %sum, %x axis = 0 : !mo.tensor<[k], f32>, !mo.tensor<[n], f32>
    %s = mo.concat %q, %y axis = 0 : !mo.tensor<[k], f32>, !mo.tensor<[m], f32>
    mo.yield %next, %r, %s : !mo.tensor<[], si64>, !mo.tensor<[k + n], f32>, !mo.tensor<[k + m], f32>
  }
  mo.output %a, %b : !mo.tensor<[k], f32>, !mo.tensor<[k], f32>
}
"""
NESTED = """
mo.graph @nested(%rows: !mo.tensor<[], si64>, %x: !mo.tensor<[n], f32>) -> !mo.tensor<[total], f32> {
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %none = mo.constant dense<> : !mo.tensor<[0], f32>
  %i, %all = mo.while(%zero, %none : !mo.tensor<[], si64>, !mo.tensor<[0], f32>)
      -> !mo.tensor<[], si64>, !mo.tensor<[total], f32> {
  ^bb0(%j: !mo.tensor<[], si64>, %have: !mo.tensor<[total], f32>):
    %more = mo.less %j, %rows : !mo.tensor<[], si64>
    mo.condition %more, %j, %have : !mo.tensor<[], si64>, !mo.tensor<[total], f32>
  } do {
  ^bb0(%j: !mo.tensor<[], si64>, %have: !mo.tensor<[total], f32>):
    %k, %inner = mo.while(%zero, %none : !mo.tensor<[], si64>, !mo.tensor<[0], f32>)
        -> !mo.tensor<[], si64>, !mo.tensor<[w], f32> {
    ^bb0(%l: !mo.tensor<[], si64>, %part: !mo.tensor<[w], f32>):
      %less = mo.less_equal %l, %j : !mo.tensor<[], si64>
      mo.condition %less, %l, %part : !mo.tensor<[], si64>, !mo.tensor<[w], f32>
    } do {
    ^bb0(%l: !mo.tensor<[], si64>, %part: !mo.tensor<[w], f32>):
      %m = mo.add %l, %one : !mo.tensor<[], si64>
      %longer = mo.concat %part, %x axis = 0 : !mo.tensor<[w], f32>, !mo.tensor<[n], f32>
      mo.yield %m, %longer : !mo.tensor<[], si64>, !mo.tensor<[w + n], f32>
    }
    %next = mo.add %j, %one : !mo.tensor<[], si64>
    %grown = mo.concat %have, %inner axis = 0 : !mo.tensor<[total], f32>, !mo.tensor<[w], f32>
    mo.yield %next, %grown : !mo.tensor<[], si64>, !mo.tensor<[total + w], f32>
  }
  mo.output %all : !mo.tensor<[total], f32>
}
"""
both = pytest.mark.parametrize("make", [mo.compile, mo.interpret])
Make = Callable[[str], Any]


def floats(*shape: int) -> Any:
    return np.arange(1, 1 + int(np.prod(shape)), dtype=np.float32).reshape(shape)


@pytest.fixture(scope="module")
def grow() -> list[Any]:
    return [mo.compile(GROW), mo.interpret(GROW)]


@settings(deadline=None, max_examples=25)
@given(limit=st.integers(-1, 9), width=st.integers(0, 5))
def test_a_carried_tensor_grows(grow: list[Any], limit: int, width: int) -> None:
    row = floats(1, width)
    expected = np.concatenate([row[:0], *(row * (i + 1) for i in range(max(limit, 0)))])
    for model in grow:
        found = model(np.int64(limit), row)
        assert found.shape == expected.shape
        np.testing.assert_array_equal(found, expected)


@both
@pytest.mark.parametrize(("n", "m"), [(3, 4), (0, 1), (2, 0), (4, 2)])
def test_a_result_has_the_extent_of_the_region_that_ran(make: Make, n: int, m: int) -> None:
    choose = make(CHOOSE)
    x, y = floats(n), floats(m, 2)
    for condition, expected in ((True, x), (False, y.reshape(-1))):
        first, second = choose(np.bool_(condition), x, y)
        np.testing.assert_array_equal(first, expected)
        np.testing.assert_array_equal(second, [*expected, 1])


@both
def test_a_name_that_is_known_is_compared(make: Make) -> None:
    compared = make(COMPARED)
    assert compared(np.True_, floats(3), floats(2)).tolist() == [1, 2, 3]
    assert compared(np.False_, floats(2), floats(2) * 2).tolist() == [2, 4]
    with pytest.raises(ValueError, match="mo.if.*n.*2.*3"):
        compared(np.False_, floats(3), floats(2))


@both
def test_values_that_share_a_new_name_have_one_extent(make: Make) -> None:
    model = make(BOTH_GROW)
    x, y = floats(2), floats(2) * 10
    first, second = model(np.int64(2), x, y)
    sums = np.concatenate([x + y, x])
    np.testing.assert_array_equal(first, np.concatenate([sums + np.tile(y, 2), x]))
    np.testing.assert_array_equal(second, np.tile(y, 3))
    for limit in (0, 1):
        with pytest.raises(ValueError, match="mo.while.*k"):
            model(np.int64(limit), floats(2), floats(3))


@both
@pytest.mark.parametrize(("rows", "n"), [(0, 2), (1, 3), (4, 2), (3, 0)])
def test_loops_nest(make: Make, rows: int, n: int) -> None:
    x = floats(n)
    found = make(NESTED)(np.int64(rows), x)
    np.testing.assert_array_equal(found, np.tile(x, rows * (rows + 1) // 2))
