# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# ruff: noqa: E501  # a table of words
"""Malformed programs give diagnostics, never an abort: the text of a dialect that uses all of the kit, mutated.

What is valid still is also run through the passes. Bytecode is not mutated byte by byte: upstream's own reader aborts.
The mutants run in a process of their own, which an assertion of MLIR's would end; it says which mutant it is at before
it tries.
"""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CORPUS = (HERE / "Inputs" / "fuzz.mlir").read_text().split("// -----\n")
WORDS = [
    *["0", "-1", "2147483648", "9223372036854775807", "99999999999999999999", "1.0", "0x7F", "true", '"a"', '""', "unit"],
    *["i32", "f32", "index", "none", "i16777215", "()", "(i32) -> f32", "tensor<?xf32>", "tensor<1099511627776x1099511627776xi8>"],
    *["!fuzz.tensor<[n], f32>", "!fuzz.tensor<[-1], f32>", "!fuzz.tensor<[n * 9223372036854775807 * 4], f32>", "!fuzz.tensor"],
    *["!fuzz.tensor<[], !fuzz.token>", "!fuzz.token", "!fuzz.nothing", "#fuzz.device<cpu>", "#fuzz.device<>", "!fuzz.tensor<>"],
    *["@a", "@a::@b", "@nothing", "[]", "[1]", "[unit]", "{}", "{a = 1}", "<{}>", "({})", "({^bb: })", "({}, {})", "[^bb]"],
    *["array<i32: 1>", "array<i32: -1, 2>", "array<i32>", "array<i64: 0>", "dense<>", "dense<1>", "dense<[1, 2]>", 'dense<"0x00">'],
    *["dense<[[1], [2, 3]]>", "dense_resource<x>", "%0", "%nothing", "^bb", "(", ")", "[", "]", "{", "}", "<", ">", ":", ",", "->", "="],
    *["operandSegmentSizes = array<i32: 1, 1, 1>", "sym_name = 1", "function_type = i32", "value = unit", "n + n", "n floordiv 0"],
]
TOKEN = re.compile(r'"[^"\n]*"|[%^@#!]?[\w.$]+|->|::|\s+|.', re.DOTALL)


def mutate(text: str, draw: random.Random) -> str:
    """A few changes of tokens: left out, doubled, exchanged, or replaced by one that means something elsewhere."""
    tokens = TOKEN.findall(text)
    for _ in range(draw.choice([1, 1, 1, 2, 3, 6])):
        at, other = draw.randrange(len(tokens)), draw.randrange(len(tokens))
        match draw.randrange(6):
            case 0:
                tokens[at] = ""
            case 1:
                tokens[at] += " " + tokens[at]
            case 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                tokens[at] = tokens[other]
            case 4:
                tokens[min(at, other) : max(at, other)] = []
                tokens = tokens or [""]
            case _:
                tokens[at] = draw.choice(WORDS)
    return "".join(tokens)


def child(kind: str, seed: int, count: int) -> None:
    """Try mutants; print the number of each before, and of those that were valid at the end."""
    from mlir import ir

    sys.path.insert(0, str(HERE / "Inputs"))
    import fuzz_dialect  # noqa: F401 - registers the dialect

    from mograph.dialects.kit import new_context
    from mograph.transforms.kit import DiagnosticError, Pipeline

    pipeline = Pipeline("builtin.module(canonicalize,cse,sccp,loop-invariant-code-motion,inline,symbol-dce,remove-dead-values)")
    valid = 0
    for number in range(count):
        draw = random.Random(f"{kind} {seed} {number}")
        source = draw.choice(CORPUS)
        with new_context("fuzz", "func", "cf", "arith"), ir.Location.unknown():
            if kind == "generic":
                source = ir.Module.parse(source).operation.get_asm(print_generic_op_form=True)
            mutant = mutate(source, draw)
            print(number, flush=True)
            try:
                module = ir.Module.parse(mutant)
            except ir.MLIRError:
                continue
            valid += 1
            printed = str(module)
            again = ir.Module.parse(printed)
            assert str(again) == printed
            try:
                Pipeline.run(pipeline, module)
            except DiagnosticError:
                continue
            ir.Module.parse(str(module))
    print("valid", valid)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", ["pretty", "generic"])
def test_mutants(kind: str, seed: int) -> None:
    command = [sys.executable, __file__, kind, str(seed), "1500"]
    done = subprocess.run(command, capture_output=True, text=True)
    last = done.stdout.splitlines()[-1:]
    assert done.returncode == 0, f"{kind} {seed}: mutant {last}\n{done.stderr[-3000:]}"
    assert int(last[0].removeprefix("valid ")) > 0


if __name__ == "__main__":
    child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
