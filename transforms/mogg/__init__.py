# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Passes between graphs and functions on tensors, and `lower`, which is all of them for those who call from Python."""

from mograph.transforms.mogg._lower import lower, take_signatures
from mograph.transforms.mogg._signature import Argument, EntrySignature

__all__ = ["Argument", "EntrySignature", "lower", "take_signatures"]
