# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Plugins to test with: written as files, or built as wheels and installed by pip into a folder of their own."""

import base64
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from mograph.plugins import Host

HEADER = "from mograph.plugins import api, hookimpl\nAPI = 1\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a plugin in a file; unless `header` is empty, imports and API version are put before its text."""

    def write_file(name: str, text: str, header: str = HEADER) -> Path:
        path = tmp_path / f"{name}.py"
        path.write_text(header + dedent(text))
        return path

    return write_file


@pytest.fixture
def host_of(write: Callable[..., Path]) -> Callable[..., Host]:
    """Make a host of mograph's own plugin and of plugins given by name and text; other arguments go to `Host`."""

    def make(plugins: dict[str, str], **options: Any) -> Host:
        files = [write(name, text) for name, text in plugins.items()]
        return Host(load=files, path=[], **{"environment": {}, **options})

    return make


@pytest.fixture
def reason_of(host_of: Callable[..., Host]) -> Callable[[str], str]:
    """Load one plugin, given by its text, that must fail, and return why it did."""

    def reason(text: str) -> str:
        host = host_of({"bad": text})
        (failure,) = host.failures
        assert failure.plugin == "bad"
        assert "bad" not in [plugin.name for plugin in host.plugins if plugin.status == "loaded"]
        return failure.reason

    return reason


def build_wheel(
    folder: Path, distribution: str, version: str, files: dict[str, str], entry_points: dict[str, str]
) -> Path:
    """Write a wheel with these Python files, and return it. It needs no build backend, and so no network."""
    name = distribution.replace("-", "_")
    info = f"{name}-{version}.dist-info"
    points = "".join(f"{key} = {value}\n" for key, value in entry_points.items())
    contents = {path: dedent(text) for path, text in files.items()} | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n\nVersion: none\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\nunused = a:b\n\n[mograph.plugins]\n{points}",
    }
    record = ""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in contents.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{file},sha256={digest},{len(text.encode())}\n"
            wheel.writestr(file, text)
        wheel.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return path


def pip_install(site: Path, *wheels: Path) -> Path:
    """Install wheels into a folder, and return the folder."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    command += ["--no-deps", "--no-index", "--no-compile", "--target", str(site), *map(str, wheels)]
    subprocess.run(command, check=True, cwd=site.parent)
    return site


GOOD = {
    "good_demo/__init__.py": "",
    "good_demo/plugin.py": """
        from mograph.plugins import api, hookimpl
        API = 1

        @hookimpl
        def mograph_dialects():
            yield api.dialect("good", "good_demo.body:Good")

        @hookimpl
        def mograph_passes():
            yield api.pass_("good-simplify", "good_demo.body:Simplify")

        @hookimpl
        def mograph_lowerings():
            yield api.lowering("good.op", "good_demo.body:lower")

        @hookimpl
        def mograph_pipeline(pipeline):
            pipeline.insert("good-simplify", at="mo:before-fuse")
    """,
    "good_demo/body.py": '''
        class Good:
            """The good dialect."""

        class Simplify:
            """Makes it simpler.

            And more.
            """

        def lower(builder, op):
            return "lowered"
    ''',
}
BROKEN = {
    "broken_demo.py": """
        from mograph.plugins import api, hookimpl
        import module_that_nobody_has
        API = 1

        @hookimpl
        def mograph_passes():
            yield api.pass_("broken-pass", "broken_demo:Pass")
    """
}
HALF = {
    "half_demo.py": """
        from mograph.plugins import api, hookimpl
        API = 1

        @hookimpl
        def mograph_dialects():
            yield api.dialect("half", "half_demo:Half")

        @hookimpl
        def mograph_passes():
            yield api.pass_("half-first", "half_demo:First")
            raise RuntimeError("the second cannot be made")

        @hookimpl
        def mograph_pipeline(pipeline):
            pipeline.insert("half-first", at="mo:start")
    """
}
NEWER = {
    "newer_demo.py": """
        from mograph.plugins import hookimpl
        API = 99

        @hookimpl
        def mograph_passes():
            yield from ()
    """
}
TWIN = {
    "twin_demo.py": """
        from mograph.plugins import api, hookimpl
        API = 1

        @hookimpl
        def mograph_passes():
            yield api.pass_("twin-pass", "twin_demo:Pass")
    """
}
# It gives a pass of the name that the good one gives.
RIVAL = {
    "rival_demo.py": """
        from mograph.plugins import api, hookimpl
        API = 1

        @hookimpl
        def mograph_passes():
            yield api.pass_("rival-pass", "rival_demo:Pass")
            yield api.pass_("good-simplify", "rival_demo:Pass")
    """
}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed one good distribution and others with all that can be wrong."""
    folder = tmp_path_factory.mktemp("wheels")
    wheels = [
        build_wheel(folder, "good-demo", "1.2", GOOD, {"good": "good_demo.plugin"}),
        build_wheel(folder, "broken-demo", "0.1", BROKEN, {"broken": "broken_demo"}),
        build_wheel(folder, "half-demo", "0.2", HALF, {"half": "half_demo"}),
        build_wheel(folder, "newer-demo", "7.0", NEWER, {"newer": "newer_demo"}),
        build_wheel(folder, "twin-demo", "2.0", TWIN, {"good": "twin_demo"}),
        build_wheel(folder, "rival-demo", "3.0", RIVAL, {"rival": "rival_demo"}),
    ]
    return pip_install(folder / "site", *wheels)


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed examples/plugin."""
    example = Path(__file__).parents[2] / "examples" / "plugin"
    project = tomllib.loads((example / "pyproject.toml").read_text())["project"]
    sources = {
        path.relative_to(example / "src").as_posix(): path.read_text() for path in (example / "src").rglob("*.py")
    }
    folder = tmp_path_factory.mktemp("example")
    points = project["entry-points"]["mograph.plugins"]
    return pip_install(folder / "site", build_wheel(folder, project["name"], project["version"], sources, points))


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of `site` on the path of this process, for one test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(site)
    monkeypatch.delenv("MOGRAPH_NO_PLUGIN", raising=False)
    monkeypatch.delenv("MOGRAPH_STRICT_PLUGINS", raising=False)
    yield site
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(site) in str(sys.modules[name].__file__):
            del sys.modules[name]
