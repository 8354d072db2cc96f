# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where nodes are converted: a model's graph, a region of it, or the body of a function."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any, TypeAlias

import numpy as np
from mlir import ir
from numpy.typing import NDArray
from onnx import AttributeProto, FunctionProto, NodeProto, TypeProto

from mograph.dialects.kit import Dim, VerifyError
from mograph.dialects.mo import Mo
from mograph.graph import Graph, GraphError, Tensor, TensorSpec
from mograph.graph.emit import Form, build, constant, dense
from mograph.graph.locations import Locations
from mograph.graph.scope import current
from mograph.graph.types import Extent, names_of

from .contents import LARGEST, Contents, as_array, as_contents, fold, is_concrete, unknown
from .errors import OnnxError
from .node import Node, normal_domain, require_form
from .registry import conversions
from .types import DimNames, numpy_dtype

_MALFORMED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
    VerifyError,
)
"""What a conversion may raise for a node that is not as it should be, where it does not say more."""

Type: TypeAlias = tuple[Sequence[Extent], str]
"""Shape and dtype."""

__all__ = ["Context", "Known", "Places", "Shared", "Type"]


class Known(Tensor):
    """A tensor of which the elements are known, as numbers or expressions of dimensions."""

    __slots__ = ("contents",)

    def __init__(self, tensor: Tensor, contents: Contents) -> None:
        super().__init__(tensor.value, tensor.scope)
        self.contents = contents


class Places(Locations):
    """Locations that name the node being converted, and those of functions and regions around it."""

    def __init__(self, context: ir.Context) -> None:
        super().__init__(context, None)
        self._mlir = context
        self._stack: list[ir.Location] = []

    def here(self) -> ir.Location:
        """The location of what is being converted."""
        return self._stack[-1] if self._stack else ir.Location.unknown(context=self._mlir)

    @contextmanager
    def at(self, name: str) -> Iterator[None]:
        """Names what is converted within."""
        place = ir.Location.name(name, context=self._mlir)
        if self._stack:
            place = ir.Location.callsite(place, [self._stack[-1]], context=self._mlir)
        self._stack.append(place)
        try:
            yield
        finally:
            self._stack.pop()


class Shared:
    """What all contexts of one model share."""

    def __init__(self, functions: Mapping[tuple[str, str], FunctionProto], folder: str) -> None:
        self.functions = functions
        """The model's own functions, by domain and name."""
        self.folder = folder
        """Where files with external data lie."""
        self.dims = DimNames()
        self.instances: dict[Any, Any] = {}
        """Subgraphs made of functions, by what they were called with."""
        self.building: list[tuple[str, str]] = []
        """The functions that are being made subgraphs of, the innermost last."""
        self._draws = 0

    def draw(self) -> int:
        """A seed for a node that has none: the number of those before it."""
        self._draws += 1
        return self._draws - 1


