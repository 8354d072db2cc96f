# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""NVIDIA's chips as data, and what is done otherwise for some.

Shared memory is what a block may ask for, and multiprocessors are those of the chip's product for servers that has the
fewest, or of the smallest card that is common where there is none.
"""

from mograph.targets.gpu.chip import Chip, Policy

_AMPERE = frozenset({"mma.sync", "ldmatrix", "cp.async", "tf32", "bf16", "redux"})
_ADA = _AMPERE | {"f8"}
_HOPPER = _ADA | {"tma", "mbarrier", "cluster", "setmaxnreg"}


def _chip(name: str, shared: int, multiprocessors: int, features: frozenset[str]) -> Chip:
    return Chip(name, "nvidia", 32, 1024, shared << 10, 65536, multiprocessors, features)


CHIPS = {
    chip.name: chip
    for chip in (
        _chip("sm_80", 163, 108, _AMPERE),  # A100
        _chip("sm_86", 99, 72, _AMPERE),  # A10
        _chip("sm_89", 99, 58, _ADA),  # L4
        _chip("sm_90a", 227, 132, _HOPPER | {"wgmma"}),  # H100, H200
        _chip("sm_100a", 227, 148, _HOPPER | {"tcgen05"}),  # B200
        _chip("sm_120", 99, 70, _HOPPER - {"setmaxnreg"}),  # GeForce RTX 5070 Ti
    )
}

PTX = {"sm_80": 78, "sm_86": 78, "sm_89": 84, "sm_90a": 86, "sm_100a": 86, "sm_120": 87}
"""The version of PTX for each chip: the least that has all its instructions, for older drivers and tools; of sm_90a,
the least by which `tensormap.replace` takes strides in bytes.
"""

POLICIES = (
    Policy(
        "shared-memory-at-run-time",
        frozenset(CHIPS),
        "memory that a block shares is declared without a size, and asked for at each launch, where it is above 48 KiB",
        "ptxas refuses larger sizes that are declared",
        "ptxas takes them",
    ),
    Policy(
        "products-by-mma-sync",
        frozenset({"sm_100a"}),
        "products and attention use mma.sync, as on sm_80, and not the tensor cores' own instructions, tcgen05",
        "sums of tcgen05 are in a memory of their own, which kernels allocate, and no such chip was there to try it on",
        "there is a template for tcgen05, as there is one for wgmma",
    ),
    Policy(
        "own-translation",
        frozenset(CHIPS),
        "operations of gpu and math become LLVM's by mograph's own rules, and LLVM's code generator is called directly",
        "upstream's convert-gpu-to-nvvm calls libdevice for math.sqrt, which upstream's gpu-module-to-binary links so"
        " that it becomes sqrt.approx, whose last bits are wrong",
        "gpu-module-to-binary sets nvvm-reflect-prec-sqrt",
    ),
)
