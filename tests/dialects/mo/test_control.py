# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The references of operations with regions, and constants."""

from types import SimpleNamespace

import numpy as np
import pytest

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo.flow import flows_into


def test_while_repeats() -> None:
    def cond(i: int, total: int) -> list:
        return [i < 4, i, total]

    def body(i: int, total: int) -> list:
        return [i + 1, total + i]

    assert mo.While.evaluate([0, 10], cond, body) == [4, 16]


def test_while_gives_what_the_condition_passes_on() -> None:
    """The values of the last condition are the results, of no trip too."""
    assert mo.While.evaluate([7], lambda x: [False, x * 2], None) == [14]


def test_while_types(tensor) -> None:
    mo.While.check((tensor([2]), tensor([], "si32")), (tensor([2]), tensor([], "si32")))
    mo.While.check((), ())
    mo.While.check((tensor([2, 4]),), (tensor(["k", 4]),))
    with pytest.raises(
        VerifyError, match=r"of the carried type, !mo.tensor<\[3\], f32>, .*; found !mo.tensor<\[2\], f32>"
    ):
        mo.While.check((tensor([2]),), (tensor([3]),))


@pytest.mark.parametrize(
    ("source", "target", "fits"),
    [
        (([2, "n"], "f32"), ([2, "n"], "f32"), True),
        (([2, "n"], "f32"), (["a", "b"], "f32"), True),
        (([2, "n"], "f32"), (["n", 2], "f32"), False),
        (([2], "f32"), (["k + 1"], "f32"), False),
        (([2], "f32"), (["k"], "f16"), False),
        (([2], "f32"), (["k", "l"], "f32"), False),
        (([], "f32"), ([], "f32"), True),
    ],
)
def test_what_flows_into_what(tensor, source: tuple, target: tuple, fits: bool) -> None:
    assert flows_into(tensor(*source), tensor(*target)) == fits


def test_a_buffer_is_no_tensor(tensor) -> None:
    buffer = mo.BufferType.get([2], "f32")
    assert flows_into(buffer, mo.BufferType.get(["k"], "f32"))
    assert not flows_into(buffer, tensor(["k"]))
    assert not flows_into(tensor([2]), mo.BufferType.get(["k"], "f32"))
    assert not flows_into(mo.ChainType.get(), tensor(["k"]))


def test_if_takes_one_branch() -> None:
    assert mo.If.evaluate(np.array(True), lambda: [1, 2], None) == [1, 2]
    assert mo.If.evaluate(np.array(False), lambda: [1, 2], lambda: [3, 4]) == [3, 4]
    assert mo.If.evaluate(np.array(False), list, None) == []


def constant(shape: list[int], dtype: str) -> SimpleNamespace:
    return SimpleNamespace(type=SimpleNamespace(shape=shape, element_type=dtype))


def test_constants(tensor) -> None:
    mo.Constant.check(constant([2, 3], "si32"), tensor([2, 3], "si32", "gpu:0"))
    with pytest.raises(VerifyError, match=r"expected a static shape, found \[n\]"):
        mo.Constant.check(constant([2], "f32"), tensor(["n"]))
    with pytest.raises(VerifyError, match=r"expected a value of shape \[2\] and dtype f32, found \[3\] and f32"):
        mo.Constant.check(constant([3], "f32"), tensor([2]))
    with pytest.raises(VerifyError, match=r"expected a value of shape \[2\] and dtype f32, found \[2\] and si32"):
        mo.Constant.check(constant([2], "si32"), tensor([2]))


def test_weights(tensor) -> None:
    mo.ConstantExternal.check("w", tensor([2, 3]))
    with pytest.raises(VerifyError, match="expected the name of a weight, found an empty one"):
        mo.ConstantExternal.check("", tensor([2, 3]))
    with pytest.raises(VerifyError, match=r"expected a static shape, found \[n, 3\]"):
        mo.ConstantExternal.check("w", tensor(["n", 3]))


def test_a_chain_starts_with_nothing() -> None:
    assert mo.ChainCreate.infer() == mo.ChainType.get()
    assert mo.ChainCreate.evaluate() is None
