# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of functions for operations."""

import keyword

__all__ = ["function_name"]


def function_name(operation: str) -> str:
    """The name of the function for an operation: `mo.reduce.add` gives `reduce_add`, `mo.while` `while_`."""
    name = operation.partition(".")[2].replace(".", "_")
    return f"{name}_" if keyword.iskeyword(name) else name