class Context:
    """What a conversion builds with.

    `emit` and `emit_all` build operations of mo; `ints`, `contents` and `constant` deal with elements that are known at
    import; `unknown` gives the dimensions of results that are not known; `broadcast` and `assume` assert shapes.
    """

    def __init__(
        self,
        shared: Shared,
        graph: Graph,
        opsets: Mapping[str, int],
        *,
        parent: "Context | None" = None,
        bound: Mapping[str, AttributeProto] | None = None,
        declared: Mapping[str, TypeProto] | None = None,
        path: str | None = "",
    ) -> None:
        self.shared, self.graph, self.opsets, self.parent = shared, graph, opsets, parent
        self.bound = bound or {}
        self.declared = declared or {}
        self.path = path
        """What goes before the names of weights, which are unique in a graph, but not among its regions. None in the
        body of a function: it has no weights, for it may be in several places.
        """
        self.values: dict[str, Tensor | None] = {}

    # ---- Values by name

    def lookup(self, name: str) -> Tensor | None:
        """The value that a name stands for here, or around; None for a function's argument that is left out. Raises
        OnnxError where there is none.
        """
        scope: Context | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.parent
        raise OnnxError(f"there is no value '{name}' before its use; nodes must come in the order of their dependence")

    def convert(self, nodes: Iterable[NodeProto]) -> None:
        """Convert nodes, in order. Raises OnnxError that names the node."""
        for proto in nodes:
            self._convert(proto)

    def _convert(self, proto: NodeProto) -> None:
        domain = normal_domain(proto.domain)
        if domain not in self.opsets:
            raise OnnxError(f"node '{proto.name}' ({proto.op_type}): the model imports no opset of '{domain}'")
        node = Node(proto, self.opsets[domain], self.bound)
        places = self.graph.locations
        assert isinstance(places, Places)
        try:
            with places.at(node.name):
                results = self._results(node)
        except OnnxError as error:
            raise OnnxError(f"{node}: {error}") from error
        except GraphError as error:
            raise OnnxError(f"{node}: {error.message}") from error
        except _MALFORMED as error:
            raise OnnxError(f"{node}: it is malformed, or of a form that is not supported: {error!r}") from error
        for name, result in zip(node.outputs, results, strict=False):
            if name:
                self.values[name] = result if result is None else self.declared_of(name, result)

    def _results(self, node: Node) -> Sequence[Tensor | None]:
        inputs = [self.lookup(name) if name else None for name in node.proto.input]
        found = self._known(node, inputs)
        if found is not None and is_concrete(found[0]):
            array = as_array(*found)
            if array is not None:
                return (self.constant(array, found[1]),)
        results = self.apply(node, inputs)
        if found is not None and results and results[0] is not None:
            return (Known(results[0], found[0]), *results[1:])
        return results

    def _known(self, node: Node, inputs: Sequence[Tensor | None]) -> tuple[Contents, str] | None:
        """The contents and the dtype of a node's only result, if they follow from those of its inputs."""
        contents = [self.contents(each) for each in inputs]
        if all(each is None for each in contents):
            return None
        for index, (known, each) in enumerate(zip(contents, inputs, strict=True)):
            if known is None and each is not None:
                contents[index] = unknown(each.shape, each.dtype)
                if contents[index] is None:
                    return None
        return fold(node, contents, ["" if each is None else each.dtype for each in inputs])

    def apply(self, node: Node, inputs: Sequence[Tensor | None]) -> Sequence[Tensor | None]:
        """The results of a node: by a conversion, by one of the model's functions, or by the operator's own body."""
        from .functions import call, expand

        function = self.shared.functions.get((node.domain, node.op))
        if function is not None:
            return call(self, node, function, inputs)
        conversion = conversions().get((node.domain, node.op))
        if conversion is None:
            return expand(self, node, inputs)
        require_form(node)
        results = conversion(self, node, *inputs)
        return results if isinstance(results, tuple) else (results,)

    # ---- Elements that are known

    @staticmethod
    def contents(tensor: Tensor | None) -> Contents | None:
        """What is known of a tensor's elements; of no elements, all is."""
        if isinstance(tensor, Known) or tensor is None:
            return None if tensor is None else tensor.contents
        static = [extent for extent in tensor.shape if isinstance(extent, int)]
        if 0 in static and len(static) == tensor.ndim:
            return as_contents(np.zeros(static, numpy_dtype(tensor.dtype)))
        return None

    def extents(self, tensor: Tensor | None) -> list[Extent] | None:
        """The elements of an integer tensor of rank 0 or 1, as numbers or expressions; None if they are not known."""
        found = self.partly_known(tensor)
        return None if found is None or any(each is None for each in found) else found

    def partly_known(self, tensor: Tensor | None) -> list[Any] | None:
        """The same, with None for those that are not known; None if all are not."""
        contents = self.contents(tensor)
        return None if contents is None or contents.dtype != object else contents.reshape(-1).tolist()

    def ints(self, tensor: Tensor | None) -> list[int] | None:
        """The elements of an integer tensor of rank 0 or 1; None if they are not known to be constant."""
        found = self.extents(tensor)
        if found is None:
            return None
        constant = [each for each in found if isinstance(each, int)]
        return constant if len(constant) == len(found) else None

    def array(self, tensor: Tensor | None) -> NDArray[Any] | None:
        """A constant's elements as an array of its dtype; None if they are not known."""
        contents = self.contents(tensor)
        if tensor is None or contents is None or not is_concrete(contents):
            return None
        return as_array(contents, tensor.dtype)

    def constant(self, value: Any, dtype: str) -> Tensor:
        """A constant. If it is small, its elements stay known."""
        array = np.asarray(value, numpy_dtype(dtype))
        scope = current("mo.constant")
        location = scope.graph.locations.here()
        tensor = Tensor(constant(scope, *dense(scope, array, dtype, "cpu", location), location), scope)
        return Known(tensor, as_contents(array)) if array.size <= LARGEST else tensor

    def shape(self, tensor: Tensor) -> Known:
        """`mo.shape_of`, whose elements are known."""
        return self.known(self.emit("shape_of", tensor), tensor.shape)

    @staticmethod
    def known(tensor: Tensor, elements: Sequence[Extent]) -> Known:
        """A tensor of rank 1 whose elements are known."""
        contents = np.empty(len(elements), dtype=object)
        contents[:] = elements
        return Known(tensor, contents)

    def size(self, tensor: Tensor) -> Known:
        """The number of elements, as a tensor of rank 0, which is known."""
        count = np.empty((), dtype=object)
        count[()] = prod(tensor.shape)
        return Known(self.emit("reduce.mul", self.shape(tensor)), count)

    # ---- Operations

    def emit(self, op: str, *operands: Any, to: Type | None = None, **attributes: Any) -> Tensor:
        """Build `mo.<op>`, and give its only result.

        Operands are tensors, numbers or arrays, in the order of the declaration; None for one that is left out. `to` is
        shape and dtype of a result whose type is written.
        """
        (made,) = self.emit_all(op, *operands, to=None if to is None else [to], **attributes)
        return made

    def emit_all(
        self, op: str, *operands: Any, to: Sequence[Type] | None = None, **attributes: Any
    ) -> tuple[Tensor, ...]:
        """Build `mo.<op>`, and give all its results; see `emit`."""
        form = Form.of(Mo.ops[f"mo.{op}"])
        unknown = attributes.keys() - form.attributes.keys()
        assert not unknown, f"mo.{op} has no {', '.join(sorted(unknown))}"
        types = None
        if to is not None:
            specs = [TensorSpec(*each) for each in to]
            for spec in specs:
                self.graph.dims |= names_of(spec.shape)
            types = [self.graph.program.tensor_type(each.shape, each.dtype, each.device) for each in specs]
        padded = (*operands, *[None] * (len(form.operands) - len(operands)))
        made = build(form, padded, form.defaults | attributes, types)
        return made if isinstance(made, tuple) else (made,)

    def cast(self, tensor: Tensor, dtype: str) -> Tensor:
        """The elements in another dtype; what is known of integers stays known."""
        if tensor.dtype == dtype:
            return tensor
        made = self.emit("cast", tensor, to=(tensor.shape, dtype))
        contents = self.contents(tensor)
        both = tensor.dtype[0] in "su" and dtype[0] in "su"
        return Known(made, contents) if contents is not None and both else made

    # ---- Dimensions

    def unknown(
        self, node: Node, index: int, rank: int | None = None, like: Sequence[Extent | None] = ()
    ) -> list[Extent]:
        """The dimensions of a result that import cannot tell: those that the model declares, else new names.

        `like` holds those that are known, None for the others. Raises OnnxError where not even the rank is known.
        """
        name = node.outputs[index] if node.wants(index) else ""
        declared = self.declared_shape(name)
        rank = len(like) if like else rank
        if rank is None:
            if declared is None:
                raise OnnxError(f"the rank of '{name}' is not known: it depends on values that are given at run time")
            rank = len(declared)
        if declared is None or len(declared) != rank:
            declared = [None] * rank
        known = like or [None] * rank
        return [
            extent if extent is not None else said if said is not None else self.shared.dims.new(f"{name}_{axis}")
            for axis, (extent, said) in enumerate(zip(known, declared, strict=True))
        ]

    def declared_shape(self, name: str) -> list[Extent | None] | None:
        """The dimensions that the model declares for a value, None for those that it leaves open; None without any."""
        type_ = self.declared.get(name)
        if type_ is None or type_.WhichOneof("value") != "tensor_type" or not type_.tensor_type.HasField("shape"):
            return None
        found: list[Extent | None] = []
        for dim in type_.tensor_type.shape.dim:
            if dim.WhichOneof("value") == "dim_value" and dim.dim_value >= 0:
                found.append(dim.dim_value)
            else:
                found.append(self.shared.dims.of(dim.dim_param) if dim.dim_param else None)
        return found

    def target(self, node: Node, extents: Tensor) -> tuple[list[Extent], Tensor | None]:
        """The shape of a node's result that a tensor holds, and the tensor itself if its elements are not known."""
        known = self.partly_known(extents)
        if known is not None and None not in known:
            return known, None
        (rank,) = extents.shape if extents.ndim == 1 else (1,)
        shape = self.unknown(node, 0, rank if isinstance(rank, int) else None, like=known or ())
        return shape, self.cast(extents, "si64")

    def declared_of(self, name: str, tensor: Tensor) -> Tensor:
        """A value, in which dimensions that import cannot tell are asserted to be those that the model declares."""
        said = self.declared_shape(name)
        fresh = self.shared.dims.is_fresh
        if said is None or len(said) != tensor.ndim or not any(map(fresh, tensor.shape)):
            return tensor
        known = [None if want is None or not names_of([want]) <= self.graph.dims else want for want in said]
        pairs = zip(tensor.shape, known, strict=True)
        return self.assume(tensor, [want if want is not None and fresh(have) else have for have, want in pairs])

    def assume(self, tensor: Tensor, shape: Sequence[Extent]) -> Tensor:
        """The tensor under another shape, asserted to be equal when the model runs."""
        if tensor.shape == tuple(shape):
            return tensor
        if len(shape) != tensor.ndim:
            raise OnnxError(f"expected a tensor of rank {len(shape)}, found {tensor.type}")
        made = self.emit("rebind", tensor, to=(shape, tensor.dtype))
        contents = self.contents(tensor)
        return Known(made, contents) if contents is not None and contents.shape == tuple(shape) else made

    def broadcast(self, *tensors: Tensor) -> list[Tensor]:
        """The operands of an elementwise operation, with those dimensions asserted to be equal that must be."""
        rank = max((each.ndim for each in tensors), default=0)
        wanted: list[Extent] = [1] * rank
        for tensor in tensors:
            for axis, extent in enumerate(tensor.shape, rank - tensor.ndim):
                if wanted[axis] == 1 or (isinstance(extent, int) and extent != 1 and isinstance(wanted[axis], Dim)):
                    wanted[axis] = extent
        return [
            self.assume(
                each,
                [
                    extent if extent == 1 or _differ(extent, target) else target
                    for extent, target in zip(each.shape, wanted[rank - each.ndim :], strict=True)
                ],
            )
            for each in tensors
        ]


def _differ(lhs: Extent, rhs: Extent) -> bool:
    """Whether two extents are known to be different, which a verifier reports better."""
    difference = lhs - rhs
    return isinstance(difference, int) and difference != 0
