# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The error of the lowering, which knows the operation that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mograph.transforms.lower.registry import MissingRuleError

__all__ = ["LoweringError", "blaming"]


class LoweringError(Exception):
    """An operation cannot be lowered; `op` is the operation to point at."""

    def __init__(self, op: Any, message: str) -> None:
        super().__init__(message)
        self.op = op


@contextmanager
def blaming(op: Any, name: str) -> Iterator[None]:
    """Within the `with`, what is raised becomes a `LoweringError` at `op`, which is called `name`."""
    try:
        yield
    except LoweringError:
        raise
    except MissingRuleError as error:
        raise LoweringError(op, str(error)) from error
    except Exception as error:
        message = f"the lowering of '{name}' raised {type(error).__name__}: {error}"
        if type(error) is LookupError:  # of a dimension, which says all
            message = str(error)
        raise LoweringError(op, message) from error
