// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

namespace mograph {

// Has Python print the contiguous elements at `data`; `text` says how, see mograph/targets/printing.py. Takes the GIL,
// which the calling thread does not hold. False, with the thread's Python error set, when that raised.
bool print(const char *text, const void *data, std::int64_t rank, const std::int64_t *sizes);

}  // namespace mograph
