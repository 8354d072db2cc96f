# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element-wise rules against numpy, in every dtype; floats narrower than f64 to two units in the last place of f64's
result.
"""

import math
import warnings
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from lowering_harness import NUMPY, Batch, Type, rule_case, run

FLOATS = ("f32", "f64", "f16", "bf16", "f8E4M3FN", "f8E5M2")
INTEGERS = ("si8", "si16", "si32", "si64", "ui8", "ui16", "ui32", "ui64")


@pytest.fixture(autouse=True)
def _quiet():  # numpy warns of what is defined here: division by zero, overflow, invalid values
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def each(function: Callable[[float], float]) -> Callable[[Any], Any]:
    return np.vectorize(function, otypes=[np.float64])


UNARY: dict[str, Callable[[Any], Any]] = {
    "mo.abs": np.abs,
    "mo.acos": np.arccos,
    "mo.acosh": np.arccosh,
    "mo.asin": np.arcsin,
    "mo.asinh": np.arcsinh,
    "mo.atan": np.arctan,
    "mo.atanh": np.arctanh,
    "mo.cbrt": np.cbrt,
    "mo.ceil": np.ceil,
    "mo.cos": np.cos,
    "mo.cosh": np.cosh,
    "mo.erf": each(math.erf),
    "mo.erfc": each(math.erfc),
    "mo.exp": np.exp,
    "mo.exp2": np.exp2,
    "mo.expm1": np.expm1,
    "mo.floor": np.floor,
    "mo.log": np.log,
    "mo.log10": np.log10,
    "mo.log1p": np.log1p,
    "mo.log2": np.log2,
    "mo.negative": np.negative,
    "mo.reciprocal": np.reciprocal,
    "mo.relu": lambda x: np.maximum(x, 0),
    "mo.round": np.rint,
    "mo.rsqrt": lambda x: 1 / np.sqrt(x),
    "mo.sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "mo.sign": np.sign,
    "mo.silu": lambda x: x * (1 / (1 + np.exp(-x))),
    "mo.sin": np.sin,
    "mo.sinh": np.sinh,
    "mo.softplus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
    "mo.sqrt": np.sqrt,
    "mo.square": np.square,
    "mo.tan": np.tan,
    "mo.tanh": np.tanh,
    "mo.trunc": np.trunc,
}


def samples(dtype: str) -> Any:
    rng = np.random.default_rng(0)
    special = [0, -0.0, 1, -1, np.inf, -np.inf, np.nan, 0.5, 1.5, 2.5, -0.5, -2.5, 1e-3, 300, 7, -7]
    return np.concatenate([rng.normal(size=200) * 3, rng.uniform(-1, 1, 100), special]).astype(NUMPY[dtype])


def assert_close(found: Any, exact: Any, ulps: float, name: str) -> None:
    """`found` is within `ulps` units in the last place of its dtype of the f64 array `exact`."""
    info = ml_dtypes.finfo(found.dtype)
    wanted = exact.astype(found.dtype)
    left, right = found.astype(np.float64), wanted.astype(np.float64)
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    unit = np.maximum(np.abs(right) * float(info.eps), float(info.smallest_subnormal))
    wrong = ~same & ~(np.abs(left - right) <= ulps * unit)
    assert not wrong.any(), f"{name}: found {found[wrong][:5]}, expected {wanted[wrong][:5]}"


@pytest.mark.parametrize("dtype", FLOATS)
def test_unary_of_floats(dtype):
    x = samples(dtype)
    batch = Batch()
    cases = {name: rule_case(batch, name, [Type(x.shape, dtype)], Type(x.shape, dtype)) for name in UNARY}
    for approximate in ("none", "tanh"):
        cases[f"gelu {approximate}"] = rule_case(
            batch, "mo.gelu", [Type(x.shape, dtype)], Type(x.shape, dtype), approximate=approximate
        )
    references = {
        **UNARY,
        "gelu none": lambda x: x / 2 * each(math.erfc)(-x / math.sqrt(2)),
        "gelu tanh": lambda x: x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    }
    compiled = batch.compile()
    for name, case in cases.items():
        found = case(compiled)(x)
        exact = np.asarray(references[name](x.astype(np.float64)))
        if name.startswith(
            "gelu"
        ):  # near 0 from a sum that cancels, or from the tail of erfc: as exact as its terms are
            finite = np.isfinite(exact)
            tolerance = 4 * float(ml_dtypes.finfo(NUMPY[dtype]).eps)
            error = np.abs(found.astype(np.float64) - exact)[finite]
            assert (error <= tolerance * np.maximum(np.abs(exact[finite]), 1)).all(), name
        else:
            assert_close(found, exact, 2, name)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_unary_of_integers(dtype):
    info = np.iinfo(NUMPY[dtype])
    x = np.array([0, 1, 2, 5, 100, info.min, info.max, info.max - 1, info.min + 1], NUMPY[dtype])
    names = ("mo.abs", "mo.negative", "mo.sign", "mo.square", "mo.relu", "mo.not")
    batch = Batch()
    cases = {name: rule_case(batch, name, [Type(x.shape, dtype)], Type(x.shape, dtype)) for name in names}
    compiled = batch.compile()
    for name, case in cases.items():
        reference = {"mo.relu": lambda x: np.maximum(x, 0).astype(x.dtype), "mo.not": np.invert}.get(name) or UNARY[
            name
        ]
        np.testing.assert_array_equal(case(compiled)(x), reference(x), name)


def integer_div(a: Any, b: Any) -> Any:
    quotient, rest = np.floor_divide(a, b), np.remainder(a, b)
    return quotient + ((rest != 0) & ((a < 0) != (b < 0))).astype(a.dtype)


def integer_pow(a: Any, b: Any) -> Any:
    modulus, half = 2 ** (8 * a.dtype.itemsize), 2 ** (8 * a.dtype.itemsize - 1)

    def one(base: int, exponent: int) -> int:
        if exponent < 0:
            return {1: 1, -1: 1 if exponent % 2 == 0 else -1}.get(base, 0)
        value = pow(base, exponent, modulus)
        return value - modulus if value >= half and np.issubdtype(a.dtype, np.signedinteger) else value

    return np.array([one(int(x), int(y)) for x, y in zip(a, b, strict=True)], a.dtype)


BINARY_OF_INTEGERS: dict[str, Callable[[Any, Any], Any]] = {
    "mo.add": np.add,
    "mo.sub": np.subtract,
    "mo.mul": np.multiply,
    "mo.div": integer_div,
    "mo.floor_div": np.floor_divide,
    "mo.mod": np.remainder,
    "mo.fmod": np.fmod,
    "mo.pow": integer_pow,
    "mo.max": np.maximum,
    "mo.min": np.minimum,
    "mo.and": np.bitwise_and,
    "mo.or": np.bitwise_or,
    "mo.xor": np.bitwise_xor,
    "mo.shift_left": np.left_shift,
    "mo.shift_right": np.right_shift,
}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "mo.equal": np.equal,
    "mo.not_equal": np.not_equal,
    "mo.less": np.less,
    "mo.less_equal": np.less_equal,
    "mo.greater": np.greater,
    "mo.greater_equal": np.greater_equal,
}


@pytest.mark.parametrize("dtype", INTEGERS)
def test_binary_of_integers(dtype):
    info = np.iinfo(NUMPY[dtype])
    ends = [info.min, info.min + 1, -3 if info.min else 3, -1 if info.min else 200, 0, 1, 2, 7, 8, 31, 63, info.max]
    a, b = (
        np.array(grid, NUMPY[dtype]).ravel() for grid in np.meshgrid(np.array(ends, object), np.array(ends, object))
    )
    batch = Batch()
    operands = [Type(a.shape, dtype)] * 2
    cases = {name: rule_case(batch, name, operands, Type(a.shape, dtype)) for name in BINARY_OF_INTEGERS}
    cases |= {name: rule_case(batch, name, operands, Type(a.shape, "i1")) for name in COMPARISONS}
    compiled = batch.compile()
    for name, case in cases.items():
        reference = (BINARY_OF_INTEGERS | COMPARISONS)[name]
        np.testing.assert_array_equal(case(compiled)(a, b), reference(a, b), name)


@pytest.mark.parametrize("dtype", FLOATS)
def test_binary_of_floats(dtype):
    values = np.array([0, -0.0, 1, -1, 0.5, -2.5, 3, 7, -7, 1e-2, 100, np.inf, -np.inf, np.nan], NUMPY[dtype])
    a, b = (grid.ravel() for grid in np.meshgrid(values, values))
    references = {
        "mo.add": np.add,
        "mo.sub": np.subtract,
        "mo.mul": np.multiply,
        "mo.div": np.divide,
        "mo.floor_div": np.floor_divide,
        "mo.mod": np.remainder,
        "mo.fmod": np.fmod,
        "mo.pow": np.power,
        "mo.max": np.maximum,
        "mo.min": np.minimum,
        "mo.atan2": np.arctan2,
    }
    batch = Batch()
    operands = [Type(a.shape, dtype)] * 2
    cases = {name: rule_case(batch, name, operands, Type(a.shape, dtype)) for name in references}
    compared = {name: rule_case(batch, name, operands, Type(a.shape, "i1")) for name in COMPARISONS}
    compiled = batch.compile()
    step = a.dtype if dtype == "f64" else np.dtype(np.float32)
    for name, case in cases.items():
        # A product that overflows the dtype may still be finite in the f32 that it is computed in.
        exact = references[name](a.astype(step), b.astype(step)).astype(np.float64)
        assert_close(case(compiled)(a, b), exact, 2, name)
    for name, case in compared.items():
        np.testing.assert_array_equal(case(compiled)(a, b), COMPARISONS[name](a, b), name)


def test_predicates():
    x = samples("f16")
    for name, reference in {"mo.is_nan": np.isnan, "mo.is_inf": np.isinf, "mo.is_finite": np.isfinite}.items():
        np.testing.assert_array_equal(run(name, [x], Type(x.shape, "i1")), reference(x))


def test_bools():
    a, b = np.array([[False, True]]), np.array([[False], [True]])
    references = {"mo.and": np.logical_and, "mo.or": np.logical_or, "mo.xor": np.logical_xor, **COMPARISONS}
    for name, reference in references.items():
        np.testing.assert_array_equal(run(name, [a, b], Type((2, 2), "i1")), reference(a, b), name)
    np.testing.assert_array_equal(run("mo.not", [a], Type((1, 2), "i1")), ~a)


@pytest.mark.parametrize("dtype", ["f32", "f16", "f8E5M2", "si32", "ui8", "i1"])
def test_select_keeps_bits(dtype):
    condition = np.array([True, False, True])
    a, b = np.array([1, 0, 1], NUMPY[dtype]), np.array([[0], [1]], NUMPY[dtype])
    found = run("mo.select", [condition, a, b], Type((2, 3), dtype))
    np.testing.assert_array_equal(found, np.where(condition, a, b))


def test_broadcasting_with_names():
    x = np.arange(6, dtype=np.float32).reshape(3, 1, 2)
    y = np.arange(4, dtype=np.float32).reshape(4, 1)
    types = [Type(("n", 1, 2), "f32"), Type(("m", 1), "f32")]
    np.testing.assert_array_equal(run("mo.add", [x, y], Type(("n", "m", 2), "f32"), types=types), x + y)
    for m in (1, 0):
        found = run("mo.add", [x, y[:m]], Type(("n", "m", 2), "f32"), types=types)
        np.testing.assert_array_equal(found, x + y[:m])


def test_rank_0():
    a, b = np.array(3, np.int16), np.array(4, np.int16)
    assert run("mo.sub", [a, b], Type((), "si16")) == -1
    np.testing.assert_array_equal(run("mo.add", [a, np.array([1, 2], np.int16)], Type((2,), "si16")), [4, 5])


def test_broadcast_to():
    x = np.arange(3, dtype=np.float16).reshape(3, 1)
    types = [Type(("n", 1), "f16")]
    found = run("mo.broadcast_to", [x], Type((2, "n", 5), "f16"), types=types)
    np.testing.assert_array_equal(found, np.broadcast_to(x, (2, 3, 5)))
    np.testing.assert_array_equal(
        run("mo.broadcast_to", [np.array(2, np.uint8)], Type((2, 3), "ui8")), np.full((2, 3), 2)
    )
