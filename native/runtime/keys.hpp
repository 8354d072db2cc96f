// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys: unsigned integers in the order of the elements that they are made of. NaN is above all numbers, and both zeros
// are one key; where the order is descending, keys are complements.
#pragma once

#include <cstdint>

namespace mograph {

enum class Kind : std::int64_t { unsigned_, signed_, float_ };

// How elements of `sizeof(Word)` bytes are read. Nothing here branches on elements, so that loops become vector code.
template <class Word, Kind kind>
struct Keys {
  Word limit;  // of floats: the bits of the largest magnitude that is no NaN
  Word flip;   // all ones where the order is descending, else 0

  using Element = Word;
  static constexpr int kBits = sizeof(Word) * 8;
  static constexpr Word kSign = static_cast<Word>(Word{1} << (kBits - 1));
  static constexpr Word kOnes = static_cast<Word>(~Word{0});

  Word of(Word bits) const {
    if constexpr (kind == Kind::unsigned_) return static_cast<Word>(bits ^ flip);
    if constexpr (kind == Kind::signed_) return static_cast<Word>(bits ^ kSign ^ flip);
    auto negative = static_cast<Word>(Word{0} - static_cast<Word>(bits >> (kBits - 1)));
    auto key = static_cast<Word>(bits ^ (negative | kSign));
    key = is_zero(bits) ? kSign : key;
    return static_cast<Word>((is_nan(bits) ? kOnes : key) ^ flip);
  }

  // The element of a key: of those that have one key, a positive one.
  Word element(Word key) const {
    key = static_cast<Word>(key ^ flip);
    if constexpr (kind == Kind::unsigned_) return key;
    if constexpr (kind == Kind::signed_) return static_cast<Word>(key ^ kSign);
    auto positive = static_cast<Word>(Word{0} - static_cast<Word>(key >> (kBits - 1)));
    return static_cast<Word>(key ^ static_cast<Word>(~positive | kSign));
  }

  // 1 where `element` may give another one back, else 0.
  Word is_lost(Word bits) const {
    if constexpr (kind != Kind::float_) return 0;
    return static_cast<Word>((bits == kSign ? Word{1} : Word{0}) | (is_nan(bits) ? Word{1} : Word{0}));
  }

  Word zero() const { return of(0); }
  Word nan() const { return static_cast<Word>(kOnes ^ flip); }
  bool is_zero(Word bits) const { return static_cast<Word>(bits << 1) == 0; }
  bool is_nan(Word bits) const { return kind == Kind::float_ && static_cast<Word>(bits & ~kSign) > limit; }
};

}  // namespace mograph
