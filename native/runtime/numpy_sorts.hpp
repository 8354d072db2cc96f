// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// numpy's sorts of unsigned integers, as functions of C: written for each vector ISA, and chosen by numpy for the processor.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mograph {

// Sorts `count` words in place, not stably: equal words cannot be told apart.
using WordSort = int (*)(void *words, std::intptr_t count, void *array);

struct WordSorts {
  WordSort of16 = nullptr, of32 = nullptr, of64 = nullptr;  // null where numpy has none
};

// numpy's functions, found when first asked for; takes the GIL for that once. For these dtypes they touch no Python
// object, so that they are called without the GIL and on any thread.
const WordSorts &numpy_sorts();

// Sorts by the function of `sorts` for this width, or by the standard library's where there is none.
template <class Word>
void sort_by(const WordSorts &sorts, Word *words, std::int64_t count) {
  WordSort found = sizeof(Word) == 2 ? sorts.of16 : sizeof(Word) == 4 ? sorts.of32 : sorts.of64;
  if (!found || found(words, static_cast<std::intptr_t>(count), nullptr) != 0) std::sort(words, words + count);
}

}  // namespace mograph
