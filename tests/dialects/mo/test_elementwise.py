# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The elementwise operations, each against the standard library, scipy or exact integers, in all its dtypes."""

import math
import operator
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes

FLOATS = ["f8E4M3FN", "f8E5M2", "f16", "bf16", "f32", "f64"]
SIGNED = ["si8", "si16", "si32", "si64"]
INTEGERS = [*SIGNED, "ui8", "ui16", "ui32", "ui64"]


def array(values: object, dtype: str) -> np.ndarray:
    return np.array(values, dtypes.DTYPES[dtype].numpy)


def close(found: np.ndarray, expected: object, ulps: float = 1) -> None:
    """`found` is `expected` (of f64) rounded to the dtype of `found`, within some units of its last place."""
    eps = float(np.finfo(np.float64).eps if found.dtype == np.float64 else mo.numpy_.ml_dtypes.finfo(found.dtype).eps)
    rounded = np.asarray(expected, np.float64).astype(found.dtype).astype(np.float64)
    np.testing.assert_allclose(found.astype(np.float64), rounded, rtol=ulps * eps, atol=1e-300)


# ---- Functions of floats

REAL = [-3.0, -1.5, -0.75, -0.1, 0.0, 0.1, 0.5, 1.0, 2.5, 4.0]
UNIT = [-1.0, -0.75, -0.1, 0.0, 0.1, 0.5, 1.0]
POSITIVE = [0.1, 0.5, 1.0, 2.5, 4.0, 100.0]
FUNCTIONS: list[tuple[type, Callable[[float], float], list[float]]] = [
    (mo.Exp, math.exp, REAL),
    (mo.Exp2, lambda x: 2**x, REAL),
    (mo.Expm1, math.expm1, REAL),
    (mo.Log, math.log, POSITIVE),
    (mo.Log2, math.log2, POSITIVE),
    (mo.Log10, math.log10, POSITIVE),
    (mo.Log1p, math.log1p, POSITIVE),
    (mo.Sqrt, math.sqrt, POSITIVE),
    (mo.Rsqrt, lambda x: 1 / math.sqrt(x), POSITIVE),
    (mo.Cbrt, special.cbrt, REAL),
    (mo.Reciprocal, lambda x: 1 / x, POSITIVE),
    (mo.Sin, math.sin, REAL),
    (mo.Cos, math.cos, REAL),
    (mo.Tan, math.tan, REAL),
    (mo.Asin, math.asin, UNIT),
    (mo.Acos, math.acos, UNIT),
    (mo.Atan, math.atan, REAL),
    (mo.Sinh, math.sinh, REAL),
    (mo.Cosh, math.cosh, REAL),
    (mo.Tanh, math.tanh, REAL),
    (mo.Asinh, math.asinh, REAL),
    (mo.Acosh, math.acosh, [1.0, 1.5, 4.0]),
    (mo.Atanh, math.atanh, [-0.75, -0.1, 0.0, 0.5]),
    (mo.Erf, special.erf, REAL),
    (mo.Erfc, special.erfc, REAL),
    (mo.Sigmoid, special.expit, REAL),
    (mo.Silu, lambda x: x * special.expit(x), REAL),
    (mo.Softplus, lambda x: np.logaddexp(0, x), REAL),
    (mo.Floor, math.floor, REAL),
    (mo.Ceil, math.ceil, REAL),
    (mo.Round, round, [*REAL, 3.5, -2.5, -0.5]),
    (mo.Trunc, math.trunc, REAL),
    (mo.Negative, operator.neg, REAL),
    (mo.Abs, abs, REAL),
    (mo.Sign, lambda x: (x > 0) - (x < 0), REAL),
    (mo.Square, lambda x: x * x, REAL),
    (mo.Relu, lambda x: max(x, 0.0), REAL),
]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("op", "function", "points"), FUNCTIONS, ids=lambda part: getattr(part, "__name__", ""))
def test_function_of_floats(op: type, function: Callable[[float], float], points: list[float], dtype: str) -> None:
    given_ = array(points, dtype)
    found = op.evaluate(given_)
    assert found.dtype == given_.dtype
    close(found, [function(x) for x in given_.astype(np.float64).tolist()], ulps=4 if dtype == "f64" else 1)
    assert op.evaluate(given_[:0].reshape(0, 3)).shape == (0, 3)
    assert np.shape(op.evaluate(given_[0])) == ()


