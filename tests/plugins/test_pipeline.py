# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The default pipeline as data, and as text."""

from pathlib import Path

import pytest

from mograph.plugins import DefaultPipeline, Host, PipelineError, Point
from mograph.plugins.core import plugin

POINTS = [
    Point("mo:start", anchor="mo.graph", summary="first"),
    Point("mo:end", anchor="mo.graph"),
    Point("mogg:start"),
    Point("mogg:end"),
]


def names(*points: Point) -> list[str]:
    return [point.name for point in DefaultPipeline([*POINTS, *points]).points]


def test_first_party_points() -> None:
    pipeline = Host(path=[], environment={}).pipeline()
    assert pipeline.phases == ("mo", "mogg", "target")
    assert {
        "mo:start",
        "mo:before-fuse",
        "mo:after-fuse",
        "mo:end",
        "mogg:start",
        "mogg:before-schedule",
        "mogg:end",
        "target:start",
        "target:end",
    } <= {point.name for point in pipeline.points}
    assert all(point.summary for point in pipeline.points)


def test_docs_list_the_first_party_points() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text()
    table = "".join(f"| `{name}` | `{anchor}` | {summary} |\n" for name, anchor, summary in plugin.POINTS)
    assert table in docs


def test_empty() -> None:
    assert DefaultPipeline(POINTS).text() == "builtin.module()"


def test_neighbours_of_one_anchor_share_a_nest() -> None:
    pipeline = DefaultPipeline(POINTS)
    pipeline.insert("c", at="mo:end")
    pipeline.insert("a,b{x=1}", at="mo:start")
    pipeline.insert("m", at="mogg:start")
    pipeline.insert("builtin.module( n,func.func(k) )", at="mogg:start")
    assert pipeline.text() == "builtin.module(mo.graph(a,b{x=1},c),m,n,func.func(k))"
    assert pipeline.text("mogg") == "builtin.module(m,n,func.func(k))"
    assert pipeline.text("mogg", "mo") == pipeline.text()


def test_insertion_may_say_what_it_is_nested_on() -> None:
    pipeline = DefaultPipeline(POINTS)
    pipeline.insert("a", at="mo:start")
    pipeline.insert("m", at="mo:start", on="builtin.module")
    pipeline.insert("f", at="mo:start", on="func.func")
    pipeline.insert("b", at="mo:end")
    assert pipeline.text() == "builtin.module(mo.graph(a),m,func.func(f),mo.graph(b))"


def test_points_are_placed_beside_their_neighbours_in_the_order_given() -> None:
    one, two = Point("x:one", after="mo:start"), Point("x:two", after="mo:start")
    assert names(one, two)[:3] == ["mo:start", "x:one", "x:two"]
    three, four = Point("x:three", before="mogg:start"), Point("x:four", before="mogg:start")
    assert names(three, four)[2:4] == ["x:three", "x:four"]
    five, six = Point("x:five", after="x:six"), Point("x:six", after="mo:start")
    assert names(five, six, two)[:4] == ["mo:start", "x:six", "x:five", "x:two"]
    assert names(Point("x:last"))[-1] == "x:last"


def test_points_take_phase_and_anchor_of_their_neighbour() -> None:
    pipeline = DefaultPipeline(
        [*POINTS, Point("x:a", after="mo:end"), Point("x:b", before="mo:end", anchor="func.func")]
    )
    shown = {point.name: (point.phase, point.anchor) for point in pipeline.points if point.name.startswith("x")}
    assert shown == {"x:a": ("mo", "mo.graph"), "x:b": ("mo", "func.func")}


def test_unknown_point_lists_the_known_ones() -> None:
    pipeline = DefaultPipeline(POINTS)
    with pytest.raises(PipelineError) as caught:
        pipeline.insert("cse", at="mogg:ned")
    assert str(caught.value) == (
        "inserts 'cse' at 'mogg:ned', which is no extension point of the pipeline "
        "(did you mean 'mogg:end' or 'mo:end'?); there are mo:start, mo:end, mogg:start, mogg:end"
    )
    assert pipeline.text() == "builtin.module()"


def test_unknown_neighbour_and_phase() -> None:
    with pytest.raises(PipelineError, match="places the extension point 'x:a' after 'x:a'"):
        names(Point("x:a", after="x:a"))
    with pytest.raises(PipelineError, match="no phase 'mog' in the pipeline; its phases are mo, mogg"):
        DefaultPipeline(POINTS).text("mog")


@pytest.mark.parametrize("text", ["", "  ", "a(b", "a)", "a{b)}", "a{"])
def test_malformed_text(text: str) -> None:
    with pytest.raises(PipelineError, match="expected a textual pipeline|closes nothing|is not closed"):
        DefaultPipeline(POINTS).insert(text, at="mo:start")


def test_changing_a_pipeline_concerns_that_one_only() -> None:
    host = Host(path=[], environment={})
    host.pipeline().insert("mine", at="mo:end")
    assert "mine" not in host.pipeline().text()


def test_description() -> None:
    pipeline = DefaultPipeline(POINTS)
    pipeline.insert("cse", at="mo:start")
    assert pipeline.describe().splitlines()[:3] == [
        "mo:start                 first",
        "    mo.graph(cse)  [here]",
        "mo:end",
    ]
