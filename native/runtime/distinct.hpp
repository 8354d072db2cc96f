// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The distinct elements of a row.
#pragma once

#include <vector>

#include "order.hpp"
#include "scratch.hpp"

namespace mograph {

inline constexpr std::int64_t kBytesToNumber = 24;  // that are needed for each element

// `place(i)`: the position of element i in order; `differs(i)`: whether it is not the one before.
template <class Place, class Differs>
std::int64_t number_ordered(std::int64_t count, std::int64_t *numbers, std::int64_t *firsts, std::int64_t *counts,
                            const Place &place, const Differs &differs) {
  std::vector<std::int64_t> starts(static_cast<std::size_t>(blocks_of(count)) + 1);
  over_blocks(count, 32, [&](std::int64_t start, std::int64_t end) {
    std::int64_t found = start == 0;
    for (auto i = std::max<std::int64_t>(start, 1); i < end; ++i) found += differs(i);
    starts[static_cast<std::size_t>(start / kRowBlock) + 1] = found;
  });
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  // First, `counts` are where each number begins in the order.
  over_blocks(count, 48, [&](std::int64_t start, std::int64_t end) {
    auto number = starts[static_cast<std::size_t>(start / kRowBlock)] - 1;
    for (auto i = start; i < end; ++i) {
      if (i == 0 || differs(i)) {
        firsts[++number] = place(i);
        counts[number] = i;
      }
      numbers[place(i)] = number;
    }
  });
  auto found = starts.back();
  for (std::int64_t number = 0; number < found; ++number)
    counts[number] = (number + 1 < found ? counts[number + 1] : count) - counts[number];
  return found;
}

// Numbers the distinct elements in order, and gives of each element its number, of each number the position of its
// first element and how many elements have it. Returns how many numbers there are. `memory` has `kBytesToNumber` for
// each element.
template <class K>
std::int64_t number_row(K keys, const typename K::Element *row, std::int64_t count, std::int64_t *numbers,
                        std::int64_t *firsts, std::int64_t *counts, const Scratch &memory, const WordSorts &sorts) {
  if (count == 0) return 0;
  auto order = order_words(keys, row, count, memory.at<std::uint64_t>(0), sorts);
  if (order.drop == 0)  // the words tell all, and are read one after the other
    return number_ordered(count, numbers, firsts, counts, [=](std::int64_t i) { return order.place(i); },
                          [=](std::int64_t i) { return order.differs(i); });
  auto *places = memory.at<std::int64_t>(16 * count);
  note_places(keys, row, order, places, count);
  return number_ordered(count, numbers, firsts, counts, [=](std::int64_t i) { return places[i]; },
                        [=](std::int64_t i) { return keys.of(row[places[i]]) != keys.of(row[places[i - 1]]); });
}

}  // namespace mograph
