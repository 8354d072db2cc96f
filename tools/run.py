# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-run`: compiles a model, or takes one that is compiled, and runs it on arrays in files."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from . import models

if TYPE_CHECKING:
    from mograph.engine import Signature

_TIMED_SECONDS = 1.0
_TIMED_CALLS = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-run` with these arguments (by default: the process's) and return the exit code."""
    return models.run("mo-run", _run, arguments)


def _parser() -> models.Parser:
    parser = models.Parser(
        prog="mo-run",
        description="Run a model on arrays in files. Outputs that are not written are printed.",
        epilog="NAME= may be left out where there is one input, or output. Arrays are files of numpy's format; those "
        f"of bf16 and 8-bit floats hold elements of their size. {models.PLUGIN_OPTIONS}",
        allow_abbrev=False,
    )
    parser.add_argument("model", metavar="MODEL", help="a module as text or bytecode, an artifact, or an ONNX model")
    parser.add_argument("--graph", metavar="NAME", help="the model to run, where the module has several")
    parser.add_argument(
        "--weights", metavar="FILE", help="a file with weights; may be repeated", action="append", default=[]
    )
    parser.add_argument("--input", metavar="NAME=FILE", help="an input; once for each", action="append", default=[])
    parser.add_argument("--output", metavar="NAME=FILE", help="where to write an output", action="append", default=[])
    parser.add_argument("--interpret", action="store_true", help="run by the operations' references in numpy")
    parser.add_argument("--time", action="store_true", help="print how long compiling and running take")
    parser.add_argument(
        "--signature", nargs="?", const="text", choices=("text", "json"), help="print what the models take and give"
    )
    models.add_compile_options(parser)
    return parser


def _run(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.interpret and options.pass_pipeline is not None:
        raise ValueError("--interpret runs the graphs as they are, and takes no --pass-pipeline")
    if options.signature:
        return _print_signatures(options)
    model = _model(options)
    signature = model.signature
    inputs = models.named(options.input, "input", [arg.name for arg in signature.inputs])
    outputs = models.named(options.output, "output", [arg.name for arg in signature.outputs])
    dtypes = {arg.name: arg.dtype for arg in signature.inputs}
    arrays = {name: models.load(file, dtypes[name]) for name, file in inputs.items()}
    results = model(**arrays)
    found = results if isinstance(results, tuple) else (results,)
    by_name = dict(zip([arg.name for arg in signature.outputs], found, strict=True))
    _write(outputs, by_name)
    if not outputs:
        for arg in signature.outputs:
            print(f"{arg.name}: {arg.dtype}{list(by_name[arg.name].shape)}\n{by_name[arg.name]}")
    if options.time:
        _print_times(model, lambda: model(**arrays))
    return 0


def _is_artifact(options: argparse.Namespace) -> bool:
    from mograph.engine.storage import is_artifact

    if not is_artifact(options.model):
        return False
    for option in ("interpret", "pass_pipeline"):
        if getattr(options, option):
            raise ValueError(f"{options.model} is compiled already: --{option.replace('_', '-')} is for modules")
    return True


def _model(options: argparse.Namespace) -> Any:
    if _is_artifact(options):
        from mograph.engine.artifact import Artifact

        return Artifact.open(options.model).initialize(options.weights, options.graph)
    from mograph.engine import compile, interpret

    if options.interpret:
        return interpret(Path(options.model), weights=options.weights or None, graph=options.graph)
    return compile(
        Path(options.model),
        weights=options.weights or None,
        graph=options.graph,
        device=options.device,
        pipeline=options.pass_pipeline,
    )


def _print_signatures(options: argparse.Namespace) -> int:
    from mograph.engine.signature import choose, describe, to_json

    signatures = _signatures(options)
    if options.graph is not None:
        signatures = {options.graph: choose(signatures, options.graph)}
    if options.signature == "json":
        print(json.dumps([to_json(each) for each in signatures.values()], indent=2))
    else:
        print("\n".join(map(describe, signatures.values())))
    return 0


def _signatures(options: argparse.Namespace) -> "Mapping[str, Signature]":
    if _is_artifact(options):
        from mograph.engine.artifact import Artifact

        return Artifact.open(options.model).signatures
    from mograph.engine.graphs import signatures_of
    from mograph.engine.host import ready
    from mograph.engine.reading import read_module

    ready()
    return signatures_of(read_module(Path(options.model)))


def _write(files: Mapping[str, str], arrays: Mapping[str, Any]) -> None:
    import numpy

    from mograph.engine.files import write_files

    def writer(array: Any) -> Callable[[Any], None]:
        return lambda file: numpy.lib.format.write_array(file, numpy.asanyarray(array), allow_pickle=False)

    write_files([(file, writer(arrays[name])) for name, file in files.items()])


def _print_times(model: Any, call: Callable[[], object]) -> None:
    steps: Mapping[str, float] = getattr(model, "compile_time", {})
    if steps:
        listed = ", ".join(f"{step} {models.milliseconds(time)}" for step, time in steps.items())
        print(f"compile: {models.milliseconds(sum(steps.values()))} ({listed})", file=sys.stderr)
    times: list[float] = []
    while len(times) < _TIMED_CALLS and sum(times) < _TIMED_SECONDS:
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    print(f"run: {models.milliseconds(median(times))}, the median of {len(times)} calls", file=sys.stderr)
