# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled modules, before their weights are known. Nothing here needs the compiler or MLIR."""

import os
import sys
import threading
from collections.abc import Mapping
from contextlib import nullcontext
from time import perf_counter
from typing import Any

from mograph.engine.ahead import load_ahead
from mograph.engine.model import Model
from mograph.engine.signature import choose, from_json, to_json
from mograph.engine.storage import ArtifactError, Stored, read_artifact, write_artifact
from mograph.engine.targets import Code, Library, Target
from mograph.engine.weights import WeightsLike, check_weights, collect_weights
from mograph.plugins import Host, PluginError, get_host
from mograph.targets.signature import Signature


class Artifact:
    """The compiled models of a module: initialised with weights, as often as one likes, or stored in a file.

    `signatures` says what each model takes and gives, by name; `compile_time` how many seconds each step took.
    """

    def __init__(
        self, target: Target, code: Code, signatures: Mapping[str, Signature], compile_time: Mapping[str, float]
    ) -> None:
        self.signatures = dict(signatures)
        self.compile_time = dict(compile_time)
        self._target = target
        self._code = code
        self._library: Library | None = None
        self._lock = threading.Lock()

    @staticmethod
    def open(path: "str | os.PathLike[str]", host: Host | None = None) -> "Artifact":
        """Read an artifact that `save` wrote; `host` has the plugins (by default: those of the process).

        Raises OSError where the file cannot be read and ArtifactError where it is no artifact, truncated, damaged, of
        another version of mograph, or for a target or machine that is not here.
        """
        start = perf_counter()
        load_ahead("mograph._llvm")
        stored = read_artifact(path)
        try:
            target = (host or get_host()).targets.load(stored.target)()
            code = target.restore(stored.description, stored.code)
            signatures = {each.name: each for each in map(from_json, stored.signatures)}
            artifact = Artifact(target, code, signatures, {})
            artifact._load()
        except (PluginError, KeyError, TypeError, ValueError) as error:
            reason = error.args[0] if error.args else error
            raise ArtifactError(f"{os.fspath(path)}: target '{stored.target}': {reason}") from error
        artifact.compile_time["read"] = perf_counter() - start
        return artifact

    def save(self, path: "str | os.PathLike[str]") -> None:
        """Write the artifact to a file, whole or not at all. Raises OSError."""
        signatures = [to_json(signature) for signature in self.signatures.values()]
        stored = Stored(self._target.name, self._code.describe(), signatures, self._code.object)
        # The package above this one, which is imported whenever this is.
        write_artifact(path, stored, sys.modules["mograph"].__version__)

    def initialize(self, weights: WeightsLike = None, graph: str | None = None) -> Model:
        """One model, by name where there are several, with its weights: a mapping from names to arrays, a file
        with weights, or several of these. Weights of the other models may be among them.

        Raises ValueError, or TypeError, that names every weight that is missing, not known, or of another type or
        shape, and ValueError where there is no such model; OSError and SafetensorsError for files.
        """
        signature = choose(self.signatures, graph)
        given = collect_weights(weights)
        others = [*given.spare, *(arg.name for each in self.signatures.values() for arg in each.weights)]
        return self._model(signature, check_weights(signature, given, also=others))

    def initialize_all(self, weights: WeightsLike = None) -> dict[str, Model]:
        """All models by name, with weights as for `initialize`. Raises one ValueError for all that is wrong with the
        weights of all models; OSError and SafetensorsError for files.
        """
        given = collect_weights(weights)
        known = {arg.name for each in self.signatures.values() for arg in each.weights}
        problems = [f"no model has a weight {name!r}" for name in given if name not in known | given.spare]
        arrays: dict[str, dict[str, Any]] = {}
        for name, signature in self.signatures.items():
            try:
                arrays[name] = check_weights(signature, given, also=given)
            except (TypeError, ValueError) as error:
                problems.append(str(error))
        if problems:
            raise ValueError("; ".join(problems))
        with getattr(self._load(), "sharing", nullcontext)():  # of what several models have, where it has to move
            return {name: self._model(self.signatures[name], each) for name, each in arrays.items()}

    def __repr__(self) -> str:
        return f"<artifact for {self._target.name}: {', '.join(map(str, self.signatures.values()))}>"

    def _model(self, signature: Signature, weights: Mapping[str, Any]) -> Model:
        start = perf_counter()
        function = self._load().function(signature, weights)
        return Model(function, signature, {**self.compile_time, "load": perf_counter() - start})

    def _load(self) -> Library:
        with self._lock:
            if self._library is None:
                self._library = self._target.load(self._code)
            return self._library
