# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plugin with custom operations."""

from mograph.dialects.custom import CustomOp, In, Mutable, Out
from mograph.dialects.kit import VerifyError
from mograph.plugins import api, hookimpl

API = 1


class Scale(CustomOp, name="demo.scale"):
    """x times a factor."""

    x: In
    y: Out
    factor: float = 2.0
    times: int = 1

    @staticmethod
    def infer(x, times):
        if times < 1:
            raise VerifyError(f"expected times to be 1 or more, found {times}")
        return x

    @staticmethod
    def lower(k, op, x):
        for _ in range(op.times):
            x = x * op.factor
        return x


class Push(CustomOp, name="demo.push"):
    """Puts x into a buffer and gives what it held."""

    x: In
    state: Mutable
    old: Out

    @staticmethod
    def infer(x):
        return x

    @staticmethod
    def lower(k, op, x, state):
        return state, x


class Broken(CustomOp, name="demo.broken"):
    """Gives the wrong number of results."""

    x: In
    y: Out

    @staticmethod
    def lower(k, op, x):
        return x, x


class Bare(CustomOp, name="demo.bare"):
    """Says nothing but what it is called."""

    x: In
    axis: int
    y: Out


@hookimpl
def mograph_custom_ops():
    """Announce them."""
    for name, body in (("scale", "Scale"), ("push", "Push"), ("broken", "Broken"), ("bare", "Bare")):
        yield api.custom(f"demo.{name}", f":{body}")
