# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Weights that are put in another order when a model is loaded: results, whatever hands them to the products."""

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import mograph as mg
from mograph.targets.cpu import CpuTarget

RNG = np.random.default_rng(0)


def draw(*shape: int, dtype: Any = np.float32) -> Any:
    return RNG.standard_normal(shape).astype(np.float32).astype(dtype)


def close(found: Any, expected: Any, tolerance: float = 2e-5) -> None:
    np.testing.assert_allclose(
        found.astype(np.float64), expected, rtol=tolerance, atol=tolerance * np.abs(expected).max(initial=0)
    )


def tensor(shape: tuple[int | str, ...], dtype: str = "f32") -> str:
    return f"!mo.tensor<[{', '.join(map(str, shape))}], {dtype}>"


def product(m: int | str, k: int, n: int, batch: tuple[int, ...] = (), dtype: str = "f32") -> str:
    a, w, c = tensor((*batch, m, k), dtype), tensor((*batch, k, n), dtype), tensor((*batch, m, n), dtype)
    return f"""mo.graph @f(%a: {a}) -> ({c}) {{
      %w = mo.constant.external "w" : {w}
      %0 = mo.matmul %a, %w : {a}, {w}
      mo.output %0 : {c}
    }}"""


def prepared(source: str) -> list[list[int]]:
    """How many bytes the entries of a module have prepared."""
    return [list(entry["prepared"]) for entry in mg.build(source)._code.describe()["entries"]]


@pytest.mark.parametrize(
    ("m", "k", "n"), [(64, 64, 64), (77, 513, 131), (5, 1000, 33), (300, 1030, 1), (64, 1, 700), (0, 64, 64)]
)
def test_products(m: int, k: int, n: int) -> None:
    a, w = draw(m, k), draw(k, n)
    close(mg.compile(product("m", k, n), weights={"w": w})(a), a.astype(np.float64) @ w)


@pytest.mark.parametrize(("k", "n"), [(0, 8), (8, 0)])
def test_empty_weights(k: int, n: int) -> None:
    found = mg.compile(product("m", k, n), weights={"w": draw(k, n)})(draw(40, k))
    np.testing.assert_array_equal(found, np.zeros((40, n)))


def test_independent_products() -> None:
    a, w = draw(3, 2, 40, 90), draw(3, 2, 90, 70)
    source = product(40, 90, 70, (3, 2))
    assert len(prepared(source)[0]) == 1
    close(mg.compile(source, weights={"w": w})(a), a.astype(np.float64) @ w)


@pytest.mark.parametrize("dtype", ["bf16", "f16", "f64"])
def test_other_types(dtype: str) -> None:
    kind = {"bf16": ml_dtypes.bfloat16, "f16": np.float16, "f64": np.float64}[dtype]
    a, w = draw(65, 129, dtype=kind), draw(129, 100, dtype=kind)
    found = mg.compile(product("m", 129, 100, dtype=dtype), weights={"w": w})(a)
    close(found, a.astype(np.float64) @ w.astype(np.float64), 1e-2 if dtype != "f64" else 1e-12)


def test_an_artifact_is_given_other_weights(tmp_path: Path) -> None:
    a, first, second = draw(70, 200), draw(200, 90), draw(200, 90)
    mg.build(product("m", 200, 90)).save(tmp_path / "f.mograph")
    models = [mg.compile(tmp_path / "f.mograph", weights={"w": w}) for w in (first, second)]
    for model, w in zip(models, (first, second), strict=True):
        close(model(a), a.astype(np.float64) @ w)


def test_a_target_can_leave_weights_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    a, w, source = draw(77, 513), draw(513, 131), product("m", 513, 131)
    assert len(prepared(source)[0]) == 1
    plain = CpuTarget.__init__

    def changed(self: CpuTarget) -> None:
        plain(self)
        self.prepares = False

    monkeypatch.setattr(CpuTarget, "__init__", changed)
    assert prepared(source) == [[]]
    model = mg.compile(source, weights={"w": w})
    w[:] = 1
    close(model(a), np.broadcast_to(a.astype(np.float64).sum(1, keepdims=True), (77, 131)))


