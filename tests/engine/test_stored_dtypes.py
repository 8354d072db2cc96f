# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Dtypes for storage, compiled: casts from and to every dtype, movement, constants, weights, inputs and outputs."""

import numpy as np
import pytest

import mograph as mo
from mograph.dialects.mo.dtypes import DTYPES, DType

STORED = [dtype for dtype in DTYPES.values() if dtype.stored_only]


def every(dtype: DType) -> np.ndarray:
    """All values of a dtype for storage, again and again, so that vectors are filled."""
    return np.tile(np.arange(2**dtype.bits, dtype=np.uint8), 256 // 2**dtype.bits + 1)[:257].view(dtype.numpy)


def some(dtype: DType) -> np.ndarray:
    """Values of any dtype."""
    random = np.random.default_rng(5)
    if dtype.stored_only:
        return every(dtype)
    if dtype.kind == "bool":
        return random.integers(0, 2, 257).astype(bool)
    if dtype.kind == "float":
        wide = random.standard_normal(257) * 2.0 ** random.integers(-12, 12, 257)
        wide[:6] = [0, -0.0, np.inf, -np.inf, np.nan, 7]
        with np.errstate(all="ignore"):
            return wide.astype(dtype.numpy)
    ends = np.iinfo(dtype.numpy)
    return random.integers(ends.min, ends.max, 257, dtype.numpy, endpoint=True) >> dtype.numpy.type(dtype.bits // 2)


def assert_same(found: np.ndarray, expected: np.ndarray, what: str) -> None:
    """Equal bits, but for those of NaN."""
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype), what
    raw = f"u{found.dtype.itemsize}"
    equal = found.view(raw) == expected.view(raw)
    if found.dtype.kind in "fV":
        equal |= np.isnan(found.astype("d")) & np.isnan(expected.astype("d"))
    assert equal.all(), f"{what}: {found[~equal][:5]}, expected {expected[~equal][:5]}"


@pytest.mark.parametrize("stored", STORED, ids=lambda dtype: dtype.name)
def test_casts(stored: DType) -> None:
    cases = {}
    for other in DTYPES.values():
        for source, target in ((stored, other), (other, stored)):
            ways = ["", "saturate = false "] if target.name.startswith("f8") else [""]
            if target.name == "f8E8M0FNU":
                ways += ["rounding = up ", "saturate = false rounding = down "]
            for way in ways:
                name, left, right = (
                    f"c{len(cases)}",
                    f"!mo.tensor<[n], {source.name}>",
                    f"!mo.tensor<[n], {target.name}>",
                )
                text = f"mo.graph @{name}(%x: {left}) -> {right} {{\n%y = mo.cast %x {way}: {left} to {right}\n"
                cases[name] = source, f"{text}mo.output %y : {right}\n}}\n"
    compiled = mo.load_all("".join(text for _, text in cases.values()))
    for name, (source, text) in cases.items():
        x = some(source)
        assert_same(compiled[name](x), mo.interpret(text)(x), text)


@pytest.mark.parametrize("stored", STORED, ids=lambda dtype: dtype.name)
def test_movement(stored: DType) -> None:
    def of(shape: str, dtype: str = stored.name) -> str:
        return f"!mo.tensor<[{shape}], {dtype}>"

    one = "1.0" if stored.kind == "float" else "1"
    results = ", ".join(map(of, ("4, n", "n * 2, 4", "n, 2", "n, 4", "2, n, 4", "n * 4")))
    text = f"""mo.graph @f(%x: {of("n, 4")} {{mo.name = "x"}}, %m: {of("n, 4", "i1")})
        -> ({results}) {{
      %one = mo.constant {one} : {of("")}
      %t = mo.transpose %x perm = [1, 0] : {of("n, 4")}
      %c = mo.concat %x, %x axis = 0 : {of("n, 4")}, {of("n, 4")}
      %s = mo.slice %x starts = [0, 1] stops = [4611686018427387904, 4] steps = [1, 2] : {of("n, 4")}
      %w = mo.select %m, %x, %one : {of("n, 4", "i1")}, {of("n, 4")}, {of("")}
      %b = mo.broadcast_to %w : {of("n, 4")} to {of("2, n, 4")}
      %r = mo.reshape %x : {of("n, 4")} to {of("n * 4")}
      mo.output %t, %c, %s, %w, %b, %r : {results}
    }}"""
    x = every(stored)[:256].reshape(64, 4)
    m = np.random.default_rng(1).integers(0, 2, x.shape).astype(bool)
    for found, expected in zip(mo.compile(text)(x, m), mo.interpret(text)(x, m), strict=True):
        assert_same(found, expected, stored.name)


@pytest.mark.parametrize("stored", STORED, ids=lambda dtype: dtype.name)
def test_weights_and_constants(stored: DType) -> None:
    shape = f"!mo.tensor<[4], {stored.name}>"
    values = [1.0, 2.0, 0.5, 4.0] if stored.kind == "float" else [1, 0, 1, 1]
    text = f"""mo.graph @f() -> ({shape}, {shape}) {{
      %w = mo.constant.external "w" : {shape}
      %c = mo.constant dense<{values}> : {shape}
      mo.output %w, %c : {shape}, {shape}
    }}"""
    w = every(stored)[:4]
    found = mo.compile(text, weights={"w": w})()
    assert_same(found[0], w, stored.name)
    assert_same(found[1], np.array(values, np.float64).astype(stored.numpy), stored.name)
