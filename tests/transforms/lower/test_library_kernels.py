# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the CPU's runtime computes: sorts, selections, gathers of rows, scans and places of flags, on few and on many
threads, against numpy.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_graphs import NUMPY, assert_equal, graph, named, run_both, type_of

import mograph
from mograph import _runtime

DTYPES = ["i1", "si8", "ui8", "si16", "ui16", "si32", "ui32", "si64", "ui64", "f16", "bf16", "f32", "f64"]
LONG = 150_001  # elements of a row that threads share


@pytest.fixture(params=[1, 3])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = _runtime.thread_count()
    _runtime.set_thread_count(request.param)
    yield request.param
    _runtime.set_thread_count(before)


def drawn(shape: tuple[int, ...], dtype: str, seed: int, distinct: int | None = None) -> np.ndarray:
    """Elements over the whole range of a dtype, or a few; NaNs of both signs, infinities and zeros among floats."""
    random, numpy = np.random.default_rng(seed), NUMPY[dtype]
    if dtype == "i1":
        return random.integers(0, 2, shape).astype(numpy)
    if dtype[0] not in "fb":
        limits = np.iinfo(numpy)
        if distinct is None:
            return random.integers(limits.min, limits.max, shape, dtype=numpy, endpoint=True)
        return random.integers(0, distinct, shape).astype(numpy)
    x = random.standard_normal(shape) if distinct is None else random.integers(-distinct, distinct, shape) * 1.0
    chance = random.random(shape)
    for low, value in ((0.95, np.nan), (0.96, -np.nan), (0.97, np.inf), (0.98, -np.inf), (0.985, -0.0), (0.99, 0.0)):
        x[chance > low] = value
    return x.astype(numpy)


def order(x: np.ndarray, descending: bool) -> np.ndarray:
    """The positions of a row's elements in order, the lower first of equal ones."""
    if x.dtype.kind in "fV":
        wide = x.astype(np.float64)
        nan = np.isnan(wide)
        keys = (np.where(nan, 0, -wide if descending else wide), ~nan if descending else nan)
        return np.lexsort(keys)
    if descending:
        return len(x) - 1 - np.argsort(x[::-1], kind="stable")[::-1]
    return np.argsort(x, kind="stable")


def sorts(x: np.ndarray, count: int) -> Callable[..., Any]:
    """Sorted, sorted positions, and the first of both, of rows; each way."""
    given, places = type_of(x), type_of(np.empty(x.shape, np.int64))
    few, where = type_of(x[..., :count]), type_of(np.empty((*x.shape[:-1], count), np.int64))
    lines = [
        f"%r0 = mo.sort %x0 axis = -1 : {given}",
        f"%r1 = mo.argsort %x0 axis = -1 : {given}",
        f"%r2, %r3 = mo.bottom_k %x0 : ({given}) -> ({few}, {where})",
        f"%r4 = mo.sort %x0 axis = -1 descending : {given}",
        f"%r5 = mo.argsort %x0 axis = -1 descending : {given}",
        f"%r6, %r7 = mo.top_k %x0 : ({given}) -> ({few}, {where})",
    ]
    results = [given, places, few, where] * 2
    return mograph.compile(graph([given], results, "\n  ".join(lines)))


def check_sorts(x: np.ndarray, count: int) -> None:
    found = sorts(x, count)(x)
    for way in (False, True):
        places = np.stack([order(row, way) for row in x]) if x.ndim == 2 else order(x, way)
        values = np.take_along_axis(x, places, -1)
        made = found[4 * way : 4 * way + 4]
        for each, expected in zip(made, (values, places, values[..., :count], places[..., :count]), strict=True):
            # Equal elements may differ in their bits: zeros of both signs, NaNs.
            assert each.tobytes() == np.ascontiguousarray(expected).tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("distinct", [None, 3])
def test_long_rows(dtype: str, distinct: int | None, threads: int) -> None:
    check_sorts(drawn((LONG,), dtype, threads, distinct), 1000)


@pytest.mark.parametrize("dtype", ["f32", "si8", "ui64"])
def test_many_rows(dtype: str, threads: int) -> None:
    check_sorts(drawn((700, 129), dtype, 1), 5)


