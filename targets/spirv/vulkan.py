# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Device modules to SPIR-V as Vulkan takes it: compute shaders, by upstream's dialect `spirv`.

Shaders have no pointers as arguments. The words of a launch are push constants, addresses are numbers
(`VkBufferDeviceAddress`), and memory that threads share is an array of words of 32 bits.
"""

import re
from collections.abc import Sequence

from mlir import ir
from mlir.passmanager import PassManager

from mograph.targets.cpu.builder import Builder, find, walk
from mograph.targets.gpu.arguments import arguments_of
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.gpu.lowering import kernels_of, mode_of
from mograph.targets.spirv.bfloats import as_integers, has_bfloats
from mograph.targets.spirv.lanes import known, source, width_of
from mograph.targets.spirv.shader_memory import Memory

_CAPABILITIES = (
    "Shader, Int64, Int16, Int8, Float16, Float64, PhysicalStorageBufferAddresses, StorageBuffer16BitAccess,"
    " StorageBuffer8BitAccess, GroupNonUniform, GroupNonUniformShuffle, GroupNonUniformShuffleRelative,"
    " GroupNonUniformVote"
)
_ENVIRONMENT = (
    "#spirv.target_env<#spirv.vce<v1.6, [{capabilities}], [SPV_KHR_physical_storage_buffer]>,"
    " #spirv.resource_limits<subgroup_size = {chip.subgroup}, max_compute_workgroup_invocations = {chip.threads},"
    " max_compute_workgroup_size = [{chip.threads}, {chip.threads}, 64]>>"
)
# A loop `scf.for` that makes no trip would give numbers that were never set.
_LOWER = (
    "builtin.module(gpu.module(gpu.func(scf-for-to-while,arith-expand,convert-math-to-spirv)),"
    "convert-gpu-to-spirv{use-64bit-index=true})"
)
_FINISH = "builtin.module(spirv.module(spirv-lower-abi-attrs,canonicalize,spirv-update-vce))"
_CODE = "builtin.module(gpu-module-to-binary{format=isa})"
_SEMANTICS = "#spirv.memory_semantics<AcquireRelease|UniformMemory|WorkgroupMemory>"
_LANES = (2, 3, 4)


def to_shaders(module: ir.Module, chip: Chip) -> tuple[ir.Module, dict[str, Resources]]:
    """A new module with a `spirv.module`, and what its kernels need. Raises ValueError for what has no code."""
    if not module.operation.verify():
        raise ValueError("expected a module that verifies")
    kernels = kernels_of(module, chip)
    with module.context, ir.Location.unknown():
        for dialect in ("arith", "gpu", "spirv", "vector"):
            module.context.get_dialect_descriptor(dialect)  # loads it
        copy = ir.Module.create()
        for holder in find(module.operation, "gpu.module"):
            copy.body.append(holder.clone(ip=False))
        if has_bfloats(copy):
            as_integers(copy)
        _check(copy, chip)
        memory = Memory(copy, chip)
        arguments = [arguments_of(op) for op in find(copy.operation, "gpu.func")]
        for op, kernel in zip(find(copy.operation, "gpu.func"), kernels, strict=True):
            x, y, z = kernel.block
            op.attributes["spirv.entry_point_abi"] = ir.Attribute.parse(
                f"#spirv.entry_point_abi<workgroup_size = [{x}, {y}, {z}], subgroup_size = {chip.subgroup}>"
            )
            _known_numbers(op, kernel.block, chip)
            _shuffles(op, chip)
            _truncations(op)
            memory.rewrite(op)
        environment = ir.Attribute.parse(_ENVIRONMENT.format(capabilities=_CAPABILITIES, chip=chip))
        for holder in find(copy.operation, "gpu.module"):
            holder.attributes["spirv.target_env"] = environment
        copy.operation.attributes["gpu.container_module"] = ir.UnitAttr.get()
        _run(_LOWER, copy, chip)
        for holder in find(copy.operation, "gpu.module"):
            holder.erase()
        memory.declare(find(copy.operation, "spirv.module")[0])
        _decorate(copy)
        _run(_FINISH, copy, chip)
        for holder in find(copy.operation, "spirv.module"):  # version 1.6 is Vulkan 1.3's; the pass takes the lowest
            needed = str(holder.attributes["vce_triple"])
            holder.attributes["vce_triple"] = ir.Attribute.parse(re.sub(r"v1\.\d", "v1.6", needed, count=1))
    needs = {
        each.name: Resources(each.block, None, None, memory.shared[each.name], types, str(op.location)[4:-1])
        for each, types, op in zip(kernels, arguments, find(module.operation, "gpu.func"), strict=True)
    }
    return copy, needs


def emit_shaders(module: ir.Module, chip: Chip) -> Image:
    """The kernels of a device module, which is left as it was. Raises ValueError for what has no code."""
    from mlir.dialects.gpu import ObjectAttr

    shaders, kernels = to_shaders(module, chip)
    with shaders.context, ir.Location.unknown():
        environment = ir.Attribute.parse(_ENVIRONMENT.format(capabilities=_CAPABILITIES, chip=chip))
        holder = ir.Module.parse("module attributes {gpu.container_module} { gpu.module @kernels {} }")
        (inside,) = find(holder.operation, "gpu.module")
        inside.attributes["targets"] = ir.ArrayAttr.get([environment])
        inside.regions[0].blocks[0].append(find(shaders.operation, "spirv.module")[0].clone(ip=False))
        _run(_CODE, holder, chip)
        (made,) = find(holder.operation, "gpu.binary")
        return Image("spirv", chip.name, bytes(ObjectAttr(made.attributes["objects"][0]).object), kernels)


def _known_numbers(function: ir.Operation, block: Sequence[int], chip: Chip) -> None:
    for op in find(function, "gpu.block_dim", "gpu.subgroup_size"):
        number = chip.subgroup
        if op.name == "gpu.block_dim":
            number = block["xyz".index(mode_of(op))]
        at = ir.InsertionPoint(op)
        b = Builder(at, at)
        op.results[0].replace_all_uses_with(b.number(b.index, number))
        op.erase()


def _truncations(function: ir.Operation) -> None:
    """Upstream has no rule for them."""
    for op in find(function, "math.trunc"):
        (x,) = op.operands
        at = ir.InsertionPoint(op)
        b = Builder(at, at)
        below = b.one("math.floor", x.type, b.one("math.absf", x.type, x))
        op.results[0].replace_all_uses_with(b.one("math.copysign", x.type, below, x))
        op.erase()


def _shuffles(function: ir.Operation, chip: Chip) -> None:
    """All become those of the whole subgroup, and are from a thread that is there."""
    for op in find(function, "gpu.shuffle"):
        mode, size, distance = mode_of(op), width_of(op, chip), known(op.operands[1])
        at = ir.InsertionPoint(op)
        b = Builder(at, at)
        op.operands[2] = b.number(b.i32, chip.subgroup)
        if mode == "xor" and distance is not None and 0 <= distance < size:
            continue
        lane = b.one("arith.index_cast", b.i32, b.one("gpu.lane_id", b.index))
        valid, other = source(b, mode, lane, op.operands[1], size)
        op.operands[1] = other
        op.attributes["mode"] = ir.Attribute.parse("#gpu<shuffle_mode idx>")
        op.results[1].replace_all_uses_with(valid)


def _check(module: ir.Module, chip: Chip) -> None:
    """Raises ValueError for vectors that shaders do not have, which upstream's passes would write all the same."""
    wrong: list[str] = []

    def visit(op: ir.Operation) -> None:
        for value in (*op.operands, *op.results):
            type_ = value.type
            if isinstance(type_, ir.VectorType) and (type_.rank != 1 or type_.shape[0] not in _LANES):
                wrong.append(f"{op.location}: '{op.name}' of {type_} has no code on {chip.name}")

    walk(module.operation, visit)
    if wrong:
        raise ValueError(wrong[0])


def _decorate(module: ir.Module) -> None:
    """No driver makes one operation of two, and barriers are also for memory that all blocks see."""
    for op in find(module.operation, "spirv.FAdd", "spirv.FSub", "spirv.FMul"):
        op.attributes["no_contraction"] = ir.UnitAttr.get()
    for op in find(module.operation, "spirv.ControlBarrier"):
        op.attributes["memory_semantics"] = ir.Attribute.parse(_SEMANTICS)


def _run(passes: str, module: ir.Module, chip: Chip) -> None:
    manager = PassManager.parse(passes, module.context)
    manager.enable_verifier(False)
    try:
        manager.run(module.operation)
    except ir.MLIRError as error:
        first = error.error_diagnostics[0]
        raise ValueError(f"{first.location}: {first.message}, has no code on {chip.name}") from None
