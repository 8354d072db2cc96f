# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where the elements of a factor's tile are in shared memory.

A tile is made of lines, of elements along k or of such along m or n. The chunks of 16 bytes of a line are permuted by
the line's number, so that eight lines can be read at the same place in the line without two of them in the same banks.
"""

from mograph._records import record
from mograph.targets.gpu.narrow import Narrow, Number

CHUNK = 16  # bytes that a thread reads or writes at once
PERIOD = 8  # lines after which places repeat


@record
class Layout:
    """A tile of `size` elements along m or n and `depth` along k, of `bytes` each. `by_k` is whether lines are of k."""

    size: int
    depth: int
    bytes: int
    by_k: bool

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self.size if self.by_k else self.depth

    @property
    def line(self) -> int:
        """Bytes of a line."""
        return (self.depth if self.by_k else self.size) * self.bytes

    @property
    def total(self) -> int:
        """Bytes of the tile."""
        return self.lines * self.line

    def place(self, i: Narrow, line: Number, chunk: Number) -> Number:
        """The byte of the tile at which a chunk of a line begins."""
        chunks = self.line // CHUNK
        shift = max(0, (PERIOD // chunks).bit_length() - 1)
        turned = i.both(i.shift(line, shift), min(PERIOD, chunks) - 1)
        return i.add(i.mul(line, self.line), i.mul(i.differ(chunk, turned), CHUNK))
