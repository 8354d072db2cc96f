# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""SPIR-V: code of kernels for implementations of OpenCL, which run it on GPUs and on processors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mograph.targets.cpu.compiled import Entry
from mograph.targets.devices import DeviceError
from mograph.targets.gpu.image import Image
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.spirv.chips import CHIPS, OPENCL

if TYPE_CHECKING:
    from mlir import ir


class SpirvTarget(GpuTarget):
    """Compiles kernels to SPIR-V, and runs them on devices of OpenCL."""

    name = "spirv"
    device = "opencl"
    default = "opencl"
    chips = CHIPS

    def lower(self, module: "ir.Module", entries: Sequence[Entry] = ()) -> "tuple[str, ir.Module]":
        """As for all targets; meanwhile the process starts that makes the kernels' code. Raises ValueError also where
        the package for it is missing.
        """
        from mograph.targets.spirv.binary import prepare

        if self.chip.name in OPENCL:
            prepare()
        return super().lower(module, entries)

    def _finishes(self) -> str:
        try:
            return self.open().title if self.by_number else ""
        except DeviceError:
            return ""

    def emit(self, module: "ir.Module") -> Image:
        """The kernels' code. Raises ValueError for what the chip cannot do."""
        from mograph.targets.spirv.emit import emit

        return emit(module, self.chip)
