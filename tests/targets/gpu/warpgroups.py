# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Warpgroups of sm_90a in the emulator: each is a thread of Python, as they wait for each other at barriers in memory.

What tensor maps, descriptors of shared memory and registers of `wgmma` mean is written from NVIDIA's PTX ISA. A product
is computed when it is waited for, from what is in shared memory by then, so that stages that are given back too early
are noticed.
"""

import importlib.util
import re
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mlir import ir

_spec = importlib.util.spec_from_file_location("gpu_emulator", Path(__file__).with_name("emulator.py"))
assert _spec
assert _spec.loader
emulator = sys.modules.setdefault("gpu_emulator", importlib.util.module_from_spec(_spec))
if not hasattr(emulator, "Block"):
    _spec.loader.exec_module(emulator)
SHARED, Array = emulator.SHARED, np.ndarray[Any, Any]
PATIENCE = 60.0  # seconds until a barrier counts as one that nobody completes
SIZE = 128  # threads


@dataclass(frozen=True)
class TensorMap:
    """A tensor map: where its tensor begins, extents, strides and sizes of elements in bytes, and what is copied."""

    base: int
    extents: tuple[int, int, int]
    strides: tuple[int, int]
    box: tuple[int, int, int]
    bytes: int


def tensor_map(fields: dict[tuple[str, int], int]) -> TensorMap:
    """The map that has these fields, by the values that PTX gives them."""
    assert fields["rank", 0] == 2
    assert fields["swizzle_mode", 0] == 3
    assert fields["interleave_layout", 0] == fields["fill_mode", 0] == 0
    assert [fields["element_stride", dim] for dim in range(3)] == [1, 1, 1]
    bytes_ = {0: 1, 6: 2, 7: 4, 10: 2}[fields["elemtype", 0]]
    extents, box = (tuple(fields[name, dim] for dim in range(3)) for name in ("global_dim", "box_dim"))
    strides = tuple(fields["global_stride", dim] for dim in range(2))
    assert not any(each % 16 for each in (*strides, fields["global_address", 0]))
    assert max(box) <= 256
    assert box[0] * bytes_ <= 128
    return TensorMap(fields["global_address", 0], extents, strides, box, bytes_)


class Barrier:
    """A barrier in shared memory."""

    def __init__(self, count: int, changed: threading.Condition) -> None:
        self.count = self.pending = count
        self.bytes = self.phase = 0
        self.changed = changed

    def change(self, arrived: int = 0, bytes_: int = 0) -> None:
        """Some threads arrive, and some bytes are expected, or have come where the number is negative."""
        with self.changed:
            self.pending -= arrived
            self.bytes += bytes_
            assert self.pending >= 0, "more threads at a barrier than it was made for"
            if not self.pending and not self.bytes:
                self.phase ^= 1
                self.pending = self.count
                self.changed.notify_all()

    def wait(self, parity: int) -> None:
        """Waits until a phase of this parity is over."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.phase != parity, PATIENCE):
                raise TimeoutError("a barrier that nobody completes")


def turned(address: Array) -> Array:
    """Where a byte is in lines of 128 bytes whose chunks are permuted."""
    return address ^ (address >> 7 & 7) << 4


