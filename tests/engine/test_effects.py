# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Buffers, printing, assertions and transfers: compiled and interpreted."""

from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph as mo
from mograph import _runtime

Make = Callable[[str], Any]
both = pytest.mark.parametrize("make", [mo.compile, mo.interpret])

COUNTER = """
mo.graph @counter(%b: !mo.buffer<[n], f32> {mo.name = "b"}, %x: !mo.tensor<[n], f32>)
    -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %c0 = mo.chain.create
  %before, %c1 = mo.buffer.load %b, %c0 : !mo.buffer<[n], f32>
  %sum = mo.add %before, %x : !mo.tensor<[n], f32>
  %c2 = mo.buffer.store %sum, %b, %c1 : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
  %after, %c3 = mo.buffer.load %b, %c2 : !mo.buffer<[n], f32>
  mo.output %before, %after : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}
"""
LOOP = """
mo.graph @loop(%trips: !mo.tensor<[], si64>, %x: !mo.tensor<[n], f32>)
    -> (!mo.buffer<[n], f32>, !mo.buffer<[n], f32>, !mo.tensor<[n], f32>) {
  %c0 = mo.chain.create
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %p = mo.buffer.create : !mo.buffer<[n], f32>
  %q = mo.buffer.create : !mo.buffer<[n], f32>
  %i, %a, %b, %last, %c = mo.while(%zero, %p, %q, %x, %c0 : !mo.tensor<[], si64>, !mo.buffer<[n], f32>,
      !mo.buffer<[n], f32>, !mo.tensor<[n], f32>, !mo.chain)
      -> !mo.tensor<[], si64>, !mo.buffer<[n], f32>, !mo.buffer<[n], f32>, !mo.tensor<[n], f32>, !mo.chain {
  ^bb0(%j: !mo.tensor<[], si64>, %f: !mo.buffer<[n], f32>, %g: !mo.buffer<[n], f32>, %l: !mo.tensor<[n], f32>,
      %d: !mo.chain):
    %more = mo.less %j, %trips : !mo.tensor<[], si64>
    mo.condition %more, %j, %f, %g, %l, %d : !mo.tensor<[], si64>, !mo.buffer<[n], f32>, !mo.buffer<[n], f32>,
        !mo.tensor<[n], f32>, !mo.chain
  } do {
  ^bb0(%j: !mo.tensor<[], si64>, %f: !mo.buffer<[n], f32>, %g: !mo.buffer<[n], f32>, %l: !mo.tensor<[n], f32>,
      %d: !mo.chain):
    %next = mo.add %j, %one : !mo.tensor<[], si64>
    %held, %d1 = mo.buffer.load %f, %d : !mo.buffer<[n], f32>
    %sum = mo.add %held, %x : !mo.tensor<[n], f32>
    %d2 = mo.buffer.store %sum, %f, %d1 : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
    %now, %d3 = mo.buffer.load %f, %d2 : !mo.buffer<[n], f32>
    mo.yield %next, %g, %f, %now, %d3 : !mo.tensor<[], si64>, !mo.buffer<[n], f32>, !mo.buffer<[n], f32>,
        !mo.tensor<[n], f32>, !mo.chain
  }
  mo.output %a, %b, %last : !mo.buffer<[n], f32>, !mo.buffer<[n], f32>, !mo.tensor<[n], f32>
}
"""
# What was loaded in one trip is read in the next, when the buffer holds something else.
DELAYED = """
mo.graph @delayed(%trips: !mo.tensor<[], si64>, %x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %c0 = mo.chain.create
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %b = mo.buffer.create : !mo.buffer<[n], f32>
  %none, %c1 = mo.buffer.load %b, %c0 : !mo.buffer<[n], f32>
  %i, %sum, %last, %c = mo.while(%zero, %none, %none, %c1 : !mo.tensor<[], si64>, !mo.tensor<[n], f32>,
      !mo.tensor<[n], f32>, !mo.chain)
      -> !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.chain {
  ^bb0(%j: !mo.tensor<[], si64>, %s: !mo.tensor<[n], f32>, %l: !mo.tensor<[n], f32>, %d: !mo.chain):
    %more = mo.less %j, %trips : !mo.tensor<[], si64>
    mo.condition %more, %j, %s, %l, %d : !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.chain
  } do {
  ^bb0(%j: !mo.tensor<[], si64>, %s: !mo.tensor<[n], f32>, %l: !mo.tensor<[n], f32>, %d: !mo.chain):
    %next = mo.add %j, %one : !mo.tensor<[], si64>
    %f = mo.cast %next : !mo.tensor<[], si64> to !mo.tensor<[], f32>
    %scaled = mo.mul %x, %f : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
    %d1 = mo.buffer.store %scaled, %b, %d : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
    %t = mo.add %s, %l : !mo.tensor<[n], f32>
    %m, %d2 = mo.buffer.load %b, %d1 : !mo.buffer<[n], f32>
    mo.yield %next, %t, %m, %d2 : !mo.tensor<[], si64>, !mo.tensor<[n], f32>, !mo.tensor<[n], f32>, !mo.chain
  }
  mo.output %sum : !mo.tensor<[n], f32>
}
"""


