# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules are chosen by templates and replaced by attributes, rules and what was stored, in that order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from mograph.targets.cpu import schedules, tuned
from mograph.targets.cpu.host import this_host
from mograph.targets.cpu.schedules import Choice, Sources, making, tunable, using


@dataclass(frozen=True)
class Schedule:
    rows: int
    pack: bool = False

    def __post_init__(self) -> None:
        if self.rows < 2:
            raise ValueError(f"expected rows of 2 or more, found {self.rows}")


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A template called `test` whose choice is what it is called with; it does not pack more than ten rows."""
    monkeypatch.setattr(schedules, "_candidates", {})
    monkeypatch.setattr(schedules, "_HOMES", ())

    def check(schedule: Schedule, rows: int) -> None:
        if schedule.pack and schedule.rows > 10:
            raise ValueError("expected at most 10 rows that are packed")

    return tunable("test", check=check)(Schedule)


def under(attribute: dict[str, dict[str, int]], sources: Sources, choose: Any) -> Schedule:
    with using(sources), making("kernel", attribute, lambda: "key"):
        chosen: Schedule = choose(4)
        return chosen


def others(choose: Any, rows: int) -> list[Any]:
    """What may be tried instead of a choice."""
    record: list[Choice] = []
    with using(Sources(record=record)), making("kernel", {}, lambda: "key"):
        choose(rows)
    return list(record[0].others)


def test_choice_is_the_model_s_unless_something_takes_its_place(choose: Any) -> None:
    assert choose(4) == Schedule(4)
    assert under({}, Sources(), choose) == Schedule(4)
    assert under({}, Sources(stored={"other": {"test": {"rows": 8}}}), choose) == Schedule(4)


def test_attribute_comes_before_rules_and_these_before_what_is_stored(choose: Any) -> None:
    stored = {"key": {"test": {"rows": 8}}}
    assert under({}, Sources(stored), choose) == Schedule(8)
    asked = []

    def rule(kernel: str, fields: Any) -> Any:
        asked.append((kernel, fields))
        return {"pack": True}

    assert under({}, Sources(stored, {"test": lambda *_: None, "other": rule}), choose) == Schedule(8)
    assert under({}, Sources(stored, {"test": rule}), choose) == Schedule(4, pack=True)
    assert asked == [("kernel", {"rows": 4, "pack": False})]
    assert under({"test": {"rows": 16}}, Sources(stored, {"test": rule}), choose) == Schedule(16)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"columns": 3}, "expected a field among rows, pack, found columns"),
        ({"rows": True}, "expected int for rows, found True"),
        ({"rows": 1}, "expected rows of 2 or more, found 1"),
        ({"rows": 11, "pack": True}, "expected at most 10 rows that are packed"),
    ],
)
def test_wrong_fields_are_errors_that_name_kernel_and_template(choose: Any, fields: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^schedule of kernel 'kernel', template 'test': {message}$"):
        under({"test": fields}, Sources(), choose)


def test_unknown_template_is_an_error(choose: Any) -> None:
    with pytest.raises(ValueError, match="expected templates among test, found other"):
        under({"other": {}}, Sources(), choose)


def test_choices_are_recorded_before_they_are_replaced(choose: Any) -> None:
    record: list[Choice] = []
    under({"test": {"rows": 8}}, Sources(record=record), choose)
    assert record == [Choice("key", "kernel", "test", Schedule(4), record[0].others)]


def test_sources_end_with_their_block(choose: Any) -> None:
    with using(Sources(stored={"key": {"test": {"rows": 8}}})):
        pass
    assert under({}, schedules.sources(), choose) == Schedule(4)


def test_neighbours_are_moves_of_one_or_two_fields_that_the_schedule_accepts(choose: Any) -> None:
    assert others(choose, 2) == [Schedule(4), Schedule(2, pack=True), Schedule(4, pack=True)]


def test_template_may_have_candidates_of_its_own(choose: Any) -> None:
    def other(schedule: Schedule) -> Iterator[Schedule]:
        yield schedule
        yield replace(schedule, rows=7)

    assert others(tunable("own", candidates=other)(Schedule), 2) == [Schedule(7)]


def test_candidates_are_those_that_pass_the_check(choose: Any) -> None:
    found = others(choose, 10)
    assert Schedule(20) in found
    assert Schedule(10, pack=True) in found
    assert Schedule(20, pack=True) not in found


def test_what_a_template_does_not_take_is_no_choice(choose: Any) -> None:
    record: list[Choice] = []
    with using(Sources(record=record)), making("kernel", {}, lambda: "key"):
        assert tunable("none")(lambda: None)() is None
    assert record == []


def test_key_does_not_depend_on_the_names_of_values() -> None:
    text = "%{0} = arith.addf %{1}, %{1} : f32"
    assert tuned.key([text.format("3", "x")]) == tuned.key([text.format("y#1", "2")])
    assert tuned.key([text.format("3", "x")]) != tuned.key(["%3 = arith.addf %x, %y : f32"])


def test_stored_schedules_are_those_of_the_processor(tmp_path: Path) -> None:
    here, file = this_host(), tmp_path / "folder" / "schedules.json"
    host = tuned.processor_of(here)
    assert tuned.load(host, file) == {}
    tuned.save(host, {"a": {"rows": {"rows": 8}}}, file)
    tuned.save(host, {"b": {"rows": {"on_stack": True}}}, file)
    assert tuned.load(host, file) == {"a": {"rows": {"rows": 8}}, "b": {"rows": {"on_stack": True}}}
    assert tuned.load(tuned.processor_of(replace(here, cores=here.cores + 1)), file) == {}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 0}', '{"format": 1, "processors": {"p": {"k": {"t": {"f": "x"}}}}}']
)
def test_file_that_says_nothing_is_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "schedules.json"
    file.write_text(text)
    assert tuned.load(tuned.processor_of(this_host()), file) == {}


def test_file_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(tuned.VARIABLE, str(tmp_path / "x.json"))
    assert tuned.path() == tmp_path / "x.json"
    monkeypatch.setenv(tuned.VARIABLE, "")
    assert tuned.path() is None
    assert tuned.load(tuned.processor_of(this_host())) == {}
    monkeypatch.delenv(tuned.VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert tuned.path() == tmp_path / "mograph" / "schedules.json"
