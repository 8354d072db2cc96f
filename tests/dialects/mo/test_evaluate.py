# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""References called through the kit, on operations parsed from text: operands, attributes, types and regions arrive."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from mlir import ir

from mograph.dialects import mo
from mograph.dialects.kit import evaluate

T2 = "!mo.tensor<[2], f32>"


def run(arguments: str, text: str, operands: Sequence[object], regions: Sequence[Callable | None] = ()) -> list:
    """The results of the first operation of a graph with these arguments."""
    module = ir.Module.parse(f"mo.graph @test({arguments}) {{\n{text}\nmo.output\n}}")
    op = module.body.operations[0].body.blocks[0].operations[0]
    types = [
        mo.TensorType(result.type) if mo.TensorType.isinstance(result.type) else result.type for result in op.results
    ]
    shapes = [[dim if isinstance(dim, int) else -1 for dim in getattr(type_, "shape", ())] for type_ in types]
    return evaluate(type(op), op, operands, types, shapes, regions)


@pytest.mark.parametrize(
    ("arguments", "text", "operands", "expected"),
    [
        (f"%x: {T2}", f"%0 = mo.add %x, %x : {T2}", [[1, 2], [3, 4]], [4, 6]),
        (f"%x: {T2}", f"%0 = mo.cast %x : {T2} to !mo.tensor<[2], si8>", [[1.5, 300]], [1, 127]),
        (f"%x: {T2}", f"%0 = mo.gelu %x approximate = tanh : {T2}", [[0, 100]], [0, 100]),
        (f"%x: {T2}", f"%0 = mo.reduce.add %x : {T2}", [[1, 2]], 3),
        (f"%x: {T2}", f"%0 = mo.reduce.max %x axes = [0] keepdims : {T2}", [[1, 2]], [2]),
        (f"%x: {T2}", f"%0 = mo.reduce.arg_max %x axis = -1 : {T2}", [[1, 2]], 1),
        (f"%x: {T2}", f"%0 = mo.softmax %x : {T2}", [[5, 5]], [0.5, 0.5]),
        (f"%x: {T2}", f"%0 = mo.reshape %x : {T2} to !mo.tensor<[m, 1], f32>", [[1, 2]], [[1], [2]]),
        (f"%x: {T2}", f"%0 = mo.concat %x, %x axis = 0 : {T2}", [[1, 2], [3, 4]], [1, 2, 3, 4]),
        (f"%x: {T2}", f"%0 = mo.slice %x starts = [1] stops = [2] steps = [1] : {T2}", [[1, 2]], [2]),
        ("", "%0 = mo.iota axis = 1 : !mo.tensor<[2, 3], ui8>", [], [[0, 1, 2], [0, 1, 2]]),
        ("", "%0 = mo.constant dense<[1, 2]> : !mo.tensor<[2], si16>", [], [1, 2]),
    ],
)
def test_one_result(arguments: str, text: str, operands: list, expected: object) -> None:
    (found,) = run(arguments, text, [np.array(operand, np.float32) for operand in operands])
    assert found.tolist() == expected


def test_random() -> None:
    types = "!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>"
    scalars = [np.float32(0), np.float32(1), np.int64(3)]
    (found,) = run(
        "%m: !mo.tensor<[], f32>, %k: !mo.tensor<[], si64>",
        f"%0 = mo.static.random.normal %m, %m, %k : ({types}) -> !mo.tensor<[3, 2], f32>",
        scalars,
    )
    (other,) = run(
        "%s: !mo.tensor<[2], si64>, %m: !mo.tensor<[], f32>, %k: !mo.tensor<[], si64>",
        f"%0 = mo.random.normal %s, %m, %m, %k : (!mo.tensor<[2], si64>, {types}) -> !mo.tensor<[n, 2], f32>",
        [np.array([3, 2]), *scalars],
    )
    assert found.shape == (3, 2)
    assert found.tobytes() == other.tobytes()


def test_several_results() -> None:
    found = run(
        f"%x: {T2}",
        f"%0:2 = mo.shard_and_stack(%x, %x) axis = 0 devices = [gpu:0, gpu:1] : {T2}",
        [np.float32([1, 2]), np.float32([3, 4])],
    )
    assert [part.tolist() for part in found] == [[[1], [3]], [[2], [4]]]


def test_regions() -> None:
    scalar = "!mo.tensor<[], si32>"
    (found,) = run(
        f"%x: {scalar}, %c: !mo.tensor<[], i1>",
        f"""%0 = mo.while(%x : {scalar}) -> {scalar} {{
            ^bb0(%k: {scalar}):
              mo.condition %c, %k : {scalar}
            }} do {{
            ^bb0(%k: {scalar}):
              mo.yield %k : {scalar}
            }}""",
        [np.int32(1)],
        [lambda k: [k < 100, k], lambda k: [k * 3]],
    )
    assert found.tolist() == 243
    assert run("%c: !mo.tensor<[], i1>", "mo.if %c {\nmo.yield\n}", [np.bool_(False)], [list, None]) == []


def test_a_chain_is_no_array() -> None:
    assert run("", "%0 = mo.chain.create", []) == [None]
