// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Places for buffers in one arena: those that are alive at the same time do not overlap, and the arena is small.
#pragma once

#include <cstdint>
#include <vector>

namespace mograph {

// The first and the last moment at which a buffer is needed.
struct Lifetime {
  std::int64_t first, last;
};

struct Plan {
  std::vector<std::int64_t> offsets;  // multiples of a block's alignment
  std::int64_t bytes;                 // of the arena
  std::int64_t bound;                 // the most bytes that are needed at one moment: no arena is smaller
};

// A plan for buffers of so many bytes, which are rounded up to multiples of the alignment; negative ones count as 0, and
// with one beyond all memory so does the arena. The same buffers get the same plan each time. Looks for better plans
// until it has one that wastes hardly anything, or has tried for some milliseconds.
Plan plan_arena(const std::vector<Lifetime> &lifetimes, const std::vector<std::int64_t> &sizes);

// The same for `count` buffers: writes their offsets to `places`, and behind these the bytes of the arena. From memory
// where these sizes were asked for lately. For calls of compiled code, on any thread; `places` may be `sizes`.
void planned_arena(const Lifetime *lifetimes, const std::int64_t *sizes, std::int64_t count, std::int64_t *places);

}  // namespace mograph
