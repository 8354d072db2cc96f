# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules compiled for chips that are not here: their host code runs over the recording device, their kernels in the
emulator.
"""

import importlib.util
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mlir import ir

from mograph.targets.amd.chips import CHIPS as AMD
from mograph.targets.cpu.builder import find
from mograph.targets.devices.recording import RecordingDevice
from mograph.targets.gpu.image import Image, Resources
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.nvidia.chips import CHIPS as NVIDIA


def _module(name: str, file: str) -> Any:
    """A module beside this one, which is loaded once by its path."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(file))
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


emulator = _module("gpu_emulator", "emulator.py")
warpgroups = _module("gpu_warpgroups", "warpgroups.py")
GAP = 4096  # bytes between buffers
_NUMBERS = {"subf": np.subtract, "divf": np.divide, "minsi": np.minimum, "maxnumf": np.fmax}
_ORDERED = [np.equal, np.greater, np.greater_equal, np.less, np.less_equal, np.not_equal]
"""What `arith.cmpf` compares by its predicates from 1 on, and from 8 on, where NaN is as wanted."""


class _Block(emulator.Block):  # type: ignore[misc]  # a module that is loaded by its path
    """A block, at `place` in the grid, whose threads may go through loops differently often."""

    def __init__(self, *given: Any, extents: tuple[int, int, int], place: tuple[int, int, int]) -> None:
        super().__init__(*given)
        self.extents, self.place = extents, place

    def _gpu_block_id(self, op: ir.Operation) -> list[Any]:
        axis = next(i for i in range(3) if f"dim {'xyz'[i]}" in str(op.attributes["dimension"]))
        return [np.full(self.threads, self.place[axis])]

    def _gpu_shuffle(self, op: ir.Operation, value: Any, offset: Any, width: Any) -> list[Any]:
        assert self.mask.all(), "expected all threads of a subgroup to exchange values"
        assert (width == self.warp).all(), f"expected the width of subgroups, {self.warp}"
        return [value[np.arange(self.threads) ^ offset], np.ones(self.threads, bool)]

    def _scf_for(self, op: ir.Operation, lo: Any, hi: Any, step: Any, *start: Any) -> list[Any]:
        carried, block, before, at = list(start), op.regions[0].blocks[0], self.mask, lo.copy()
        while (inside := before & (at < hi)).any():
            self.mask = inside
            self.values.update(zip(block.arguments, [at.copy(), *carried], strict=True))
            results = self._block(block)
            for number, (old, new) in enumerate(zip(carried, results, strict=True)):
                if isinstance(new, tuple):
                    carried[number] = new
                else:
                    carried[number] = np.where(inside.reshape(-1, *[1] * (new.ndim - 1)), new, old)
            at = at + step
        self.mask = before
        return carried

    def _scf_if(self, op: ir.Operation, condition: Any) -> list[Any]:
        before = self.mask
        results = []
        for region, mask in zip(op.regions, (before & condition, before & ~condition), strict=True):
            self.mask = mask
            results.append(self._block(region.blocks[0]) if len(region.blocks) and mask.any() else None)
        self.mask = before
        then, other = results
        if not len(op.results) or then is None or other is None:
            return then or other or [np.zeros((self.threads, *emulator.shape_of(r.type)[0])) for r in op.results]
        return [
            np.where(condition.reshape(-1, *[1] * (one.ndim - 1)), one, two)
            for one, two in zip(then, other, strict=True)
        ]

    def _gpu_thread_id(self, op: ir.Operation) -> list[Any]:
        x, y, _ = self.extents
        number, axis = np.arange(self.threads), str(op.attributes["dimension"])
        return [number % x if "dim x" in axis else number // x % y if "dim y" in axis else number // (x * y)]

    def _math_fma(self, op: ir.Operation, x: Any, y: Any, z: Any) -> list[Any]:
        return [(x.astype(np.float64) * y + z).astype(x.dtype)]

    def _vector_broadcast(self, op: ir.Operation, value: Any) -> list[Any]:
        shape, _ = emulator.shape_of(op.results[0].type)
        return [np.broadcast_to(value.reshape(self.threads, *[1] * len(shape)), (self.threads, *shape)).copy()]

    def _vector_step(self, op: ir.Operation) -> list[Any]:
        (count,), type_ = emulator.shape_of(op.results[0].type)
        return [np.broadcast_to(np.arange(count, dtype=type_), (self.threads, count)).copy()]

    def _arith(self, op: ir.Operation, name: str, given: list[Any]) -> Any:
        if name == "bitcast":
            return self._llvm_bitcast(op, given[0])[0]
        if name == "constant" and (hexadecimal := re.search(r"0x([0-9A-F]+)", str(op.attributes["value"]))):
            shape, type_ = emulator.shape_of(op.results[0].type)
            value = np.frombuffer(bytes.fromhex(hexadecimal[1])[::-1], type_)[0]
            return np.full((self.threads, *shape), value, type_)
        if name == "select" and given[0].ndim > 1:
            return np.where(*given)
        if name in _NUMBERS:
            return _NUMBERS[name](*given)
        if name == "cmpf":
            unordered = np.isnan(given[0]) | np.isnan(given[1])
            predicate = ir.IntegerAttr(op.attributes["predicate"]).value
            ordered = _ORDERED[(predicate - 1) % 7](*given)
            return ordered | unordered if predicate > 7 else ordered & ~unordered
        return super()._arith(op, name, given)


class _Group(warpgroups.Warpgroup, _Block):  # type: ignore[misc,name-defined]  # modules that are loaded by their path
    """A warpgroup of such a block."""


class EmulatedTarget(GpuTarget):
    """Compiles for a chip of NVIDIA's or AMD's."""

    name, device, default = "emulated", "recording", "sm_80"
    chips = {**NVIDIA, **AMD}
    dialects = ("nvgpu", "nvvm", "amdgpu", "rocdl")

    def __init__(self, chip: str) -> None:
        super().__init__(chip=chip)
        self.recording = RecordingDevice()

    def open(self) -> RecordingDevice:
        """A device of its own."""
        return self.recording

    def emit(self, module: ir.Module) -> Image:
        """The kernels' names; functions that run them stand in for them."""
        self.module = module  # the operations live as long as it does
        kernels = {}
        for function in find(module.operation, "gpu.func"):
            x, y, z = ir.DenseI32ArrayAttr(function.attributes["known_block_size"])
            name = ir.StringAttr(function.attributes["sym_name"]).value
            kernels[name] = Resources((x, y, z))
            self.recording.kernels[name] = self._stand(function)
        return Image("recording", self.chip.name, b"", kernels)

    def _stand(self, function: ir.Operation) -> Any:
        shared = max([0, *(_bytes(op) for op in find(self.module.operation, "llvm.mlir.global"))])

        def run(words: Sequence[int], grid: tuple[int, int, int], block: tuple[int, int, int]) -> None:
            device = self.recording
            starts = sorted(device._arrays)
            places, end = {}, GAP
            for start in starts:
                places[start] = end
                end += -(-device._size(start) // 256) * 256 + GAP
            memory = np.full(end, 0x7F, np.uint8)
            for start in starts:
                memory[places[start] :][: device._size(start)] = device.view(start, [device._size(start)], "u1")
            before = memory.copy()
            with function.context, ir.Location.unknown():
                pointers = ["ptr" in str(each.type) for each in function.regions[0].blocks[0].arguments]
                given = [places[word] if is_one else word for word, is_one in zip(words, pointers, strict=True)]
                for z, y, x in np.ndindex(*reversed(grid)):
                    threads = block[0] * block[1] * block[2]
                    if find(function, "nvvm.mbarrier.init"):

                        def group(number: int, *shares: Any, x: int = x, y: int = y, z: int = z) -> Any:
                            of_block = {"extents": block, "place": (x, y, z)}
                            return _Group(number, x, grid[0], memory, *shares, **of_block)

                        warpgroups.run_block(function, given, [group] * (threads // warpgroups.SIZE), shared)
                        continue
                    here = _Block(threads, x, self.chip.subgroup, memory, shared, extents=block, place=(x, y, z))
                    here.fnuz = self.chip.name == "gfx942"
                    here.run(function, given)
            for start in starts:
                part = slice(places[start], places[start] + device._size(start))
                device.view(start, [device._size(start)], "u1")[:] = memory[part]
                before[part] = memory[part]
            np.testing.assert_array_equal(before, memory)  # nothing between buffers was written

        return run


def _bytes(op: ir.Operation) -> int:
    return int(str(ir.TypeAttr(op.attributes["global_type"]).value).split("<")[1].split(" ")[0])
