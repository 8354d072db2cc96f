# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`--list-plugins`: what there is, what each plugin gives, and what is wrong; no body is imported for it."""

import json
from collections.abc import Iterator
from textwrap import fill
from typing import Any

from ._entries import ANY_TARGET, Entry
from ._errors import Failure
from .api import API
from .host import Host, Plugin

_KINDS = {
    "dialects": "dialect",
    "passes": "pass",
    "pipelines": "pipeline",
    "lowerings": "lowering",
    "targets": "target",
    "kernels": "kernel",
    "schedules": "schedule",
    "fusions": "fusion",
    "importers": "importer",
    "weights": "weights",
    "custom_ops": "custom",
}


def listing(host: Host) -> dict[str, Any]:
    """Describe the plugins of a host as plain data, which `json` can write.

    "plugins" has one for each: "name", "status" ("loaded", "failed", "disabled"), "module", "file", "distribution",
    "version", lists of what it gives, and "failure". "problems" has what concerns no plugin, such as an option without
    effect.
    """
    return {
        "api": API,
        "plugins": [_plugin(plugin) for plugin in host.plugins],
        "problems": [str(failure) for failure in host.failures if not failure.plugin],
    }


def render_listing(host: Host, form: str = "text") -> str:
    """Write the listing as "text" for people, or as "json"; without a newline at the end."""
    data = listing(host)
    if form == "json":
        return json.dumps(data, indent=2)
    lines = [line for plugin in data["plugins"] for line in _lines(plugin)]
    return "\n".join([*lines, *(f"problem: {problem}" for problem in data["problems"])])


def _plugin(plugin: Plugin) -> dict[str, Any]:
    found = plugin.candidate
    return {
        "name": plugin.name,
        "status": plugin.status,
        "module": found.module,
        "file": found.file or None,
        "distribution": found.distribution or None,
        "version": found.version or None,
        **{key: [_entry(each) for each in plugin.entries if each.kind == kind] for key, kind in _KINDS.items()},
        "extension_points": [point.name for point in plugin.points],
        "insertions": [{"at": each.at, "pipeline": each.text, "on": each.on} for each in plugin.insertions],
        "failure": _failure(plugin.failure),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    target = {} if entry.target == ANY_TARGET else {"target": entry.target}
    return {"name": entry.name, **target, **({"replace": True} if entry.replace else {})}


def _failure(failure: Failure | None) -> dict[str, str] | None:
    if failure is None:
        return None
    return {"stage": failure.stage, "reason": failure.reason, "origin": failure.origin, "reproduce": failure.command}


def _lines(plugin: dict[str, Any]) -> Iterator[str]:
    version = f" {plugin['version']}" if plugin["version"] else ""
    source = plugin["file"] or (f"{plugin['distribution']}{version}" if plugin["distribution"] else version.strip())
    mark = {"loaded": "", "failed": ": FAILED", "disabled": ": switched off"}[plugin["status"]]
    yield f"{plugin['name']} ({source or plugin['module']}){mark}"
    if plugin["failure"]:
        yield f"  {plugin['failure']['reason']}"
        yield f"  reproduce: {plugin['failure']['reproduce']}"
    for key in _KINDS:
        if names := [_label(entry) for entry in plugin[key]]:
            yield _wrapped(f"{key}: {', '.join(names)}")
    if points := plugin["extension_points"]:
        yield _wrapped(f"extension points: {', '.join(points)}")
    for each in plugin["insertions"]:
        yield f"  inserts {each['pipeline']} at {each['at']}"


def _wrapped(text: str) -> str:
    return fill(
        text, 100, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
    )


def _label(entry: dict[str, Any]) -> str:
    notes = ("for " + entry["target"] if "target" in entry else "", "replacing" if "replace" in entry else "")
    shown = ", ".join(filter(None, notes))
    return f"{entry['name']} ({shown})" if shown else str(entry["name"])
