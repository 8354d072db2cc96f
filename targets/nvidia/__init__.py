# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""NVIDIA's chips: device modules to PTX in this process, and to cubins by `ptxas`."""

from typing import TYPE_CHECKING

from mograph.targets.gpu.image import Image
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.nvidia.chips import CHIPS

if TYPE_CHECKING:
    from mlir import ir


class NvidiaTarget(GpuTarget):
    """Compiles kernels for NVIDIA's chips, and runs them on devices of CUDA."""

    name = "nvidia"
    device = "cuda"
    default = "sm_90a"
    chips = CHIPS
    dialects = ("nvgpu", "nvvm")
    modules = (*GpuTarget.modules, *(f"{__name__}.{name}" for name in ("emit", "mma", "schedule", "tiles")))

    def emit(self, module: "ir.Module") -> Image:
        """The kernels' code. Raises ValueError for what the chip cannot do."""
        from mograph.targets.nvidia.emit import emit

        return emit(module, self.chip)
