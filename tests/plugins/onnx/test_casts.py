# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The casts of ONNX's own suite, bit for bit: by the references and by compiled code."""

import warnings
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
from onnx import TensorProto, numpy_helper  # noqa: E402  # which may not be there
from onnx.backend.test.loader import load_model_tests  # noqa: E402

import mograph  # noqa: E402  # after what is skipped without


def array(given: Any) -> np.ndarray:
    return numpy_helper.to_array(given) if isinstance(given, TensorProto) else np.asarray(given)


def cases() -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's, as the package computes what is expected
        found = load_model_tests(kind="node")
    return [
        case for case in found if case.name.startswith(("test_cast_", "test_bitcast_")) and "STRING" not in case.name
    ]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_bits(case: Any) -> None:
    module = mograph.import_onnx(case.model)
    run = {"interpreted": mograph.interpret(str(module)), "compiled": mograph.compile(str(module))}
    for inputs, (wanted,) in case.data_sets:
        expected = array(wanted)
        for way, function in run.items():
            found = np.asarray(function(*map(array, inputs)))
            assert (found.shape, found.dtype) == (expected.shape, expected.dtype), way
            raw = np.dtype(f"u{found.dtype.itemsize}")
            np.testing.assert_array_equal(
                np.atleast_1d(found).view(raw), np.atleast_1d(expected).view(raw), f"{way}: {found}, not {expected}"
            )
