# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the commands over MLIR share: plugins first, then upstream's main over all that they give."""

import sys
from collections.abc import Callable, Sequence

from mograph import _native


def run(name: str, main: Callable[[list[str]], int], arguments: Sequence[str] | None = None) -> int:
    """Run a command of upstream's: take the options about plugins out of its arguments, and give the rest to `main`.

    `arguments` are those after the command's name, by default the process's. Returns the exit code.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-version"]):
        _native.print_version()  # without a look at plugins: the answer is the same
        return 0
    from mograph.plugins import PluginError, announce, configure, render_listing, take_options

    try:
        options, rest = take_options(given)
        host = configure(load=options.load, disable=options.disable, strict=options.strict)
    except (ValueError, PluginError) as error:
        print(f"{name}: error: {error}", file=sys.stderr)
        return 1
    if options.listing:
        print(render_listing(host, options.listing))
        return 0
    for failure in host.failures:
        print(f"{name}: warning: {failure}", file=sys.stderr)
    announce(host)
    sys.stdout.flush()  # the native side has buffers of its own
    sys.stderr.flush()
    return main([name, *rest])
