# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a stage of a device module: `python -m mograph.targets.spirv FILE --chip opencl --until text`."""

import sys

from mlir import ir

from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.printing import main
from mograph.targets.spirv.binary import to_text
from mograph.targets.spirv.chips import CHIPS
from mograph.targets.spirv.emit import emit, to_llvm


def _stage(module: ir.Module, chip: Chip, until: str) -> str:
    llvm, _ = to_llvm(module, chip)
    return llvm if until == "llvm" else to_text(llvm, chip)


if __name__ == "__main__":
    sys.exit(main("spirv", CHIPS, ("llvm", "text"), "binary", _stage, emit))
