# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Device modules to code for NVIDIA's chips, by stages: nvvm, llvm, ptx, cubin."""

import re

from mlir import ir

from mograph import _llvm, _native
from mograph.targets.cpu.builder import find
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.gpu.lowering import Kernel, lower, translate
from mograph.targets.gpu.shared import shared_of
from mograph.targets.nvidia.chips import PTX
from mograph.targets.nvidia.ptxas import assemble, find_ptxas
from mograph.targets.nvidia.rules import FAMILY

DECLARED = 48 << 10  # bytes of shared memory that may be declared; more is asked for at launches
_CHANGE = "nvvm.setmaxregister"
_TRIPLE = "nvptx64-nvidia-cuda"
_GLOBAL = r"@{} = internal addrspace\(3\) global .*?, align (\d+)"


def to_nvvm(module: ir.Module, chip: Chip) -> tuple[ir.Module, list[Kernel]]:
    """A new module of the dialects `llvm` and `nvvm`, and its kernels. Raises ValueError for what has no code.

    Kernels whose warpgroups change how many registers they have say how many blocks run beside each other at least:
    ptxas ignores such changes where it is not told.
    """
    lowered, kernels = lower(module, FAMILY, chip)
    if _CHANGE in _native.op_names(lowered.operation):
        for function in find(lowered.operation, "llvm.func"):
            if find(function, _CHANGE):
                function.attributes["nvvm.minctasm"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(32), 1)
    return lowered, kernels


def to_llvm(lowered: ir.Module) -> str:
    """LLVM's textual form of what `to_nvvm` made."""
    text = translate(lowered)
    for name, bytes_ in shared_of(lowered).sizes.items():
        if bytes_ > DECLARED:
            text = re.sub(
                _GLOBAL.format(re.escape(name)), rf"@{name} = external addrspace(3) global [0 x i8], align \1", text
            )
    return text


def to_ptx(llvm: str, chip: Chip) -> str:
    """PTX of a module in LLVM's textual form. Raises ValueError for what the chip has no instructions for."""
    try:
        return _llvm.emit(llvm, _TRIPLE, chip.name, f"+ptx{PTX[chip.name]}", 3, assembly=True).decode()
    except ValueError as error:
        raise ValueError(f"LLVM has no code for {chip.name}: {error}") from None


def emit(module: ir.Module, chip: Chip) -> Image:
    """The kernels of a device module: a cubin where there is `ptxas`, PTX otherwise, which drivers take, too.

    Raises ValueError for what has no code on the chip.
    """
    with module.context, ir.Location.unknown():
        lowered, kernels = to_nvvm(module, chip)
        shared = shared_of(lowered).of_kernels
        ptx = to_ptx(to_llvm(lowered), chip)
    if find_ptxas() is None:
        return Image(
            "ptx", chip.name, ptx.encode(), {k.name: Resources(k.block, shared=shared[k.name]) for k in kernels}
        )
    code, used = assemble(ptx, chip.name)
    resources = {k.name: Resources(k.block, *used[k.name], shared[k.name]) for k in kernels}
    return Image("cubin", chip.name, code, resources)
