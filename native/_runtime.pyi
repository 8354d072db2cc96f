# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Thread pool, memory and callable functions of compiled programs, and what devices are made of."""

from collections.abc import Mapping, Sequence
from typing import Any

class Function:
    """A compiled entry: called with arrays, in the order of its inputs or by their names, it returns new arrays."""

    @property
    def name(self) -> str:
        """The entry's name."""

    @property
    def checker(self) -> Any:
        """The object that converts or refuses what cannot be passed as it is."""

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Runs the entry: an array if it has one output, else a tuple of arrays."""

def make_function(
    name: str,
    address: int,
    inputs: Sequence[tuple[str, str, int, Sequence[int], bool]],
    weights: Sequence[tuple[Any, str, int, int]],
    outputs: Sequence[tuple[Any, int, int]],
    expressions: Sequence[Sequence[tuple[int, int]]],
    names: Sequence[int],
    checker: Any,
    code: object,
) -> Function:
    """Makes a Function."""

def symbols() -> dict[str, int]:
    """Addresses of the functions that compiled code calls, by name."""

def thread_count() -> int:
    """Threads that share a parallel loop."""

def set_thread_count(count: int) -> None:
    """Sets the number of threads that share a parallel loop."""

def parallel_costs() -> tuple[int, int, int, int]:
    """When a loop is shared, in what pieces, and how long threads look out for the next: picoseconds but the third."""

def set_parallel_costs(share: int, chunk: int, chunks_per_thread: int, spin: int) -> None:
    """Sets what parallel_costs tells."""

def live_bytes() -> int:
    """Bytes of memory that compiled code and its results hold."""

def plan_arena(lifetimes: list[tuple[int, int]], sizes: list[int]) -> tuple[list[int], int, int]:
    """Offsets of buffers in one arena, the arena's bytes, and the most bytes that are alive at one moment. Lifetimes
    are pairs of the first and the last moment.
    """

def trim_memory() -> None:
    """Returns memory that is kept for reuse to the system."""

def dlpack(address: int, shape: Sequence[int], code: int, bits: int, device: int, number: int, owner: object) -> object:
    """A capsule of DLPack over a contiguous array: `code` and `bits` tell the type of its elements, `device` and
    `number` where it is, by DLPack's numbers. `owner` is kept as long as the memory is in use.
    """

class Kernel:
    """A kernel that a device has loaded.

    `handle` is the driver's. `block` is how many threads a block has in each of three dimensions, `shared` how many
    bytes of shared memory it gets besides those that the code declares. `arguments` has a character for each: `p` for
    an address, else its size in bytes; it is "?" where that is not known. `source` says where the kernel comes from.
    `owner` lives as long as the kernel.
    """

    def __init__(
        self,
        name: str,
        handle: int,
        block: Sequence[int],
        shared: int = 0,
        arguments: str = "?",
        source: str = "",
        owner: object = None,
    ) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def handle(self) -> int: ...
    @property
    def block(self) -> tuple[int, int, int]: ...
    @property
    def shared(self) -> int: ...
    @property
    def arguments(self) -> str: ...
    @property
    def source(self) -> str: ...

class Commands:
    """A list of what a device is to do, in order. Addresses and sizes are in bytes; each command goes to `stream`."""

    stream: int

    def __init__(self) -> None: ...
    def launch(self, kernel: Kernel, grid: Sequence[int], words: Sequence[int]) -> None:
        """A kernel on a grid of three extents, with a word of 8 bytes for each of its arguments; nothing where an
        extent is 0. Raises ValueError for a negative one and for another number of words than the kernel takes.
        """

    def copy(self, target: int, source: int, bytes: int) -> None:
        """From a place of the device to another."""

    def upload(self, target: int, host: int, bytes: int) -> None:
        """From the host, whose memory is read when the list is submitted."""

    def download(self, host: int, source: int, bytes: int) -> None:
        """To the host, whose memory is written when the device was waited for."""

    def fill(self, target: int, byte: int, bytes: int) -> None:
        """Each byte is set to `byte`."""

    def record(self, event: int) -> None:
        """The event of that number happens when what the stream has before is done."""

    def wait(self, event: int) -> None:
        """What comes next on the stream waits for the event."""

    def records(self) -> list[tuple[Any, ...]]:
        """The commands: `("launch", stream, kernel, grid, words)`, `("copy", stream, target, source, bytes)`, the same
        for `upload` and `download`, `("fill", stream, target, byte, bytes)`, `("record", stream, event)`,
        `("wait", stream, event)`.
        """

    def trace(self) -> list[tuple[Any, ...]]:
        """The commands without addresses: `("launch", stream, name, grid, block, shared)`, `("copy", stream, bytes)`,
        the same for `upload`, `download` and `fill`, and the events as in `records`.
        """

    def __len__(self) -> int: ...

class Memory:
    """Memory of a device, which goes back to its queue with this object."""

    @property
    def address(self) -> int: ...
    @property
    def bytes(self) -> int: ...

class Queue:
    """What the commands of a device go through: here to the methods `submit`, `wait`, `allocate` and `release` of the
    device. `keep` is how many bytes of memory that was given back are kept for reuse at most.
    """

    def __init__(self, device: Any, keep: int = ...) -> None: ...
    def submit(self, commands: Commands) -> None:
        """Enqueues the commands, which may be submitted again. Raises the device's errors."""

    def wait(self) -> None:
        """Until all is done that was submitted. Raises the device's errors."""

    def allocate(self, bytes: int) -> Memory:
        """Memory, aligned to 256 bytes. Raises MemoryError."""

    def trim(self) -> None:
        """Returns memory that is kept for reuse to the driver."""

