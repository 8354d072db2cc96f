# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Accuracy of the functions of f64 that we expand ourselves, against floats of 80 bits, over samples of all floats."""

import inspect
import re
from collections.abc import Callable

import numpy as np
import pytest

from mograph.targets.cpu import Host
from mograph.targets.cpu.math.expand import ABOUT, DOUBLE, SINGLE, WIDE
from mograph.targets.cpu.plan import VECTOR_MATH
from mograph.transforms.lower.builder import scalar_math

from ..conftest import Build, elementwise

pytestmark = pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="the reference needs more than 64 bits")

Long = np.longdouble
Array = np.ndarray


def _gauss(x: Array) -> Array:
    """e ** (-x * x), with the square in two parts that are exact."""
    high = x.astype(np.float64).view(np.int64) & ~((1 << 27) - 1)
    head = high.view(np.float64).astype(Long)
    return np.exp(-head * head) * np.exp(-(x - head) * (x + head))


def _erf_near(x: Array) -> Array:
    """The error function by its series of positive terms, for |x| < 3."""
    term = total = x
    for n in range(1, 90):
        term = term * 2 * x * x / (2 * n + 1)
        total = total + term
    return 2 / np.sqrt(Long("3.14159265358979323846")) * _gauss(x) * total


def _erfc_far(x: Array) -> Array:
    """The complement by its continued fraction, for x >= 1."""
    fraction = x
    for n in range(400, 0, -1):
        fraction = x + n / Long(2) / fraction
    return _gauss(x) / fraction / np.sqrt(Long("3.14159265358979323846"))


def erf(x: Array) -> Array:
    """The error function of floats of 80 bits."""
    a = np.abs(x)
    far = 1 - _erfc_far(np.clip(a, 2, 40))
    result = np.where(a < 2, _erf_near(np.minimum(a, 2)), far)
    return np.copysign(np.where(np.isnan(x), x, result), x)


def erfc(x: Array) -> Array:
    """Its complement."""
    far = _erfc_far(np.clip(x, 1, 40))
    return np.where(np.isnan(x), x, np.where(x < 1, 1 - erf(np.minimum(x, 1)), far))


# Function of floats of 80 bits, and the error in ulp that its docstring states.
FUNCTIONS: dict[str, tuple[Callable[[Array], Array], float]] = {
    "exp": (np.exp, 1.0),
    "exp2": (np.exp2, 1.0),
    "expm1": (np.expm1, 1.8),
    "log": (np.log, 0.9),
    "log1p": (np.log1p, 0.9),
    "log2": (np.log2, 0.9),
    "log10": (np.log10, 0.7),
    "tanh": (np.tanh, 2.2),
    "sinh": (np.sinh, 1.6),
    "cosh": (np.cosh, 1.1),
    "asinh": (np.arcsinh, 1.2),
    "acosh": (np.arccosh, 0.8),
    "atanh": (np.arctanh, 1.0),
    "cbrt": (np.cbrt, 0.7),
    "sin": (np.sin, 0.8),
    "cos": (np.cos, 0.8),
    "tan": (np.tan, 1.1),
    "asin": (np.arcsin, 0.7),
    "acos": (np.arccos, 0.7),
    "atan": (np.arctan, 1.8),
    "erf": (erf, 1.3),
    "erfc": (erfc, 1.6),
}
SPECIAL = np.array(
    [
        *(0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 2, -2, 3, -3, 7, 0.5, -0.5, 2.5, 1e-12, -1e-8),
        *(5e-324, -5e-324, 2.2e-308, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308),
        *(709.782712893384, 709.78271289338409, 710.4, 710.5, -745.1332191019411, -745.14, 1e300, -1e300, 0.3466),
        *(1023.9, 1024, -1074, -1075, -1076, 26.5, 27.2, 27.4, -27, 5.9, 6.1),
        *(2.0**51 + 0.5, 2.0**52 - 1, 2.0**53 - 1, 2.0**53, -(2.0**53) + 1, 1e22, np.pi, np.pi / 2),
        6381956970095103 * 2.0**797,  # of all finite floats the nearest to a multiple of pi/2
    ]
)


