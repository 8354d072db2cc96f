# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mograph: rows as text of `mo`, compiled from that. What is stored is run without the compiler."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

import mograph
from suite.row import Row, several, stored

os.environ["MOGRAPH_OBJECTS"] = ""  # what is compiled has never been compiled before


class Ours:
    """mograph."""

    def versions(self) -> dict[str, str]:
        import importlib.metadata
        import subprocess

        packages = ("xtc-mlir-python-bindings", "numpy")
        here = Path(__file__).resolve().parent
        git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=here, capture_output=True, text=True)
        return {"mograph": git.stdout.strip(), **{name: importlib.metadata.version(name) for name in packages}}

    def export(self, row: Row, folder: Path) -> None:
        if row.model is not None:
            return
        from suite.peers.graphs import text

        source = text(row)
        (folder / "row.mlir").write_text(source)
        if row.measured == "stored":
            mograph.build(source).save(folder / "row.mograph")

    def ready(self, row: Row) -> None:
        if row.measured != "stored":
            from mograph.engine.preload import preload

            preload()
        if row.model is not None:
            import_module("mograph.plugins.onnx.importer")  # and onnx, as others import their readers

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        if row.model is not None:
            return mograph.compile(row.model)
        weights = stored(row.weights, folder / "weights")
        if row.measured == "stored":
            return mograph.Artifact.open(folder / "row.mograph").initialize(weights)
        return mograph.compile((folder / "row.mlir").read_text(), weights=weights)

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        return inputs

    def finish(self, results: Any) -> Any:
        return results

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        return list(several(results))


def peer(name: str) -> Ours:
    """Give ourselves."""
    return Ours()
