# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A module of LLVM code in units that are compiled at the same time, each as fast as its code is worth.

The code of kernels takes LLVM's usual level of code generation. What surrounds them, functions without a loop that
mostly call, is run through once per call of the model, and takes a level that compiles it three times as fast.

Units share nothing: each declares the functions of others and repeats the constants that it uses. How code is divided
depends on the code alone, and the order of units is that of their functions. A kernel of some length is a unit of its
own, named by its content, so that its text is the same in other modules, and what was compiled for them can be used.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mograph._records import record

_SYMBOL = re.compile(r'@"?((?<=")[^"]*|[-\w$.]+)')  # one name is the same with quotes and without
_BLOCK_OR_BRANCH = re.compile(r"\n(\d+):|label %(\d+)")  # two first characters, which regular expressions look for fast
_LINKAGE = re.compile(r"^define (?:internal |private )?")
_CONSTANT = re.compile(r"^@.*\n", re.MULTILINE)
_DECLARATION = re.compile(r"^declare .*\n", re.MULTILINE)
_COMMENT = re.compile(r"^(?:;.*)?\n", re.MULTILINE)
_ATTRIBUTES = re.compile(r"^attributes (#\d+) = \{ (.*) \}\n", re.MULTILINE)
_GROUP = re.compile(r" (#\d+)\b")
_KERNEL = re.compile(r"@[\w$.-]+_\d+\.code(?![-\w$.])")
_NUMBERED = re.compile(r"^define internal [^@]*@([\w$.-]+_)\d+\.code\(")


@record
class Division:
    """How code is divided, in lines of LLVM code.

    Functions that neither have a loop nor are called in one are compiled at `glue_level`, in units of about `glue_unit`
    lines, where together they have `glue` lines; the others at `level`, in units of about `unit` lines, or alone where
    they are kernels of `alone` lines. Code of fewer than `least` lines stays one unit: to begin one costs as much as
    some dozen lines.
    """

    glue: int = 200
    glue_unit: int = 2000
    unit: int = 400
    least: int = 600
    glue_level: int = 0
    level: int = 2
    alone: int = 100


class Unit(NamedTuple):
    """A module in LLVM's textual form and the level of code generation for it."""

    text: str
    level: int


class _Function:
    """The text of a definition, visible to other units, and what there is to know of it."""

    def __init__(self, text: str) -> None:
        self.ranges = text.startswith("define internal ")  # called for ranges of a parallel loop
        self.text = _LINKAGE.sub("define ", text)
        head = self.text.partition("\n")[0]
        self.name = _SYMBOL.findall(head)[0]
        self.declaration = "declare" + head.removeprefix("define").removesuffix("{") + "\n"
        self.lines = text.count("\n")
        self.used = set(_SYMBOL.findall(self.text, len(head)))
        starts: dict[str, int] = {}
        loops: list[tuple[int, int]] = []  # the outermost: from where a block starts to the last branch back to it
        for found in _BLOCK_OR_BRANCH.finditer(text):
            block, target = found.groups()
            if block:
                starts[block] = found.start()
            elif target in starts:
                start = starts[target]
                loops = [*(each for each in loops if each[0] < start), (start, found.end())]
        self.loops = bool(loops)
        self.repeated = {name for start, end in loops for name in _SYMBOL.findall(text, start, end)}


