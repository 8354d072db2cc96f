// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Symbolic integer expressions over named extents, in a normal form: two expressions that are equal as polynomials have the same
// text, so types that hold them are equal when their texts are. A name stands for an extent: it is never negative.
//
//   expr := term (('+' | '-') term)*      term := factor (('*' | 'floordiv' | 'ceildiv' | 'mod') factor)*
//   factor := integer | name | '-' factor | '(' expr ')' | ('max' | 'min') '(' expr ',' expr ')'
#ifndef MOGRAPH_KIT_DIMS_H
#define MOGRAPH_KIT_DIMS_H
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mograph::kit {

/// A polynomial: from monomials (sorted lists of atoms' texts) to coefficients that are not 0. An atom is a name or a call of
/// floordiv, ceildiv, mod, max or min, whose text is its own normal form.
class Dim {
public:
  using Monomial = std::vector<std::string>;
  static Dim constant(int64_t value);
  static Dim name(const std::string &name);

  /// Each gives an error for an overflow of 64 bits, or a division by zero.
  static std::optional<Dim> add(const Dim &a, const Dim &b, std::string &error);
  static std::optional<Dim> multiply(const Dim &a, const Dim &b, std::string &error);
  static std::optional<Dim> negate(const Dim &a, std::string &error);
  /// `op`: floordiv, ceildiv, mod, max, min.
  static std::optional<Dim> call(const std::string &op, const Dim &a, const Dim &b, std::string &error);

  std::optional<int64_t> asConstant() const;
  std::string str() const;
  bool operator==(const Dim &other) const { return terms == other.terms; }
  /// True when no name's value can make it less than `bound`.
  bool atLeast(int64_t bound) const;

  /// Parses text in the grammar above.
  static std::optional<Dim> parse(const std::string &text, std::string &error);
  /// Parses text with other extents in the place of names; names that are not among `extents` stay.
  static std::optional<Dim> substitute(const std::string &text, const std::map<std::string, Dim> &extents, std::string &error);
  /// The names in it, sorted.
  static std::vector<std::string> names(const std::string &text);
  /// Its value; an error for a name without one, an overflow or a division by zero.
  static std::optional<int64_t> evaluate(const std::string &text, const std::map<std::string, int64_t> &values, std::string &error);

private:
  std::map<Monomial, int64_t> terms;
};
} // namespace mograph::kit
#endif
