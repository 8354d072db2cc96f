# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Passes: classes that MLIR's pass manager runs."""

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from mograph import _native
from mograph.dialects.rewrite.diagnostics import SEVERITIES
from mograph.dialects.rewrite.failures import emit, report
from mograph.dialects.rewrite.patterns import op_name

from .options import Option, collect, option
from .registration import register as register_name
from .statistics import Statistic

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_):
        """Do at run time what typing_extensions' does, which is nothing."""
        return lambda cls: cls


_NAME = re.compile(r"[A-Za-z][\w.-]*")
_registered: dict[str, type] = {}
_ERROR, _WARNING, _REMARK = map(SEVERITIES.index, ("error", "warning", "remark"))


class Declaration(NamedTuple):
    """What the head and the fields of a pass's class say."""

    name: str = ""
    anchor: str = ""
    dialects: tuple[str, ...] = ()
    driver: Literal["greedy", "walk"] = "greedy"
    options: dict[str, Option] = {}
    statistics: tuple[Statistic, ...] = ()


@dataclass_transform(kw_only_default=True, field_specifiers=(option,))
class Pass:
    """A pass: subclass it with `name=`, and either write `run` or list `patterns`.

        class SimplifySigns(Pass, name="mo-simplify-signs", anchor="mo.graph"):
            \"\"\"Remove pairs of negations.\"\"\"
            max_rounds: int = option(4, "how often to try")
            removed = statistic("how many pairs were removed")

            def run(self, op): ...

    Class keywords: `name` is what pipelines call it (none: a base for other passes); `anchor` the op that it runs on,
    by name or class (none: any op); `dialects` those that it makes ops of and the input may lack; `driver` is how
    `patterns` are applied: "greedy", until nothing changes, or "walk", once to each op.

    Options are fields (see `option`), and keyword arguments of the class. For each place in a pipeline and each thread
    MLIR uses an instance of its own, made anew in each run of the pipeline; what one keeps in `self` no other sees.
    """

    patterns: ClassVar[Sequence[type]] = ()
    declaration: ClassVar[Declaration] = Declaration()

    def __init_subclass__(
        cls,
        *,
        name: str = "",
        anchor: str | type | None = None,
        dialects: Iterable[str] | None = None,
        driver: Literal["greedy", "walk"] | None = None,
        **rest: Any,
    ) -> None:
        super().__init_subclass__(**rest)
        if name and _NAME.fullmatch(name) is None:
            raise TypeError(
                f"{cls.__name__}: a pass cannot be called {name!r}: expected letters, digits, '-', '_', '.'"
            )
        if driver not in (None, "greedy", "walk"):
            raise TypeError(f"{cls.__name__}: driver is 'greedy' or 'walk'; found {driver!r}")
        base = cls.declaration
        options = collect(cls, base.options)
        taken = next((field for field in options if hasattr(Pass, field)), None)
        if taken is not None:
            raise TypeError(
                f"{cls.__name__}.{taken}: every pass has an attribute of this name; call the option another"
            )
        cls.declaration = Declaration(
            name,
            base.anchor if anchor is None else op_name(anchor),
            base.dialects if dialects is None else tuple(dialects),
            driver or base.driver,
            options,
            (*base.statistics, *(value for value in vars(cls).values() if isinstance(value, Statistic))),
        )
        if name and cls.run is Pass.run and not cls.patterns:
            raise TypeError(f"{cls.__name__}: a pass has a method `run` or a list `patterns`")

    def __init__(self, **options: Any) -> None:
        unknown = [field for field in options if field not in self.declaration.options]
        if unknown:
            known = ", ".join(self.declaration.options) or "none"
            raise TypeError(f"pass {self.declaration.name!r} has no option {unknown[0]!r}; its options are: {known}")
        for field, each in self.declaration.options.items():
            value = options.get(field, each.default)
            try:
                setattr(self, field, each.check(value))
            except TypeError as error:
                raise TypeError(f"pass {self.declaration.name!r}: the value {error}") from None
        self._handle: Any = None
        self._op: Any = None
        self._failed = self._said = False

    @classmethod
    def summary(cls) -> str:
        """The line of --list-passes: the first of the docstring."""
        return (inspect.getdoc(cls) or "").partition("\n")[0] if cls.__doc__ else ""

    def run(self, op: Any) -> None:
        """Transform `op`, an `mlir.ir.OpView`; without this method, `patterns` are applied to what is in it.

        Only `op` and what is inside it may be changed, and nothing of it kept: other passes will erase it.
        """
        self.rewrite(op)

    def rewrite(self, op: Any, max_iterations: int = 0) -> bool:
        """Apply `patterns` to what is inside `op`; return whether anything changed.

        `max_iterations` limits the rounds of the greedy driver: 0 is MLIR's default of 10, -1 no limit. The pass fails
        if the IR still changes in the last one, or if one does not end.
        """
        if not self.patterns:
            raise TypeError(f"pass {self.declaration.name!r} has no patterns to rewrite with")
        succeeded, changed = self._handle.rewrite(op.operation, max_iterations)
        if not succeeded:
            self._failed = self._said = True
        return bool(changed)

    def run_pipeline(self, pipeline: str, op: Any) -> None:
        """Run a pipeline, as text, on `op`: the one that the pass runs on, or one in it. The GIL is free meanwhile.

        Where a pass of it fails, this one does too. Raises `ValueError` for a text that does not parse, and for passes
        that need dialects which this one does not list in `dialects`.
        """
        anchored = f"{op.operation.name}({pipeline})"
        if not self._handle.run_pipeline(anchored, op.operation):
            self._failed = self._said = True

    def error(self, op: Any, message: str, notes: Iterable[tuple[Any, str]] = ()) -> None:
        """Emit an error at an op, with notes at other ops or locations, and fail."""
        self._failed = self._said = True
        emit(op, _ERROR, message, _at_locations(notes))

    def warning(self, op: Any, message: str, notes: Iterable[tuple[Any, str]] = ()) -> None:
        """Emit a warning at an op."""
        emit(op, _WARNING, message, _at_locations(notes))

    def remark(self, op: Any, message: str, notes: Iterable[tuple[Any, str]] = ()) -> None:
        """Emit a remark at an op."""
        emit(op, _REMARK, message, _at_locations(notes))

    def signal_failure(self) -> None:
        """Make the pipeline stop with an error after this pass."""
        self._failed = True

    def preserve_analyses(self) -> None:
        """Promise that nothing changed which MLIR may have computed about the IR."""
        self._handle.preserve_analyses()

    def __repr__(self) -> str:
        values = ", ".join(f"{field}={getattr(self, field)!r}" for field in self.declaration.options)
        return f"{type(self).__name__}({values})"

    def _execute(self, operation: Any, handle: Any) -> bool:
        """Run on one op, for the pass manager; return whether it succeeded."""
        self._handle, self._failed, self._said = handle, False, False
        for each in self.declaration.statistics:
            vars(self).pop(each.field, None)
        try:
            with operation.location:
                self.run(operation.opview)
        except BaseException as error:  # even an interrupt: nothing may leave through MLIR's frames
            self._failed = self._said = True
            report(operation, f"pass '{self.declaration.name}'", error)
        if self._failed and not self._said:
            emit(operation, _ERROR, f"pass '{self.declaration.name}' signalled failure")
        for index, each in enumerate(self.declaration.statistics):
            handle.count(index, vars(self).get(each.field, 0))
        self._handle = None
        operation._set_invalid()  # so that one kept by mistake raises, and does not reach what is freed by then
        return not self._failed


