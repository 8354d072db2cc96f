# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LLVM code to machine code for AMD's chips, by llvmlite: the LLVM of MLIR's wheels has no back end for them.

LLVM ends the process for intrinsics that a chip lacks, so that those in use are compared with a list before.
"""

import re
import threading
from functools import cache
from typing import Any

from mograph.targets.amd.policies import OPTIONS

TRIPLE = "amdgcn-amd-amdhsa"
_DECLARED = re.compile(r"^declare [^@\n]*@([\w.$]+)", re.MULTILINE)
_KNOWN = re.compile(
    r"llvm\.(amdgcn\.|(fma|fmuladd|sqrt|fabs|floor|ceil|trunc|rint|nearbyint|roundeven|copysign|ldexp|fptosi\.sat|fptoui\.sat"
    r"|maximum|minimum|maxnum|minnum|maximumnum|minimumnum|smax|smin|umax|umin|abs|ctpop|ctlz|cttz|bswap|bitreverse|fshl"
    r"|fshr|assume|memcpy|memset|masked\.load|masked\.store|[su](add|sub|mul)\.with\.overflow|[su](add|sub)\.sat"
    r"|vector\.reduce\.\w+)(\.|$))"
)
_LOCK = threading.Lock()  # LLVM's options are set once


@cache
def _binding() -> Any:
    import llvmlite.binding

    with _LOCK:
        llvmlite.binding.initialize_all_targets()
        llvmlite.binding.initialize_all_asmprinters()
        for option in OPTIONS:
            llvmlite.binding.set_option("mograph", option)
    return llvmlite.binding


def generate(llvm: str, chip: str, assembly: bool) -> bytes:
    """The assembly, or the object file, of a module in LLVM's textual form. Raises ValueError for what the chip lacks,
    and ImportError without llvmlite.
    """
    for name in _DECLARED.findall(llvm):
        if not _KNOWN.match(name):
            raise ValueError(f"'{name}' has no code on {chip}")
    binding = _binding()
    machine = binding.Target.from_triple(TRIPLE).create_target_machine(cpu=chip, opt=3, reloc="pic", codemodel="small")
    try:
        module = binding.parse_assembly(llvm)
        module.triple, module.data_layout = TRIPLE, str(machine.target_data)
        module.verify()
    except RuntimeError as error:
        raise ValueError(f"LLVM refuses the code for {chip}: {error}") from None
    if assembly:
        text: str = machine.emit_assembly(module)
        return text.encode()
    code: bytes = machine.emit_object(module)
    return code
