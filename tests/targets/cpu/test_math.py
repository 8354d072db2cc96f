# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Accuracy of the functions that we expand ourselves, against float64, over samples of all floats."""

import numpy as np
import pytest
from scipy import special

from mograph.targets.cpu import Host

from ..conftest import Build, elementwise

# Function of float64, and the error in ulp that its docstring states (rounded up).
FUNCTIONS = {
    "exp": (np.exp, 1.0),
    "exp2": (np.exp2, 1.0),
    "log": (np.log, 1.0),
    "tanh": (np.tanh, 2.0),
    "erf": (special.erf, 2.0),
    "log2": (np.log2, 1.3),
    "log10": (np.log10, 1.0),
    "log1p": (np.log1p, 1.4),
    "expm1": (np.expm1, 1.4),
    "sinh": (np.sinh, 0.51),
    "cosh": (np.cosh, 0.51),
    "asinh": (np.arcsinh, 0.51),
    "acosh": (np.arccosh, 0.51),
    "atanh": (np.arctanh, 0.51),
    "cbrt": (np.cbrt, 0.51),
    "sin": (np.sin, 1.6),
    "cos": (np.cos, 1.6),
    "tan": (np.tan, 1.6),
    "asin": (np.arcsin, 1.3),
    "acos": (np.arccos, 1.2),
    "atan": (np.arctan, 1.8),
    "erfc": (special.erfc, 0.51),
    "floor": (np.floor, 0),
    "ceil": (np.ceil, 0),
    "trunc": (np.trunc, 0),
    "roundeven": (np.rint, 0),
    "sqrt": (np.sqrt, 0.51),
    "rsqrt": (lambda x: 1 / np.sqrt(x), 1.5),
}
SPECIAL = [
    0.0,
    -0.0,
    np.inf,
    -np.inf,
    np.nan,
    1,
    -1,
    2,
    -2,
    0.5,
    -0.5,
    1e-45,
    -1e-45,
    1.1754944e-38,
    3.4028235e38,
    -3.4028235e38,
    88.72284,
    88.7229,
    -87.33655,
    -103.97,
    -104.0,
    128,
    -126,
    -149,
    -150,
    2.5,
    3.5,
    8388609,
]


def floats(count: int) -> np.ndarray:
    """Floats of any bits, and more of those where functions change."""
    rng = np.random.default_rng(0)
    parts = [
        rng.integers(0, 2**32, count, dtype=np.uint32).view(np.float32),
        rng.standard_normal(count).astype(np.float32),
        rng.uniform(-110, 110, count).astype(np.float32),
        (1 + 1e-3 * rng.standard_normal(count)).astype(np.float32),
        np.array(SPECIAL, np.float32),
    ]
    return np.concatenate(parts)


