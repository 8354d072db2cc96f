# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plugin whose square is a cube, so that it is seen whose rule was taken."""

from mograph.plugins import api, hookimpl

API = 1


def cube(k, op, x):
    return k.map(k.mul, x, k.map(k.mul, x, x))


@hookimpl
def mograph_lowerings():
    yield api.lowering("mo.square", cube, replace=True)
