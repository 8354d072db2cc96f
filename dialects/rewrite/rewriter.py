# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a rewrite written in Python changes the IR with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mlir import ir

from mograph import _native


class Rewriter:
    """Changes the IR so that the driver knows of it. It is valid during one call, and raises `ValueError` after.

    Ops may be built by any of MLIR's builders where this object put the insertion point: before the matched op, or
    inside `with rewriter.before(op):` and its kin. Everything else goes through the methods here: an op that is erased
    behind the driver's back is one that the driver will look at again.
    """

    def __init__(self, handle: "_native.Rewriter") -> None:
        self._handle = handle

    @property
    def changed(self) -> bool:
        """Whether anything changed."""
        return self._handle.changed

    @contextmanager
    def before(self, op: Any) -> Iterator[None]:
        """Build before an op."""
        self._handle.enter_before(op.operation)
        try:
            with ir.InsertionPoint(op.operation):
                yield
        finally:
            self._handle.leave()

    @contextmanager
    def after(self, op: Any) -> Iterator[None]:
        """Build after an op."""
        self._handle.enter_after(op.operation)
        try:
            with ir.InsertionPoint.after(op.operation):
                yield
        finally:
            self._handle.leave()

    @contextmanager
    def at_end(self, block: Any) -> Iterator[None]:
        """Build at the end of a block, after its last op."""
        self._handle.enter_at_end(block)
        try:
            with ir.InsertionPoint(block):
                yield
        finally:
            self._handle.leave()

    @contextmanager
    def at_begin(self, block: Any) -> Iterator[None]:
        """Build at the begin of a block."""
        first = next(iter(block.operations), None)
        with self.at_end(block) if first is None else self.before(first):
            yield

    def insert(self, op: Any) -> Any:
        """Insert a detached op where building goes on, and return it."""
        ir.InsertionPoint.current.insert(op)
        return op

    def replace(self, op: Any, replacement: Any) -> None:
        """Replace an op by another op, a value, or a list of values, one for each result; erase it."""
        self._handle.replace(op.operation, _values(replacement))

    def erase(self, op: Any) -> None:
        """Erase an op, whose results must have no uses."""
        used = next((result for result in op.operation.results if next(iter(result.uses), None) is not None), None)
        if used is not None:
            raise ValueError(f"'{op.operation.name}' cannot be erased: its result {used.result_number} is used")
        self._handle.erase(op.operation)

    def replace_all_uses(self, value: Any, replacement: Any) -> None:
        """Use another value wherever `value` is used."""
        self._handle.replace_all_uses(value, replacement)

    @contextmanager
    def modify(self, op: Any) -> Iterator[None]:
        """Change an op in place: its attributes, operands or location. The match must be certain before."""
        self._handle.start_modification(op.operation)
        try:
            yield
        except BaseException:
            self._handle.cancel_modification(op.operation)
            raise
        self._handle.finish_modification(op.operation)

    def move_before(self, op: Any, other: Any) -> None:
        """Move an op to just before another."""
        self._handle.move_before(op.operation, other.operation)

    def move_after(self, op: Any, other: Any) -> None:
        """Move an op to just after another."""
        self._handle.move_after(op.operation, other.operation)

    def create_block_before(self, block: Any, types: Sequence[Any] = (), locations: Sequence[Any] | None = None) -> Any:
        """Make an empty block before another, with arguments of the types, and return it."""
        region, where = block.region, _index(block.region.blocks, block)
        here = [block.owner.location] * len(types)
        self._handle.create_block_before(block, list(types), here if locations is None else list(locations))
        return region.blocks[where]

    def erase_block(self, block: Any) -> None:
        """Erase a block and the ops in it, whose results must have no uses elsewhere."""
        self._handle.erase_block(block)

    def move_block_before(self, block: Any, other: Any) -> None:
        """Move a block to just before another, of whatever region."""
        self._handle.move_block_before(block, other)

    def inline_block_before(self, block: Any, op: Any, arguments: Sequence[Any] = ()) -> None:
        """Move a block's ops to just before `op`, with `arguments` for its arguments; erase the block."""
        self._handle.inline_block_before(block, op.operation, _checked(block, arguments))

    def merge_blocks(self, source: Any, into: Any, arguments: Sequence[Any] = ()) -> None:
        """Move the ops of `source` to the end of `into`, with `arguments` for its arguments; erase `source`."""
        self._handle.merge_blocks(source, into, _checked(source, arguments))

    def inline_region_before(self, region: Any, block: Any) -> None:
        """Move the blocks of a region to just before a block; the region is empty afterwards."""
        owner = region.owner.operation
        self._handle.inline_region_before(owner, _index(owner.regions, region), block)

    def notify_match_failure(self, op: Any, reason: str) -> bool:
        """Note why a pattern does not match, for `mo-opt --debug-only=greedy-rewriter`; return False."""
        self._handle.note_match_failure(op.operation, reason)
        return False


def _values(replacement: Any) -> list[Any]:
    if isinstance(replacement, ir.Value):
        return [replacement]
    if isinstance(replacement, ir.OpView | ir.Operation):
        return list(replacement.operation.results)
    return list(replacement)


def _checked(block: Any, arguments: Sequence[Any]) -> list[Any]:
    if len(arguments) != len(block.arguments):
        raise ValueError(f"a block of {len(block.arguments)} arguments cannot be inlined with {len(arguments)} values")
    return list(arguments)


def _index(sequence: Any, wanted: Any) -> int:
    return next(i for i, each in enumerate(sequence) if each == wanted)
