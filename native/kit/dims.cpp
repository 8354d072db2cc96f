// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kit/dims.h"
#include <algorithm>
#include <cctype>
#include <set>

using namespace mograph::kit;

namespace {
constexpr const char *kOverflow = "a dimension overflows 64 bits";
constexpr const char *kTooLarge = "a dimension's expression is too large";
constexpr unsigned kMaxDepth = 200;                    // of brackets: the reader recurses
constexpr size_t kMaxTerms = 1000;                     // of a polynomial: products grow without bound
/// The least number is left out: it has no opposite, and no text that the reader takes.
bool addTo(int64_t &sum, int64_t value) { return __builtin_add_overflow(sum, value, &sum) || sum == INT64_MIN; }
bool product(int64_t a, int64_t b, int64_t &out) { return __builtin_mul_overflow(a, b, &out) || out == INT64_MIN; }
bool isName(char c, bool first) { return std::isalpha((unsigned char)c) || c == '_' || (!first && (std::isdigit((unsigned char)c) || c == '$' || c == '.')); }
int64_t floorDiv(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }
bool isCall(const std::string &atom) { return atom.find('(') != std::string::npos || atom.find(' ') != std::string::npos; }

/// Recursive descent over text; `Value` is a Dim or a number.
template <typename Algebra> struct Reader {
  using Value = typename Algebra::Value;
  const std::string &text;
  Algebra &algebra;
  std::string &error;
  size_t at = 0;
  unsigned depth = 0;

  void skip() { while (at < text.size() && std::isspace((unsigned char)text[at])) ++at; }
  bool take(const char *token) {
    skip();
    size_t n = std::char_traits<char>::length(token);
    if (text.compare(at, n, token)) return false;
    if (isName(token[0], true) && at + n < text.size() && isName(text[at + n], false)) return false;
    at += n;
    return true;
  }
  std::optional<Value> fail(const std::string &message) {
    if (error.empty()) error = message + " in dimension '" + text + "'";
    return std::nullopt;
  }
  std::optional<Value> factor() {
    if (depth == kMaxDepth) return fail(kTooLarge);
    ++depth;
    auto value = nested();
    --depth;
    return value;
  }
  std::optional<Value> nested() {
    skip();
    if (take("-")) {
      auto value = factor();
      return value ? algebra.negate(*value, error) : std::nullopt;
    }
    if (take("(")) {
      auto value = expr();
      if (value && !take(")")) return fail("expected ')'");
      return value;
    }
    if (at < text.size() && std::isdigit((unsigned char)text[at])) {
      int64_t value = 0;
      for (; at < text.size() && std::isdigit((unsigned char)text[at]); ++at)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text[at] - '0', &value)) return fail(kOverflow);
      return algebra.constant(value);
    }
    for (const char *op : {"max", "min"}) {
      size_t start = at;
      if (!take(op)) continue;
      if (!take("(")) { at = start; break; } // a dimension may be called "max"
      auto a = expr();
      if (!a) return a;
      if (!take(",")) return fail("expected ','");
      auto b = expr();
      if (!b) return b;
      if (!take(")")) return fail("expected ')'");
      return algebra.call(op, *a, *b, error);
    }
    size_t start = at;
    while (at < text.size() && isName(text[at], at == start)) ++at;
    if (at == start) return fail("expected an integer, a name or an expression");
    return algebra.name(text.substr(start, at - start), error);
  }
  std::optional<Value> term() {
    auto value = factor();
    while (value) {
      const char *op = nullptr;
      for (const char *candidate : {"*", "floordiv", "ceildiv", "mod"})
        if (!op && take(candidate)) op = candidate;
      if (!op) break;
      auto rhs = factor();
      if (!rhs) return rhs;
      value = op[0] == '*' ? algebra.multiply(*value, *rhs, error) : algebra.call(op, *value, *rhs, error);
    }
    return value;
  }
  std::optional<Value> expr() {
    auto value = term();
    while (value) {
      bool minus = false;
      if (take("-")) minus = true;
      else if (!take("+")) break;
      auto rhs = term();
      if (rhs && minus) rhs = algebra.negate(*rhs, error);
      if (!rhs) return rhs;
      value = algebra.add(*value, *rhs, error);
    }
    return value;
  }
  std::optional<Value> all() {
    auto value = expr();
    skip();
    if (value && at != text.size()) return fail("unexpected '" + text.substr(at) + "'");
    return value;
  }
};

