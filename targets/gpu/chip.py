# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is known of a chip, as data, and what is done otherwise for some chips, with the reason and an end."""

from mograph._records import record

ALLOW_TF32 = "allow_tf32"
"""The feature of a chip whose units may take f32 as tf32, with 10 bits of its significand: who compiles asks for it."""


@record
class Chip:
    """A chip that kernels are made for.

    `kind` is the family of targets that makes code for it ("nvidia", "amd", "spirv"). `subgroup` is the number of
    threads that exchange values without memory (a warp, a wavefront), `threads` the most in a block, `shared` the bytes
    of memory that a block's threads share, `registers` those of 32 bits for all threads of a block, `of_thread` the
    most that one thread has, `multiprocessors` how many blocks run side by side at least. `features` are names that
    templates ask for, such as "mma.sync".
    """

    name: str
    kind: str
    subgroup: int
    threads: int
    shared: int
    registers: int
    multiprocessors: int
    features: frozenset[str] = frozenset()
    of_thread: int = 255

    def has(self, feature: str) -> bool:
        """Whether the chip has a feature."""
        return feature in self.features


@record
class Policy:
    """What is done otherwise for some chips: which, what, why, and until when."""

    name: str
    chips: frozenset[str]
    what: str
    reason: str
    until: str
