# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plugin of mypy that reads the fields of declared dialects.

In `axis: Attribute[c.I64Attr] = -1` the annotation is a constraint that the kit evaluates, not a type: `c.I64Attr` is
an object, and a string in there is a string. What reading such a field gives is known at run time only, so it is `Any`.
"""

from collections.abc import Callable

from mypy.plugin import AnalyzeTypeContext, Plugin
from mypy.types import AnyType, Type, TypeOfAny

KIT_FIELDS = "mograph.dialects.kit.fields."


class KitPlugin(Plugin):
    """Reads each marker of `mograph.dialects.kit.fields`, whatever stands in its brackets, as `Any`."""

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        """Answer for the name in an annotation."""
        if fullname.startswith(KIT_FIELDS) and fullname != KIT_FIELDS + "Field":
            return lambda context: AnyType(TypeOfAny.explicit)
        return None


def plugin(version: str) -> type[Plugin]:
    """Give mypy the plugin."""
    return KitPlugin
