# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The options that all commands share."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mograph.plugins import Host, Options, PluginWarning, configure, get_host, render_listing, take_options
from mograph.plugins import host as host_module


def test_options_are_taken_and_the_rest_is_left_alone() -> None:
    mine = ["--no-plugin=a,b", "--load-plugin=p.py", "-no-plugin", "c", "--strict-plugins", "--load-plugin", "q.py"]
    options, rest = take_options(["-x", *mine, "in.mlir", "--", "--no-plugin=d"])
    assert options == Options(load=("p.py", "q.py"), disable=("a", "b", "c"), strict=True, listing="")
    assert rest == ["-x", "in.mlir", "--", "--no-plugin=d"]


def test_nothing_said_leaves_it_to_the_environment() -> None:
    assert take_options(["--canonicalize", "-"]) == (Options(), ["--canonicalize", "-"])
    assert take_options(["--strict-plugins=false"])[0].strict is False


@pytest.mark.parametrize(("argument", "form"), [("--list-plugins", "text"), ("--list-plugins=json", "json")])
def test_listing_forms(argument: str, form: str) -> None:
    assert take_options([argument])[0].listing == form


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--list-plugins=xml"], "--list-plugins=xml: expected --list-plugins or --list-plugins=json"),
        (["--load-plugin"], "--load-plugin: expected a value, as in --load-plugin=file.py"),
        (["--no-plugin="], "--no-plugin: expected a value, as in --no-plugin=name"),
        (["--strict-plugins=maybe"], "--strict-plugins=maybe: expected true or false"),
    ],
)
def test_malformed_options(arguments: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        take_options(arguments)


def test_json_listing_is_complete(host_of: Callable[..., Host]) -> None:
    host = host_of(
        {"demo": "@hookimpl\ndef mograph_kernels():\n    yield api.kernel('k', ':K', target='cpu', replace=True)\n"}
    )
    data = json.loads(render_listing(host, "json"))
    assert data["api"] == 1
    (demo,) = [plugin for plugin in data["plugins"] if plugin["name"] == "demo"]
    assert demo["kernels"] == [{"name": "k", "target": "cpu", "replace": True}]
    assert demo["failure"] is None
    assert "kernels: k (for cpu, replacing)" in render_listing(host)


def test_plugin_cannot_ask_for_the_host_that_loads_it(
    monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path]
) -> None:
    monkeypatch.setattr(host_module, "_host", None)
    host = configure(load=[write("demo", "from mograph.plugins import get_host\nget_host()\n")])
    (failure,) = [failure for failure in host.failures if failure.plugin == "demo"]
    assert "PluginError: the plugin host is asked for while it loads the plugins" in failure.reason


def test_host_of_the_process(monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path]) -> None:
    monkeypatch.setattr(host_module, "_host", None)
    monkeypatch.setenv("MOGRAPH_NO_PLUGIN", "nobody")
    with pytest.warns(PluginWarning, match="there is no plugin 'nobody' to switch off"):
        first = get_host()
    assert get_host() is first
    path = write("demo", "@hookimpl\ndef mograph_passes():\n    yield api.pass_('demo-pass', ':P')\n")
    second = configure(load=[path], disable=["nothing"])
    assert get_host() is second
    assert "demo-pass" in second.passes
    assert len(second.failures) == 2
