# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The activations: references against their definitions, compiled code against the references."""

import math
from collections.abc import Callable
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
POINTS = [-90.0, -6.5, -3.0, -1.5, -0.75, -0.5, -0.1, -1e-3, -0.0, 0.0, 1e-3, 0.1, 0.5, 1.0, 2.5, 5.5, 6.5, 90.0]


def tanh_of_softplus(x: float) -> float:
    return math.tanh(np.logaddexp(0.0, x))


# The operation, its attributes as `evaluate` takes them, and its definition.
CASES: list[tuple[type, dict[str, float], Callable[[float], float]]] = [
    (mo.Relu6, {}, lambda x: min(max(x, 0.0), 6.0)),
    (mo.LeakyRelu, {"alpha": 0.01}, lambda x: 0.01 * x if x < 0 else x),
    (mo.LeakyRelu, {"alpha": 0.3}, lambda x: 0.3 * x if x < 0 else x),
    (mo.Elu, {"alpha": 1.0}, lambda x: math.expm1(x) if x < 0 else x),
    (mo.Elu, {"alpha": 2.5}, lambda x: 2.5 * math.expm1(x) if x < 0 else x),
    (mo.Selu, {"alpha": 2.0, "gamma": 3.0}, lambda x: 3.0 * (2.0 * math.expm1(x) if x < 0 else x)),
    (mo.Celu, {"alpha": 2.0}, lambda x: max(0.0, x) + min(0.0, 2.0 * math.expm1(x / 2.0))),
    (mo.Celu, {"alpha": 0.5}, lambda x: max(0.0, x) + min(0.0, 0.5 * math.expm1(x / 0.5))),
    (mo.ThresholdedRelu, {"alpha": 1.0}, lambda x: x if x > 1.0 else 0.0),
    (mo.ThresholdedRelu, {"alpha": -2.0}, lambda x: x if x > -2.0 else 0.0),
    (mo.Shrink, {"bias": 0.0, "lambd": 0.5}, lambda x: 0.0 if abs(x) <= 0.5 else x),
    (mo.Shrink, {"bias": 1.5, "lambd": 1.5}, lambda x: math.copysign(max(abs(x) - 1.5, 0), x)),
    (mo.Softsign, {}, lambda x: x / (1 + abs(x))),
    (mo.Mish, {}, lambda x: x * tanh_of_softplus(x)),
    (mo.HardSigmoid, {"alpha": 0.2, "beta": 0.5}, lambda x: max(0.0, min(1.0, 0.2 * x + 0.5))),
    (mo.HardSwish, {}, lambda x: x * max(0.0, min(1.0, x / 6 + 0.5))),
    (mo.Gelu, {"approximate": "quick"}, lambda x: x * special.expit(1.702 * x)),  # type: ignore[dict-item]
]
IDS = [f"{op.__name__}-{'-'.join(map(str, given_.values()))}" for op, given_, _ in CASES]


def array(values: Any, dtype: str) -> np.ndarray:
    return np.asarray(values, np.float64).astype(dtypes.DTYPES[dtype].numpy)


def assert_close(found: np.ndarray, expected: Any, ulps: float) -> None:
    """`found` is `expected`, of f64, within some units of the last place of its dtype."""
    info = ml_dtypes.finfo(found.dtype)
    wanted = conversion.rounded(np.asarray(expected, np.float64), found.dtype).astype(np.float64)
    np.testing.assert_allclose(
        found.astype(np.float64), wanted, rtol=ulps * float(info.eps), atol=float(info.smallest_subnormal)
    )


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("op", "attributes", "definition"), CASES, ids=IDS)
def test_definition(op: Any, attributes: dict[str, float], definition: Callable[[float], float], dtype: str) -> None:
    given_ = array(POINTS, dtype)
    found = op.evaluate(given_, **attributes)
    assert found.dtype == given_.dtype
    assert_close(found, [definition(x) for x in given_.astype(np.float64).tolist()], 16 if dtype == "f64" else 1)
    assert op.evaluate(given_[:0].reshape(0, 3), **attributes).shape == (0, 3)
    assert np.shape(op.evaluate(given_[0], **attributes)) == ()


@pytest.mark.parametrize(("op", "attributes", "definition"), CASES, ids=IDS)
def test_nan(op: Any, attributes: dict[str, float], definition: object) -> None:
    found = float(op.evaluate(np.asarray(np.nan), **attributes))
    assert found == 0 if op in (mo.ThresholdedRelu, mo.Shrink) else math.isnan(found)


def text(op: Any, attributes: dict[str, Any], dtype: str) -> str:
    """A model that applies `op` to its input, [n, 3]."""
    type_ = f"!mo.tensor<[n, 3], {dtype}>"
    given_ = " ".join(f"{name} = {value}" for name, value in attributes.items())
    return f"""mo.graph @{op.__name__}(%x: {type_}) -> {type_} {{
        %y = {op.OPERATION_NAME} %x {given_} : {type_}
        mo.output %y : {type_}
    }}"""


@pytest.mark.parametrize("dtype", FLOATS)
def test_compiled_and_interpreted_agree(dtype: str) -> None:
    models = [text(*case[:2], dtype).replace("@", f"@a{i}_") for i, case in enumerate(CASES)]
    compiled = mograph.load_all("".join(models))
    random = np.random.default_rng(1)
    x = array([*POINTS, np.nan, *(random.standard_normal(41) * 4)], dtype).reshape(-1, 3)
    for name, model in zip(compiled, models, strict=True):
        found, expected = compiled[name](x), mograph.interpret(model)(x)
        assert found.dtype == expected.dtype
        info = ml_dtypes.finfo(found.dtype)
        np.testing.assert_allclose(
            found.astype(np.float64),
            expected.astype(np.float64),
            rtol=16 * float(info.eps) if dtype == "f64" else 2 * float(info.eps),
            atol=max(float(info.smallest_subnormal), 1e-7 if dtype != "f64" else 1e-15),
            err_msg=name,
        )


