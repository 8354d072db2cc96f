# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the largest error of functions of f32 over all floats, in units in the last place, on this machine.

    python scripts/accuracy.py exp tanh ...

The reference is float64. A function takes one to three minutes.
"""

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

import mograph

FUNCTIONS: dict[str, Callable[..., NDArray[np.float64]]] = {
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "tanh": np.tanh,
    "erf": special.erf,
    "erfc": special.erfc,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "sigmoid": special.expit,
}
CHUNK = 1 << 22


def errors(out: NDArray[np.float32], exact: NDArray[np.float64]) -> NDArray[np.float64]:
    """The error of each element in ulp; infinite where one is NaN, infinite or has the wrong zero and the other not."""
    with np.errstate(all="ignore"):
        rounded = exact.astype(np.float32)
        ordinary = np.isfinite(rounded) & np.isfinite(out)
        exponent = np.maximum((exact.view(np.int64) >> 52) & 0x7FF, 1023 - 126)
        ulp = ((exponent - 23) << 52).view(np.float64)
        error = np.abs(out - exact) / ulp
        same = (out == rounded) | (np.isnan(out) & np.isnan(rounded))
    signs = (out == 0) & (exact == 0) & (np.signbit(out) != np.signbit(exact))
    result: NDArray[np.float64] = np.where(signs, np.inf, np.where(ordinary, error, np.where(same, 0, np.inf)))
    return result


def worst(name: str, step: int = 1) -> tuple[float, float]:
    """The largest error of a function over every `step`-th float, and where it is."""
    type_ = "!mo.tensor<[n], f32>"
    function = mograph.compile(
        f"mo.graph @f(%x: {type_}) -> {type_} {{\n %y = mo.{name} %x : {type_}\n mo.output %y : {type_}\n}}"
    )
    found, place = -1.0, 0.0
    for start in range(0, 2**32, CHUNK * step):
        x = np.arange(start, start + CHUNK * step, step, dtype=np.uint64).astype(np.uint32).view(np.float32)
        with np.errstate(all="ignore"):
            error = errors(function(x), FUNCTIONS[name](x.astype(np.float64)))
        at = int(error.argmax())
        if error[at] > found:
            found, place = float(error[at]), float(x[at])
    return found, place


def main() -> None:
    """Prints a line for each function."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("functions", nargs="*", default=list(FUNCTIONS), help=f"of {', '.join(FUNCTIONS)}")
    parser.add_argument("--step", type=int, default=1, help="take every STEP-th float only")
    arguments = parser.parse_args()
    for name in arguments.functions or FUNCTIONS:
        error, place = worst(name, arguments.step)
        print(f"{name}: {error:.3f} ulp at {place!r}", flush=True)


if __name__ == "__main__":
    main()
