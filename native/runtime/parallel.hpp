// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parallel loops of the runtime's own functions.
#pragma once

#include <cstdint>

#include "pool.hpp"

namespace mograph {

// Picoseconds that one thread takes, measured roughly: for a byte that is read and written, for a word that is split or
// sorted, and for a row that is sorted.
inline constexpr std::int64_t kPicosecondsPerByte = 50, kPicosecondsPerSplit = 300, kPicosecondsPerSort = 3000,
                              kPicosecondsPerRow = 50000;

// Calls `body(lo, hi)` for ranges that cover 0 <= item < items, each of which takes so long, in any order and on any
// thread. `body` does not throw.
template <class Body>
void parallel_ranges(std::int64_t items, std::int64_t picoseconds, const Body &body) {
  auto range = [](void *context, std::int64_t lo, std::int64_t hi) { (*static_cast<const Body *>(context))(lo, hi); };
  parallel_for(range, const_cast<void *>(static_cast<const void *>(&body)), items, 1, picoseconds);
}

// The same with `body(item)`.
template <class Body>
void parallel(std::int64_t items, std::int64_t picoseconds, const Body &body) {
  parallel_ranges(items, picoseconds, [&](std::int64_t lo, std::int64_t hi) {
    for (auto item = lo; item < hi; ++item) body(item);
  });
}

}  // namespace mograph