@both
def test_stores_are_seen_by_later_loads_and_by_the_caller(make: Make) -> None:
    counter = make(COUNTER)
    buffer = np.array([1, 2, 3], np.float32)
    for trip in range(3):
        before, after = counter(buffer, np.ones(3, np.float32))
        np.testing.assert_array_equal(before, [1 + trip, 2 + trip, 3 + trip])
        np.testing.assert_array_equal(after, before + 1)
        np.testing.assert_array_equal(buffer, after)
    buffer[:] = 0
    np.testing.assert_array_equal(after, [4, 5, 6])


@both
@pytest.mark.parametrize("trips", [0, 1, 2, 5])
@pytest.mark.parametrize("n", [0, 3, 70])
def test_buffers_are_carried(make: Make, trips: int, n: int) -> None:
    x = np.arange(n, dtype=np.float32)
    first, second, last = make(LOOP)(np.int64(trips), x)
    even, odd = -(-trips // 2), trips // 2
    # They change places in every trip.
    expected = (odd, even) if trips % 2 else (even, odd)
    np.testing.assert_array_equal(first, x * expected[0])
    np.testing.assert_array_equal(second, x * expected[1])
    np.testing.assert_array_equal(last, x * (even if trips else 1))


@both
@pytest.mark.parametrize("trips", [0, 1, 4])
def test_what_is_loaded_stays_when_the_buffer_changes(make: Make, trips: int) -> None:
    found = make(DELAYED)(np.int64(trips), np.ones(2, np.float32))
    np.testing.assert_array_equal(found, [sum(range(trips))] * 2)


@both
def test_a_buffer_is_an_array_that_can_be_written(make: Make) -> None:
    counter = make(COUNTER)
    x = np.ones(4, np.float32)
    fixed = np.ones(4, np.float32)
    fixed.flags.writeable = False
    for wrong, message in (
        (fixed, "found one that is not writable"),
        (np.ones(8, np.float32)[::2], "not contiguous"),
        (np.ones(4, ">f4"), "not in native byte order"),
    ):
        with pytest.raises(ValueError, match=f"counter: input 'b' is a buffer, which is written: .*{message}"):
            counter(wrong, x)
    with pytest.raises(TypeError, match="input 'b' has elements of type float64, expected float32"):
        counter(np.ones(4), x)
    with pytest.raises(ValueError, match="expected memory of its own, found that of input 'x'"):
        counter(x, x)
    with pytest.raises(ValueError, match="dimension n is 4 in input 'x', but n is 5 in input 'b'"):
        counter(np.ones(5, np.float32), x)
    assert str(counter.signature).startswith("counter(b: mutable f32[n], x: f32[n]) -> ")


@both
@pytest.mark.parametrize("dtype", ["i1", "si8", "ui64", "f16", "bf16", "f8E5M2", "f64"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3, 4)])
def test_every_dtype_and_rank(make: Make, dtype: str, shape: tuple[int, ...]) -> None:
    numpy_types = {"i1": np.bool_, "si8": np.int8, "ui64": np.uint64, "f16": np.float16, "f64": np.float64}
    type_ = numpy_types.get(dtype) or {"bf16": ml_dtypes.bfloat16, "f8E5M2": ml_dtypes.float8_e5m2}[dtype]
    dims = ", ".join(map(str, shape))
    tensor, buffer = f"!mo.tensor<[{dims}], {dtype}>", f"!mo.buffer<[{dims}], {dtype}>"
    model = make(f"""
    mo.graph @swap(%b: {buffer}, %x: {tensor}) -> ({tensor}, {buffer}) {{
      %c0 = mo.chain.create
      %held, %c1 = mo.buffer.load %b, %c0 : {buffer}
      %new = mo.buffer.create : {buffer}
      %c2 = mo.buffer.store %held, %new, %c1 : {tensor}, {buffer}
      %c3 = mo.buffer.store %x, %b, %c2 : {tensor}, {buffer}
      %copy, %c4 = mo.transfer %new to cpu, %c3 : {buffer}
      %c5 = mo.buffer.store %x, %new, %c4 : {tensor}, {buffer}
      mo.output %held, %copy : {tensor}, {buffer}
    }}""")
    old, new = np.ones(shape, type_), np.zeros(shape, type_)
    array = old.copy()
    for found in model(array, new):
        assert found.dtype == type_
        np.testing.assert_array_equal(found.astype(np.float64), old.astype(np.float64))
    np.testing.assert_array_equal(array.astype(np.float64), new.astype(np.float64))