struct Symbolic {
  using Value = Dim;
  std::optional<Dim> constant(int64_t v) { return Dim::constant(v); }
  std::optional<Dim> name(const std::string &n, std::string &) { return Dim::name(n); }
  std::optional<Dim> negate(const Dim &a, std::string &e) { return Dim::negate(a, e); }
  std::optional<Dim> add(const Dim &a, const Dim &b, std::string &e) { return Dim::add(a, b, e); }
  std::optional<Dim> multiply(const Dim &a, const Dim &b, std::string &e) { return Dim::multiply(a, b, e); }
  std::optional<Dim> call(const std::string &op, const Dim &a, const Dim &b, std::string &e) { return Dim::call(op, a, b, e); }
};

struct Numeric {
  using Value = int64_t;
  const std::map<std::string, int64_t> &values;
  std::optional<int64_t> overflow(std::string &e) { return e = kOverflow, std::nullopt; }
  std::optional<int64_t> constant(int64_t v) { return v; }
  std::optional<int64_t> name(const std::string &n, std::string &e) {
    auto it = values.find(n);
    if (it == values.end()) return e = "dimension '" + n + "' has no value", std::nullopt;
    return it->second;
  }
  std::optional<int64_t> negate(int64_t a, std::string &e) { return multiply(a, -1, e); }
  std::optional<int64_t> add(int64_t a, int64_t b, std::string &e) {
    int64_t r;
    return __builtin_add_overflow(a, b, &r) ? overflow(e) : r;
  }
  std::optional<int64_t> multiply(int64_t a, int64_t b, std::string &e) {
    int64_t r;
    return __builtin_mul_overflow(a, b, &r) ? overflow(e) : r;
  }
  std::optional<int64_t> call(const std::string &op, int64_t a, int64_t b, std::string &e) {
    if (op == "max") return std::max(a, b);
    if (op == "min") return std::min(a, b);
    if (b == 0) return e = "division of a dimension by zero", std::nullopt;
    if (b == -1) return op == "mod" ? std::optional<int64_t>(0) : multiply(a, -1, e);
    if (op == "mod") return a - floorDiv(a, b) * b;
    return op == "floordiv" ? floorDiv(a, b) : floorDiv(a, b) + (a % b != 0);
  }
};

struct Collect : Symbolic {
  std::set<std::string> found;
  std::optional<Dim> name(const std::string &n, std::string &) { return found.insert(n), Dim::name(n); }
};

/// The least and the greatest value that an expression can have, where there are such.
struct Bounds {
  struct Value {
    std::optional<int64_t> low, high;
  };
  using End = std::optional<int64_t>;
  static End plus(End a, End b) {
    int64_t r;
    return a && b && !__builtin_add_overflow(*a, *b, &r) ? End(r) : std::nullopt;
  }
  static End times(End a, End b) {
    int64_t r;
    return a && b && !__builtin_mul_overflow(*a, *b, &r) ? End(r) : std::nullopt;
  }
  static bool isNatural(const Value &a) { return a.low && *a.low >= 0; }
  static bool isConstant(const Value &a) { return a.low && a.low == a.high; }

