# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions and softmax against numpy."""

import numpy as np
import pytest
from lowering_harness import NUMPY, Batch, Type, rule_case, run

FLOATS = ("f32", "f64", "f16", "bf16", "f8E4M3FN", "f8E5M2")
INTEGERS = ("si8", "si16", "si32", "si64", "ui8", "ui16", "ui32", "ui64")
AXES = (None, (0,), (1,), (-1,), (0, 2), (2, 0, 1), ())


def data(dtype: str, shape=(3, 4, 5)):
    rng = np.random.default_rng(3)
    if dtype in FLOATS:
        return (rng.normal(size=shape) + 1).astype(NUMPY[dtype])
    info = np.iinfo(NUMPY[dtype])
    return rng.integers(info.min, info.max, shape, NUMPY[dtype], endpoint=True)


def reduced_shape(shape, axes, keepdims):
    gone = range(len(shape)) if axes is None else [axis % len(shape) for axis in axes]
    if keepdims:
        return tuple(1 if axis in gone else dim for axis, dim in enumerate(shape))
    return tuple(dim for axis, dim in enumerate(shape) if axis not in gone)


@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
def test_all_axes(dtype):
    x = data(dtype)
    names = {
        "mo.reduce.add": np.add,
        "mo.reduce.mul": np.multiply,
        "mo.reduce.max": np.maximum,
        "mo.reduce.min": np.minimum,
    }
    batch, cases = Batch(), []
    for name, function in names.items():
        for axes in AXES if dtype in ("f32", "f16", "si32") else AXES[:2]:
            for keepdims in (False, True):
                shape = reduced_shape(x.shape, axes, keepdims)
                case = rule_case(
                    batch,
                    name,
                    [Type(("n", 4, "m"), dtype)],
                    retyped(shape, dtype, axes, keepdims),
                    axes=axes,
                    keepdims=keepdims,
                )
                cases.append((name, function, axes, keepdims, case))
    compiled = batch.compile()
    for name, function, axes, keepdims, case in cases:
        found = case(compiled)(x)
        if dtype in FLOATS:
            step = np.float64 if dtype == "f64" else np.float32
            exact = function.reduce(x.astype(step), axis=axes, keepdims=keepdims)
            epsilon = {"f64": 1e-12, "f32": 1e-5, "f16": 2e-3, "bf16": 2e-2, "f8E4M3FN": 0.13, "f8E5M2": 0.26}[dtype]
            wanted = exact.astype(NUMPY[dtype]).astype(np.float64)
            np.testing.assert_allclose(found.astype(np.float64), wanted, epsilon, 1e-5, err_msg=f"{name} {axes}")
        else:
            wanted = function.reduce(x, axis=axes, keepdims=keepdims, dtype=x.dtype)
            np.testing.assert_array_equal(found, wanted, f"{name} {axes}")


def retyped(shape, dtype, axes, keepdims):
    """The result's type for an input `[n, 4, m]` that holds 3 and 5."""
    return Type(tuple({3: "n", 5: "m"}.get(dim, dim) for dim in shape), dtype)


def test_16_bit_sums_accumulate_in_f32():
    x = np.full(5000, 1, np.float16)
    assert run("mo.reduce.add", [x], Type((), "f16"), axes=None, keepdims=False) == 5000
    half = np.full(4096, 0.001, np.float16)
    assert run("mo.reduce.mean", [half], Type((), "f16"), axes=None, keepdims=False) == np.float16(0.001)


@pytest.mark.parametrize("dtype", ["f32", "f64", "f16"])
def test_mean(dtype):
    x = data(dtype)
    types = [Type(("n", 4, 5), dtype)]
    found = run("mo.reduce.mean", [x], Type((4,), dtype), types=types, axes=(0, -1), keepdims=False)
    np.testing.assert_allclose(found, x.astype(np.float64).mean((0, 2)), 2e-3 if dtype == "f16" else 1e-6)
    assert np.isnan(run("mo.reduce.mean", [x[:0]], Type((4,), dtype), types=types, axes=(0, 2), keepdims=False)).all()


