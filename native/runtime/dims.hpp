// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dimensions of a signature: constants, and integer expressions of names that the shapes of the inputs bind.
#pragma once

#include <cstdint>
#include <vector>

namespace mograph {

// What an instruction of an expression in postfix order does. The numbers are those of `mograph.targets.signature`.
enum class DimOp : std::int64_t { constant, name, add, subtract, multiply, floor_divide, modulo, maximum, minimum };

struct DimInstruction {
  DimOp op;
  std::int64_t argument;  // the constant's value or the name's index
};

using DimExpression = std::vector<DimInstruction>;

// A dimension: its extent if that is >= 0, else ~i for the i-th expression of the signature.
using Dim = std::int64_t;

inline constexpr std::int64_t kUnbound = -1;

// The value of an expression whose names are bound; a division by zero gives kUnbound, which no extent equals.
std::int64_t evaluate(const DimExpression &expression, const std::vector<std::int64_t> &names);

// Whether extents agree with dims. First every dim that is a bare name binds its name where that is unbound, then all
// are compared.
class DimChecker {
 public:
  DimChecker(const std::vector<DimExpression> &expressions, std::vector<std::int64_t> names)
      : expressions_(expressions), names_(std::move(names)) {}

  void bind(Dim dim, std::int64_t extent);
  bool agrees(Dim dim, std::int64_t extent) const;

 private:
  const std::vector<DimExpression> &expressions_;
  std::vector<std::int64_t> names_;
};

}  // namespace mograph
