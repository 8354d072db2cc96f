# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What all plugins together give of one kind, by name; bodies are imported when they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ._entries import Entry
from ._errors import BodyError, UnknownNameError, explained, suggestion
from ._sources import first_line


class Table(Mapping[str, Entry]):
    """The entries of one kind, sorted by name: a mapping that can also `load` their bodies.

    `title` says what is in it, as in "pass" or "lowering for target 'cpu'". `why` is asked, when a name is missing, for
    more to say about that name.
    """

    def __init__(self, title: str, entries: Iterable[Entry], why: Callable[[str], str] = lambda name: "") -> None:
        self.title = title
        self._entries = {entry.name: entry for entry in sorted(entries, key=lambda entry: entry.name)}
        self._why = why
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except KeyError:
            near = suggestion(name, self._entries)
            raise UnknownNameError(f"there is no {self.title} {name!r}{near}{self._why(name)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __repr__(self) -> str:
        return f"<Table of {self.title}: {', '.join(self._entries)}>"

    def load(self, name: str) -> Any:
        """Import the body of an entry once, and return it.

        Raises `UnknownNameError` where there is none of this name, and `BodyError`, which names the plugin, where the
        import fails.
        """
        entry = self[name]
        if name not in self._loaded:
            try:
                self._loaded[name] = entry.load()
            except Exception as error:
                reason = f"loading {entry.body!r} raised {explained(error)}"
                raise BodyError(f"the {entry} of plugin {entry.plugin!r} cannot be used: {reason}") from error
        return self._loaded[name]

    def summary(self, name: str) -> str:
        """The line that listings show: given by the plugin, or read from the body's source without importing it."""
        entry = self[name]
        return entry.summary or first_line(entry.body)