  std::optional<Value> constant(int64_t v) { return Value{v, v}; }
  std::optional<Value> name(const std::string &, std::string &) { return Value{0, std::nullopt}; }
  std::optional<Value> negate(const Value &a, std::string &e) { return multiply({-1, -1}, a, e); }
  std::optional<Value> add(const Value &a, const Value &b, std::string &) { return Value{plus(a.low, b.low), plus(a.high, b.high)}; }
  std::optional<Value> multiply(const Value &a, const Value &b, std::string &e) {
    if (isConstant(b) && !isConstant(a)) return multiply(b, a, e);
    if (isConstant(a)) return *a.low >= 0 ? Value{times(a.low, b.low), times(a.low, b.high)} : Value{times(a.low, b.high), times(a.low, b.low)};
    if (isNatural(a) && isNatural(b)) return Value{times(a.low, b.low), times(a.high, b.high)};
    return Value{};
  }
  std::optional<Value> call(const std::string &op, const Value &a, const Value &b, std::string &) {
    auto both = [](End x, End y, auto choose) { return x && y ? End(choose(*x, *y)) : std::nullopt; };
    auto either = [&](End x, End y, auto choose) { return x && y ? End(choose(*x, *y)) : x ? x : y; };
    auto greater = [](int64_t x, int64_t y) { return std::max(x, y); };
    auto lesser = [](int64_t x, int64_t y) { return std::min(x, y); };
    if (op == "max") return Value{either(a.low, b.low, greater), both(a.high, b.high, greater)};
    if (op == "min") return Value{both(a.low, b.low, lesser), either(a.high, b.high, lesser)};
    if (!b.low || *b.low < 1) return Value{};
    if (op == "mod") return Value{0, plus(b.high, -1)};
    return Value{isNatural(a) ? End(0) : std::nullopt, std::nullopt};
  }
};

struct Substitute : Symbolic {
  const std::map<std::string, Dim> &extents;
  Substitute(const std::map<std::string, Dim> &extents) : extents(extents) {}
  std::optional<Dim> name(const std::string &n, std::string &) {
    auto it = extents.find(n);
    return it == extents.end() ? Dim::name(n) : it->second;
  }
};
} // namespace

Dim Dim::constant(int64_t value) {
  Dim d;
  if (value) d.terms[{}] = value;
  return d;
}
Dim Dim::name(const std::string &name) {
  Dim d;
  d.terms[{name}] = 1;
  return d;
}
std::optional<Dim> Dim::add(const Dim &a, const Dim &b, std::string &error) {
  Dim sum = a;
  for (const auto &[monomial, coefficient] : b.terms) {
    int64_t &slot = sum.terms[monomial];
    if (addTo(slot, coefficient)) return error = kOverflow, std::nullopt;
    if (!slot) sum.terms.erase(monomial);
  }
  if (sum.terms.size() > kMaxTerms) return error = kTooLarge, std::nullopt;
  return sum;
}
std::optional<Dim> Dim::multiply(const Dim &a, const Dim &b, std::string &error) {
  Dim product;
  for (const auto &[ma, ca] : a.terms)
    for (const auto &[mb, cb] : b.terms) {
      if (product.terms.size() > kMaxTerms || ma.size() + mb.size() > kMaxDepth) return error = kTooLarge, std::nullopt;
      Monomial m = ma;
      m.insert(m.end(), mb.begin(), mb.end());
      std::sort(m.begin(), m.end());
      int64_t c;
      int64_t &slot = product.terms[m];
      if (::product(ca, cb, c) || addTo(slot, c)) return error = kOverflow, std::nullopt;
      if (!slot) product.terms.erase(m);
    }
  return product;
}
std::optional<Dim> Dim::negate(const Dim &a, std::string &error) { return multiply(a, constant(-1), error); }

std::optional<int64_t> Dim::asConstant() const {
  if (terms.empty()) return 0;
  return terms.size() == 1 && terms.begin()->first.empty() ? std::optional(terms.begin()->second) : std::nullopt;
}

bool Dim::atLeast(int64_t bound) const {
  Bounds algebra;
  Bounds::Value sum{0, 0};
  std::string ignored;
  for (const auto &[monomial, coefficient] : terms) {
    Bounds::Value product{coefficient, coefficient};
    for (const std::string &atom : monomial) {
      auto factor = isCall(atom) ? Reader<Bounds>{atom, algebra, ignored}.all() : algebra.name(atom, ignored);
      if (!factor) return false;
      product = *algebra.multiply(product, *factor, ignored);
    }
    sum = *algebra.add(sum, product, ignored);
  }
  return sum.low && *sum.low >= bound;
}

