# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What goes wrong while a model is imported."""

__all__ = ["OnnxError"]


class OnnxError(ValueError):
    """A model that is malformed, or that uses what cannot be imported; the message names the node and what is wrong."""
