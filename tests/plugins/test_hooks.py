# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each hook, and what is said of a plugin that gets one wrong."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import mograph
from mograph.plugins import Host, hooks

HostOf = Callable[..., Host]


def test_dialects(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            class Demo:
                "The demo dialect."

            @hookimpl
            def mograph_dialects():
                yield api.dialect("demo", ":Demo")
            """
        }
    )
    assert host.dialects.load("demo").__name__ == "Demo"
    assert host.dialects["demo"].plugin == "demo"


def test_passes(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            class Signs:
                "Removes pairs of signs."

            @hookimpl
            def mograph_passes():
                return [api.pass_("demo-signs", ":Signs"), api.pass_("demo-other", Signs, summary="Another.")]
            """
        }
    )
    assert {name: host.passes.summary(name) for name in host.passes if name.startswith("demo")} == {
        "demo-other": "Another.",
        "demo-signs": "Removes pairs of signs.",
    }
    assert host.passes.load("demo-signs") is host.passes.load("demo-other")


def test_pipelines_from_text_a_string_and_a_function(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            TEXT = "canonicalize"

            def made():
                return "cse," + TEXT

            @hookimpl
            def mograph_pipelines():
                yield api.pipeline("demo-text", " builtin.module(cse) ", summary="Only cse.")
                yield api.pipeline("demo-string", ":TEXT")
                yield api.pipeline("demo-function", ":made")
            """
        }
    )
    assert {name: host.pipelines.load(name) for name in host.pipelines} == {
        "demo-function": "cse,canonicalize",
        "demo-string": "canonicalize",
        "demo-text": "builtin.module(cse)",
    }


def test_lowerings_for_one_target_and_for_all(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            def general(): return "general"
            def special(): return "special"

            @hookimpl
            def mograph_lowerings():
                yield api.lowering("demo.add", ":special", target="gpu")
                yield api.lowering("demo.add", ":general")
                yield api.lowering("demo.only", ":special", target="gpu")
            """
        }
    )
    assert host.lowerings("gpu").load("demo.add")() == "special"
    assert host.lowerings("cpu").load("demo.add")() == "general"
    assert "demo.only" not in host.lowerings("cpu")


def test_lowerings_of_a_package_are_named_without_importing_it(
    host_of: HostOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    rules = tmp_path / "rules_by_file"
    rules.mkdir()
    (rules / "__init__.py").write_text("")
    (rules / "_shared.py").write_text("raise RuntimeError('imported')\nOPS = ('demo.shared',)\n")
    (rules / "helpers.py").write_text("raise RuntimeError('imported')\n")
    (rules / "late.py").write_text("raise RuntimeError('imported')\nOPS = ('demo.late',)\n")
    (rules / "good.py").write_text(
        'OPS: tuple[str, ...] = (\n    "demo.add",  # (a) comment\n    "demo.sub",\n)\n\n'
        'RULES = {op: (lambda op=op: f"rule of {op}") for op in OPS}\n'
    )
    plugin = """
    @hookimpl
    def mograph_lowerings():
        yield from api.lowerings_module("rules_by_file")
    """
    host = host_of({"demo": plugin})
    assert not host.failures
    table = host.lowerings("cpu")
    assert [name for name in table if name.startswith("demo.")] == ["demo.add", "demo.late", "demo.sub"]
    assert table.load("demo.add")() == "rule of demo.add"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("OPS = make()", "OPS is not a literal tuple"),
        ("OPS = ('a', 1)", "OPS is ('a', 1), expected a tuple of op names"),
        ("OPS = ('a',", "OPS is not a literal tuple"),
    ],
)
def test_lowerings_whose_names_cannot_be_read(
    reason_of: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    expected: str,
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "demo_bad_rules.py").write_text(source)
    reason = reason_of("@hookimpl\ndef mograph_lowerings():\n    yield from api.lowerings_module('demo_bad_rules')\n")
    assert expected in reason


def test_targets(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            class DemoTarget: pass

            @hookimpl
            def mograph_targets():
                yield api.target("demo", ":DemoTarget")
            """
        }
    )
    assert host.targets.load("demo").__name__ == "DemoTarget"


def test_kernels(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            class Rows: pass

            @hookimpl
            def mograph_kernels():
                yield api.kernel("rows", ":Rows", target="cpu")
            """
        }
    )
    assert host.kernels("cpu").load("rows").__name__ == "Rows"
    assert "rows" not in host.kernels("gpu")


