# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a module to an artifact: the pipeline, then the target."""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from mlir import ir

from mograph.engine.artifact import Artifact
from mograph.engine.graphs import graphs_of, is_public
from mograph.engine.host import ready
from mograph.engine.reading import read_module
from mograph.engine.targets import target_of
from mograph.plugins import Host
from mograph.targets.signature import Arg, Signature
from mograph.transforms.kit import Diagnostic, DiagnosticError, Pipeline
from mograph.transforms.mogg import take_signatures

__all__ = ["build", "default_pipeline", "finish"]


def default_pipeline(device: str = "cpu", host: Host | None = None) -> str:
    """The textual pipeline from graphs to functions on tensors for a target, with what the plugins inserted."""
    text = Pipeline(ready(host).pipeline().text()).text
    return re.sub(r"\btarget=cpu\b", f"target={device.partition(':')[0]}", text)


def build(source: Any, *, device: str = "cpu", pipeline: str | None = None, host: Host | None = None) -> Artifact:
    """Compile all models of a module; no weight is needed for it.

    `source` is the text of a module, the path of one or of a model in a format that a plugin imports, or a parsed
    module, which stays as it is. `pipeline` takes the place of the default one, up to functions of upstream's dialects
    on tensors. `host` has the plugins (by default: those of the process).

    `device` is the name of a target, or of a device or chip of it: "cpu", "opencl:0", "nvidia:sm_90a".

    Raises `DiagnosticError` for a module that is not valid or cannot be compiled, ValueError for one without a model or
    a pipeline that does not parse and for a device or chip that the target does not know, OSError for a file that
    cannot be read, and `UnknownNameError` for a device that no plugin has a target for.
    """
    start = perf_counter()
    host = ready(host)
    target_of(device, host)
    passes = Pipeline(pipeline) if pipeline is not None else Pipeline(default_pipeline(device, host))
    with _uncollected():
        module = read_module(source, host)
        names = [name for name, graph in graphs_of(module).items() if is_public(graph)]
        return finish(module, names, passes, device, host, perf_counter() - start)


def finish(
    module: Any, names: Sequence[str], passes: Pipeline, device: str, host: Host, parsing: float = 0.0
) -> Artifact:
    """The passes and the target on a module, which they change, whose entries have these names."""
    target = target_of(device, host)
    parsed = perf_counter()
    signatures = _run(passes, module)
    lost = [name for name in names if name not in signatures]
    if lost:
        raise ValueError(f"the pipeline {passes.text!r} makes no function of {', '.join(f'@{name}' for name in lost)}")
    lowered = perf_counter()
    try:
        for name in dict.fromkeys((target.name, device.partition(":")[0])):  # "cuda" is a device of "nvidia"
            rules = host.schedules(name)
            target.schedules = {**target.schedules, **{template: rules.load(template) for template in rules}}
        code = target.compile(module)
    except (ir.MLIRError, ValueError) as error:
        raise _target_error(device, error) from error
    times = {"parse": parsing, "lower": lowered - parsed, "target": perf_counter() - lowered}
    return Artifact(target, code, signatures, times)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: nearly all that is made is needed until the end, and looked at again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _run(passes: Pipeline, module: Any) -> dict[str, Signature]:
    passes.run(module)
    return {entry.name: _signature(entry) for entry in take_signatures(module)}


def _signature(entry: Any) -> Signature:
    inputs, weights, outputs = (
        tuple(Arg(arg.name, arg.dtype, arg.dims, arg.device, arg.mutable) for arg in args)
        for args in (entry.inputs, entry.weights, entry.outputs)
    )
    return Signature(entry.name, inputs, weights, outputs)


def _target_error(device: str, error: Exception) -> DiagnosticError:
    given = getattr(error, "error_diagnostics", ())
    diagnostics = [Diagnostic("error", each.message, each.location, _notes(each)) for each in given]
    return DiagnosticError(f"target '{device}': {getattr(error, 'message', error)}", diagnostics)


def _notes(diagnostic: Any) -> tuple[Diagnostic, ...]:
    return tuple(Diagnostic("note", each.message, each.location) for each in diagnostic.notes)
