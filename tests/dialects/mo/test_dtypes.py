# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import ml_dtypes
import numpy as np
import pytest

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes


@pytest.mark.parametrize("dtype", dtypes.DTYPES.values(), ids=str)
def test_numpys_dtype(dtype: dtypes.DType) -> None:
    assert dtype.numpy.itemsize == max(dtype.bits // 8, 1)
    kinds = {"bool": "b", "signed": "i", "unsigned": "u", "float": "fV"}
    assert dtype.numpy.kind in ("V" if dtype.bits in (2, 4) else kinds[dtype.kind])


def test_names_of_numpy() -> None:
    names = {"i1": np.bool_, "ui8": np.uint8, "si64": np.int64, "f32": np.float32, "bf16": ml_dtypes.bfloat16}
    assert {name: dtypes.of(name).numpy.type for name in names} == names


def test_a_dtype_without_a_tensor() -> None:
    with pytest.raises(VerifyError, match="expected a dtype among i1, si8, .*, found i32"):
        dtypes.of("i32")


def test_required_sets() -> None:
    assert dtypes.require(dtypes.NUMERIC, "ui16").bits == 16
    with pytest.raises(VerifyError, match=r"expected dtype to be bool \(i1\) or an integer, found f32"):
        dtypes.require(dtypes.BOOL_OR_INTEGER, "f32")
    with pytest.raises(VerifyError, match="expected the condition to be a float, found i1"):
        dtypes.require(dtypes.FLOAT, "i1", "the condition")


@pytest.mark.parametrize("name", [dtype.name for dtype in dtypes.DTYPES.values() if dtype.stored_only])
def test_dtypes_for_storage_are_in_no_set_to_compute_with(name: str) -> None:
    assert dtypes.require(dtypes.STORED, name).name == name
    with pytest.raises(VerifyError, match="expected dtype to be .* to compute with, .* for storage; mo.cast changes"):
        dtypes.require(dtypes.ANY, name)
