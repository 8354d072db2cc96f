# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Norms, logarithms of sums and last positions: references against their definitions, compiled code against those."""

import itertools
import math
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

import mograph
from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import conversion, dtypes

FLOATS = ["f8E4M3FN", "f8E5M2", "f16", "bf16", "f32", "f64"]
INTEGERS = ["si8", "si16", "si32", "si64", "ui8", "ui16", "ui32", "ui64"]
AXES = [None, (0,), (1,), (-1,), (0, 2), (2, 0, 1), ()]
DEFINITIONS: dict[Any, Any] = {
    mo.ReduceL1: lambda x, **how: np.sum(np.abs(x), **how),
    mo.ReduceL2: lambda x, **how: np.sqrt(np.sum(x * x, **how)),
    mo.ReduceSumSquare: lambda x, **how: np.sum(x * x, **how),
    mo.ReduceLogSum: lambda x, **how: np.log(np.sum(x, **how)),
    mo.ReduceLogSumExp: lambda x, **how: special.logsumexp(x, **how),
}


def array(values: Any, dtype: str) -> np.ndarray:
    return np.asarray(values, np.float64).astype(dtypes.DTYPES[dtype].numpy)


def drawn(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    random = np.random.default_rng(math.prod(shape))
    if dtypes.DTYPES[dtype].kind == "float":
        return array(random.uniform(0.1, 2, shape), dtype)
    ends = np.iinfo(dtypes.DTYPES[dtype].numpy)
    return random.integers(ends.min, ends.max, shape, dtypes.DTYPES[dtype].numpy, endpoint=True)


@pytest.mark.parametrize("op", DEFINITIONS, ids=lambda op: op.__name__)
@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=25, deadline=None)
@given(shape=st.lists(st.integers(1, 4), max_size=3), keepdims=st.booleans(), data=st.data())
def test_of_floats(op: Any, dtype: str, shape: list[int], keepdims: bool, data: st.DataObject) -> None:
    rank = len(shape)
    axes = data.draw(st.none() | st.sets(st.integers(0, rank - 1)).map(tuple) if rank else st.none())
    x = drawn(dtype, tuple(shape))
    wide = x.astype(np.float64)
    found = op.evaluate(x, axes, keepdims)
    if axes == ():  # of single elements
        expected = {mo.ReduceSumSquare: wide * wide, mo.ReduceLogSum: np.log(wide)}.get(op, wide)
    else:
        expected = DEFINITIONS[op](wide, axis=axes, keepdims=keepdims)
    inferred = op.infer(mo.TensorType.get(shape, dtype), axes, keepdims)
    assert (np.shape(found), found.dtype) == (tuple(inferred.shape), x.dtype)
    info = ml_dtypes.finfo(x.dtype)
    wanted = conversion.rounded(np.asarray(expected, np.float64), x.dtype).astype(np.float64)
    np.testing.assert_allclose(found.astype(np.float64), wanted, rtol=8 * float(info.eps), atol=8 * float(info.eps))


@pytest.mark.parametrize("dtype", INTEGERS)
def test_of_integers_wraps(dtype: str) -> None:
    x = drawn(dtype, (3, 4))
    kind = dtypes.DTYPES[dtype]
    for op, function in ((mo.ReduceL1, abs), (mo.ReduceSumSquare, lambda value: value * value)):
        found = op.evaluate(x, (1,), False)
        assert found.dtype == x.dtype
        for value, row in zip(found.tolist(), x.tolist(), strict=True):
            assert (value - sum(map(function, row))) % 2**kind.bits == 0


def test_log_sum_exp_of_what_is_large_or_not_finite() -> None:
    def of(*values: float) -> float:
        return float(mo.ReduceLogSumExp.evaluate(np.array(values), None, False))

    assert of(1000.0, 1000.0) == pytest.approx(1000 + math.log(2))
    assert of(-np.inf, 3.0) == 3
    assert of(-np.inf, -np.inf) == -np.inf
    assert of(np.inf, 1.0) == np.inf
    assert math.isnan(of(np.inf, np.nan))
    assert of() == -np.inf


def test_of_no_elements() -> None:
    empty = np.zeros((2, 0), np.float32)
    found = {op: op.evaluate(empty, (1,), False).tolist() for op in DEFINITIONS}
    assert [found[op] for op in (mo.ReduceL1, mo.ReduceL2, mo.ReduceSumSquare)] == [[0, 0]] * 3
    assert [found[op] for op in (mo.ReduceLogSum, mo.ReduceLogSumExp)] == [[-np.inf] * 2] * 2


