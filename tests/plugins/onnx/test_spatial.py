# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions, poolings and resizing of models that ONNX's own suite has not: dimensions with names, where padding or
extents are known when the model runs; old versions; quantisation by channel.
"""

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
from onnx import helper  # noqa: E402  # which may not be there
from onnx.reference import ReferenceEvaluator  # noqa: E402

import mograph  # noqa: E402  # after what is skipped without
from mograph.plugins.onnx.errors import OnnxError  # noqa: E402

RANDOM = np.random.default_rng(0)
X = RANDOM.standard_normal((2, 4, 9, 7)).astype(np.float32)
W = RANDOM.standard_normal((6, 2, 3, 2)).astype(np.float32)
T = RANDOM.standard_normal((4, 3, 3, 2)).astype(np.float32)
B = RANDOM.standard_normal(6).astype(np.float32)


def model(op: str, opset: int, arrays: list, dims: list, outputs: int, attributes: dict, known: dict) -> Any:
    """A model of one node: `dims` of its inputs, None for those that are left out; inputs that are `known` by index."""
    inputs = [
        helper.make_tensor_value_info(f"x{i}", helper.np_dtype_to_tensor_dtype(array.dtype), list(dim))
        for i, (array, dim) in enumerate(zip(arrays, dims, strict=True))
        if array is not None and i not in known
    ]
    constants = [
        helper.make_tensor(
            f"x{i}", helper.np_dtype_to_tensor_dtype(array.dtype), array.shape, array.tobytes(), raw=True
        )
        for i, array in known.items()
    ]
    results = [f"y{i}" for i in range(outputs)]
    names = ["" if array is None else f"x{i}" for i, array in enumerate(arrays)]
    node = helper.make_node(op, names, results, **attributes)
    graph = helper.make_graph([node], "g", inputs, [onnx.ValueInfoProto(name=name) for name in results], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def run(
    op: str, opset: int, arrays: list, dims: list | None = None, outputs: int = 1, known: Any = (), **attributes: Any
):
    """What the model gives, compiled, and by the reference of the onnx package."""
    constants = {i: arrays[i] for i in known}
    given = [array for i, array in enumerate(arrays) if array is not None and i not in constants]
    dims = dims or [None if array is None else array.shape for array in arrays]
    made = model(op, opset, arrays, dims, outputs, attributes, constants)
    found = mograph.compile(mograph.import_onnx(made))(*given)
    shapes = [None if array is None else array.shape for array in arrays]
    plain = model(op, opset, arrays, shapes, outputs, attributes, constants)
    feeds = {f"x{i}": array for i, array in enumerate(arrays) if array is not None and i not in constants}
    return list(found) if isinstance(found, tuple) else [found], lambda: ReferenceEvaluator(plain).run(None, feeds)


def check(found: list, expected: Any, tolerance: float = 1e-5) -> None:
    for left, right in zip(found, expected(), strict=True):
        assert left.dtype == right.dtype
        np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance)


NAMED = ["n", 4, "h", "w"]
SAME = [
    {"auto_pad": auto, "strides": strides}
    for auto in ("SAME_UPPER", "SAME_LOWER", "VALID")
    for strides in ([1, 1], [2, 3])
]


@pytest.mark.parametrize("attributes", [*SAME, {"pads": [1, 0, 2, 1], "strides": [2, 1], "dilations": [1, 2]}], ids=str)
@pytest.mark.parametrize("named", [False, True])
def test_convolution(attributes: dict, named: bool) -> None:
    dims = [NAMED if named else X.shape, W.shape, B.shape]
    check(*run("Conv", 22, [X, W, B], dims, group=2, **attributes), 1e-4)


def test_channels_with_names_are_asserted() -> None:
    found, expected = run("Conv", 11, [X, W], [["n", "c", "h", "w"], W.shape], group=2)
    check(found, expected, 1e-4)


@pytest.mark.parametrize(
    "attributes",
    [
        {"strides": [2, 3], "auto_pad": "SAME_UPPER"},
        {"strides": [2, 3], "auto_pad": "SAME_LOWER"},
        {"strides": [2, 3], "output_padding": [1, 2], "pads": [1, 0, 1, 1], "dilations": [2, 1]},
    ],
    ids=str,
)
@pytest.mark.parametrize("named", [False, True])
def test_transposed(attributes: dict, named: bool) -> None:
    dims = [NAMED if named else X.shape, T.shape]
    found, expected = run("ConvTranspose", 22, [X, T], dims, **attributes)
    if "auto_pad" in attributes:  # which the reference gets wrong where an odd element is left
        assert found[0].shape == (2, 3, 18, 21)
        total = [2 * 8 + 3 - 18, 3 * 6 + 2 - 21]
        assert total == [1, -1]
        upper = attributes["auto_pad"] == "SAME_UPPER"
        plain, _ = run("ConvTranspose", 22, [X, T], strides=[2, 3], output_padding=[0, 1])
        check(found, lambda: [plain[0][:, :, :18] if upper else plain[0][:, :, 1:]], 1e-5)
    else:
        check(found, expected, 1e-4)


def test_transposed_to_a_shape() -> None:
    found, _ = run("ConvTranspose", 22, [X, T], output_shape=[18, 13], strides=[2, 2])
    plain, _ = run("ConvTranspose", 22, [X, T], strides=[2, 2])
    assert plain[0].shape == (2, 3, 19, 14)
    np.testing.assert_allclose(found[0], plain[0][:, :, 1:, 1:], rtol=1e-5, atol=1e-5)


POOLS = [
    ("MaxPool", {"auto_pad": "SAME_LOWER", "strides": [2, 2]}),
    ("MaxPool", {"auto_pad": "SAME_UPPER", "strides": [1, 2], "ceil_mode": 1}),
    ("LpPool", {"auto_pad": "SAME_UPPER", "strides": [2, 2], "p": 3}),
    ("AveragePool", {"pads": [1, 1, 0, 1], "strides": [2, 2], "ceil_mode": 1}),
    ("AveragePool", {"auto_pad": "SAME_UPPER", "strides": [1, 1]}),
]


@pytest.mark.parametrize(("op", "attributes"), POOLS, ids=str)
@pytest.mark.parametrize("named", [False, True])
def test_pools(op: str, attributes: dict, named: bool) -> None:
    dims = [NAMED] if named else None
    found, expected = run(op, 22, [X], dims, kernel_shape=[3, 2], **attributes)
    plain, _ = run(op, 22, [X], kernel_shape=[3, 2], **attributes)
    np.testing.assert_allclose(found[0], plain[0], rtol=1e-6)
    if op != "LpPool" and attributes.get("auto_pad") != "SAME_LOWER":  # of which the reference has none, and too few
        check(found, expected)


def test_a_mean_in_padding_that_is_not_known() -> None:
    with pytest.raises(OnnxError, match="expected known extents for auto_pad = SAME_UPPER"):
        run("AveragePool", 22, [X], [NAMED], kernel_shape=[3, 2], strides=[2, 2], auto_pad="SAME_UPPER")


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("order", [0, 1])
def test_indices_of_maxima(named: bool, order: int) -> None:
    found, _ = run("MaxPool", 12, [X], [NAMED] if named else None, 2, kernel_shape=[2, 3], storage_order=order)
    values, indices = found
    flat = X.reshape(-1) if order == 0 else X.transpose(0, 1, 3, 2).reshape(-1)
    np.testing.assert_array_equal(flat[indices], values)


def test_unpool_with_names() -> None:
    (values, indices), _ = run("MaxPool", 12, [X[:, :, :8, :6]], outputs=2, kernel_shape=[2, 2], strides=[2, 2])
    dims = [["n", 4, "h", "w"], ["n", 4, "h", "w"]]
    found, expected = run("MaxUnpool", 11, [values, indices], dims, kernel_shape=[2, 2], strides=[2, 2])
    check(found, expected)


def test_integers() -> None:
    x, w = RANDOM.integers(0, 255, (1, 3, 5, 6), np.uint8), RANDOM.integers(-128, 127, (4, 3, 2, 2), np.int8)
    zeros = np.int8([1, -2, 3, 0])
    found, _ = run("ConvInteger", 10, [x, w, np.uint8(7), zeros], [["n", 3, "h", "w"], w.shape, (), (4,)])
    wide = x.astype(float) - 7, w.astype(float) - zeros.reshape(4, 1, 1, 1)
    plain, _ = run("Conv", 22, list(wide))
    assert found[0].dtype == np.int32
    np.testing.assert_array_equal(found[0], plain[0])


def test_quantized_by_channel() -> None:
    x, w = RANDOM.integers(0, 255, (1, 3, 5, 6), np.uint8), RANDOM.integers(-128, 127, (4, 3, 2, 2), np.int8)
    scales, zeros = np.float32([0.01, 0.02, 0.015, 0.03]), np.int8([0, 0, 0, 0])
    bias = np.int32([100, -200, 300, 0])
    arrays = [x, np.float32(0.02), np.uint8(128), w, scales, zeros, np.float32(0.05), np.uint8(120), bias]
    found, _ = run("QLinearConv", 10, arrays)
    sums, _ = run("Conv", 22, [x.astype(float) - 128, w.astype(float), bias.astype(float)])
    wanted = np.rint(sums[0] * (scales.reshape(4, 1, 1) * 0.02) / 0.05) + 120
    assert found[0].dtype == np.uint8
    assert np.abs(found[0] - np.clip(wanted, 0, 255)).max() <= 1  # where a tie is rounded, products in f32 decide


def test_scales_with_names() -> None:
    """Known scales make expressions of the extents; others are computed with when the model runs."""
    scales = np.float32([1, 1, 2, 0.6])
    arrays = [X, None, scales]
    for known in ((2,), ()):
        found, expected = run("Resize", 19, arrays, [NAMED, None, (4,)], known=known, mode="linear")
        check(found, expected)


@pytest.mark.parametrize("policy", ["stretch", "not_larger", "not_smaller"])
@pytest.mark.parametrize("known", [(3,), ()])
@pytest.mark.parametrize("named", [False, True])
def test_sizes_of_some_axes(policy: str, known: Any, named: bool) -> None:
    arrays = [X, None, None, np.int64([5, 12])]
    dims = [NAMED if named else X.shape, None, None, (2,)]
    fields = {"axes": [3, 2], "keep_aspect_ratio_policy": policy, "mode": "cubic"}
    check(*run("Resize", 19, arrays, dims, known=known, **fields), 1e-4)


def test_old_versions() -> None:
    doubled = X.repeat(2, 2).repeat(3, 3)
    for op, opset, arrays in (
        ("Upsample", 9, [X, np.float32([1, 1, 2, 3])]),
        ("Resize", 10, [X, np.float32([1, 1, 2, 3])]),
    ):
        for known in ((1,), ()):
            found, _ = run(op, opset, arrays, [NAMED, (4,)], known=known)
            np.testing.assert_array_equal(found[0], doubled)
    found, _ = run("Upsample", 7, [X], [NAMED], scales=[1.0, 1.0, 2.0, 3.0])
    np.testing.assert_array_equal(found[0], doubled)


def test_regions_and_grids() -> None:
    rois, batch = np.float32([[0, 0, 5, 6], [1, 2, 4, 3]]), np.int64([1, 0])
    dims = [NAMED, ["r", 4], ["r2"]]
    # Before opset 16 no half pixel was taken off.
    old, _ = run("RoiAlign", 10, [X, rois, batch], dims, output_height=2, output_width=3)
    half = {"coordinate_transformation_mode": "output_half_pixel"}
    _, expected = run("RoiAlign", 16, [X, rois, batch], output_height=2, output_width=3, **half)
    check(old, expected)
    grid = RANDOM.uniform(-1.2, 1.2, (2, 3, 2, 2)).astype(np.float32)
    found, _ = run("GridSample", 16, [X, grid], [NAMED, ["m", "p", "q", 2]], mode="bicubic", padding_mode="border")
    _, expected = run("GridSample", 20, [X, grid], mode="cubic", padding_mode="border")
    check(found, expected)


def test_columns_with_names() -> None:
    columns = RANDOM.standard_normal((2, 12, 24)).astype(np.float32)
    arrays = [columns, np.int64([5, 6]), np.int64([2, 3])]
    for known in ((1, 2), (2,), ()):
        check(*run("Col2Im", 18, arrays, [["n", 12, "l"], (2,), (2,)], known=known, pads=[0, 1, 0, 1]))


def test_auto_pad_that_is_none() -> None:
    with pytest.raises(
        mograph.plugins.onnx.errors.OnnxError, match="expected auto_pad to be NOTSET, VALID, SAME_UPPER"
    ):
        run("MaxPool", 22, [X], kernel_shape=[3, 2], auto_pad="SOME")


def test_integer_maxima() -> None:
    x = RANDOM.integers(-128, 127, (1, 2, 5, 5), np.int8)
    for named in (False, True):
        dims = [["n", 2, "h", "w"]] if named else None
        check(*run("MaxPool", 22, [x], dims, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER"))
