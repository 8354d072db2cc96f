# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Description of the processor that code is generated for."""

import os
from functools import cache
from pathlib import Path

from mograph import _llvm
from mograph._records import record

COMMON_CACHES = (32 << 10, 512 << 10, 8 << 20)


@record
class Host:
    """A processor: LLVM's triple, name and features ("+avx2,-sse4a,…"), bits in a vector register, bytes of each data
    cache from the first level on, and the number of cores that this process may use.
    """

    triple: str
    name: str
    features: str
    vector_bits: int
    caches: tuple[int, ...]
    cores: int

    def has(self, feature: str) -> bool:
        """Whether the processor has a feature of LLVM's, such as `avx2`."""
        return f"+{feature}" in self.features.split(",")

    @property
    def machine(self) -> "Machine":
        """What code generation needs to know."""
        other = not self.triple.startswith("x86_64")
        masks = self.has("avx512bw") and self.has("avx512vl")
        features = frozenset(each[1:] for each in self.features.split(",") if each.startswith("+"))
        return Machine(
            self.vector_bits,
            masks,
            other or self.has("fma"),
            other or self.has("f16c"),
            self.caches,
            self.cores,
            features,
        )


@record
class Machine:
    """What code generation needs to know of a processor: bits in a vector register; whether loads and stores can be
    masked, multiplication and addition fused, and f16 converted by instructions; bytes of each data cache from the
    first level on (those of a common processor where they are not known); the number of cores; LLVM's names of what
    else it has; and whether bf16 is converted by instructions."""

    vector_bits: int
    masks: bool
    fused: bool
    native_f16: bool
    caches: tuple[int, ...] = ()
    cores: int = 1
    features: frozenset[str] = frozenset()
    native_bf16: bool = False

    @property
    def registers(self) -> int:
        """How many vector registers there are."""
        return 32 if self.vector_bits >= 512 or "neon" in self.features else 16

    def cache(self, level: int) -> int:
        """Bytes of the data cache of this level, from 1 on."""
        return self.caches[level - 1] if level <= len(self.caches) else COMMON_CACHES[level - 1]


def this_host() -> Host:
    """The machine that this process runs on."""
    triple, name, features, bits = _processor()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Host(triple, name, features, bits, _caches(), cores)


@cache
def _processor() -> tuple[str, str, str, int]:
    """LLVM's triple, name and features, and bits in a vector register."""
    triple, name, features = _llvm.host()
    has = frozenset(features.split(","))
    bits = 512 if "+avx512f" in has else 256 if "+avx2" in has else 128
    # LLVM prefers half of a 512-bit register unless told otherwise.
    flat = ",".join([features, *(["-prefer-256-bit"] if triple.startswith("x86_64") else [])])
    return triple, name, flat, bits


@cache
def _caches() -> tuple[int, ...]:
    """Bytes of the data caches of the first core, as Linux tells; empty where it does not."""
    sizes: dict[int, int] = {}
    for folder in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"):
        try:
            kind, level, size = ((folder / file).read_text().strip() for file in ("type", "level", "size"))
        except OSError:
            continue
        if kind != "Instruction":
            sizes[int(level)] = int(size.rstrip("K")) * 1024
    return tuple(size for _, size in sorted(sizes.items()))
