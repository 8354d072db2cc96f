# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.contract`: equations, types, and the reference against plain loops."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes, einsum


def filled(shape: tuple[int, ...], dtype: str, seed: int) -> np.ndarray:
    low = 0 if dtype.startswith("u") else -4
    return np.random.default_rng(seed).integers(low, 5, shape).astype(dtypes.DTYPES[dtype].numpy)


@settings(max_examples=200)
@given(data=st.data())
def test_reference_against_loops(data: st.DataObject) -> None:
    extent = dict(zip("abcd", data.draw(st.tuples(*[st.integers(0, 3)] * 4)), strict=True))
    terms = data.draw(st.lists(st.text("abcd", max_size=3), min_size=1, max_size=3))
    letters = sorted(set("".join(terms)))
    output = "".join(data.draw(st.permutations(letters)))[: data.draw(st.integers(0, len(letters)))]
    arrays = [filled(tuple(extent[letter] for letter in term), "si32", i) for i, term in enumerate(terms)]
    wanted = np.zeros([extent[letter] for letter in output], np.int32)
    for index in itertools.product(*(range(extent[letter]) for letter in letters)):
        at = dict(zip(letters, index, strict=True))
        product = 1
        for term, array in zip(terms, arrays, strict=True):
            product *= int(array[tuple(at[letter] for letter in term)])
        wanted[tuple(at[letter] for letter in output)] += product
    equation = f"{','.join(terms)}->{output}"
    np.testing.assert_array_equal(mo.Contract.evaluate(arrays, equation), wanted)
    inferred = mo.Contract.infer(tuple(mo.TensorType.get(array.shape, "si32") for array in arrays), equation)
    assert tuple(inferred.shape) == wanted.shape


def test_labels() -> None:
    assert einsum.labels("b...a,a", [3, 1]).output == (-1, "b")
    assert einsum.labels("...,i...", [1, 3]) == (((-1,), ("i", -2, -1)), (-2, -1, "i"))
    assert einsum.labels("i->...i", [1]).output == ("i",)


@pytest.mark.parametrize(
    ("equation", "ranks", "message"),
    [
        ("ij", [2, 1], r"expected an equation of 2 terms, one for each input; found 1 in 'ij'"),
        ("ij->k", [2], "expected the letters of the result among those of the inputs, found k in 'ij->k'"),
        ("ij->ii", [2], "expected each letter once in the result, found i twice in 'ij->ii'"),
        ("i", [2], "expected as many letters as input 0 has dimensions, 2; found 'i' in 'i'"),
        ("ij...", [1], "expected at most as many letters as input 0 has dimensions, 1; found 'ij...' in"),
        ("i.j", [2], r"expected an equation of letters, commas, '...' and '->', such as 'ij,jk->ik'; found '\.' in"),
        ("i->j->k", [1], "expected an equation of letters"),
        ("...i->i", [2], "expected an ellipsis in the result, as 1 dimensions of the inputs lie under one"),
    ],
)
def test_wrong_equations(equation: str, ranks: list[int], message: str) -> None:
    with pytest.raises(VerifyError, match=message):
        einsum.labels(equation, ranks)
