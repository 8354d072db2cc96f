// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One sum waits for the last. So several are taken at once: neighbours where the axis is not the last one, else several
// rows, or several blocks of a long row, whose sums are taken first.
#include "scan.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

#include "parallel.hpp"
#include "pool.hpp"
#include "vector_code.hpp"

namespace mograph {
namespace {

constexpr std::int64_t kSequential = 1 << 15;  // elements of a row that is not cut in blocks
constexpr std::int64_t kBlock = 4096 - 272;    // elements of a block: those walked at once need other places of a cache
constexpr std::int64_t kTogether = 8;          // rows or blocks that are walked at once
constexpr std::int64_t kColumns = 256;         // neighbours that are walked at once

struct Sum {
  static constexpr int kFirst = 0;
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a + b);
  }
};

struct Product {
  static constexpr int kFirst = 1;
  template <class T>
  static T of(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return a * b;
    using Whole = std::common_type_t<T, unsigned>;  // not int, which must not overflow
    return static_cast<T>(static_cast<Whole>(a) * static_cast<Whole>(b));
  }
};

// What sums of blocks are taken in: wide enough that they overflow only where the sum of the row does, if there is such.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, float>, double, T>;

// `rows` of `length` elements, `apart` from each other, from `start` on in steps of 1 or -1.
template <class Op, bool exclusive, class T>
void walk(const T *x, T *y, std::int64_t rows, std::int64_t apart, std::int64_t length, std::int64_t step, const T *first) {
  if (rows == kTogether) {
    T totals[kTogether];
    std::copy(first, first + kTogether, totals);
    for (std::int64_t i = 0; i < length; ++i) {
      for (std::int64_t row = 0; row < kTogether; ++row) {
        auto at = i * step + row * apart;
        auto following = Op::of(totals[row], x[at]);
        y[at] = exclusive ? totals[row] : following;
        totals[row] = following;
      }
    }
    return;
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    T total = first[row];
    for (std::int64_t i = 0; i < length; ++i) {
      auto at = i * step + row * apart;
      auto following = Op::of(total, x[at]);
      y[at] = exclusive ? total : following;
      total = following;
    }
  }
}

template <class Op, bool exclusive, class T>
MOGRAPH_VECTOR_CODE void walk_columns(const T *x, T *y, std::int64_t length, std::int64_t apart, std::int64_t columns) {
  T totals[kColumns];
  std::fill(totals, totals + columns, static_cast<T>(Op::kFirst));
  for (std::int64_t i = 0; i < length; ++i) {
    const T *__restrict from = x + i * apart;
    T *__restrict to = y + i * apart;
    for (std::int64_t column = 0; column < columns; ++column) {
      auto following = Op::of(totals[column], from[column]);
      to[column] = exclusive ? totals[column] : following;
      totals[column] = following;
    }
  }
}

template <class T>
MOGRAPH_VECTOR_CODE Wide<T> sum_of(const T *x, std::int64_t count) {
  Wide<T> sums[16] = {};
  for (std::int64_t i = 0; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; ++lane) sums[lane] += x[i + lane];
  for (auto i = count / 16 * 16; i < count; ++i) sums[0] += x[i];
  Wide<T> all = 0;
  for (auto sum : sums) all += sum;
  return all;
}

