# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The weights of models: views of their files, under the names that the importer gives them."""

from pathlib import Path

import numpy as np
import pytest

import mograph
from mograph.plugins.onnx.errors import OnnxError
from mograph.plugins.onnx.weights import read_weights

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402  # where there is one

from mograph.plugins.onnx.reading import read_model  # noqa: E402  # which imports it

W = np.arange(8, dtype=np.float32)


def model_of(*tensors: object, nodes: object = None, dtype: int = TensorProto.FLOAT) -> object:
    """y = x + w, with these initializers."""
    given = nodes or [helper.make_node("Add", ["x", "w"], ["y"])]
    values = [helper.make_tensor_value_info(name, dtype, [8]) for name in "xy"]
    graph = helper.make_graph(given, "g", values[:1], values[1:], list(tensors))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def base_of(array: object) -> object:
    while isinstance(array, np.ndarray) and array.base is not None:
        array = array.base
    return array


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint16", "int64", "bool"])
def test_elements_are_views_of_the_file(tmp_path: Path, dtype: str) -> None:
    array = np.arange(2048).astype(dtype)
    path = tmp_path / "m.onnx"
    onnx.save(model_of(numpy_helper.from_array(array, "w")), path)
    found = read_weights(path)["w"]
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)
    assert not isinstance(base_of(found), np.ndarray)
    assert not found.flags.writeable


def test_elements_that_are_numbers_of_protobuf(tmp_path: Path) -> None:
    tensor = helper.make_tensor("w", TensorProto.FLOAT, [8], W.tolist())
    assert not tensor.raw_data
    path = tmp_path / "m.onnx"
    onnx.save(model_of(tensor), path)
    np.testing.assert_array_equal(read_weights(path)["w"], W)
    assert mograph.compile(path)(W).tolist() == (2 * W).tolist()


def test_small_tensors_are_none(tmp_path: Path) -> None:
    tensors = [numpy_helper.from_array(W[:4], "w"), numpy_helper.from_array(np.arange(1024), "i")]
    assert read_weights(model_of(*tensors).SerializeToString()) == {}


def test_a_model_is_read_without_the_bytes_of_weights(tmp_path: Path) -> None:
    big, small = numpy_helper.from_array(np.tile(W, 1000), "w"), numpy_helper.from_array(W[:4], "i")
    model = model_of(big, small)
    path = tmp_path / "m.onnx"
    onnx.save(model, path)
    read = read_model(str(path))
    assert not read.graph.initializer[0].raw_data
    read.graph.initializer[0].raw_data = big.raw_data
    assert read == model


def test_external_data(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    tensors = [numpy_helper.from_array(W, "w"), numpy_helper.from_array(W * 2, "v")]
    nodes = [helper.make_node("Add", ["x", "w"], ["a"]), helper.make_node("Add", ["a", "v"], ["y"])]
    onnx.save_model(
        model_of(*tensors, nodes=nodes), path, save_as_external_data=True, location="data.bin", size_threshold=0
    )
    assert (tmp_path / "data.bin").exists()
    assert mograph.compile(path)(W).tolist() == (W * 4).tolist()
    (tmp_path / "data.bin").write_bytes(b"short")
    with pytest.raises(OnnxError, match=r"the data of '.' are bytes \d+ to \d+ of data.bin, which has 5"):
        mograph.compile(path)


def test_external_data_is_beside_the_model_or_below(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(bytes(32))
    model = model_of(numpy_helper.from_array(W, "w"))
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../secret.bin")
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(OnnxError, match="which is not in the model's folder"):
        read_weights(folder / "m.onnx")


def test_weights_of_regions_and_of_constants(tmp_path: Path) -> None:
    def branch(name: str, factor: int) -> object:
        nodes = [helper.make_node("Add", ["x", "w"], [name])]
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [8])]
        return helper.make_graph(nodes, name, [], outputs, [numpy_helper.from_array(W * factor, "w")])

    nodes = [
        helper.make_node("Constant", [], ["k"], value=numpy_helper.from_array(W, "ignored")),
        helper.make_node("ReduceSum", ["x"], ["s"], keepdims=0),
        helper.make_node("Cast", ["s"], ["c"], to=TensorProto.BOOL),
        helper.make_node("If", ["c"], ["b"], then_branch=branch("p", 10), else_branch=branch("q", 100)),
        helper.make_node("Add", ["b", "k"], ["y"]),
    ]
    path = tmp_path / "m.onnx"
    onnx.save(model_of(nodes=nodes), path)
    assert sorted(read_weights(path)) == ["b.else_branch.w", "b.then_branch.w", "k"]
    model = mograph.compile(path)
    assert model(W).tolist() == (W * 12).tolist()
    assert model(W * 0).tolist() == (W * 101).tolist()


def test_other_weights_take_the_place_of_the_models(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    onnx.save(model_of(numpy_helper.from_array(W, "w"), numpy_helper.from_array(W, "unused")), path)
    assert mograph.compile(path, weights={"w": W * 2})(W).tolist() == (W * 3).tolist()
    artifact = mograph.build(path)
    assert artifact.initialize(path)(W).tolist() == (W * 2).tolist()
    assert mograph.interpret(path)(W).tolist() == (W * 2).tolist()


@pytest.mark.parametrize("keep", [0, 3, 20, 60])
def test_damaged_files(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "m.onnx"
    data = model_of(numpy_helper.from_array(W, "w")).SerializeToString()
    path.write_bytes(data[: len(data) - 70 + keep])
    with pytest.raises(OnnxError, match=r"m\.onnx"):
        mograph.compile(path)
