// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What goes to one place is written by one thread, in order: threads share the outer positions, and the neighbours behind
// the axis. So a result depends on no thread.
#include "elements.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <type_traits>

#include "parallel.hpp"
#include "pool.hpp"
#include "vector_code.hpp"

namespace mograph {
namespace {

constexpr std::int64_t kPicosecondsPerElement = 1000;
constexpr std::int64_t kLine = 64;               // bytes of a line of the cache
constexpr std::int64_t kCached = 1 << 18;        // bytes that are read or written again and again
constexpr std::int64_t kSplits = 8;              // that the axis is cut in where it is only read
constexpr std::int64_t kNoted = 512;             // positions that are looked at before any row is written
constexpr std::int64_t kAhead = 8;               // rows that are asked for before they are written
constexpr std::int64_t kAskedFor = 1024;         // bytes of such a row, at most
constexpr std::int64_t kPartsPerThread = 4;      // that the rows are cut in

// How many neighbours behind the axis are walked together, so that what lies along the axis stays in a cache.
std::int64_t columns_of(AlongAxis shape, std::int64_t bytes) {
  auto line = kLine / bytes;
  auto fitting = kCached / bytes / std::max<std::int64_t>(shape.extent, 1) / line * line;
  return std::min(std::max(fitting, 2 * line), shape.inner);
}

// Asks for what comes after the next row: the processor does not see that rows follow each other where they are long.
template <class T>
void ask_for(const T *first, std::int64_t count) {
  auto *start = reinterpret_cast<const char *>(first);
  auto bytes = std::min(count * static_cast<std::int64_t>(sizeof(T)), kAskedFor);
  for (std::int64_t i = 0; i < bytes; i += kLine) __builtin_prefetch(start + i);
}

// An index from the front, or one that is not below `extent`.
template <class Index>
std::uint64_t from_front(Index index, std::int64_t extent) {
  auto position = static_cast<std::int64_t>(index);
  return static_cast<std::uint64_t>(position + (position < 0 ? extent : 0));
}

// `count` elements, each at its index times `stride`, and `apart` behind where the one before it lies at equal indices.
template <class T, class Index>
MOGRAPH_VECTOR_CODE std::int64_t take_run(const T *source, const Index *indices, T *target, std::int64_t count,
                                          std::int64_t extent, std::int64_t stride, std::int64_t apart) {
  std::int64_t outside = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    auto position = from_front(indices[i], extent);
    bool inside = position < static_cast<std::uint64_t>(extent);
    outside += inside ? 0 : 1;
    target[i] = source[(inside ? static_cast<std::int64_t>(position) : 0) * stride + i * apart];
  }
  return outside;
}

template <class T, class Index>
std::int64_t take(const T *source, const Index *indices, T *target, AlongAxis shape) {
  auto elements = shape.outer * shape.count * shape.inner;
  if (elements == 0 || shape.extent == 0) return elements;  // there is nothing that could be read
  std::atomic<std::int64_t> outside{0};
  if (shape.inner == 1) {
    parallel_ranges(elements, kPicosecondsPerElement, [&](std::int64_t lo, std::int64_t hi) {
      std::int64_t wrong = 0;
      for (auto i = lo; i < hi;) {
        auto end = std::min(hi, (i / shape.count + 1) * shape.count);
        auto *block = source + i / shape.count * shape.extent;
        wrong += take_run(block, indices + i, target + i, end - i, shape.extent, 1, 0);
        i = end;
      }
      if (wrong) outside.fetch_add(wrong, std::memory_order_relaxed);
    });
    return outside;
  }
  auto width = columns_of(shape, sizeof(T));
  auto pieces = (shape.inner + width - 1) / width;
  auto cost = shape.count / kSplits * width * kPicosecondsPerElement;
  parallel(shape.outer * pieces * kSplits, cost, [&](std::int64_t item) {
    auto split = item % kSplits, piece = item / kSplits % pieces, outer = item / kSplits / pieces;
    auto first = piece * width, count = std::min(width, shape.inner - first);
    auto *block = source + outer * shape.extent * shape.inner + first;
    std::int64_t wrong = 0;
    auto end = shape.count * (split + 1) / kSplits;
    for (auto j = shape.count * split / kSplits; j < end; ++j) {
      auto at = (outer * shape.count + j) * shape.inner + first;
      if (j + 2 < end) ask_for(indices + at + 2 * shape.inner, count);
      wrong += take_run(block, indices + at, target + at, count, shape.extent, shape.inner, 1);
    }
    if (wrong) outside.fetch_add(wrong, std::memory_order_relaxed);
  });
  return outside;
}

template <class T>
std::int64_t take_by(const void *source, const void *indices, void *target, AlongAxis shape, std::int64_t index_bytes) {
  auto *from = static_cast<const T *>(source);
  auto *to = static_cast<T *>(target);
  if (index_bytes == 4) return take(from, static_cast<const std::int32_t *>(indices), to, shape);
  return take(from, static_cast<const std::int64_t *>(indices), to, shape);
}

// The larger of two by `before`, or a NaN; of zeros the one with the sign that goes last.
template <class T, class Before>
T extreme(T a, T b, bool negative_first, Before before) {
  if constexpr (std::is_floating_point_v<T>) {
    if (a != a) return a;
    if (b != b) return b;
    if (a == b) return std::signbit(a) == negative_first ? b : a;
  }
  return before(a, b) ? b : a;
}

template <class T>
T combined(T old, T update, Combination combination) {
  // Integers wrap around, and are not widened to int, which must not overflow.
  using Whole = std::conditional_t<std::is_floating_point_v<T>, T,
                                   std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>>;
  switch (combination) {
    case Combination::none:
      return update;
    case Combination::add:
      return static_cast<T>(static_cast<Whole>(old) + static_cast<Whole>(update));
    case Combination::mul:
      return static_cast<T>(static_cast<Whole>(old) * static_cast<Whole>(update));
    case Combination::max:
      return extreme(old, update, true, [](T a, T b) { return a < b; });
    default:
      return extreme(old, update, false, [](T a, T b) { return b < a; });
  }
}

// As `take_run`, the other way.
template <Combination combination, class T, class Index>
std::int64_t put_run(T *target, const Index *indices, const T *updates, std::int64_t count, std::int64_t extent,
                     std::int64_t stride, std::int64_t apart) {
  std::int64_t outside = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    auto position = from_front(indices[i], extent);
    if (position < static_cast<std::uint64_t>(extent)) {
      T &place = target[static_cast<std::int64_t>(position) * stride + i * apart];
      place = combined(place, updates[i], combination);
    } else {
      ++outside;
    }
  }
  return outside;
}

