# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What all plugins together give of one kind, by name; bodies are imported when they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ._entries import Entry
from ._errors import BodyError, UnknownNameError, explained, suggestion
from ._sources import first_line


class Table(Mapping[str, Entry]):
    """The entries of one kind, sorted by name: a mapping that can also `load` their bodies.

    `title` says what is in it, as in "pass" or "lowering for target 'cpu'". `explain` completes the error about
    a missing name; it is given that name and this table.
    """

    def __init__(
        self, title: str, entries: Iterable[Entry], explain: Callable[[str, Iterable[str]], str] = suggestion
    ) -> None:
        self.title = title
        self._entries = {entry.name: entry for entry in sorted(entries, key=lambda entry: entry.name)}
        self._explain = explain
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownNameError(f"there is no {self.title} {name!r}{self._explain(name, self)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def get(self, name: str, default: Any = None) -> Any:
        """Return the entry of this name, or `default`; without the search for an explanation that `[]` makes."""
        return self._entries.get(name, default)

    def __repr__(self) -> str:
        return f"<Table of {self.title}: {', '.join(self._entries)}>"

    def load(self, name: str) -> Any:
        """Import the body of an entry once, and return it.

        Raises `UnknownNameError` where there is none of this name, and `BodyError`, which names the plugin, where the
        import fails.
        """
        entry = self[name]
        if name not in self._loaded:
            self._loaded[name] = load_entry(entry)
        return self._loaded[name]

    def summary(self, name: str) -> str:
        """The line that listings show: given by the plugin, or read from the body's source without importing it."""
        entry = self[name]
        return entry.summary or first_line(entry.body)


class Rules:
    """All lowering rules by op and target, as a provider for `mograph.transforms.lower.registry.LoweringRegistry`.

    `searched` is what an error about a missing rule names: the plugins, with what became of those left out.
    """

    def __init__(self, entries: Iterable[Entry], searched: Iterable[str]) -> None:
        self._entries = {(entry.name, entry.target): entry for entry in entries}
        self.searched = tuple(searched)

    def keys(self) -> Iterable[tuple[str, str]]:
        """The op and target of each rule; target "*" for those that serve all."""
        return self._entries.keys()

    def load(self, op: str, target: str) -> Any:
        """Import one of the rules. Raises `BodyError`, which names the plugin, where that fails."""
        return load_entry(self._entries[op, target])


def load_entry(entry: Entry) -> Any:
    """Import the body of an entry. Raises `BodyError`, which names the plugin, where that fails."""
    try:
        return entry.load()
    except Exception as error:
        reason = f"loading {entry.body!r} raised {explained(error)}"
        raise BodyError(f"the {entry} of plugin {entry.plugin!r} cannot be used: {reason}") from error
