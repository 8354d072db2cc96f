# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of `mo` share: a context, types, and numpy without warnings, as the kit calls the references."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from mograph.dialects.kit import Dim, new_context
from mograph.dialects.mo import TensorType

Tensor = Callable[..., TensorType]


@pytest.fixture(scope="module", autouse=True)  # no longer: other tests expect no current context
def _context() -> Iterator[None]:
    with new_context("mo"):
        yield


@pytest.fixture(autouse=True)
def _quiet_numpy() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


@pytest.fixture
def tensor() -> Tensor:
    """Makes tensor types: `tensor([4, "n"], "si32", "gpu:0")`, a string being an expression of names."""

    def make(shape: list[int | str], dtype: str = "f32", device: str = "cpu") -> TensorType:
        return TensorType.get([dim if isinstance(dim, int) else Dim(dim) for dim in shape], dtype, device)

    return make
