# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a stage of a device module: `python -m mograph.targets.nvidia FILE --chip sm_90a --until ptx`."""

import sys

from mlir import ir

from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.printing import main
from mograph.targets.nvidia.chips import CHIPS
from mograph.targets.nvidia.emit import emit, to_llvm, to_nvvm, to_ptx


def _stage(module: ir.Module, chip: Chip, until: str) -> str:
    lowered, _ = to_nvvm(module, chip)
    if until == "nvvm":
        return str(lowered)
    llvm = to_llvm(lowered)
    return llvm if until == "llvm" else to_ptx(llvm, chip)


if __name__ == "__main__":
    sys.exit(main("nvidia", CHIPS, ("nvvm", "llvm", "ptx"), "cubin", _stage, emit))
