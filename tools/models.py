# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the commands that take models share: their options, and errors in one line."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

PLUGIN_OPTIONS = "--load-plugin=FILE.py, --no-plugin=NAME, --strict-plugins and --list-plugins are as in mo-opt."


class Parser(argparse.ArgumentParser):
    """Reports what is wrong with the arguments in one line, and exits with 1 as MLIR's tools do."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit."""
        self.exit(1, f"{self.prog}: error: {message}\n")


def run(name: str, body: Callable[[list[str]], int], arguments: Sequence[str] | None) -> int:
    """Configure the plugins by their options, run `body` with the other arguments, and give the exit code.

    Errors of what the user gave are printed in one line, or as MLIR prints diagnostics, and the code is 1.
    """
    from mograph.plugins import PluginError, configure, render_listing, take_options

    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options, rest = take_options(given)
        if options != take_options([])[0]:
            host = configure(load=options.load, disable=options.disable, strict=options.strict)
            for failure in host.failures:
                print(f"{name}: warning: {failure}", file=sys.stderr)
            if options.listing:
                print(render_listing(host, options.listing))
                return 0
        return body(rest)
    except OSError as error:
        print(f"{name}: error: {_of_system(error)}", file=sys.stderr)
    except MemoryError as error:
        print(f"{name}: error: {error or 'out of memory'}", file=sys.stderr)
    except (ValueError, TypeError, RuntimeError, PluginError) as error:
        print(f"{name}: error: {error}", file=sys.stderr)
    except Exception as error:
        if type(error).__name__ != "DiagnosticError":  # its module is heavy, and imported if it was raised
            raise
        print(f"{name}: error: {error}", file=sys.stderr)
    return 1


def add_compile_options(parser: argparse.ArgumentParser) -> None:
    """Add the options on how to compile."""
    parser.add_argument("--device", default="cpu", metavar="TARGET", help="what to compile for (default: cpu)")
    parser.add_argument(
        "--pass-pipeline", metavar="PIPELINE", help="run these passes, from graphs to functions on tensors"
    )


def milliseconds(seconds: float) -> str:
    """A time to read."""
    return f"{seconds * 1e3:.3f} ms" if seconds < 0.1 else f"{seconds * 1e3:.0f} ms"


def _of_system(error: OSError) -> str:
    if error.filename is None or error.strerror is None:
        return str(error)
    return f"{error.filename}: {error.strerror}"