LAYERS = """module {
  mo.graph private @layer(%a: !mo.tensor<[m, 128], f32>) -> (!mo.tensor<[m, 128], f32>) {
    %w = mo.constant.external "w" : !mo.tensor<[128, 128], f32>
    %0 = mo.matmul %a, %w : !mo.tensor<[m, 128], f32>, !mo.tensor<[128, 128], f32>
    %1 = mo.tanh %0 : !mo.tensor<[m, 128], f32>
    mo.output %1 : !mo.tensor<[m, 128], f32>
  }
  mo.graph @f(%a: !mo.tensor<[m, 128], f32>) -> (!mo.tensor<[m, 128], f32>) {
    %0 = mo.call @layer(%a) prefix = "one." : (!mo.tensor<[m, 128], f32>) -> !mo.tensor<[m, 128], f32>
    %1 = mo.call @layer(%0) prefix = "two." : (!mo.tensor<[m, 128], f32>) -> !mo.tensor<[m, 128], f32>
    %2 = mo.call @layer(%1) prefix = "one." : (!mo.tensor<[m, 128], f32>) -> !mo.tensor<[m, 128], f32>
    mo.output %2 : !mo.tensor<[m, 128], f32>
  }
  mo.graph @g(%a: !mo.tensor<[m, 128], f32>) -> (!mo.tensor<[m, 128], f32>) {
    %0 = mo.call @layer(%a) prefix = "two." : (!mo.tensor<[m, 128], f32>) -> !mo.tensor<[m, 128], f32>
    mo.output %0 : !mo.tensor<[m, 128], f32>
  }
}"""


def test_subgraphs_are_handed_the_weights_of_each_call() -> None:
    one, two, a = draw(128, 128) / 10, draw(128, 128) / 10, draw(50, 128)
    assert prepared(LAYERS) == [[128 * 128 * 4] * 2, [128 * 128 * 4]]

    def layer(x: Any, w: Any) -> Any:
        return np.tanh(x.astype(np.float64) @ w)

    first = mg.compile(LAYERS, weights={"one.w": one, "two.w": two}, graph="f")
    close(first(a), layer(layer(layer(a, one), two), one))
    second = mg.compile(LAYERS, weights={"two.w": two}, graph="g")
    close(second(a), layer(a, two))


def test_in_a_loop() -> None:
    source = """mo.graph @f(%a: !mo.tensor<[128, 128], f32>, %n: !mo.tensor<[], si32>) -> !mo.tensor<[128, 128], f32> {
      %w = mo.constant.external "w" : !mo.tensor<[128, 128], f32>
      %zero = mo.constant 0 : !mo.tensor<[], si32>
      %one = mo.constant 1 : !mo.tensor<[], si32>
      %i, %r = mo.while(%zero, %a : !mo.tensor<[], si32>, !mo.tensor<[128, 128], f32>)
          -> !mo.tensor<[], si32>, !mo.tensor<[128, 128], f32> {
      ^bb0(%k: !mo.tensor<[], si32>, %x: !mo.tensor<[128, 128], f32>):
        %more = mo.less %k, %n : !mo.tensor<[], si32>
        mo.condition %more, %k, %x : !mo.tensor<[], si32>, !mo.tensor<[128, 128], f32>
      } do {
      ^bb0(%k: !mo.tensor<[], si32>, %x: !mo.tensor<[128, 128], f32>):
        %y = mo.matmul %x, %w : !mo.tensor<[128, 128], f32>, !mo.tensor<[128, 128], f32>
        %j = mo.add %k, %one : !mo.tensor<[], si32>
        mo.yield %j, %y : !mo.tensor<[], si32>, !mo.tensor<[128, 128], f32>
      }
      mo.output %r : !mo.tensor<[128, 128], f32>
    }"""
    a, w = draw(128, 128), draw(128, 128) / 11
    assert prepared(source) == [[128 * 128 * 4]]
    close(mg.compile(source, weights={"w": w})(a, np.int32(3)), a.astype(np.float64) @ w @ w @ w)


