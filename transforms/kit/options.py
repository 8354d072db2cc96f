# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Options of passes: declared as annotated fields, typed, and written as text in pipelines."""

import enum
import re
import typing
from collections.abc import Callable, Sequence
from typing import Any

_NAME = re.compile(r"[A-Za-z][\w.-]*")
_KINDS: dict[type, str] = {bool: "bool", int: "int", float: "float", str: "string"}


class Option:
    """A declared option: `field` is its name in Python, `name` in pipelines, `kind` what MLIR checks texts against."""

    def __init__(self, default: object, help: str, choices: Sequence[str] | None, name: str | None) -> None:
        self.default = default
        self.help = help
        self.choices = choices
        self.given_name = name
        self.field = self.name = self.kind = ""
        self.scalar: type = str
        self.is_list = False

    def declare(self, owner: str, field: str, annotation: object) -> None:
        """Take the option's type from its field's annotation; raise `TypeError` for one that an option cannot have."""
        self.field = field
        self.name = self.given_name or field.replace("_", "-")
        where = f"{owner}.{field}"
        if _NAME.fullmatch(self.name) is None:
            raise TypeError(
                f"{where}: {self.name!r} cannot be the name of an option: expected letters, digits, '-', '_', '.'"
            )
        origin = typing.get_origin(annotation)
        self.is_list = origin is list
        element = typing.get_args(annotation)[0] if self.is_list else annotation
        if typing.get_origin(element) is typing.Literal:
            self.choices, element = typing.get_args(element), str
        if isinstance(element, type) and issubclass(element, enum.Enum):
            self.choices = [str(member.value) for member in element]
        elif element not in _KINDS:
            raise TypeError(
                f"{where}: an option is a bool, int, float, str, Literal, Enum or a list of these; found {annotation!r}"
            )
        assert isinstance(element, type)
        self.scalar = element
        if self.choices is not None:
            if not self.choices or any(not isinstance(c, str) or "|" in c or not c for c in self.choices):
                raise TypeError(
                    f"{where}: choices are strings that are not empty and hold no '|'; found {self.choices!r}"
                )
            self.kind = "|".join(self.choices)
        else:
            self.kind = _KINDS[self.scalar]
        try:
            self.default = self.check(self.default)
        except TypeError as error:
            raise TypeError(f"{where}: the default {error}") from None

    def check(self, value: object) -> object:
        """Return `value` as the option's type; raise `TypeError` that says what was expected."""
        if not self.is_list:
            return self._check_one(value)
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise TypeError(f"of {self.name!r} is a list of {self.expected}; found {value!r}")
        return [self._check_one(element) for element in value]

    def to_texts(self, value: object) -> list[str]:
        """Write a value as MLIR's option parser reads it: one text, or one for each element of a list."""
        values = typing.cast("list[object]", value) if self.is_list else [value]
        return [self._to_text(each) for each in values]

    def from_texts(self, texts: list[str]) -> object:
        """Read what `to_texts` or a pipeline's author wrote, which MLIR has checked."""
        values = [self._from_text(text) for text in texts]
        return values if self.is_list else values[0]

    def in_pipeline(self, value: object) -> str:
        """Write `name=value` as in the text of a pipeline."""
        texts = [f"{{{text}}}" if re.search(r"[\s{}]", text) else text for text in self.to_texts(value)]
        return f"{self.name}={{{','.join(texts)}}}" if self.is_list else f"{self.name}={texts[0]}"

    @property
    def expected(self) -> str:
        """What a value is, for error messages."""
        return f"one of {', '.join(self.choices)}" if self.choices else self.scalar.__name__

    def _check_one(self, value: object) -> object:
        if self.scalar is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if issubclass(self.scalar, enum.Enum):
            try:
                return self.scalar(value)
            except ValueError:
                pass
        elif type(value) is self.scalar and (self.choices is None or value in self.choices):
            return value
        raise TypeError(f"of {self.name!r} is {self.expected}; found {value!r}")

    def _to_text(self, value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return str(value.value) if isinstance(value, enum.Enum) else str(value)

    def _from_text(self, text: str) -> object:
        if issubclass(self.scalar, enum.Enum):
            return next(member for member in self.scalar if str(member.value) == text)
        convert: Callable[[str], object] = (lambda given: given == "true") if self.scalar is bool else self.scalar
        return convert(text)


def option(default: Any, help: str, *, choices: Sequence[str] | None = None, name: str | None = None) -> Any:
    """Declare an option: `max_rounds: int = option(4, "how often to try")`.

    The annotation is bool, int, float, str, a `Literal` of strings, an `Enum` of strings, or a list of one of these. In
    pipelines the option is called `name`, by default the field's with `-` for `_`: `my-pass{max-rounds=2}`.
    """
    return Option(default, help, choices, name)


def collect(cls: type, inherited: dict[str, Option]) -> dict[str, Option]:
    """Declare the options of a class body, after those it inherits; raise `TypeError` for what is declared wrongly."""
    found = {field: value for field, value in vars(cls).items() if isinstance(value, Option)}
    if not found:
        return inherited
    try:
        annotations = typing.get_type_hints(cls)
    except NameError as error:
        raise TypeError(f"{cls.__name__}: the type of an option cannot be found: {error}") from error
    options = dict(inherited)
    for field, each in found.items():
        if field not in annotations:
            raise TypeError(f"{cls.__name__}.{field}: an option needs a type, as in `{field}: int = option(…)`")
        each.declare(cls.__name__, field, annotations[field])
        twin = next((o.field for o in options.values() if o.name == each.name and o.field != field), None)
        if twin is not None:
            raise TypeError(f"{cls.__name__}: the fields {twin} and {field} have one option name, {each.name!r}")
        options[field] = each
    return options