def test_no_elements():
    x = np.zeros((2, 0), np.float32)
    types = [Type((2, "n"), "f32")]
    for name, wanted in (("add", 0), ("mul", 1), ("max", -np.inf), ("min", np.inf)):
        found = run(f"mo.reduce.{name}", [x], Type((2,), "f32"), types=types, axes=(1,), keepdims=False)
        np.testing.assert_array_equal(found, [wanted] * 2)
    for dtype, lowest in (("si8", -128), ("ui8", 0), ("f8E4M3FN", -448)):
        x = np.zeros((0,), NUMPY[dtype])
        found = run("mo.reduce.max", [x], Type((), dtype), axes=None, keepdims=False)
        assert found == NUMPY[dtype].type(lowest)


def test_nan_wins():
    x = np.array([[1, np.nan, 3], [1, 2, 3]], np.float32)
    for name, wanted in (("max", [np.nan, 3]), ("min", [np.nan, 1])):
        found = run(f"mo.reduce.{name}", [x], Type((2,), "f32"), axes=(1,), keepdims=False)
        np.testing.assert_array_equal(found, wanted)


def test_any_and_all():
    x = np.array([[True, False], [True, True], [False, False]])
    for name, reference in (("any", np.any), ("all", np.all)):
        found = run(f"mo.reduce.{name}", [x], Type((3, 1), "i1"), axes=(1,), keepdims=True)
        np.testing.assert_array_equal(found, reference(x, 1, keepdims=True))
        empty = run(f"mo.reduce.{name}", [x[:, :0]], Type((3,), "i1"), axes=(1,), keepdims=False)
        np.testing.assert_array_equal(empty, reference(x[:, :0], 1))


@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
def test_arg(dtype):
    x = data(dtype)
    x[0, 0, 1] = x[0, 0, 3] = x.max()
    if dtype in FLOATS:
        x[1, 2, 2] = x[1, 2, 4] = np.nan
        x[2, 1] = -np.inf if dtype != "f8E4M3FN" else -448
    for name, reference in (("arg_max", np.argmax), ("arg_min", np.argmin)):
        for axis in (0, -1):
            shape = tuple(np.delete(x.shape, axis))
            found = run(f"mo.reduce.{name}", [x], Type(shape, "si64"), axis=axis, keepdims=False, last=False)
            values = x.astype(np.float64) if dtype in FLOATS else x
            np.testing.assert_array_equal(found, reference(values, axis))
        whole = run(f"mo.reduce.{name}", [x[:, :, :0]], Type((3, 4, 1), "si64"), axis=2, keepdims=True, last=False)
        np.testing.assert_array_equal(whole, np.zeros((3, 4, 1)))


@pytest.mark.parametrize("dtype", ["f32", "f64", "f16", "bf16"])
@pytest.mark.parametrize("axis", [-1, 0])
def test_softmax(dtype, axis):
    x = (data(dtype, (4, 6)).astype(np.float64) * 20).astype(NUMPY[dtype])
    type_ = Type(("n", 6), dtype)
    wide = x.astype(np.float64)
    e = np.exp(wide - wide.max(axis, keepdims=True))
    exact = e / e.sum(axis, keepdims=True)
    tolerance = {"f32": 1e-6, "f64": 1e-12, "f16": 1e-3, "bf16": 8e-3}[dtype]
    found = run("mo.softmax", [x], type_, types=[type_], axis=axis).astype(np.float64)
    np.testing.assert_allclose(found, exact, tolerance, tolerance / 10)
    found = run("mo.log_softmax", [x], type_, types=[type_], axis=axis).astype(np.float64)
    np.testing.assert_allclose(found, np.log(exact), 2 * tolerance, 2 * tolerance)
