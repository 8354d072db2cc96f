# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-compile`: compiles the models of a module and writes an artifact that `mo-run` and `mograph.compile` take."""

import sys
from collections.abc import Sequence
from pathlib import Path

from . import models


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-compile` with these arguments (by default: the process's) and return the exit code."""
    return models.run("mo-compile", _compile, arguments)


def _parser() -> models.Parser:
    parser = models.Parser(
        prog="mo-compile",
        description="Compile all models of a module, without their weights, and write them to one file.",
        epilog=models.PLUGIN_OPTIONS,
        allow_abbrev=False,
    )
    parser.add_argument("model", metavar="MODEL", help="a module as text or bytecode, or an ONNX model")
    parser.add_argument("-o", "--output", metavar="FILE", help="the artifact (default: MODEL with the ending .mograph)")
    parser.add_argument("--time", action="store_true", help="print how long each step took")
    models.add_compile_options(parser)
    return parser


def _compile(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    source = Path(options.model)
    output = Path(options.output) if options.output else source.with_suffix(".mograph")
    if output.resolve() == source.resolve():
        raise ValueError(f"{output}: the artifact would take the place of the module")

    from mograph.engine import build

    artifact = build(source, device=options.device, pipeline=options.pass_pipeline)
    artifact.save(output)
    if options.time:
        steps = ", ".join(f"{step} {models.milliseconds(time)}" for step, time in artifact.compile_time.items())
        print(f"compiled in {models.milliseconds(sum(artifact.compile_time.values()))}: {steps}", file=sys.stderr)
    return 0
