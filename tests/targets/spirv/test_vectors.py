# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Vectors: what is loaded and stored in one piece, moved, compared and reduced."""

import numpy as np
import pytest

from .running import (
    THREAD,
    TYPES,
    Array,
    assert_same,
    compiled,
    computed,
    element,
    kernel,
    run,
    store,
    unsigned,
    values,
)

ROWS = 64
VECTORS = [("f32", 4), ("f16", 8), ("bf16", 8), ("f64", 2), ("i32", 4), ("i8", 16), ("i16", 8), ("i64", 2), ("f32", 3)]
FLOATS = ("f16", "bf16", "f32", "f64")


def is_float(type_: str) -> bool:
    return type_ in FLOATS


def rows(type_: str, lanes: int, seed: int) -> Array:
    """Numbers that do not overflow."""
    numbers = values(type_, ROWS * lanes, seed)
    if is_float(type_):
        wide = numbers.astype(np.float64)
        numbers = np.clip(np.where(np.isfinite(wide), wide, 1), -50, 50).astype(TYPES[type_])
    return numbers.reshape(ROWS, lanes)


def access(type_: str, lanes: int) -> tuple[str, str, int]:
    """Code that loads `%x` and `%y`, code that stores `%r`, and the bytes that a vector takes in memory."""
    vector = f"vector<{lanes}x{type_}>"
    size = np.dtype(TYPES[type_]).itemsize
    aligned = f"{{alignment = {size} : i64}}"
    text = THREAD + f"%lanes = arith.constant {lanes} : i64\n%at = arith.muli %i, %lanes : i64\n"
    for number, name in enumerate("xy"):
        text += element(f"%p{name}", f"%a{number}", type_, "%at")
        text += f"%{name} = llvm.load %p{name} {aligned} : !llvm.ptr<1> -> {vector}\n"
    return text, element("%pr", "%a2", type_, "%at") + f"llvm.store %r, %pr {aligned} : {vector}, !llvm.ptr<1>\n", size


@pytest.mark.parametrize(("type_", "lanes"), VECTORS)
def test_elements_move(type_: str, lanes: int) -> None:
    vector = f"vector<{lanes}x{type_}>"
    begin, end, _ = access(type_, lanes)
    x, y = rows(type_, lanes, 0), rows(type_, lanes, 1)
    mixed = [(3 * lane + 1) % (2 * lanes) for lane in range(lanes)]
    compare = "arith.cmpf olt" if is_float(type_) else "arith.cmpi slt"
    listed = ", ".join("%e" if lane % 2 else "%g" for lane in range(lanes))
    here = f"%n = arith.constant {lanes} : index\n%d = arith.remui %t, %n : index\n"
    taken = f"%e = vector.extract %x[1] : {type_} from {vector}\n"
    bodies = {
        "shuffle": (
            f"%r = vector.shuffle %x, %y {mixed} : {vector}, {vector}\n",
            np.concatenate([x, y], 1)[:, mixed],
        ),
        "broadcast": (
            taken
            + f"%v = vector.broadcast %e : {type_} to {vector}\n%g = vector.extract %y[0] : {type_} from {vector}\n"
            f"%r = vector.insert %g, %v [1] : {type_} into {vector}\n",
            np.where(np.arange(lanes) == 1, y[:, :1], x[:, 1:2]),
        ),
        "places": (
            here + f"%e = vector.extract %x[%d] : {type_} from {vector}\n"
            f"%r = vector.insert %e, %y [%d] : {type_} into {vector}\n",
            np.where(np.arange(lanes) == (np.arange(ROWS) % lanes)[:, None], x, y),
        ),
        "select": (
            f"%c = {compare}, %x, %y : {vector}\n%r = arith.select %c, %x, %y : vector<{lanes}xi1>, {vector}\n",
            np.where(x < y, x, y),
        ),
        "elements": (
            taken + f"%g = vector.extract %y[{lanes - 1}] : {type_} from {vector}\n"
            f"%r = vector.from_elements {listed} : {vector}\n",
            np.where(np.arange(lanes) % 2, x[:, 1:2], y[:, lanes - 1 :]),
        ),
    }
    kernels = "".join(kernel(name, 3, begin + body + end, ROWS) for name, (body, _) in bodies.items())
    image = compiled(kernels)
    for name, (_, expected) in bodies.items():
        assert_same(run(image, name, [x, y], [np.zeros_like(x)])[0], expected)


@pytest.mark.parametrize(("type_", "lanes"), [*VECTORS, ("f32", 16), ("f32", 2)])
def test_elements_are_reduced(type_: str, lanes: int) -> None:
    vector = f"vector<{lanes}x{type_}>"
    begin, _, _ = access(type_, lanes)
    x = rows(type_, lanes, 0)
    wide = x.astype(np.float32) if type_ == "bf16" else x
    bits = unsigned(x) if not is_float(type_) else x
    kinds = {
        "add": lambda: sequence(np.add, wide), "mul": lambda: sequence(np.multiply, wide),
        "maximumf": lambda: x.max(1), "minimumf": lambda: x.min(1), "maxnumf": lambda: x.max(1),
        "minnumf": lambda: x.min(1), "maxsi": lambda: x.max(1), "minsi": lambda: x.min(1),
        "maxui": lambda: bits.max(1).view(x.dtype), "minui": lambda: bits.min(1).view(x.dtype),
        "and": lambda: np.bitwise_and.reduce(x, 1), "or": lambda: np.bitwise_or.reduce(x, 1),
        "xor": lambda: np.bitwise_xor.reduce(x, 1),
    }  # fmt: skip
    suited = [name for name in kinds if name in ("add", "mul") or name.endswith("f") == is_float(type_)]
    text = "".join(
        kernel(
            name,
            3,
            begin + f"%r = vector.reduction <{name}>, %x : {vector} into {type_}\n" + store("%r", "%a2", type_),
            ROWS,
        )
        for name in suited
    )
    image = compiled(text)
    for name in suited:
        with np.errstate(all="ignore"):
            expected = kinds[name]().astype(x.dtype)
        assert_same(run(image, name, [x, x], [np.zeros(ROWS, x.dtype)])[0], expected)


def sequence(function: np.ufunc, numbers: Array) -> Array:
    """From the first element to the last, as code does that may not reorder."""
    result = numbers[:, 0]
    for lane in range(1, numbers.shape[1]):
        result = function(result, numbers[:, lane], dtype=numbers.dtype)
    return result


@pytest.mark.parametrize("kind", ["maximumf", "minimumf"])
def test_nan_is_extreme(kind: str) -> None:
    x = np.ones((ROWS, 4), np.float32)
    x[np.arange(ROWS), np.arange(ROWS) % 4] = np.nan
    begin, _, _ = access("f32", 4)
    reduced = f"%r = vector.reduction <{kind}>, %x : vector<4xf32> into f32\n" + store("%r", "%a2", "f32")
    assert np.isnan(computed(begin + reduced, [x, x], [np.zeros(ROWS, np.float32)])[0]).all()
