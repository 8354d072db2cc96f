# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command that prints a stage of a device module, the same for all back ends."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlir import ir

from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.image import Image


def main(
    kind: str,
    chips: Mapping[str, Chip],
    stages: Sequence[str],
    last: str,
    stage: Callable[[ir.Module, Chip, str], str | Image],
    emit: Callable[[ir.Module, Chip], Image],
) -> int:
    """Prints the text of one of `stages`, or what the kernels need where the stage is an image, as the `last` one is.
    The status is 1 when something fails, and when a kernel needs more than it is allowed.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m mograph.targets.{kind}", description="Print a stage of a device module."
    )
    parser.add_argument("file", type=Path, help="text of a module with a gpu.module of kernels")
    parser.add_argument("--chip", required=True, choices=sorted(chips), help="what to make code for")
    parser.add_argument("--until", choices=[*stages, last], default=last, help=f"the stage (default: {last})")
    parser.add_argument(
        "--registers", type=int, metavar="N", help="fail for kernels that take more registers, or spill"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the image's code there")
    options = parser.parse_args()
    try:
        with ir.Context(), ir.Location.unknown():
            module = ir.Module.parse(options.file.read_text())
            chip = chips[options.chip]
            image = emit(module, chip) if options.until == last else stage(module, chip, options.until)
    except (OSError, ValueError, ir.MLIRError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if isinstance(image, str):
        print(image)
        return 0
    if options.output is not None:
        options.output.write_bytes(image.code)
    status = 0
    for name, needs in image.kernels.items():
        x, y, z = needs.block
        print(
            f"{image.format} {name}: {x}x{y}x{z} threads, {needs.registers} registers, {needs.spills} bytes spilled,"
            f" {needs.shared} bytes shared"
        )
        if options.registers is not None and ((needs.registers or 0) > options.registers or needs.spills):
            print(f"error: {name}: expected {options.registers} registers or fewer, and none spilled", file=sys.stderr)
            status = 1
    return status
