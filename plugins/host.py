# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The plugin host: finds and loads the plugins, and answers what they give."""

import os
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pluggy import PluginManager

from . import hooks
from ._discovery import Candidate, discover, from_file, order_key
from ._entries import ANY_TARGET, Entry
from ._errors import Failure, PluginError, PluginWarning, StrictError, listed, suggestion
from ._loading import Draft, failure, load, manager_forgets, source
from ._pipeline import DefaultPipeline, Insertion, Point
from ._settling import settle
from ._sources import claims
from ._tables import Rules, Table

DISABLE_VARIABLE = "MOGRAPH_NO_PLUGIN"
STRICT_VARIABLE = "MOGRAPH_STRICT_PLUGINS"


class Plugin(NamedTuple):
    """A plugin that was found, in whatever state: `status` is "loaded", "failed" or "disabled".

    What a failed or disabled plugin would give is empty here.
    """

    candidate: Candidate
    status: str
    failure: Failure | None = None
    entries: tuple[Entry, ...] = ()
    points: tuple[Point, ...] = ()
    insertions: tuple[Insertion, ...] = ()

    @property
    def name(self) -> str:
        """The name of its entry point, or of its file."""
        return self.candidate.name


class Host:
    """All plugins: discovered on `path` (by default `sys.path`) and in the files `load`, but for those in `disable`.

    `disable` holds plugin names, or `distribution:name` for one of several of that name; those in the environment's
    MOGRAPH_NO_PLUGIN (separated by commas) are left out too. A plugin that fails is left out as a whole, stays in
    `plugins` and is reported in `failures`; with `strict` (by default, if MOGRAPH_STRICT_PLUGINS is set to other than
    0), `StrictError` is raised instead.

    `dialects`, `passes`, `pipelines`, `targets`, `fusions`, the rules of what is fused, and `customs`, the custom
    operations, are tables by name, `importers` and `weights` by how files end; see also `lowerings`, `kernels` and
    `pipeline`.
    """

    def __init__(
        self,
        *,
        load: Iterable[str | os.PathLike[str]] = (),
        disable: Iterable[str] = (),
        strict: bool | None = None,
        path: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        variables = os.environ if environment is None else environment
        self.disabled = _disabled(disable, variables)
        self.strict = variables.get(STRICT_VARIABLE, "0") not in ("", "0") if strict is None else strict
        self._failures: list[Failure] = []
        self._plugins: list[Plugin] = []
        self.manager = PluginManager(hooks.PROJECT)
        self.manager.add_hookspecs(hooks)
        self._load(self._chosen(load, path))
        if self.strict and self._failures:
            raise StrictError(self._failures)
        self.dialects = self._table("dialect")
        self.passes = self._table("pass")
        self.pipelines = self._table("pipeline")
        self.targets = self._table("target")
        self.fusions = self._table("fusion")
        self.importers = self._table("importer")
        self.weights = self._table("weights")
        self.customs = self._table("custom")

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All plugins: those loaded, in the order in which they take effect, then the failed and the disabled."""
        return tuple(self._plugins)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Everything that is wrong, one for each plugin that failed and for each option without effect."""
        return tuple(self._failures)

    @property
    def entries(self) -> Mapping[tuple[str, str, str], Entry]:
        """All that the loaded plugins give, by kind, name and target."""
        return MappingProxyType(self._entries)

    def lowerings(self, target: str) -> Table:
        """The lowering rules for a target, by op; those for this very target come before those for all."""
        return self._table("lowering", target)

    def rules(self) -> Rules:
        """Return the lowering rules for all targets, in the form in which the lowering passes take them."""
        rows = (entry for entry in self._entries.values() if entry.kind == "lowering")
        state = {"loaded": "", "failed": " (left out, as it failed)", "disabled": " (switched off)"}
        return Rules(rows, (f"{plugin.name}{state[plugin.status]}" for plugin in self._plugins))

    def broken(self, kind: str) -> dict[str, str]:
        """Return what would be there of a kind, had its plugin not failed: by name, the error to give for it.

        The names are those that the plugin yielded before it failed, and those in its source.
        """
        present = {entry.name for entry in self._entries.values() if entry.kind == kind}
        names = ((each, name) for each in self._failures for of, name in sorted(each.claims) if of == kind)
        return {name: str(each) for each, name in names if name not in present}

    def kernels(self, target: str) -> Table:
        """The kernel templates for a target, by name; those for this very target come before those for all."""
        return self._table("kernel", target)

    def schedules(self, target: str) -> Table:
        """What changes a target's schedules, by template; entries for this very target come before those for all."""
        return self._table("schedule", target)

    def pipeline(self) -> DefaultPipeline:
        """Return the default pipeline, a new object each time, which the caller may change."""
        return DefaultPipeline(self._points, self._insertions)

    def _chosen(self, files: Iterable[str | os.PathLike[str]], path: Sequence[str] | None) -> list[Candidate]:
        """Find the plugins; record those switched off and those whose name is taken, and return the others."""
        unique = {candidate.file: candidate for candidate in map(from_file, files)}
        found = sorted([*discover(path), *unique.values()], key=order_key)
        chosen: dict[str, Candidate] = {}
        modules: dict[str, Candidate] = {}
        unused = set(self.disabled)
        for candidate in found:
            names = {candidate.name, f"{candidate.distribution}:{candidate.name}"}
            unused -= names
            first = chosen.get(candidate.name)
            twin = modules.get(candidate.module)
            if not names.isdisjoint(self.disabled):
                self._plugins.append(Plugin(candidate, "disabled"))
            elif first is not None:
                self._leave_out(failure(candidate, "conflict", _same_name(candidate, first)), candidate)
            elif twin is not None:
                reason = f"its module is that of plugin {twin.name!r} ({twin.origin})"
                self._leave_out(failure(candidate, "conflict", reason), candidate)
            else:
                chosen[candidate.name] = modules[candidate.module] = candidate
        names = {candidate.name for candidate in found}
        for name in sorted(unused):
            reason = f"there is no plugin {name!r} to switch off{suggestion(name, names)}"
            self._failures.append(Failure("", "", "option", f"{reason}; there are {listed(sorted(names))}"))
        return list(chosen.values())

    def _load(self, candidates: Iterable[Candidate]) -> None:
        drafts: list[Draft] = []
        for candidate in candidates:
            result = load(candidate, self.manager)
            if isinstance(result, Draft):
                drafts.append(result)
            else:
                self._leave_out(result, candidate)
        settlement = settle(drafts)
        by_name = {draft.candidate.name: draft.candidate for draft in drafts}
        for each in settlement.failures:
            manager_forgets(self.manager, each.plugin)
            self._leave_out(each, by_name[each.plugin])
        loaded = [
            Plugin(draft.candidate, "loaded", None, tuple(draft.entries), tuple(draft.points), tuple(draft.insertions))
            for draft in settlement.accepted
        ]
        self._plugins = loaded + sorted(self._plugins, key=lambda plugin: order_key(plugin.candidate))
        self._failures.sort(key=lambda each: (each.plugin, each.origin))
        self._entries = settlement.entries
        self._points = settlement.points
        self._insertions = settlement.insertions

    def _leave_out(self, why: Failure, candidate: Candidate) -> None:
        self._failures.append(why)
        self._plugins.append(Plugin(candidate, "failed", why))

    def _table(self, kind: str, target: str = ANY_TARGET) -> Table:
        entries = [entry for entry in self._entries.values() if entry.kind == kind]
        rows = {entry.name: entry for entry in entries if entry.target == ANY_TARGET}
        rows |= {entry.name: entry for entry in entries if entry.target == target}
        title = kind if target == ANY_TARGET else f"{kind} for target {target!r}:"
        return Table(title, rows.values(), lambda name, known: self._explain(kind, name, known))

    def _explain(self, kind: str, name: str, known: Iterable[str]) -> str:
        """Say of a missing name for which targets it is there, or which plugin left out gives it, or what is near."""
        targets = sorted({entry.target for entry in self._entries.values() if (entry.kind, entry.name) == (kind, name)})
        if targets:
            return f"; there is one for target {listed(targets)}"
        broken = self.broken(kind)
        if name in broken:
            return f": {broken[name]}"
        absent = [plugin for plugin in self._plugins if plugin.status != "loaded"]
        for plugin in absent:
            if plugin.status == "disabled" and (kind, name) in claims(source(plugin.candidate)):
                return f": plugin {plugin.name!r} ({plugin.candidate.origin}) has it, and is switched off"
        loaded = listed(plugin.name for plugin in self._plugins if plugin.status == "loaded")
        failed = listed(plugin.name for plugin in absent if plugin.status == "failed")
        searched = f"{suggestion(name, known)}; plugins searched: {loaded}"
        return searched if failed == "none" else f"{searched}; left out, as they failed: {failed}"


def _disabled(disable: Iterable[str], variables: Mapping[str, str]) -> tuple[str, ...]:
    names = [*disable, *variables.get(DISABLE_VARIABLE, "").split(",")]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _same_name(candidate: Candidate, first: Candidate) -> str:
    taken = f"its name is taken by {first.origin}, which comes first"
    if not first.distribution:
        return taken
    return f"{taken}; to use this one instead, switch that one off with --no-plugin={first.distribution}:{first.name}"


_lock = threading.RLock()
_host: Host | None = None
_loading = False


def configure(
    *, load: Iterable[str | os.PathLike[str]] = (), disable: Iterable[str] = (), strict: bool | None = None
) -> Host:
    """Make the host of this process anew and return it; tools call this with their options before anything else.

    It is for the caller to show its `failures`. Raises `StrictError`, as `Host` does, and `PluginError` where a plugin
    calls it while it is loaded.
    """
    global _host, _loading
    with _lock:
        if _loading:
            raise PluginError(
                "the plugin host is asked for while it loads the plugins: do so in a body, when it is used"
            )
        _loading = True
        try:
            _host = Host(load=load, disable=disable, strict=strict)
        finally:
            _loading = False
        return _host


def get_host() -> Host:
    """Return the host of this process, made on first use. Failures are then warned of, each as a `PluginWarning`."""
    with _lock:
        if _host is not None:
            return _host
        host = configure()
    for each in host.failures:
        warnings.warn(PluginWarning(str(each)), stacklevel=2)
    return host
