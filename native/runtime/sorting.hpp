// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sorts of words on all threads. Results depend on the words alone.
#pragma once

#include <cstdint>

#include "numpy_sorts.hpp"

namespace mograph {

// Sorts `count` words; `spare` is room for as many. Returns which of the two holds the sorted ones.
template <class Word>
Word *sort_words(Word *words, Word *spare, std::int64_t count, const WordSorts &sorts);

extern template std::uint16_t *sort_words(std::uint16_t *, std::uint16_t *, std::int64_t, const WordSorts &);
extern template std::uint32_t *sort_words(std::uint32_t *, std::uint32_t *, std::int64_t, const WordSorts &);
extern template std::uint64_t *sort_words(std::uint64_t *, std::uint64_t *, std::int64_t, const WordSorts &);

}  // namespace mograph