def check(out: np.ndarray, exact: np.ndarray, limit: float) -> None:
    """`out` is `exact` to `limit` ulp; where f32 cannot hold `exact` it is infinite or NaN as that is, and zeros have
    its sign.
    """
    with np.errstate(all="ignore"):
        expected = exact.astype(np.float32)
        ordinary = np.isfinite(expected) & np.isfinite(out)
        np.testing.assert_array_equal(out[~ordinary], expected[~ordinary])
        exponent = np.maximum(np.floor(np.log2(np.maximum(np.abs(exact), 1e-300))), -126)
        error = np.abs(out.astype(np.float64) - exact) / 2.0 ** (exponent - 23)
    assert error[ordinary].max(initial=0) <= limit
    zeros = (out == 0) & (exact == 0)
    np.testing.assert_array_equal(np.signbit(out[zeros]), np.signbit(exact[zeros]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_accuracy(build: Build, name: str) -> None:
    function, limit = FUNCTIONS[name]
    f = build(elementwise(f"%r = math.{name} %0 : f32", ["f32"]), [("f32", "n")], [("f32", "n")])
    x = floats(100_000)
    with np.errstate(all="ignore"):
        check(f(x), function(x.astype(np.float64)), limit)


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sin", "log1p"])
def test_accuracy_on_lesser_machines(build: Build, host: Host, name: str) -> None:
    function, limit = FUNCTIONS[name]
    f = build(elementwise(f"%r = math.{name} %0 : f32", ["f32"]), [("f32", "n")], [("f32", "n")], host=host)
    x = np.concatenate([np.linspace(-80, 80, 5001, dtype=np.float32), np.array(SPECIAL, np.float32)])
    with np.errstate(all="ignore"):
        check(f(x), function(x.astype(np.float64)), 2 * max(limit, 1))  # without fused arithmetic errors are larger


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_arguments_of_any_size(build: Build, host: Host, name: str) -> None:
    """Where other bits of 2/pi count, and where a quotient by it is nearly whole."""
    function, limit = FUNCTIONS[name]
    f = build(elementwise(f"%r = math.{name} %0 : f32", ["f32"]), [("f32", "n")], [("f32", "n")], host=host)
    bounds = np.array([2.0**power for power in range(20, 128)], np.float32)
    near = [bounds + np.spacing(bounds) * step for step in range(-20, 21)]
    whole = (np.arange(1, 20000) * (np.pi / 2)).astype(np.float32)
    hard = np.array([16367173 * 2.0**72, 9582815.0, 6.043625696076168e23, 4.048657211227021e33], np.float32)
    x = np.concatenate([*near, whole, hard])
    check(f(x), function(x.astype(np.float64)), 2 * limit)


@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_results_do_not_depend_on_neighbours(build: Build, name: str, dtype: str) -> None:
    """Large arguments take another way, and those beside them in a vector take it with them."""
    f = build(elementwise(f"%r = math.{name} %0 : {dtype}", [dtype]), [(dtype, "n")], [(dtype, "n")])
    rng = np.random.default_rng(0)
    small = rng.uniform(-1000, 1000, 1000).astype(dtype.replace("f", "float"))
    mixed = small.copy()
    mixed[::37] = [1e30, np.inf, np.nan, -(2.0**20) - 1] * 7
    kept = np.arange(1000) % 37 != 0
    np.testing.assert_array_equal(f(mixed)[kept], f(small)[kept])
    assert np.isfinite(f(mixed)[~kept]).sum() == 14


@pytest.mark.parametrize(("name", "function", "limit"), [("powf", np.power, 0.51), ("atan2", np.arctan2, 2.0)])
def test_functions_of_two(build: Build, name: str, function: np.ufunc, limit: float) -> None:
    f = build(elementwise(f"%r = math.{name} %0, %1 : f32", ["f32"] * 2), [("f32", "n"), ("f32", "n")], [("f32", "n")])
    rng = np.random.default_rng(1)
    corners = np.array([*SPECIAL, 3.0, -3.0, 0.25, 16777216.0, 16777217.0, -7.0], np.float32)
    grid = [side.ravel() for side in np.meshgrid(corners, corners)]
    some = floats(20_000)
    x = np.concatenate([grid[0], some, np.abs(rng.standard_normal(50_000)).astype(np.float32) * 10])
    y = np.concatenate([grid[1], rng.permutation(some), rng.uniform(-30, 30, 50_000).astype(np.float32)])
    with np.errstate(all="ignore"):
        check(f(x, y), function(x.astype(np.float64), y.astype(np.float64)), limit)


@pytest.mark.parametrize(("name", "function"), [("isnan", np.isnan), ("isinf", np.isinf), ("isfinite", np.isfinite)])
@pytest.mark.parametrize("dtype", ["f32", "f64", "f16"])
def test_classification(build: Build, name: str, function: np.ufunc, dtype: str) -> None:
    f = build(elementwise(f"%r = math.{name} %0 : {dtype}", [dtype], result="i1"), [(dtype, "n")], [("bool", "n")])
    with np.errstate(over="ignore"):
        x = np.array(SPECIAL).astype(f"f{int(dtype[1:]) // 8}")
    np.testing.assert_array_equal(f(x), function(x))
