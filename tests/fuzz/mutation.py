# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tries malformed programs one after the other, in a process that may be aborted: `mutation.py KIND SEED FROM TO FILE`.

The number of each mutant is printed, and the mutant written to the file, before it is tried. What is valid still is
printed, parsed again, and run through passes. An exception of Python's that becomes a diagnostic, and no error that was
foreseen, ends the process too.
"""

import random
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "dialects" / "kit")]
PASSES = ("canonicalize", "cse", "sccp", "loop-invariant-code-motion", "inline", "symbol-dce", "remove-dead-values")
WORDS = [
    *["f8E4M3FN", "bf16", "si64", "ui8", "si4", "i1", "!mo.chain", "!mo.tensor<[n, 4], f32>", "!mo.tensor<[], i1>"],
    *["!mo.tensor<[n floordiv 0], f32>", "!mo.tensor<[-1], f32>", "!mo.tensor<[k], si64, gpu:0>", "mo.add", "mo.if"],
    *["!mo.tensor<[9223372036854775807, 4], f32>", "!mo.buffer<[n], f32>", "#mo.device<gpu:1>", "!mo.tensor<[0], f64>"],
    *["axis = 9223372036854775807", "axes = [0, 0]", "axes = [-1]", "keepdims", "dense<[1, 2]>", "axis = -1"],
]


def corpus() -> list[str]:
    """Texts of valid and invalid modules: the tests of the dialect."""
    files = sorted((ROOT / "lit_tests" / "dialects" / "mo").rglob("*.mlir"))
    return [part for file in files for part in file.read_text().split("// -----\n")]


def mutant(kind: str, seed: int, number: int, texts: list[str]) -> bytes:
    """A mutated text, or bytecode."""
    import test_fuzz
    from mlir import ir

    draw = random.Random(f"{kind} {seed} {number}")
    source = draw.choice(texts)
    test_fuzz.WORDS[len(test_fuzz.WORDS) :] = [word for word in WORDS if word not in test_fuzz.WORDS]
    if kind == "pretty":
        return test_fuzz.mutate(source, draw).encode()
    module = ir.Module.parse(source)
    if kind == "generic":
        return test_fuzz.mutate(module.operation.get_asm(print_generic_op_form=True), draw).encode()
    return corrupted(_bytecode(module), draw)


def _bytecode(module: Any) -> bytes:
    from io import BytesIO

    out = BytesIO()
    module.operation.write_bytecode(out)
    return out.getvalue()


def corrupted(data: bytes, draw: random.Random) -> bytes:
    """A few bytes changed, left out or doubled, after the version and the producer."""
    found = bytearray(data)
    start = data.index(b"\0", 5) + 1
    for _ in range(draw.choice([1, 1, 2, 4])):
        at = draw.randrange(start, len(found))
        match draw.randrange(5):
            case 0:
                found[at] ^= 1 << draw.randrange(8)
            case 1:
                found[at] = draw.choice([0, 1, 2, 3, 5, 0x7F, 0x80, 0xFF])
            case 2:
                found[at : at + 1] = b""
            case 3:
                found[at:at] = found[at : at + draw.randrange(1, 4)]
            case _:
                found[at] = draw.randrange(256)
    return bytes(found)


def main(kind: str, seed: int, first: int, last: int, file: str) -> None:
    """Try mutants `first` to `last`; print how many were valid at the end."""
    from mlir import ir

    import mograph.dialects.mo  # noqa: F401 - registers the dialect
    from mograph import _native
    from mograph.dialects.kit import new_context
    from mograph.plugins import get_host
    from mograph.transforms.kit import DiagnosticError, Pipeline

    host = get_host()
    own = [host.passes.load(name) for name in sorted(host.passes) if name.startswith("mo-")]
    pipelines = [Pipeline(*PASSES), *map(Pipeline, own)]
    texts = [text for text in corpus() if kind == "pretty" or _parses(text)]
    valid = 0
    for number in range(first, last):
        with new_context("mo") as context, ir.Location.unknown():
            made = mutant(kind, seed, number, texts)
            Path(file).write_bytes(made)
            print(number, flush=True)
            module, diagnostics = _native.parse(context, made, "mutant")
            if module is None:
                _foreseen(diagnostics)
                continue
            valid += 1
            printed = module.operation.get_asm(binary=True)
            again, diagnostics = _native.parse(context, printed, "printed")
            if again is None and b"\\" not in printed:  # bytecode may hold names and strings that text cannot
                raise AssertionError(f"what is printed does not parse: {diagnostics}\n{printed.decode()}")
            for pipeline in pipelines if again is not None else ():
                try:
                    pipeline.run(_native.parse(context, printed, "printed")[0])
                except DiagnosticError as error:
                    _foreseen(error)
    print("valid", valid)


def _parses(text: str) -> bool:
    from mlir import ir

    from mograph.dialects.kit import new_context

    with new_context("mo"), ir.Location.unknown():
        try:
            return bool(ir.Module.parse(text))
        except ir.MLIRError:
            return False


def _foreseen(error: object) -> None:
    """An error is foreseen unless it tells of an exception; a name that is no UTF-8 cannot be given to Python."""
    text = str(error)
    if ("raised here" in text or " raised " in text) and "conversion error" not in text and "UnicodeDecode" not in text:
        raise AssertionError(f"an exception that was not foreseen: {error}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5])
