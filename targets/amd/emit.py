# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Device modules to code for AMD's chips, by stages: rocdl, llvm, isa, object, hsaco."""

from mlir import ir

from mograph.targets.amd.codegen import generate
from mograph.targets.amd.lld import link
from mograph.targets.amd.notes import kernels_of
from mograph.targets.amd.rules import FAMILY
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.gpu.lowering import Kernel, lower, translate

_FLAGS = "!llvm.module.flags = !{"
_VERSION = '!{i32 1, !"amdhsa_code_object_version", i32 500}'


def to_rocdl(module: ir.Module, chip: Chip) -> tuple[ir.Module, list[Kernel]]:
    """A new module of the dialects `llvm` and `rocdl`, and its kernels. Raises ValueError for what has no code."""
    return lower(module, FAMILY, chip)


def to_llvm(lowered: ir.Module) -> str:
    """LLVM's textual form of what `to_rocdl` made."""
    text = translate(lowered)
    head, found, rest = text.partition(_FLAGS)
    if not found:
        return f"{text}\n{_FLAGS}!900}}\n!900 = {_VERSION}\n"
    return f"{head}{_FLAGS}!900, {rest}\n!900 = {_VERSION}\n"


def to_isa(llvm: str, chip: Chip) -> str:
    """The assembly of a module in LLVM's textual form. Raises ValueError for what the chip lacks."""
    return generate(llvm, chip.name, assembly=True).decode()


def to_object(llvm: str, chip: Chip) -> bytes:
    """The object file of a module in LLVM's textual form. Raises ValueError for what the chip lacks."""
    return generate(llvm, chip.name, assembly=False)


def resources_of(code: bytes, kernels: list[Kernel]) -> dict[str, Resources]:
    """What each kernel of an object file needs."""
    said = kernels_of(code)
    return {
        kernel.name: Resources(
            kernel.block,
            said[kernel.name][".vgpr_count"],
            4 * said[kernel.name][".vgpr_spill_count"],
            said[kernel.name][".group_segment_fixed_size"],
        )
        for kernel in kernels
    }


def emit(module: ir.Module, chip: Chip) -> Image:
    """The kernels of a device module as a code object. Raises ValueError for what has no code on the chip, and
    FileNotFoundError where there is no `ld.lld`.
    """
    with module.context, ir.Location.unknown():
        lowered, kernels = to_rocdl(module, chip)
        llvm = to_llvm(lowered)
    code = to_object(llvm, chip)
    return Image("hsaco", chip.name, link(code), resources_of(code, kernels))