template <Combination combination, class T>
void put_row(T *target, const T *updates, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) target[i] = combined(target[i], updates[i], combination);
}

// Each thread writes to some of the rows, and looks at all indices for that.
template <Combination combination, class T, class Index>
std::int64_t put_rows(T *target, const Index *indices, const T *updates, AlongAxis shape) {
  std::atomic<std::int64_t> outside{0};
  auto work = shape.count * shape.inner * kPicosecondsPerElement;
  auto threads = static_cast<std::int64_t>(thread_count());
  auto parts = threads == 1 ? 1 : std::min(threads * kPartsPerThread, std::max<std::int64_t>(shape.inner / 8, 1));
  parallel(shape.outer * parts, work / parts, [&](std::int64_t item) {
    auto outer = item / parts, part = item % parts;
    auto low = shape.extent * part / parts, rows = shape.extent * (part + 1) / parts - low;
    T *block = target + outer * shape.extent * shape.inner;
    const T *from = updates + outer * shape.count * shape.inner;
    const Index *given = indices + outer * shape.count;
    std::int64_t wrong = 0;
    for (std::int64_t start = 0; start < shape.count; start += kNoted) {
      std::int64_t noted[kNoted], places[kNoted], found = 0;
      for (auto j = start; j < std::min(start + kNoted, shape.count); ++j) {
        auto position = from_front(given[j], shape.extent);
        noted[found] = j;
        places[found] = static_cast<std::int64_t>(position);
        found += position - static_cast<std::uint64_t>(low) < static_cast<std::uint64_t>(rows) ? 1 : 0;
        wrong += position >= static_cast<std::uint64_t>(shape.extent) ? 1 : 0;
      }
      for (std::int64_t i = 0; i < found; ++i) {
        if (i + kAhead < found) {
          ask_for(block + places[i + kAhead] * shape.inner, shape.inner);
          ask_for(from + noted[i + kAhead] * shape.inner, shape.inner);
        }
        put_row<combination>(block + places[i] * shape.inner, from + noted[i] * shape.inner, shape.inner);
      }
    }
    if (part == 0 && wrong) outside.fetch_add(wrong, std::memory_order_relaxed);  // all parts see the same
  });
  return outside;
}