def model(op: Any, dtype: str, axes: tuple[int, ...] | None, keepdims: bool, name: str) -> str:
    operand = mo.TensorType.get(["n", 4, "m"], dtype)
    result = op.infer(operand, axes, keepdims)
    how = (f"axes = {list(axes)} " if axes is not None else "") + ("keepdims" if keepdims else "")
    return f"""mo.graph @{name}(%x: {operand}) -> {result} {{
        %y = {op.OPERATION_NAME} %x {how} : {operand}
        mo.output %y : {result}
    }}"""


@pytest.mark.parametrize("dtype", ["f32", "f64", "bf16", "f8E4M3FN", "si32", "ui8"])
def test_compiled_and_interpreted_agree(dtype: str) -> None:
    ops = DEFINITIONS if dtypes.DTYPES[dtype].kind == "float" else (mo.ReduceL1, mo.ReduceSumSquare)
    models = {
        f"m{i}": model(op, dtype, axes, keepdims, f"m{i}")
        for i, (op, axes, keepdims) in enumerate(itertools.product(ops, AXES, (False, True)))
    }
    compiled = mograph.load_all("".join(models.values()))
    for shape in ((3, 4, 5), (2, 4, 0), (1, 4, 1)):
        x = drawn(dtype, shape)
        for name, text in models.items():
            found, expected = compiled[name](x), mograph.interpret(text)(x)
            assert (found.shape, found.dtype) == (expected.shape, expected.dtype), text
            if dtypes.DTYPES[dtype].kind == "float":
                eps = 4 * float(ml_dtypes.finfo(x.dtype).eps)
                np.testing.assert_allclose(found.astype("d"), expected.astype("d"), eps, eps, err_msg=text)
            else:
                np.testing.assert_array_equal(found, expected, err_msg=text)


def test_compiled_log_sum_exp_of_what_is_not_finite() -> None:
    x = np.array([[-np.inf, -np.inf], [np.inf, 1], [np.nan, 1], [1e30, -1e30]], np.float32)
    text = """mo.graph @f(%x: !mo.tensor<[n, 2], f32>) -> !mo.tensor<[n], f32> {
        %y = mo.reduce.log_sum_exp %x axes = [1] : !mo.tensor<[n, 2], f32>
        mo.output %y : !mo.tensor<[n], f32>
    }"""
    np.testing.assert_array_equal(mograph.compile(text)(x), np.array([-np.inf, np.inf, np.nan, 1e30], np.float32))


@pytest.mark.parametrize("dtype", ["f32", "f16", "si32", "ui8"])
def test_compiled_positions(dtype: str) -> None:
    cases = list(itertools.product(("arg_max", "arg_min"), (False, True), (0, -1)))
    operand = f"!mo.tensor<[n, m], {dtype}>"
    texts = []
    for i, (name, last, axis) in enumerate(cases):
        result = "!mo.tensor<[m], si64>" if axis == 0 else "!mo.tensor<[n], si64>"
        texts.append(f"""mo.graph @p{i}(%x: {operand}) -> {result} {{
            %y = mo.reduce.{name} %x axis = {axis} {"last" if last else ""} : {operand}
            mo.output %y : {result}
        }}""")
    compiled = mograph.load_all("".join(texts))
    x = np.random.default_rng(0).integers(0, 3, (6, 7)).astype(dtypes.DTYPES[dtype].numpy)
    inputs = [x, x[:, :1], x[:1]]
    if dtypes.DTYPES[dtype].kind == "float":
        some = x.copy()
        some[1, 2:4] = some[4, 2] = np.nan
        inputs.append(some)
    for i, (name, last, axis) in enumerate(cases):
        op = mo.ReduceArgMax if name == "arg_max" else mo.ReduceArgMin
        for each in inputs:
            found = compiled[f"p{i}"](each)
            np.testing.assert_array_equal(found, op.evaluate(each, axis, False, last), f"{name} {last} {axis}")


def test_only_floats_have_logarithms(tensor) -> None:
    for op in (mo.ReduceL2, mo.ReduceLogSum, mo.ReduceLogSumExp):
        with pytest.raises(VerifyError, match="expected dtype to be a float, found si32"):
            op.infer(tensor([2], "si32"), None, False)