def _at_locations(notes: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [(getattr(at, "location", at), text) for at, text in notes]


def spec_of(cls: Any) -> "_native.PassSpec":
    """Describe a pass to MLIR. Raises `TypeError` for what is not a pass with a name."""
    if not (isinstance(cls, type) and issubclass(cls, Pass) and cls.declaration.name):
        raise TypeError(f"expected a subclass of mograph.transforms.kit.Pass with a name; found {cls!r}")
    declared = cls.declaration
    statistics = [(each.field.replace("_", "-"), each.help) for each in declared.statistics]
    patterns = None
    if cls.patterns:
        from mograph.dialects.rewrite.pattern_sets import (
            compile_patterns,  # the passes without patterns need not import it
        )

        patterns, labels = compile_patterns(cls.patterns, counted=True)
        statistics += [(label, "times applied") for label in labels]
    return _native.PassSpec(
        name=declared.name,
        summary=cls.summary(),
        anchor=declared.anchor,
        options=[(o.name, o.help, o.kind, o.is_list, o.to_texts(o.default)) for o in declared.options.values()],
        statistics=statistics,
        dialects=list(declared.dialects),
        patterns=patterns,
        walk=declared.driver == "walk",
        run=None if cls.run is Pass.run else _Instances(cls),
    )


class _Instances:
    """Makes the instances of a pass: MLIR calls this with the options' texts, and what it gets with each op."""

    def __init__(self, cls: type[Pass]) -> None:
        self.cls = cls

    def __call__(self, texts: list[list[str]]) -> Any:
        options = self.cls.declaration.options.values()
        values = {each.field: each.from_texts(text) for each, text in zip(options, texts, strict=True)}
        try:
            return self.cls(**values)._execute
        except BaseException as error:  # of an __init__ of its own
            return _Unmade(f"pass '{self.cls.declaration.name}', when it was made,", error).execute


class _Unmade:
    """Stands for an instance whose `__init__` raised, until there is an op to say so at."""

    def __init__(self, who: str, error: BaseException) -> None:
        self.who = who
        self.error = error

    def execute(self, operation: Any, handle: Any) -> bool:
        report(operation, self.who, self.error)
        return False


def register(cls: type[Pass]) -> type[Pass]:
    """Register a pass, so that textual pipelines can name it; usable as a decorator. Returns the class.

    Plugins need not: their passes are registered by name. A pass of the same name that was registered before is
    replaced. Raises `ValueError` if MLIR itself has that name.
    """
    name = cls.declaration.name
    if _registered.get(name) is not cls:
        register_name(name, cls.summary(), lambda: cls)
        _registered[name] = cls
    return cls
