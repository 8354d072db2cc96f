# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Options: their types, their way through the text of a pipeline, and what is wrong with them."""

import enum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.transforms.kit import Pass, Pipeline, option, parse


class Mode(enum.Enum):
    FAST = "fast"
    SMALL = "small"


seen: list[dict[str, Any]] = []


class Show(Pass, name="options-show"):
    """Show the options."""

    flag: bool = option(False, "a flag")
    number: int = option(3, "a number")
    real: float = option(1, "another number")
    text: str = option("", "a text")
    choice: Literal["a", "b"] = option("a", "a choice")
    other: str = option("x", "a choice", choices=["x", "y"])
    mode: Mode = option(Mode.FAST, "an enumeration")
    numbers: list[int] = option([1, 2], "numbers")
    modes: list[Mode] = option([], "enumerations")
    renamed: int = option(0, "a number", name="other-name")
    two_words: int = option(0, "a number")

    def run(self, op: Any) -> None:
        seen.append({field: getattr(self, field) for field in self.declaration.options})


def through_a_pipeline(*parts: Any) -> dict[str, Any]:
    seen.clear()
    pipeline = Pipeline(*parts)
    assert Pipeline(str(pipeline)) == pipeline
    pipeline.run(parse(""))
    return seen.pop()


def test_defaults_are_of_the_declared_types() -> None:
    values = through_a_pipeline(Show)
    assert values == {
        "flag": False,
        "number": 3,
        "real": 1.0,
        "text": "",
        "choice": "a",
        "other": "x",
        "mode": Mode.FAST,
        "numbers": [1, 2],
        "modes": [],
        "renamed": 0,
        "two_words": 0,
    }
    assert type(values["real"]) is float


def test_values_from_text() -> None:
    Pipeline(Show)  # registers it for texts
    values = through_a_pipeline(
        "options-show{flag number=-7 real=2.5e-3 text={two words} choice=b mode=small numbers=4,5 "
        "modes=small,fast other-name=1 two-words=2}"
    )
    assert values["flag"] is True
    assert (values["number"], values["real"], values["text"]) == (-7, 0.0025, "two words")
    assert (values["choice"], values["mode"], values["numbers"]) == ("b", Mode.SMALL, [4, 5])
    assert (values["modes"], values["renamed"], values["two_words"]) == ([Mode.SMALL, Mode.FAST], 1, 2)


@given(
    flag=st.booleans(),
    number=st.integers(-(2**63), 2**63 - 1),
    real=st.floats(allow_nan=False),
    text=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1),
    mode=st.sampled_from(Mode),
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1)),
)
def test_objects_go_through_text(**values: Any) -> None:
    assert {field: through_a_pipeline(Show(**values))[field] for field in values} == values


def test_two_occurrences_do_not_share_values() -> None:
    seen.clear()
    Pipeline(Show(number=1), Show(number=2), Show()).run(parse(""))
    assert [values["number"] for values in seen] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing=1", r"pass 'options-show': no such option nothing; its options are flag, number, real, "),
        ("number=x", r"option 'number': expected an integer, found 'x'"),
        ("number=", r"option 'number': expected an integer, found ''"),
        ("real=x", r"option 'real': expected a number, found 'x'"),
        ("flag=maybe", r"option 'flag': expected true or false, found 'maybe'"),
        ("choice=c", r"option 'choice': expected one of a, b, found 'c'"),
        ("numbers=1,x", r"option 'numbers': expected an integer, found 'x'"),
        ("modes=fast,slow", r"option 'modes': expected one of fast, small, found 'slow'"),
    ],
)
def test_wrong_text(text: str, message: str) -> None:
    Pipeline(Show)
    with pytest.raises(ValueError, match=message):
        Pipeline(f"options-show{{{text}}}")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"nothing": 1}, r"pass 'options-show' has no option 'nothing'; its options are: flag, number"),
        ({"number": "1"}, r"the value of 'number' is int; found '1'"),
        ({"number": True}, r"the value of 'number' is int; found True"),
        ({"choice": "c"}, r"the value of 'choice' is one of a, b; found 'c'"),
        ({"numbers": 1}, r"the value of 'numbers' is a list of int; found 1"),
        ({"numbers": [1, "x"]}, r"the value of 'numbers' is int; found 'x'"),
        ({"mode": "slow"}, r"the value of 'mode' is one of fast, small; found 'slow'"),
    ],
)
def test_wrong_values(values: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Show(**values)


def declare(annotation: object, *arguments: Any, **keywords: Any) -> type:
    body = {"__annotations__": {"it": annotation}, "it": option(*arguments, **keywords), "run": lambda self, op: None}
    return type("Wrong", (Pass,), body, name="options-wrong")


@pytest.mark.parametrize(
    ("annotation", "arguments", "keywords", "message"),
    [
        (dict, ({}, "help"), {}, r"Wrong\.it: an option is a bool, int, .*; found <class 'dict'>"),
        (int, ("x", "help"), {}, r"Wrong\.it: the default of 'it' is int; found 'x'"),
        (int, (1, "help"), {"name": "a b"}, r"Wrong\.it: 'a b' cannot be the name of an option"),
        (str, ("a", "help"), {"choices": ["a|b"]}, r"Wrong\.it: choices are strings"),
        (str, ("a", "help"), {"choices": []}, r"Wrong\.it: choices are strings"),
        (str, ("c", "help"), {"choices": ["a", "b"]}, r"Wrong\.it: the default of 'it' is one of a, b; found 'c'"),
    ],
)
def test_wrong_declarations(annotation: object, arguments: Any, keywords: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        declare(annotation, *arguments, **keywords)


def test_an_option_needs_a_type() -> None:
    with pytest.raises(TypeError, match=r"Untyped\.it: an option needs a type, as in `it: int = option"):
        type("Untyped", (Pass,), {"it": option(1, "help"), "run": lambda self, op: None}, name="options-untyped")


def test_two_options_of_one_name() -> None:
    class Base(Pass):
        it_: int = option(1, "help", name="it")

    with pytest.raises(TypeError, match=r"the fields it_ and it have one option name, 'it'"):
        type("Twice", (Base,), {"__annotations__": {"it": int}, "it": option(1, "help")})


def test_an_option_may_not_hide_a_method() -> None:
    with pytest.raises(TypeError, match=r"Wrong\.rewrite: every pass has an attribute of this name"):
        type("Wrong", (Pass,), {"__annotations__": {"rewrite": int}, "rewrite": option(1, "help")})


def test_options_are_inherited() -> None:
    class Base(Pass):
        first: int = option(1, "help")

    class Derived(Base, name="options-derived"):
        second: int = option(2, "help")

        def run(self, op: Any) -> None: ...

    assert str(Pipeline(Derived(first=5))) == "builtin.module(options-derived{first=5 second=2})"
