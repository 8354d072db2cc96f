# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""LLVM's textual form to SPIR-V, by the LLVM of the package `llvmlite`, whose build has that back end."""

import threading
from functools import cache
from typing import Any

from mograph.targets.gpu.chip import Chip
from mograph.targets.spirv.checks import check_text

_TRIPLE = "spirv64v1.4-unknown-unknown"
# The policy "code-is-kept" of mograph.targets.spirv.chips says why.
_kept: list[tuple[Any, Any]] = []
_lock = threading.Lock()  # LLVM's options, and what its back end remembers, are the process's


def to_binary(text: str, chip: Chip) -> bytes:
    """SPIR-V of a module in LLVM's textual form. Raises ValueError for what has no code."""
    with _lock:
        machine, module = _optimized(text, chip)
        code: bytes = machine.emit_object(module)
    return code


def to_text(text: str, chip: Chip) -> str:
    """The same as text."""
    with _lock:
        machine, module = _optimized(text, chip)
        code: str = machine.emit_assembly(module)
    return code


@cache
def _llvm() -> tuple[Any, Any]:
    """The package, and LLVM's target."""
    try:
        import llvmlite.binding as llvm
    except ImportError:
        raise ValueError("code for OpenCL needs the package 'llvmlite': pip install 'mograph[opencl]'") from None
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    try:
        return llvm, llvm.Target.from_triple(_TRIPLE)
    except RuntimeError as error:
        raise ValueError(f"code for OpenCL needs a 'llvmlite' with LLVM's SPIR-V: {error}") from None


def _optimized(text: str, chip: Chip) -> tuple[Any, Any]:
    """A machine of llvmlite's, and the module for it. Drivers optimise; here goes what they or LLVM's back end do not
    take well: room on the stack, aggregates, and blocks of one branch.
    """
    llvm, target = _llvm()
    machine = target.create_target_machine(opt=2)
    try:
        module = llvm.parse_assembly(text)
        _kept.append((machine, module))
        module.triple, module.data_layout = _TRIPLE, str(machine.target_data)
        module.verify()
    except RuntimeError as error:
        raise ValueError(f"LLVM has no code for {chip.name}: {error}") from None
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    passes.run(module, builder)
    check_text(str(module), chip)
    return machine, module