@pytest.mark.parametrize("dtype", FLOATS)
def test_gelu(dtype: str) -> None:
    x = array(REAL, dtype)
    wide = x.astype(np.float64)
    close(mo.Gelu.evaluate(x, "none"), wide * special.ndtr(wide), ulps=32 if dtype == "f64" else 1)
    inner = math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)
    close(mo.Gelu.evaluate(x, "tanh"), wide / 2 * (1 + np.tanh(inner)), ulps=4 if dtype == "f64" else 1)


def test_far_arguments() -> None:
    far = array([-1e4, -90.0, 90.0, 1e4], "f32")
    assert mo.Sigmoid.evaluate(far).tolist() == [0.0, np.float32(math.exp(-90)), 1.0, 1.0]
    assert mo.Softplus.evaluate(far).tolist() == [0.0, np.float32(math.exp(-90)), 90.0, 1e4]
    assert mo.Silu.evaluate(far)[[0, 3]].tolist() == [0.0, 1e4]
    assert mo.Erfc.evaluate(array([-10.0, 10.0], "f64")).tolist() == [2.0, math.erfc(10)]
    assert mo.Gelu.evaluate(array([-10.0], "f64"), "none")[0] == pytest.approx(-5 * math.erfc(10 / math.sqrt(2)))


@pytest.mark.parametrize("dtype", ["f8E5M2", "f16", "bf16", "f32", "f64"])
def test_what_is_not_finite(dtype: str) -> None:
    special_values = array([np.nan, np.inf, -np.inf, 1.0], dtype)
    assert mo.IsNan.evaluate(special_values).tolist() == [True, False, False, False]
    assert mo.IsInf.evaluate(special_values).tolist() == [False, True, True, False]
    assert mo.IsFinite.evaluate(special_values).tolist() == [False, False, False, True]
    np.testing.assert_equal(mo.Relu.evaluate(special_values).astype(np.float64), [np.nan, np.inf, 0, 1])
    np.testing.assert_equal(mo.Log.evaluate(array([0.0, -1.0], dtype)).astype(np.float64), [-np.inf, np.nan])
    np.testing.assert_equal(
        mo.Rsqrt.evaluate(array([0.0, -0.0, -1.0], dtype)).astype(np.float64), [np.inf, -np.inf, np.nan]
    )
    one = array([1.0] * 4, dtype)
    for op in (mo.Max, mo.Min):
        assert np.isnan(op.evaluate(special_values, one)[0])
        assert np.isnan(op.evaluate(one, special_values)[0])


# ---- Arithmetic of integers, against Python's, wrapped


def wrapped(value: int, dtype: str) -> int:
    bits = dtypes.DTYPES[dtype].bits
    value %= 2**bits
    return value - 2**bits if dtypes.DTYPES[dtype].kind == "signed" and value >= 2 ** (bits - 1) else value


def quotient(a: int, b: int) -> int:
    return 0 if b == 0 else abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def power(a: int, b: int) -> int:
    return a**b if b >= 0 else 0 if a == 0 else quotient(1, a ** (b % 2 + 2))  # what is 1, -1 or smaller stays so


