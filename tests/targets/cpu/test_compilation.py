# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Units that threads compile while others are being made: in order, with errors, however many threads there are."""

from collections.abc import Iterator

import pytest

import mograph
from mograph.targets.cpu import this_host
from mograph.targets.cpu.compilation import Compilation
from mograph.targets.cpu.objects import emit
from mograph.targets.cpu.units import Unit

THREADS = (1, 2, 7)


@pytest.fixture(autouse=True)
def nothing_stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MOGRAPH_OBJECTS", "")
    before = mograph.get_num_threads()
    yield
    mograph.set_num_threads(before)


def text(number: int) -> str:
    more = "".join(f"  %x{i} = add i64 {i}, {number}\n" for i in range(number % 5 * 20))
    return f"define i64 @f{number}() {{\n{more}  ret i64 {number}\n}}\n"


@pytest.mark.parametrize("threads", THREADS)
def test_objects_are_in_the_order_of_the_units(threads: int) -> None:
    mograph.set_num_threads(threads)
    compilation = Compilation(this_host())
    units = [Unit(text(number), number % 3) for number in range(30)]
    for start in range(0, 30, 10):
        compilation.add(units[start : start + 10])
    assert compilation.finish() == tuple(emit(unit.text, this_host(), unit.level) for unit in units)


@pytest.mark.parametrize("threads", THREADS)
def test_the_first_error_is_raised(threads: int) -> None:
    mograph.set_num_threads(threads)
    compilation = Compilation(this_host())
    wrong = [Unit(f"define i64 @f() {{ ret i64 %{name} }}", 2) for name in ("first", "second")]
    compilation.add([Unit(text(1), 2), *wrong, Unit(text(2), 2)])
    with pytest.raises(ValueError, match="%first"):
        compilation.finish()


@pytest.mark.parametrize("threads", THREADS)
def test_what_is_given_up_is_not_waited_for(threads: int) -> None:
    mograph.set_num_threads(threads)
    for _ in range(20):
        Compilation(this_host()).add(Unit(text(number), 2) for number in range(10))


def test_nothing_gives_nothing() -> None:
    assert Compilation(this_host()).finish() == ()
