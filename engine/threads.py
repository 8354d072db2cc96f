# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The threads that models are run on, and compiled on: how many there are, and what work is shared among them.

They belong to the process. Results do not depend on any of this.
"""

from typing import NamedTuple

from mograph import _runtime

__all__ = ["ParallelCosts", "get_num_threads", "parallel_costs", "set_num_threads", "set_parallel_costs"]


class ParallelCosts(NamedTuple):
    """When a parallel loop is shared, and in what pieces; times are in nanoseconds of estimated work.

    A loop of less than `share` is done by the thread that came to it, as it is cheaper than waking another. Pieces are
    of `chunk` or more, and `chunks_per_thread` at most, so that a thread which the system suspends does not hold up the
    rest. A thread looks out for the next loop for `spin` before it sleeps: a program's loops often follow each other.
    """

    share: int = 20_000
    chunk: int = 5_000
    chunks_per_thread: int = 8
    spin: int = 50_000


def get_num_threads() -> int:
    """The number of threads that share a parallel loop, the caller among them.

    At first, it is what the environment variable `MOGRAPH_NUM_THREADS` says, and where that says nothing, the number of
    processors that this process may use.
    """
    return _runtime.thread_count()


def set_num_threads(count: int) -> None:
    """Set the number of threads that share a parallel loop, from 1 to 1024; waits until no loop is shared. Raises
    ValueError for another number.
    """
    if not 1 <= count <= 1024:
        raise ValueError(f"the number of threads is from 1 to 1024, found {count}")
    _runtime.set_thread_count(count)


def parallel_costs() -> ParallelCosts:
    """When a loop is shared at present."""
    share, chunk, chunks_per_thread, spin = _runtime.parallel_costs()
    return ParallelCosts(share // 1000, chunk // 1000, chunks_per_thread, spin // 1000)


def set_parallel_costs(costs: ParallelCosts) -> None:
    """Set when loops are shared from now on. Raises ValueError for a time below 0 and for pieces or numbers below 1."""
    lowest = ParallelCosts(share=0, chunk=1, chunks_per_thread=1, spin=0)
    for name, found, least in zip(costs._fields, costs, lowest, strict=True):
        if found < least:
            raise ValueError(f"{name}: expected {least} or more, found {found}")
    _runtime.set_parallel_costs(costs.share * 1000, costs.chunk * 1000, costs.chunks_per_thread, costs.spin * 1000)