@pytest.mark.parametrize(
    ("made", "of", "size"),
    [
        ("mo.transpose %w perm = [1, 0] : !mo.tensor<[96, 200], f32>", (96, 200), 96 * 200 * 4),
        ("mo.cast %w : !mo.tensor<[200, 96], f16> to !mo.tensor<[200, 96], f32>", (200, 96), 96 * 200 * 4),
        ("mo.reshape %w : !mo.tensor<[2, 100, 96], f32> to !mo.tensor<[200, 96], f32>", (2, 100, 96), 96 * 200 * 4),
    ],
)
def test_of_what_is_made_of_a_weight(made: str, of: tuple[int, ...], size: int) -> None:
    dtype = "f16" if "f16" in made else "f32"
    source = f"""mo.graph @f(%a: !mo.tensor<[m, 200], f32>) -> (!mo.tensor<[m, 96], f32>) {{
      %w = mo.constant.external "w" : {tensor(of, dtype)}
      %0 = {made}
      %1 = mo.matmul %a, %0 : !mo.tensor<[m, 200], f32>, !mo.tensor<[200, 96], f32>
      mo.output %1 : !mo.tensor<[m, 96], f32>
    }}"""
    a, w = draw(100, 200), draw(*of, dtype=np.float16 if dtype == "f16" else np.float32)
    matrix = w.T if "transpose" in made else w.reshape(200, 96)
    assert prepared(source) == [[size]]
    close(mg.compile(source, weights={"w": w})(a), a.astype(np.float64) @ matrix)


def grouped(k: int, n: int, groups: int, dtype: str = "f32", turned: bool = False) -> str:
    a, c = tensor(("m", k), dtype), tensor(("m", n), dtype)
    w, s = tensor((groups, n, k) if turned else (groups, k, n), dtype), tensor((groups,), "si32")
    return f"""mo.graph @f(%a: {a}, %s: {s}) -> ({c}) {{
      %w = mo.constant.external "w" : {w}
      %0 = mo.grouped_matmul %a, %w, %s {"transpose_rhs" if turned else ""} : {a}, {w}, {s}
      mo.output %0 : {c}
    }}"""


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("k", "n", "groups"), [(96, 200, 3), (513, 131, 4), (33, 700, 2), (1100, 90, 3), (40, 40, 1)])
def test_groups_of_rows(k: int, n: int, groups: int, turned: bool) -> None:
    """The matrices of all groups are copied; each product reads the panels of its own."""
    w = draw(groups, n, k) if turned else draw(groups, k, n)
    source = grouped(k, n, groups, turned=turned)
    assert len(prepared(source)[0]) == 1
    models = mg.compile(source, weights={"w": w}), mg.interpret(source, weights={"w": w})
    for sizes in ([5, 0, 130, 2], [0, 77, 1, 0], [-4, 9, 500, 3], [0, 0, 0, 0]):
        given = draw(100, k), np.array(sizes[:groups], np.int32)
        found, expected = (model(*given) for model in models)
        close(found, expected)


@pytest.mark.parametrize("dtype", ["bf16", "f16", "f64"])
def test_groups_of_rows_of_other_types(dtype: str) -> None:
    kind = {"bf16": ml_dtypes.bfloat16, "f16": np.float16, "f64": np.float64}[dtype]
    a, w, sizes = draw(90, 65, dtype=kind), draw(3, 65, 130, dtype=kind), np.array([40, 0, 13], np.int32)
    source = grouped(65, 130, 3, dtype)
    found, expected = (make(source, weights={"w": w})(a, sizes) for make in (mg.compile, mg.interpret))
    close(found, expected.astype(np.float64), 1e-2 if dtype != "f64" else 1e-12)
