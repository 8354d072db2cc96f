# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a block of a device module with numpy: all threads do each operation together, those that do not take part in a
branch aside. Memory out of bounds is an error, and what asynchronous copies bring is there when it has been waited for.

What matrix units do with which register of which thread is written from the manufacturers' manuals (NVIDIA's PTX ISA,
AMD's instruction set guides), and not from the code that is tested.
"""

import re
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
from mlir import ir

Array = np.ndarray[Any, Any]
TYPES: dict[str, Any] = {
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
    "f8E5M2": ml_dtypes.float8_e5m2,
    "f32": np.float32,
    "f64": np.float64,
    "i1": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "index": np.int64,
}
ELEMENTS: dict[str, Any] = {  # by the names that PTX and AMD's instructions have for them
    "e4m3": ml_dtypes.float8_e4m3fn,
    "e5m2": ml_dtypes.float8_e5m2,
    "bf16": ml_dtypes.bfloat16,
    "f16": np.float16,
    "tf32": np.float32,
    "s8": np.int8,
    "i8": np.int8,
    "f32": np.float32,
    "fp8": ml_dtypes.float8_e4m3fn,
    "bf8": ml_dtypes.float8_e5m2,
}
FNUZ = {"fp8": ml_dtypes.float8_e4m3fnuz, "bf8": ml_dtypes.float8_e5m2fnuz}
"""What gfx942 takes for the same bits."""
COMPARE: list[Callable[[Any, Any], Any]] = [
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.less, np.less_equal, np.greater, np.greater_equal,
]  # fmt: skip
INTEGERS: dict[str, Callable[[Any, Any], Any]] = {
    "addi": np.add, "subi": np.subtract, "muli": np.multiply, "andi": np.bitwise_and, "ori": np.bitwise_or,
    "xori": np.bitwise_xor, "divui": np.floor_divide, "remui": np.remainder, "minsi": np.minimum, "maxsi": np.maximum,
    "shli": np.left_shift, "shrui": np.right_shift, "addf": np.add, "mulf": np.multiply, "maximumf": np.maximum,
}  # fmt: skip
SHARED = 1 << 40  # where shared memory begins


def shape_of(type_: ir.Type) -> tuple[tuple[int, ...], Any]:
    """The extents of a vector and the type of its numbers."""
    if isinstance(type_, ir.VectorType):
        return tuple(type_.shape), TYPES[str(type_.element_type)]
    return (), TYPES.get(str(type_), np.int64)  # an address


def choose(condition: Array, one: Array, two: Array) -> Array:
    """What each thread has of two values, numbers or vectors."""
    return np.where(condition.reshape(-1, *[1] * (one.ndim - 1)), one, two)


class Block:
    """A block of threads in the grid, and the memory that it sees."""

    fnuz = False  # whether floats of 8 bits are those of gfx942

    def __init__(self, threads: int, block: int, warp: int, memory: Array, shared: int) -> None:
        self.threads, self.block, self.warp, self.memory = threads, block, warp, memory
        self.shared = np.full(shared, 0x7F, np.uint8)
        self.values: dict[ir.Value, Any] = {}
        self.mask = np.ones(threads, bool)
        self.groups: list[list[tuple[Array, Array]]] = [[]]

    def run(self, function: ir.Operation, arguments: list[int]) -> None:
        """Runs a kernel."""
        block = function.regions[0].blocks[0]
        for argument, value in zip(block.arguments, arguments, strict=True):
            self.values[argument] = np.full(self.threads, value, np.int64)
        with np.errstate(all="ignore"):
            self._block(block)

    def _block(self, block: ir.Block) -> list[Any]:
        for view in block.operations:
            op = view.operation
            if op.name in ("scf.yield", "gpu.return"):
                return [self.values[value] for value in op.operands]
            results = self._operation(op, [self.values[value] for value in op.operands])
            self.values.update(zip(op.results, results, strict=True))
        return []

    def _operation(self, op: ir.Operation, given: list[Any]) -> list[Any]:
        dialect, _, name = op.name.partition(".")
        if dialect == "arith":
            return [self._arith(op, name, given)]
        if op.name == "rocdl.exp2":
            return [np.exp2(given[0])]
        if dialect == "rocdl":
            return self.mfma(op, given) if name.startswith("mfma") else self.wmma(op, given)
        return list(getattr(self, f"_{dialect}_" + re.sub(r"\W", "_", name))(op, *given) or ())

    # Numbers

    def _arith(self, op: ir.Operation, name: str, given: list[Any]) -> Any:
        shape, type_ = shape_of(op.results[0].type)
        if name == "constant":
            text = str(op.attributes["value"])
            number = re.match(r"(?:dense<)?(-?[\d.eE+-]+|true|false)", text)
            assert number, text
            if re.fullmatch(r"-?\d+", number[1]):
                return np.full((self.threads, *shape), int(number[1])).astype(type_)
            value = {"true": 1, "false": 0}.get(number[1], float(number[1]) if number[1][0] not in "tf" else 0)
            return np.full((self.threads, *shape), value).astype(type_)
        if name == "cmpi":
            predicate = ir.IntegerAttr(op.attributes["predicate"]).value
            if predicate > 5 and given[0].dtype != bool:
                given = [each.astype(each.dtype).view(f"u{each.itemsize}") for each in given]
            return COMPARE[predicate](*given)
        if name == "select":
            return choose(*given)
        if name in ("extui", "index_castui"):
            return (
                given[0].view(f"u{given[0].itemsize}").astype(type_)
                if given[0].dtype != bool
                else given[0].astype(type_)
            )
        if name in ("extsi", "trunci", "index_cast", "truncf", "extf"):
            return given[0].astype(type_)
        return INTEGERS[name](*given).astype(type_)

    def _vector_from_elements(self, op: ir.Operation, *given: Array) -> list[Array]:
        return [np.stack(given, axis=1)]

    def _vector_extract(self, op: ir.Operation, vector: Array) -> list[Array]:
        (at,) = ir.DenseI64ArrayAttr(op.attributes["static_position"])
        return [vector[:, at]]

    def _vector_insert(self, op: ir.Operation, value: Array, vector: Array) -> list[Array]:
        (at,) = ir.DenseI64ArrayAttr(op.attributes["static_position"])
        changed = vector.copy()
        changed[:, at] = value
        return [changed]

    def _llvm_bitcast(self, op: ir.Operation, value: Array) -> list[Array]:
        shape, type_ = shape_of(op.results[0].type)
        return [np.ascontiguousarray(value).reshape(self.threads, -1).view(type_).reshape(self.threads, *shape)]

    def _llvm_extractvalue(self, op: ir.Operation, struct: tuple[Array, ...]) -> list[Array]:
        (at,) = ir.DenseI64ArrayAttr(op.attributes["position"])
        return [struct[at]]

    # Memory

    def _llvm_getelementptr(self, op: ir.Operation, base: Array, offset: Array) -> list[Array]:
        element = ir.TypeAttr(op.attributes["elem_type"]).value
        return [base + offset.astype(np.int64) * np.dtype(TYPES[str(element)]).itemsize]

    def _llvm_mlir_addressof(self, op: ir.Operation) -> list[Array]:
        return [np.full(self.threads, SHARED, np.int64)]

    def _at(self, address: Array, size: int) -> tuple[Array, Array]:
        """The memory, and where in it each of the active threads has so many bytes."""
        active = address[self.mask]
        memory = self.shared if active[0] >= SHARED else self.memory
        start = active - (SHARED if active[0] >= SHARED else 0)
        if start.min() < 0 or start.max() + size > len(memory):
            raise IndexError(f"{size} bytes at {start.min()} to {start.max()} of {len(memory)}")
        return memory, start[:, None] + np.arange(size)

    def _llvm_load(self, op: ir.Operation, address: Array) -> list[Array]:
        shape, type_ = shape_of(op.results[0].type)
        aligned = ir.IntegerAttr(op.attributes["alignment"]).value
        result = np.zeros((self.threads, *shape), type_)
        if self.mask.any():
            assert not (address[self.mask] % aligned).any(), f"expected an address aligned to {aligned}"
            memory, at = self._at(address, result[0].nbytes)
            result[self.mask] = memory[at].view(type_).reshape(-1, *shape)
        return [result]

    def _llvm_store(self, op: ir.Operation, value: Array, address: Array) -> None:
        if self.mask.any():
            aligned = ir.IntegerAttr(op.attributes["alignment"]).value
            assert not (address[self.mask] % aligned).any(), f"expected an address aligned to {aligned}"
            memory, at = self._at(address, value[0].nbytes)
            memory[at] = np.ascontiguousarray(value[self.mask]).reshape(len(at), -1).view(np.uint8)

    # Control

    def _scf_for(self, op: ir.Operation, lo: Array, hi: Array, step: Array, *start: Any) -> list[Any]:
        carried, block = list(start), op.regions[0].blocks[0]
        for at in range(int(lo[0]), int(hi[0]), int(step[0])):
            self.values.update(zip(block.arguments, [np.full(self.threads, at), *carried], strict=True))
            carried = self._block(block)
        return carried

    def _scf_if(self, op: ir.Operation, condition: Array) -> list[Any]:
        before, results = self.mask, []
        for region, mask in zip(op.regions, (before & condition, before & ~condition), strict=True):
            self.mask = mask
            results.append(self._block(region.blocks[0]) if len(region.blocks) and mask.any() else None)
        self.mask = before
        if not len(op.results):
            return []
        then, other = results
        if then is None or other is None:
            return then or other or []
        return [choose(condition, one, two) for one, two in zip(then, other, strict=True)]

    def _gpu_thread_id(self, op: ir.Operation) -> list[Array]:
        return [
            np.arange(self.threads) if "dim x" in str(op.attributes["dimension"]) else np.zeros(self.threads, np.int64)
        ]

    def _gpu_block_id(self, op: ir.Operation) -> list[Array]:
        return [np.full(self.threads, self.block)]

    def _gpu_barrier(self, op: ir.Operation) -> None:
        assert self.mask.all(), "expected all threads at a barrier"

    # NVIDIA's operations

    def _nvvm_bar_warp_sync(self, op: ir.Operation, mask: Array) -> None:
        assert self.mask.all(), "expected all threads"

    def _nvvm_cp_async_shared_global(self, op: ir.Operation, goal: Array, source: Array, *count: Array) -> None:
        size = ir.IntegerAttr(op.attributes["size"]).value
        exist = count[0] if count else np.full(self.threads, size, np.int32)
        assert not (goal[self.mask] % size).any()
        brought = np.zeros((self.threads, size), np.uint8)
        for bytes_ in range(1, size + 1):
            some = self.mask & (exist == bytes_)
            if some.any():
                assert not (source[some] % size).any(), f"expected an address aligned to {size}"
                before, self.mask = self.mask, some
                memory, at = self._at(source, bytes_)
                brought[some, :bytes_] = memory[at]
                self.mask = before
        if self.mask.any():
            memory, at = self._at(goal, size)
            memory[at] = 0x7F  # not to be read yet
            self.groups[-1].append((at, brought[self.mask]))

    def _nvvm_cp_async_commit_group(self, op: ir.Operation) -> None:
        self.groups.append([])

    def _nvvm_cp_async_wait_group(self, op: ir.Operation) -> None:
        others = ir.IntegerAttr(op.attributes["n"]).value
        while len(self.groups) - 1 > others:
            for at, brought in self.groups.pop(0):
                self.shared[at] = brought

    def _nvvm_ldmatrix(self, op: ir.Operation, address: Array) -> list[Any]:
        memory, at = self._at(address, 16)
        rows = memory[at].view(np.uint16).reshape(-1, 4, 8, 8)  # warp, matrix, row, column
        if "col" in str(op.attributes["layout"]):
            rows = rows.transpose(0, 1, 3, 2)
        words = np.ascontiguousarray(rows).view(np.int32)  # a thread has the word of its number in each matrix
        return [tuple(words[:, matrix].reshape(-1) for matrix in range(4))]

    def _nvvm_mma_sync(self, op: ir.Operation, *given: Array) -> list[Any]:
        kind = str(op.attributes["multiplicandAPtxType"])
        return [self._mma(next(each for each in ELEMENTS if f"<{each}>" in kind), given)]

    def _llvm_inline_asm(self, op: ir.Operation, *given: Array) -> list[Any]:
        """What special function units compute, and products of floats of 8 bits."""
        text = ir.StringAttr(op.attributes["asm_string"]).value
        if text == "ex2.approx.ftz.f32 $0, $1;":
            return [np.exp2(given[0])]
        found = re.fullmatch(
            r"mma\.sync\.aligned\.m16n8k32\.row\.col\.f32\.(e4m3|e5m2)\.\1\.f32 \{\$0, \$1, \$2, \$3\}, "
            r"\{\$4, \$5, \$6, \$7\}, \{\$8, \$9\}, \{\$10, \$10, \$10, \$10\};",
            text,
        )
        assert found, text
        return [self._mma(found[1], (*given[:6], *[given[6]] * 4))]

    def _llvm_call_intrinsic(self, op: ir.Operation, low: Array, high: Array, order: Array) -> list[Array]:
        assert ir.StringAttr(op.attributes["intrin"]).value == "llvm.nvvm.prmt"
        bytes_ = np.stack([low, high], axis=1).view(np.uint8)
        places = [order[0] >> 4 * at & 7 for at in range(4)]
        return [np.ascontiguousarray(bytes_[:, places]).view(np.int32)[:, 0]]

    def _nvvm_convert_float_to_tf32(self, op: ir.Operation, value: Array) -> list[Array]:
        return [(value.view(np.int32) + 0x1000) & ~0x1FFF]

    def _mma(self, name: str, given: tuple[Array, ...]) -> tuple[Array, ...]:
        """16 by 8 sums, of words of A and B."""
        type_ = ELEMENTS[name]
        total = np.int32 if name == "s8" else np.float32
        words = [np.ascontiguousarray(each).reshape(self.threads, -1).view(type_) for each in given[:6]]
        each = words[0].shape[1]  # elements of a word
        lane = np.arange(32)
        g, t = lane // 4, lane % 4
        a = np.zeros((self.threads // 32, 16, 8 * each), type_)
        c = np.zeros((self.threads // 32, 8 * each, 8), type_)
        for register in range(4):
            for j in range(each):
                value = words[register][:, j].reshape(-1, 32)
                a[:, g + 8 * (register % 2), each * t + j + 4 * each * (register // 2)] = value
        for register in range(2):
            for j in range(each):
                c[:, each * t + j + 4 * each * register, g] = words[4 + register][:, j].reshape(-1, 32)
        product = a.astype(total) @ c.astype(total)
        result = []
        for register in range(4):
            part = product[:, g + 8 * (register // 2), 2 * t + register % 2]
            result.append((given[6 + register] + part.reshape(-1)).astype(total))
        return tuple(result)

    def _vector_shuffle(self, op: ir.Operation, one: Array, two: Array) -> list[Array]:
        return [np.concatenate([one, two], axis=1)[:, list(ir.DenseI64ArrayAttr(op.attributes["mask"]))]]

    # AMD's operations

    def _matrices(self, op: ir.Operation, given: list[Array], size: int, groups: int, row: Callable[..., Any]) -> Array:
        """The sums, where the lanes of a row, in groups, have neighbours along k, and `row(lane, number)` is where a
        lane's sum is.
        """
        name = next(each for each in ("bf16", "f16", "i8", "f32", "fp8", "bf8") if each in op.name.split("x")[-1])
        type_ = (FNUZ if self.fnuz else ELEMENTS).get(name, ELEMENTS[name])
        total = np.int32 if name == "i8" else np.float32
        x, y = (np.ascontiguousarray(each).reshape(self.threads, -1).view(type_) for each in given[:2])
        take, lane = x.shape[1], np.arange(self.warp)
        shape = (self.threads // self.warp, size, groups * take)
        a, b = np.zeros(shape, type_), np.zeros(shape, type_)
        for j in range(take):
            at = take * (lane // size % groups) + j
            a[:, lane % size, at] = x[:, j].reshape(-1, self.warp)
            b[:, lane % size, at] = y[:, j].reshape(-1, self.warp)
        product = a.astype(total) @ b.astype(total).transpose(0, 2, 1)
        sums = given[2].copy()
        for number in range(sums.shape[1]):
            sums[:, number] += product[:, row(lane, number), lane % size].reshape(-1)
        return sums

    def mfma(self, op: ir.Operation, given: list[Array]) -> list[Array]:
        """Matrix fused multiply-add, on wavefronts of 64."""
        size = 32 if "32x32" in op.name else 16
        groups = 64 // size
        return [
            self._matrices(op, given, size, groups, lambda lane, r: r // 4 * 4 * groups + 4 * (lane // size) + r % 4)
        ]

    def wmma(self, op: ir.Operation, given: list[Array]) -> list[Array]:
        """Wave matrix multiply-accumulate, on wavefronts of 32: RDNA 3 gives lanes whole rows, RDNA 4 halves."""
        if given[0].shape[1] == 16:
            return [self._matrices(op, given, 16, 1, lambda lane, r: 2 * r + lane // 16)]
        return [self._matrices(op, given, 16, 2, lambda lane, r: 8 * (lane // 16) + r)]


def run(
    module: ir.Module, memory: Array, arguments: list[int], blocks: int, warp: int, shared: int, fnuz: bool = False
) -> None:
    """Runs all blocks of a module's only kernel on bytes of memory, in which arguments are places."""
    (function,) = [
        op.operation
        for holder in module.body.operations
        for op in holder.regions[0].blocks[0].operations
        if op.operation.name == "gpu.func"
    ]
    x, y, z = ir.DenseI32ArrayAttr(function.attributes["known_block_size"])
    for block in range(blocks):
        one = Block(x * y * z, block, warp, memory, shared)
        one.fnuz = fnuz
        one.run(function, arguments)