class Divider:
    """Divides the LLVM code of a module, from which kernels may be taken before it is complete. `division` says how."""

    def __init__(self, division: Division) -> None:
        self._division = division
        self._names: dict[str, str] = {}  # of kernels: by what they contain, for those that they are numbered by

    def kernels(self, text: str) -> list[Unit]:
        """The units of kernels that the rest of the module declares, in LLVM's textual form as MLIR writes it."""
        return self._units(text)

    def rest(self, text: str) -> list[Unit]:
        """The units of all else, after those of all kernels that were taken out."""
        level = self._division.level
        if re.search(r"^@.* global ", text, re.MULTILINE):
            return [Unit(self._renamed(text), level)]
        if not self._names and text.count("\n") < self._division.least:
            return [Unit(text, level)]
        return self._units(text)

    def _units(self, text: str) -> list[Unit]:
        division = self._division
        head, *rest = (f"{part}\n" for part in f"\n{text}".split("\ndefine "))
        bodies = [f"define {body}".partition("\n}\n") for body in rest]
        functions = [_Function(each) for each in self._named_by_content([body + end for body, end, _ in bodies])]
        shared = head + "".join(tail for _, _, tail in bodies)
        groups = dict(_ATTRIBUTES.findall(shared))
        constants = {_SYMBOL.findall(line)[0]: line for line in _CONSTANT.findall(shared)}
        declared = {
            _SYMBOL.findall(line)[0]: _GROUP.sub(lambda found: f" {groups.get(found[1], found[1])}", line)
            for line in _DECLARATION.findall(self._renamed(shared))
        } | {each.name: each.declaration for each in functions}
        for pattern in (_CONSTANT, _DECLARATION, _ATTRIBUTES, _COMMENT):
            shared = pattern.sub("", shared)
        glue = _glue(functions, division.glue)

        def units(parts: Iterable[Sequence[_Function]], level: int) -> Iterator[Unit]:
            for part in parts:
                used = {name for each in part for name in each.used} - {each.name for each in part}
                here = [lines[name] for lines in (constants, declared) for name in sorted(lines.keys() & used)]
                body = "".join([*here, *(each.text for each in part)])
                named = sorted(groups.keys() & set(_GROUP.findall(body)))
                text = shared + body + "".join(f"attributes {name} = {{ {groups[name]} }}\n" for name in named)
                yield Unit(text, level)

        others = [each for each in functions if each.name not in glue]
        alone = [each for each in others if each.ranges and each.lines >= division.alone]
        together = [each for each in others if not each.ranges or each.lines < division.alone]
        return [
            *units(_parts([each for each in functions if each.name in glue], division.glue_unit), division.glue_level),
            *units(([each] for each in sorted(alone, key=lambda each: -each.lines)), division.level),
            *units(_parts(together, division.unit), division.level),
        ]

    def _named_by_content(self, functions: Sequence[str]) -> list[str]:
        """The texts of definitions, where those of kernels, which are numbered, are named by what they contain
        instead.
        """
        for text in functions:
            if found := _NUMBERED.match(text):
                old = text[text.index("@") : found.end() - 1]
                content = hashlib.sha256(text.replace(old, "").encode()).hexdigest()[:16]
                new = f"@{found[1]}{content}.code"
                self._names[old] = new if new not in self._names.values() else old  # one of two that are the same
        return [self._renamed(text) for text in functions]

    def _renamed(self, text: str) -> str:
        """A text with the names of kernels as they are by now."""
        return _KERNEL.sub(lambda found: self._names.get(found[0], found[0]), text)


def divide(text: str, division: Division) -> list[Unit]:
    """The units of a module in LLVM's textual form, as MLIR writes it."""
    return Divider(division).rest(text)


def _glue(functions: Sequence[_Function], least: int) -> set[str]:
    """The names of functions that are run through once for each call of the model; none where they are short."""
    named = {each.name: each for each in functions}
    repeated = {each.name for each in functions if each.ranges}
    waiting = [each.used if each.ranges else each.repeated for each in functions]
    while waiting:
        called = waiting.pop() & named.keys() - repeated
        repeated |= called
        waiting += [named[name].used for name in called]
    once = [each for each in functions if not each.loops and each.name not in repeated]
    return {each.name for each in once} if sum(each.lines for each in once) >= least else set()


def _parts(functions: Sequence[_Function], size: int) -> list[list[_Function]]:
    """The functions in parts of about `size` lines, in order."""
    parts: list[list[_Function]] = []
    room = 0
    for each in functions:
        if each.lines > room:
            parts.append([])
            room = size
        parts[-1].append(each)
        room -= each.lines
    return parts
