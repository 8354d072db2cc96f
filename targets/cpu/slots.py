# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values as words of 64 bits, in which they are handed to code that is compiled apart."""

from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.partial import element_bits

Word = Callable[[int, ir.Type], ir.Value]
"""The word of that number where it arrives, as a value of a type of at most 64 bits."""
Read = Callable[[Builder, Word], ir.Value]
"""The value where it arrives, with a builder that creates there."""


class Slots:
    """The words that values are handed over in, made where `b` creates."""

    def __init__(self, b: Builder) -> None:
        self.b = b
        self.words: list[ir.Value] = []

    def add(self, value: ir.Value) -> Read:
        """Hands a value over; returns how it is read where it arrives."""
        if isinstance(value.type, ir.MemRefType):
            return self._add_memref(value)
        at = len(self.words)
        type_ = value.type
        if isinstance(type_, ir.IndexType):
            self.words.append(self.b.one("arith.index_cast", self.b.i64, value))
            return lambda inner, word: inner.one("arith.index_cast", type_, word(at, inner.i64))
        stored = storage_type(type_)
        if stored != type_:
            there, back = (
                ("arith.extui", "arith.trunci") if element_bits(type_) == 1 else ("arith.bitcast", "arith.bitcast")
            )
            self.words.append(self.b.one(there, stored, value))
            return lambda inner, word: inner.one(back, type_, word(at, stored))
        self.words.append(value)
        return lambda inner, word: word(at, inner.ptr if type_ == self.b.ptr else type_)

    def _add_memref(self, value: ir.Value) -> Read:
        type_ = ir.MemRefType(value.type)
        old, rank, at = Descriptor(self.b, value), type_.rank, len(self.words)
        dims = range(rank)
        self.words += [
            old.allocated(),
            old.aligned(),
            old.offset(),
            *(old.size(i) for i in dims),
            *(old.stride(i) for i in dims),
        ]

        def read(inner: Builder, word: Word) -> ir.Value:
            words = [word(at + i, inner.ptr if i < 2 else inner.i64) for i in range(3 + 2 * rank)]
            return inner.memref(type_, words)

        return read

    def write(self) -> ir.Value:
        """The words, one after the other, on the stack."""
        memory = self.b.stack(self.b.i64, max(1, len(self.words)), 8)
        for i, word in enumerate(self.words):
            self.b.store(word, self.b.address(memory, i, self.b.i64), 8)
        return memory