SLICE = """
mo.graph @put(%b: !mo.buffer<[n, m], si32>, %x: !mo.tensor<[p, q], si32>, %at: !mo.tensor<[2], si64>) {{
  %c0 = mo.chain.create
  %c1 = mo.buffer.store_slice %x, %b[%at], %c0{steps}
      : !mo.tensor<[p, q], si32>, !mo.buffer<[n, m], si32>, !mo.tensor<[2], si64>
  mo.output
}}
"""


@pytest.fixture(scope="module", params=["", " steps = [2, 3]"])
def put(request: pytest.FixtureRequest) -> tuple[list[Any], list[int]]:
    text = SLICE.format(steps=request.param)
    return [mo.compile(text), mo.interpret(text)], [2, 3] if request.param else [1, 1]


@settings(deadline=None, max_examples=60)
@given(
    shape=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    part=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    starts=st.tuples(st.integers(-8, 8), st.integers(-8, 8)),
)
def test_slices_are_stored_within_the_buffer(
    put: tuple[list[Any], list[int]], shape: tuple[int, int], part: tuple[int, int], starts: tuple[int, int]
) -> None:
    models, steps = put
    value = np.arange(1, 1 + part[0] * part[1], dtype=np.int32).reshape(part)
    places, right = [], True
    for start, extent, count, step in zip(starts, shape, part, steps, strict=True):
        first = start + extent if start < 0 else start
        stop = first + (count - 1) * step + 1 if count else first
        right &= first >= 0 and stop <= extent
        places.append(slice(max(first, 0), max(stop, 0), step))
    for model in models:
        buffer = np.zeros(shape, np.int32)
        if right:
            expected = buffer.copy()
            expected[tuple(places)] = value
            model(buffer, value, np.array(starts))
            np.testing.assert_array_equal(buffer, expected)
        else:
            with pytest.raises(ValueError, match="mo.buffer.store_slice: expected a start on axis"):
                model(buffer, value, np.array(starts))
            assert not buffer.any()


@pytest.mark.parametrize("start", [2**63 - 1, -(2**63), 2**62])
def test_far_starts(put: tuple[list[Any], list[int]], start: int) -> None:
    for model in put[0]:
        with pytest.raises(ValueError, match="mo.buffer.store_slice"):
            model(np.zeros((4, 4), np.int32), np.ones((2, 2), np.int32), np.array([0, start]))