class Warpgroup(emulator.Block):  # type: ignore[misc]  # a module that is loaded by its path
    """A warpgroup of a block, with what it shares with the others."""

    def __init__(
        self, number: int, block: int, blocks: int, memory: Array, shared: Array,
        barriers: dict[int, Barrier], meeting: threading.Barrier, changed: threading.Condition, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(SIZE, block, 32, memory, 0, **more)
        self.number, self.blocks, self.shared = number, blocks, shared
        self.barriers, self.meeting, self.changed = barriers, meeting, changed
        self.products: list[Any] = []
        self.begun: list[list[Any]] = []  # groups of products that are not waited for yet
        self.maps: dict[int, TensorMap] = {}
        self.fields: dict[int, dict[tuple[str, int], int]] = {}

    def _operation(self, op: ir.Operation, given: list[Any]) -> list[Any]:
        if op.name in (
            "nvvm.setmaxregister",
            "nvvm.fence.mbarrier.init",
            "nvvm.fence.proxy.acquire",
            "nvvm.wgmma.fence.aligned",
        ):
            return []
        found: list[Any] = super()._operation(op, given)
        return found

    def _active(self, value: Array) -> int:
        """What the active threads all have."""
        (one,) = set(value[self.mask].tolist())
        return int(one)

    def _gpu_thread_id(self, op: ir.Operation) -> list[Array]:
        return [np.arange(self.threads) + SIZE * self.number]

    def _gpu_grid_dim(self, op: ir.Operation) -> list[Array]:
        return [np.full(self.threads, self.blocks)]

    def _gpu_barrier(self, op: ir.Operation) -> None:
        self.meeting.wait(PATIENCE)

    def _nvvm_bar_warp_sync(self, op: ir.Operation, mask: Array) -> None:
        assert self.mask.reshape(-1, 32).all(axis=1).any(), "expected whole warps"

    def _llvm_ptrtoint(self, op: ir.Operation, address: Array) -> list[Array]:
        return [address - SHARED if address[0] >= SHARED else address]

    def _llvm_inttoptr(self, op: ir.Operation, address: Array) -> list[Array]:
        return [address + SHARED]

    def _llvm_addrspacecast(self, op: ir.Operation, address: Array) -> list[Array]:
        return [address]

    def _llvm_mlir_zero(self, op: ir.Operation) -> list[Any]:
        text = str(op.results[0].type)
        type_ = np.float32 if "f32" in text else np.int32
        return [tuple(np.zeros(self.threads, type_) for _ in range(text.count("32")))]

    # Barriers and copies

    def _nvvm_mbarrier_init(self, op: ir.Operation, address: Array, count: Array) -> None:
        self.barriers[self._active(address)] = Barrier(self._active(count), self.changed)

    def _nvvm_mbarrier_arrive(self, op: ir.Operation, address: Array) -> list[Array]:
        self.barriers[self._active(address)].change(arrived=int(self.mask.sum()))
        return [np.zeros(self.threads, np.int64)]

    def _nvvm_mbarrier_arrive_expect_tx(self, op: ir.Operation, address: Array, bytes_: Array) -> None:
        self.barriers[self._active(address)].change(int(self.mask.sum()), self._active(bytes_))

    def _nvvm_mbarrier_try_wait_parity(self, op: ir.Operation, address: Array, parity: Array, ticks: Array) -> None:
        self.barriers[self._active(address)].wait(self._active(parity))

    def _nvvm_cp_async_bulk_tensor_shared_cluster_global(
        self, op: ir.Operation, goal: Array, map_: Array, x: Array, y: Array, z: Array, barrier: Array
    ) -> None:
        assert self.mask.sum() == 1, "expected one thread to ask for a copy"
        tensor = self.maps[self._active(map_)]
        start = [self._active(each) for each in (x, y, z)]
        to = self._active(goal) - SHARED
        assert to % 1024 == 0
        for line in range(tensor.box[1]):
            bytes_ = np.zeros(tensor.box[0] * tensor.bytes, np.uint8)
            outer = start[1] + line
            if 0 <= outer < tensor.extents[1] and 0 <= start[2] < tensor.extents[2]:
                count = max(0, min(tensor.box[0], tensor.extents[0] - start[0])) * tensor.bytes
                at = tensor.base + outer * tensor.strides[0] + start[2] * tensor.strides[1] + start[0] * tensor.bytes
                assert at + count <= len(self.memory)
                bytes_[:count] = self.memory[at : at + count]
            self.shared[turned(to + len(bytes_) * line + np.arange(len(bytes_)))] = bytes_
        self.barriers[self._active(barrier)].change(bytes_=-tensor.box[0] * tensor.box[1] * tensor.bytes)

    def _llvm_mlir_undef(self, op: ir.Operation) -> list[Any]:
        return [tuple(np.full(self.threads, np.nan, np.float32) for _ in range(str(op.results[0].type).count("f32")))]

    def _llvm_inline_asm(self, op: ir.Operation, *given: Array) -> list[Any]:
        """Fields of a tensor map in shared memory, and its copy to global memory; products of a factor in registers;
        registers that are kept where they are; else what other chips have, too.
        """
        text = ir.StringAttr(op.attributes["asm_string"]).value
        if not text:
            return [given]
        if "wgmma" in text:
            return [self._of_registers(text, given)]
        if "tensormap" not in text:
            found: list[Any] = super()._llvm_inline_asm(op, *given)
            return found
        room = self._active(given[-1] if "cp_fenceproxy" in text else given[0])
        assert room % 128 == 0
        if "cp_fenceproxy" in text:
            assert self.mask.sum() == 32, "expected a warp"
            self.maps[self._active(given[0])] = tensor_map(self.fields[room])
            return []
        field = re.fullmatch(r"tensormap\.replace\.tile\.(\w+)\.shared::cta\.b1024\.b(?:32|64) \[\$0\], (.*);", text)
        assert field, text
        values = [self._active(given[1]) if each == "$1" else int(each) for each in field[2].split(", ")]
        self.fields.setdefault(room, {})[field[1], values[0] if len(values) == 2 else 0] = values[-1]
        return []

    # Products

    def _tile(self, descriptor: int, lines_of_k: bool, size: int, type_: Any) -> Array:
        """What a descriptor says: elements along m or n, and along k."""
        bytes_ = np.dtype(type_).itemsize
        start, lead, stride = ((descriptor >> at & 0x3FFF) << 4 for at in (0, 16, 32))
        assert descriptor >> 62 & 3 == 1, "expected lines of 128 bytes whose chunks are permuted"
        across, along = np.arange(size)[:, None], np.arange(32 // bytes_)[None]
        if lines_of_k:
            at = start + across // 8 * stride + across % 8 * 128 + along * bytes_
        else:
            assert bytes_ == 2, "expected 16 bits where lines are not of k"
            at = start + across // 64 * lead + along // 8 * stride + along % 8 * 128 + across % 64 * 2
        found = self.shared[turned(at)[..., None] + np.arange(bytes_)]
        return np.ascontiguousarray(found).view(type_)[..., 0]

    def _nvvm_wgmma_mma_async(self, op: ir.Operation, sums: tuple[Array, ...], left: Array, right: Array) -> list[Any]:
        kind = str(op.attributes["typeA"])
        type_ = emulator.ELEMENTS[next(each for each in emulator.ELEMENTS if f"<{each}>" in kind)]
        if "zero" in str(op.attributes["scaleD"]):
            sums = tuple(np.zeros_like(each) for each in sums)
        by_k = ("row" in str(op.attributes["layoutA"]), "col" in str(op.attributes["layoutB"]))
        return [self._begin(lambda: self._tile(self._active(left), by_k[0], 64, type_), right, by_k[1], type_, sums)]

    def _of_registers(self, text: str, given: tuple[Array, ...]) -> tuple[Array, ...]:
        """A product of 64 by 16 elements of A in registers, and of B in lines of n."""
        found = re.fullmatch(
            r"\{ \.reg \.pred p; setp\.ne\.b32 p, 1, 0; wgmma\.mma_async\.sync\.aligned\.m64n(\d+)k16\.f32\.(b?f16)\.\2"
            r" \{(.*?)\}, \{(.*?)\}, \$(\d+), p, 1, 1, 1; \}",
            text,
        )
        assert found, text
        n, type_ = int(found[1]), emulator.ELEMENTS[found[2]]
        assert [found[3], found[4]] == [", ".join(f"${i}" for i in r) for r in (range(n // 2), range(n, n + 4))]
        assert int(found[5]) == n + 4 == len(given) + n // 2 - 1
        thread = np.arange(SIZE)
        row, pair = 16 * (thread // 32) + thread % 32 // 4, thread % 4
        a = np.zeros((64, 16), type_)
        for number, word in enumerate(given[n // 2 : n // 2 + 4]):
            two = np.ascontiguousarray(word).reshape(SIZE, 1).view(type_)
            for j in range(2):
                a[row + 8 * (number % 2), 2 * pair + j + 8 * (number // 2)] = two[:, j]
        return self._begin(lambda: a, given[-1], False, type_, given[: n // 2])

    def _begin(
        self, left: Callable[[], Array], right: Array, by_k: bool, type_: Any, sums: tuple[Array, ...]
    ) -> tuple[Array, ...]:
        """Begins a product; until it is waited for, its sums are none."""
        result = tuple(np.full_like(each, np.nan if each.dtype == np.float32 else 0) for each in sums)
        self.products.append((left, self._active(right), by_k, type_, sums, result))
        return result

    def _nvvm_wgmma_commit_group_sync_aligned(self, op: ir.Operation) -> None:
        self.begun.append(self.products)
        self.products = []

    def _nvvm_wgmma_wait_group_sync_aligned(self, op: ir.Operation) -> None:
        others = ir.IntegerAttr(op.attributes["group"]).value
        thread = np.arange(SIZE)
        row, pair = 16 * (thread // 32) + thread % 32 // 4, thread % 4
        while len(self.begun) > others:
            for left, right, by_k, type_, sums, result in self.begun.pop(0):
                total = np.int32 if type_ is np.int8 else np.float32
                a, c = left(), self._tile(right, by_k, 2 * len(sums), type_)
                product = a.astype(total) @ c.astype(total).T
                for number, each in enumerate(result):
                    column = 8 * (number // 4) + 2 * pair + number % 2
                    each[:] = sums[number] + product[row + 8 * (number // 2 % 2), column]


def run(
    module: ir.Module,
    memory: Array,
    arguments: list[int],
    blocks: int,
    groups: int,
    shared: int,
) -> None:
    """Runs all blocks of a module's only kernel."""
    (function,) = [
        op.operation
        for holder in module.body.operations
        for op in holder.regions[0].blocks[0].operations
        if op.operation.name == "gpu.func"
    ]
    for block in range(blocks):

        def group(number: int, *shared: Any, block: int = block) -> Warpgroup:
            return Warpgroup(number, block, blocks, memory, *shared)

        run_block(function, arguments, [group] * groups, shared)


def run_block(
    function: ir.Operation, arguments: list[int], groups: Sequence[Callable[..., Warpgroup]], shared: int
) -> None:
    """Runs the warpgroups of a block, which are made of their number and of what they share."""
    meeting, changed = threading.Barrier(len(groups)), threading.Condition()
    bytes_, barriers = np.full(shared, 0x7F, np.uint8), dict[int, Barrier]()
    members = [make(number, bytes_, barriers, meeting, changed) for number, make in enumerate(groups)]
    failures: list[BaseException] = []
    threads = [threading.Thread(target=_work, args=(member, function, arguments, failures)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    assert all(each.pending == each.count and not each.bytes for each in barriers.values()), "unfinished barriers"


def _work(group: Warpgroup, function: ir.Operation, arguments: list[int], failures: list[BaseException]) -> None:
    try:
        with function.context:
            group.run(function, arguments)
        assert not group.products, "expected products to be committed"
        assert not group.begun, "expected products to be waited for"
    except BaseException as error:
        failures.append(error)
        group.meeting.abort()