// A long row. A block is as far from the start of the walk as its number says.
template <bool exclusive, class T>
void sum_long_row(const T *x, T *y, std::int64_t length, bool reverse) {
  auto blocks = (length + kBlock - 1) / kBlock;
  auto start_of = [=](std::int64_t block) { return reverse ? length - 1 - block * kBlock : block * kBlock; };
  std::vector<Wide<T>> sums(static_cast<std::size_t>(blocks));
  std::vector<T> firsts(static_cast<std::size_t>(blocks));
  parallel(blocks, kBlock * static_cast<std::int64_t>(sizeof(T)) * kPicosecondsPerByte, [&](std::int64_t block) {
    auto count = std::min(kBlock, length - block * kBlock);
    auto lowest = reverse ? start_of(block) - count + 1 : start_of(block);
    sums[static_cast<std::size_t>(block)] = sum_of(x + lowest, count);
  });
  Wide<T> before = 0;
  for (std::size_t block = 0; block < sums.size(); ++block) {
    firsts[block] = static_cast<T>(before);
    before += sums[block];
  }
  auto step = reverse ? -1 : 1;
  auto whole = length / kBlock;  // the last block may be shorter
  auto groups = (blocks + kTogether - 1) / kTogether;
  parallel(groups, kTogether * kBlock * static_cast<std::int64_t>(sizeof(T)) * kPicosecondsPerByte, [&](std::int64_t group) {
    auto block = group * kTogether, full = std::min(block + kTogether, whole) - block;
    auto from = start_of(block);
    const T *first = firsts.data() + block;
    if (full > 0) walk<Sum, exclusive>(x + from, y + from, full, step * kBlock, kBlock, step, first);
    full = std::max<std::int64_t>(full, 0);
    if (block + full < std::min(block + kTogether, blocks)) {
      auto last = start_of(block + full);
      walk<Sum, exclusive>(x + last, y + last, 1, 0, length - whole * kBlock, step, first + full);
    }
  });
}

template <class Op, bool exclusive, class T>
void scan_as(const T *x, T *y, ScanShape shape, bool reverse) {
  auto element = static_cast<std::int64_t>(sizeof(T));
  auto last = reverse ? shape.length - 1 : 0;
  if (shape.inner > 1) {
    auto pieces = (shape.inner + kColumns - 1) / kColumns;
    auto cost = shape.length * std::min(shape.inner, kColumns) * element * kPicosecondsPerByte;
    parallel(shape.outer * pieces, cost, [&](std::int64_t item) {
      auto column = item % pieces * kColumns;
      auto at = (item / pieces * shape.length + last) * shape.inner + column;
      walk_columns<Op, exclusive>(x + at, y + at, shape.length, reverse ? -shape.inner : shape.inner,
                                  std::min(kColumns, shape.inner - column));
    });
    return;
  }
  if constexpr (std::is_same_v<Op, Sum>) {
    if (shape.length > kSequential) {
      for (std::int64_t row = 0; row < shape.outer; ++row)
        sum_long_row<exclusive>(x + row * shape.length, y + row * shape.length, shape.length, reverse);
      return;
    }
  }
  T firsts[kTogether];
  std::fill(firsts, firsts + kTogether, static_cast<T>(Op::kFirst));
  auto groups = (shape.outer + kTogether - 1) / kTogether;
  parallel(groups, kTogether * shape.length * element * kPicosecondsPerByte, [&](std::int64_t group) {
    auto row = group * kTogether, at = row * shape.length + last;
    walk<Op, exclusive>(x + at, y + at, std::min(kTogether, shape.outer - row), shape.length, shape.length,
                        reverse ? -1 : 1, firsts);
  });
}

template <class T>
void scan_numbers(const void *x, void *y, ScanShape shape, Scan kind) {
  auto *from = static_cast<const T *>(x);
  auto *to = static_cast<T *>(y);
  if (kind.product)
    kind.exclusive ? scan_as<Product, true>(from, to, shape, kind.reverse)
                   : scan_as<Product, false>(from, to, shape, kind.reverse);
  else
    kind.exclusive ? scan_as<Sum, true>(from, to, shape, kind.reverse)
                   : scan_as<Sum, false>(from, to, shape, kind.reverse);
}

}  // namespace

void scan(const void *x, void *y, Number number, ScanShape shape, Scan kind) {
  if (shape.outer * shape.length * shape.inner == 0) return;
  switch (number) {
    case Number::i8:
      return scan_numbers<std::uint8_t>(x, y, shape, kind);
    case Number::i16:
      return scan_numbers<std::uint16_t>(x, y, shape, kind);
    case Number::i32:
      return scan_numbers<std::uint32_t>(x, y, shape, kind);
    case Number::i64:
      return scan_numbers<std::uint64_t>(x, y, shape, kind);
    case Number::f32:
      return scan_numbers<float>(x, y, shape, kind);
    case Number::f64:
      return scan_numbers<double>(x, y, shape, kind);
  }
}

}  // namespace mograph
