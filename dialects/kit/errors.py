# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Errors of the kit, and how an exception in a hook becomes a diagnostic."""

import traceback

__all__ = ["DeclarationError", "VerifyError", "describe"]


class VerifyError(Exception):
    """What is wrong with an operation; raised by its hooks, reported as a diagnostic at it."""


class DeclarationError(TypeError):
    """A class that declares a dialect, type, attribute or operation wrongly. Names the class and the field."""


def describe(error: BaseException) -> tuple[str, str]:
    """(message, note) of the diagnostic for an exception in a hook.

    Only what is not a VerifyError has a note: its place.
    """
    if isinstance(error, VerifyError):
        return str(error), ""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"raised at {frames[-1].filename}:{frames[-1].lineno}" if frames else "raised in a Python hook"
    return f"{type(error).__name__}: {error}", place
