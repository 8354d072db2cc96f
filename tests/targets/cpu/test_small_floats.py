# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Floats of 8 and 16 bits: every conversion bit by bit, and arithmetic that rounds after each operation."""

import ml_dtypes
import numpy as np
import pytest

from mograph.targets.cpu import Host

from ..conftest import Build, elementwise

TYPES = {
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f8E5M2": ml_dtypes.float8_e5m2,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
}


def every(name: str) -> np.ndarray:
    """All numbers of the type."""
    dtype = np.dtype(TYPES[name])
    return np.arange(2 ** (8 * dtype.itemsize), dtype=np.uint32).astype(f"u{dtype.itemsize}").view(dtype)


def same(out: np.ndarray, expected: np.ndarray) -> None:
    """Equal bits, except that any NaN is as good as another."""
    assert out.dtype == expected.dtype
    integer = f"u{out.dtype.itemsize}"
    with np.errstate(invalid="ignore"):
        nan = np.isnan(expected.astype(np.float64))
        np.testing.assert_array_equal(np.isnan(out.astype(np.float64)), nan)
    np.testing.assert_array_equal(out.view(integer)[~nan], expected.view(integer)[~nan])


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("wide", ["f32", "f64"])
def test_widening_is_exact(build: Build, host: Host, name: str, wide: str) -> None:
    f = build(
        elementwise(f"%r = arith.extf %0 : {name} to {wide}", [name], result=wide),
        [(name, "n")],
        [(wide, "n")],
        host=host,
    )
    x = every(name)
    with np.errstate(invalid="ignore"):
        same(f(x), x.astype(f"f{int(wide[1:]) // 8}"))


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("wide", ["f32", "f64"])
def test_narrowing_rounds_to_nearest_even(build: Build, host: Host, name: str, wide: str) -> None:
    f = build(
        elementwise(f"%r = arith.truncf %0 : {wide} to {name}", [wide], result=name),
        [(wide, "n")],
        [(name, "n")],
        host=host,
    )
    dtype = np.dtype(f"f{int(wide[1:]) // 8}")
    with np.errstate(invalid="ignore"):
        exact = every(name).astype(dtype)
    exact = np.sort(exact[np.isfinite(exact)])
    with np.errstate(all="ignore"):
        middle = exact[:-1] / 2 + exact[1:] / 2
        neighbours = [np.nextafter(middle, dtype.type(end)) for end in (np.inf, -np.inf)]
        beyond = np.array(
            [np.inf, -np.inf, np.nan, 1e9, -1e9, 1e38, 464, 465, 61440, 65519, 65520, 65536, 3.3961775e38], dtype
        )
        x = np.concatenate([exact, middle, *neighbours, beyond])
        if name != "f16":  # ml_dtypes goes through f32 and thus rounds others twice
            x = x[x == x.astype(np.float32)]
        same(f(x), x.astype(TYPES[name]))


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("operation", ["addf", "mulf", "maximumf"])
def test_arithmetic(build: Build, name: str, operation: str) -> None:
    f = build(
        elementwise(f"%r = arith.{operation} %0, %1 : {name}", [name] * 2), [(name, "n"), (name, "n")], [(name, "n")]
    )
    rng = np.random.default_rng(0)
    a, b = rng.choice(every(name), 5000), rng.choice(every(name), 5000)
    function = {"addf": np.add, "mulf": np.multiply, "maximumf": np.maximum}[operation]
    with np.errstate(all="ignore"):
        expected = function(a.astype(np.float32), b.astype(np.float32)).astype(TYPES[name])
        zero = (a == 0) & (b == 0)  # of which zero the maximum is, numpy leaves open
    same(f(a, b)[~zero], expected[~zero])


@pytest.mark.parametrize("name", TYPES)
def test_functions_selection_comparison_and_constants(build: Build, host: Host, name: str) -> None:
    body = (
        f"%t = math.tanh %0 : {name}\n %h = arith.constant 0.5 : {name}\n %p = arith.cmpf olt, %t, %h : {name}\n"
        f" %r = arith.select %p, %t, %0 : {name}"
    )
    f = build(elementwise(body, [name]), [(name, "n")], [(name, "n")], host=host)
    x = every(name)
    with np.errstate(invalid="ignore"):
        x = x[np.isfinite(x.astype(np.float32))]
    t = np.tanh(x.astype(np.float64)).astype(np.float32).astype(TYPES[name])
    out, expected = f(x).astype(np.float64), np.where(t.astype(np.float32) < 0.5, t, x).astype(np.float64)
    np.testing.assert_allclose(
        out, expected, rtol=2.0 ** -{"f16": 10, "bf16": 7, "f8E5M2": 2, "f8E4M3FN": 3}[name], atol=1e-9
    )


@pytest.mark.parametrize("name", ["f16", "bf16"])
def test_scalars_in_loops(build: Build, host: Host, name: str) -> None:
    """A rank-0 tensor that a loop carries is a single 16-bit value: on some machines a function converts it."""
    text = f"""
func.func @f(%a: tensor<{name}>) -> tensor<{name}> {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %r = scf.for %i = %c0 to %c5 step %c1 iter_args(%x = %a) -> (tensor<{name}>) {{
    %y = arith.mulf %x, %a : tensor<{name}>
    scf.yield %y : tensor<{name}>
  }}
  return %r : tensor<{name}>
}}"""
    f = build(text, [(name,)], [(name,)], host=host)
    a = np.array(1.37, TYPES[name])
    x = a
    for _ in range(5):
        x = (x.astype(np.float32) * a.astype(np.float32)).astype(TYPES[name])
    assert f(a) == x
