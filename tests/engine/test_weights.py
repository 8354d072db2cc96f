# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Weights from safetensors files and from memory, and what is said of those that do not fit."""

import json
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import save_file

import mograph as mo
from mograph.engine.safetensors import read_safetensors
from mograph.engine.weights import collect_weights, collecting

T = "!mo.tensor"
TEXT = f"""mo.graph @f(%x: {T}<[2], f32>) -> {T}<[2], f32> {{
  %a = mo.constant.external "a" : {T}<[2], f32>
  %b = mo.constant.external "b" : {T}<[], f32>
  %s = mo.mul %x, %a : {T}<[2], f32>
  %t = mo.add %s, %b : {T}<[2], f32>, {T}<[], f32>
  mo.output %t : {T}<[2], f32>
}}"""
X = np.array([1, 2], "f")


def raw(path: Path, header: object, data: bytes = b"") -> Path:
    """A file with a header as it is given."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def test_what_the_formats_own_library_writes_is_read(tmp_path: Path) -> None:
    arrays: dict[str, Any] = {
        str(np.dtype(dtype)): np.arange(6).reshape(2, 3).astype(dtype)
        for dtype in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
    }
    arrays |= {"scalar": np.array(3.0, "f"), "empty": np.zeros((0, 4), "f")}
    save_file(arrays, tmp_path / "w.safetensors", {"made": "here"})
    found = read_safetensors(tmp_path / "w.safetensors")
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
        assert not found[name].flags.writeable


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        ("BF16", ml_dtypes.bfloat16),
        ("F8_E4M3", ml_dtypes.float8_e4m3fn),
        ("F8_E5M2", ml_dtypes.float8_e5m2),
        ("F8_E4M3FNUZ", ml_dtypes.float8_e4m3fnuz),
        ("F8_E5M2FNUZ", ml_dtypes.float8_e5m2fnuz),
        ("F8_E8M0", ml_dtypes.float8_e8m0fnu),
    ],
)
def test_small_floats(tmp_path: Path, kind: str, dtype: Any) -> None:
    array = np.array([0.5, 2.0], dtype)
    file = raw(tmp_path / "w", {"w": {"dtype": kind, "shape": [2], "data_offsets": [0, array.nbytes]}}, array.tobytes())
    found = read_safetensors(file)["w"]
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found.astype("f"), [0.5, 2.0])


W = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("header", "data", "message"),
    [
        (b"{", b"", "its header is no JSON"),
        ([], b"", "its header is no JSON object"),
        ({"w": {"dtype": "F32", "shape": [2]}}, b"", "'w' lacks dtype, shape or data_offsets"),
        ({"w": W}, b"1234", "truncated: 'w' ends at byte"),
        ({"w": {**W, "shape": [3]}}, b"12345678", r"damaged: 'w' of type F32 and shape \[3\] has 8 bytes"),
        ({"w": {**W, "shape": [-2]}}, b"12345678", "damaged"),
        ({"w": {**W, "dtype": "F7"}}, b"12345678", "'w' has elements of type 'F7', expected one of BOOL"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, header: object, data: bytes, message: str) -> None:
    file = raw(tmp_path / "w.safetensors", header, data)
    with pytest.raises(mo.SafetensorsError, match=message) as caught:
        read_safetensors(file)
    assert str(caught.value).startswith(str(file))


@pytest.mark.parametrize("length", [0, 4, 8, 20])
def test_truncated_files_are_refused(tmp_path: Path, length: int) -> None:
    save_file({"w": X}, tmp_path / "whole")
    (tmp_path / "w").write_bytes((tmp_path / "whole").read_bytes()[:length])
    with pytest.raises(mo.SafetensorsError, match="safetensors file"):
        read_safetensors(tmp_path / "w")


def test_several_sources(tmp_path: Path) -> None:
    save_file({"a": np.array([3, 4], "f")}, tmp_path / "a.safetensors")
    model = mo.compile(TEXT, weights=[tmp_path / "a.safetensors", {"b": np.float32(10)}])
    np.testing.assert_array_equal(model(X), [13, 18])
    with pytest.raises(ValueError, match="the weight 'a' is given twice"):
        collect_weights([tmp_path / "a.safetensors", {"a": X}])
    with pytest.raises(FileNotFoundError):
        collect_weights(tmp_path / "none")


@pytest.mark.parametrize("use", [mo.interpret, mo.compile])
def test_all_that_is_wrong_is_said_at_once(use: object) -> None:
    assert callable(use)
    with pytest.raises((TypeError, ValueError)) as caught:
        use(TEXT, weights={"a": np.zeros((3,), "f"), "c": X})
    for part in ("missing weight b: f32[]", "has no weight 'c'", "weight 'a' has shape [3], expected [2]"):
        assert part in str(caught.value)
    with pytest.raises(TypeError, match="weight 'b' has elements of type float64, expected float32"):
        use(TEXT, weights={"a": X, "b": np.float64(1)})


def test_a_file_is_not_read_before_it_is_used(tmp_path: Path) -> None:
    """Elements are views of the file: what is written to it later is seen."""
    save_file({"a": X, "b": np.array(0, "f")}, tmp_path / "w")
    found = read_safetensors(tmp_path / "w")
    size = (tmp_path / "w").stat().st_size
    with open(tmp_path / "w", "r+b") as file:
        file.seek(size - 12)
        file.write(b"\0" * 12)
    assert not found["a"].any()


def unaligned(path: Path) -> Path:
    """A file whose floats are at odd addresses."""
    places = {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}
    places["b"] = {"dtype": "F32", "shape": [], "data_offsets": [8, 12]}
    text = json.dumps(places).encode()
    return raw(path, text + b" " * (1 - len(text) % 2), np.array([3, 4, 5], "f").tobytes())


def test_what_lies_at_odd_addresses_is_copied(tmp_path: Path) -> None:
    path = unaligned(tmp_path / "w.safetensors")
    assert not read_safetensors(path)["a"].flags.aligned
    found = collect_weights(path)
    assert all(array.flags.aligned for array in found.values())
    np.testing.assert_array_equal(found["a"], [3, 4])
    np.testing.assert_array_equal(mo.compile(TEXT, weights=path)(X), [8, 13])


def test_what_cannot_be_read_on_another_thread_is_said_when_it_is_asked_for(tmp_path: Path) -> None:
    result = collecting(tmp_path / "w.safetensors")
    with pytest.raises(FileNotFoundError, match="w.safetensors"):
        result()
    with pytest.raises(FileNotFoundError, match="w.safetensors"):
        mo.compile(TEXT, weights=[{"b": np.array(1, "f")}, tmp_path / "w.safetensors"])
