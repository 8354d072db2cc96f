# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The registry of rules, and that the rules of this package are complete."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from mograph.dialects.mo import Mo
from mograph.transforms import lower
from mograph.transforms.lower.registry import (
    LoweringRegistry,
    MissingRuleError,
    current,
    first_party,
    set_default,
    using,
)
from mograph.transforms.mogg._control import STRUCTURE
from mograph.transforms.mogg._custom import CUSTOM
from mograph.transforms.mogg._effects import EFFECTS

# What the lowering to programs does itself: what has regions, and what is no value.
MARKS = {"mo.call", "mo.chain.create", "mo.condition", "mo.constant.external", "mo.graph", "mo.output", "mo.yield"}


class Table:
    def __init__(self, name, **rules):
        self.searched = (name,)
        self._rules = {tuple(key.split("__")): rule for key, rule in rules.items()}

    def keys(self):
        return [(f"mo.{op}", "*" if target == "any" else target) for op, target in self._rules]

    def load(self, op, target):
        return self._rules[op.removeprefix("mo."), "any" if target == "*" else target]


def test_every_operation_has_a_rule():
    registry = first_party()
    for name in Mo.ops:
        if name not in (MARKS | STRUCTURE.keys() | EFFECTS.keys() | CUSTOM.keys()):
            assert callable(registry.find(name, "cpu")), name


def test_a_module_lists_the_rules_that_it_has():
    found = []
    for info in iter_modules(lower.__path__):
        module = import_module(f"{lower.__name__}.{info.name}")
        if hasattr(module, "OPS"):
            assert set(module.OPS) == set(module.RULES), info.name
            found += module.OPS
    assert len(found) == len(set(found))


def test_the_target_goes_before_all_and_the_first_provider_before_the_next():
    registry = LoweringRegistry(
        Table("mine", add__any="mine"), Table("theirs", add__cpu="theirs", sub__cpu="cpu", sub__any="any")
    )
    assert registry.find("mo.add", "cpu") == "mine"
    assert registry.find("mo.sub", "cpu") == "cpu"
    assert registry.find("mo.sub", "gpu") == "any"


def test_a_missing_rule():
    registry = LoweringRegistry(Table("core", softmax__any=1, matmul__gpu=1), Table("demo"))
    with pytest.raises(MissingRuleError) as caught:
        registry.find("mo.softmx", "cpu")
    assert str(caught.value) == (
        "no lowering rule for 'mo.softmx' on target 'cpu'; the nearest rules are for mo.softmax; searched: core, demo"
    )
    with pytest.raises(MissingRuleError, match="there is one for gpu; searched: core, demo"):
        registry.find("mo.matmul", "cpu")
    with pytest.raises(MissingRuleError, match="searched: nothing"):
        LoweringRegistry().find("mo.add", "cpu")


def test_which_registry_a_pass_uses():
    mine, other = LoweringRegistry(), LoweringRegistry()
    try:
        set_default(lambda: mine)
        assert current() is mine
        with using(other):
            assert current() is other
        with using(None):
            assert current() is mine
    finally:
        set_default(first_party)
