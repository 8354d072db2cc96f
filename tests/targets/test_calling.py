# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls with arrays of every make, and the errors for those that do not fit."""

import os
import threading
from collections.abc import Callable

import ml_dtypes
import numpy as np
import pytest

from mograph import _runtime
from mograph.targets.signature import Arg, Expression, Signature

from .conftest import Build, compile_text, elementwise, signature

F32 = np.float32
ADD = elementwise("%r = arith.addf %0, %1 : f32", ["f32"] * 2)


@pytest.fixture(scope="module")
def add(build: Build) -> Callable[..., np.ndarray]:
    function: Callable[..., np.ndarray] = build(ADD, [("f32", "n"), ("f32", "n")], [("f32", "n")])
    return function


def test_by_position_and_by_name(add: Callable[..., np.ndarray]) -> None:
    a, b = np.arange(5, dtype=F32), np.ones(5, F32)
    for out in (add(a, b), add(a, b=b), add(b=b, a=a)):
        np.testing.assert_array_equal(out, a + b)
        assert out.flags.writeable
        assert out.flags.c_contiguous
    assert repr(add) == "<compiled function f>"


def test_what_cannot_be_read_in_place_is_copied(add: Callable[..., np.ndarray]) -> None:
    a = np.arange(20, dtype=F32)
    odd = np.frombuffer(b"\0" + a.tobytes(), np.uint8)[1:].view(F32)
    frozen = a.copy()
    frozen.flags.writeable = False
    for other in (
        a[::-1],
        np.repeat(a, 2)[::2],
        a.astype(">f4"),
        odd,
        frozen,
        np.broadcast_to(F32(3), 20),
        memoryview(a),
    ):
        np.testing.assert_array_equal(add(a, other), a + np.asarray(other))


def test_arrays_of_other_libraries_by_dlpack(add: Callable[..., np.ndarray]) -> None:
    class Foreign:
        def __init__(self, array: np.ndarray) -> None:
            self.array = array

        def __dlpack__(self, **options: object) -> object:
            return self.array.__dlpack__(**options)

        def __dlpack_device__(self) -> tuple[int, int]:
            return self.array.__dlpack_device__()

    a = np.arange(20, dtype=F32)
    np.testing.assert_array_equal(add(Foreign(a), a), a + a)


def test_types_of_ml_dtypes_go_in_and_come_out(build: Build) -> None:
    f = build(elementwise("%r = arith.negf %0 : bf16", ["bf16"]), [("bf16", "n")], [("bf16", "n")])
    a = np.arange(10).astype(ml_dtypes.bfloat16)
    for array in (a, a[::2]):
        out = f(array)
        assert out.dtype == ml_dtypes.bfloat16
        np.testing.assert_array_equal(out, -array)


@pytest.mark.parametrize(
    ("arguments", "named", "error", "message"),
    [
        ((np.ones(3, F32),), {}, TypeError, "f: missing input 'b'"),
        ((), {}, TypeError, "f: missing inputs 'a', 'b'"),
        ((np.ones(3, F32),) * 3, {}, TypeError, r"f: takes 2 inputs \(a, b\), found 3"),
        ((np.ones(3, F32),), {"c": np.ones(3, F32)}, TypeError, "f: has no input 'c', expected a, b"),
        ((np.ones(3, F32),), {"a": np.ones(3, F32)}, TypeError, "f: input 'a' is given twice"),
        ((np.ones(3, F32), 3.0), {}, TypeError, "f: input 'b' must be an array, found float"),
        ((np.ones(3, F32), [1.0]), {}, TypeError, "f: input 'b' must be an array, found list"),
        ((np.ones(3, F32), np.ones(3)), {}, TypeError, "f: input 'b' has elements of type float64, expected float32"),
        (
            (np.ones(3, F32), np.ones((3, 1), F32)),
            {},
            ValueError,
            r"f: input 'b' has shape \[3, 1\], expected rank 1: \[n\]",
        ),
        (
            (np.ones(3, F32), np.ones(4, F32)),
            {},
            ValueError,
            r"f: input 'b' has shape \[4\], expected \[n\]: dimension n is 4 in input 'b', but n is 3 in input 'a'",
        ),
    ],
)
def test_errors_of_a_call(
    add: Callable[..., np.ndarray],
    arguments: tuple[object, ...],
    named: dict[str, object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=f"^{message}$"):
        add(*arguments, **named)


def test_expressions_of_names_are_checked(build: Build) -> None:
    f = build(ADD, [("f32", "2 * n + 1"), ("f32", "n")], [("f32", "2 * n + 1")])
    with pytest.raises(
        ValueError,
        match=r"^f: input 'a' has shape \[4\], expected \[2 \* n \+ 1\]: dimension 2 \* n \+ 1 is 4 in input 'a',"
        r" but n is 2 in input 'b', which makes it 5$",
    ):
        f(np.ones(4, F32), np.ones(2, F32))
    g = build(elementwise("%r = arith.negf %0 : f32", ["f32"]), [("f32", 7)], [("f32", 7)])
    with pytest.raises(
        ValueError, match=r"^f: input 'a' has shape \[6\], expected \[7\]: dimension 0 is 6, expected 7$"
    ):
        g(np.ones(6, F32))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n", 7),
        ("n * 2 + m", 17),
        ("(n - m) // 2", 2),
        ("-n // 2", -4),
        ("n % m", 1),
        ("max(n, m, 9)", 9),
        ("min(n, m)", 3),
        ("n // (m - 3)", None),
    ],
)
def test_expressions(text: str, value: int | None) -> None:
    names = {"n": 0, "m": 1}
    assert Expression(text, names).value({0: 7, 1: 3}) == value


