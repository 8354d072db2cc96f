# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Records against the frozen dataclasses that they stand for."""

import dataclasses
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


def test_records_are_made_as_dataclasses_are() -> None:
    assert [each.name for each in dataclasses.fields(Space)] == ["x", "y", "note", "z"]
    assert dataclasses.asdict(Space(1)) == {"x": 1, "y": 2, "note": "", "z": 3}
    assert replace(Point(1), y=5) == Point(1, 5)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]  # what is tested
    with pytest.raises(ValueError, match="below"):
        Space(1, z=-1)


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
