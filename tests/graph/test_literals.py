# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which numbers and arrays become constants of which dtype."""

import re
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import mograph
from mograph.graph import Graph, GraphError, TensorSpec, ops
from mograph.graph.literals import elements


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        (0.1, "f32", np.float32(0.1)),
        (0.1, "bf16", ml_dtypes.bfloat16(0.1)),
        (3, "f16", np.float16(3)),
        (True, "f32", np.float32(1)),
        (True, "si8", np.int8(1)),
        (False, "i1", np.bool_(False)),
        (-128, "si8", np.int8(-128)),
        (2**64 - 1, "ui64", np.uint64(2**64 - 1)),
        (float("inf"), "f16", np.float16("inf")),
        (float("-inf"), "f8E5M2", ml_dtypes.float8_e5m2("-inf")),
        (np.float64(0.5), "f32", np.float32(0.5)),
        (np.array([1, 2], np.int64), "si32", np.array([1, 2], np.int32)),
        (np.array([1, 2], np.int64), "bf16", np.array([1, 2], ml_dtypes.bfloat16)),
        (np.array([1.5, np.nan]), "f16", np.array([1.5, np.nan], np.float16)),
        (np.array([], np.float64), "f16", np.array([], np.float16)),
        (np.array([2], np.uint8), "si8", np.array([2], np.int8)),
        (np.array([0.5], ml_dtypes.bfloat16), "f32", np.array([0.5], np.float32)),
        (np.array([-8, 7], ml_dtypes.int4), "si32", np.array([-8, 7], np.int32)),
        (-2, "si2", np.array(-2, ml_dtypes.int2)),
        (6.2, "f8E4M3FNUZ", ml_dtypes.float8_e4m3fnuz(6)),
        (-1.5, "f4E2M1FN", ml_dtypes.float4_e2m1fn(-1.5)),
    ],
)
def test_values_that_are_held(value: Any, dtype: str, expected: Any) -> None:
    made = elements(value, dtype)
    assert made.dtype == expected.dtype
    np.testing.assert_array_equal(made.astype(np.float64), np.asarray(expected).astype(np.float64))


@pytest.mark.parametrize(
    ("value", "dtype", "message"),
    [
        (1.5, "si32", "expected an integer, for dtype si32; found 1.5"),
        (2.0, "si32", "expected an integer, for dtype si32; found 2.0"),
        (128, "si8", "expected -128 to 127, for dtype si8; found 128"),
        (-1, "ui64", "expected 0 to 18446744073709551615, for dtype ui64; found -1"),
        (2**63, "si64", "for dtype si64; found 9223372036854775808"),
        (2**64, "si64", "expected a value that si64 holds, found 18446744073709551616"),
        (1, "i1", "expected a bool, for dtype i1; found 1"),
        (1e39, "f32", r"expected a value in the range of f32, found 1e\+39"),
        (70000.0, "f16", "in the range of f16, found 70000.0"),
        (float("inf"), "f8E4M3FN", "in the range of f8E4M3FN, found inf"),
        (6.5, "f4E2M1FN", "in the range of f4E2M1FN, found 6.5"),
        (float("nan"), "f4E2M1FN", "in the range of f4E2M1FN, found nan"),
        (0.0, "f8E8M0FNU", "in the range of f8E8M0FNU, found 0.0"),
        (-9, "si4", "expected -8 to 7, for dtype si4; found -9"),
        (50257, "bf16", "expected a value that bf16 holds exactly, found 50257; a Python float is rounded"),
        (2**53 + 1, "f64", "expected a value that f64 holds exactly, found 9007199254740993"),
        (np.float64(0.1), "f32", "expected a value that f32 holds exactly, found 0.1"),
        (np.array([[0.5, 0.1]]), "f32", r"found 0.1 at \[0, 1\]"),
        (np.array([1, 300]), "ui8", r"expected 0 to 255, for dtype ui8; found 300 at \[1\]"),
        (np.array([1.0]), "si32", "expected an integer, for dtype si32; found an array of float64"),
        (np.array(["a"]), "f32", "expected numbers, found ndarray of numpy's dtype <U1"),
        (np.array([1j]), "f32", "expected numbers, found ndarray of numpy's dtype complex128"),
        (np.array([None]), "f32", "expected numbers, found ndarray of numpy's dtype object"),
    ],
)
def test_values_that_are_not(value: Any, dtype: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        elements(value, dtype)


def test_operands_take_the_dtype_and_device_of_the_tensor() -> None:
    with Graph("main", inputs={"x": TensorSpec([2], "bf16", "gpu:1")}) as g:
        g.output(g.inputs.x + 0.1)
        with pytest.raises(GraphError, match="has its outputs already"):
            _ = g.inputs.x + 1.0
    assert re.search(r"mo\.constant 1\.00\d+e-01 : !mo\.tensor<\[\], bf16, gpu:1>", str(g.module))


def test_errors_name_the_operand(place: str) -> None:
    with Graph("main", inputs={"x": TensorSpec([2], "si8")}) as g:
        with pytest.raises(GraphError, match=rf"test_literals.py{place} 'mo.add' op rhs: expected -128 to 127"):
            _ = g.inputs.x + 1000
        with pytest.raises(GraphError, match=r"'mo.concat' op inputs\[1\]: expected an integer"):
            ops.concat([g.inputs.x, np.array([1.5])], axis=0)
        g.output()


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        ([[1, 2], [3, 4]], None, np.array([[1, 2], [3, 4]], np.int64)),
        ([0.1, 0.2], None, np.array([0.1, 0.2])),
        ([0.1, 0.2], "f32", np.array([0.1, 0.2], np.float32)),
        ([0.1], "f8E4M3FN", np.array([0.1], ml_dtypes.float8_e4m3fn)),
        (np.array([0.1]), "f32", np.array([0.1], np.float32)),
        (50257, "bf16", np.array(50257, ml_dtypes.bfloat16)),
        ([], "si32", np.array([], np.int32)),
        (True, None, np.array(True)),
        (np.zeros([2, 0, 3], np.float16), None, np.zeros([2, 0, 3], np.float16)),
        ([1, 0], "bool", None),
        ([0.5], "si32", None),
        ("text", None, None),
        ([[1], [2, 3]], None, None),
    ],
)
def test_constants(value: Any, dtype: str | None, expected: Any) -> None:
    with Graph("main") as g:
        if expected is None:
            with pytest.raises(GraphError, match="'mo.constant' op (value|dtype): "):
                ops.constant(value, dtype)
            g.output()
            return
        g.output(y=ops.constant(value, dtype))
    found = mograph.interpret(g.module)()
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
