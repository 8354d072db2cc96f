# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plugin whose pass has a module that is not there."""

from mograph.plugins import api, hookimpl

API = 1


@hookimpl
def mograph_passes():
    """The pass."""
    yield api.pass_("lazy-pass", "no_such_module:Lazy")
