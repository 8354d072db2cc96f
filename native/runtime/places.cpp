// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags of each block are counted first, so that it is known where its positions go.
#include "places.hpp"

#include <algorithm>
#include <vector>

#include "parallel.hpp"
#include "vector_code.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mograph {
namespace {

constexpr std::int64_t kBlock = 1 << 14;
constexpr std::int64_t kPicosecondsPerFlag = 500;  // where positions are written

MOGRAPH_VECTOR_CODE std::int64_t count_block(const std::uint8_t *flags, std::int64_t count) {
  std::uint32_t found = 0;
  for (std::int64_t i = 0; i < count; ++i) found += flags[i] != 0 ? 1 : 0;
  return found;
}

// Notes the positions of set flags from `first` on, until `places` is full: each position is written, and kept if its
// flag is set.
void note_scalar(const std::uint8_t *flags, std::int64_t first, std::int64_t *places, const std::int64_t *end) {
  for (auto i = first; places < end; ++i) {
    *places = i;
    places += flags[i] != 0;
  }
}

#if defined(__x86_64__)
// The same for flags up to `last`, which may be more than fill `places`, a vector at a time.
__attribute__((target("avx512f"))) void note_vectors(const std::uint8_t *flags, std::int64_t first, std::int64_t last,
                                                     std::int64_t *places, std::int64_t *end) {
  auto positions = _mm512_add_epi64(_mm512_set1_epi64(first), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
  auto step = _mm512_set1_epi64(8);
  auto i = first;
  for (; i + 8 <= last && end - places >= 8; i += 8) {
    auto wide = _mm512_maskz_cvtepu8_epi64(0xff, _mm_loadl_epi64(reinterpret_cast<const __m128i *>(flags + i)));
    auto set = _mm512_test_epi64_mask(wide, wide);
    _mm512_storeu_si512(places, _mm512_maskz_compress_epi64(set, positions));
    places += __builtin_popcount(set);
    positions = _mm512_add_epi64(positions, step);
  }
  note_scalar(flags, i, places, end);
}
#endif

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
#if defined(__x86_64__)
    static const bool vectors = __builtin_cpu_supports("avx512f");
    if (vectors) {
      note_vectors(flags, block * kBlock, std::min((block + 1) * kBlock, count), places + at, places + end);
      return;
    }
#endif
    note_scalar(flags, block * kBlock, places + at, places + end);
  });
}

}  // namespace mograph
