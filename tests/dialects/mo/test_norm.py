# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The normalisations: references against plain loops over f64, compiled code against the references."""

import itertools
import math
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph
from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import conversion, dtypes

FLOATS = ["f8E4M3FN", "f8E5M2", "f16", "bf16", "f32", "f64"]
EPSILON = 0.01


def drawn(dtype: str, *shape: int, positive: bool = False) -> np.ndarray:
    values = np.random.default_rng(len(shape)).standard_normal(shape) * 2 + 0.5
    return (np.abs(values) if positive else values).astype(dtypes.DTYPES[dtype].numpy)


def normalized(values: list[float]) -> list[float]:
    mean = math.fsum(values) / len(values)
    variance = math.fsum((value - mean) ** 2 for value in values) / len(values)
    return [(value - mean) / math.sqrt(variance + EPSILON) for value in values]


def over(x: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """`normalized` of the elements over `axes`, for each index on the others."""
    result = np.empty(x.shape)
    kept = [range(1) if axis in axes else range(extent) for axis, extent in enumerate(x.shape)]
    for index in itertools.product(*kept):
        part = tuple(slice(None) if axis in axes else i for axis, i in enumerate(index))
        result[part] = np.reshape(normalized(np.ravel(x[part]).tolist()), x[part].shape)
    return result


def same(found: np.ndarray, expected: Any) -> None:
    """Equal to two units in the last place, as values around 1 have it."""
    eps = 2 * float(ml_dtypes.finfo(found.dtype).eps)
    wanted = conversion.rounded(np.asarray(expected, np.float64), found.dtype).astype(np.float64)
    np.testing.assert_allclose(found.astype(np.float64), wanted, rtol=4 * eps if eps < 1e-10 else eps, atol=2 * eps)


@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=15, deadline=None)
@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=4), data=st.data())
def test_layer_and_rms_norm(dtype: str, shape: list[int], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = drawn(dtype, *shape)
    wide = x.astype(np.float64)
    tail = shape[axis % len(shape) :]
    scale, bias = drawn(dtype, *tail), drawn(dtype, *[1 for _ in tail])
    axes = tuple(range(axis % len(shape), len(shape)))
    same(mo.LayerNorm.evaluate(x, None, None, axis, EPSILON), over(wide, axes))
    expected = over(wide, axes) * scale.astype("d") + bias.astype("d")
    same(mo.LayerNorm.evaluate(x, scale, bias, axis, EPSILON), expected)
    root = np.sqrt(np.mean(wide**2, axis=axes, keepdims=True) + EPSILON)
    same(mo.RmsNorm.evaluate(x, None, axis, EPSILON), wide / root)
    same(mo.RmsNorm.evaluate(x, scale, axis, EPSILON), wide / root * scale.astype("d"))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", [(2, 6, 3), (1, 6, 2, 2), (3, 6, 1)])
def test_norms_of_channels(dtype: str, shape: tuple[int, ...]) -> None:
    x, scale, bias = drawn(dtype, *shape), drawn(dtype, 6), drawn(dtype, 6) * dtypes.DTYPES[dtype].numpy.type(0.5)
    wide = x.astype(np.float64)
    column = [1, 6, *[1] * (len(shape) - 2)]
    factor, shift = (each.astype(np.float64).reshape(column) for each in (scale, bias))
    same(mo.InstanceNorm.evaluate(x, scale, bias, EPSILON), over(wide, tuple(range(2, len(shape)))) * factor + shift)
    for groups in (1, 2, 3, 6):
        grouped = wide.reshape(shape[0], groups, -1)
        expected = over(grouped, (2,)).reshape(shape) * factor + shift
        same(mo.GroupNorm.evaluate(x, scale, bias, groups, EPSILON), expected)
    mean, variance = drawn(dtype, 6), drawn(dtype, 6, positive=True)
    middle, spread = (each.astype(np.float64).reshape(column) for each in (mean, variance))
    expected = (wide - middle) / np.sqrt(spread + EPSILON) * factor + shift
    same(mo.BatchNorm.evaluate(x, scale, bias, mean, variance, 1, EPSILON), expected)
    last = np.moveaxis(x, 1, -1)
    found = mo.BatchNorm.evaluate(last, scale, bias, mean, variance, -1, EPSILON)
    same(np.moveaxis(found, -1, 1), expected)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("p", [1, 2, 3])
def test_lp_norm(dtype: str, p: int) -> None:
    x = drawn(dtype, 3, 4)
    x[1] = 0
    wide = x.astype(np.float64)
    for axis in (0, -1):
        expected = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            vector = wide[:, index[1]] if axis == 0 else wide[index[0]]
            norm = sum(abs(value) ** p for value in vector) ** (1 / p)
            expected[index] = wide[index] / norm if norm else 0
        same(mo.LpNorm.evaluate(x, axis, p), expected)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("size", [1, 2, 3, 4, 9])
def test_local_response_norm(dtype: str, size: int) -> None:
    x = drawn(dtype, 2, 5, 3)
    wide = x.astype(np.float64)
    expected = np.empty(x.shape)
    for n, channel, i in np.ndindex(x.shape):
        low, high = channel - (size - 1) // 2, channel + math.ceil((size - 1) / 2)
        total = sum(wide[n, other, i] ** 2 for other in range(5) if low <= other <= high)
        expected[n, channel, i] = wide[n, channel, i] / (1.5 + 0.3 / size * total) ** 0.6
    same(mo.LocalResponseNorm.evaluate(x, size, 0.3, 0.6, 1.5), expected)


def models(dtype: str) -> dict[str, str]:
    t, v, row = (f"!mo.tensor<[{shape}], {dtype}>" for shape in ("n, c, h, w", "c", "w"))
    plane = f"!mo.tensor<[h, 1], {dtype}>"
    bodies = {
        "layer": f"mo.layer_norm %x epsilon = 0.01 : {t}",
        "layer_scale": f"mo.layer_norm %x scale %r axis = 2 : {t} scale {row}",
        "layer_bias": f"mo.layer_norm %x bias %p axis = -2 epsilon = 0.01 : {t} bias {plane}",
        "layer_all": f"mo.layer_norm %x scale %r bias %p axis = 1 : {t} scale {row} bias {plane}",
        "rms": f"mo.rms_norm %x axis = 1 : {t}",
        "rms_scale": f"mo.rms_norm %x scale %r epsilon = 0.01 : {t} scale {row}",
        "batch": f"mo.batch_norm %x, %s, %b, %m, %v : {t}, {v}, {v}, {v}, {v}",
        "batch_last": f"mo.batch_norm %x, %r, %r, %r, %q axis = 3 : {t}, {row}, {row}, {row}, {row}",
        "instance": f"mo.instance_norm %x, %s, %b epsilon = 0.01 : {t}, {v}, {v}",
        "group": f"mo.group_norm %x, %s, %b groups = 2 : {t}, {v}, {v}",
        "groups": f"mo.group_norm %x, %s, %b groups = 1 epsilon = 0.01 : {t}, {v}, {v}",
        **{f"lp{p}": f"mo.lp_norm %x axis = {p - 2} p = {p} : {t}" for p in (1, 2, 3)},
        "local": f"mo.local_response_norm %x size = 3 alpha = 0.3 : {t}",
        "local_even": f"mo.local_response_norm %x size = 2 alpha = 0.5 beta = 0.5 bias = 2.0 : {t}",
    }
    inputs = f"%x: {t}, %s: {v}, %b: {v}, %m: {v}, %v: {v}, %r: {row}, %q: {row}, %p: {plane}"
    return {
        name: f"mo.graph @{name}({inputs}) -> {t} {{\n  %y = {body}\n  mo.output %y : {t}\n}}\n"
        for name, body in bodies.items()
    }


@pytest.mark.parametrize("dtype", FLOATS)
def test_compiled_and_interpreted_agree(dtype: str) -> None:
    texts = models(dtype)
    compiled = mograph.load_all("".join(texts.values()))
    for n, c, h, w in ((2, 4, 3, 5), (1, 2, 1, 1), (0, 2, 3, 1), (3, 0, 2, 2)):
        vectors = [drawn(dtype, c), drawn(dtype, c), drawn(dtype, c), drawn(dtype, c, positive=True)]
        given_ = [
            drawn(dtype, n, c, h, w),
            *vectors,
            drawn(dtype, w),
            drawn(dtype, w, positive=True),
            drawn(dtype, h, 1),
        ]
        for name, text in texts.items():
            found, expected = compiled[name](*given_), mograph.interpret(text)(*given_)
            assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
            eps = float(ml_dtypes.finfo(found.dtype).eps)
            left, right = found.astype(np.float64), expected.astype(np.float64)
            np.testing.assert_allclose(
                left, right, rtol=max(2 * eps, 4e-6 * (dtype != "f64")), atol=8 * eps, err_msg=name
            )


def test_groups_that_do_not_divide_the_channels() -> None:
    t, v = "!mo.tensor<[n, c, 2], f32>", "!mo.tensor<[c], f32>"
    text = f"""mo.graph @f(%x: {t}, %s: {v}) -> {t} {{
        %y = mo.group_norm %x, %s, %s groups = 2 : {t}, {v}, {v}
        mo.output %y : {t}
    }}"""
    x, s = np.ones((1, 3, 2), np.float32), np.ones(3, np.float32)
    with pytest.raises(ValueError, match="mo.group_norm: expected channels that 2 groups divide"):
        mograph.compile(text)(x, s)
    with pytest.raises(ValueError, match="expected channels divisible by 2 groups, found 3"):
        mograph.interpret(text)(x, s)


NO = None


@pytest.mark.parametrize(
    ("op", "operands", "attributes", "message"),
    [
        (mo.LayerNorm, [([2], "si32"), NO, NO], (-1, 0.0), "expected dtype to be a float, found si32"),
        (mo.LayerNorm, [([2], "f32"), ([2], "f16"), NO], (-1, 0.0), "expected input and scale of equal dtype"),
        (
            mo.LayerNorm,
            [([2], "f32"), NO, ([3, 2], "f32")],
            (-1, 0.0),
            r"bias to broadcast to .*, \[2\]; found \[3, 2\]",
        ),
        (mo.LayerNorm, [([2], "f32"), NO, NO], (1, 0.0), r"expected axis to be in \[-1, 1\)"),
        (mo.LayerNorm, [([2], "f32"), NO, NO], (0, -1.0), "expected epsilon to be 0 or more, found -1.0"),
        (mo.RmsNorm, [([2], "f32"), ([2], "f32", "gpu:0")], (0, 0.0), "expected input and scale on one device"),
        (mo.RmsNorm, [([2], "f32"), NO], (0, math.nan), "expected epsilon to be 0 or more, found nan"),
        (mo.InstanceNorm, [([2, 3], "f32"), ([3], "f32"), ([3], "f32")], (0.0,), "expected an input of rank 3 or more"),
        (
            mo.InstanceNorm,
            [([2, 3, 4], "f32"), ([3], "f32"), (["c"], "f32")],
            (0.0,),
            r"expected bias of shape \[3\], as axis 1 of the input \[2, 3, 4\]; found \[c\]; mo.rebind asserts",
        ),
        (mo.GroupNorm, [([2, 3], "f32"), ([3], "f32"), ([3], "f32")], (2, 0.0), "divisible by 2 groups, found 3"),
        (
            mo.BatchNorm,
            [([2], "f32")] * 5,
            (1, 0.0),
            r"expected axis to be in \[-1, 1\) for a tensor of rank 1, found 1",
        ),
        (mo.LpNorm, [([], "f32")], (0,), r"expected axis to be in \[0, 0\)"),
        (mo.LocalResponseNorm, [([2], "f32")], (), "expected an input of rank 2 or more, found 1"),
    ],
)
def test_wrong_operands(op: Any, operands: list, attributes: tuple, message: str, tensor) -> None:
    with pytest.raises(VerifyError, match=message):
        op.infer(*(None if operand is None else tensor(*operand) for operand in operands), *attributes)


def test_named_dimensions(tensor) -> None:
    x, c = tensor(["n", "c * 2", 3], "bf16"), tensor(["c * 2"], "bf16")
    assert mo.GroupNorm.infer(x, c, c, 4, 0.0) == x
    assert mo.BatchNorm.infer(x, c, c, c, c, 1, 0.0) == x
    assert mo.LayerNorm.infer(x, tensor(["c * 2", 1], "bf16"), None, 1, 0.0) == x
