# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Windows that slide over the spatial axes of a tensor: what convolution and pooling share.

On each spatial axis a window has `kernel` elements, `dilation` apart; it starts at every `stride`-th place of the axis,
which is padded by `low` places before and `high` behind. A window reaches over dilation * (kernel - 1) + 1 places.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mograph.dialects.kit import Dim, VerifyError, dim_min
from mograph.dialects.mo import shapes
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.shapes import Extent

__all__ = [
    "LAYOUTS",
    "Axes",
    "Windows",
    "axes_of",
    "ceildiv",
    "from_channels_first",
    "overlapped",
    "taps",
    "to_channels_first",
]

LAYOUTS = ("channels_first", "channels_last")


class Axes(NamedTuple):
    """Which axes of a tensor are what: the first is the batch."""

    channel: int
    spatial: range


def axes_of(rank: int, layout: str, most: int | None = None) -> Axes:
    """The axes of a tensor of `rank`, with up to `most` spatial ones."""
    if rank < 3 or (most is not None and rank > most + 2):
        wanted = "3 or more" if most is None else f"3 to {most + 2}"
        raise VerifyError(f"expected an input of rank {wanted}: a batch, channels and spatial axes; found rank {rank}")
    return Axes(1, range(2, rank)) if layout == "channels_first" else Axes(rank - 1, range(1, rank - 1))


def ceildiv(extent: Extent, by: int) -> Extent:
    """The quotient, rounded up."""
    return Dim.parse(f"({extent}) ceildiv {by}")


class Windows(NamedTuple):
    """The windows on all spatial axes: one number each."""

    kernel: tuple[Extent, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]

    @staticmethod
    def of(
        kernel: Sequence[Extent],
        strides: Sequence[int] | None,
        dilations: Sequence[int] | None,
        low: Sequence[int] | None,
        high: Sequence[int] | None,
    ) -> "Windows":
        """The windows of an operation's attributes; an absent one is all ones, or no padding."""
        rank = len(kernel)
        filled = []
        for name, given, default in (
            ("strides", strides, 1),
            ("dilations", dilations, 1),
            ("low", low, 0),
            ("high", high, 0),
        ):
            values = (default,) * rank if given is None else tuple(given)
            if len(values) != rank:
                raise VerifyError(f"expected {rank} {name}, one for each spatial axis; found {len(values)}")
            if any(value < default for value in values):
                raise VerifyError(f"expected {name} of {default} or more, found {list(values)}")
            filled.append(values)
        if any(isinstance(extent, int) and extent < 1 for extent in kernel):
            raise VerifyError(f"expected windows of 1 or more elements, found {shapes.text(kernel)}")
        return Windows(tuple(kernel), *filled)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The windows' extents where they are known."""
        return tuple(int(str(extent)) for extent in self.kernel)

    @property
    def reach(self) -> tuple[Extent, ...]:
        """How many places a window reaches over."""
        return tuple(dilation * (extent - 1) + 1 for extent, dilation in zip(self.kernel, self.dilations, strict=True))

    def static_counts(self, extents: Sequence[int], ceil_mode: bool = False) -> list[int]:
        """`counts` of known extents, by known windows."""
        return [int(str(count)) for count in self.counts(extents, ceil_mode)]

    def counts(self, extents: Sequence[Extent], ceil_mode: bool = False) -> tuple[Extent, ...]:
        """How many windows there are on axes of these extents.

        (extent + low + high - reach) floordiv stride + 1; with `ceil_mode` ceildiv, less a last window that would
        start in the padding behind. An error where it is known that not even one fits.
        """
        counts = []
        for extent, reach, stride, low, high in zip(
            extents, self.reach, self.strides, self.low, self.high, strict=True
        ):
            room = extent + low + high - reach
            if isinstance(room, int) and room < 0:
                raise VerifyError(
                    f"expected windows that fit into the padded input, found one that reaches over {reach} places "
                    f"for {extent + low + high}"
                )
            count = (ceildiv(room, stride) if ceil_mode else room // stride) + 1
            counts.append(dim_min(count, ceildiv(extent + low, stride)) if ceil_mode else count)
        return tuple(counts)


def taps(x: Array, windows: Windows, counts: Sequence[int], fill: float) -> Array:
    """The elements under each window: `x` of shape [b, c, *extents] as [b, c, *counts, *kernel].

    In the padding they are `fill`.
    """
    for axis, (kernel, stride, dilation, low, count) in enumerate(
        zip(windows.sizes, windows.strides, windows.dilations, windows.low, counts, strict=True)
    ):
        # Axis by axis, the places [count, kernel] replace the extent; the kernel goes to the end.
        places: Array = np.arange(count)[:, None] * stride + np.arange(kernel)[None, :] * dilation - low
        extent = x.shape[2 + axis]
        inside = (places >= 0) & (places < extent)
        if extent == 0:
            x = np.full((*x.shape[: 2 + axis], *places.shape, *x.shape[3 + axis :]), fill, x.dtype)
        else:
            x = np.take(x, np.clip(places, 0, extent - 1), axis=2 + axis)
            shape = [1] * x.ndim
            shape[2 + axis : 4 + axis] = places.shape
            x = np.where(inside.reshape(shape), x, np.asarray(fill, x.dtype))
        x = np.moveaxis(x, 3 + axis, -1)
    return x


def to_channels_first(x: Array, layout: str) -> Array:
    """`x` with its channels on axis 1; `from_channels_first` is the inverse."""
    return x if layout == "channels_first" else np.moveaxis(x, -1, 1)


def from_channels_first(x: Array, layout: str) -> Array:
    """`x`, channels first, in its layout: the inverse of `to_channels_first`."""
    return np.moveaxis(x, 1, -1) if layout == "channels_last" else x


def overlapped(columns: Array, windows: Windows, extents: Sequence[int]) -> Array:
    """The sum of windows laid over each other: of shape [b, c, *kernel, *counts] as [b, c, *extents].

    The opposite of `taps`: what falls into the padding is dropped.
    """
    rank = len(windows.kernel)
    counts = columns.shape[2 + rank :]
    wide = [
        max(low + extent, stride * (count - 1) + reach)
        for low, extent, stride, count, reach in zip(
            windows.low, extents, windows.strides, counts, windows.reach, strict=True
        )
    ]
    out = np.zeros((*columns.shape[:2], *wide), columns.dtype)
    for tap in np.ndindex(*columns.shape[2 : 2 + rank]):
        places = [
            slice(at * dilation, at * dilation + stride * (count - 1) + 1, stride)
            for at, dilation, stride, count in zip(tap, windows.dilations, windows.strides, counts, strict=True)
        ]
        whole = (slice(None), slice(None))
        to, source = (*whole, *places), (*whole, *tap)
        out[to] += columns[source]
    inside = (slice(None), slice(None), *(slice(at, at + d) for at, d in zip(windows.low, extents, strict=True)))
    return np.asarray(out[inside])
