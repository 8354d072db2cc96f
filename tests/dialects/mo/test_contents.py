# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Contents of integer tensors: what is known before a graph runs is what it computes."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import mograph as mo
from mograph.dialects.kit import Dim
from mograph.dialects.mo.contents import LIMIT, Contents

HEAD = "mo.graph @f(%x: !mo.tensor<[n, 4, m], f32>, %i: !mo.tensor<[2], si64>) -> "
SHAPE = "%s = mo.shape_of %x : !mo.tensor<[n, 4, m], f32>\n"
S = "!mo.tensor<[3], si64>"

# Each line gives a value of type T, as text, and says how many of its elements are known.
LINES = (
    ("mo.slice %s starts = [-1] stops = [-9] steps = [-2] : " + S, "[2], si64", 2),
    (f"mo.concat %i, %s axis = 0 : !mo.tensor<[2], si64>, {S}", "[5], si64", 3),
    (f"mo.reduce.mul %s : {S}", "[], si64", 1),
    (f"mo.reduce.add %s axes = [0] keepdims : {S}", "[1], si64", 1),
    (f"mo.reduce.add %i : {'!mo.tensor<[2], si64>'}", "[], si64", 0),
    (f"mo.add %s, %s : {S}", "[3], si64", 3),
    (f"mo.mul %s, %five : {S}, !mo.tensor<[], si64>", "[3], si64", 3),
    (f"mo.sub %five, %s : !mo.tensor<[], si64>, {S}", "[3], si64", 3),
    (f"mo.floor_div %s, %five : {S}, !mo.tensor<[], si64>", "[3], si64", 3),
    (f"mo.div %s, %minus : {S}, !mo.tensor<[], si64>", "[3], si64", 1),
    (f"mo.div %minus, %five : {'!mo.tensor<[], si64>'}", "[], si64", 1),
    (f"mo.fmod %minus, %five : {'!mo.tensor<[], si64>'}", "[], si64", 1),
    (f"mo.mod %s, %five : {S}, !mo.tensor<[], si64>", "[3], si64", 3),
    (f"mo.mod %s, %minus : {S}, !mo.tensor<[], si64>", "[3], si64", 1),
    (f"mo.max %s, %five : {S}, !mo.tensor<[], si64>", "[3], si64", 3),
    (f"mo.min %s, %minus : {S}, !mo.tensor<[], si64>", "[3], si64", 3),
    (f"mo.pow %s, %two : {S}, !mo.tensor<[], si64>", "[3], si64", 3),
    (f"mo.negative %s : {S}", "[3], si64", 3),
    (f"mo.abs %s : {S}", "[3], si64", 3),
    (f"mo.sign %s : {S}", "[3], si64", 1),
    (f"mo.less %s, %minus : {S}, !mo.tensor<[], si64>", "[3], i1", 3),
    (f"mo.greater_equal %s, %five : {S}, !mo.tensor<[], si64>", "[3], i1", 1),
    (f"mo.equal %s, %s : {S}", "[3], i1", 3),
    (f"mo.not_equal %s, %five : {S}, !mo.tensor<[], si64>", "[3], i1", 1),
    (f"mo.select %mask, %s, %five : !mo.tensor<[3], i1>, {S}, !mo.tensor<[], si64>", "[3], si64", 3),
    ("mo.not %mask : !mo.tensor<[3], i1>", "[3], i1", 3),
    ("mo.xor %mask, %mask : !mo.tensor<[3], i1>", "[3], i1", 3),
    ("mo.not %bytes : !mo.tensor<[2, 2], ui8>", "[2, 2], ui8", 4),
    ("mo.add %bytes, %bytes : !mo.tensor<[2, 2], ui8>", "[2, 2], ui8", 4),
    ("mo.transpose %bytes perm = [1, 0] : !mo.tensor<[2, 2], ui8>", "[2, 2], ui8", 4),
    ("mo.reduce.add %bytes axes = [1] : !mo.tensor<[2, 2], ui8>", "[2], ui8", 2),
    (f"mo.cast %s : {S} to !mo.tensor<[3], si8>", "[3], si8", 1),
    (f"mo.cast %s : {S} to !mo.tensor<[3], si32>", "[3], si32", 3),
    (f"mo.cast %s : {S} to !mo.tensor<[3], i1>", "[3], i1", 1),
    (f"mo.cast %s : {S} to !mo.tensor<[3], f32>", "[3], f32", 0),
    (f"mo.reshape %s : {S} to !mo.tensor<[1, 3], si64>", "[1, 3], si64", 3),
    (f"mo.broadcast_to %s : {S} to !mo.tensor<[2, 3], si64>", "[2, 3], si64", 6),
    ("mo.iota axis = 1 : !mo.tensor<[2, 2], si16>", "[2, 2], si16", 4),
    ("mo.concat %none, %none axis = 0 : !mo.tensor<[0], si64>", "[0], si64", 0),
)
CONSTANTS = """
%five = mo.constant 5 : !mo.tensor<[], si64>
%two = mo.constant 2 : !mo.tensor<[], si64>
%minus = mo.constant -3 : !mo.tensor<[], si64>
%mask = mo.constant dense<[true, false, true]> : !mo.tensor<[3], i1>
%bytes = mo.constant dense<[[1, 200], [3, 100]]> : !mo.tensor<[2, 2], ui8>
%none = mo.constant dense<> : !mo.tensor<[0], si64>
"""