@pytest.mark.parametrize("text", ["n +", "n ** 2", "f(n)", "n / 2", "1.5", "max()", "n if n else 1"])
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ValueError, match="is not an expression of dimension names"):
        Expression(text, {})


def test_a_name_that_nothing_binds_is_refused(build: Build) -> None:
    with pytest.raises(ValueError, match="f: no input has the dimension 'n' by itself"):
        build(ADD, [("f32", "n + 1"), ("f32", "n + 1")], [("f32", "n + 1")])


def test_weights_are_bound_once_and_kept(build: Build) -> None:
    weight = np.arange(6, dtype=F32)
    f = build(ADD, [("f32", "n")], [("f32", "n")], weights=[(("f32", "n"), weight)])
    np.testing.assert_array_equal(f(np.ones(6, F32)), weight + 1)
    weight[0] = 10  # in place: it was not copied
    assert f(np.ones(6, F32))[0] == 11
    with pytest.raises(ValueError, match="dimension n is 5 in input 'a', but n is 6 in the weights"):
        f(np.ones(5, F32))


def test_all_that_is_wrong_with_weights_in_one_error() -> None:
    text = elementwise("%s = arith.addf %0, %1 : f32\n %r = arith.addf %s, %2 : f32", ["f32"] * 3)
    wanted = Signature(
        "f", (Arg("x", "f32", ("n",)),), (Arg("u", "f32", (3,)), Arg("v", "f32", (3,))), (Arg("y", "f32", ("n",)),)
    )
    code = compile_text(text)
    with pytest.raises(ValueError) as error:
        code.function(wanted, {"u": np.ones(4, F32), "w": np.ones(3, F32)})
    for part in ("missing weight v: f32[3]", "has no weight 'w'", "weight 'u' has shape [4], expected [3]"):
        assert part in str(error.value)


def test_a_signature_must_fit_the_code() -> None:
    code = compile_text(ADD)
    with pytest.raises(ValueError, match="f: the signature's inputs and weights are .*, the code's"):
        code.function(signature("f", [("f32", "n"), ("si32", "n")], [("f32", "n")]))
    with pytest.raises(ValueError, match="no entry 'g', there are: f"):
        code.function(signature("g", [], []))


def test_several_threads_call_at_once(build: Build) -> None:
    f = build(elementwise("%r = math.exp %0 : f32", ["f32"]), [("f32", "n")], [("f32", "n")])
    inputs = [np.random.default_rng(i).standard_normal(300_000 + i, F32) for i in range(4)]
    expected = [f(x) for x in inputs]
    wrong: list[int] = []

    def work(i: int) -> None:
        wrong.extend(i for _ in range(20) if not np.array_equal(f(inputs[i]), expected[i]))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_its_own_threads(build: Build) -> None:
    f = build(elementwise("%r = math.exp %0 : f32", ["f32"]), [("f32", "n")], [("f32", "n")])
    x = np.random.default_rng(0).standard_normal(1_000_000, F32)
    expected = f(x)
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(f(x), expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_thread_count_must_be_positive() -> None:
    with pytest.raises(ValueError, match="from 1 to 1024"):
        _runtime.set_thread_count(0)
    assert _runtime.thread_count() >= 1
