# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A target for tests: plans of launches over the recording device, without code for kernels."""

from typing import TYPE_CHECKING

from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.gpu.target import GpuTarget

if TYPE_CHECKING:
    from mlir import ir


class RecordingTarget(GpuTarget):
    """Makes host code alone; kernels do what the device's functions of their names do."""

    name = "recording"
    device = "recording"
    default = "recording"
    chips = {default: Chip(default, "recording", 32, 1024, 49152, 65536, 16)}

    def emit(self, module: "ir.Module") -> Image:
        """The kernels' names and blocks."""
        from mlir import ir

        from mograph.targets.cpu.builder import find

        kernels = {}
        for op in find(module.operation, "gpu.func"):
            x, y, z = ir.DenseI32ArrayAttr(op.attributes["known_block_size"])
            kernels[str(ir.StringAttr(op.attributes["sym_name"]).value)] = Resources((x, y, z))
        return Image("recording", self.chip.name, b"", kernels)
