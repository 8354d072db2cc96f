# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs: what operations are built in."""

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim
from mograph.dialects.mo import Graph as GraphOp
from mograph.dialects.mo import Output
from mograph.graph import scope as scopes
from mograph.graph.emit import Form, create, fail, failure, verify
from mograph.graph.errors import GraphError
from mograph.graph.locations import Locations, caller, place
from mograph.graph.program import Program
from mograph.graph.tensor import Tensor, TensorLike, Value
from mograph.graph.types import TensorSpec, names_of

__all__ = ["Graph", "Inputs"]


class Inputs:
    """The inputs of a graph: `inputs.x`, `inputs["x"]`, or all in order by iterating."""

    def __init__(self, graph: str, tensors: dict[str, Tensor]) -> None:
        self._graph, self._tensors = graph, tensors

    def __getattr__(self, name: str) -> Tensor:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Tensor:
        if name not in self._tensors:
            has = ", ".join(self._tensors) or "none"
            raise GraphError(f"graph '{self._graph}' has no input '{name}'; its inputs: {has}", place())
        return self._tensors[name]

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._tensors.values())

    def __len__(self) -> int:
        return len(self._tensors)

    def __dir__(self) -> list[str]:
        return list(self._tensors)


class Graph:
    """A `mo.graph` that is built in a `with` block.

    ```python
    with Graph("main", inputs={"x": TensorSpec(["n", 64], "f32")}) as g:
        w = ops.external("w", [64, 10], "f32")
        g.output(y=ops.softmax(g.inputs.x @ w))
    mograph.compile(g.module)
    ```

    `inputs` gives each input's name and type; those of a `BufferSpec` are written. `module` is where the graph is
    added: an `mlir.ir.Module`, or that of another graph; without it, that of the graph that is open around, or else a
    new one, with a context of its own. A `private` graph is a subgraph, for `ops.call`. The k-th random operation
    without a seed of its own (k from 0) gets `seed` + k; `seed` is a number, or the name of an input of shape [] and
    dtype si64.

    When the block ends, the graph has been verified; when an exception ends it, the graph is not in the module. Threads
    and tasks build independently of each other, in different modules.
    """

    def __init__(
        self,
        name: str = "main",
        inputs: Mapping[str, TensorSpec] | None = None,
        *,
        module: "ir.Module | Graph | None" = None,
        private: bool = False,
        seed: int | str = 0,
    ) -> None:
        self.name = name
        self.private = private
        self.program: Program
        """What it shares with the graphs of its module; there while it is being built, and after."""
        self.seed = seed
        self.specs: dict[str, TensorSpec] = dict(inputs or {})
        self.operation: ir.Operation | None = None
        """The operation `mo.graph`, once it is being built."""
        self.draws = 0
        """How many random operations took a seed from the graph."""
        self._module = module
        self._scope: scopes.Scope | None = None
        self._entered: Any = None
        if not name:
            raise GraphError("a graph needs a name", place())
        for key, spec in self.specs.items():
            if not key or not isinstance(spec, TensorSpec):
                raise GraphError(
                    f"graph '{name}': expected a TensorSpec for each name, found {key!r}: {spec!r}", place()
                )
        if isinstance(seed, str):
            found = self.specs.get(seed)
            if found is None or found.shape or found.dtype != "si64":
                wanted = TensorSpec([], "si64")
                raise GraphError(
                    f"graph '{name}': expected the seed '{seed}' to be an input {wanted}, found {found}", place()
                )
        self.dims: set[str] = set().union(*(names_of(spec.shape) for spec in self.specs.values()))
        """The names of dimensions that are known in the graph."""

    @property
    def module(self) -> ir.Module:
        """The module that the graph is in. Raises GraphError before the graph is being built."""
        if self.operation is None:
            raise GraphError(f"graph '{self.name}' is not being built yet: use it in a `with` block", place())
        return self.program.module

    def dim(self, name: str) -> Dim:
        """The extent of a named dimension. Raises GraphError for a name that the graph does not know."""
        if name not in self.dims:
            known = ", ".join(sorted(self.dims)) or "none"
            raise GraphError(f"graph '{self.name}' knows no dimension '{name}'; it knows {known}", place())
        return Dim(name)

    def output(self, /, *values: TensorLike | Value, **named: TensorLike | Value) -> None:
        """Ends the graph and gives its results, those with a name after those without. Raises GraphError."""
        scope = scopes.current("'mo.output' op")
        if scope is not self._scope:
            fail("mo.output", f"expected to end graph '{self.name}', found in another graph or in a region")
        given = [*values, *named.values()]
        operation = create(_OUTPUT, scope, [given], {}, complete=False)  # the graph's type is to be set
        names = [*[None] * len(values), *named]
        assert self.operation is not None
        with self.program.context:
            results = [value.type for value in operation.operands]
            arguments = [argument.type for argument in scope.block.arguments]
            self.operation.attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(arguments, results))
            if named:
                self.operation.attributes["res_attrs"] = _names(names)
        verify(operation)
        scope.ended = True

    def __enter__(self) -> "Graph":
        if self.operation is not None:
            raise GraphError(f"graph '{self.name}' has been built already", place())
        around = scopes.innermost()
        if isinstance(self._module, Graph):
            self.program = self._module.program
        elif self._module is None and around is not None:
            self.program = around.graph.program
        else:
            try:
                self.program = Program(self._module)
            except ValueError as error:
                raise GraphError(f"graph '{self.name}': {error}", place()) from None
        if self.name in self.program.symbols():
            raise GraphError(f"the module has a graph '{self.name}' already", place())
        self.locations = Locations(self.program.context, caller())
        self._scope = self._begin()
        self._entered = scopes.entered(self._scope)
        self._entered.__enter__()
        arguments = zip(self.specs, self._scope.block.arguments, strict=True)
        self.inputs = Inputs(self.name, {name: Tensor(argument, self._scope) for name, argument in arguments})
        return self

    def _begin(self) -> scopes.Scope:
        context, location = self.program.context, self.locations.here()
        with context:
            types = [spec.type(context) for spec in self.specs.values()]
            attributes = {"sym_name": ir.StringAttr.get(self.name)}
            attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(types, []))
            if self.private:
                attributes["sym_visibility"] = ir.StringAttr.get("private")
            if types:
                attributes["arg_attrs"] = _names(list(self.specs))
            self.operation = ir.Operation.create(
                GraphOp.OPERATION_NAME,
                attributes=attributes,
                regions=1,
                loc=location,
                ip=ir.InsertionPoint(self.program.module.body),
            )
            places = [ir.Location.name(name, location) for name in self.specs]
            block = ir.Block.create_at_start(self.operation.regions[0], types, places)
        return scopes.Scope(self, block)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._scope is not None
        assert self.operation is not None
        self._entered.__exit__(None, None, None)
        self.locations.close()
        complete, self._scope.ended = self._scope.ended, True
        wrong = self._wrong(complete) if error is None else None
        if error is not None or wrong is not None:
            self.operation.detach_from_parent()
        if wrong is not None:
            raise wrong

    def _wrong(self, complete: bool) -> GraphError | None:
        assert self.operation is not None
        if not complete:
            return GraphError(f"graph '{self.name}' has no outputs: end it with `output`", place())
        try:
            self.operation.verify()
        except ir.MLIRError as error:
            return failure(self.operation.name, error)
        return None


_OUTPUT = Form.of(Output)


def _names(names: "list[str] | list[str | None]") -> ir.ArrayAttr:
    """A dictionary for each argument or result, with its name."""
    entries = [{} if name is None else {"mo.name": ir.StringAttr.get(name)} for name in names]
    return ir.ArrayAttr.get([ir.DictAttr.get(entry) for entry in entries])
