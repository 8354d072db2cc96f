# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations as rules see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from mograph.transforms.mogg._types import TensorInfo

__all__ = ["OpView", "ResultView"]


class ResultView(NamedTuple):
    """A result of an operation: its type."""

    type: TensorInfo


class OpView:
    """An operation, with the types of its results read; everything else is asked of the operation itself."""

    __slots__ = ("OPERATION_NAME", "_op", "outputs")

    def __init__(self, op: Any, name: str, results: Sequence[TensorInfo]) -> None:
        self._op = op
        self.OPERATION_NAME = name
        self.outputs = [ResultView(info) for info in results]

    @property
    def result(self) -> ResultView:
        """The only result. Raises `ValueError` where there are more."""
        (result,) = self.outputs
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._op, name)
