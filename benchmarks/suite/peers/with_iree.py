# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""IREE on the CPU, from the StableHLO that JAX writes for a row; weights are arguments, as in JAX."""

import importlib.metadata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import iree.compiler as compiler
import iree.runtime as runtime
import jax
import numpy as np
from numpy.typing import NDArray

from suite.peers import THREADS
from suite.peers.with_jax import function, specs
from suite.row import Row, stored

FLAGS = ("--iree-llvmcpu-target-cpu=host", "--iree-hal-target-device=local", "--iree-opt-level=O3")


class Iree:
    """IREE as a peer."""

    def __init__(self) -> None:
        runtime.flags.parse_flags(f"--task_topology_max_group_count={THREADS}")
        self._config = runtime.Config("local-task")

    def versions(self) -> dict[str, str]:
        return {name: importlib.metadata.version(name) for name in ("iree-base-compiler", "iree-base-runtime")}

    def export(self, row: Row, folder: Path) -> None:
        weights, inputs = specs(row)
        # An argument that is not used stays one.
        lowered = jax.jit(function(row), keep_unused=True).lower(weights, *inputs)
        (folder / "row.stablehlo").write_text(lowered.as_text())

    def ready(self, row: Row) -> None:
        """Everything is imported."""

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        text = (folder / "row.stablehlo").read_text()
        binary = compiler.compile_str(
            text, target_backends=["llvm-cpu"], input_type="stablehlo", extra_args=FLAGS, strip_source_map=True
        )
        module = runtime.load_vm_module(runtime.VmModule.copy_buffer(self._config.vm_instance, binary), self._config)
        arrays = stored(row.weights, folder / "weights")
        # JAX orders the entries of a dictionary by name.
        weights = self.place([arrays[name] for name in sorted(arrays)])
        return lambda *inputs: module.main(*weights, *inputs)

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        narrow = [array.astype(jax.dtypes.canonicalize_dtype(array.dtype)) for array in inputs]
        return [runtime.asdevicearray(self._config.device, array) for array in narrow]

    def finish(self, results: Any) -> Any:
        return results

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        return [np.asarray(result) for result in (results if isinstance(results, (tuple, list)) else [results])]


def peer(name: str) -> Iree:
    """Give the peer."""
    return Iree()
