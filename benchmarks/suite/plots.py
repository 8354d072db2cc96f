# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The plots of a run, as SVG: colours that colour-blind people can tell apart, with a marker for each peer, and text in
a colour that follows the reader's light or dark scheme.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot
from matplotlib.axes import Axes

from suite.peers import OURS, PEERS
from suite.record import Result

# The colours of Okabe and Ito (2008), in which black is what text has.
COLOURS = dict(
    zip(PEERS, ("#D55E00", "#0072B2", "#56B4E9", "#009E73", "#CC79A7", "#E69F00", "#999999", "#B8A800"), strict=True)
)
MARKERS = dict(zip(PEERS, "DosvP^X*", strict=True))
INK = "#010203"  # stands for the reader's text colour
STYLE = (
    "<style>:root{--ink:#1f2328}@media (prefers-color-scheme:dark){:root{--ink:#e6edf3}}"
    "text{font-family:sans-serif}</style>"
)
SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "plots",
    "font.size": 9,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
}


def draw(run: Mapping[str, Any]) -> dict[str, str]:
    """Draw all plots of a run: the text of each by the name of its file."""
    running = [result for result in run["results"] if result["measured"] == "run"]
    compiling = [result for result in run["results"] if result["measured"] != "run"]
    with pyplot.rc_context(SETTINGS):
        return {
            "ratios.svg": _svg(running, _ratios, "time, as a multiple of mograph's"),
            "attained.svg": _svg([result for result in running if result["attained"]], _attained, "of the limit"),
            "compiling.svg": _svg(compiling, _seconds, "seconds"),
        }


def _svg(results: Sequence[Result], fill: Any, label: str) -> str:
    figure, axes = pyplot.subplots(figsize=(9, 1.2 + 0.24 * max(1, len(results))), layout="constrained")
    fill(axes, results)
    axes.set_yticks(range(len(results)), [result["name"] for result in results])
    axes.set_ylim(len(results) - 0.4, -0.6)
    axes.set_xlabel(label)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", color="#888888", alpha=0.3)
    axes.set_axisbelow(True)
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    pyplot.close(figure)
    head, _, rest = text.getvalue().partition("<defs>")
    return f"{head}{STYLE}\n <defs>{rest}".replace(INK, "var(--ink)")


def _points(axes: Axes, results: Sequence[Result], scale: Mapping[int, float]) -> None:
    for name in PEERS:
        places = [
            (told["seconds"] / scale[row], row)
            for row, result in enumerate(results)
            if (told := result["peers"].get(name)) and told["seconds"] is not None and row in scale
        ]
        if places:
            xs, ys = zip(*places, strict=True)
            size = 7 if name == OURS else 5
            axes.plot(xs, ys, MARKERS[name], color=COLOURS[name], label=name, markersize=size, alpha=0.9)
    axes.set_xscale("log")
    if results:
        axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.8 / len(results) - 0.02), ncols=8, frameon=False)


def _ratios(axes: Axes, results: Sequence[Result]) -> None:
    ours = {row: result["peers"].get(OURS, {}).get("seconds") for row, result in enumerate(results)}
    _points(axes, results, {row: seconds for row, seconds in ours.items() if seconds})
    axes.axvline(1, color=COLOURS[OURS], linewidth=1)


def _seconds(axes: Axes, results: Sequence[Result]) -> None:
    _points(axes, results, dict.fromkeys(range(len(results)), 1.0))


def _attained(axes: Axes, results: Sequence[Result]) -> None:
    kinds = [("arithmetic", "#0072B2", True), ("memory", "#E69F00", False)]
    for label, colour, arithmetic in kinds:
        rows = [row for row, each in enumerate(results) if (each["attained"]["limit"] == "fma") == arithmetic]
        axes.barh(rows, [results[row]["attained"]["part"] for row in rows], color=colour, label=label, height=0.7)
    axes.axvline(1, color=INK, linewidth=1)
    axes.xaxis.set_major_formatter("{x:.0%}")
    if results:
        axes.legend(loc="lower right", frameon=False)
