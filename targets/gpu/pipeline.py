# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The passes from an upstream module on tensors to kernels and the host code that launches them, as data."""

from mlir import ir

from mograph.targets.cpu.booleans import lower_booleans
from mograph.targets.cpu.checks import lower_checks
from mograph.targets.cpu.groups import form_groups
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.math.late import expand_late
from mograph.targets.cpu.pipeline import Phase
from mograph.targets.cpu.pipeline import default_pipeline as pipeline_of_host
from mograph.targets.cpu.prints import lower_prints
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.host import lower_host
from mograph.targets.gpu.kernels import lower_kernels
from mograph.targets.gpu.templates import match

BEFORE, AFTER = ("cut", "fuse", "math", "bufferize", "copies"), ("memory", "arena")
"""Phases that do for every machine."""


def default_pipeline(chip: Chip) -> list[Phase]:
    """The phases, in the order in which they run: those of processors, but that nests become kernels."""

    def groups(module: ir.Module) -> None:
        form_groups(module, lambda group: match(group, chip) is not None)

    def kernels(module: ir.Module) -> None:
        lower_kernels(module, chip)

    def late(module: ir.Module) -> None:
        expand_late(module, machine.fused, device=True)

    def late_on_host(module: ir.Module) -> None:
        expand_late(module, machine.fused)

    machine = Machine(vector_bits=128, masks=False, fused=True, native_f16=True, native_bf16=chip.has("bf16"))
    phases = {phase.name: phase for phase in pipeline_of_host(machine)}
    return [
        *(phases[name] for name in BEFORE),
        Phase("groups", (groups,)),
        *(phases[name] for name in AFTER),
        Phase("kernels", (kernels, late)),
        Phase("host", (lower_host, lower_checks, lower_prints, lower_booleans, late_on_host)),
        phases["llvm"],
    ]
