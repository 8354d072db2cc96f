// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where flags are set.
#pragma once

#include <cstdint>

namespace mograph {

// How many of the flags, bytes of 0 or 1, are set.
std::int64_t count_flags(const std::uint8_t *flags, std::int64_t count);

// Writes the positions of those that are set, in order; `places` has room for as many as `wanted`. What is written
// depends on no thread.
void note_flags(const std::uint8_t *flags, std::int64_t count, std::int64_t *places, std::int64_t wanted);

}  // namespace mograph
