# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The options about plugins that all commands share."""

from collections.abc import Sequence
from typing import NamedTuple

HELP = """\
  --list-plugins[=json]    list the plugins, the broken ones too, and what each gives
  --load-plugin=<file.py>  load the plugin in a file; may be repeated
  --no-plugin=<name>       switch plugins off; may be repeated or given a list a,b; distribution:name is more exact
  --strict-plugins         end with an error if any plugin fails
"""


class Options(NamedTuple):
    """What the command line says of plugins. `listing` is "", "text" or "json"; `strict` None where nothing is said."""

    load: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    strict: bool | None = None
    listing: str = ""


def take_options(arguments: Sequence[str]) -> tuple[Options, list[str]]:
    """Split `arguments` into the options about plugins and the rest; nothing after `--` is looked at.

    One dash does as well as two, and a value may follow as the next argument. Raises `ValueError`, with one line for
    the user, where a value is missing or not one of those possible.
    """
    load: list[str] = []
    disable: list[str] = []
    strict: bool | None = None
    listing = ""
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
            break
        dashes = len(argument) - len(argument.lstrip("-"))
        option, equals, value = argument.lstrip("-").partition("=")
        if dashes not in (1, 2) or option not in ("load-plugin", "no-plugin", "strict-plugins", "list-plugins"):
            rest.append(argument)
        elif option == "list-plugins":
            listing = value if equals else "text"
            if listing not in ("text", "json"):
                raise ValueError(f"--list-plugins={value}: expected --list-plugins or --list-plugins=json")
        elif option == "strict-plugins":
            if equals and value not in ("true", "false"):
                raise ValueError(f"--strict-plugins={value}: expected true or false")
            strict = value != "false"
        else:
            if not equals:
                value = next(waiting, "")
            if not value:
                example = "file.py" if option == "load-plugin" else "name"
                raise ValueError(f"--{option}: expected a value, as in --{option}={example}")
            if option == "load-plugin":
                load.append(value)
            else:
                disable += [name.strip() for name in value.split(",") if name.strip()]
    return Options(tuple(load), tuple(disable), strict, listing), rest
