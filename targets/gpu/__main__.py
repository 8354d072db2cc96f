# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a module after a phase of the pipeline of GPUs: `python -m mograph.targets.gpu FILE --until PHASE`.

The code is for a chip of fixed properties, so that the text is the same everywhere.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from mlir import ir

from mograph.targets.amd.chips import CHIPS as AMD
from mograph.targets.cpu.builder import find
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.pipeline import default_pipeline
from mograph.targets.nvidia.chips import CHIPS as NVIDIA
from mograph.targets.spirv.chips import CHIPS as SPIRV

_CREATED = ("gpu", "llvm", "math", "nvvm", "rocdl", "scf", "vector")
"""Dialects of operations that kernels are made of, whatever the file has."""
CHIPS = {**NVIDIA, **AMD, **SPIRV}


def main() -> int:
    """Runs the phases; the status is 1 when one fails."""
    parser = argparse.ArgumentParser(prog="python -m mograph.targets.gpu", description="Print a module after a phase.")
    parser.add_argument("file", type=Path, help="text of a module of upstream dialects")
    parser.add_argument("--until", metavar="PHASE", help="the last phase to run (default: all)")
    parser.add_argument("--subgroup", type=int, default=32, help="threads of a subgroup (default: 32)")
    parser.add_argument("--features", default="", help="what else the chip has: mma.sync,…")
    parser.add_argument("--chip", choices=sorted(CHIPS), help="one that there is, instead of these")
    parser.add_argument("--kernels", action="store_true", help="print the module of kernels alone")
    options = parser.parse_args()
    features = frozenset(filter(None, options.features.split(",")))
    some = Chip("chip", "any", options.subgroup, 1024, 49152, 65536, 16)
    chip = CHIPS.get(options.chip, some)
    chip = replace(chip, features=chip.features | features)
    phases = default_pipeline(chip)
    names = [phase.name for phase in phases]
    if options.until is not None and options.until not in names:
        parser.error(f"argument --until: no phase {options.until!r}, expected one of {', '.join(names)}")
    try:
        with ir.Context(), ir.Location.unknown():
            module = ir.Module.parse(options.file.read_text())
            for dialect in _CREATED:
                module.context.get_dialect_descriptor(dialect)  # loads it
            for phase in phases:
                phase.run(module)
                if phase.name == options.until:
                    break
            if options.kernels:
                alone = ir.Module.create()
                for kernels in find(module.operation, "gpu.module"):
                    alone.body.append(kernels)
                module = alone
            print(module)
    except (OSError, ValueError, ir.MLIRError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
