# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What all tests share: how hypothesis draws, and that nothing depends on what was tuned on this machine."""

import os

import hypothesis

# No deadline: how long an example takes says nothing on a busy machine. The same examples in every run, so that a
# failure is the change's and not the draw's.
hypothesis.settings.register_profile("mograph", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("mograph")

os.environ["MOGRAPH_TUNED"] = os.environ["MOGRAPH_OBJECTS"] = ""
