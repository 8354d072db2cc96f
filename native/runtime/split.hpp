// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One step of a quicksort: what is below a pivot, and what is not. With AVX-512 it takes a vector at a time.
#pragma once

#include <cstdint>
#include <type_traits>

#include "vector_code.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mograph {

inline constexpr std::int64_t kSplitRoom = 32;  // words behind each target that a split may write to

template <class Word>
MOGRAPH_VECTOR_CODE std::int64_t count_below(const Word *words, std::int64_t count, Word pivot) {
  std::conditional_t<sizeof(Word) == 8, std::uint64_t, std::uint32_t> below = 0;  // as wide, for the sake of vectors
  for (std::int64_t i = 0; i < count; ++i) below += words[i] < pivot ? 1 : 0;
  return static_cast<std::int64_t>(below);
}

// Copies `count` words to `low` if they are below the pivot, else to `high`, from `first` on. Returns how many are in
// `low` then; `found` were there.
template <class Word>
std::int64_t split_scalar(const Word *words, std::int64_t first, std::int64_t count, Word pivot, Word *low, Word *high,
                          std::int64_t found) {
  for (auto i = first; i < count; ++i) {
    auto word = words[i];
    low[found] = high[i - found] = word;
    found += word < pivot;
  }
  return found;
}

#if defined(__x86_64__)
__attribute__((target("avx512f"))) inline std::int64_t split_vectors(const std::uint32_t *words, std::int64_t count,
                                                                     std::uint32_t pivot, std::uint32_t *low,
                                                                     std::uint32_t *high) {
  auto pivots = _mm512_set1_epi32(static_cast<int>(pivot));
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < count; i += 16) {
    auto vector = _mm512_loadu_si512(words + i);
    auto below = _mm512_cmplt_epu32_mask(vector, pivots);
    _mm512_storeu_si512(low + found, _mm512_maskz_compress_epi32(below, vector));
    _mm512_storeu_si512(high + (i - found), _mm512_maskz_compress_epi32(static_cast<__mmask16>(~below), vector));
    found += __builtin_popcount(below);
  }
  return found;
}

__attribute__((target("avx512f"))) inline std::int64_t split_vectors(const std::uint64_t *words, std::int64_t count,
                                                                     std::uint64_t pivot, std::uint64_t *low,
                                                                     std::uint64_t *high) {
  auto pivots = _mm512_set1_epi64(static_cast<long long>(pivot));
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < count; i += 8) {
    auto vector = _mm512_loadu_si512(words + i);
    auto below = _mm512_cmplt_epu64_mask(vector, pivots);
    _mm512_storeu_si512(low + found, _mm512_maskz_compress_epi64(below, vector));
    _mm512_storeu_si512(high + (i - found), _mm512_maskz_compress_epi64(static_cast<__mmask8>(~below), vector));
    found += __builtin_popcount(below);
  }
  return found;
}
#endif

// Copies the words below the pivot to `low`, the others to `high`, in their order. Returns how many are below. Both
// targets have room for `count + kSplitRoom` words.
template <class Word>
std::int64_t split(const Word *words, std::int64_t count, Word pivot, Word *low, Word *high) {
#if defined(__x86_64__)
  if constexpr (sizeof(Word) >= 4) {
    static const bool vectors = __builtin_cpu_supports("avx512f");
    if (vectors) {
      auto whole = count / (64 / static_cast<std::int64_t>(sizeof(Word))) * (64 / static_cast<std::int64_t>(sizeof(Word)));
      return split_scalar(words, whole, count, pivot, low, high, split_vectors(words, whole, pivot, low, high));
    }
  }
#endif
  return split_scalar(words, 0, count, pivot, low, high, std::int64_t{0});
}

}  // namespace mograph
