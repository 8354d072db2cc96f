# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is done otherwise for some of AMD's chips, and the options of LLVM that do it."""

from mograph.targets.amd.chips import CHIPS
from mograph.targets.gpu.chip import Policy

UNIFORM = Policy(
    "uniform-intrinsics-stay",
    frozenset({"gfx942", "gfx950"}),
    "-amdgpu-enable-uniform-intrinsic-combine=false (an option of the whole process: once it is set, other chips do"
    " without this optimisation, too, so that code does not depend on what was compiled before)",
    "LLVM issue 166665: the pass takes a ballot of a uniform value for the value itself, so that a ballot compared to 0"
    " becomes a scalar comparison, which is true with no thread active",
    "LLVM's version is out of the affected range (22.1 is in it)",
)
CODE_OBJECT = Policy(
    "code-object-version-5",
    frozenset(CHIPS),
    "code objects are of version 5",
    "LLVM 22 writes version 6, which ROCm before 6.0 does not load, and whose additions are not used",
    "a chip needs version 6",
)
REMAINDER = Policy(
    "remainders-of-bf16-by-f32",
    frozenset(CHIPS),
    "the remainder of two bf16 is computed in f32, where it is exact",
    "LLVM 22's back end ends the process for frem on bfloat",
    "LLVM has code for it",
)
POLICIES = (UNIFORM, CODE_OBJECT, REMAINDER)

OPTIONS = ("-amdgpu-enable-uniform-intrinsic-combine=false",)
"""Options of LLVM that the policies ask for: set once, before any code is made."""
