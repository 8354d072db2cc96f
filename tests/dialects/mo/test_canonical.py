# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Canonicalised arithmetic gives the same bits, also for infinities, NaN, zeros of both signs and ends of integers."""

from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph.transforms.kit import Pipeline

NUMERIC = ("add", "sub", "mul", "div", "floor_div", "mod", "fmod", "pow", "max", "min")
COMPARISONS = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
BITS = ("and", "or", "xor")
SHIFTS = ("shift_left", "shift_right")
FLOATS = [0.0, -0.0, 1.0, -1.0, 2.5, np.inf, -np.inf, np.nan]
DTYPES: dict[str, tuple[Any, list[Any], tuple[str, ...]]] = {
    "f32": (np.float32, FLOATS, (*NUMERIC, *COMPARISONS)),
    "f16": (np.float16, FLOATS, (*NUMERIC, *COMPARISONS)),
    "si8": (np.int8, [0, 1, -1, 5, 127, -128], (*NUMERIC, *COMPARISONS, *BITS, *SHIFTS)),
    "ui8": (np.uint8, [0, 1, 5, 127, 128, 255], (*NUMERIC, *COMPARISONS, *BITS, *SHIFTS)),
    "i1": (np.bool_, [False, True], (*COMPARISONS, *BITS)),
}


def literal(value: Any, dtype: str) -> str:
    if dtype == "i1":
        return str(value).lower()
    if dtype[0] != "f" or np.isfinite(value):
        return repr(value)
    bits = np.array(value, DTYPES[dtype][0])
    return "0x" + bits.view(f"u{bits.itemsize}").item().to_bytes(bits.itemsize, "big").hex().upper()


def graph(dtype: str, shape: str) -> str:
    """A graph of each operation of x and each constant, on both sides, once and twice, and of x and x."""
    _, values, ops = DTYPES[dtype]
    x, scalar, result = f"!mo.tensor<[{shape}], {dtype}>", f"!mo.tensor<[], {dtype}>", f"!mo.tensor<[{shape}], {{}}>"
    lines, names, types = [], [], []

    def emit(op: str, left: str, right: str, lhs: str, rhs: str) -> str:
        name = f"%v{len(names)}"
        lines.append(f"{name} = mo.{op} {left}, {right} : {lhs}, {rhs}")
        names.append(name)
        types.append(result.format("i1" if op in COMPARISONS else dtype))
        return name

    for index, value in enumerate(values):
        lines.append(f"%c{index} = mo.constant {literal(value, dtype)} : {scalar}")
    for op in ops:
        emit(op, "%x", "%x", x, x)
        for index in range(len(values)):
            once = emit(op, "%x", f"%c{index}", x, scalar)
            emit(op, f"%c{index}", "%x", scalar, x)
            if op not in COMPARISONS:
                emit(op, once, f"%c{(index + 1) % len(values)}", x, scalar)
            else:
                lines.append(f"%n{len(names)} = mo.not {once} : {types[-1]}")
                names.append(f"%n{len(names)}")
                types.append(result.format("i1"))
    body = "\n".join(lines)
    results = ", ".join(types)
    return f"mo.graph @f(%x: {x}) -> ({results}) {{\n{body}\nmo.output {', '.join(names)} : {results}\n}}"


@pytest.mark.parametrize("shape", ["n", "static"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_same_bits(dtype: str, shape: str) -> None:
    numpy_dtype, values, _ = DTYPES[dtype]
    text = graph(dtype, str(len(values)) if shape == "static" else shape)
    x = np.array(values, numpy_dtype)
    module = mo.parse(text)
    Pipeline("builtin.module(mo.graph(canonicalize))").run(module)
    assert str(module).count(" = mo.") < str(mo.parse(text)).count(" = mo.")
    lines = [line.strip() for line in text.splitlines() if line.startswith(("%v", "%n"))]
    for before, after, line in zip(mo.interpret(text)(x), mo.interpret(str(module))(x), lines, strict=True):
        np.testing.assert_array_equal(before, after, line)
        if before.dtype.kind == "f":
            # NaN has no sign, nor has the greater or lesser one of 0 and -0.
            signed = ~np.isnan(before) & ((before != 0) | ("mo.max" not in line and "mo.min" not in line))
            np.testing.assert_array_equal(np.signbit(before)[signed], np.signbit(after)[signed], line)
