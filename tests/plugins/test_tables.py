# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tables: what is missing, what is replaced, and bodies that cannot be loaded."""

from collections.abc import Callable

import pytest

from mograph.plugins import BodyError, Host, UnknownNameError

HostOf = Callable[..., Host]

RULE = """
def rule():
    return "{name}"

@hookimpl
def mograph_lowerings():
    yield api.lowering("demo.softmax", ":rule"{options})
"""


def rule(name: str, options: str = "") -> str:
    return RULE.format(name=name, options=options)


def test_unknown_name_suggests_the_nearest(host_of: HostOf) -> None:
    host = host_of({"demo": "@hookimpl\ndef mograph_passes():\n    yield api.pass_('demo-signs', ':P')\n"})
    with pytest.raises(UnknownNameError) as caught:
        host.passes["demo-sings"]
    assert str(caught.value) == (
        "there is no pass 'demo-sings' (did you mean 'demo-signs'?); plugins searched: mograph, onnx, demo"
    )
    assert host.passes.get("demo-sings") is None


def test_unknown_name_names_the_plugins_that_failed(host_of: HostOf) -> None:
    host = host_of({"demo": "1 / 0\n"})
    with pytest.raises(UnknownNameError, match="plugins searched: mograph, onnx; left out, as they failed: demo"):
        host.dialects["xyz"]


def test_missing_lowering_names_op_target_and_the_targets_that_have_one(host_of: HostOf) -> None:
    host = host_of({"demo": rule("demo", ", target='gpu'")})
    with pytest.raises(UnknownNameError) as caught:
        host.lowerings("tpu").load("demo.softmax")
    assert str(caught.value) == "there is no lowering for target 'tpu': 'demo.softmax'; there is one for target gpu"


def test_second_of_a_name_is_refused_unless_it_says_replace(host_of: HostOf) -> None:
    host = host_of({"ant": rule("ant"), "bee": rule("bee")})
    (failure,) = host.failures
    assert failure.plugin == "bee"
    assert failure.reason == (
        "it gives the lowering 'demo.softmax', which plugin 'ant' gives already; "
        "if it shall take its place, it must say replace=True"
    )
    assert host.lowerings("cpu").load("demo.softmax")() == "ant"


@pytest.mark.parametrize("who", ["ant", "bee"])
def test_replacement_wins_in_either_order(host_of: HostOf, who: str) -> None:
    texts = {name: rule(name, ", replace=True" if name == who else "") for name in ("ant", "bee")}
    host = host_of(texts)
    assert not host.failures
    assert host.lowerings("cpu").load("demo.softmax")() == who


def test_two_replacements_conflict(host_of: HostOf) -> None:
    host = host_of({name: rule(name, ", replace=True") for name in ("ant", "bee")})
    (failure,) = host.failures
    assert failure.reason.endswith("which plugin 'ant' gives already; both ask to replace it")


def test_rules_for_different_targets_do_not_conflict(host_of: HostOf) -> None:
    host = host_of({"ant": rule("ant"), "bee": rule("bee", ", target='gpu'")})
    assert not host.failures
    assert host.lowerings("gpu").load("demo.softmax")() == "bee"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("nowhere_to_be_found:P", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("json:Nothing", "AttributeError: module 'json' has no attribute 'Nothing'"),
        ("sys:modules[nothing]", "KeyError: 'nothing'"),
    ],
)
def test_body_that_cannot_be_loaded_names_the_plugin(host_of: HostOf, body: str, cause: str) -> None:
    host = host_of({"demo": f"@hookimpl\ndef mograph_passes():\n    yield api.pass_('demo-pass', '{body}')\n"})
    assert not host.failures
    with pytest.raises(BodyError) as caught:
        host.passes.load("demo-pass")
    assert str(caught.value).startswith(
        f"the pass 'demo-pass' of plugin 'demo' cannot be used: loading '{body}' raised {cause}"
    )
    assert caught.value.__cause__ is not None
    assert host.passes.summary("demo-pass") == ""


def test_rules_serve_the_registry_of_the_lowering_passes(host_of: HostOf) -> None:
    registry = pytest.importorskip("mograph.transforms.lower.registry", exc_type=ImportError)
    host = host_of({"ant": rule("ant"), "bee": rule("bee", ", target='gpu'"), "cow": "1 / 0\n"})
    lowerings = registry.LoweringRegistry(host.rules())
    assert lowerings.find("demo.softmax", "cpu")() == "ant"
    assert lowerings.find("demo.softmax", "gpu")() == "bee"
    with pytest.raises(
        registry.MissingRuleError, match=r"searched: mograph, onnx, ant, bee, cow \(left out, as it failed\)"
    ):
        lowerings.find("demo.unheard", "cpu")


def test_rules_whose_body_cannot_be_loaded_name_the_plugin(host_of: HostOf) -> None:
    host = host_of({"ant": "@hookimpl\ndef mograph_lowerings():\n    yield api.lowering('demo.op', 'no_such:rule')\n"})
    assert ("demo.op", "*") in set(host.rules().keys())
    with pytest.raises(BodyError, match="lowering 'demo.op' of plugin 'ant' cannot be used"):
        host.rules().load("demo.op", "*")


def test_bodies_are_loaded_once(host_of: HostOf) -> None:
    made = """
        calls = []

        def text():
            calls.append("called")
            return ",".join(calls)

        @hookimpl
        def mograph_pipelines():
            yield api.pipeline("p", ":text")
    """
    table = host_of({"demo": made}).pipelines
    assert [table.load("p"), table.load("p")] == ["called", "called"]
    assert (list(table), len(table), "p" in table) == (["p"], 1, True)
    assert repr(table) == "<Table of pipeline: p>"
