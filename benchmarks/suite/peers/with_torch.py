# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PyTorch: eager, and compiled by inductor with frozen weights."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch._inductor import config as inductor

from suite.peers import THREADS
from suite.row import Row, Weights, several, stored

Tensor = Any
exp, tanh, sqrt, sigmoid, relu, silu = torch.exp, torch.tanh, torch.sqrt, torch.sigmoid, torch.relu, functional.silu
gelu, maximum, reshape = functional.gelu, torch.maximum, torch.reshape


def sum(x: Tensor, axis: int, keepdims: bool = False) -> Tensor:
    return x.sum(axis, keepdim=keepdims)


def transpose(x: Tensor, order: Sequence[int]) -> Tensor:
    return x.permute(order)


def concat(x: Tensor, y: Tensor, axis: int) -> Tensor:
    return torch.cat([x, y], axis)


def softmax(x: Tensor) -> Tensor:
    return torch.softmax(x, -1)


def layer_norm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: float = 1e-5) -> Tensor:
    return functional.layer_norm(x, scale.shape, scale, bias, epsilon)


def rms_norm(x: Tensor, scale: Tensor, epsilon: float = 1e-5) -> Tensor:
    return functional.rms_norm(x, scale.shape, scale, epsilon)


def attention(query: Tensor, key: Tensor, value: Tensor, causal: bool = False, mask: Tensor = None) -> Tensor:
    return functional.scaled_dot_product_attention(query, key, value, mask, is_causal=causal)


def rope(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    low, high = x.chunk(2, -1)
    return torch.cat([low * cos - high * sin, low * sin + high * cos], -1)


def conv(x: Tensor, filters: Tensor, padding: int) -> Tensor:
    return functional.conv2d(x, filters, padding=padding)


def normal(shape: Sequence[int]) -> Tensor:
    return torch.randn(shape)


def repeat(count: int, body: Callable[..., Tensor], x: Tensor) -> Tensor:
    if not torch.compiler.is_compiling():
        for _ in range(count):
            x = body(None, x)
        return x
    from torch._higher_order_ops import while_loop

    def trip(number: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return number + 1, body(None, y)

    return while_loop(lambda number, y: number < count, trip, (torch.tensor(0), x))[1]


def gather(table: Tensor, index: Tensor) -> Tensor:
    return functional.embedding(index, table)


def grouped_matmul(x: Tensor, matrices: Tensor, sizes: Tensor) -> Tensor:
    return torch.cat([rows @ w for rows, w in zip(x.split(sizes.tolist()), matrices, strict=True)])


def sort(x: Tensor) -> Tensor:
    return torch.sort(x).values


def top_k(x: Tensor, k: int) -> tuple[Tensor, Tensor]:
    values, positions = torch.topk(x, k)
    return values, positions


def arg_max(x: Tensor) -> Tensor:
    return x.argmax(-1)


def layers(count: int, body: Callable[..., Tensor], weights: Weights, x: Tensor, *others: Tensor) -> Tensor:
    import suite.peers.with_torch as vocabulary

    for number in range(count):
        x = body(vocabulary, weights.of_layer(f"layers.{number}."), x, *others)
    return x


class Program(torch.nn.Module):
    """A row as a module, whose weights are parameters that inductor may freeze and pack."""

    def __init__(self, row: Row, folder: Path) -> None:
        super().__init__()
        self.program = row.program
        arrays = stored(row.weights, folder / "weights")
        self.names = {name: f"w{number}" for number, name in enumerate(arrays)}  # a parameter's name has no dots
        for name, array in arrays.items():
            parameter = torch.nn.Parameter(torch.from_numpy(array.copy()), requires_grad=False)
            self.register_parameter(self.names[name], parameter)

    def forward(self, *inputs: Tensor) -> Tensor:
        import suite.peers.with_torch as vocabulary

        weights = Weights({name: getattr(self, parameter) for name, parameter in self.names.items()})
        return self.program(vocabulary, weights, *inputs)


class Torch:
    """PyTorch as a peer."""

    def __init__(self, compiled: bool) -> None:
        torch.set_num_threads(THREADS)
        torch.set_grad_enabled(False)
        self._compiled = compiled
        inductor.freezing = True

    def versions(self) -> dict[str, str]:
        return {"torch": torch.__version__}

    def export(self, row: Row, folder: Path) -> None:
        """There is no file."""

    def ready(self, row: Row) -> None:
        """Everything is imported."""

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        program = Program(row, folder).eval()
        if not self._compiled:
            return program
        torch.compiler.reset()
        # What is compiled again in a new process must not come from the one before.
        with inductor.patch(force_disable_caches=row.measured != "run"):
            compiled: Callable[..., Any] = torch.compile(program, dynamic=False)
            if row.measured in ("compile", "start", "stored"):
                compiled(*self.place([array.draw(_random()) for array in row.inputs.values()]))
        return compiled

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        return [torch.from_numpy(array.copy()) for array in inputs]

    def finish(self, results: Any) -> Any:
        return results

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        return [result.numpy() for result in several(results)]


def _random() -> Any:
    import numpy as np

    return np.random.default_rng(0)


def peer(name: str) -> Torch:
    """Give eager PyTorch, or inductor."""
    return Torch(compiled=name == "inductor")