template <Combination combination, class T, class Index>
std::int64_t put(T *target, const Index *indices, const T *updates, AlongAxis shape, Pointing pointing) {
  if (pointing == Pointing::row) return put_rows<combination>(target, indices, updates, shape);
  if (shape.inner == 0) return 0;
  std::atomic<std::int64_t> outside{0};
  auto width = columns_of(shape, sizeof(T));
  auto pieces = (shape.inner + width - 1) / width;
  parallel(shape.outer * pieces, shape.count * width * kPicosecondsPerElement, [&](std::int64_t item) {
    auto outer = item / pieces, first = item % pieces * width, count = std::min(width, shape.inner - first);
    T *block = target + outer * shape.extent * shape.inner + first;
    auto start = outer * shape.count * shape.inner + first;
    std::int64_t wrong = 0;
    if (shape.inner == 1) {  // one run along the axis
      wrong = put_run<combination>(block, indices + start, updates + start, shape.count, shape.extent, 1, 0);
    } else {
      for (std::int64_t j = 0; j < shape.count; ++j) {
        auto at = start + j * shape.inner;
        if (j + 2 < shape.count) {
          ask_for(indices + at + 2 * shape.inner, count);
          ask_for(updates + at + 2 * shape.inner, count);
        }
        wrong += put_run<combination>(block, indices + at, updates + at, count, shape.extent, shape.inner, 1);
      }
    }
    if (wrong) outside.fetch_add(wrong, std::memory_order_relaxed);
  });
  return outside;
}

template <Combination combination, class T>
std::int64_t put_by(void *target, const void *indices, const void *updates, AlongAxis shape, Pointing pointing,
                    std::int64_t index_bytes) {
  auto *to = static_cast<T *>(target);
  auto *from = static_cast<const T *>(updates);
  if (index_bytes == 4)
    return put<combination>(to, static_cast<const std::int32_t *>(indices), from, shape, pointing);
  return put<combination>(to, static_cast<const std::int64_t *>(indices), from, shape, pointing);
}

template <class T>
std::int64_t put_combined(void *target, const void *indices, const void *updates, AlongAxis shape, Pointing pointing,
                          Combination combination, std::int64_t index_bytes) {
  switch (combination) {
    case Combination::none:
      return put_by<Combination::none, T>(target, indices, updates, shape, pointing, index_bytes);
    case Combination::add:
      return put_by<Combination::add, T>(target, indices, updates, shape, pointing, index_bytes);
    case Combination::mul:
      return put_by<Combination::mul, T>(target, indices, updates, shape, pointing, index_bytes);
    case Combination::max:
      return put_by<Combination::max, T>(target, indices, updates, shape, pointing, index_bytes);
    default:
      return put_by<Combination::min, T>(target, indices, updates, shape, pointing, index_bytes);
  }
}

}  // namespace

std::int64_t take_elements(const void *source, const void *indices, void *target, AlongAxis shape, std::int64_t bytes,
                           std::int64_t index_bytes) {
  switch (bytes) {
    case 1:
      return take_by<std::uint8_t>(source, indices, target, shape, index_bytes);
    case 2:
      return take_by<std::uint16_t>(source, indices, target, shape, index_bytes);
    case 4:
      return take_by<std::uint32_t>(source, indices, target, shape, index_bytes);
    default:
      return take_by<std::uint64_t>(source, indices, target, shape, index_bytes);
  }
}

std::int64_t put_elements(void *target, const void *indices, const void *updates, AlongAxis shape, Pointing pointing,
                          Element element, Combination combination, std::int64_t index_bytes) {
  auto with = [&](auto zero) {
    return put_combined<decltype(zero)>(target, indices, updates, shape, pointing, combination, index_bytes);
  };
  switch (element) {
    case Element::i8:
      return with(std::int8_t{});
    case Element::i16:
      return with(std::int16_t{});
    case Element::i32:
      return with(std::int32_t{});
    case Element::i64:
      return with(std::int64_t{});
    case Element::u8:
      return with(std::uint8_t{});
    case Element::u16:
      return with(std::uint16_t{});
    case Element::u32:
      return with(std::uint32_t{});
    case Element::u64:
      return with(std::uint64_t{});
    case Element::f32:
      return with(float{});
    default:
      return with(double{});
  }
}

}  // namespace mograph
