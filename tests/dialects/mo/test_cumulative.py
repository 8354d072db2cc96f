# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cumulative sums and products, and hardmax: references against plain loops, compiled code against the references."""

import itertools
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
INTEGERS = ["si8", "si16", "si32", "si64", "ui8", "ui16", "ui32", "ui64"]


def drawn(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    kind = dtypes.DTYPES[dtype]
    low = 0 if kind.kind == "unsigned" else -2
    return np.random.default_rng(4).integers(low, 4, shape).astype(kind.numpy)


def looped(values: list, product: bool, exclusive: bool, reverse: bool) -> list:
    """The definition, in Python's numbers."""
    result = []
    for i in range(len(values)):
        part = values[i + exclusive :] if reverse else values[: i + 1 - exclusive]
        total = 1 if product else 0
        for value in part:
            total = total * value if product else total + value
        result.append(total)
    return result


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
@pytest.mark.parametrize("op", [mo.Cumsum, mo.Cumprod])
@settings(max_examples=25, deadline=None)
@given(
    shape=st.lists(st.integers(0, 4), min_size=1, max_size=3),
    exclusive=st.booleans(),
    reverse=st.booleans(),
    data=st.data(),
)
def test_definition(op: Any, dtype: str, shape: list[int], exclusive: bool, reverse: bool, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = drawn(dtype, tuple(shape))
    found = op.evaluate(x, axis, exclusive, reverse)
    assert (found.shape, found.dtype) == (x.shape, x.dtype)
    kind = dtypes.DTYPES[dtype]
    wide = x.astype(np.float64) if kind.kind == "float" else x.astype(object)
    for index in np.ndindex(*np.delete(shape, axis)):
        row, line = np.moveaxis(wide, axis, -1)[index].tolist(), np.moveaxis(found, axis, -1)[index]
        expected = looped(row, op is mo.Cumprod, exclusive, reverse)
        if kind.kind == "float":
            rounded = conversion.rounded(np.asarray(expected, np.float64), kind.numpy)
            np.testing.assert_array_equal(line.astype(np.float64), rounded.astype(np.float64))
        else:
            assert all((int(a) - int(b)) % 2**kind.bits == 0 for a, b in zip(line, expected, strict=True))


def test_narrow_floats_are_accumulated_wide() -> None:
    ones = np.ones(4096, ml_dtypes.bfloat16)
    assert float(mo.Cumsum.evaluate(ones, 0, False, False)[-1]) == 4096  # in bf16, 256 + 1 is 256


@pytest.mark.parametrize("dtype", ["f32", "f64", "bf16", "f8E4M3FN", "si32", "ui8"])
def test_compiled_and_interpreted_agree(dtype: str) -> None:
    type_ = f"!mo.tensor<[n, m, 3], {dtype}>"
    models = {}
    cases = itertools.product(("cumsum", "cumprod"), (0, 1, -1), ("", "exclusive"), ("", "reverse"))
    for i, (name, axis, exclusive, reverse) in enumerate(cases):
        models[f"c{i}"] = f"""mo.graph @c{i}(%x: {type_}) -> {type_} {{
            %y = mo.{name} %x axis = {axis} {exclusive} {reverse} : {type_}
            mo.output %y : {type_}
        }}"""
    compiled = mograph.load_all("".join(models.values()))
    for shape in ((2, 5, 3), (1, 1, 3), (0, 4, 3), (3, 0, 3)):
        x = drawn(dtype, shape)
        for name, text in models.items():
            found, expected = compiled[name](x), mograph.interpret(text)(x)
            assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
            np.testing.assert_array_equal(found.astype("d"), expected.astype("d"), text)


def test_compiled_sums_of_vectors_and_of_equal_elements() -> None:
    text = """mo.graph @f(%x: !mo.tensor<[n], f16>) -> (!mo.tensor<[n], f16>, !mo.tensor<[5], si32>) {
        %one = mo.constant 1 : !mo.tensor<[5], si32>
        %y = mo.cumsum %x axis = 0 : !mo.tensor<[n], f16>
        %z = mo.cumsum %one axis = 0 : !mo.tensor<[5], si32>
        mo.output %y, %z : !mo.tensor<[n], f16>, !mo.tensor<[5], si32>
    }"""
    y, z = mograph.compile(text)(np.ones(4000, np.float16))
    assert y[-1] == 4000  # in f16, 2048 + 1 is 2048
    assert z.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("dtype", FLOATS)
def test_hardmax(dtype: str) -> None:
    x = np.array([[1, 3, 3, 2], [5, 1, 5, 0], [-3, -1, -2, -1]], dtypes.DTYPES[dtype].numpy)
    assert mo.Hardmax.evaluate(x, -1).astype("d").tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]]
    assert mo.Hardmax.evaluate(x, 0).astype("d").tolist() == [[0, 1, 0, 1], [1, 0, 1, 0], [0, 0, 0, 0]]
    some = x.copy()
    some[1, 2] = some[1, 3] = np.nan
    assert mo.Hardmax.evaluate(some, 1)[1].astype("d").tolist() == [0, 0, 1, 0]
    type_ = f"!mo.tensor<[n, m], {dtype}>"
    compiled = mograph.load_all(
        "".join(
            f"""mo.graph @h{axis}(%x: {type_}) -> {type_} {{
            %y = mo.hardmax %x axis = {axis} : {type_}
            mo.output %y : {type_}
        }}"""
            for axis in (0, 1)
        )
    )
    for axis in (0, 1):
        for each in (x, some, x[:, :1], x[:0], x[:, :0]):
            found, expected = compiled[f"h{axis}"](each), mo.Hardmax.evaluate(each, axis)
            assert found.dtype == each.dtype
            np.testing.assert_array_equal(found.astype("d"), expected.astype("d"))


def test_types(tensor) -> None:
    assert mo.Cumsum.infer(tensor(["n", 2], "ui8", "gpu:0"), -1) == tensor(["n", 2], "ui8", "gpu:0")
    with pytest.raises(VerifyError, match="expected dtype to be an integer or a float, found i1"):
        mo.Cumsum.infer(tensor([2], "i1"), 0)
    with pytest.raises(VerifyError, match=r"expected axis to be in \[-1, 1\) for a tensor of rank 1, found 1"):
        mo.Cumprod.infer(tensor([2]), 1)
    with pytest.raises(VerifyError, match=r"expected axis to be in \[0, 0\) for a tensor of rank 0, found 0"):
        mo.Cumprod.infer(tensor([]), 0)
    with pytest.raises(VerifyError, match="expected dtype to be a float, found si8"):
        mo.Hardmax.infer(tensor([2], "si8"), 0)


@pytest.mark.parametrize(("op", "axis"), [("cumsum", 0), ("cumsum", 1), ("cumprod", 0)])
def test_compiled_along_an_axis_that_is_known_to_be_empty(op: str, axis: int) -> None:
    type_ = "!mo.tensor<[0, n], f32>"
    text = f"mo.graph @f(%x: {type_}) -> {type_} {{ %0 = mo.{op} %x axis = {axis} : {type_} mo.output %0 : {type_} }}"
    assert mograph.compile(text)(np.empty((0, 3), np.float32)).shape == (0, 3)