@both
def test_a_shape_operand_binds_the_names_of_a_buffer(make: Make) -> None:
    model = make("""
    mo.graph @made(%shape: !mo.tensor<[2], si64>, %x: !mo.tensor<[n], f32>) -> !mo.buffer<[k, n], f32> {
      %b = mo.buffer.create shape %shape : !mo.tensor<[2], si64> : !mo.buffer<[k, n], f32>
      mo.output %b : !mo.buffer<[k, n], f32>
    }""")
    x = np.ones(3, np.float32)
    assert model(np.array([2, 3]), x).tolist() == [[0] * 3] * 2
    assert model(np.array([0, 3]), x).shape == (0, 3)
    for wrong in ([2, 4], [-1, 3]):
        with pytest.raises(ValueError, match="mo.buffer.create"):
            model(np.array(wrong), x)


PRINTS = """
mo.graph @prints(%x: !mo.tensor<[n, 2], f32>, %p: !mo.tensor<[], i1>, %more: !mo.tensor<[], si64>) {
  %c0 = mo.chain.create
  %c1 = mo.print %x, %c0 label = "x, \\"quoted\\"" : !mo.tensor<[n, 2], f32>
  %c2 = mo.print %p, %c1 : !mo.tensor<[], i1>
  %h = mo.cast %x : !mo.tensor<[n, 2], f32> to !mo.tensor<[n, 2], bf16>
  %c3 = mo.print %h, %c2 label = "h" summarize = 1 : !mo.tensor<[n, 2], bf16>
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %i, %c = mo.while(%more, %c3 : !mo.tensor<[], si64>, !mo.chain) -> !mo.tensor<[], si64>, !mo.chain {
  ^bb0(%j: !mo.tensor<[], si64>, %d: !mo.chain):
    %go = mo.greater_equal %j, %one : !mo.tensor<[], si64>
    mo.condition %go, %j, %d : !mo.tensor<[], si64>, !mo.chain
  } do {
  ^bb0(%j: !mo.tensor<[], si64>, %d: !mo.chain):
    %e = mo.print %j, %d label = "j" : !mo.tensor<[], si64>
    %k = mo.sub %j, %one : !mo.tensor<[], si64>
    mo.yield %k, %e : !mo.tensor<[], si64>, !mo.chain
  }
  mo.output
}
"""


@both
def test_prints_go_to_stdout_in_order(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    prints = make(PRINTS)
    prints(np.array([[1, 2], [3, 4], [5, 6]], np.float32), np.True_, np.int64(2))
    assert capsys.readouterr().out == (
        'x, "quoted": f32[3, 2]\n[[1. 2.]\n [3. 4.]\n [5. 6.]]\n'
        "bool[]\nTrue\n"
        "h: bf16[3, 2]\n[[1 2]\n ...\n [5 6]]\n"
        "j: si64[]\n2\n"
        "j: si64[]\n1\n"
    )
    prints(np.ones((0, 2), np.float32), np.False_, np.int64(0))
    assert capsys.readouterr().out == 'x, "quoted": f32[0, 2]\n[]\nbool[]\nFalse\nh: bf16[0, 2]\n[]\n'


def test_what_printing_raises_ends_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, text: str) -> None:
            raise BrokenPipeError("nobody reads")

    prints = mo.compile(PRINTS)
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", Closed())
        with pytest.raises(BrokenPipeError, match="nobody reads"):
            prints(np.ones((1, 2), np.float32), np.True_, np.int64(0))
    prints(np.ones((1, 2), np.float32), np.True_, np.int64(0))