def test_fusions(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            def apart(edge): return None

            @hookimpl
            def mograph_fusions():
                yield api.fusion("apart", ":apart")
            """
        }
    )
    assert host.fusions.load("apart").__name__ == "apart"


def test_schedules(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            def few(kernel, schedule): return {"rows": 1} if kernel == "k" else None

            @hookimpl
            def mograph_schedules():
                yield api.schedule("rows", ":few", target="cpu")
            """
        }
    )
    assert host.schedules("cpu").load("rows")("k", {"rows": 8}) == {"rows": 1}
    assert "rows" not in host.schedules("gpu")


def test_custom_operations(host_of: HostOf) -> None:
    host = host_of(
        {
            "demo": """
            from mograph.dialects.custom import CustomOp

            class Nothing(CustomOp, name="hooks.nothing"):
                pass

            @hookimpl
            def mograph_custom_ops():
                yield api.custom("hooks.nothing", ":Nothing", summary="does nothing")
            """
        }
    )
    assert host.customs.load("hooks.nothing").NAME == "hooks.nothing"
    assert host.customs.summary("hooks.nothing") == "does nothing"


def test_importers_and_weights(host_of: HostOf, tmp_path: Path) -> None:
    host = host_of(
        {
            "demo": """
            import numpy
            from mlir import ir
            from mograph.transforms.kit import parse

            def import_model(path):
                return parse(path.read_text().replace("GRAPH", "mo.graph"))

            def read_weights(path):
                return {"w": numpy.ones(2, "f"), "unused": numpy.ones(1)}

            @hookimpl
            def mograph_importers():
                yield api.importer("demo", ":import_model")

            @hookimpl
            def mograph_weights():
                yield api.weights("demo", ":read_weights")
            """
        }
    )
    model = tmp_path / "model.demo"
    model.write_text(
        """GRAPH @twice(%x: !mo.tensor<[2], f32>) -> !mo.tensor<[2], f32> {
          %w = mo.constant.external "w" : !mo.tensor<[2], f32>
          %y = mo.add %x, %w : !mo.tensor<[2], f32>, !mo.tensor<[2], f32>
          mo.output %y : !mo.tensor<[2], f32>
        }"""
    )
    x = np.ones(2, np.float32)
    assert mograph.compile(str(model), host=host)(x).tolist() == [2, 2]
    assert mograph.interpret(model, host=host)(x).tolist() == [2, 2]
    assert mograph.load_all(model, host=host)["twice"](x).tolist() == [2, 2]
    assert mograph.compile(model, weights={"w": x * 2}, host=host)(x).tolist() == [3, 3]
    with pytest.raises(ValueError, match="has no weight 'v'"):
        mograph.compile(model, weights={"w": x, "v": x}, host=host)


def test_extension_points_and_pipeline(host_of: HostOf) -> None:
    host = host_of(
        {
            "user": """
            @hookimpl
            def mograph_pipeline(pipeline):
                pipeline.insert("cse", at="demo:signs")
            """,
            "zero": """
            @hookimpl
            def mograph_extension_points():
                yield api.extension_point("demo:signs", before="mo:fuse", summary="signs are gone")
            """,
        }
    )
    pipeline = host.pipeline()
    names = [point.name for point in pipeline.points]
    assert names.index("demo:signs") == names.index("mo:fuse") - 1
    assert pipeline.at("demo:signs")[0].plugin == "user"
    assert "mo.graph(" in pipeline.text("mo")


