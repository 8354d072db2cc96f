# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Activations, normalisations and scans of models that ONNX's own suite has not: old versions, dimensions and axes that
are known when the model runs, results that are rarely asked for.
"""

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, helper  # noqa: E402  # which may not be there
from onnx.reference import ReferenceEvaluator  # noqa: E402

import mograph  # noqa: E402  # after what is skipped without

X = np.random.default_rng(0).standard_normal((2, 4, 3)).astype(np.float32)
C = np.array([0.5, -1, 2, 1], np.float32)
V = np.array([0.5, 1, 2, 0.25], np.float32)


def model(
    op: str, opset: int, inputs: dict[str, np.ndarray], outputs: int = 1, *, named: bool = True, **attributes: Any
) -> Any:
    """A model of one node; the dimensions of its inputs have names, or only ranks."""
    infos = [
        helper.make_tensor_value_info(
            name,
            helper.np_dtype_to_tensor_dtype(array.dtype),
            [f"{name}{axis}" if named else extent for axis, extent in enumerate(array.shape)],
        )
        for name, array in inputs.items()
    ]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(op, list(inputs), results, **attributes)
    graph = helper.make_graph([node], "g", infos, [onnx.ValueInfoProto(name=name) for name in results])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def results(op: str, opset: int, *arrays: np.ndarray, outputs: int = 1, named: bool = True, **attributes: Any) -> list:
    inputs = {f"x{i}": array for i, array in enumerate(arrays)}
    made = model(op, opset, inputs, outputs, named=named, **attributes)
    found = mograph.compile(mograph.import_onnx(made))(*arrays)
    return list(found) if isinstance(found, tuple) else [found]


def expected(op: str, opset: int, *arrays: np.ndarray, outputs: int = 1, **attributes: Any) -> list:
    """By the reference of the onnx package."""
    inputs = {f"x{i}": array for i, array in enumerate(arrays)}
    return ReferenceEvaluator(model(op, opset, inputs, outputs, named=False, **attributes)).run(None, inputs)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("op", "arrays", "attributes"),
    [
        ("BatchNormalization", [X, C, C, C, V], {"epsilon": 0.01}),
        ("InstanceNormalization", [X, C, V], {}),
        ("LayerNormalization", [X, X[0, 0]], {}),
        ("LayerNormalization", [X, X[0], X[1]], {"axis": 1}),
        ("LpNormalization", [X], {"axis": 1, "p": 2}),
        ("Clip", [X, np.float32(-0.5), np.float32(0.5)], {}),
        ("PRelu", [X, X[0]], {}),
        ("CumSum", [X, np.int32(-2)], {"reverse": 1}),
        ("CumSum", [X, np.int64(1)], {"exclusive": 1}),
    ],
)
def test_like_the_reference(op: str, arrays: list, attributes: dict, named: bool) -> None:
    for found, wanted in zip(
        results(op, 17, *arrays, named=named, **attributes), expected(op, 17, *arrays, **attributes), strict=True
    ):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


def test_results_that_are_rarely_asked_for() -> None:
    arrays = [X, X[0, 0], X[1, 1]]
    found, wanted = (
        results("LayerNormalization", 17, *arrays, outputs=3),
        expected("LayerNormalization", 17, *arrays, outputs=3),
    )
    for left, right in zip(found, wanted, strict=True):
        assert left.shape == right.shape
        np.testing.assert_allclose(left, right, rtol=1e-5, atol=1e-6)


def test_batch_norm_that_trains() -> None:
    arrays, attributes = [X, C, C, C, V], {"training_mode": 1, "momentum": 0.75}
    found = results("BatchNormalization", 15, *arrays, outputs=3, **attributes)
    wide = X.astype(np.float64)
    mean, variance = wide.mean(axis=(0, 2)), wide.var(axis=(0, 2))
    normal = (wide - mean[:, None]) / np.sqrt(variance[:, None] + 1e-5) * C[:, None] + C[:, None]
    np.testing.assert_allclose(found[0], normal, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found[1], C * 0.75 + mean * 0.25, rtol=1e-5)
    np.testing.assert_allclose(found[2], V * 0.75 + variance * 0.25, rtol=1e-5)


def test_groups_had_scales_before_channels_had() -> None:
    (found,) = results("GroupNormalization", 18, X, C[:2], V[:2], num_groups=2)
    (wanted,) = results("GroupNormalization", 21, X, C[[0, 0, 1, 1]], V[[0, 0, 1, 1]], num_groups=2)
    np.testing.assert_array_equal(found, wanted)


def test_bounds_were_attributes() -> None:
    (found,) = results("Clip", 6, X, min=-0.5, max=0.25)
    np.testing.assert_array_equal(found, np.clip(X, np.float32(-0.5), np.float32(0.25)))
    (found,) = results("Clip", 6, X, max=0.25)
    np.testing.assert_array_equal(found, np.minimum(X, np.float32(0.25)))


def test_slopes_were_of_channels() -> None:
    (found,) = results("PRelu", 6, X, C, named=False)
    np.testing.assert_array_equal(found, np.where(X < 0, X * C[:, None], X))


def test_shrink_of_integers() -> None:
    x = np.array([-3, -1, 0, 1, 3], np.int32)
    (found,) = results("Shrink", 9, x, bias=1.0, lambd=1.5)
    assert found.tolist() == [-2, 0, 0, 0, 2]
    assert found.dtype == np.int32


def test_mixed_precision() -> None:
    (found,) = results("RMSNormalization", 23, X.astype(np.float16), X[0, 0])
    assert found.dtype == np.float32
    wide = X.astype(np.float16).astype(np.float64)
    wanted = wide / np.sqrt((wide**2).mean(-1, keepdims=True) + 1e-5) * X[0, 0]
    np.testing.assert_allclose(found, wanted, rtol=2e-3, atol=2e-3)
    (found,) = results("BatchNormalization", 15, X.astype(np.float16), C, C, C, V)
    assert found.dtype == np.float16


def test_casts_say_what_is_out_of_range() -> None:
    x = np.array([1e6, -np.inf, np.nan], np.float32)
    for saturate, wanted in ((1, [448, -448, np.nan]), (0, [np.nan] * 3)):
        (found,) = results("Cast", 19, x, to=TensorProto.FLOAT8E4M3FN, saturate=saturate)
        np.testing.assert_array_equal(found.astype(np.float64), wanted)
