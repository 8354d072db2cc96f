# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of passes, given to MLIR before their modules are imported.

Importing this imports neither MLIR's bindings nor the rest of the kit.
"""

from collections.abc import Callable

from mograph import _native


def register(name: str, summary: str, load: Callable[[], type]) -> None:
    """Put a pass into MLIR's registry, whose class `load()` gives when the pass is first asked for.

    What `load` raises becomes the error of whoever asks for the pass. A pass that this function registered earlier is
    replaced. Raises `ValueError` where MLIR itself has a pass or pipeline of that name.
    """

    def spec() -> _native.PassSpec:
        from .passes import spec_of

        return spec_of(load())

    problem = _native.register_pass(name, summary, spec)
    if problem:
        raise ValueError(f"pass {name!r} cannot be registered: {problem}")
