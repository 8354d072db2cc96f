# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Conversions of sorts, products, quantisation, attention and transforms where dimensions have names, by ONNX's own
reference.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx")

from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import mograph

Array = np.ndarray[Any, Any]
OPSET = 23


def model(
    op: str,
    inputs: Mapping[str, tuple[Array, Sequence[Any]]],
    outputs: Sequence[int],
    constants: Mapping[str, Array] | None = None,
    order: Sequence[str] = (),
    opset: int = OPSET,
    **attributes: Any,
) -> Any:
    """A model of one node; `outputs` are the element types of its results."""
    node = helper.make_node(
        op,
        list(order or [*inputs, *(constants or {})]),
        [f"y{i}" for i in range(len(outputs))],
        name="node",
        **attributes,
    )
    graph = helper.make_graph(
        [node],
        "graph",
        [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), dims)
            for name, (array, dims) in inputs.items()
        ],
        [helper.make_tensor_value_info(f"y{i}", type_, None) for i, type_ in enumerate(outputs)],
        [numpy_helper.from_array(array, name) for name, array in (constants or {}).items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def compared(
    op: str,
    inputs: Mapping[str, tuple[Array, Sequence[Any]]],
    outputs: Sequence[int],
    tolerance: float = 0.0,
    **more: Any,
) -> None:
    """Compare what compiled code and ONNX's reference give."""
    made = model(op, inputs, outputs, **more)
    arrays = {name: array for name, (array, _) in inputs.items()}
    expected = ReferenceEvaluator(made).run(None, arrays)
    weights = dict(more.get("constants") or {})
    artifact = mograph.build(mograph.import_onnx(made))
    (signature,) = artifact.signatures.values()
    wanted = {each.name for each in signature.weights}
    results = artifact.initialize({name: array for name, array in weights.items() if name in wanted})(*arrays.values())
    for found, want in zip(results if isinstance(results, tuple) else [results], expected, strict=True):
        assert (found.dtype, found.shape) == (want.dtype, want.shape)
        np.testing.assert_allclose(found, want, tolerance, tolerance)


F, I64, SI32, UI8 = TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32, TensorProto.UINT8
RANDOM = np.random.default_rng(3)


def floats(*shape: int) -> Array:
    return RANDOM.standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("largest", [0, 1])
def test_top_k_of_a_number_given_when_it_runs(largest: int) -> None:
    inputs = {"x": (floats(3, 7), ["b", "n"]), "k": (np.array([4]), [1])}
    compared("TopK", inputs, [F, I64], largest=largest)


def test_unique() -> None:
    x = RANDOM.integers(0, 3, (3, 4)).astype(np.float32)
    compared("Unique", {"x": (x, ["b", "n"])}, [F, I64, I64, I64])
    compared("Unique", {"x": (x, ["b", "n"])}, [F, I64, I64, I64], axis=0, sorted=0)


def test_boxes() -> None:
    inputs = {
        "boxes": (np.sort(RANDOM.random((2, 9, 4)).astype(np.float32), -1), ["b", "n", 4]),
        "scores": (RANDOM.random((2, 3, 9)).astype(np.float32), ["c", "d", "m"]),
        "most": (np.array([3]), [1]),
        "overlap": (np.array([0.2], np.float32), [1]),
    }
    compared("NonMaxSuppression", inputs, [I64])


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("bij,bjk->bik", [["a", "b", "c"], ["d", "e", "f"]]),
        ("...ij,...jk", [["a", 3, "c"], [1, "e", 5]]),
        ("ii->i", [["n", "n"]]),
    ],
)
def test_sums_whose_dimensions_have_other_names(equation: str, shapes: list[list[Any]]) -> None:
    extents = {"a": 2, "b": 3, "c": 4, "d": 2, "e": 4, "f": 5, "n": 3}
    arrays = [floats(*(extents.get(dim, dim) for dim in dims)) for dims in shapes]
    compared(
        "Einsum",
        {f"x{i}": (x, dims) for i, (x, dims) in enumerate(zip(arrays, shapes, strict=True))},
        [F],
        1e-5,
        equation=equation,
    )


