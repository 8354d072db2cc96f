// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sorted rows, and the positions of a row's elements in order. What is sorted are words: the keys of elements, or these
// with the positions in their low bits, so that all differ and equal keys stay in order.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "keys.hpp"
#include "parallel.hpp"
#include "sorting.hpp"
#include "vector_code.hpp"

namespace mograph {
inline constexpr std::int64_t kRowBlock = 1 << 15;  // elements that a thread takes at a time

inline std::int64_t blocks_of(std::int64_t count) { return (count + kRowBlock - 1) / kRowBlock; }

// Calls `body(start, end)` for blocks of a row.
template <class Body>
void over_blocks(std::int64_t count, std::int64_t bytes, const Body &body) {
  parallel(blocks_of(count), kRowBlock * bytes * kPicosecondsPerByte,
           [&](std::int64_t block) { body(block * kRowBlock, std::min((block + 1) * kRowBlock, count)); });
}

template <class K, class Word>
MOGRAPH_VECTOR_CODE bool encode(K keys, const typename K::Element *row, Word *words, std::int64_t count) {
  typename K::Element lost = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    words[i] = keys.of(row[i]);
    lost |= keys.is_lost(row[i]);
  }
  return lost != 0;
}

template <class K, class Word>
MOGRAPH_VECTOR_CODE void decode(K keys, const Word *words, typename K::Element *row, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) row[i] = keys.element(static_cast<typename K::Element>(words[i]));
}

template <class K>
MOGRAPH_VECTOR_CODE void widen_range(K keys, const typename K::Element *row, std::int64_t count,
                                     typename K::Element &least, typename K::Element &most) {
  auto low = K::kOnes;
  typename K::Element high = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    auto key = keys.of(row[i]);
    low = std::min(low, key);
    high = std::max(high, key);
  }
  least = low;
  most = high;
}

template <class K>
MOGRAPH_VECTOR_CODE void pack(K keys, const typename K::Element *row, std::uint64_t *words, std::int64_t start,
                              std::int64_t end, std::uint64_t least, int drop, int bits) {
  for (auto i = start; i < end; ++i)
    words[i] = (std::uint64_t{keys.of(row[i])} - least) >> drop << bits | static_cast<std::uint64_t>(i);
}

// Where in a row in order what keys do not tell apart begins: zeros and NaNs.
struct Alike {
  std::int64_t zeros, nans;
};

template <class K, class Word>
Alike alike(K keys, const Word *sorted, std::int64_t count) {
  auto before = [=](auto key) { return std::lower_bound(sorted, sorted + count, static_cast<Word>(key)) - sorted; };
  return {before(keys.zero()), before(keys.nan())};
}

// Puts these back in the order that they had.
template <class K>
void restore(K keys, const typename K::Element *row, Alike at, typename K::Element *result, std::int64_t count) {
  auto zeros = result + at.zeros, nans = result + at.nans;
  for (std::int64_t i = 0; i < count; ++i) {
    if (keys.is_zero(row[i])) *zeros++ = row[i];
    if (keys.is_nan(row[i])) *nans++ = row[i];
  }
}

// Sorts the positions in each run of words whose high bits are equal, by the whole keys.
template <class K>
void settle(K keys, const typename K::Element *row, const std::uint64_t *words, std::int64_t *places,
            std::int64_t count, int bits) {
  auto before = [=](std::int64_t a, std::int64_t b) {
    auto left = keys.of(row[a]), right = keys.of(row[b]);
    return left < right || (left == right && a < b);
  };
  over_blocks(count, 16, [=](std::int64_t start, std::int64_t end) {
    auto joined = [=](std::int64_t i) { return words[i] >> bits == words[i - 1] >> bits; };
    while (start > 0 && start < end && joined(start)) ++start;  // of a run that the block before has
    while (start < end) {
      auto stop = start + 1;
      while (stop < count && joined(stop)) ++stop;
      if (stop - start > 1) std::sort(places + start, places + stop, before);
      start = stop;
    }
  });
}

// The words that rows of these elements are sorted as: numpy has no vector sort of bytes.
template <class K>
using SortWord = std::conditional_t<sizeof(typename K::Element) == 1, std::uint16_t, typename K::Element>;

