# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Vectors of elements that lie a few apart in memory. Nothing is read beyond the last of them."""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int

BEYOND = 1 << 30  # a lane that does not exist


class Strided:
    """Makes such loads with builder `b`."""

    def __init__(self, b: Builder) -> None:
        self.b = b

    def load(
        self, type_: ir.Type, address: ir.Value, step: int, alignment: int, lanes: ir.Value | None = None
    ) -> ir.Value:
        """A vector of elements `step` apart; of those that a mask made by `mask` lacks, where one is given, 0."""
        b, width = self.b, ir.VectorType(type_).shape[0]
        element = ir.VectorType(type_).element_type
        if step == 1:
            return b.load_lanes(type_, address, alignment, lanes)
        if lanes is not None:
            wide = b.load_lanes(ir.VectorType.get([width * step], element), address, alignment, lanes)
            every = ir.DenseI64ArrayAttr.get(range(0, width * step, step))
            return b.one("vector.shuffle", type_, wide, wide, mask=every)
        # As many vectors as it takes, the last of which ends with the last element.
        found: ir.Value | None = None
        covered = 0
        while covered < width:
            start = min(covered * step, (width - 1) * step + 1 - width)
            piece = b.load(type_, b.address(address, start, element), alignment)
            end = min(width, (start + width - 1) // step + 1)
            places = [i * step - start if covered <= i < end else 0 for i in range(width)]
            if found is None:
                found = b.one("vector.shuffle", type_, piece, piece, mask=ir.DenseI64ArrayAttr.get(places))
            else:
                chosen = [place + width if i >= covered else i for i, place in enumerate(places)]
                found = b.one("vector.shuffle", type_, found, piece, mask=ir.DenseI64ArrayAttr.get(chosen))
            covered = end
        assert found is not None
        return found

    def mask(self, width: int, step: int, end: Int, start: Int = 0) -> ir.Value:
        """The lanes start <= i < end of `width`, as a mask of the elements that lie there `step` apart."""
        b, count = self.b, width * step
        vector = ir.VectorType.get([count], b.i32)
        numbers = [i // step if i % step == 0 else BEYOND for i in range(count)]
        lanes = b.constant(vector, ir.DenseElementsAttr.get([ir.IntegerAttr.get(b.i32, n) for n in numbers], vector))
        if not isinstance(start, int) or start:
            lanes = b.one("arith.subi", vector, lanes, self._spread(vector, start))
        limit = self._spread(vector, b.sub(end, start))
        unsigned_less = ir.IntegerAttr.get(b.i64, 6)
        return b.one("arith.cmpi", ir.VectorType.get([count], b.i1), lanes, limit, predicate=unsigned_less)

    def _spread(self, vector: ir.Type, value: Int) -> ir.Value:
        b = self.b
        return b.one("vector.broadcast", vector, b.one("arith.trunci", b.i32, b.value(value)))