def test_quantized_channels_and_blocks() -> None:
    x, scale = floats(2, 6, 4) * 9, np.abs(floats(6)) + 0.5
    zero = RANDOM.integers(0, 9, 6).astype(np.uint8)
    compared(
        "QuantizeLinear", {"x": (x, ["b", "c", "n"]), "scale": (scale, ["s"]), "zero": (zero, ["z"])}, [UI8], axis=1
    )
    blocks = np.abs(floats(2, 3, 4)) + 0.5
    q = RANDOM.integers(0, 200, (2, 6, 4)).astype(np.uint8)
    inputs = {"x": (q, ["b", "c", "n"]), "scale": (blocks, ["b", "s", "n"])}
    compared("DequantizeLinear", inputs, [F], axis=1, block_size=2)


def test_integer_products() -> None:
    a, b = RANDOM.integers(0, 255, (2, 3, 4)).astype(np.uint8), RANDOM.integers(-128, 127, (4, 5)).astype(np.int8)
    rows, columns = np.array([[[1], [2], [3]]], np.uint8), RANDOM.integers(-9, 9, 5).astype(np.int8)
    inputs = {"a": (a, ["b", "m", "k"]), "b": (b, ["l", "n"]), "p": (rows, [1, "m", 1]), "q": (columns, ["o"])}
    compared("MatMulInteger", inputs, [SI32])
    q = {"a": (a, ["b", "m", "k"]), "b": (b, ["l", "n"])}
    constants = {
        "as": np.float32(0.02),
        "az": np.uint8(3),
        "bs": np.float32(0.01),
        "bz": np.int8(1),
        "ys": np.float32(0.3),
        "yz": np.uint8(9),
    }
    order = ["a", "as", "az", "b", "bs", "bz", "ys", "yz"]
    compared("QLinearMatMul", q, [UI8], constants=constants, order=order)


@pytest.mark.parametrize("causal", [0, 1])
@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_attention_with_a_cache(causal: int, mode: int) -> None:
    softcap = 0.8 if mode else 0.0  # the reference gives what is capped where the products as they are were asked for
    inputs = {
        "q": (floats(2, 3, 4 * 8), ["b", "l", 32]),
        "k": (floats(2, 3, 2 * 8), ["b", "l", 16]),
        "v": (floats(2, 3, 2 * 6), ["b", "l", 12]),
        "mask": (RANDOM.integers(0, 2, (3, 7)).astype(bool), ["l", "t"]),
        "past_k": (floats(2, 2, 4, 8), ["b", 2, "p", 8]),
        "past_v": (floats(2, 2, 4, 6), ["b", 2, "p", 6]),
    }
    compared(
        "Attention",
        inputs,
        [F] * 4,
        1e-5,
        is_causal=causal,
        q_num_heads=4,
        kv_num_heads=2,
        softcap=softcap,
        qk_matmul_output_mode=mode,
    )


@pytest.mark.parametrize("interleaved", [0, 1])
def test_partly_turned_positions(interleaved: int) -> None:
    angle = RANDOM.uniform(-3, 3, (20, 2)).astype(np.float32)
    inputs = {
        "x": (floats(2, 5, 3 * 8), ["b", "l", 24]),
        "cos": (np.cos(angle), ["max", 2]),
        "sin": (np.sin(angle), ["max", 2]),
        "at": (RANDOM.integers(0, 20, (2, 5)), ["b", "l"]),
    }
    compared("RotaryEmbedding", inputs, [F], 1e-6, num_heads=3, rotary_embedding_dim=4, interleaved=interleaved)


def test_transforms_of_a_length_known_when_they_run() -> None:
    compared("DFT", {"x": (floats(2, 7, 2), ["b", "n", 2])}, [F], 1e-5, opset=17, axis=1)
    compared("DFT", {"x": (floats(2, 7, 1), ["b", "n", 1])}, [F], 1e-5, opset=17, axis=1, onesided=1)
    compared("DFT", {"x": (floats(2, 7, 2), ["b", "n", 2])}, [F], 1e-5, opset=17, axis=1, inverse=1)
    frames = {"signal": (floats(2, 40, 1), ["b", "n", 1]), "step": (np.array(6), []), "window": (floats(8), ["w"])}
    compared("STFT", frames, [F], 1e-5, order=["signal", "step", "window"])


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_determinants(size: int) -> None:
    x = RANDOM.integers(-2, 3, (4, size, size)).astype(np.float32)
    compared("Det", {"x": (x, ["b", size, size])}, [F], 1e-4)
