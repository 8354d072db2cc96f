# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Environments that take SPIR-V, as data.

An environment is no chip: each device finishes the code for itself. The numbers are what all of them have, and the size
of subgroups is asked for by the kernels.
"""

from mograph.targets.gpu.chip import Chip, Policy


def _opencl(name: str, subgroup: int) -> Chip:
    return Chip(name, "spirv", subgroup, threads=1024, shared=32768, registers=65536, multiprocessors=8)


OPENCL = {chip.name: chip for chip in (_opencl("opencl", 16), _opencl("opencl32", 32), _opencl("opencl64", 64))}
"""Those with a number have subgroups as large as the warps and wavefronts of other chips, so that kernels made for
those can be run where no such chip is.
"""

VULKAN = Chip("vulkan", "spirv", 32, threads=1024, shared=32768, registers=65536, multiprocessors=8)
"""Vulkan 1.3 with addresses of buffers, numbers of 8, 16 and 64 bits, and subgroups whose size can be asked for."""

CHIPS = {**OPENCL, VULKAN.name: VULKAN}
"""By name."""

POLICIES = (
    Policy(
        "bfloats-as-integers",
        frozenset(CHIPS),
        "bf16 is held in 16-bit integers, computed with in f32, and rounded by integer arithmetic",
        "few drivers take SPV_KHR_bfloat16, and LLVM's back end ends the process without it",
        "drivers of OpenCL 3.1 are what people have",
    ),
    Policy(
        "float-atomics-by-exchange",
        frozenset(OPENCL),
        "atomic operations on floats are loops that compare and exchange integers",
        "SPV_EXT_shader_atomic_float_add and _min_max are extensions, which LLVM's back end does not take by itself",
        "the extensions are part of a version of SPIR-V",
    ),
    Policy(
        "back-end-without-optimization",
        frozenset(OPENCL),
        "LLVM's back end makes the code of modules as they are; drivers optimise it",
        "with optimisation that of LLVM 22 takes other bits of a number that is shifted, masked and widened: batches of"
        " reductions were read where others are",
        "a version of LLVM passes tests/targets/gpu/test_rows.py with it",
    ),
    Policy(
        "process-for-each-module",
        frozenset(OPENCL),
        "LLVM's back end makes the code of each module in a process of its own, which is forked for it",
        "it keeps the labels of modules in a table that is never emptied, and finds them by addresses of functions that"
        " are freed and taken again: one module in fifty had a label's id twice, for which Intel's compiler ends the"
        " process",
        "the table is of one module (LLVM 22 has it as SPIRVModuleAnalysis::MAI)",
    ),
)
"""What is done otherwise for these environments."""
