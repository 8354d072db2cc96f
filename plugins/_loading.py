# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loads one plugin: imports its module, checks it, and gathers what its hooks yield into a `Draft`.

Nothing that a plugin yields takes effect here, so a plugin that fails half way leaves nothing behind.
"""

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from inspect import isfunction
from typing import Any

from pluggy import PluginManager

from ._discovery import Candidate
from ._entries import Entry
from ._errors import Failure, explained, listed, suggestion
from ._pipeline import Insertion, Insertions, Point
from ._sources import claims, declared_api, locate
from .api import API
from .hooks import ENTRY_HOOKS, HOOKS

OLDEST_API = 1

# What a plugin may raise without stopping the others. Only a request of the user's to stop goes through.
CAUGHT = (Exception, SystemExit)


class LoadError(Exception):
    """A plugin cannot be loaded, at this stage and for this reason."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(reason)
        self.stage = stage


class Draft:
    """What one plugin wants to give. `requires`, `after` and `before` name other plugins."""

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self.plugin: Any = None
        self.requires: tuple[str, ...] = ()
        self.after: tuple[str, ...] = ()
        self.before: tuple[str, ...] = ()
        self.entries: list[Entry] = []
        self.points: list[Point] = []
        self.insertions: list[Insertion] = []


def load(candidate: Candidate, manager: PluginManager) -> Draft | Failure:
    """Import a plugin, register it with `manager` and gather what its hooks yield; undo that where anything fails."""
    draft = Draft(candidate)
    try:
        draft.plugin = _imported(candidate)
        _check_api(draft.plugin)
        draft.requires = _names(draft.plugin, "REQUIRES")
        draft.after = _names(draft.plugin, "AFTER")
        draft.before = _names(draft.plugin, "BEFORE")
        _register(draft, manager)
        _gather(draft, manager)
    except LoadError as error:
        manager_forgets(manager, candidate.name)
        return failure(candidate, error.stage, str(error), error.__cause__, draft.entries)
    return draft


def manager_forgets(manager: PluginManager, name: str) -> None:
    """Unregister a plugin, if it is registered."""
    if manager.has_plugin(name):
        manager.unregister(name=name)


def failure(
    candidate: Candidate, stage: str, reason: str, cause: BaseException | None = None, entries: Iterable[Entry] = ()
) -> Failure:
    """Describe why a plugin is left out, and how to see it again."""
    if candidate.file:
        command = f"mo-opt --load-plugin={candidate.file} --strict-plugins --list-plugins"
    elif stage == "import":
        command = f'python -c "import {candidate.module.partition(":")[0]}"'
    else:
        command = "mo-opt --strict-plugins --list-plugins"
    claimed = claims(source(candidate)) | {(entry.kind, entry.name) for entry in entries}
    return Failure(candidate.name, candidate.origin, stage, reason, cause, command, claimed)


def source(candidate: Candidate) -> str:
    """Return the file that a plugin's module is in, or ""; it is not imported."""
    return candidate.file or locate(candidate.module.partition(":")[0])


def _imported(candidate: Candidate) -> Any:
    module, _, attribute = candidate.module.partition(":")
    try:
        plugin: Any = _run_file(candidate) if candidate.file else import_module(module)
        for part in filter(None, attribute.split(".")):
            plugin = getattr(plugin, part)
    except CAUGHT as error:
        raise LoadError("import", f"importing it raised {explained(error)}{_api_note(candidate)}") from error
    return plugin