class OpenClQueue(Queue):
    """A queue over a driver of OpenCL: what goes to stream 0, whose driver's queue is `queue`, is enqueued without
    Python; lists with other streams and events go to the device's `submit`. What a function refuses goes to the
    device's `refused(status, function, command)`. `functions` has addresses by name; KeyError names a missing one.
    """

    def __init__(self, device: Any, functions: Mapping[str, int], queue: int, keep: int = ...) -> None: ...

class CudaQueue(Queue):
    """A queue over a driver of CUDA, as `OpenClQueue` is one; it needs no Python but for memory and errors. The first
    of `streams` is stream 0; graphs are captured on `capturing`, a stream that nothing else uses. A queue that is
    `synchronous` waits for each command, so that an error tells which one it is of.
    """

    def __init__(
        self,
        device: Any,
        functions: Mapping[str, int],
        context: int,
        streams: Sequence[int],
        capturing: int,
        keep: int = ...,
        synchronous: bool = False,
    ) -> None: ...
    def capture(self, commands: Commands) -> int:
        """The driver's executable graph of commands, which must live as long. Raises the device's errors."""

    def launch(self, graph: int) -> None:
        """Enqueues a graph on stream 0. Raises the device's errors."""

    def destroy(self, graph: int) -> None:
        """Destroys a graph. Raises the device's errors."""

class Program:
    """Kernels and constants of a model on a device, and the runs of its host code. Host code knows the program by
    `address` and the kernels by number.
    """

    def __init__(self, queue: Queue, device: str, kernels: Sequence[Kernel]) -> None: ...
    @property
    def address(self) -> int: ...
    @property
    def kernels(self) -> list[Kernel]: ...
    def run(
        self, name: str, entry: int, words: Sequence[int], outputs: Sequence[tuple[int, int]], keep: bool = False
    ) -> tuple[list[tuple[Memory, tuple[int, ...]]], Commands | None, list[Memory]]:
        """Runs the entry at an address on the words of its arguments' descriptors; `outputs` has the rank and the
        elements' bytes of each result.

        Gives each result's memory and shape. With `keep`, nothing is submitted: the commands are given, and the memory
        that they use besides. Raises ValueError and MemoryError that start with `name`, and the device's errors.
        """
