# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-translate`: mlir-translate, to and from LLVM IR, SPIR-V, C++ and others; and from the formats of models that
plugins import, by `--import-onnx MODEL.onnx` and the like. `--print-target-policy` says what targets do otherwise for
some chips.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from mograph import _native

from .policies import OPTION, show
from .setup import run

_IMPORT = "--import-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mo-translate` with these arguments (by default: the process's) and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0].partition("=")[0] == OPTION:
        try:
            print("\n".join(show(given[0].partition("=")[2])))
        except ValueError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        return 0
    if any(each.startswith(_IMPORT) for each in given):
        from mograph.plugins import get_host

        from . import models

        def imported(rest: list[str]) -> int:
            formats = [each for each in get_host().importers if f"{_IMPORT}{each}" in rest]
            return _import(rest, formats[0]) if formats else run("mo-translate", _native.translate_main, given)

        return models.run("mo-translate", imported, given)
    return run("mo-translate", _native.translate_main, given)


def _import(arguments: list[str], form: str) -> int:
    from . import models

    parser = models.Parser(
        prog=f"mo-translate {_IMPORT}{form}",
        description="Import a model and write it as a module of text.",
        epilog=models.PLUGIN_OPTIONS,
        allow_abbrev=False,
    )
    parser.add_argument(f"{_IMPORT}{form}", action="store_true", help="what to import from")
    parser.add_argument("model", metavar="MODEL", help="the model's file")
    parser.add_argument(
        "-o", metavar="FILE", dest="output", help="where to write the module (default: standard output)"
    )
    parser.add_argument("--mlir-print-debuginfo", action="store_true", help="write the locations too")
    options = parser.parse_args(arguments)

    from mograph.engine.files import write_files
    from mograph.engine.reading import read_imported

    module = read_imported(Path(options.model), form)
    text = module.operation.get_asm(enable_debug_info=options.mlir_print_debuginfo).rstrip("\n") + "\n"
    if options.output is None:
        print(text, end="")
    else:
        write_files([(options.output, lambda file: file.write(text.encode()))])
    return 0
