# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""AMD's chips: device modules to machine code in this process, and to code objects by `ld.lld`."""

from typing import TYPE_CHECKING

from mograph.targets.amd.chips import CHIPS
from mograph.targets.gpu.image import Image
from mograph.targets.gpu.target import GpuTarget

if TYPE_CHECKING:
    from mlir import ir


class AmdTarget(GpuTarget):
    """Compiles kernels for AMD's chips."""

    name = "amd"
    device = ""
    default = "gfx942"
    chips = CHIPS
    dialects = ("amdgpu", "rocdl")
    modules = (*GpuTarget.modules, *(f"{__name__}.{name}" for name in ("emit", "mfma", "schedule", "tiles", "units")))

    def emit(self, module: "ir.Module") -> Image:
        """The kernels' code. Raises ValueError for what the chip cannot do."""
        from mograph.targets.amd.emit import emit

        return emit(module, self.chip)
