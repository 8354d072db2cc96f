# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Groups of element-wise operations: random programs give what they give one operation at a time."""

import random

import numpy as np
import pytest
from lowering_harness import compiled, ir

from mograph.dialects import mo, mogg  # noqa: F401  # declares them
from mograph.transforms.kit import Pipeline, parse
from mograph.transforms.mogg import lower
from mograph.transforms.mogg.from_mo import FromMo

SHAPES = [("n", 4), (4,), ("n", 1), (), ("n", 4), ("n", 4)]
EXTENTS = {"n": 3}


def type_of(shape):
    return f"!mo.tensor<[{', '.join(map(str, shape))}], f32>"


def together(a, b):
    rank = max(len(a), len(b))
    a, b = ((1,) * (rank - len(s)) + tuple(s) for s in (a, b))
    return tuple(y if x == 1 else x for x, y in zip(a, b, strict=True))


def program(seed, length):
    """A random program: its text, and the function of arrays that it is."""
    rng = random.Random(seed)
    shapes = list(SHAPES[:4])
    steps, lines = [], []
    for index in range(length):
        name = f"%v{len(shapes)}"
        i = rng.randrange(max(0, len(shapes) - 6), len(shapes))
        kind = rng.choice(["add", "sub", "max", "min", "negative", "abs", "reduce", "softmax", "constant"])
        if kind in ("negative", "abs"):
            lines.append(f"{name} = mo.{kind} %v{i} : {type_of(shapes[i])}")
            steps.append((kind, i))
            shapes.append(shapes[i])
        elif kind in ("reduce", "softmax") and not (len(shapes[i]) == 2 and rng.random() < 0.5):
            lines.append(f"{name} = mo.abs %v{i} : {type_of(shapes[i])}")
            steps.append(("abs", i))
            shapes.append(shapes[i])
        elif kind == "reduce":
            lines.append(f"{name} = mo.reduce.max %v{i} axes = [1] keepdims : {type_of(shapes[i])}")
            steps.append((kind, i))
            shapes.append((*shapes[i][:-1], 1))
        elif kind == "softmax":
            lines.append(f"{name} = mo.softmax %v{i} : {type_of(shapes[i])}")
            steps.append((kind, i))
            shapes.append(shapes[i])
        elif kind == "constant":
            shape = rng.choice([(4,), (), (1, 4)])
            lines.append(f"{name} = mo.constant {index}.0 : {type_of(shape)}")
            steps.append((kind, np.full(shape, index, np.float32)))
            shapes.append(shape)
        else:
            j = rng.randrange(len(shapes))
            a, b = type_of(shapes[i]), type_of(shapes[j])
            lines.append(f"{name} = mo.{kind} %v{i}, %v{j} : {a}" + (f", {b}" if a != b else ""))
            steps.append((kind, i, j))
            shapes.append(together(shapes[i], shapes[j]))
    results = sorted(rng.sample(range(4, len(shapes)), min(4, length)))
    arguments = ", ".join(f"%v{i}: {type_of(shape)}" for i, shape in enumerate(SHAPES[:4]))
    types = ", ".join(type_of(shapes[i]) for i in results)
    values = ", ".join(f"%v{i}" for i in results)
    text = f"mo.graph @main({arguments}) -> ({types}) {{\n" + "\n".join(lines) + f"\nmo.output {values} : {types}\n}}"
    functions = {"add": np.add, "sub": np.subtract, "max": np.maximum, "min": np.minimum}

    def reference(*inputs):
        found = list(inputs)
        for kind, *rest in steps:
            x = found[rest[0]] if kind != "constant" else rest[0]
            if kind == "softmax":
                e = np.exp(x - x.max(-1, keepdims=True))
                found.append(e / e.sum(-1, keepdims=True))
            elif kind == "constant":
                found.append(x)
            elif kind == "reduce":
                found.append(x.max(-1, keepdims=True))
            elif kind in functions:
                found.append(functions[kind](x, found[rest[1]]))
            else:
                found.append(np.negative(x) if kind == "negative" else np.abs(x))
        return [found[i] for i in results]

    return text, reference


@pytest.mark.parametrize("seed", range(30))
def test_random_programs(seed):
    text, reference = program(seed, 5 + seed)
    module = parse(text)
    lower(module)
    context = ir.Context()
    context.enable_multithreading(False)
    rng = np.random.default_rng(seed)
    inputs = [rng.normal(size=[EXTENTS.get(dim, dim) for dim in shape]).astype(np.float32) for shape in SHAPES[:4]]
    found = compiled(ir.Module.parse(str(module), context))("main", *inputs)
    for each, wanted in zip(found, reference(*inputs), strict=True):
        np.testing.assert_allclose(each, wanted, rtol=1e-5, atol=1e-5)


def test_a_long_chain_is_cut():
    type_ = type_of(("n", 4))
    lines = [f"%v{i + 1} = mo.add %v{i}, %v0 : {type_}" for i in range(200)]
    text = f"mo.graph @main(%v0: {type_}) -> {type_} {{\n" + "\n".join(lines) + f"\nmo.output %v200 : {type_}\n}}"
    module = parse(text)
    Pipeline(FromMo()).run(module)
    printed = str(module)
    assert printed.count("mogg.launch") == 4
    assert printed.count("mogg.kernel") == 3, "the second and third of 64 are one, the first reads one tensor less"