@pytest.mark.parametrize("dtype", ["si8", "ui16", "si32", "si64"])
def test_of_integers(dtype: str) -> None:
    x = array([0, 1, 6, 7, 100] if dtype[0] == "u" else [-100, -7, -1, 0, 1, 6, 7, 100], dtype)
    slope = array(3, dtype)
    assert mo.Relu6.evaluate(x).tolist() == [min(max(v, 0), 6) for v in x.tolist()]
    expected = [v if v >= 0 else 3 * v for v in x.tolist()]
    assert mo.Prelu.evaluate(x, slope).tolist() == array(expected, "si32").astype(x.dtype).tolist()
    type_, scalar = f"!mo.tensor<[n], {dtype}>", f"!mo.tensor<[], {dtype}>"
    model = mograph.compile(f"""mo.graph @f(%x: {type_}, %s: {scalar}) -> ({type_}, {type_}, {type_}) {{
        %a = mo.prelu %x, %s : {type_}, {scalar}
        %b = mo.relu6 %x : {type_}
        %c = mo.clamp %x, %s, %x : {type_}, {scalar}, {type_}
        mo.output %a, %b, %c : {type_}, {type_}, {type_}
    }}""")
    found = model(x, slope)
    np.testing.assert_array_equal(found[0], mo.Prelu.evaluate(x, slope))
    np.testing.assert_array_equal(found[1], mo.Relu6.evaluate(x))
    np.testing.assert_array_equal(found[2], mo.Clamp.evaluate(x, slope, x))


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_clamp(dtype: str) -> None:
    x = array([0, 1, 2, 3, 4], dtype)
    assert mo.Clamp.evaluate(x, array(1, dtype), array(3, dtype)).astype("d").tolist() == [1, 1, 2, 3, 3]
    assert mo.Clamp.evaluate(x, array(3, dtype), array(1, dtype)).astype("d").tolist() == [1, 1, 1, 1, 1]
    row = mo.Clamp.evaluate(x, array([[1], [2]], dtype), array(3, dtype))
    assert row.astype("d").tolist() == [[1, 1, 2, 3, 3], [2, 2, 2, 3, 3]]
    assert row.dtype == x.dtype


def test_clamp_of_nan() -> None:
    one, nan = np.ones(1, "f"), np.full(1, np.nan, "f")
    for operands in ([nan, one, one], [one, nan, one], [one, one, nan]):
        assert np.isnan(mo.Clamp.evaluate(*operands)).all()


@pytest.mark.parametrize("dtype", ["f32", "f16"])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_prelu_and_clamp_broadcast_as_inferred(dtype: str, data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.integers(0, 3), min_size=0, max_size=3))
    others = [
        [data.draw(st.sampled_from([1, extent])) for extent in shape[data.draw(st.integers(0, len(shape))) :]]
        for _ in range(2)
    ]
    types = [mo.TensorType.get(each, dtype) for each in (shape, *others)]
    x, a, b = (array(np.random.default_rng(2).standard_normal(each), dtype) for each in (shape, *others))
    assert mo.Prelu.infer(*types[:2]) == types[0]
    assert mo.Prelu.evaluate(x, a).shape == tuple(shape)
    np.testing.assert_array_equal(
        mo.Prelu.evaluate(x, a).astype("d"), np.where(x < 0, array(x.astype("d") * a.astype("d"), dtype), x).astype("d")
    )
    assert mo.Clamp.evaluate(x, a, b).shape == tuple(mo.Clamp.infer(*types).shape) == tuple(shape)


@pytest.mark.parametrize(
    ("op", "operands", "message"),
    [
        (
            mo.Clamp,
            [([2], "f32"), ([2], "f16"), ([2], "f32")],
            "expected input and low of equal dtype, found f32 and f16",
        ),
        (mo.Clamp, [([2], "i1")] * 3, "expected dtype to be an integer or a float, found i1"),
        (mo.Clamp, [([2], "f32"), ([2], "f32"), ([3], "f32")], "found 2 and 3 on axis -1 of .2. and .3."),
        (
            mo.Prelu,
            [([2], "f32"), ([2, 2], "f32")],
            r"slope to broadcast to the shape of the input, \[2\]; found \[2, 2\]",
        ),
        (
            mo.Prelu,
            [([2], "f32"), ([2], "f32", "gpu:0")],
            "expected input and slope on one device, found cpu and gpu:0",
        ),
        (mo.Elu, [([2], "si8")], "expected dtype to be a float, found si8"),
        (mo.HardSwish, [([2], "f8E5M2FNUZ")], "expected dtype to be a float to compute with, found f8E5M2FNUZ"),
    ],
)
def test_wrong_operands(op: Any, operands: list[tuple], message: str, tensor) -> None:
    with pytest.raises(VerifyError, match=message):
        op.infer(*(tensor(*operand) for operand in operands))


def test_celu_divides_by_alpha() -> None:
    with pytest.raises(VerifyError, match="expected alpha to differ from 0"):
        mo.Celu.check(0.0)
