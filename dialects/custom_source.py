# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where custom operations come from that no module has declared yet: the plugins. Costs nothing to import."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

__all__ = ["Source", "current", "set_source"]


class Source(Protocol):
    """What knows custom operations by name."""

    @property
    def searched(self) -> Sequence[str]:
        """What a message calls the places that were searched."""

    def names(self) -> Iterable[str]:
        """The custom operations that there are. Imports nothing."""

    def load(self, name: str) -> Any:
        """The class of one of them."""


_source: Source | None = None


def set_source(source: Source | None) -> None:
    """Let `source` give the custom operations that nobody has declared yet."""
    global _source
    _source = source


def current() -> Source | None:
    """What was set last."""
    return _source
