# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a stage of a device module: `python -m mograph.targets.amd FILE --chip gfx942 --until isa`."""

import sys

from mlir import ir

from mograph.targets.amd.chips import CHIPS
from mograph.targets.amd.emit import emit, resources_of, to_isa, to_llvm, to_object, to_rocdl
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.image import Image
from mograph.targets.gpu.printing import main


def _stage(module: ir.Module, chip: Chip, until: str) -> str | Image:
    lowered, kernels = to_rocdl(module, chip)
    if until == "rocdl":
        return str(lowered)
    llvm = to_llvm(lowered)
    if until == "object":
        code = to_object(llvm, chip)
        return Image("object", chip.name, code, resources_of(code, kernels))
    return llvm if until == "llvm" else to_isa(llvm, chip)


if __name__ == "__main__":
    sys.exit(main("amd", CHIPS, ("rocdl", "llvm", "isa", "object"), "hsaco", _stage, emit))
