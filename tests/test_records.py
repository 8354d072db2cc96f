# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Records against the frozen dataclasses that they stand for."""

import dataclasses
import inspect
import sys
from dataclasses import dataclass, field, replace

import pytest

from mograph._records import record


@record
class Point:
    """Two numbers, and something that does not count."""

    x: int
    y: int = 2
    note: str = field(default="", compare=False, repr=False)


@record
class Space(Point):
    """One more."""

    z: int = 3

    def __post_init__(self) -> None:
        if self.z < 0:
            raise ValueError("below")


@record
class Nothing:
    """No field."""


@record
class Named:
    """With a text of its own."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


@record
class Listed:
    """With a list of each one's own."""

    items: list[int] = field(default_factory=list)


@record
class Derived(Listed):
    """With that and another."""

    last: int = 0


@record
class Own:
    """With an initializer of its own."""

    twice: int

    def __init__(self, once: int) -> None:
        self.twice = 2 * once


def test_records_are_made_as_dataclasses_are() -> None:
    assert [each.name for each in dataclasses.fields(Space)] == ["x", "y", "note", "z"]
    assert dataclasses.asdict(Space(1)) == {"x": 1, "y": 2, "note": "", "z": 3}
    assert replace(Point(1), y=5) == Point(1, 5)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]  # what is tested
    with pytest.raises(ValueError, match="below"):
        Space(1, z=-1)


def test_initializers_are_those_of_dataclasses() -> None:
    for made in (Space, Listed, Nothing, Derived):
        same = dataclasses.make_dataclass(made.__name__, [(f.name, f.type, f) for f in dataclasses.fields(made)])
        assert inspect.signature(made) == inspect.signature(same)
    assert Listed().items == []
    assert Listed().items is not Listed().items
    assert Derived(items=[1], last=2) == Derived([1], 2)
    assert Own(3).twice == 6


def test_one_initializer_is_compiled_for_all_of_as_many_fields() -> None:
    sources: list[object] = []
    sys.addaudithook(lambda event, given: sources.append(given) if event == "compile" else None)

    @record
    class First:
        one: int
        two: int
        three: int

    compiled = len(sources)

    @record
    class Second:
        alpha: str
        beta: str
        gamma: str = ""

    assert len(sources) == compiled <= 1
    assert Second("a", beta="b") == Second("a", "b", "")
    assert First(1, 2, three=3).three == 3


def test_fields_without_a_default_come_first() -> None:
    with pytest.raises(TypeError, match="'x', which has one"):

        @record
        class Wrong:
            x: int = 0
            y: int


def test_records_take_arguments_by_name_only_as_dataclasses_do() -> None:
    @record
    class Marked:
        x: int
        _: dataclasses.KW_ONLY
        y: int = 0

    @record
    class Single:
        x: int = field(default=1, kw_only=True)

    assert Marked(1, y=2).y == 2
    assert Single(x=2).x == 2
    for refused in (lambda: Marked(1, 2), lambda: Single(2)):
        with pytest.raises(TypeError, match="positional argument"):
            refused()


def test_records_are_equal_by_class_and_values() -> None:
    assert Point(1) == Point(1, 2, "other") != Point(1, 3)
    assert Point(1) != Space(1)
    assert Point(1) != (1, 2)
    assert Nothing() == Nothing() != Point(1)
    assert Named("a") == Named("a") != Named("b")


def test_records_are_keys() -> None:
    assert {Point(1): "a", Point(1, 3): "b", Named("a"): "c", Nothing(): "d"}[Point(1, 2, "other")] == "a"
    with pytest.raises(TypeError, match="unhashable"):
        hash(Named([]))  # type: ignore[arg-type]  # what is tested


def test_records_show_what_they_hold() -> None:
    @dataclass(frozen=True)
    class Other:
        x: int
        y: str

    @record
    class Same:
        x: int
        y: str

    assert repr(Same(1, "a")).replace("Same", "Other") == repr(Other(1, "a"))
    assert repr(Point(1, note="hidden")) == "Point(x=1, y=2)"
    assert repr(Named("a")) == "<a>"
