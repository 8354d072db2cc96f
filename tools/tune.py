# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-tune`: measures other schedules for a model's kernels, and stores the better ones for later compilations."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import models

STOPPED = 3  # the exit code where schedules were left out


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-tune` with these arguments (by default: the process's) and return the exit code."""
    return models.run("mo-tune", _run, arguments)


def _parser() -> models.Parser:
    parser = models.Parser(
        prog="mo-tune",
        description="Time other schedules for the kernels of a model on this machine or a device, and store those that "
        "are better: later compilations of equal kernels use them. What is found is stored at once: the search may be "
        "interrupted.",
        epilog="Inputs that are not given are drawn. Kernels of known shapes are timed alone, others in the model. "
        f"Results go to the file that the environment variable MOGRAPH_TUNED names, by default schedules.json in the "
        f"user's cache. {models.PLUGIN_OPTIONS}",
        allow_abbrev=False,
    )
    parser.add_argument("model", metavar="MODEL", help="a module as text or bytecode, or an ONNX model")
    parser.add_argument("--graph", metavar="NAME", help="the model to tune, where the module has several")
    parser.add_argument(
        "--weights", metavar="FILE", help="a file with weights; may be repeated", action="append", default=[]
    )
    parser.add_argument("--input", metavar="NAME=FILE", help="an input, as in mo-run", action="append", default=[])
    parser.add_argument(
        "--dim", metavar="NAME=N", help="a dimension of the inputs that are drawn", action="append", default=[]
    )
    parser.add_argument("--device", default="cpu", metavar="DEVICE", help="cpu, opencl:0, cuda:0 (default: cpu)")
    parser.add_argument("--kernel", metavar="REGEX", default="", help="only kernels whose name matches")
    parser.add_argument("--rounds", type=int, default=7, help="how often a candidate is timed (%(default)s)")
    parser.add_argument("--most", type=int, default=24, help="candidates for each kernel, at most (%(default)s)")
    parser.add_argument("--seconds", type=float, default=600, help="no candidate is tried after these (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the inputs that are drawn (%(default)s)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="store results in this file instead")
    return parser


def _run(arguments: list[str]) -> int:
    from mograph.engine import compile
    from mograph.engine.host import ready
    from mograph.engine.isolated import isolated
    from mograph.engine.timing import on_inputs
    from mograph.engine.tuning import alone, choices_of, processor, tune
    from mograph.targets.cpu import tuned

    options = _parser().parse_args(arguments)
    file = options.output or tuned.path()
    if file is None:
        raise ValueError(f"{tuned.VARIABLE} is empty: say with --output where the results go")
    kind = processor(options.device, ready(None))

    def build() -> Any:
        return compile(Path(options.model), weights=options.weights or None, graph=options.graph, device=options.device)

    made: list[Any] = []
    choices = choices_of(lambda: made.append(build()))
    chosen = [choice for choice in choices if re.search(options.kernel, choice.kernel)]
    if not chosen:
        known = ", ".join(sorted({choice.kernel for choice in choices}))
        raise ValueError(f"no kernel with a schedule matches {options.kernel!r}; there are: {known or 'none'}")
    arrays = _inputs(options, made[0].signature)

    def make() -> Any:
        return on_inputs(build(), arrays)

    kernels = alone(isolated(Path(options.model), device=options.device), seed=options.seed)
    best: dict[str, dict[str, Any]] = {}
    done = 0
    try:
        for found in tune(make, chosen, options.rounds, options.most, options.seconds, kernels):
            done += 1
            _tell(found)
            if found.fields:
                best.setdefault(found.choice.key, {})[found.choice.template] = found.fields
                tuned.save(kind, best, file)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    if done < len(chosen):
        print(f"{len(chosen) - done} of {len(chosen)} schedules were not looked at")
    print(f"{len(best)} of {len({choice.key for choice in chosen})} kernels are better otherwise: {file}")
    return 0 if done == len(chosen) else STOPPED


def _tell(found: Any) -> None:
    choice = found.choice
    changes = ", ".join(f"{name} = {value}" for name, value in found.fields.items())
    whose = "kernel" if found.alone else "model"
    what = f"{changes}: {found.ratio:.2f} of the {whose}'s time" if changes else "as chosen"
    print(f"{choice.kernel}: {choice.template}: {what} ({found.tried} tried)", flush=True)


def _inputs(options: argparse.Namespace, signature: Any) -> dict[str, Any]:
    """The inputs of the files, and draws of the others. Raises ValueError for a dimension that is not known."""
    from mograph.engine.isolated import drawn

    dims: dict[Any, int] = {}
    for text in options.dim:
        name, equals, value = text.partition("=")
        if not equals or not value.isdecimal():
            raise ValueError(f"--dim {text}: expected NAME=N")
        dims[name] = int(value)
    dtypes = {arg.name: arg.dtype for arg in signature.inputs}
    files = models.named(options.input, "input", list(dtypes))
    arrays = {name: models.load(file, dtypes[name]) for name, file in files.items()}
    for arg in signature.inputs:
        if arg.name not in arrays:
            missing = [dim for dim in arg.dims if not isinstance(dim, int) and dim not in dims]
            if missing:
                raise ValueError(f"input {arg.name!r}: say '--dim {missing[0]}=N', or --input {arg.name}=FILE")
            arrays[arg.name] = drawn(arg.dtype, tuple(dims.get(dim, dim) for dim in arg.dims), options.seed)
    return arrays