std::optional<Dim> Dim::call(const std::string &op, const Dim &a, const Dim &b, std::string &error) {
  auto ca = a.asConstant(), cb = b.asConstant();
  if (ca && cb) {
    std::map<std::string, int64_t> none;
    auto value = Numeric{none}.call(op, *ca, *cb, error);
    return value ? std::optional(constant(*value)) : std::nullopt;
  }
  if (op == "max" || op == "min") {
    auto difference = negate(b, error);
    if (difference) difference = add(a, *difference, error);
    if (!difference) return std::nullopt;
    auto reversed = negate(*difference, error);
    if (difference->atLeast(0)) return op == "max" ? a : b;
    if (reversed && reversed->atLeast(0)) return op == "max" ? b : a;
    std::string x = a.str(), y = b.str();
    if (y < x) std::swap(x, y);
    return name(op + "(" + x + ", " + y + ")");
  }
  if (cb && *cb == 0) return error = "division of a dimension by zero", std::nullopt;
  if (a.terms == b.terms && b.atLeast(1)) return constant(op == "mod" ? 0 : 1);
  if (cb && *cb > 0) { // a = cb * quotient + rest, with the rest's coefficients between 0 and cb
    Dim quotient, rest;
    for (const auto &[monomial, coefficient] : a.terms) {
      int64_t q = floorDiv(coefficient, *cb), r = coefficient - q * *cb;
      if (q) quotient.terms[monomial] = q;
      if (r) rest.terms[monomial] = r;
    }
    if (!quotient.terms.empty()) {
      auto remainder = call(op, rest, b, error);
      return !remainder || op == "mod" ? remainder : add(quotient, *remainder, error);
    }
  }
  auto operand = [](const Dim &d) {
    bool atom = d.terms.size() == 1 && d.terms.begin()->second == 1 && d.terms.begin()->first.size() == 1;
    if (atom) return d.terms.begin()->first.front();   // which has its own brackets
    std::string s = d.str();
    return s.find(' ') == std::string::npos ? s : "(" + s + ")";
  };
  return name("(" + operand(a) + " " + op + " " + operand(b) + ")");
}

std::string Dim::str() const {
  if (terms.empty()) return "0";
  // Higher degrees first, then by name; the constant last: `n * m + n * 2 + 1`.
  std::vector<std::pair<Monomial, int64_t>> sorted(terms.begin(), terms.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.first.size() > b.first.size(); });
  std::string out;
  for (const auto &[monomial, coefficient] : sorted) {
    bool negative = coefficient < 0;
    std::string magnitude = std::to_string(coefficient);
    if (negative) magnitude.erase(0, 1);
    if (!out.empty()) out += negative ? " - " : " + ";
    else if (negative) out += "-";
    std::string term;
    for (const std::string &atom : monomial) term += (term.empty() ? "" : " * ") + atom;
    if (term.empty()) term = magnitude;
    else if (magnitude != "1") term += " * " + magnitude;
    out += term;
  }
  // A lone `(n floordiv 2)` needs no brackets.
  if (out.front() == '(' && terms.size() == 1 && terms.begin()->first.size() == 1 && terms.begin()->second == 1) return out.substr(1, out.size() - 2);
  return out;
}

std::optional<Dim> Dim::parse(const std::string &text, std::string &error) {
  Symbolic algebra;
  return Reader<Symbolic>{text, algebra, error}.all();
}
std::optional<Dim> Dim::substitute(const std::string &text, const std::map<std::string, Dim> &extents, std::string &error) {
  Substitute algebra(extents);
  return Reader<Substitute>{text, algebra, error}.all();
}
std::vector<std::string> Dim::names(const std::string &text) {
  Collect algebra;
  std::string error;
  Reader<Collect>{text, algebra, error}.all();
  return {algebra.found.begin(), algebra.found.end()};
}
std::optional<int64_t> Dim::evaluate(const std::string &text, const std::map<std::string, int64_t> &values, std::string &error) {
  Numeric algebra{values};
  return Reader<Numeric>{text, algebra, error}.all();
}
