# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The passes from an upstream module on tensors to the LLVM dialect, as data.

A pipeline is a list of named phases. A phase is a list of steps: text in MLIR's pass pipeline syntax, or a Python
function of the module. A plugin can print the list, and put its own steps before or after any phase. A step that is a
generator gives functions of the module that are done.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from mlir import ir
from mlir.passmanager import PassManager

from mograph import _native
from mograph._records import record
from mograph.targets.cpu.arena import share_arena
from mograph.targets.cpu.booleans import lower_booleans
from mograph.targets.cpu.builder import find, operations
from mograph.targets.cpu.carry import carry_buffers
from mograph.targets.cpu.checks import lower_checks
from mograph.targets.cpu.copies import drop_copies
from mograph.targets.cpu.cut import cut_blocks
from mograph.targets.cpu.descriptors import fold_aggregates, narrow_arguments
from mograph.targets.cpu.destinations import separate_destinations
from mograph.targets.cpu.early import modules_of
from mograph.targets.cpu.entry import set_apart
from mograph.targets.cpu.expansions import lower_expansions
from mograph.targets.cpu.foralls import lower_foralls
from mograph.targets.cpu.forward import forward_copies
from mograph.targets.cpu.fusion import fuse_elementwise
from mograph.targets.cpu.groups import form_groups
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.inplace import write_in_place
from mograph.targets.cpu.inputs import protect_inputs
from mograph.targets.cpu.kernels import lower_kernels
from mograph.targets.cpu.layouts import copy_views
from mograph.targets.cpu.libraries import lower_libraries
from mograph.targets.cpu.math.expand import expand_math
from mograph.targets.cpu.math.late import expand_late
from mograph.targets.cpu.memory import manage_memory
from mograph.targets.cpu.merge import merge_kernels
from mograph.targets.cpu.parts import compute_parts_in_place
from mograph.targets.cpu.prints import lower_prints
from mograph.targets.cpu.scalars import fill_splats, scalarize
from mograph.targets.cpu.sizes import check_sizes
from mograph.targets.cpu.stores import lower_stores
from mograph.targets.cpu.templates import match

Step = str | Callable[[ir.Module], None] | Callable[[ir.Module], Iterator[ir.Operation]]

_FUNCTIONS = "func.func("
_NEEDED = {
    "convert-linalg-to-loops": ("linalg.",),
    "convert-scf-to-cf": ("scf.",),
    "expand-strided-metadata": ("memref.collapse_", "memref.expand_", "memref.extract_", "memref.rein", "memref.sub"),
    "lower-affine": ("affine.",),
    "arith-expand": ("arith.ceil", "arith.floor", "arith.max", "arith.min"),
    "convert-math-to-llvm": ("math.",),
    "convert-math-to-libm": ("math.",),
    "convert-vector-to-llvm": ("vector.",),
    "convert-index-to-llvm": ("index.",),
    "convert-ub-to-llvm": ("ub.",),
}
"""Passes that look at all operations, and how the names of those begin that they are for."""


@record
class Phase:
    """A named part of the pipeline."""

    name: str
    steps: tuple[Step, ...]

    def run(self, module: ir.Module) -> None:
        """Runs the steps in order. Raises MLIRError where a pass fails."""
        _run_steps(self.steps, module)

    def __str__(self) -> str:
        return f"{self.name}: " + ", ".join(step if isinstance(step, str) else step.__name__ for step in self.steps)


def _run_steps(steps: Sequence[Step], module: ir.Module, early: Callable[[ir.Module], None] | None = None) -> None:
    for number, step in enumerate(steps):
        with module.context:
            if isinstance(step, str):
                _run(step, module)
                continue
            done = step(module)
            if not isinstance(done, Iterator):
                continue
            if early is None:
                deque(done, maxlen=0)
                continue
            for part in modules_of(done, module):
                _run_steps(steps[number + 1 :], part)
                early(part)


def _run(passes: str, module: ir.Module) -> None:
    """Runs passes on a module; one of functions alone on those of them that it has something to do for."""
    root = module.operation
    of_functions = passes.startswith(_FUNCTIONS)
    needed = _NEEDED.get(passes.removeprefix(_FUNCTIONS).partition("{")[0].rstrip(")"))
    text = passes if of_functions else f"builtin.module({passes})"
    roots = [
        op
        for op in (find(root, "func.func") if of_functions else [root])
        if needed is None or any(name.startswith(needed) for name in _native.op_names(op))
    ]
    if roots:
        manager = PassManager.parse(text, module.context)
        manager.enable_verifier(False)
        for op in roots:
            manager.run(op)