def _run_file(candidate: Candidate) -> Any:
    spec = spec_from_file_location(candidate.module, candidate.file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{candidate.file} is no Python file")
    module = module_from_spec(spec)
    sys.modules[candidate.module] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[candidate.module]
        raise
    return module


def _api_note(candidate: Candidate) -> str:
    asked = declared_api(source(candidate))
    return "" if asked is None or asked <= API else f"; it {_too_new(asked)}"


def _too_new(asked: int) -> str:
    return f"asks for version {asked} of the plugin API, and this mograph offers {API}: upgrade mograph"


def _check_api(plugin: Any) -> None:
    asked = getattr(plugin, "API", None)
    if not isinstance(asked, int) or isinstance(asked, bool):
        raise LoadError("api", f"it sets API to {asked!r}, expected the version of the plugin API, as in `API = {API}`")
    if asked > API:
        raise LoadError("api", f"it {_too_new(asked)}")
    if asked < OLDEST_API:
        raise LoadError(
            "api", f"it asks for version {asked} of the plugin API, and the oldest supported is {OLDEST_API}"
        )


def _names(plugin: Any, attribute: str) -> tuple[str, ...]:
    names = getattr(plugin, attribute, ())
    if not isinstance(names, (tuple, list)) or not all(isinstance(name, str) for name in names):
        raise LoadError("order", f"it sets {attribute} to {names!r}, expected a tuple of plugin names")
    return tuple(names)


def _register(draft: Draft, manager: PluginManager) -> None:
    for name in dir(draft.plugin):
        if name.startswith("__"):
            continue
        options = manager.parse_hookimpl_opts(draft.plugin, name)
        if options is not None:
            hook = options.get("specname") or name
            if hook not in HOOKS and not options.get("optionalhook"):
                known = f"{suggestion(hook, HOOKS)}; there are {listed(HOOKS)}"
                raise LoadError("hooks", f"it implements {hook!r}, which is no hook of mograph's{known}")
        elif name.startswith("mograph_") and _own_function(draft.plugin, name):
            raise LoadError("hooks", f"its function {name!r} is not marked with @hookimpl, so it would never be called")
    try:
        manager.register(draft.plugin, draft.candidate.name)
    except CAUGHT as error:
        raise LoadError("hooks", f"its hooks do not fit: {' '.join(str(error).split())}") from error


def _own_function(plugin: Any, name: str) -> bool:
    value = getattr(plugin, name, None)
    return isfunction(value) and value.__module__ == getattr(plugin, "__name__", None)


def _gather(draft: Draft, manager: PluginManager) -> None:
    name = draft.candidate.name
    others = [plugin for _, plugin in manager.list_name_plugin() if plugin is not None and plugin is not draft.plugin]
    for hook, kind in ENTRY_HOOKS.items():
        for given in _yielded(manager, hook, others):
            if not isinstance(given, Entry) or given.kind != kind:
                factory = kind.replace("pass", "pass_")
                raise LoadError("hooks", f"{hook} yields {_shown(given)}, expected what api.{factory}() returns")
            draft.entries.append(_owned(given, draft))
    for given in _yielded(manager, "mograph_extension_points", others):
        if not isinstance(given, Point):
            raise LoadError(
                "hooks", f"mograph_extension_points yields {_shown(given)}, expected what api.extension_point() returns"
            )
        draft.points.append(given._replace(plugin=name))
    recorder = Insertions(name)
    list(_yielded(manager, "mograph_pipeline", others, pipeline=recorder))
    draft.insertions = recorder.insertions


def _yielded(manager: PluginManager, hook: str, others: list[Any], **arguments: Any) -> Iterator[Any]:
    """Call a hook of one plugin, and yield what it yields; whatever it raises becomes a `LoadError`."""
    try:
        for given in manager.subset_hook_caller(hook, others)(**arguments):
            if isinstance(given, (str, Entry, Point)) or not isinstance(given, Iterable):
                raise LoadError("hooks", f"{hook} returns {_shown(given)}, expected it to yield")
            yield from given
    except LoadError:
        raise
    except CAUGHT as error:
        raise LoadError("hooks", f"{hook} raised {explained(error)}") from error


def _owned(entry: Entry, draft: Draft) -> Entry:
    body = entry.body
    if isinstance(body, str) and body.startswith(":"):
        body = f"{draft.candidate.module.partition(':')[0]}{body}"
    return Entry(entry.kind, entry.name, body, entry.summary, entry.target, entry.replace, draft.candidate.name)


def _shown(value: object) -> str:
    text = f"the {value}" if isinstance(value, Entry) else repr(value)
    return text if len(text) <= 60 else f"something of type {type(value).__name__}"
