// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The distinct elements of a row.
#pragma once

#include <vector>

#include "order.hpp"
#include "scratch.hpp"

namespace mograph {

inline constexpr std::int64_t kBytesToNumber = 25;  // that are needed for each element

// Numbers the distinct elements in order, and gives of each element its number, of each number the position of its first
// element and how many elements have it. Returns how many numbers there are. `memory` has `kBytesToNumber` for each
// element.
template <class K>
std::int64_t number_row(K keys, const typename K::Element *row, std::int64_t count, std::int64_t *numbers,
                        std::int64_t *firsts, std::int64_t *counts, const Scratch &memory, const WordSorts &sorts) {
  auto *places = memory.at<std::int64_t>(0);
  auto *is_new = memory.at<std::uint8_t>(24 * count);
  order_row(keys, row, places, count, memory.at<std::uint64_t>(8 * count), sorts);
  std::vector<std::int64_t> starts(static_cast<std::size_t>(blocks_of(count)) + 1);
  over_blocks(count, 32, [&](std::int64_t start, std::int64_t end) {
    std::int64_t found = 0;
    for (auto i = start; i < end; ++i) {
      is_new[i] = i == 0 || keys.of(row[places[i]]) != keys.of(row[places[i - 1]]);
      found += is_new[i];
    }
    starts[static_cast<std::size_t>(start / kRowBlock) + 1] = found;
  });
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  // First, `counts` are where each number begins in the order.
  over_blocks(count, 48, [&](std::int64_t start, std::int64_t end) {
    auto number = starts[static_cast<std::size_t>(start / kRowBlock)] - 1;
    for (auto i = start; i < end; ++i) {
      if (is_new[i]) {
        firsts[++number] = places[i];
        counts[number] = i;
      }
      numbers[places[i]] = number;
    }
  });
  auto found = starts.back();
  for (std::int64_t number = 0; number < found; ++number)
    counts[number] = (number + 1 < found ? counts[number + 1] : count) - counts[number];
  return found;
}

}  // namespace mograph
