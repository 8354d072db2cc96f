# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""SPIR-V: code of kernels for implementations of OpenCL, which run it on GPUs and on processors."""

from typing import TYPE_CHECKING

from mograph.targets.gpu.image import Image
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.spirv.chips import CHIPS

if TYPE_CHECKING:
    from mlir import ir


class SpirvTarget(GpuTarget):
    """Compiles kernels to SPIR-V, and runs them on devices of OpenCL."""

    name = "spirv"
    device = "opencl"
    default = "opencl"
    chips = CHIPS

    def emit(self, module: "ir.Module") -> Image:
        """The kernels' code. Raises ValueError for what the chip cannot do."""
        from mograph.targets.spirv.emit import emit

        return emit(module, self.chip)
