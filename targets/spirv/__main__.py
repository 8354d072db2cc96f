# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a stage of a device module: `python -m mograph.targets.spirv FILE --chip opencl --until text`.

For OpenCL these are `llvm` and `text`, for Vulkan `spirv`, the dialect.
"""

import sys

from mlir import ir

from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.printing import main
from mograph.targets.spirv.binary import to_text
from mograph.targets.spirv.chips import CHIPS, VULKAN
from mograph.targets.spirv.emit import emit, to_llvm
from mograph.targets.spirv.vulkan import to_shaders


def _stage(module: ir.Module, chip: Chip, until: str) -> str:
    if (chip == VULKAN) != (until == "spirv"):
        raise ValueError(f"code for {chip.name} has no stage {until!r}")
    if until == "spirv":
        return str(to_shaders(module, chip)[0])
    llvm, _ = to_llvm(module, chip)
    return llvm if until == "llvm" else to_text(llvm, chip)


if __name__ == "__main__":
    sys.exit(main("spirv", CHIPS, ("llvm", "spirv", "text"), "binary", _stage, emit))