def default_pipeline(machine: Machine) -> list[Phase]:
    """The phases, in the order in which they run."""

    def expand(module: ir.Module) -> None:
        expand_math(module, machine)

    def groups(module: ir.Module) -> None:
        form_groups(module, lambda group: match(group, machine) is not None)

    def vector_kernels(module: ir.Module) -> Iterator[ir.Operation]:
        return lower_kernels(module, machine)

    def late(module: ir.Module) -> None:
        expand_late(module, machine.fused)

    return [
        # Functions: short enough for what is not linear in their length.
        Phase("cut", (cut_blocks,)),
        # Tensors: as few and as large operations as possible.
        Phase(
            "fuse",
            (
                _passes("convert-elementwise-to-linalg", "linalg-generalize-named-ops"),
                scalarize,
                fuse_elementwise,
                _passes("canonicalize", "cse"),
                separate_destinations,
                fill_splats,
            ),
        ),
        # Numbers: only operations that the processor has.
        Phase("math", (expand,)),
        # Buffers: results of entries have the identity layout, so that they can be handed out as arrays.
        Phase(
            "bufferize",
            (
                protect_inputs,
                _passes(
                    "eliminate-empty-tensors",
                    "one-shot-bufferize{bufferize-function-boundaries allow-return-allocs-from-loops"
                    " function-boundary-type-conversion=identity-layout-map buffer-alignment=64}",
                    "drop-equivalent-buffer-results",
                    "canonicalize",
                    "cse",
                    "linalg-generalize-named-ops",
                ),
                copy_views,
            ),
        ),
        Phase("copies", (lower_stores, compute_parts_in_place, forward_copies, drop_copies)),
        # Nests: those that run as one, without the buffers between them.
        Phase("groups", (groups,)),
        Phase("memory", (carry_buffers, write_in_place, manage_memory)),
        Phase("arena", (share_arena,)),
        Phase(
            "kernels",
            (
                check_sizes,
                lower_checks,
                lower_prints,
                lower_libraries,
                lower_foralls,
                vector_kernels,
                lower_booleans,
                merge_kernels,
                late,
            ),
        ),
        Phase(
            "llvm",
            (
                set_apart,
                lower_expansions,
                narrow_arguments,
                "convert-linalg-to-loops",
                "convert-scf-to-cf",
                "func.func(expand-strided-metadata)",
                "func.func(lower-affine)",
                "convert-math-to-llvm",
                "convert-math-to-libm",
                "convert-vector-to-llvm{reassociate-fp-reductions=true}",
                "arith-expand",
                "convert-arith-to-llvm",
                "convert-index-to-llvm",
                "finalize-memref-to-llvm{use-aligned-alloc=true use-generic-functions=true}",
                "convert-func-to-llvm",
                "convert-cf-to-llvm",
                "convert-ub-to-llvm",
                "reconcile-unrealized-casts",
                fold_aggregates,
            ),
        ),
    ]


def _passes(*passes: str) -> str:
    return ",".join(passes)


def run(phases: Iterable[Phase], module: ir.Module, early: Callable[[ir.Module], None] | None = None) -> None:
    """Runs all phases on the module, in place. Given `early`, functions that are done go through the phases that are
    left in modules of their own, which it is called with, and are declared in the module.
    """
    _run_steps([step for phase in phases for step in phase.steps], module, early)


def copy_of(module: ir.Module, dialects: Iterable[str]) -> ir.Module:
    """A copy of a module, to be changed by passes that make operations of these dialects."""
    for dialect in dialects:
        module.context.get_dialect_descriptor(dialect)  # loads it
    copy = ir.Module.create()
    for op in operations(module.body, module.operation):
        copy.body.append(op.clone(ip=False))
    return copy


def to_text(module: ir.Module) -> str:
    """LLVM's textual form of a module of its dialect."""
    from mlir._mlir_libs import _mlirDialectsLLVM, _mlirRegisterEverything

    _mlirRegisterEverything.register_llvm_translations(module.context)
    text: str = _mlirDialectsLLVM.translate_module_to_llvmir(module.operation)
    return text
