# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""References of `mo.attention` and `mo.rope` against plain loops, and their types."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError


def attended(q, k, v, mask, scale, causal, softcap):
    """One query row after the other, in Python's numbers. The mask is of the full shape."""
    batch, heads, length, size = q.shape
    each = heads // k.shape[1]
    result = np.zeros((batch, heads, length, v.shape[3]))
    for b, h, i in np.ndindex(batch, heads, length):
        weights = []
        for j in range(k.shape[2]):
            s = scale * math.fsum(float(x) * float(y) for x, y in zip(q[b, h, i], k[b, h // each, j], strict=True))
            s = softcap * math.tanh(s / softcap) if softcap else s
            attends = (j <= i or not causal) and mask[b, h, i, j] is not np.False_
            weights.append(math.exp(s + (mask[b, h, i, j] if mask.dtype != bool else 0)) if attends else 0.0)
        for w, row in zip(weights, v[b, h // each], strict=True):
            result[b, h, i] += w / math.fsum(weights) * row if math.fsum(weights) else 0
    return result


@settings(max_examples=60)
@given(
    groups=st.integers(1, 2),
    each=st.integers(1, 3),
    length=st.integers(0, 3),
    keys=st.integers(0, 3),
    causal=st.booleans(),
    softcap=st.sampled_from([0.0, 0.7]),
    boolean=st.booleans(),
    seed=st.integers(0, 99),
)
def test_attention(groups, each, length, keys, causal, softcap, boolean, seed) -> None:
    random = np.random.default_rng(seed)
    q = random.standard_normal((2, groups * each, length, 4))
    k, v = random.standard_normal((2, groups, keys, 4)), random.standard_normal((2, groups, keys, 3))
    mask = random.standard_normal((2, groups * each, length, keys))
    mask = mask > 0 if boolean else mask
    found = mo.Attention.evaluate(q, k, v, mask, None, causal, softcap)
    np.testing.assert_allclose(found, attended(q, k, v, mask, 0.5, causal, softcap), 1e-12, 1e-12)


def test_attention_types(tensor) -> None:
    q, k, v = tensor(["b", 8, "n", 64]), tensor(["b", 2, "m", 64]), tensor(["b", 2, "m", 32])
    assert mo.Attention.infer(q, k, v, tensor(["n", "m"], "i1"), 0.0) == tensor(["b", 8, "n", 32])
    for operands, message in (
        ((tensor([8, "n", 64]), k, v, None), r"expected query of rank 4, found \[8, n, 64\]"),
        ((q, tensor(["b", 2, "m", 32]), v, None), r"expected key of shape \[b, 2, m, 64\] for the other operands"),
        ((q, k, tensor(["b", 2, "n", 32]), None), r"expected value of shape \[b, 2, m, 32\] for the other operands"),
        (
            (tensor(["b", 3, "n", 64]), k, v, None),
            "expected the heads of key and value, 2, to divide those of query, 3",
        ),
        ((q, k, v, tensor(["m", "n"])), "of the mask: expected"),
        ((q, k, v, tensor(["n", "m"], "si8")), r"expected the mask, other than bool \(i1\), to be a float, found si8"),
    ):
        with pytest.raises(VerifyError, match=message):
            mo.Attention.infer(*operands, 0.0)
    with pytest.raises(VerifyError, match="expected a softcap of 0 or more, found -1"):
        mo.Attention.infer(q, k, v, None, -1.0)


@given(pairs=st.integers(0, 4), interleaved=st.booleans(), seed=st.integers(0, 99))
def test_rope_turns_pairs(pairs: int, interleaved: bool, seed: int) -> None:
    random = np.random.default_rng(seed)
    x, angle = random.standard_normal((2, 3, 2 * pairs)), random.uniform(-4, 4, (3, pairs))
    found = mo.Rope.evaluate(x, np.cos(angle), np.sin(angle), interleaved)
    for b, i, pair in np.ndindex(2, 3, pairs):
        places = (2 * pair, 2 * pair + 1) if interleaved else (pair, pair + pairs)
        turned = complex(*x[b, i, list(places)]) * cmath.exp(1j * angle[i, pair])
        np.testing.assert_allclose(found[b, i, list(places)], [turned.real, turned.imag], 1e-13, 1e-13)


def test_rope_types(tensor) -> None:
    angles = tensor(["n", "d floordiv 2"])
    assert mo.Rope.infer(tensor(["b", "n", "d"]), angles, angles) == tensor(["b", "n", "d"])
    for operands, message in (
        ((tensor(["n", 5]), angles, angles), "expected an even last dimension of the input, found 5"),
        ((tensor([]), tensor([]), tensor([])), r"expected an input of rank 1 or more, found \[\]"),
        ((tensor(["n", 8]), tensor(["n", 4]), tensor([4])), "expected cos and sin of equal shape, found"),
        ((tensor(["n", 8]), tensor(["n", 8]), tensor(["n", 8])), "of cos and sin: expected"),
        ((tensor(["n", 8], "si8"), tensor([4], "si8"), tensor([4], "si8")), "expected dtype to be a float, found si8"),
    ):
        with pytest.raises(VerifyError, match=message):
            mo.Rope.infer(*operands)
