// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The processor cannot guess which row comes next, so that it is told a few rows before. What is larger than the caches
// is stored past them: an ordinary store would first read the line that it writes to.
#include "rows.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "parallel.hpp"
#include "pool.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mograph {
namespace {

constexpr std::int64_t kAhead = 6;          // rows that are asked for before they are copied
constexpr std::int64_t kLine = 64;          // bytes of a line of the cache
constexpr std::int64_t kMostAhead = 1024;   // bytes of a row that are asked for: then the processor sees a pattern
constexpr std::int64_t kCached = 4 << 20;   // bytes for each thread that may be found in a cache later

void ask_for(const char *row, std::int64_t bytes) {
  for (std::int64_t i = 0; i < std::min(bytes, kMostAhead); i += kLine) __builtin_prefetch(row + i);
}

#if defined(__x86_64__)
// Whole lines at once, where there are vectors for it, take a fifth less time than parts of them one after the other.
__attribute__((target("avx512f"))) void store_lines(char *target, const char *row, std::int64_t bytes) {
  for (std::int64_t i = 0; i < bytes; i += kLine)
    _mm512_stream_si512(reinterpret_cast<__m512i *>(target + i), _mm512_loadu_si512(row + i));
}

void store_parts(char *target, const char *row, std::int64_t bytes) {
  auto *to = reinterpret_cast<__m128i *>(target);
  auto *from = reinterpret_cast<const __m128i *>(row);
  for (std::int64_t i = 0; i < bytes / 16; ++i) _mm_stream_si128(to + i, _mm_loadu_si128(from + i));
}
#endif

void copy_row(char *target, const char *row, std::int64_t bytes, bool past_caches) {
#if defined(__x86_64__)
  static const auto store = __builtin_cpu_supports("avx512f") ? store_lines : store_parts;
  if (past_caches) return store(target, row, bytes);
#endif
  (void)past_caches;
  std::memcpy(target, row, static_cast<std::size_t>(bytes));
}

// Whether rows can be, and should be, stored past the caches.
bool goes_past_caches(const char *target, RowsTaken rows) {
  bool aligned = reinterpret_cast<std::uintptr_t>(target) % kLine == 0 && rows.bytes % kLine == 0;
  return aligned && rows.outer * rows.count * rows.bytes >= kCached * thread_count();
}

template <class Index>
std::int64_t take(const char *source, const Index *indices, char *target, RowsTaken rows) {
  std::atomic<std::int64_t> outside{0};
  bool past_caches = goes_past_caches(target, rows);
  // The row of an index, or -1.
  auto row_of = [=](std::int64_t place) {
    auto index = indices[place];
    if (static_cast<std::uint64_t>(index) < static_cast<std::uint64_t>(rows.extent))
      return static_cast<std::int64_t>(index);
    auto from_end = static_cast<std::int64_t>(index) + rows.extent;
    return index < 0 && from_end >= 0 ? from_end : std::int64_t{-1};
  };
  auto picoseconds = std::max<std::int64_t>(rows.bytes, 16) * kPicosecondsPerByte;
  parallel_ranges(rows.outer * rows.count, picoseconds, [&](std::int64_t lo, std::int64_t hi) {
    std::int64_t wrong = 0;
    auto outer = lo / rows.count, place = lo % rows.count;
    const char *block = source + outer * rows.extent * rows.bytes;
    for (auto i = lo; i < hi; ++i) {
      if (place + kAhead < rows.count && i + kAhead < hi)
        ask_for(block + std::max<std::int64_t>(row_of(place + kAhead), 0) * rows.bytes, rows.bytes);
      auto row = row_of(place);
      if (row >= 0)
        copy_row(target + i * rows.bytes, block + row * rows.bytes, rows.bytes, past_caches);
      else
        ++wrong;
      if (++place == rows.count) {
        place = 0;
        block += rows.extent * rows.bytes;
      }
    }
#if defined(__x86_64__)
    if (past_caches) _mm_sfence();
#endif
    if (wrong) outside.fetch_add(wrong, std::memory_order_relaxed);
  });
  return outside;
}

}  // namespace

std::int64_t take_rows(const char *source, const void *indices, IndexType type, char *target, RowsTaken rows) {
  auto with = [&](auto index) {
    return take(source, static_cast<const decltype(index) *>(indices), target, rows);
  };
  switch (type.bytes * 2 + type.is_signed) {
    case 2:
      return with(std::uint8_t{});
    case 3:
      return with(std::int8_t{});
    case 4:
      return with(std::uint16_t{});
    case 5:
      return with(std::int16_t{});
    case 8:
      return with(std::uint32_t{});
    case 9:
      return with(std::int32_t{});
    case 16:
      return with(std::uint64_t{});
    default:
      return with(std::int64_t{});
  }
}

}  // namespace mograph