EXACT: list[tuple[type, Callable[[int, int], int]]] = [
    (mo.Add, operator.add),
    (mo.Sub, operator.sub),
    (mo.Mul, operator.mul),
    (mo.Div, quotient),
    (mo.FloorDiv, lambda a, b: 0 if b == 0 else a // b),
    (mo.Mod, lambda a, b: 0 if b == 0 else a % b),
    (mo.Fmod, lambda a, b: 0 if b == 0 else a - quotient(a, b) * b),
    (mo.Max, max),
    (mo.Min, min),
    (mo.And, operator.and_),
    (mo.Or, operator.or_),
    (mo.Xor, operator.xor),
]


def pairs(dtype: str) -> st.SearchStrategy[tuple[int, int]]:
    ends = np.iinfo(dtypes.DTYPES[dtype].numpy)
    some = st.integers(int(ends.min), int(ends.max)) | st.integers(max(int(ends.min), -3), 3)
    return st.tuples(some, some)


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize(("op", "exact"), EXACT, ids=lambda part: getattr(part, "__name__", ""))
def test_arithmetic_of_integers(op: type, exact: Callable[[int, int], int], dtype: str) -> None:
    @given(pairs(dtype))
    def check(pair: tuple[int, int]) -> None:
        found = op.evaluate(array(pair[0], dtype), array(pair[1], dtype))
        assert found.dtype == dtypes.DTYPES[dtype].numpy
        assert int(found) == wrapped(exact(*pair), dtype)

    check()


@pytest.mark.parametrize("dtype", INTEGERS)
def test_power_of_integers(dtype: str) -> None:
    bases = [0, 1, 2, 3, 7, 100] + ([-1, -2, -3] if dtype in SIGNED else [])
    powers = [0, 1, 2, 5, 17, 64] + ([-1, -2, -5] if dtype in SIGNED else [])
    grid = np.meshgrid(array(bases, dtype), array(powers, dtype), indexing="ij")
    found = mo.Pow.evaluate(*grid)
    assert found.tolist() == [[wrapped(power(a, b), dtype) for b in powers] for a in bases]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_shifts(dtype: str) -> None:
    bits = dtypes.DTYPES[dtype].bits
    values = [0, 1, 5, 2 ** (bits - 1) - 1] + ([-1, -6, -(2 ** (bits - 1))] if dtype in SIGNED else [])
    amounts = [0, 1, 3, bits - 1, bits, 100] + ([-1, -100] if dtype in SIGNED else [])
    for value in values:
        for amount in amounts:
            inside = 0 <= amount < bits
            operands = array(value, dtype), array(amount, dtype)
            assert int(mo.ShiftLeft.evaluate(*operands)) == (wrapped(value << amount, dtype) if inside else 0)
            assert int(mo.ShiftRight.evaluate(*operands)) == (value >> amount if inside else -(value < 0))


@pytest.mark.parametrize("dtype", INTEGERS)
def test_functions_of_integers(dtype: str) -> None:
    ends = np.iinfo(dtypes.DTYPES[dtype].numpy)
    values = [int(ends.min), int(ends.max), 0, 1, 2, 11]
    table: list[tuple[type, Callable[[int], int]]] = [
        (mo.Negative, operator.neg),
        (mo.Abs, abs),
        (mo.Sign, lambda x: (x > 0) - (x < 0)),
        (mo.Square, lambda x: x * x),
        (mo.Relu, lambda x: max(x, 0)),
        (mo.Not, operator.inv),
    ]
    for op, exact in table:
        assert op.evaluate(array(values, dtype)).tolist() == [wrapped(exact(value), dtype) for value in values], op


def test_logic_of_bools() -> None:
    lhs, rhs = np.array([False, False, True, True]), np.array([False, True, False, True])
    assert mo.And.evaluate(lhs, rhs).tolist() == [False, False, False, True]
    assert mo.Or.evaluate(lhs, rhs).tolist() == [False, True, True, True]
    assert mo.Xor.evaluate(lhs, rhs).tolist() == [False, True, True, False]
    assert mo.Not.evaluate(lhs).tolist() == [True, True, False, False]


# ---- Arithmetic and comparison of floats

ARITHMETIC: list[tuple[type, Callable[[float, float], float]]] = [
    (mo.Add, operator.add),
    (mo.Sub, operator.sub),
    (mo.Mul, operator.mul),
    (mo.Div, operator.truediv),
    (mo.FloorDiv, lambda a, b: math.floor(a / b)),
    (mo.Mod, lambda a, b: a - math.floor(a / b) * b),
    (mo.Fmod, math.fmod),
    (mo.Max, max),
    (mo.Min, min),
    (mo.Atan2, math.atan2),
]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("op", "function"), ARITHMETIC, ids=lambda part: getattr(part, "__name__", ""))
def test_arithmetic_of_floats(op: type, function: Callable[[float, float], float], dtype: str) -> None:
    points = array([-3.0, -1.5, -0.25, 0.5, 1.0, 2.5], dtype)
    lhs, rhs = np.meshgrid(points, points)
    found = op.evaluate(lhs, rhs)
    assert found.dtype == points.dtype
    close(found, np.vectorize(function)(lhs.astype(np.float64), rhs.astype(np.float64)))