def samples(count: int) -> Array:
    """Floats of any bits, and more of those where functions change."""
    rng = np.random.default_rng(0)
    parts = [
        rng.integers(0, 2**64, count, dtype=np.uint64).view(np.float64),
        rng.standard_normal(count),
        rng.uniform(-1, 1, count),
        rng.uniform(-750, 750, count),
        rng.uniform(-28, 28, count),
        1 + 1e-3 * rng.standard_normal(count),
        10.0 ** rng.uniform(-20, 22, count),
        np.rint(rng.uniform(-3000, 3000, count)) * (np.pi / 2),
        SPECIAL,
    ]
    return np.concatenate(parts)


def check(out: Array, exact: Array, limit: float) -> None:
    """`out` is `exact` to `limit` ulp, infinite or NaN where that is, and zeros have its sign."""
    with np.errstate(all="ignore"):
        expected = exact.astype(np.float64)
        ordinary = np.isfinite(expected) & np.isfinite(out)
        np.testing.assert_array_equal(out[~ordinary], expected[~ordinary])
        error = np.abs(out - exact) / np.spacing(np.nextafter(np.abs(expected), 0))
    assert error[ordinary].max() <= limit
    zeros = (out == 0) & (expected == 0)
    np.testing.assert_array_equal(np.signbit(out[zeros]), np.signbit(expected[zeros]))


def _allowed(limit: float, host: Host) -> float:
    return limit if host.machine.fused else max(2 * limit, 2)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_accuracy(build: Build, host: Host, name: str) -> None:
    function, limit = FUNCTIONS[name]
    f = build(elementwise(f"%r = math.{name} %0 : f64", ["f64"]), [("f64", "n")], [("f64", "n")], host=host)
    x = samples(20_000 if name not in ("erf", "erfc") else 3000)
    with np.errstate(all="ignore"):
        check(f(x), function(x.astype(Long)), _allowed(limit, host))


@pytest.mark.parametrize(("name", "function", "limit"), [("powf", np.power, 1.0), ("atan2", np.arctan2, 1.9)])
def test_functions_of_two(build: Build, host: Host, name: str, function: np.ufunc, limit: float) -> None:
    text = elementwise(f"%r = math.{name} %0, %1 : f64", ["f64"] * 2)
    f = build(text, [("f64", "n"), ("f64", "n")], [("f64", "n")], host=host)
    rng = np.random.default_rng(1)
    grid = [side.ravel() for side in np.meshgrid(SPECIAL, SPECIAL)]
    some, count = samples(5000), 20_000
    x = [grid[0], some, np.abs(rng.standard_normal(count)) * 10, 1 + 1e-2 * rng.standard_normal(count)]
    y = [grid[1], rng.permutation(some), rng.uniform(-300, 300, count), rng.uniform(-30_000, 30_000, count)]
    a, b = np.concatenate(x), np.concatenate(y)
    with np.errstate(all="ignore"):
        check(f(a, b), function(a.astype(Long), b.astype(Long)), _allowed(limit, host))


def test_nothing_is_left_to_converters() -> None:
    # What MLIR's own conversions make of functions can be inexact (log1p near 0), and calls of the C library are slow.
    source = inspect.getsource(scalar_math)
    emitted = {f"math.{name}" for name in re.findall(r'(?:_math\("|"math\.)(\w+)', source)}
    kept = VECTOR_MATH | {"math.isnan", "math.isinf", "math.isfinite"}
    assert len(emitted) > 20
    assert emitted - kept <= WIDE.keys()
    assert emitted - kept <= SINGLE.keys() | DOUBLE.keys()
    assert WIDE.keys() == (SINGLE.keys() | DOUBLE.keys()) - {ABOUT}
