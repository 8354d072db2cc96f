// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dims.hpp"

#include <algorithm>

namespace mograph {
namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

}  // namespace

std::int64_t evaluate(const DimExpression &expression, const std::vector<std::int64_t> &names) {
  std::vector<std::int64_t> stack;
  for (auto [op, argument] : expression) {
    if (op == DimOp::constant || op == DimOp::name) {
      stack.push_back(op == DimOp::constant ? argument : names[static_cast<std::size_t>(argument)]);
      continue;
    }
    auto b = stack.back();
    stack.pop_back();
    auto &a = stack.back();
    switch (op) {
      case DimOp::add:
        a += b;
        break;
      case DimOp::subtract:
        a -= b;
        break;
      case DimOp::multiply:
        a *= b;
        break;
      case DimOp::floor_divide:
        if (b == 0) return kUnbound;
        a = floor_divide(a, b);
        break;
      case DimOp::modulo:
        if (b == 0) return kUnbound;
        a -= floor_divide(a, b) * b;
        break;
      case DimOp::maximum:
        a = std::max(a, b);
        break;
      case DimOp::minimum:
        a = std::min(a, b);
        break;
      default:
        break;
    }
  }
  return stack.back();
}

void DimChecker::bind(Dim dim, std::int64_t extent) {
  if (dim >= 0) return;
  const auto &expression = expressions_[static_cast<std::size_t>(~dim)];
  if (expression.size() != 1 || expression[0].op != DimOp::name) return;
  auto &name = names_[static_cast<std::size_t>(expression[0].argument)];
  if (name == kUnbound) name = extent;
}

bool DimChecker::agrees(Dim dim, std::int64_t extent) const {
  if (dim >= 0) return dim == extent;
  const auto &expression = expressions_[static_cast<std::size_t>(~dim)];
  if (expression.size() == 1) return names_[static_cast<std::size_t>(expression[0].argument)] == extent;
  return evaluate(expression, names_) == extent;
}

}  // namespace mograph
