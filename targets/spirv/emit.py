# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Device modules to SPIR-V, by stages: llvm, text, binary."""

from mlir import ir

from mograph.targets.cpu.builder import find
from mograph.targets.gpu.arguments import arguments_of
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.gpu.lowering import lower, translate
from mograph.targets.gpu.shared import shared_of
from mograph.targets.spirv.bfloats import as_integers, has_bfloats
from mograph.targets.spirv.binary import prepare, to_binary
from mograph.targets.spirv.checks import check
from mograph.targets.spirv.chips import VULKAN
from mograph.targets.spirv.rules import FAMILY, declare


def to_llvm(module: ir.Module, chip: Chip) -> tuple[str, dict[str, Resources]]:
    """LLVM's textual form of a device module, and what its kernels need. Raises ValueError for what has no code."""
    with module.context, ir.Location.unknown():
        if has_bfloats(module):
            copy = ir.Module.create()
            for holder in find(module.operation, "gpu.module"):
                copy.body.append(holder.clone(ip=False))
            as_integers(copy)
            module = copy
        lowered, kernels = lower(module, FAMILY, chip)
        check(lowered, chip)
        shared = shared_of(lowered).of_kernels
        declare(lowered)
        text = translate(lowered)
    needs = {
        each.name: Resources(each.block, None, None, shared[each.name], arguments_of(op), str(op.location)[4:-1])
        for each, op in zip(kernels, find(module.operation, "gpu.func"), strict=True)
    }
    for name, resources in needs.items():
        if (resources.shared or 0) > chip.shared:
            raise ValueError(
                f"kernel {name!r} shares {resources.shared} bytes, {chip.name} has {chip.shared} for a block"
            )
    return text, needs


def emit(module: ir.Module, chip: Chip) -> Image:
    """The kernels of a device module, which is left as it was. Raises ValueError for what has no code."""
    if chip == VULKAN:
        from mograph.targets.spirv.vulkan import emit_shaders

        return emit_shaders(module, chip)
    prepare()
    text, kernels = to_llvm(module, chip)
    return Image("spirv", chip.name, to_binary(text, chip), kernels)