@pytest.mark.parametrize("count", [0, 1, 17, LONG // 8, LONG // 8 + 1, LONG])
def test_first_of_long_rows(count: int) -> None:
    check_sorts(drawn((LONG,), "f32", 2), count)


def test_keys_that_do_not_fit_a_word_beside_positions(threads: int) -> None:
    """Doubles whose high bits are equal."""
    x = 1 + np.random.default_rng(0).integers(0, 1 << 30, 100_000) * 2.0**-52
    x[::1000] = -(10.0**300)
    x[::999] = x[0]
    check_sorts(x, 10)


@pytest.mark.parametrize("make", [np.zeros, np.arange, lambda n: -np.arange(n)], ids=["equal", "sorted", "reversed"])
def test_orders_that_are_hard_for_quicksorts(make: Callable[[int], np.ndarray], threads: int) -> None:
    check_sorts(make(LONG).astype(np.float32), 100)


@settings(max_examples=40, deadline=None)
@given(
    shape=st.one_of(st.tuples(st.integers(1, 60)), st.tuples(st.integers(1, 9), st.integers(1, 40))),
    dtype=st.sampled_from(DTYPES),
    distinct=st.sampled_from([None, 2]),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_sorts(shape: tuple[int, ...], dtype: str, distinct: int | None, seed: int, data: st.DataObject) -> None:
    check_sorts(drawn(shape, dtype, seed, distinct), data.draw(st.integers(0, shape[-1])))


def taken(x: np.ndarray, indices: np.ndarray, axis: int) -> tuple[str, np.ndarray]:
    expected = np.take(x, indices.astype(np.int64), axis)
    types = [type_of(x), type_of(indices)]
    text = f"%r0 = mo.gather %x0, %x1 axis = {axis} : {', '.join(types)}"
    return graph(types, [type_of(expected)], text), expected


@pytest.mark.parametrize("index", ["si8", "ui8", "si16", "ui16", "si32", "ui32", "si64", "ui64"])
@pytest.mark.parametrize("dtype", ["i1", "bf16", "f32", "si64"])
def test_rows_that_are_gathered(index: str, dtype: str, threads: int) -> None:
    x = drawn((3, 50, 4, 5), dtype, 0)
    indices = np.random.default_rng(1).integers(-50 if index[0] == "s" else 0, 50, (7, 9)).astype(NUMPY[index])
    text, expected = taken(x, indices, 1)
    assert mograph.compile(text)(x, indices).tobytes() == expected.tobytes()
    for wrong in [-51, 50, -128] if index[0] == "s" else [50, 255]:
        outside = indices.copy()
        outside[3, 2] = NUMPY[index].type(wrong)
        with pytest.raises(ValueError, match=r"mo\.gather: expected indices in \[-50, 50\) on axis 1"):
            mograph.compile(text)(x, outside)


def test_more_rows_than_the_caches_hold(threads: int) -> None:
    """Past the caches where rows are whole lines, and else not."""
    indices = np.random.default_rng(1).integers(-30_000, 30_000, 70_000)
    for width in (64, 60):
        x = drawn((30_000, width), "f32", 0)
        text, expected = taken(x, indices, 0)
        assert mograph.compile(text)(x, indices).tobytes() == expected.tobytes()


REDUCTIONS = {"none": None, "add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}


def scattered(x: np.ndarray, indices: Any, updates: np.ndarray, reduction: str) -> np.ndarray:
    """numpy's result, one update after the other."""
    result, combine = x.copy(), REDUCTIONS[reduction]
    with np.errstate(all="ignore"):
        if combine is not None:
            combine.at(result, indices, updates)
        else:
            for place in np.ndindex(np.broadcast_shapes(*(np.shape(each) for each in indices))):
                at = tuple(np.broadcast_to(each, updates.shape[: len(place)])[place] for each in indices)
                result[at] = updates[place]
    return result


def along(indices: np.ndarray, axis: int) -> tuple[np.ndarray, ...]:
    places = list(np.indices(indices.shape))
    places[axis] = indices.astype(np.int64)
    return tuple(places)


SCATTERED = [((40,), 0, 300), ((30, 50), 0, 70), ((30, 50), 1, 70), ((3, 20, 1100), 1, 9), ((5, 7), 0, 2)]


@pytest.mark.parametrize("threads", [3], indirect=True)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("shape", "axis", "count"), SCATTERED, ids=str)
def test_elements_along_an_axis(shape: tuple[int, ...], axis: int, count: int, reduction: str, threads: int) -> None:
    other = (*shape[:axis], count, *shape[axis + 1 :])
    for dtype, index in (("f32", "si64"), ("si8", "si32"), ("ui64", "ui8"), ("f64", "si8"), ("si32", "si64")):
        x, updates = (drawn(each, dtype, seed, 5) for seed, each in enumerate((shape, other)))
        low = 0 if index[0] == "u" else -shape[axis]
        indices = np.random.default_rng(2).integers(low, shape[axis], other).astype(NUMPY[index])
        types = [type_of(x), type_of(indices), type_of(updates)]
        line = f"%r0 = mo.scatter %x0, %x1, %x2 axis = {axis} reduction = {reduction} : {', '.join(types)}"
        run = mograph.compile(graph(types, types[:1], line))
        np.testing.assert_array_equal(run(x, indices, updates), scattered(x, along(indices, axis), updates, reduction))
        gather = f"%r0 = mo.gather_elements %x0, %x1 axis = {axis} : {', '.join(types[:2])}"
        take = mograph.compile(graph(types[:2], types[2:], gather))
        assert take(x, indices).tobytes() == np.take_along_axis(x, indices.astype(np.int64), axis).tobytes()
        indices.flat[-1] = shape[axis]
        for each, arrays in ((run, (x, indices, updates)), (take, (x, indices))):
            with pytest.raises(
                ValueError, match=rf"expected indices in \[-{shape[axis]}, {shape[axis]}\) on axis {axis}"
            ):
                each(*arrays)


@pytest.mark.parametrize("threads", [3], indirect=True)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("shape", "tuples"), [((90, 33), 1), ((9, 10, 64), 2), ((50,), 1), ((4, 5, 6), 3)], ids=str)
def test_slices_at_tuples(shape: tuple[int, ...], tuples: int, reduction: str, threads: int) -> None:
    random = np.random.default_rng(3)
    places = np.stack([random.integers(-extent, extent, (40, 20)) for extent in shape[:tuples]], -1)
    for dtype in ("f32", "ui16", "i1") if reduction == "none" else ("f32", "ui16"):
        x, updates = (drawn(each, dtype, seed, 2) for seed, each in enumerate((shape, (40, 20, *shape[tuples:]))))
        types = [type_of(x), type_of(places), type_of(updates)]
        line = f"%r0 = mo.scatter_nd %x0, %x1, %x2 reduction = {reduction} : {', '.join(types)}"
        found = mograph.compile(graph(types, types[:1], line))(x, places, updates)
        at = tuple(np.moveaxis(places, -1, 0))
        np.testing.assert_array_equal(found, scattered(x, at, updates, reduction))
        line = f"%r0 = mo.gather_nd %x0, %x1 : {', '.join(types[:2])}"
        assert mograph.compile(graph(types[:2], types[2:], line))(x, places).tobytes() == x[at].tobytes()


def cumulative(x: np.ndarray, op: str, axis: int, flags: str) -> str:
    given = type_of(x)
    return graph([given], [given], f"%r0 = mo.{op} %x0 axis = {axis} {flags} : {given}")


def walked(x: np.ndarray, op: str, axis: int, flags: str, dtype: Any) -> np.ndarray:
    x = np.flip(x, axis) if "reverse" in flags else x
    result = getattr(np, op)(x, axis, dtype=dtype)
    if "exclusive" in flags:
        first = np.full_like(np.take(result, [0], axis), op == "cumprod")
        result = np.concatenate([first, np.delete(result, -1, axis)], axis)
    return np.flip(result, axis) if "reverse" in flags else result


@pytest.mark.parametrize("flags", ["", "exclusive", "reverse", "exclusive reverse"])
@pytest.mark.parametrize("op", ["cumsum", "cumprod"])
@pytest.mark.parametrize(
    ("shape", "axis"), [((LONG,), 0), ((21, 77), 1), ((300, 600), 0), ((3, 40, 70_000 // 40), 1), ((2, 40_000), 1)]
)
def test_scans(shape: tuple[int, ...], axis: int, op: str, flags: str) -> None:
    """Integers wrap around; sums of floats stay near those of doubles."""
    for dtype in ("si32", "ui8", "si64"):
        x = drawn(shape, dtype, 0)
        assert_equal(mograph.compile(cumulative(x, op, axis, flags))(x), walked(x, op, axis, flags, x.dtype))
    x = np.random.default_rng(0).random(shape, np.float32) + (0.5 if op == "cumprod" else 0)
    expected = walked(x, op, axis, flags, np.float64).astype(np.float32)
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(mograph.compile(cumulative(x, op, axis, flags))(x), expected, rtol=2e-3, atol=1e-30)


def test_sums_do_not_depend_on_threads() -> None:
    x = np.random.default_rng(0).standard_normal(LONG).astype(np.float32)
    sum_ = mograph.compile(cumulative(x, "cumsum", 0, ""))
    before, made = _runtime.thread_count(), []
    for count in (1, 2, 5):
        _runtime.set_thread_count(count)
        made.append(sum_(x).tobytes())
    _runtime.set_thread_count(before)
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("empty", range(4))
def test_extents_of_0_that_are_not_known_before(empty: int) -> None:
    """Of the outer positions, of the axis, of the indices, of what is behind the axis."""
    outer, extent, count, inner = (0 if i == empty else n for i, n in enumerate((2, 3, 4, 20)))
    x, indices = np.ones((outer, extent, inner), np.float32), np.zeros((outer, count, inner), np.int64)
    given, other, updates = "!mo.tensor<[a, b, d], f32>", "!mo.tensor<[a, c, d], si64>", "!mo.tensor<[a, c, d], f32>"
    flat, rows = "!mo.tensor<[c], si64>", "!mo.tensor<[a, c, d], f32>"
    few, where = "!mo.tensor<[a, b, k], f32>", "!mo.tensor<[a, b, k], si64>"
    cases = [
        (f"mo.sort %x0 axis = 1 : {given}", [given], given, [x]),
        (f"mo.argsort %x0 axis = 2 : {given}", [given], given.replace("f32", "si64"), [x]),
        (f"mo.cumsum %x0 axis = 1 : {given}", [given], given, [x]),
        (f"mo.gather %x0, %x1 axis = 1 : {given}, {flat}", [given, flat], rows, [x, np.zeros(count, np.int64)]),
        (f"mo.gather_elements %x0, %x1 axis = 1 : {given}, {other}", [given, other], updates, [x, indices]),
        (
            f"mo.scatter %x0, %x1, %x2 axis = 1 reduction = add : {given}, {other}, {updates}",
            [given, other, updates],
            given,
            [x, indices, indices.astype(np.float32)],
        ),
    ]
    for line, types, result, arrays in cases:
        runs = [make(graph(types, [result], f"%r0 = {line}")) for make in (mograph.interpret, mograph.compile)]
        expected, found = (outcome(run, arrays) for run in runs)
        assert found == expected, line
    line = f"%r0, %r1 = mo.top_k %x0, %x1 : ({given}, !mo.tensor<[], si64>) -> ({few}, {where})"
    run = mograph.compile(graph([given, "!mo.tensor<[], si64>"], [few, where], line))
    assert [each.shape for each in run(x, np.int64(0))] == [(outer, extent, 0)] * 2


def outcome(run: Callable[..., Any], arrays: list[np.ndarray]) -> Any:
    """What is computed, or that the indices are wrong."""
    try:
        result = run(*arrays)
    except ValueError as error:
        return "expected indices" in str(error)
    return result.shape, result.tobytes()


@pytest.mark.parametrize("dtype", ["si64", "ui8", "f32", "f64"])
def test_distinct_elements(dtype: str, threads: int) -> None:
    """NaNs are one, and so are zeros; the first one stands for them."""
    x = drawn((LONG,), dtype, 4, 20)
    few, each = "!mo.tensor<[u], si64>", f"!mo.tensor<[{LONG}], si64>"
    results = [f"!mo.tensor<[u], {dtype}>", few, each, few]
    line = f"%r0, %r1, %r2, %r3 = mo.unique %x0 : ({type_of(x)}) -> ({', '.join(results)})"
    values, firsts, numbers, counts = mograph.compile(graph([type_of(x)], results, line))(x)
    expected = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    for found, wanted in zip((values, firsts, numbers, counts), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)
    assert values.tobytes() == x[firsts].tobytes()


@pytest.mark.parametrize("share", [0, 0.001, 0.5, 1])
def test_places(share: float, threads: int) -> None:
    x = (np.random.default_rng(0).random((LONG // 3, 3)) < share).astype(np.float32)
    dims = named(x)
    results = ["!mo.tensor<[2, k], si64>"]
    expected, found = run_both(
        graph([type_of(x, dims)], results, f"%r0 = mo.non_zero %x0 : {type_of(x, dims)} to {results[0]}"), x
    )
    assert_equal(found, expected)


NO_ROOM = """
import resource
import numpy as np
import mograph

f = mograph.compile('''
    mo.graph @f(%x: !mo.tensor<[n], si8>) -> !mo.tensor<[n], si64> {
      %y = mo.argsort %x : !mo.tensor<[n], si8>
      mo.output %y : !mo.tensor<[n], si64>
    }''')
f(np.zeros(1 << 16, np.int8))
x = np.zeros(1 << 24, np.int8)
with open("/proc/self/statm") as statm:
    used = int(statm.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (200 << 20), -1))
try:
    f(x)  # the result has 128 megabytes, and the words to sort 256
except MemoryError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is Linux's")
def test_no_room_to_sort() -> None:
    done = subprocess.run([sys.executable, "-c", NO_ROOM], capture_output=True, text=True, timeout=300, cwd="/")
    assert done.stdout.strip() == "f: out of memory, asked for room for a function of the library", done.stderr


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int8, np.uint16])
@pytest.mark.parametrize("wanted", [1, 7, 32, 33])
@pytest.mark.parametrize("length", [255, 256, 1000, 8191])
def test_few_of_short_rows(dtype: type, wanted: int, length: int) -> None:
    name = {"float32": "f32", "float64": "f64", "int8": "si8", "uint16": "ui16"}[np.dtype(dtype).name]
    top = f"!mo.tensor<[r, {wanted}], "
    model = mograph.compile(f"""
        mo.graph @f(%x: !mo.tensor<[r, n], {name}>) -> ({top}{name}>, {top}si64>) {{
          %v, %i = mo.top_k %x : (!mo.tensor<[r, n], {name}>) -> ({top}{name}>, {top}si64>)
          mo.output %v, %i : {top}{name}>, {top}si64>
        }}""")
    rng = np.random.default_rng(length)
    x = np.stack([rng.integers(0, 100, length), rng.integers(0, 2, length), np.zeros(length), np.arange(length) % 120])
    x = x.astype(dtype)
    if np.dtype(dtype).kind == "f":
        x[0, ::17], x[1, 3], x[2, ::2] = np.nan, np.inf, -0.0
    values, places = model(x)
    expected = np.stack([order(row, descending=True)[:wanted] for row in x])
    np.testing.assert_array_equal(places, expected)
    np.testing.assert_array_equal(
        values.view(f"u{x.itemsize}"), np.take_along_axis(x, places, 1).view(f"u{x.itemsize}")
    )


@pytest.mark.parametrize("count", [2 * (4096 - 272) - 1, 8 * (4096 - 272), 33_000, 65_537])
@pytest.mark.parametrize("options", ["", " exclusive", " reverse"])
def test_long_sums(count: int, options: str) -> None:
    model = mograph.compile(f"""
        mo.graph @f(%x: !mo.tensor<[n], si64>) -> !mo.tensor<[n], si64> {{
          %y = mo.cumsum %x axis = 0{options} : !mo.tensor<[n], si64>
          mo.output %y : !mo.tensor<[n], si64>
        }}""")
    x = np.random.default_rng(0).integers(-(10**6), 10**6, count)
    expected = np.cumsum(x[::-1])[::-1] if options == " reverse" else np.cumsum(x)
    np.testing.assert_array_equal(model(x), expected - x if options == " exclusive" else expected)
