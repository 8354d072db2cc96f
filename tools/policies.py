# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-translate --print-target-policy`: what targets do otherwise for some chips, why, and until when."""

from collections.abc import Iterator, Sequence

from mograph.targets.gpu.chip import Policy

OPTION = "--print-target-policy"


def policies() -> dict[str, Sequence[Policy]]:
    """The policies of all targets that have some, by the target's name."""
    from mograph.targets.amd.policies import POLICIES as AMD
    from mograph.targets.nvidia.chips import POLICIES as NVIDIA
    from mograph.targets.spirv.chips import POLICIES as SPIRV

    return {"amd": AMD, "nvidia": NVIDIA, "spirv": SPIRV}


def show(wanted: str) -> Iterator[str]:
    """Lines about the policies of a target or a chip; of all, where none is named. Raises ValueError for another
    name.
    """
    known = policies()
    names = {*known, *(chip for each in known.values() for policy in each for chip in policy.chips)}
    if wanted and wanted not in names:
        raise ValueError(f"expected {OPTION}[=NAME] with one of {', '.join(sorted(names))}, found {wanted!r}")
    for target, each in known.items():
        for policy in each:
            if wanted in ("", target, *policy.chips):
                yield f"{target} {', '.join(sorted(policy.chips))}: {policy.name}"
                yield f"  what: {policy.what}"
                yield f"  reason: {policy.reason}"
                yield f"  until: {policy.until}"
