# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles small modules for the tests of targets, for this machine and for lesser ones of its architecture."""

import platform
from collections.abc import Callable
from typing import Any

import pytest
from mlir import ir

from mograph.targets.cpu import CpuTarget, Host, load, this_host
from mograph.targets.signature import Arg, Signature

LESSER = {
    "avx2": ("x86-64-v3", "+avx2,+fma,+f16c,+bmi,+bmi2", 256),
    "baseline": ("x86-64", "", 128),
}

Spec = tuple[Any, ...]  # (dtype, dim, …)
Build = Callable[..., Any]


def signature(name: str, inputs: list[Spec], outputs: list[Spec], weights: list[Spec] | None = None) -> Signature:
    """A signature whose arguments are called a, b, c …, its weights w0, w1 …"""
    sides = [[(dtype, tuple(dims)) for dtype, *dims in side] for side in (inputs, weights or [], outputs)]
    names = ("abcdefgh", [f"w{i}" for i in range(len(sides[1]))], [f"out{i}" for i in range(len(sides[2]))])
    args = [
        tuple(Arg(name, *spec) for name, spec in zip(*pair, strict=False)) for pair in zip(names, sides, strict=True)
    ]
    return Signature(name, *args)


def compile_text(text: str, host: Host | None = None) -> Any:
    """The loaded code of a module."""
    context = ir.Context()
    context.enable_multithreading(False)
    with context, ir.Location.unknown():
        return load(CpuTarget(host).compile(ir.Module.parse(text)))


@pytest.fixture(scope="session")
def build() -> Build:
    """`build(text, inputs, outputs)`: the function @f of a module, for this machine."""

    def make(text: str, inputs: list[Spec], outputs: list[Spec], weights: Any = (), host: Host | None = None) -> Any:
        """`weights` are pairs of a spec and an array."""
        wanted = signature("f", inputs, outputs, [spec for spec, _ in weights])
        arrays = {f"w{i}": array for i, (_, array) in enumerate(weights)}
        return compile_text(text, host).function(wanted, arrays)

    return make


@pytest.fixture(params=["this", *LESSER])
def host(request: pytest.FixtureRequest) -> Host:
    """This machine, and lesser ones whose code runs here: with other vector widths, without masks, without fused
    arithmetic.
    """
    here = this_host()
    if request.param == "this":
        return here
    if platform.machine() != "x86_64":
        pytest.skip("the lesser machines are x86-64")
    name, features, bits = LESSER[request.param]
    return Host(here.triple, name, features, bits, here.caches, here.cores)


def elementwise(operation: str, types: list[str], rank: int = 1, result: str | None = None) -> str:
    """Text of a function @f that applies an operation to tensors with dynamic dims. In `operation`, %0, %1 … are the
    operands and %r the result.
    """
    result = result or types[0]
    shape = "x".join("?" * rank) + "x" if rank else ""
    dims = ", ".join(f"d{i}" for i in range(rank))
    identity = f"affine_map<({dims}) -> ({dims})>"
    body = operation
    for i in reversed(range(len(types))):
        body = body.replace(f"%{i}", f"%x{i}")
    lines = [
        f"%c{i} = arith.constant {i} : index\n %n{i} = tensor.dim %a0, %c{i} : tensor<{shape}{types[0]}>"
        for i in range(rank)
    ]
    arguments = ", ".join(f"%a{i}: tensor<{shape}{type_}>" for i, type_ in enumerate(types))
    ins = f"{', '.join(f'%a{i}' for i in range(len(types)))} : {', '.join(f'tensor<{shape}{t}>' for t in types)}"
    block = ", ".join([*(f"%x{i}: {t}" for i, t in enumerate(types)), f"%o: {result}"])
    kinds = ", ".join(['"parallel"'] * rank)
    new_line = "\n "
    return f"""
func.func @f({arguments}) -> tensor<{shape}{result}> {{
 {new_line.join(lines)}
 %e = tensor.empty({", ".join(f"%n{i}" for i in range(rank))}) : tensor<{shape}{result}>
 %out = linalg.generic {{indexing_maps = [{", ".join([identity] * (len(types) + 1))}], iterator_types = [{kinds}]}}
   ins({ins}) outs(%e : tensor<{shape}{result}>) {{
 ^bb0({block}):
   {body}
   linalg.yield %r : {result}
 }} -> tensor<{shape}{result}>
 return %out : tensor<{shape}{result}>
}}"""
