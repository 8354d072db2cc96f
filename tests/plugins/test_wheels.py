# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Installed plugins, good and bad, side by side."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mograph.plugins import Failure, Host, StrictError, UnknownNameError, listing, render_listing


def host_at(site: Path, **options: object) -> Host:
    return Host(path=[str(site)], **options)  # type: ignore[arg-type]  # each test gives what Host takes


def failure_of(host: Host, plugin: str) -> Failure:
    (failure,) = [failure for failure in host.failures if failure.plugin == plugin]
    return failure


def test_good_one_works_beside_bad_ones(installed: Path) -> None:
    host = host_at(installed)
    assert [(plugin.name, plugin.status) for plugin in host.plugins] == [
        ("mograph", "loaded"),
        ("onnx", "loaded"),
        ("good", "loaded"),
        ("broken", "failed"),
        ("good", "failed"),
        ("half", "failed"),
        ("newer", "failed"),
        ("rival", "failed"),
    ]
    assert "good" in host.dialects
    assert "good-simplify" in host.passes
    assert [(each.text, each.plugin) for each in host.pipeline().at("mo:before-fuse")] == [("good-simplify", "good")]
    assert host.lowerings("cpu").load("good.op")(None, None) == "lowered"


def test_bodies_are_imported_when_asked_for(installed: Path) -> None:
    host = host_at(installed)
    assert host.passes.summary("good-simplify") == "Makes it simpler."
    render_listing(host)
    assert "good_demo.body" not in sys.modules
    assert host.passes.load("good-simplify").__name__ == "Simplify"
    assert "good_demo.body" in sys.modules


def test_broken_one_is_named_with_entry_point_distribution_version_and_cause(installed: Path) -> None:
    failure = failure_of(host_at(installed), "broken")
    assert str(failure) == (
        "plugin 'broken' (entry point 'broken = broken_demo' of broken-demo 0.1) is left out: importing it raised "
        f"ModuleNotFoundError: No module named 'module_that_nobody_has' ({installed}/broken_demo.py:3)"
    )
    assert isinstance(failure.cause, ModuleNotFoundError)
    assert failure.command == 'python -c "import broken_demo"'


@pytest.mark.parametrize(
    ("name", "because"),
    [("broken-pass", "module_that_nobody_has"), ("half-first", "the second cannot be made"), ("rival-pass", "'good'")],
)
def test_asking_for_a_pass_of_a_bad_one_gives_its_error(installed: Path, name: str, because: str) -> None:
    host = host_at(installed)
    with pytest.raises(UnknownNameError, match=f"there is no pass '{name}'.*is left out.*{because}"):
        host.passes[name]


def test_names_that_bad_ones_would_give_are_known(installed: Path) -> None:
    host = host_at(installed)
    broken = host.broken("pass")
    assert sorted(broken) == ["broken-pass", "half-first", "rival-pass", "twin-pass"]
    assert broken["broken-pass"] == str(failure_of(host, "broken"))
    assert list(host.broken("dialect")) == ["half"]


def test_half_done_registration_is_undone(installed: Path) -> None:
    host = host_at(installed)
    assert failure_of(host, "half").reason == (
        f"mograph_passes raised RuntimeError: the second cannot be made ({installed}/half_demo.py:12)"
    )
    assert "half" not in host.dialects
    assert "half-first" not in host.passes
    assert not host.pipeline().at("mo:start")
    assert not host.manager.has_plugin("half")
    assert {hook.name for hook in host.manager.get_hookcallers(sys.modules["half_demo"]) or ()} == set()


def test_newer_api_is_refused_with_a_sentence(installed: Path) -> None:
    assert failure_of(host_at(installed), "newer").reason == (
        "it asks for version 99 of the plugin API, and this mograph offers 1: upgrade mograph"
    )


def test_second_distribution_with_a_name_is_reported(installed: Path) -> None:
    assert failure_of(host_at(installed), "good").reason == (
        "its name is taken by entry point 'good = good_demo.plugin' of good-demo 1.2, which comes first; "
        "to use this one instead, switch that one off with --no-plugin=good-demo:good"
    )


def test_either_of_two_distributions_can_be_chosen(installed: Path) -> None:
    host = host_at(installed, disable=["good-demo:good"])
    assert "twin-pass" in host.passes
    assert not [failure for failure in host.failures if failure.plugin == "good"]


def test_file_comes_before_an_installed_one_of_its_name(installed: Path, write: Callable[..., Path]) -> None:
    file = write("broken", "@hookimpl\ndef mograph_passes():\n    yield api.pass_('mended', ':P')\n")
    host = host_at(installed, load=[file])
    assert host.passes["mended"].plugin == "broken"
    assert failure_of(host, "broken").reason == f"its name is taken by file {file}, which comes first"


def test_second_plugin_with_a_pass_name_is_left_out_as_a_whole(installed: Path) -> None:
    host = host_at(installed)
    assert "which plugin 'good' gives already" in failure_of(host, "rival").reason
    assert host.passes["good-simplify"].plugin == "good"
    assert "rival-pass" not in host.passes


def test_strict_mode_raises_all_failures(installed: Path) -> None:
    with pytest.raises(StrictError) as caught:
        host_at(installed, strict=True)
    assert [failure.plugin for failure in caught.value.failures] == ["broken", "good", "half", "newer", "rival"]
    with pytest.raises(StrictError):
        host_at(installed, environment={"MOGRAPH_STRICT_PLUGINS": "1"})
    assert host_at(installed, environment={"MOGRAPH_STRICT_PLUGINS": "0"}).failures


def test_strict_mode_accepts_when_the_bad_ones_are_switched_off(installed: Path) -> None:
    host = host_at(
        installed,
        strict=True,
        disable=["twin-demo:good", "rival"],
        environment={"MOGRAPH_NO_PLUGIN": "broken, half,newer"},
    )
    assert not host.failures
    assert "good-simplify" in host.passes
    assert sorted(plugin.name for plugin in host.plugins if plugin.status == "disabled") == [
        "broken",
        "good",
        "half",
        "newer",
        "rival",
    ]


def test_disabled_one_is_not_imported_and_its_pass_says_so(installed: Path) -> None:
    host = host_at(installed, disable=["good", "rival"])
    assert "good_demo" not in sys.modules
    with pytest.raises(UnknownNameError, match="plugin 'good' .*good-demo 1.2.* has it, and is switched off"):
        host.passes["good-simplify"]


def test_switching_off_what_is_not_there_is_reported(installed: Path) -> None:
    host = host_at(installed, disable=["godo"])
    (failure,) = [failure for failure in host.failures if failure.stage == "option"]
    assert "there is no plugin 'godo' to switch off (did you mean 'good'?)" in str(failure)


def test_listing_marks_the_bad_ones(installed: Path) -> None:
    host = host_at(installed, disable=["nobody"])
    text = render_listing(host)
    assert "good (good-demo 1.2)\n  dialects: good\n  passes: good-simplify\n  lowerings: good.op\n" in text
    assert "  inserts good-simplify at mo:before-fuse\n" in text
    assert "broken (broken-demo 0.1): FAILED\n  importing it raised ModuleNotFoundError" in text
    assert "problem: there is no plugin 'nobody'" in text
    data = {(plugin["name"], plugin["distribution"]): plugin for plugin in listing(host)["plugins"]}
    good = data["good", "good-demo"]
    assert good["insertions"] == [{"at": "mo:before-fuse", "pipeline": "good-simplify", "on": None}]
    assert good["version"] == "1.2"
    assert data["broken", "broken-demo"]["failure"]["stage"] == "import"
    assert data["half", "half-demo"]["dialects"] == []
