# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that read and write at indices: compiled, and by their references, against numpy."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from case_table import Array, Case, Table

TABLE = Table()
case = TABLE.add

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
NAMED = ("n", "k", "m")
END, FRONT = 2**63 - 1, -(2**63)
RANDOM = np.random.default_rng(0)


def i64(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


# Ranges that are known when it runs, as numpy clamps them.
MATRIX = np.arange(20, dtype=np.float32).reshape(4, 5)
text = "mo.dynamic.slice %a0, %a1, %a2, %a3 : ({0}, {1}, {2}, {3}) -> {r}"
for _ in range(24):
    starts, stops = (RANDOM.choice([0, 1, 2, 3, 4, -1, -2, -9, 9, END, FRONT], 2).tolist() for _ in range(2))
    steps = RANDOM.choice([1, 1, 2, -1, -2, END, FRONT, -END], 2).tolist()
    found = MATRIX[tuple(map(slice, starts, stops, steps))]
    case(text, MATRIX, i64(*starts), i64(*stops), i64(*steps), gives=found, dims=[("n", "m")], result=("a", "b"))
case(text, MATRIX, i64(0, 0), i64(9, 9), i64(1, 0), fails="step other than 0 on axis 1", result=("a", "b"))
case(text, MATRIX, i64(0, 0), i64(1, 1), i64(1, 1), fails="extent|dimension", result=(2, "b"))

# Slices at indices.
TURNED = np.array([[1, -1], [0, -2]])
for dtype in (np.int64, np.int32, np.int8):
    indices = TURNED.astype(dtype)
    case(
        "mo.gather %a0, %a1 : {0}, {1}", X, indices, gives=X[TURNED], dims=[NAMED, ("p", 2)], result=("p", 2, "k", "m")
    )
text = "mo.gather %a0, %a1 axis = -1 : {0}, {1}"
case(text, X, np.array([3, 0], np.uint64), gives=X[..., [3, 0]], dims=[NAMED], result=("n", "k", 2))
for outside in (np.array([3, 2**63], np.uint64), i64(0, 4), i64(0, -5), i64(FRONT, 0), i64(END, 0)):
    case(text, X, outside, fails="mo.gather: expected indices in", dims=[NAMED], result=("n", "k", 2))
case("mo.gather %a0, %a1 axis = 1 : {0}, {1}", X, np.int64(-3), gives=X[:, 0], dims=[NAMED], result=("n", "m"))
case("mo.gather %a0, %a1 : {0}, {1}", X[:0], np.int64(0), fails="mo.gather", dims=[NAMED], result=("k", "m"))
case("mo.gather %a0, %a1 : {0}, {1}", X[:0], i64(), gives=X[:0], dims=[NAMED, ("p",)], result=("p", "k", "m"))
case("mo.gather %a0, %a1 : {0}, {1}", np.array([True, False]), i64(1, 0, 0), gives=np.array([False, True, True]))
BRAIN = np.arange(5).astype(ml_dtypes.bfloat16)
case("mo.gather %a0, %a1 : {0}, {1}", BRAIN, np.int64(3), gives=BRAIN[3])

# Elements at indices.
WHERE = RANDOM.integers(-3, 3, (2, 5, 4))
text, pqr = "mo.gather_elements %a0, %a1 axis = 1 : {0}, {1}", ("p", "q", "r")
case(text, X, WHERE, gives=np.take_along_axis(X, WHERE, 1), dims=[NAMED, ("n", "q", "m")], result=("n", "q", "m"))
fewer = np.take_along_axis(X[:1, :, :2], WHERE[:1, :, :2], 1)
case(text, X, WHERE[:1, :, :2], gives=fewer, dims=[NAMED, pqr], result=pqr)
case(text, X, np.zeros((3, 1, 1), int), fails="indices of at most", dims=[NAMED, pqr], result=pqr)
case(text, X, np.full((1, 1, 1), 3), fails="on axis 1", dims=[NAMED, pqr], result=pqr)
text = "mo.gather_nd %a0, %a1 : {0}, {1}"
case(text, X, np.array([[1, -1], [0, 2]]), gives=X[[1, 0], [-1, 2]], dims=[NAMED, ("p", 2)], result=("p", "m"))
for place in ((1, 3), (2, 0), (-3, 0)):
    case(text, X, np.array([place]), fails="mo.gather_nd: expected", dims=[NAMED, ("p", 2)], result=("p", "m"))
case(text, X, np.zeros((2, 0), int), gives=np.stack([X, X]), dims=[NAMED, ("p", 0)], result=("p", *NAMED))
case(text, X, i64(1, 1, 1), gives=X[1, 1, 1])
PLACES = np.array([[[1, -1], [2, 0], [0, 0]], [[0, 2], [0, 0], [1, 1]]])
batched = np.stack([x[place[:, 0], place[:, 1]] for x, place in zip(X, PLACES, strict=True)])
text = "mo.gather_nd %a0, %a1 batch_dims = 1 : {0}, {1}"
case(text, X, PLACES, gives=batched, dims=[NAMED, ("n", "q", 2)], result=("n", "q"))

# Updates, in the order of the indices, which occur more than once.
COMBINE = {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}


def updated(x: Array, indices: Array, updates: Array, reduction: str) -> Array:
    """Along axis 1, one after the other."""
    result = x.copy()
    for place in np.ndindex(*indices.shape):
        at = (place[0], indices[place], *place[2:])
        before, update = result[at], updates[place]
        result[at] = COMBINE[reduction](before, update) if reduction in COMBINE else update
    return result


for reduction in ("none", *COMBINE):
    for dtype in (np.float32, np.int32, np.uint8, ml_dtypes.bfloat16):
        given, new = X.astype(dtype), RANDOM.integers(0, 9, (2, 5, 3)).astype(dtype)
        WHERE = RANDOM.integers(-3, 3, (2, 5, 3))
        text = f"mo.scatter %a0, %a1, %a2 axis = -2 reduction = {reduction} : {{0}}, {{1}}, {{2}}"
        changed = updated(given, WHERE, new, reduction)
        case(text, given, WHERE, new, gives=changed, dims=[NAMED, pqr, pqr], result=NAMED)
text, flags = "mo.scatter %a0, %a1, %a2 : {0}, {1}, {2}", np.zeros(4, bool)
case(text, flags, i64(1, -1), np.array([True, True]), gives=np.array([False, True, False, True]))
for outside in (i64(1, 4), i64(-5, 0)):
    case(text, flags, outside, flags[:2], fails="mo.scatter: expected indices in", dims=[("n",)], result=("n",))
none = np.zeros((0, 3, 4), int)
case(text, X, none, none.astype("f"), gives=X, dims=[NAMED, ("z", "k", "m"), ("z", "k", "m")], result=NAMED)
case(
    text,
    X,
    np.zeros((1, 3, 5), int),
    np.zeros((1, 3, 5), "f"),
    fails="of at most",
    dims=[NAMED, pqr, pqr],
    result=NAMED,
)
ROWS, NEW = np.array([[1], [0], [1]]), RANDOM.integers(0, 9, (3, 3, 4)).astype(np.float32)
set_, added = X.copy(), X.copy()
for row, update in zip(ROWS[:, 0], NEW, strict=True):
    set_[row] = update
    added[row] += update
dims = [NAMED, ("p", 1), ("p", "k", "m")]
case("mo.scatter_nd %a0, %a1, %a2 : {0}, {1}, {2}", X, ROWS, NEW, gives=set_, dims=dims, result=NAMED)
text = "mo.scatter_nd %a0, %a1, %a2 reduction = add : {0}, {1}, {2}"
case(text, X, ROWS, NEW, gives=added, dims=dims, result=NAMED)
case(text, X, ROWS + 1, NEW, fails="mo.scatter_nd: expected indices in", dims=dims, result=NAMED)

# One place of many.
CLASSES = np.array([[0, -1, 7], [2, -4, 3]])
ON, OFF = np.float32(5), np.float32(2)
for axis in (0, 1, -1):
    column = [1, 1, 1]
    column[axis] = 4
    hot = np.expand_dims(np.where(CLASSES < 0, CLASSES + 4, CLASSES), axis) == np.arange(4).reshape(column)
    names: list[Any] = ["p", "q"]
    names.insert(axis % 3, "k")
    text = f"mo.one_hot %a0, %a1, %a2, %a3 axis = {axis} : ({{0}}, {{1}}, {{2}}, {{3}}) -> {{r}}"
    case(text, CLASSES, ON, OFF, np.int64(4), gives=np.where(hot, ON, OFF), dims=[("p", "q")], result=names)
case(text, CLASSES, ON, OFF, np.int64(-4), fails="mo.one_hot: expected", result=(2, 3, "k"), dtype="f")
text = "mo.one_hot %a0, %a1, %a2 : ({0}, {1}, {2}) -> {r}"
some = np.array([[False, True, False], [False] * 3])
case(text, np.array([1, 255], np.uint8), np.True_, np.False_, gives=some, dims=[("p",)], result=("p", 3))

# Numbers in a row.
text = "mo.range %a0, %a1, %a2 : {0} to {r}"
for dtype, ranges in {
    "i8": [(0, 10, 3), (10, 0, -3), (5, 5, 1), (5, 0, 1), (0, END, END), (FRONT, END, 2**62), (END, FRONT, FRONT)],
    "u8": [(0, 7, 2), (9, 2, 1), (2**64 - 9, 2**64 - 1, 3)],
    "i1": [(-128, 127, 100), (127, -128, -128)],
}.items():
    for each in ranges:
        case(text, *(np.array(x, dtype) for x in each), gives=np.array(range(*each), dtype), result=("n",))
for dtype in ("f2", "f4", "f8"):
    for first, last, step in ((0, 1, 0.1), (1, 0, -0.3), (0, 5, 1), (2, 1, 1)):
        start, limit, by = (np.dtype(dtype).type(x) for x in (first, last, step))
        count = max(int(np.ceil((float(limit) - float(start)) / float(by))), 0)
        numbers = (float(start) + np.arange(count) * float(by)).astype(dtype)
        case(text, start, limit, by, gives=numbers, result=("n",))
case(text, np.int64(0), np.int64(5), np.int64(0), fails="step other than 0", result=("n",))
case(text, np.int64(0), np.int64(5), np.int64(1), fails="mo.range: expected", result=(4,))
case(text, np.float32(0), np.float32(np.inf), np.float32(1), fails="finite", result=("n",))

# What is counted when it runs.
for dtype in ("f4", "?", "i4", "u1"):
    some = RANDOM.integers(0, 2, (3, 4, 2)).astype(dtype)
    text = "mo.non_zero %a0 : {0} to {r}"
    case(text, some, gives=np.array(np.nonzero(some)), dims=[NAMED], result=(3, "j"))
for nothing in (np.zeros((3, 4, 2), "f"), np.zeros((0, 4, 2), "f")):
    case(text, nothing, gives=np.zeros((3, 0), int), dims=[NAMED], result=(3, "j"))
case(text, np.zeros((3, 4, 2), "f"), fails="mo.non_zero: expected", result=(3, 4), dtype="i8")
case(text, np.float64(3), gives=np.zeros((0, 1), int), result=(0, "j"))
KEEP = np.array([False, True, True])
text = "mo.compress %a0, %a1 axis = 1 : {0}, {1} to {r}"
for condition in (KEEP, KEEP[:2], KEEP[:0]):
    kept = np.compress(condition, X, 1)
    case(text, X, condition, gives=kept, dims=[NAMED, ("c",)], result=("n", "j", "m"))
text = "mo.compress %a0, %a1 : {0}, {1} to {r}"
case(text, X, KEEP, gives=np.compress(KEEP, X), dims=[NAMED, ("c",)], result=("j",))
text = "mo.compress %a0, %a1 axis = 0 : {0}, {1} to {r}"
case(text, X, KEEP, fails="condition of at most", dims=[NAMED, ("c",)], result=("j", "k", "m"))


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    return TABLE.compile()


@pytest.mark.parametrize("case", TABLE.cases, ids=str)
def test_compiled_and_interpreted(case: Case, models: dict[str, Any]) -> None:
    case.check(models[case.name])
