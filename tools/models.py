# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the commands that take models share: their options, and errors in one line."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

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


def named(given: Sequence[str], kind: str, names: Sequence[str]) -> dict[str, str]:
    """Files by name. Raises ValueError for a name that is not known, missing or given twice."""
    files: dict[str, str] = {}
    for text in given:
        name, equals, file = text.partition("=")
        if not equals:
            if len(names) != 1:
                raise ValueError(
                    f"--{kind} {text}: expected NAME=FILE, with a name among: {', '.join(names) or 'none'}"
                )
            name, file = names[0], text
        if name not in names:
            raise ValueError(f"there is no {kind} {name!r}, expected one of: {', '.join(names) or 'none'}")
        if name in files:
            raise ValueError(f"the {kind} {name!r} is given twice")
        files[name] = file
    return files


def load(file: str, dtype: str) -> Any:
    """The array of a file in numpy's format, of the type that a signature says. Raises OSError and ValueError."""
    import numpy

    from mograph.targets.signature import kind_of, numpy_name

    with open(file, "rb") as opened:
        try:
            array = numpy.lib.format.read_array(opened, allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise ValueError(f"{file}: not an array in numpy's format: {error}") from None
    if kind_of(dtype) == "V" and array.dtype.kind == "V":  # numpy's format does not know the types of ml_dtypes
        import ml_dtypes

        wanted = numpy.dtype(getattr(ml_dtypes, numpy_name(dtype)))
        if array.dtype.itemsize == wanted.itemsize:
            return array.view(wanted)
    return array


def _of_system(error: OSError) -> str:
    if error.filename is None or error.strerror is None:
        return str(error)
    return f"{error.filename}: {error.strerror}"
