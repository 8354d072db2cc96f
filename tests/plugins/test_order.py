# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The order in which plugins take effect does not depend on the order in which they are found."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.plugins import Host
from mograph.plugins._ordering import ordered

HostOf = Callable[..., Host]

INSERT = "@hookimpl\ndef mograph_pipeline(pipeline):\n    pipeline.insert('{name}-pass', at='mo:end')\n"


def loaded(host: Host) -> list[str]:
    return [plugin.name for plugin in host.plugins if plugin.status == "loaded"]


def test_sorted_by_name_after_the_first_party(host_of: HostOf) -> None:
    host = host_of({name: INSERT.format(name=name) for name in ("zoo", "ant", "mew")})
    assert loaded(host) == ["mograph", "onnx", "ant", "mew", "zoo"]
    assert host.pipeline().text("mo").endswith("ant-pass,mew-pass,zoo-pass))")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"ant": "AFTER = ('zoo',)"}, ["mograph", "onnx", "mew", "zoo", "ant"]),
        ({"zoo": "BEFORE = ['mew', 'nobody']"}, ["mograph", "onnx", "ant", "zoo", "mew"]),
        ({"ant": "REQUIRES = ('mew',)"}, ["mograph", "onnx", "mew", "ant", "zoo"]),
        ({"ant": "BEFORE = ('mograph',)"}, ["onnx", "ant", "mograph", "mew", "zoo"]),
    ],
)
def test_plugins_say_what_they_come_before_and_after(
    host_of: HostOf, attributes: dict[str, str], expected: list[str]
) -> None:
    assert loaded(host_of({name: attributes.get(name, "") for name in ("zoo", "ant", "mew")})) == expected


def test_insertions_follow_the_order(host_of: HostOf) -> None:
    host = host_of({"ant": "AFTER = ('zoo',)\n" + INSERT.format(name="ant"), "zoo": INSERT.format(name="zoo")})
    assert [each.text for each in host.pipeline().at("mo:end")] == ["zoo-pass", "ant-pass"]


def test_cycle_leaves_out_its_members_only(host_of: HostOf) -> None:
    host = host_of({"ant": "AFTER = ('bee',)", "bee": "AFTER = ('ant',)", "cow": "AFTER = ('ant',)"})
    assert loaded(host) == ["mograph", "onnx", "cow"]
    reason = "'ant' and 'bee' each ask to come after another: a cycle"
    assert [(failure.plugin, failure.reason) for failure in host.failures] == [("ant", reason), ("bee", reason)]


def test_requiring_what_is_not_there_fails_and_so_does_requiring_that(host_of: HostOf) -> None:
    host = host_of({"ant": "REQUIRES = ('bee',)", "bee": "REQUIRES = ('nobody',)", "cow": "AFTER = ('bee',)"})
    assert loaded(host) == ["mograph", "onnx", "cow"]
    assert {failure.plugin: failure.reason for failure in host.failures} == {
        "ant": "it requires 'bee', which is not there or left out",
        "bee": "it requires 'nobody', which is not there or left out",
    }


def test_withdrawn_plugin_takes_those_that_need_it_along_and_frees_its_names(host_of: HostOf) -> None:
    give = "@hookimpl\ndef mograph_passes():\n    yield api.pass_('shared', ':P')\n"
    host = host_of(
        {
            "ant": give + INSERT.format(name="ant").replace("mo:end", "no:where"),
            "bee": """
                REQUIRES = ("ant",)

                @hookimpl
                def mograph_extension_points():
                    yield api.extension_point("bee:x", after="mo:end")
            """,
            "cow": INSERT.format(name="cow").replace("mo:end", "bee:x"),
            "dog": give,
        }
    )
    assert loaded(host) == ["mograph", "onnx", "dog"]
    assert host.passes["shared"].plugin == "dog"
    assert {failure.plugin: failure.stage for failure in host.failures} == {
        "ant": "pipeline",
        "bee": "conflict",
        "cow": "pipeline",
    }


names = st.sampled_from("abcdefg")


@given(st.dictionaries(names, st.sets(names)), st.permutations("abcdefg"))
def test_ordering_keeps_every_request_or_reports_a_cycle(earlier: dict[str, set[str]], preferred: list[str]) -> None:
    order, cycles = ordered(preferred, earlier)
    assert sorted([*order, *(name for cycle in cycles for name in cycle)]) == sorted(preferred)
    for name in order:
        for other in earlier.get(name, ()):
            assert other not in order or order.index(other) < order.index(name)
    for cycle in cycles:
        assert all(earlier[name] & set(cycle) for name in cycle)
    if not any(earlier.values()):
        assert order == preferred
