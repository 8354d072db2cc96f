# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a module after a phase of the CPU pipeline: `python -m mograph.targets.cpu FILE --until PHASE`.

The code is for a machine of fixed properties, so that the text is the same everywhere.
"""

import argparse
import sys
from pathlib import Path

from mlir import ir

from mograph.targets.cpu.arena import described
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.pipeline import default_pipeline


def main() -> int:
    """Runs the phases; the status is 1 when one fails."""
    parser = argparse.ArgumentParser(prog="python -m mograph.targets.cpu", description="Print a module after a phase.")
    parser.add_argument("file", type=Path, help="text of a module of upstream dialects")
    parser.add_argument("--until", metavar="PHASE", help="the last phase to run (default: all)")
    parser.add_argument(
        "--memory", action="store_true", help="print what was planned for each function's buffers instead"
    )
    parser.add_argument("--bits", type=int, default=512, help="bits of a vector register (default: 512)")
    parser.add_argument("--no-masks", action="store_true", help="loads and stores cannot be masked")
    parser.add_argument("--no-fma", action="store_true", help="multiplication and addition cannot be fused")
    parser.add_argument("--features", default="", help="what else the processor has, by LLVM's names: avx512f,…")
    options = parser.parse_args()
    features = frozenset(filter(None, options.features.split(",")))
    machine = Machine(options.bits, not options.no_masks, fused=not options.no_fma, native_f16=True, features=features)
    phases = default_pipeline(machine)
    names = [phase.name for phase in phases]
    if options.until is not None and options.until not in names:
        parser.error(f"argument --until: no phase {options.until!r}, expected one of {', '.join(names)}")
    try:
        with ir.Context(), ir.Location.unknown():
            module = ir.Module.parse(options.file.read_text())
            for phase in phases:
                phase.run(module)
                if phase.name == options.until:
                    break
            print("\n".join(described(module)) if options.memory else module)
    except (OSError, ValueError, ir.MLIRError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