def program() -> str:
    types = [f"!mo.tensor<{each}>" for _, each, _ in LINES]
    lines = [f"%v{index} = {text}" for index, (text, _, _) in enumerate(LINES)]
    names = ", ".join(f"%v{index}" for index in range(len(LINES)))
    results = ", ".join(types)
    body = SHAPE + CONSTANTS + "\n".join(lines)
    return f"{HEAD}({results}) {{\n{body}\nmo.output {names} : {results}\n}}"


def outputs(module: Any) -> list[Any]:
    *_, terminator = module.body.operations[0].body.blocks[0].operations
    return list(terminator.values)


@given(st.integers(0, 12), st.integers(0, 12))
def test_what_is_known_is_what_is_computed(n: int, m: int) -> None:
    computed = mo.interpret(program())(np.zeros((n, 4, m), np.float32), np.array([7, 8]))
    module, contents = mo.parse(program()), Contents()
    for value, found, (text, _, _) in zip(outputs(module), computed, LINES, strict=True):
        known = contents.of(value)
        for element, number in zip([] if known is None else known.flat, found.flat, strict=known is not None):
            if element is not None:
                extent = element.evaluate({"n": n, "m": m}) if isinstance(element, Dim) else element
                assert extent == number, text


def test_how_much_is_known() -> None:
    module, contents = mo.parse(program()), Contents()
    for value, (text, _, count) in zip(outputs(module), LINES, strict=True):
        known = contents.of(value)
        found = 0 if known is None else sum(each is not None for each in known.flat)
        assert found == count, text


def test_extents_and_scalars() -> None:
    module = mo.parse(f"""{HEAD}({S}, !mo.tensor<[], si64>, {S}) {{
    {SHAPE}
    %one = mo.constant dense<[1]> : !mo.tensor<[1], si64>
    %partly = mo.concat %i, %one axis = 0 : !mo.tensor<[2], si64>, !mo.tensor<[1], si64>
    %product = mo.reduce.mul %s : {S}
    mo.output %s, %product, %partly : {S}, !mo.tensor<[], si64>, {S}
    }}""")
    shape, product, partly = outputs(module)
    contents = Contents()
    assert contents.extents(shape) == (Dim("n"), 4, Dim("m"))
    assert contents.scalar(product) == Dim("n") * Dim("m") * 4
    assert contents.extents(partly) is None
    assert contents.extents(product) is None
    assert contents.scalar(shape) is None


def test_large_constants_are_left_alone() -> None:
    type_ = f"!mo.tensor<[{LIMIT + 1}], si64>"
    text = f"mo.graph @f() -> {type_} {{\n%c = mo.constant 1 : {type_}\nmo.output %c : {type_}\n}}"
    module = mo.parse(text)
    (value,) = outputs(module)
    assert Contents().of(value) is None


def test_a_long_chain_is_no_recursion() -> None:
    type_ = "!mo.tensor<[], si64>"
    lines = [f"%v0 = mo.constant 0 : {type_}", f"%one = mo.constant 1 : {type_}"]
    lines += [f"%v{i + 1} = mo.add %v{i}, %one : {type_}" for i in range(5000)]
    body = "\n".join(lines)
    module = mo.parse(f"mo.graph @f() -> {type_} {{\n{body}\nmo.output %v5000 : {type_}\n}}")
    (value,) = outputs(module)
    assert Contents().scalar(value) == 5000