@pytest.mark.parametrize("dtype", FLOATS)
def test_power_of_floats(dtype: str) -> None:
    base, exponent = array([0.5, 2.0, 1.5, -2.0, 0.0, 4.0], dtype), array([3.0, 0.5, -1.0, 3.0, 2.0, -0.5], dtype)
    close(mo.Pow.evaluate(base, exponent), [0.125, math.sqrt(2), 1 / 1.5, -8.0, 0.0, 0.5])


@pytest.mark.parametrize("dtype", [name for name, dtype in dtypes.DTYPES.items() if not dtype.stored_only])
def test_comparisons(dtype: str) -> None:
    values = [0, 1] if dtype == "i1" else [0, 1, 2, 100] if dtype.startswith("u") else [-3, 0, 1, 2]
    lhs, rhs = np.meshgrid(array(values, dtype), array(values, dtype), indexing="ij")
    table = [
        (mo.Equal, operator.eq),
        (mo.NotEqual, operator.ne),
        (mo.Less, operator.lt),
        (mo.LessEqual, operator.le),
        (mo.Greater, operator.gt),
        (mo.GreaterEqual, operator.ge),
    ]
    for op, compare in table:
        found = op.evaluate(lhs, rhs)
        assert found.dtype == np.bool_
        assert found.tolist() == [[compare(a, b) for b in values] for a in values], op


def test_nan_compares_unequal() -> None:
    nan = array([np.nan], "f32")
    results = {
        op: bool(op.evaluate(nan, nan)[0])
        for op in (mo.Equal, mo.NotEqual, mo.Less, mo.LessEqual, mo.Greater, mo.GreaterEqual)
    }
    assert [op for op, result in results.items() if result] == [mo.NotEqual]


# ---- Types


def test_result_types(tensor) -> None:
    assert mo.Add.infer(tensor(["n", 1]), tensor([4])) == tensor(["n", 4])
    assert mo.Less.infer(tensor([3], "bf16", "gpu:0"), tensor([], "bf16", "gpu:0")) == tensor([3], "i1", "gpu:0")
    assert mo.Exp.infer(tensor(["n * 2"], "f16")) == tensor(["n * 2"], "f16")
    assert mo.IsNan.infer(tensor([2])) == tensor([2], "i1")


@pytest.mark.parametrize(
    ("op", "operands", "message"),
    [
        (
            mo.Add,
            [([2], "f32"), ([2], "si32")],
            "expected lhs and rhs of equal dtype, found f32 and si32; mo.cast changes a dtype",
        ),
        (mo.Add, [([2], "i1"), ([2], "i1")], "expected dtype to be an integer or a float, found i1"),
        (mo.Add, [([2], "f32"), ([2], "f32", "gpu:0")], "expected lhs and rhs on one device, found cpu and gpu:0"),
        (
            mo.Add,
            [(["n"], "f32"), ([2], "f32")],
            "found n and 2 on axis -1 of .n. and .2.; mo.rebind asserts that they are equal",
        ),
        (mo.And, [([2], "f32"), ([2], "f32")], "expected dtype to be bool .i1. or an integer, found f32"),
        (mo.ShiftLeft, [([2], "i1"), ([2], "i1")], "expected dtype to be an integer, found i1"),
        (mo.Atan2, [([2], "si8"), ([2], "si8")], "expected dtype to be a float, found si8"),
        (mo.Exp, [([2], "si8")], "expected dtype to be a float, found si8"),
        (mo.Negative, [([2], "i1")], "expected dtype to be an integer or a float, found i1"),
        (mo.Not, [([2], "f64")], "expected dtype to be bool .i1. or an integer, found f64"),
        (mo.IsInf, [([2], "ui8")], "expected dtype to be a float, found ui8"),
    ],
)
def test_wrong_operands(op: type, operands: list[tuple], message: str, tensor) -> None:
    with pytest.raises(VerifyError, match=message):
        op.infer(*(tensor(*operand) for operand in operands))


@given(st.sampled_from([((2, 3), (3,)), ((2, 1), (1, 3)), ((), (4,)), ((0, 1), (1, 5)), ((1,), (1, 1))]))
def test_references_broadcast_as_inferred(operand_shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    lhs, rhs = (np.ones(shape, np.float32) for shape in operand_shapes)
    inferred = mo.Add.infer(*(mo.TensorType.get(shape, "f32") for shape in operand_shapes))
    assert mo.Add.evaluate(lhs, rhs).shape == tuple(inferred.shape)
