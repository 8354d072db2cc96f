// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags of each block are counted first, so that it is known where its positions go.
#include "places.hpp"

#include <algorithm>
#include <vector>

#include "parallel.hpp"
#include "vector_code.hpp"

namespace mograph {
namespace {

constexpr std::int64_t kBlock = 1 << 14;
constexpr std::int64_t kPicosecondsPerFlag = 700;  // where positions are written

MOGRAPH_VECTOR_CODE std::int64_t count_block(const std::uint8_t *flags, std::int64_t count) {
  std::uint32_t found = 0;
  for (std::int64_t i = 0; i < count; ++i) found += flags[i] != 0 ? 1 : 0;
  return found;
}

// How many flags are set before each block, and in all of them.
std::vector<std::int64_t> starts_of(const std::uint8_t *flags, std::int64_t count) {
  auto blocks = (count + kBlock - 1) / kBlock;
  std::vector<std::int64_t> starts(static_cast<std::size_t>(blocks) + 1);
  parallel(blocks, kBlock * kPicosecondsPerByte, [&](std::int64_t block) {
    starts[static_cast<std::size_t>(block) + 1] =
        count_block(flags + block * kBlock, std::min(kBlock, count - block * kBlock));
  });
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  return starts;
}

}  // namespace

std::int64_t count_flags(const std::uint8_t *flags, std::int64_t count) { return starts_of(flags, count).back(); }

void note_flags(const std::uint8_t *flags, std::int64_t count, std::int64_t *places, std::int64_t wanted) {
  auto starts = starts_of(flags, count);
  parallel(static_cast<std::int64_t>(starts.size()) - 1, kBlock * kPicosecondsPerFlag, [&](std::int64_t block) {
    auto at = starts[static_cast<std::size_t>(block)];
    auto end = std::min(starts[static_cast<std::size_t>(block) + 1], wanted);
    // Each position is written, and kept if its flag is set; the last one ends the walk.
    for (auto i = block * kBlock; at < end; ++i) {
      places[at] = i;
      at += flags[i] != 0;
    }
  });
}

}  // namespace mograph