// Words of memory that sorting a row needs for each element: where it can, it sorts in the result.
template <class K>
inline constexpr std::int64_t kWordsToSort = std::is_same_v<SortWord<K>, typename K::Element> ? 1 : 2;

// `result`, which is apart from the row, gets it in order; `scratch` is room for `kWordsToSort` words an element.
template <class K>
void sort_row(K keys, const typename K::Element *row, typename K::Element *result, std::int64_t count,
              SortWord<K> *scratch, const WordSorts &sorts) {
  SortWord<K> *words;
  if constexpr (kWordsToSort<K> == 1)
    words = result;
  else
    words = scratch + count;
  std::atomic<bool> lost{false};
  over_blocks(count, sizeof(*row) + sizeof(*words), [&](std::int64_t start, std::int64_t end) {
    if (encode(keys, row + start, words + start, end - start)) lost.store(true, std::memory_order_relaxed);
  });
  auto sorted = sort_words(words, scratch, count, sorts);
  auto at = lost ? alike(keys, sorted, count) : Alike{};  // before what is sorted in the result is decoded
  over_blocks(count, sizeof(*row) + sizeof(*words), [&](std::int64_t start, std::int64_t end) {
    decode(keys, sorted + start, result + start, end - start);
  });
  if (lost) restore(keys, row, at, result, count);
}

// A row's elements in order: the lowest `bits` of a word are the position, those above the key less the `drop` lowest
// bits of it, so that words of equal elements, and of some others if any are dropped, differ in the position alone.
struct Ordered {
  std::uint64_t *words;
  int bits, drop;

  std::int64_t place(std::int64_t i) const {
    return static_cast<std::int64_t>(words[i] & ((std::uint64_t{1} << bits) - 1));
  }
  bool differs(std::int64_t i) const { return words[i] >> bits != words[i - 1] >> bits; }  // from the one before
};

// `scratch` is room for twice as many words as the row, which is not empty, has elements.
template <class K>
Ordered order_words(K keys, const typename K::Element *row, std::int64_t count, std::uint64_t *scratch,
                    const WordSorts &sorts) {
  using Element = typename K::Element;
  // The ranges of blocks go where the words will be.
  auto *ranges = reinterpret_cast<Element *>(scratch);
  over_blocks(count, sizeof(Element), [&](std::int64_t start, std::int64_t end) {
    auto *range = ranges + start / kRowBlock * 2;
    widen_range(keys, row + start, end - start, range[0], range[1]);
  });
  Element least = ranges[0], most = ranges[1];
  for (std::int64_t block = 1; block < blocks_of(count); ++block) {
    least = std::min(least, ranges[block * 2]);
    most = std::max(most, ranges[block * 2 + 1]);
  }
  int bits = std::bit_width(static_cast<std::uint64_t>(count - 1));
  int width = std::bit_width(static_cast<std::uint64_t>(most - least));
  int drop = std::max(0, width + bits - 64);
  over_blocks(count, sizeof(Element) + 8,
              [&](std::int64_t start, std::int64_t end) { pack(keys, row, scratch, start, end, least, drop, bits); });
  return {sort_words(scratch, scratch + count, count, sorts), bits, drop};
}

// The positions that words have, settled where keys lack bits.
template <class K>
void note_places(K keys, const typename K::Element *row, const Ordered &order, std::int64_t *places,
                 std::int64_t count) {
  over_blocks(count, 16, [&](std::int64_t start, std::int64_t end) {
    for (auto i = start; i < end; ++i) places[i] = order.place(i);
  });
  if (order.drop > 0) settle(keys, row, order.words, places, count, order.bits);
}

// `places` are the positions of a row's elements in order, equal ones as they are; `scratch` is room for twice as many
// words.
template <class K>
void order_row(K keys, const typename K::Element *row, std::int64_t *places, std::int64_t count,
               std::uint64_t *scratch, const WordSorts &sorts) {
  if (count > 0) note_places(keys, row, order_words(keys, row, count, scratch, sorts), places, count);
}

}  // namespace mograph
