# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The peers, each in a module of its own that is imported in its worker only: `PEERS` names them.

A module has `peer(name)`, which gives a `Peer`; where its library is not installed, the import fails.
"""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from suite.row import Row

OURS = "mograph"
# What the table calls them, and the module of each.
PEERS = {
    OURS: "ours",
    "numpy": "arrays",
    "torch": "with_torch",
    "inductor": "with_torch",
    "ONNX Runtime": "with_onnx",
    "OpenVINO": "with_onnx",
    "JAX": "with_jax",
    "IREE": "with_iree",
}
THREADS = 2


class Peer(Protocol):
    """What a worker asks of its library."""

    def versions(self) -> dict[str, str]:
        """Name the packages that do the work."""

    def export(self, row: Row, folder: Path) -> None:
        """Write what `compile` reads, as far as the library reads files: nobody measures it."""

    def ready(self, row: Row) -> None:
        """Import what `compile` needs: what is timed comes after imports."""

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        """Make a program that can be called, from `export`'s files, with the weights in `folder / "weights"`.

        A library that compiles at the first call leaves it to that.
        """

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        """Give the inputs as the library's own arrays."""

    def finish(self, results: Any) -> Any:
        """Wait until what a call returned has been computed."""

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        """Give what a call returned as numpy's arrays."""


def load(name: str) -> Peer:
    """Import a peer. Raises ImportError where its library is not installed."""
    peer: Peer = importlib.import_module(f"suite.peers.{PEERS[name]}").peer(name)
    return peer
