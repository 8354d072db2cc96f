# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that move elements to other places: compiled, and by their references, against numpy."""

from typing import Any

import numpy as np
import pytest
from case_table import Case, Table

import mograph as mo

TABLE = Table()
case = TABLE.add

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
IMAGE = np.arange(2 * 8 * 4 * 6, dtype=np.float32).reshape(2, 8, 4, 6)
NAMED = [("n", 3, "m")]
ABC = ("a", "b", "c")


def i64(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


# Shapes.
case("mo.squeeze %a0 : {0}", X[:1], gives=X[0])
case("mo.squeeze %a0 axes = [0] : {0}", X[:1, :1], gives=X[0, :1])
case("mo.unsqueeze %a0 axes = [0, -1] : {0}", X, gives=X[None, ..., None], dims=NAMED, result=(1, "n", 3, "m", 1))
case("mo.dim %a0 axis = -1 : {0}", X, gives=np.int64(4), dims=NAMED)
case("mo.reshape %a0, %a1 : {0}, {1} to {r}", X, i64(4, -1), gives=X.reshape(4, 6), dims=NAMED, result=("a", "b"))
case("mo.reshape %a0, %a1 : {0}, {1} to {r}", X[:0], i64(0, -1), gives=np.zeros((0, 0), "f"), result=("a", "b"))
case("mo.reshape %a0, %a1 : {0}, {1} to {r}", X, i64(-1, -1), fails="mo.reshape: .* one -1", result=("a", "b"))
case("mo.reshape %a0, %a1 : {0}, {1} to {r}", X, i64(5, 4), fails="mo.reshape: expected", result=("a", "b"))
case("mo.broadcast_to %a0, %a1 : {0}, {1} to {r}", X[0], i64(5, 3, 4), gives=np.stack([X[0]] * 5), result=("k", 3, 4))
case("mo.broadcast_to %a0, %a1 : {0}, {1} to {r}", X[0], i64(-5, 3, 4), fails="mo.broadcast_to: ", result=("k", 3, 4))
case("mo.broadcast_to %a0, %a1 : {0}, {1} to {r}", X[0], i64(5, 2, 4), fails="mo.broadcast_to: ", result=("k", 3, 4))
case("mo.iota shape %a0 : {0} axis = -1 : {r}", i64(2, 3), gives=np.stack([np.arange(3)] * 2), result=("a", "b"))

# Repetition.
for shape, target, dims in (
    ((5, 1, 4), (5, 3, 4), ("a", 3, "b")),
    ((1,), (1, 3, 4), ("n", 3, "m")),
    ((7, 1, 3, 1), (7, 1, 3, 4), ("z", "a", 3, "b")),
):
    expanded = np.broadcast_to(X[:1], target)
    case("mo.expand %a0, %a1 : {0}, {1} to {r}", X[:1], i64(*shape), gives=expanded, dims=NAMED, result=dims)
case("mo.expand %a0, %a1 : {0}, {1} to {r}", X, i64(3, 1, 1), fails="mo.expand|broadcast", dims=NAMED, result=ABC)
case("mo.expand %a0 : {0} to {r}", X[:1], gives=np.concatenate([X[:1]] * 4), dims=NAMED, result=(4, 3, "m"))
case("mo.expand %a0 : {0} to {r}", X, fails="mo.expand|broadcast", dims=NAMED, result=(4, 3, "m"))
for repeats, dims in (((2, 1, 3), ("n * 2", 3, "m * 3")), ((0, 2, 1), (0, 6, "m")), ((1, 1, 1), ("n", 3, "m"))):
    tiled = np.tile(X, repeats)
    case(f"mo.tile %a0 repeats = {list(repeats)} : {{0}}", X, gives=tiled, dims=NAMED, result=dims)
    case("mo.dynamic.tile %a0, %a1 : ({0}, {1}) -> {r}", X, i64(*repeats), gives=tiled, dims=NAMED, result=ABC)
case("mo.dynamic.tile %a0, %a1 : ({0}, {1}) -> {r}", X, i64(1, -1, 1), fails="repeats of 0 or more", result=ABC)

# Parts.
parts = [("n", 1, "m"), ("n", 2, "m")]
case("mo.split %a0 axis = 1 : {0} to {r}", X, gives=np.split(X, [1], 1), dims=NAMED, result=parts)
parts = [("n", 3, "n"), ("n", 3, "m floordiv 2")]
case("mo.split %a0 axis = -1 : {0} to {r}", X, gives=np.split(X, 2, 2), dims=NAMED, result=parts)
case("mo.split %a0 axis = -1 : {0} to {r}", X[:1], fails="mo.split: expected", dims=NAMED, result=("n", 3, "n"))

# Beyond the ends. A negative padding takes elements away.
LOW, HIGH = (1, 5, 0), (2, 0, 7)
PADDED = ("n + 3", 8, "m + 7")
WIDE = f"low = {list(LOW)} high = {list(HIGH)}"
CROPPED = np.pad(X[1:, :-1, 1:2], [(0, 2), (5, 0), (0, 0)])
for mode in ("reflect", "edge", "wrap"):
    for rows in (1, 2):
        padded = np.pad(X[:rows], list(zip(LOW, HIGH, strict=True)), mode)  # type: ignore[call-overload]  # a mode of numpy's
        case(f"mo.pad %a0 {WIDE} mode = {mode} : {{0}}", X[:rows], gives=padded, dims=NAMED, result=PADDED)
    text = f"mo.dynamic.pad %a0, %a1, %a2 mode = {mode} : ({{0}}, {{1}}, {{2}}) -> {{r}}"
    case(text, X, i64(*LOW), i64(*HIGH), gives=padded, dims=NAMED, result=ABC)
    case(text, X, i64(0, -1, 0), i64(*HIGH), fails="paddings of 0 or more", dims=NAMED, result=ABC)
    case(f"mo.pad %a0 {WIDE} mode = {mode} : {{0}}", X[:0], fails="to repeat on axis 0", dims=NAMED, result=PADDED)
nines = np.pad(X, list(zip(LOW, HIGH, strict=True)), constant_values=9)
case(f"mo.pad %a0, %a1 {WIDE} : {{0}}, {{1}}", X, np.float32(9), gives=nines, dims=NAMED, result=PADDED)
text = "mo.pad %a0 low = [-1, 5, -1] high = [2, -1, -2] : {0}"
case(text, X, gives=CROPPED, dims=NAMED, result=("n + 1", 7, "m - 3"))
text = "mo.pad %a0 low = [-2, 0, 0] high = [-1, 0, 0] : {0}"
case(text, X, fails="extent of 0 or more", dims=NAMED, result=("n - 3", 3, "m"))
text = "mo.dynamic.pad %a0, %a1, %a2 : ({0}, {1}, {2}) -> {r}"
case(text, X, i64(-1, 5, -1), i64(2, -1, -2), gives=CROPPED, dims=NAMED, result=ABC)
case(text, X[:0], i64(1, 0, 0), i64(2, 0, 1), gives=np.zeros((3, 3, 5), "f"), dims=NAMED, result=ABC)
case(text, X, i64(-3, 0, 0), i64(0, 0, 0), fails="mo.dynamic.pad: expected", dims=NAMED, result=ABC)

# Order.
case("mo.flip %a0 axes = [0, -1] : {0}", X, gives=np.flip(X, (0, 2)), dims=NAMED, result=NAMED[0])
text = "mo.roll %a0 shifts = [5, -1] axes = [1, -1] : {0}"
case(text, X, gives=np.roll(X, (5, -1), (1, 2)), dims=NAMED, result=NAMED[0])
case("mo.roll %a0 shifts = [5] axes = [0] : {0}", X[:0], gives=X[:0], dims=NAMED, result=NAMED[0])
SQUARE = np.arange(16, dtype=np.float32).reshape(4, 4)
text = "mo.reverse_sequence %a0, %a1 batch_axis = 1 time_axis = 0 : {0}, {1}"
turned = np.stack([np.concatenate([c[:k][::-1], c[k:]]) for c, k in zip(SQUARE.T, (0, 1, 4, 3), strict=True)], 1)
case(text, SQUARE, i64(0, 1, 4, 3), gives=turned, dims=[("m", "n"), ("n",)], result=("m", "n"))
for lengths in (i64(0, 5, 1, 1), i64(-1, 0, 0, 0)):
    case(text, SQUARE, lengths, fails="lengths from 0 to", dims=[("m", "n"), ("n",)], result=("m", "n"))

# Blocks.
result = ("n", 32, "h floordiv 2", "w floordiv 2")
for mode, order in (("crd", (0, 1, 3, 5, 2, 4)), ("dcr", (0, 3, 5, 1, 2, 4))):
    blocks = IMAGE.reshape(2, 8, 2, 2, 3, 2).transpose(order).reshape(2, 32, 2, 3)
    text = f"mo.space_to_depth %a0 block_size = 2 mode = {mode} : {{0}}"
    case(text, IMAGE, gives=blocks, dims=[("n", 8, "h", "w")], result=result)
case(text, IMAGE[..., :5], fails="that 2 divides", dims=[("n", 8, "h", "w")], result=result)
for mode, split_, order in (("dcr", (2, 2, 2, 2), (0, 3, 4, 1, 5, 2)), ("crd", (2, 2, 2, 2), (0, 1, 4, 2, 5, 3))):
    space = IMAGE.reshape(*split_, 4, 6).transpose(order).reshape(2, 2, 8, 12)
    text = f"mo.depth_to_space %a0 block_size = 2 mode = {mode} : {{0}}"
    case(text, IMAGE, gives=space, dims=[("n", "c", "h", "w")], result=("n", "c floordiv 4", "h * 2", "w * 2"))

# Diagonals.
RIGHT = np.arange(4) - np.arange(3)[:, None]
for lower, upper in ((0, 0), (1, -1), (-1, 0), (2, 1), (-1, -1)):
    kept = ((lower >= -RIGHT) | (lower < 0)) & ((upper >= RIGHT) | (upper < 0))
    text = f"mo.band_part %a0 lower = {lower} upper = {upper} : {{0}}"
    case(text, X, gives=np.where(kept, X, np.float32(0)), dims=[("b", "n", "m")], result=("b", "n", "m"))
for k in (-5, -1, 0, 1, 9):
    result = ("b", "n", "m")
    case("mo.trilu %a0, %a1 : {0}, {1}", X, np.int64(k), gives=np.triu(X, k), dims=[result], result=result)
    text = "mo.trilu %a0, %a1 upper = false : {0}, {1}"
    case(text, X, np.int64(k), gives=np.tril(X, k), dims=[result], result=result)


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    return TABLE.compile()


@pytest.mark.parametrize("case", TABLE.cases, ids=str)
def test_compiled_and_interpreted(case: Case, models: dict[str, Any]) -> None:
    case.check(models[case.name])


@pytest.mark.parametrize("shape", [(2**62, 1), (2**33, 2**33), (2**63 - 1, 2)])
def test_more_than_any_memory_holds(shape: tuple[int, int]) -> None:
    """The number of bytes does not fit 64 bits: it is no smaller allocation."""
    model = mo.compile("""
        mo.graph @f(%x: !mo.tensor<[], f32>, %s: !mo.tensor<[2], si64>) -> !mo.tensor<[a, b], f32> {
          %r = mo.broadcast_to %x, %s : !mo.tensor<[], f32>, !mo.tensor<[2], si64> to !mo.tensor<[a, b], f32>
          mo.output %r : !mo.tensor<[a, b], f32>
        }""")
    with pytest.raises(MemoryError, match="f: out of memory"):
        model(np.float32(1), i64(*shape))