def test_every_hook_has_a_test_and_a_section_in_the_docs() -> None:
    tests = Path(__file__).read_text()
    docs = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text()
    for hook in hooks.HOOKS:
        assert f"def {hook}(" in tests
        assert f"\n### `{hook}`" in docs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "@hookimpl\ndef mograph_pases():\n    return ()\n",
            "it implements 'mograph_pases', which is no hook of mograph's (did you mean 'mograph_passes'",
            id="unknown hook",
        ),
        pytest.param(
            "@hookimpl(specname='mograph_pases')\ndef passes():\n    return ()\n",
            "it implements 'mograph_pases', which is no hook",
            id="unknown hook by specname",
        ),
        pytest.param(
            "def mograph_passes():\n    return ()\n",
            "its function 'mograph_passes' is not marked with @hookimpl",
            id="not marked",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_passes(everything):\n    return ()\n", "its hooks do not fit", id="wrong arguments"
        ),
        pytest.param(
            "@hookimpl\ndef mograph_passes():\n    yield api.dialect('demo', ':Demo')\n",
            "mograph_passes yields the dialect 'demo', expected what api.pass_() returns",
            id="entry of another kind",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_passes():\n    yield 'demo'\n",
            "mograph_passes yields 'demo', expected what api.pass_() returns",
            id="no entry",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_passes():\n    return api.pass_('demo', ':Demo')\n",
            "mograph_passes returns the pass 'demo', expected it to yield",
            id="returns one entry",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_extension_points():\n    yield 'demo:point'\n",
            "mograph_extension_points yields 'demo:point', expected what api.extension_point() returns",
            id="no point",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_passes():\n    yield api.pass_('demo', 'demo.Demo')\n",
            "ValueError: pass 'demo' is given as 'demo.Demo': expected 'module:attribute'",
            id="malformed reference",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_passes():\n    yield api.pass_('a,b', ':Demo')\n",
            "ValueError: pass 'a,b': expected a name",
            id="malformed name",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_pipelines():\n    yield api.pipeline('demo', 'cse(')\n",
            "PipelineError: 'cse(': '(' is not closed",
            id="malformed pipeline",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_pipeline(pipeline):\n    pipeline.insert('cse', at='mo:befor-fuse')\n",
            "it inserts 'cse' at 'mo:befor-fuse', which is no extension point of the pipeline "
            "(did you mean 'mo:before-fuse'",
            id="unknown point",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_extension_points():\n    yield api.extension_point('demo:a', after='mo:strat')\n",
            "it places the extension point 'demo:a' after 'mo:strat', which is no extension point itself "
            "(did you mean 'mo:start'",
            id="unknown neighbour",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_extension_points():\n    yield api.extension_point('mo:start')\n",
            "it gives the extension point 'mo:start', which plugin 'mograph' gives already",
            id="point given twice",
        ),
        pytest.param(
            "@hookimpl\ndef mograph_passes():\n    yield api.pass_('a', ':A')\n    yield api.pass_('a', ':B')\n",
            "it gives the pass 'a' twice",
            id="pass given twice",
        ),
        pytest.param("API = 0\n", "asks for version 0 of the plugin API, and the oldest", id="old API"),
        pytest.param("API = '1'\n", "it sets API to '1', expected the version", id="malformed API"),
        pytest.param("del API\n", "it sets API to None, expected the version", id="no API"),
        pytest.param("AFTER = 'mograph'\n", "it sets AFTER to 'mograph', expected a tuple", id="malformed order"),
        pytest.param("import sys\nsys.exit(3)\n", "importing it raised SystemExit: 3", id="exits"),
        pytest.param("def f(:\n", "importing it raised SyntaxError", id="syntax"),
        pytest.param("API = 7\napi.gadget\n", "; it asks for version 7 of the plugin API", id="uses a newer API"),
    ],
)
def test_what_is_wrong_is_said(reason_of: Callable[[str], str], text: str, expected: str) -> None:
    assert expected in reason_of(text)


def test_hooks_of_a_later_version_can_be_marked_optional(host_of: HostOf) -> None:
    host = host_of({"demo": "@hookimpl(optionalhook=True)\ndef mograph_future():\n    return ()\n"})
    assert not host.failures


def test_user_can_interrupt_a_plugin(host_of: HostOf) -> None:
    with pytest.raises(KeyboardInterrupt):
        host_of({"demo": "raise KeyboardInterrupt\n"})


def test_missing_file_is_reported(tmp_path: Path) -> None:
    host = Host(load=[tmp_path / "absent.py", tmp_path / "absent.py"], path=[], environment={})
    (failure,) = host.failures
    assert f"file {tmp_path}/absent.py) is left out: importing it raised FileNotFoundError" in str(failure)


def test_failed_file_leaves_no_module(host_of: HostOf) -> None:
    host_of({"demo": "raise RuntimeError\n"})
    assert "mograph_plugin_demo" not in sys.modules
