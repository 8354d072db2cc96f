// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first few elements of a row in order: those that a sample of the row says may be among them are sorted.
#pragma once

#include <cmath>
#include <vector>

#include "order.hpp"
#include "scratch.hpp"

namespace mograph {

inline constexpr std::int64_t kFew = 8;        // one of how many elements at most is selected, rather than all sorted
inline constexpr std::int64_t kShort = 8192;   // elements of a row that is not worth looking at twice
inline constexpr std::int64_t kSampled = 4096;  // elements of the sample
inline constexpr std::int64_t kGroups = 64;    // of the elements of a short row
inline constexpr std::int64_t kBytesToSelect = 40;
inline constexpr std::int64_t kSelected = 128;  // elements that are counted at a time

template <class K>
MOGRAPH_VECTOR_CODE std::int64_t count_until(K keys, const typename K::Element *row, std::int64_t count,
                                             typename K::Element last) {
  std::conditional_t<sizeof(last) == 8, std::uint64_t, std::uint32_t> found = 0;  // as wide, for the sake of vectors
  for (std::int64_t i = 0; i < count; ++i) found += keys.of(row[i]) <= last ? 1 : 0;
  return static_cast<std::int64_t>(found);
}

// The keys of a sample of the row, in order.
template <class K>
std::vector<SortWord<K>> sampled(K keys, const typename K::Element *row, std::int64_t count, const WordSorts &sorts) {
  std::vector<SortWord<K>> sample(kSampled);
  for (std::int64_t i = 0; i < kSampled; ++i) sample[static_cast<std::size_t>(i)] = keys.of(row[count / kSampled * i]);
  sort_by(sorts, sample.data(), kSampled);
  return sample;
}

// The least key of the elements whose positions leave the same rest, for each rest.
template <class K>
MOGRAPH_VECTOR_CODE void least_of_groups(K keys, const typename K::Element *row, std::int64_t count,
                                         typename K::Element *least) {
  std::fill(least, least + kGroups, K::kOnes);
  auto whole = count / kGroups * kGroups;
  for (std::int64_t i = 0; i < whole; i += kGroups)
    for (std::int64_t group = 0; group < kGroups; ++group)
      least[group] = std::min(least[group], keys.of(row[i + group]));
  for (auto i = whole; i < count; ++i) least[i - whole] = std::min(least[i - whole], keys.of(row[i]));
}

// Of a short row those elements that do not come after the `wanted` first of the groups' first ones, which are few more
// than wanted: they and their positions go where they are told, and how many they are is returned.
template <class K>
std::int64_t select_by_groups(K keys, const typename K::Element *row, std::int64_t count, std::int64_t wanted,
                              typename K::Element *elements, std::int64_t *positions) {
  typename K::Element least[kGroups];
  least_of_groups(keys, row, count, least);
  std::nth_element(least, least + (wanted - 1), least + kGroups);
  auto last = least[wanted - 1];
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < count; ++i) {  // each is written, and kept if it is one of them
    elements[found] = row[i];
    positions[found] = i;
    found += keys.of(row[i]) <= last;
  }
  return found;
}

// The first `wanted` elements of a row in order, and their positions; equal ones are in order of position. `memory` has
// `kBytesToSelect` for each element of the row.
template <class K>
void first_of_row(K keys, const typename K::Element *row, std::int64_t count, typename K::Element *values,
                  std::int64_t *places, std::int64_t wanted,
                  const Scratch &memory, const WordSorts &sorts) {
  using Element = typename K::Element;
  auto finish = [&](const std::int64_t *order, const Element *elements, const std::int64_t *positions) {
    for (std::int64_t i = 0; i < wanted; ++i) {
      values[i] = elements[order[i]];
      places[i] = positions ? positions[order[i]] : order[i];
    }
  };
  if (count < kShort && count >= 4 * kGroups && wanted >= 1 && wanted <= kGroups / 2) {
    auto *positions = memory.at<std::int64_t>(24 * count);
    auto *elements = memory.at<Element>(32 * count);
    auto found = select_by_groups(keys, row, count, wanted, elements, positions);
    auto *order = memory.at<std::int64_t>(0);
    order_row(keys, elements, order, found, memory.at<std::uint64_t>(8 * count), sorts);
    finish(order, elements, positions);
    return;
  }
  if (count < kShort || wanted > count / kFew) {
    auto *order = memory.at<std::int64_t>(0);
    order_row(keys, row, order, count, memory.at<std::uint64_t>(8 * count), sorts);
    finish(order, row, nullptr);
    return;
  }
  auto sample = sampled(keys, row, count, sorts);
  auto pieces = (count + kSelected - 1) / kSelected;
  std::vector<std::int64_t> starts(static_cast<std::size_t>(pieces) + 1);
  Element last = K::kOnes;
  // As many of the sample as there should be below the last one wanted, and four standard deviations more.
  auto share = static_cast<double>(wanted) * kSampled / static_cast<double>(count);
  for (auto rank = share + 4 * std::sqrt(share) + 4;; rank *= 2) {
    last = rank < kSampled ? static_cast<Element>(sample[static_cast<std::size_t>(rank)]) : K::kOnes;
    parallel(pieces, kSelected * static_cast<std::int64_t>(sizeof(Element)) * kPicosecondsPerByte, [&](std::int64_t piece) {
      auto start = piece * kSelected;
      starts[static_cast<std::size_t>(piece) + 1] =
          count_until(keys, row + start, std::min(kSelected, count - start), last);
    });
    for (std::size_t i = 0; i < static_cast<std::size_t>(pieces); ++i) starts[i + 1] += starts[i];
    if (starts.back() >= wanted) break;
    std::fill(starts.begin(), starts.end(), 0);
  }
  auto found = starts.back();
  auto *order = memory.at<std::int64_t>(0);
  auto *scratch = memory.at<std::uint64_t>(8 * found);
  auto *positions = memory.at<std::int64_t>(24 * found);
  auto *elements = memory.at<Element>(32 * found);
  parallel(pieces, kSelected * kPicosecondsPerByte, [&](std::int64_t piece) {
    auto at = starts[static_cast<std::size_t>(piece)], end = starts[static_cast<std::size_t>(piece) + 1];
    for (auto i = piece * kSelected; at < end; ++i) {
      if (keys.of(row[i]) > last) continue;
      elements[at] = row[i];
      positions[at++] = i;
    }
  });
  order_row(keys, elements, order, found, scratch, sorts);
  finish(order, elements, positions);
}

}  // namespace mograph
