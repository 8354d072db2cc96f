# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.contract`, compiled, against numpy's einsum."""

import numpy as np
import pytest

import mograph
from mograph.dialects import mo
from mograph.dialects.kit import new_context
from mograph.dialects.mo import dtypes

NAMES = {2: "p", 3: "q", 4: "r", 5: "s"}
CASES = [
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ij,jk->ki", (2, 3), (3, 4)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->j", (2, 3)),
    ("ii->i", (3, 3)),
    ("ii", (3, 3)),
    ("iji->ji", (3, 2, 3)),
    ("i,i->i", (4,), (4,)),
    ("i,i", (4,), (4,)),
    ("i,j->ij", (4,), (3,)),
    ("i,j->ji", (4,), (3,)),
    ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)),
    ("bij,bjk->ikb", (2, 3, 4), (2, 4, 5)),
    ("bhqd,bhkd->bhqk", (2, 3, 4, 5), (2, 3, 2, 5)),
    ("bqhd,bkhd->bhqk", (2, 4, 3, 5), (2, 2, 3, 5)),
    ("ijk,ljk->il", (2, 3, 4), (5, 3, 4)),
    ("ijk,kjl->il", (2, 3, 4), (4, 3, 5)),
    ("ijkl,jl->ik", (2, 3, 4, 5), (3, 5)),
    ("ij,kj,lk->il", (2, 3), (4, 3), (5, 4)),
    ("a,ab,b->", (2,), (2, 3), (3,)),
    ("ab,bc,cd,de->ae", (2, 3), (3, 4), (4, 5), (5, 2)),
    ("ij,jk,ik->i", (2, 3), (3, 4), (2, 4)),
    ("...ij,...jk->...ik", (2, 3, 4), (4, 5)),
    ("...ij,...jk->...ik", (5, 1, 2, 3), (4, 3, 2)),
    ("...i->...", (2, 3)),
    ("i...->...i", (2, 3, 4)),
    ("...ii->...i", (2, 3, 3)),
    ("...,...", (2, 3), (3,)),
    (",ij->ij", (), (2, 3)),
    ("ij,jk->ik", (2, 1), (3, 4)),
    ("ij,ij->ij", (1, 3), (2, 1)),
    ("ij,ij->i", (1, 3), (2, 1)),
    ("ba", (2, 3)),
    (" i j , jk -> ik ", (2, 3), (3, 4)),
    ("ij,jk->ik", (2, 0), (0, 4)),
    ("ij,jk->ik", (0, 3), (3, 4)),
]


def filled(shape: tuple[int, ...], dtype: str, seed: int) -> np.ndarray:
    low = 0 if dtype.startswith("u") else -4
    return np.random.default_rng(seed).integers(low, 5, shape).astype(dtypes.DTYPES[dtype].numpy)


def text(equation: str, shapes: list[tuple[object, ...]], dtype: str) -> str:
    with new_context("mo"):
        types = [mo.TensorType.get(shape, dtype) for shape in shapes]
        result = mo.Contract.infer(tuple(types), equation)
        return written(equation, types, result)


def written(equation: str, types: list[mo.TensorType], result: mo.TensorType) -> str:
    arguments = ", ".join(f"%x{i}: {type_}" for i, type_ in enumerate(types))
    names = ", ".join(f"%x{i}" for i in range(len(types)))
    listed = ", ".join(map(str, types))
    return f"""
mo.graph @f({arguments}) -> {result} {{
  %r = mo.contract {names} equation = "{equation}" : {listed}
  mo.output %r : {result}
}}"""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_compiled_and_reference_are_numpy_s(case: tuple[object, ...]) -> None:
    equation, *shapes = case
    arrays = [filled(shape, "f32", i) for i, shape in enumerate(shapes)]
    wanted = np.einsum(equation, *arrays)
    named = [tuple(NAMES.get(dim, dim) for dim in shape) for shape in shapes]
    for given_shapes in (shapes, named):
        source = text(equation, given_shapes, "f32")
        for run in (mograph.interpret, mograph.compile):
            found = run(source)(*arrays)
            assert found.dtype == np.float32
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("dtype", ["si8", "ui64", "f16", "bf16", "f64", "f8E4M3FN"])
@pytest.mark.parametrize("case", [CASES[0], CASES[6], CASES[20]], ids=str)
def test_dtypes(case: tuple[object, ...], dtype: str) -> None:
    equation, *shapes = case
    arrays = [filled(shape, dtype, i) for i, shape in enumerate(shapes)]
    wide = [array.astype(np.float64 if dtype[0] in "fb" else np.int64) for array in arrays]
    wanted = np.einsum(equation, *wide).astype(arrays[0].dtype)
    for run in (mograph.interpret, mograph.compile):
        np.testing.assert_array_equal(run(text(equation, shapes, dtype))(*arrays), wanted)


def test_chains_of_narrow_floats_are_rounded_once() -> None:
    ones, small = np.ones((1, 4096), np.float16), np.full((1, 1), 2**-12, np.float16)
    source = text("ij,ij,kl->ik", [(1, 4096), (1, 4096), (1, 1)], "f16")
    assert mograph.compile(source)(ones, ones, small).tolist() == [[1]]
    big = np.full((1, 1), 300, np.float16)
    assert mograph.compile(text("ij,jk,kl->il", [(1, 1)] * 3, "f16"))(big, big, small).tolist() == [[21.96875]]


@pytest.mark.parametrize("equation", ["ij,jk->ik", "ij,kj->ik", "ji,jk->ik", "ji,kj->ik", "ij,jk->ki", "ij,kj->ki"])
@pytest.mark.parametrize(
    ("dtype", "extents"),
    [("f32", (70, 531, 45)), ("si8", (70, 131, 77)), ("f64", (33, 65, 129)), ("f16", (40, 70, 50))],
)
def test_large_products_in_every_order(equation: str, dtype: str, extents: tuple[int, int, int]) -> None:
    extent = dict(zip("ijk", extents, strict=True))
    shapes = [tuple(extent[letter] for letter in term) for term in equation.split("->")[0].split(",")]
    arrays = [filled(shape, dtype, i) for i, shape in enumerate(shapes)]
    wanted = np.einsum(equation, *(array.astype(np.int64) for array in arrays)).astype(arrays[0].dtype)
    named = [tuple(f"n{dim}" for dim in shape) for shape in shapes]
    for given in (shapes, named):
        np.testing.assert_array_equal(mograph.compile(text(equation, given, dtype))(*arrays), wanted)
