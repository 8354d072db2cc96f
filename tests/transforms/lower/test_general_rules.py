# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rules that serve all targets, where the CPU has its own: compiled for it all the same, against the references."""

from typing import Any

import numpy as np
import pytest
from whole_graphs import NUMPY, assert_equal, graph, type_of

import mograph
from mograph.targets.cpu import CpuTarget
from mograph.transforms.lower.registry import LoweringRegistry, ModuleRules
from mograph.transforms.mogg import lower

F32, SI64 = "!mo.tensor<[6, 9], f32>", "!mo.tensor<[6, 9], si64>"
NOTED = "!mo.tensor<[2, k], si64>"
FEW, WHERE = "!mo.tensor<[6, 4], f32>", "!mo.tensor<[6, 4], si64>"
INDICES, TUPLES = "!mo.tensor<[3, 9], si64>", "!mo.tensor<[5, 1], si64>"
TAKEN = "!mo.tensor<[5, 9], f32>"
LONG = "!mo.tensor<[6, 40], f32>"
BOXES, SCORES, CHOSEN = "!mo.tensor<[1, 9, 4], f32>", "!mo.tensor<[1, 2, 9], f32>", "!mo.tensor<[k, 3], si64>"
U = "!mo.tensor<[u], si64>"

CASES = {
    "sort": (f"%r0 = mo.sort %x0 axis = 0 : {F32}", [F32], [F32]),
    "argsort": (f"%r0 = mo.argsort %x0 axis = 1 descending : {F32}", [F32], [SI64]),
    "top_k": (f"%r0, %r1 = mo.top_k %x0 : ({F32}) -> ({FEW}, {WHERE})", [F32], [FEW, WHERE]),
    "bottom_k": (f"%r0, %r1 = mo.bottom_k %x0 : ({F32}) -> ({FEW}, {WHERE})", [F32], [FEW, WHERE]),
    "cumsum": (f"%r0 = mo.cumsum %x0 axis = 0 exclusive : {F32}", [F32], [F32]),
    "cumprod": (f"%r0 = mo.cumprod %x0 axis = 1 reverse : {F32}", [F32], [F32]),
    "non_zero": (f"%r0 = mo.non_zero %x0 : {F32} to {NOTED}", [F32], [NOTED]),
    "gather": (
        f"%r0 = mo.gather %x0, %x1 axis = 0 : {LONG}, {INDICES}",
        [LONG, INDICES],
        ["!mo.tensor<[3, 9, 40], f32>"],
    ),
    "gather_elements": (
        f"%r0 = mo.gather_elements %x0, %x1 axis = 0 : {F32}, {INDICES}",
        [F32, INDICES],
        [TAKEN[:12] + "3, 9], f32>"],
    ),
    "gather_nd": (f"%r0 = mo.gather_nd %x0, %x1 : {F32}, {TUPLES}", [F32, TUPLES], [TAKEN]),
    "scatter": (
        f"%r0 = mo.scatter %x0, %x1, %x2 axis = 0 reduction = add : {F32}, {INDICES}, !mo.tensor<[3, 9], f32>",
        [F32, INDICES, "!mo.tensor<[3, 9], f32>"],
        [F32],
    ),
    "scatter_nd": (
        f"%r0 = mo.scatter_nd %x0, %x1, %x2 reduction = max : {F32}, {TUPLES}, {TAKEN}",
        [F32, TUPLES, TAKEN],
        [F32],
    ),
    "unique": (
        f"%r0, %r1, %r2, %r3 = mo.unique %x0 : ({SI64}) -> ({U}, {U}, !mo.tensor<[54], si64>, {U})",
        [SI64],
        [U, U, "!mo.tensor<[54], si64>", U],
    ),
    "non_max_suppression": (
        f"%r0 = mo.non_max_suppression %x0, %x1 : {BOXES}, {SCORES} to {CHOSEN}",
        [BOXES, SCORES],
        [CHOSEN],
    ),
}


def given(type_: str, random: np.random.Generator) -> Any:
    dims, dtype = type_.removeprefix("!mo.tensor<[").removesuffix(">").split("], ")
    shape = tuple(map(int, dims.split(", ")))
    return random.integers(-3 if dtype == "f32" else 0, 3, shape).astype(NUMPY[dtype])


@pytest.mark.parametrize("name", CASES)
def test_rules_for_all_targets(name: str) -> None:
    line, inputs, outputs = CASES[name]
    text = graph(inputs, outputs, line)
    arrays = [given(each, np.random.default_rng(number)) for number, each in enumerate(inputs)]
    assert [type_of(each) for each in arrays] == inputs
    module = mograph.parse(text)
    (signature,) = lower(module, LoweringRegistry(ModuleRules("mograph.transforms.lower")))
    assert "mogg.library" not in str(module)
    target = CpuTarget()
    found = target.load(target.compile(module)).function(signature)(*arrays)
    assert_equal(found, mograph.interpret(text)(*arrays))