@both
def test_an_assertion_that_fails_ends_the_call(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    model = make("""
    mo.graph @check(%x: !mo.tensor<[], f32>, %b: !mo.buffer<[], f32>) -> !mo.tensor<[], f32> {
      %c0 = mo.chain.create
      %zero = mo.constant 0.0 : !mo.tensor<[], f32>
      %c1 = mo.print %x, %c0 : !mo.tensor<[], f32>
      %positive = mo.greater %x, %zero : !mo.tensor<[], f32>
      %c2 = mo.assert %positive, "expected a positive x", %c1
      %finite = mo.is_finite %x : !mo.tensor<[], f32>
      mo.assert %finite, "expected a finite x"
      %c3 = mo.buffer.store %x, %b, %c2 : !mo.tensor<[], f32>, !mo.buffer<[], f32>
      mo.output %x : !mo.tensor<[], f32>
    }""")
    buffer = np.zeros((), np.float32)
    assert model(np.float32(2), buffer) == 2
    assert buffer == 2
    for wrong, message in ((-1, "check: expected a positive x"), (np.inf, "check: expected a finite x")):
        with pytest.raises(ValueError, match=message):
            model(np.float32(wrong), buffer)
        assert buffer == 2
    assert capsys.readouterr().out.count("f32[]") == 3


@both
def test_a_loop_that_carries_nothing_is_ended_by_a_buffer(make: Make) -> None:
    model = make("""
    mo.graph @count(%b: !mo.buffer<[], si64>, %limit: !mo.tensor<[], si64>) {
      %c = mo.chain.create
      %one = mo.constant 1 : !mo.tensor<[], si64>
      %d = mo.while(%c : !mo.chain) -> !mo.chain {
      ^bb0(%e: !mo.chain):
        %x, %f = mo.buffer.load %b, %e : !mo.buffer<[], si64>
        %more = mo.less %x, %limit : !mo.tensor<[], si64>
        mo.condition %more, %f : !mo.chain
      } do {
      ^bb0(%e: !mo.chain):
        %x, %f = mo.buffer.load %b, %e : !mo.buffer<[], si64>
        %y = mo.add %x, %one : !mo.tensor<[], si64>
        %g = mo.buffer.store %y, %b, %f : !mo.tensor<[], si64>, !mo.buffer<[], si64>
        mo.yield %g : !mo.chain
      }
      mo.output
    }""")
    buffer = np.array(2)
    model(buffer, np.int64(7))
    assert buffer == 7


def test_a_failure_in_a_loop_frees_what_the_loop_holds() -> None:
    model = mo.compile("""
    mo.graph @fails(%x: !mo.tensor<[n], f32>, %limit: !mo.tensor<[], f32>) -> !mo.buffer<[n], f32> {
      %c = mo.chain.create
      %b = mo.buffer.create : !mo.buffer<[n], f32>
      %yes = mo.constant true : !mo.tensor<[], i1>
      %all, %buffer, %d = mo.while(%x, %b, %c : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>, !mo.chain)
          -> !mo.tensor<[k], f32>, !mo.buffer<[n], f32>, !mo.chain {
      ^bb0(%a: !mo.tensor<[k], f32>, %f: !mo.buffer<[n], f32>, %e: !mo.chain):
        mo.condition %yes, %a, %f, %e : !mo.tensor<[k], f32>, !mo.buffer<[n], f32>, !mo.chain
      } do {
      ^bb0(%a: !mo.tensor<[k], f32>, %f: !mo.buffer<[n], f32>, %e: !mo.chain):
        %held, %e1 = mo.buffer.load %f, %e : !mo.buffer<[n], f32>
        %next = mo.add %held, %x : !mo.tensor<[n], f32>
        %e2 = mo.buffer.store %next, %f, %e1 : !mo.tensor<[n], f32>, !mo.buffer<[n], f32>
        %sum = mo.reduce.add %next : !mo.tensor<[n], f32>
        %less = mo.less %sum, %limit : !mo.tensor<[], f32>
        %e3 = mo.assert %less, "too much", %e2
        %longer = mo.concat %a, %next axis = 0 : !mo.tensor<[k], f32>, !mo.tensor<[n], f32>
        mo.yield %longer, %f, %e3 : !mo.tensor<[k + n], f32>, !mo.buffer<[n], f32>, !mo.chain
      }
      mo.output %buffer : !mo.buffer<[n], f32>
    }""")
    before = _runtime.live_bytes()
    for limit in (0, 1, 50):
        with pytest.raises(ValueError, match="fails: too much"):
            model(np.ones(100, np.float32), np.float32(limit * 100))
        assert _runtime.live_bytes() == before
