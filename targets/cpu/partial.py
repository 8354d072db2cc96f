# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loads and stores of vectors of which only the first elements exist."""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.nest import storage_type


def element_bits(type_: ir.Type) -> int:
    """Bits of an element; an index has 64."""
    return int(type_.width) if isinstance(type_, (ir.IntegerType, ir.FloatType)) else 64


def element_bytes(type_: ir.Type) -> int:
    """Bytes that an element takes in memory."""
    return element_bits(storage_type(type_)) // 8


class Partial:
    """Accesses `count` elements of a vector; all of them when that is None. Elements that do not exist are neither read
    nor written.

    By masked instructions where `masks` says that the machine has them for all types, else element by element through a
    vector on the stack.
    """

    def __init__(self, b: Builder, masks: bool) -> None:
        self.b = b
        self.masks = masks
        self._buffers: dict[ir.Type, ir.Value] = {}

    def load(self, type_: ir.Type, address: ir.Value, count: Int | None) -> ir.Value:
        """A vector of a storage type; what does not exist is zero or undefined."""
        b, vector = self.b, ir.VectorType(type_)
        bytes_ = element_bytes(vector.element_type)
        if count is None:
            return b.load(type_, address, bytes_)
        if self.masks:
            return b.load_lanes(type_, address, bytes_, self.mask(vector.shape[0], count))
        buffer = self._buffer(vector)
        self._copy(address, buffer, vector.element_type, count)
        return b.load(type_, buffer, bytes_)

    def store(self, value: ir.Value, address: ir.Value, count: Int | None) -> None:
        """Stores a vector of a storage type."""
        b, vector = self.b, ir.VectorType(value.type)
        bytes_ = element_bytes(vector.element_type)
        if count is None:
            b.store(value, address, bytes_)
        elif self.masks:
            b.store_lanes(value, address, bytes_, self.mask(vector.shape[0], count))
        else:
            buffer = self._buffer(vector)
            b.store(value, buffer, bytes_)
            self._copy(buffer, address, vector.element_type, count)

    def mask(self, width: int, count: Int) -> ir.Value:
        """True for the first `count` of `width` elements."""
        b = self.b
        lanes = ir.VectorType.get([width], b.i32)
        numbers = b.constant(
            lanes, ir.DenseElementsAttr.get([ir.IntegerAttr.get(b.i32, i) for i in range(width)], lanes)
        )
        limit = b.one("vector.broadcast", lanes, b.one("arith.trunci", b.i32, b.value(count)))
        return b.one(
            "arith.cmpi", ir.VectorType.get([width], b.i1), numbers, limit, predicate=ir.IntegerAttr.get(b.i64, 2)
        )  # signed less

    def _buffer(self, type_: ir.VectorType) -> ir.Value:
        if type_ not in self._buffers:
            self._buffers[type_] = self.b.stack(type_.element_type, type_.shape[0], 64)
        return self._buffers[type_]

    def _copy(self, source: ir.Value, target: ir.Value, element: ir.Type, count: Int) -> None:
        b, bytes_ = self.b, element_bytes(element)

        def one(index: ir.Value, _: list[ir.Value]) -> list[ir.Value]:
            b.store(
                b.load(element, b.address(source, index, element), bytes_), b.address(target, index, element), bytes_
            )
            return []

        b.loop(0, count, 1, [], one)
