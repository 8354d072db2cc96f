// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "distinct.hpp"
#include "elements.hpp"
#include "order.hpp"
#include "places.hpp"
#include "rows.hpp"
#include "scan.hpp"
#include "scratch.hpp"
#include "selection.hpp"

namespace mograph {
namespace {

// How elements are read, and in which way they are sorted: the last arguments of a sort.
struct Elements {
  std::int64_t bytes;
  std::int64_t kind;   // see `Kind`
  std::int64_t limit;  // of floats: the bits of the largest magnitude that is no NaN
  std::int64_t descending;
};

template <class Element, class Function>
bool with_width(const Elements &elements, const Function &function) {
  auto limit = static_cast<Element>(elements.limit);
  auto flip = static_cast<Element>(elements.descending ? ~Element{0} : Element{0});
  switch (static_cast<Kind>(elements.kind)) {
    case Kind::unsigned_:
      return function(Keys<Element, Kind::unsigned_>{limit, flip});
    case Kind::signed_:
      return function(Keys<Element, Kind::signed_>{limit, flip});
    default:
      return function(Keys<Element, Kind::float_>{limit, flip});
  }
}

template <class Function>
bool with_keys(const Elements &elements, const Function &function) {
  switch (elements.bytes) {
    case 1:
      return with_width<std::uint8_t>(elements, function);
    case 2:
      return with_width<std::uint16_t>(elements, function);
    case 4:
      return with_width<std::uint32_t>(elements, function);
    default:
      return with_width<std::uint64_t>(elements, function);
  }
}

std::int64_t product(const std::int64_t *first, const std::int64_t *last) {
  std::int64_t result = 1;
  for (; first != last; ++first) result *= *first;
  return result;
}

// Calls `body(row, memory)` for each row, with so much memory: on all threads where there are enough rows for them, else
// with all threads inside. False where memory is exhausted.
template <class Body>
bool over_rows(std::int64_t rows, std::int64_t length, std::int64_t bytes, const Body &body) {
  std::atomic<bool> failed{false};
  auto range = [&](std::int64_t lo, std::int64_t hi) {
    try {
      Scratch memory(bytes);
      if (!memory) throw std::bad_alloc();
      for (auto row = lo; row < hi; ++row) body(row, memory);
    } catch (const std::bad_alloc &) {
      failed.store(true, std::memory_order_relaxed);
    }
  };
  if (rows < thread_count())
    range(0, rows);
  else
    parallel_ranges(rows, length * kPicosecondsPerSort + kPicosecondsPerRow, range);
  return !failed;
}

// Calls the body, of which nothing may be thrown into compiled code.
template <class Body>
const char *guarded(const Body &body) {
  try {
    body();
    return nullptr;
  } catch (const std::bad_alloc &) {
    return kOutOfMemory;
  }
}

AlongAxis along(std::int64_t axis, const std::int64_t *sizes, const std::int64_t *counts, std::int64_t rank) {
  return {product(sizes, sizes + axis), sizes[axis], counts[axis], product(sizes + axis + 1, sizes + rank)};
}

void copy_all(void *target, const void *source, std::int64_t bytes) {
  constexpr std::int64_t kPiece = 1 << 18;
  parallel((bytes + kPiece - 1) / kPiece, kPiece * kPicosecondsPerByte, [=](std::int64_t piece) {
    auto start = piece * kPiece;
    std::memcpy(static_cast<char *>(target) + start, static_cast<const char *>(source) + start,
                static_cast<std::size_t>(std::min(kPiece, bytes - start)));
  });
}

extern "C" {

// y: x with each row, along its last axis, in order; equal elements as they are.
const char *mograph_sort(const void *x, const std::int64_t *sizes, void *y, const std::int64_t *, std::int64_t rank,
                         std::int64_t bytes, std::int64_t kind, std::int64_t limit, std::int64_t descending) {
  auto rows = product(sizes, sizes + rank - 1), length = sizes[rank - 1];
  const auto &sorts = numpy_sorts();
  bool made = with_keys({bytes, kind, limit, descending}, [&](auto keys) {
    using K = decltype(keys);
    using Element = typename K::Element;
    using Word = SortWord<K>;
    auto bytes = kWordsToSort<K> * length * static_cast<std::int64_t>(sizeof(Word));
    return over_rows(rows, length, bytes, [&](std::int64_t row, const Scratch &memory) {
      sort_row(keys, static_cast<const Element *>(x) + row * length, static_cast<Element *>(y) + row * length, length,
               memory.at<Word>(0), sorts);
    });
  });
  return made ? nullptr : kOutOfMemory;
}

// y: the positions of each row's elements in order; equal ones as they are.
const char *mograph_argsort(const void *x, const std::int64_t *sizes, std::int64_t *y, const std::int64_t *,
                            std::int64_t rank, std::int64_t bytes, std::int64_t kind, std::int64_t limit,
                            std::int64_t descending) {
  auto rows = product(sizes, sizes + rank - 1), length = sizes[rank - 1];
  const auto &sorts = numpy_sorts();
  bool made = with_keys({bytes, kind, limit, descending}, [&](auto keys) {
    using Element = typename decltype(keys)::Element;
    return over_rows(rows, length, length * 16, [&](std::int64_t row, const Scratch &memory) {
      order_row(keys, static_cast<const Element *>(x) + row * length, y + row * length, length,
                memory.at<std::uint64_t>(0), sorts);
    });
  });
  return made ? nullptr : kOutOfMemory;
}

// numbers, firsts, counts: of each element of x the number of its value, in order, and of each number its first element
// and how many there are; `found` is how many numbers there are.
const char *mograph_number(const void *x, const std::int64_t *sizes, std::int64_t *numbers, const std::int64_t *,
                           std::int64_t *firsts, const std::int64_t *, std::int64_t *counts, const std::int64_t *,
                           std::int64_t *found, const std::int64_t *, std::int64_t, std::int64_t bytes,
                           std::int64_t kind, std::int64_t limit, std::int64_t descending) {
  const auto &sorts = numpy_sorts();
  bool made = with_keys({bytes, kind, limit, descending}, [&](auto keys) {
    using Element = typename decltype(keys)::Element;
    return over_rows(1, sizes[0], sizes[0] * kBytesToNumber, [&](std::int64_t, const Scratch &memory) {
      *found = number_row(keys, static_cast<const Element *>(x), sizes[0], numbers, firsts, counts, memory, sorts);
    });
  });
  return made ? nullptr : kOutOfMemory;
}

// values, places: the first elements of each row in order, as many as the last extent of both, and their positions.
const char *mograph_first(const void *x, const std::int64_t *sizes, void *values, const std::int64_t *wanted_sizes,
                          std::int64_t *places, const std::int64_t *, std::int64_t rank, std::int64_t bytes,
                          std::int64_t kind, std::int64_t limit, std::int64_t descending) {
  auto rows = product(sizes, sizes + rank - 1), length = sizes[rank - 1], wanted = wanted_sizes[rank - 1];
  const auto &sorts = numpy_sorts();
  bool made = with_keys({bytes, kind, limit, descending}, [&](auto keys) {
    using Element = typename decltype(keys)::Element;
    auto bytes = length * kBytesToSelect;
    return over_rows(rows, length, bytes, [&](std::int64_t row, const Scratch &memory) {
      first_of_row(keys, static_cast<const Element *>(x) + row * length, length,
                   static_cast<Element *>(values) + row * wanted, places + row * wanted, wanted, memory, sorts);
    });
  });
  return made ? nullptr : kOutOfMemory;
}

// y: the rows of x along an axis that the indices name, of `bytes` each with what lies behind that axis, and in
// `outside` how many indices are out of range.
const char *mograph_take(const char *x, const std::int64_t *sizes, const void *indices, const std::int64_t *counts,
                         char *y, const std::int64_t *, std::int64_t *outside, const std::int64_t *,
                         std::int64_t rank, std::int64_t index_rank, std::int64_t axis, std::int64_t bytes,
                         std::int64_t index_bytes, std::int64_t is_signed) {
  RowsTaken rows{product(sizes, sizes + axis), sizes[axis], product(counts, counts + index_rank),
                 product(sizes + axis + 1, sizes + rank) * bytes};
  *outside = take_rows(x, indices, {index_bytes, is_signed != 0}, y, rows);
  return nullptr;
}

// y: the cumulative sums or products of x along an axis.
const char *mograph_scan(const void *x, const std::int64_t *sizes, void *y, const std::int64_t *, std::int64_t rank,
                         std::int64_t axis, std::int64_t number, std::int64_t is_product, std::int64_t exclusive,
                         std::int64_t reverse) {
  ScanShape shape{product(sizes, sizes + axis), sizes[axis], product(sizes + axis + 1, sizes + rank)};
  return guarded(
      [&] { scan(x, y, static_cast<Number>(number), shape, {is_product != 0, exclusive != 0, reverse != 0}); });
}

// y: the elements of x that the indices name along an axis, and in `outside` how many of these are out of range. The
// shapes differ on that axis alone.
const char *mograph_take_elements(const void *x, const std::int64_t *sizes, const void *indices,
                                  const std::int64_t *counts, void *y, const std::int64_t *, std::int64_t *outside,
                                  const std::int64_t *, std::int64_t rank, std::int64_t axis, std::int64_t bytes,
                                  std::int64_t index_bytes) {
  *outside = take_elements(x, indices, y, along(axis, sizes, counts, rank), bytes, index_bytes);
  return nullptr;
}

// y: x, combined with updates at the elements that the indices name along an axis, and in `outside` how many of these are
// out of range. The shapes differ on that axis alone.
const char *mograph_put_elements(const void *x, const std::int64_t *sizes, const void *indices,
                                 const std::int64_t *counts, const void *updates, const std::int64_t *, void *y,
                                 const std::int64_t *, std::int64_t *outside, const std::int64_t *, std::int64_t rank,
                                 std::int64_t axis, std::int64_t bytes, std::int64_t element, std::int64_t combination,
                                 std::int64_t index_bytes) {
  copy_all(y, x, product(sizes, sizes + rank) * bytes);
  *outside = put_elements(y, indices, updates, along(axis, sizes, counts, rank), Pointing::element,
                          static_cast<Element>(element), static_cast<Combination>(combination), index_bytes);
  return nullptr;
}

// y: x, combined with updates at the rows that the positions name, each of which stands for the first `axes` axes.
const char *mograph_put_rows(const void *x, const std::int64_t *sizes, const std::int64_t *positions,
                             const std::int64_t *counts, const void *updates, const std::int64_t *, void *y,
                             const std::int64_t *, std::int64_t rank, std::int64_t axes, std::int64_t counted,
                             std::int64_t bytes, std::int64_t element, std::int64_t combination) {
  copy_all(y, x, product(sizes, sizes + rank) * bytes);
  AlongAxis shape{1, product(sizes, sizes + axes), product(counts, counts + counted),
                  product(sizes + axes, sizes + rank)};
  put_elements(y, positions, updates, shape, Pointing::row, static_cast<Element>(element),
               static_cast<Combination>(combination), sizeof(std::int64_t));
  return nullptr;
}

// count: how many of the flags are set.
const char *mograph_count(const std::uint8_t *flags, const std::int64_t *sizes, std::int64_t *count,
                          const std::int64_t *) {
  return guarded([&] { *count = count_flags(flags, sizes[0]); });
}

// places: the positions of those that are set, in order.
const char *mograph_places(const std::uint8_t *flags, const std::int64_t *sizes, std::int64_t *places,
                           const std::int64_t *wanted) {
  return guarded([&] { note_flags(flags, sizes[0], places, wanted[0]); });
}
}

}  // namespace

const std::vector<std::pair<const char *, void *>> &library_functions() {
  static const std::vector<std::pair<const char *, void *>> functions = {
      {"mograph_sort", reinterpret_cast<void *>(&mograph_sort)},
      {"mograph_argsort", reinterpret_cast<void *>(&mograph_argsort)},
      {"mograph_number", reinterpret_cast<void *>(&mograph_number)},
      {"mograph_first", reinterpret_cast<void *>(&mograph_first)},
      {"mograph_take", reinterpret_cast<void *>(&mograph_take)},
      {"mograph_take_elements", reinterpret_cast<void *>(&mograph_take_elements)},
      {"mograph_put_elements", reinterpret_cast<void *>(&mograph_put_elements)},
      {"mograph_put_rows", reinterpret_cast<void *>(&mograph_put_rows)},
      {"mograph_scan", reinterpret_cast<void *>(&mograph_scan)},
      {"mograph_count", reinterpret_cast<void *>(&mograph_count)},
      {"mograph_places", reinterpret_cast<void *>(&mograph_places)},
  };
  return functions;
}

}  // namespace mograph
