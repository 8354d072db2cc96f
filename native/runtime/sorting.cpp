// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A sort on several threads halves the words until each thread has a part, and then sorts the parts. A half is made of
// what lies on one side of a pivot, the median of a sample; all threads take part in it, a block of words at a time.
#include "sorting.hpp"

#include <cstring>
#include <vector>

#include "parallel.hpp"
#include "pool.hpp"
#include "split.hpp"

namespace mograph {
namespace {

constexpr std::int64_t kPart = 1 << 15;   // words: smaller parts are not halved
constexpr std::int64_t kBlock = 1 << 15;  // words that a thread splits at a time
constexpr std::int64_t kPiece = 2048;     // words that are split into the first cache, and copied from there
constexpr std::int64_t kSample = 1023;    // words that a pivot is the median of

template <class Word>
Word pivot_of(const Word *words, std::int64_t count, const WordSorts &sorts) {
  Word sample[kSample];
  for (std::int64_t i = 0; i < kSample; ++i) sample[i] = words[i * (count / kSample)];
  sort_by(sorts, sample, kSample);
  return sample[kSample / 2];
}

// Copies what is below the pivot to the front of `target`, and the rest behind that. Returns how many are below.
template <class Word>
std::int64_t split_all(const Word *words, Word *target, std::int64_t count, Word pivot) {
  auto blocks = (count + kBlock - 1) / kBlock;
  std::vector<std::int64_t> below(static_cast<std::size_t>(blocks) + 1);
  parallel(blocks, kBlock * sizeof(Word) * kPicosecondsPerByte, [&](std::int64_t block) {
    auto start = block * kBlock;
    below[static_cast<std::size_t>(block) + 1] = count_below(words + start, std::min(kBlock, count - start), pivot);
  });
  for (std::size_t i = 0; i < static_cast<std::size_t>(blocks); ++i) below[i + 1] += below[i];
  auto all = below.back();
  parallel(blocks, kBlock * kPicosecondsPerSplit, [&](std::int64_t block) {
    auto start = block * kBlock, end = std::min(start + kBlock, count);
    Word *low = target + below[static_cast<std::size_t>(block)];
    Word *high = target + all + (start - below[static_cast<std::size_t>(block)]);
    Word lows[kPiece + kSplitRoom], highs[kPiece + kSplitRoom];
    for (auto i = start; i < end; i += kPiece) {
      auto size = std::min(kPiece, end - i);
      auto found = split(words + i, size, pivot, lows, highs);
      std::memcpy(low, lows, static_cast<std::size_t>(found) * sizeof(Word));
      std::memcpy(high, highs, static_cast<std::size_t>(size - found) * sizeof(Word));
      low += found;
      high += size - found;
    }
  });
  return all;
}

}  // namespace

template <class Word>
Word *sort_words(Word *words, Word *spare, std::int64_t count, const WordSorts &sorts) {
  if (count <= 2 * kPart) {
    sort_by(sorts, words, count);
    return words;
  }
  std::vector<std::int64_t> bounds{0, count};
  auto wanted = static_cast<std::size_t>(thread_count());
  while (bounds.size() <= wanted && count / static_cast<std::int64_t>(bounds.size() - 1) > 2 * kPart) {
    std::vector<std::int64_t> halved{0};
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
      auto start = bounds[i], size = bounds[i + 1] - start;
      if (size > kPart)
        halved.push_back(start + split_all(words + start, spare + start, size, pivot_of(words + start, size, sorts)));
      else
        std::memcpy(spare + start, words + start, static_cast<std::size_t>(size) * sizeof(Word));
      halved.push_back(bounds[i + 1]);
    }
    bounds.swap(halved);
    std::swap(words, spare);
  }
  auto parts = static_cast<std::int64_t>(bounds.size()) - 1;
  parallel(parts, count / parts * kPicosecondsPerSort, [&](std::int64_t part) {
    auto start = bounds[static_cast<std::size_t>(part)];
    sort_by(sorts, words + start, bounds[static_cast<std::size_t>(part) + 1] - start);
  });
  return words;
}

template std::uint16_t *sort_words(std::uint16_t *, std::uint16_t *, std::int64_t, const WordSorts &);
template std::uint32_t *sort_words(std::uint32_t *, std::uint32_t *, std::int64_t, const WordSorts &);
template std::uint64_t *sort_words(std::uint64_t *, std::uint64_t *, std::int64_t, const WordSorts &);

}  // namespace mograph
