# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""AMD's chips as data: compute units are those of the product that has the fewest."""

from mograph.targets.gpu.chip import Chip

_CDNA2 = frozenset({"mfma", "bf16", "dpp"})
_CDNA3 = _CDNA2 | {"f8", "xf32"}
_CDNA4 = (_CDNA3 - {"xf32"}) | {"wide-mfma"}
_RDNA3 = frozenset({"wmma", "bf16", "dpp", "row-xmask"})


def _chip(name: str, subgroup: int, shared: int, registers: int, units: int, features: frozenset[str]) -> Chip:
    # CDNA's threads have 256 registers for any use, and as many for the sums of matrix units.
    of_thread = 512 if subgroup == 64 else 256
    return Chip(name, "amd", subgroup, 1024, shared << 10, registers << 10, units, features, of_thread)


CHIPS = {
    chip.name: chip
    for chip in (
        _chip("gfx90a", 64, 64, 128, 104, _CDNA2),  # Instinct MI210
        _chip("gfx942", 64, 64, 128, 228, _CDNA3),  # Instinct MI300A
        _chip("gfx950", 64, 160, 128, 256, _CDNA4),  # Instinct MI350X
        _chip("gfx1100", 32, 64, 96, 84, _RDNA3),  # Radeon RX 7900 XT
        _chip("gfx1201", 32, 64, 96, 48, _RDNA3 | {"f8"}),  # Radeon RX 9070 GRE
    )
}
