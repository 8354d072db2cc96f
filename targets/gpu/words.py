# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values of any type as words of 32 bits, which is what threads of a subgroup exchange."""

from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.builder import Builder


def bits_of(type_: ir.Type) -> int:
    """How many bits a number or a vector of numbers has."""
    if isinstance(type_, ir.VectorType):
        count = 1
        for extent in type_.shape:
            count *= extent
        return count * bits_of(type_.element_type)
    width: int = type_.width
    return width


def by_words(b: Builder, value: ir.Value, each: Callable[[ir.Value], ir.Value]) -> ir.Value:
    """The value whose words `each` has replaced. Raises ValueError for more than 32 bits that are no whole words."""
    bits, i32 = bits_of(value.type), b.i32
    if bits < 32:
        narrow = ir.IntegerType.get_signless(bits)
        word = b.one("arith.extui", i32, _as(b, narrow, value))
        return _as(b, value.type, b.one("arith.trunci", narrow, each(word)))
    if bits == 32:
        return _as(b, value.type, each(_as(b, i32, value)))
    if bits % 32:
        raise ValueError(f"expected whole words of 32 bits, found {value.type}")
    words = ir.VectorType.get([bits // 32], i32)
    result = given = _as(b, words, value)
    for number in range(bits // 32):
        at = {"static_position": ir.DenseI64ArrayAttr.get([number])}
        word = each(b.one("vector.extract", i32, given, **at))
        result = b.one("vector.insert", words, word, result, **at)
    return _as(b, value.type, result)


def _as(b: Builder, type_: ir.Type, value: ir.Value) -> ir.Value:
    return value if value.type == type_ else b.one("llvm.bitcast", type_, value)
