// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The calls into Python, as the rest of native/ sees them: the bindings fill this table. Each takes the GIL itself, and turns an
// exception into `error` (and `note`: where it was raised, when it was not meant as a diagnostic).
#ifndef MOGRAPH_KIT_HOOKS_H
#define MOGRAPH_KIT_HOOKS_H
#include "kit/python_directive.h"
#include "kit/spec.h"
#include "mlir-c/IR.h"

namespace mograph {
struct PatternSet;
}

namespace mograph::kit {
struct HookError {
  std::string error, note;
};
struct Hooks {
  /// Imports the module that declares a dialect; it calls defineDialect.
  bool (*load)(Callable loader, HookError &error) = nullptr;
  /// Result types from operand types and attributes.
  bool (*infer)(Callable hook, MlirContext context, const std::vector<MlirType> &operands, MlirAttribute attributes,
                std::vector<MlirType> &results, HookError &error) = nullptr;
  bool (*check)(Callable hook, MlirContext context, const std::vector<MlirType> &operands, const std::vector<MlirType> &results,
                MlirAttribute attributes, HookError &error) = nullptr;
  bool (*verify)(Callable hook, MlirOperation op, HookError &error) = nullptr;
  /// Fills `attributes` or `values` (one a result); leaves both empty when nothing folds.
  bool (*fold)(Callable hook, MlirOperation op, const std::vector<MlirAttribute> &operands, std::vector<MlirAttribute> &attributes,
               std::vector<MlirValue> &values, HookError &error) = nullptr;
  /// A custom directive: gives one value for each of its arguments. An empty error: the parser has reported it.
  bool (*parseDirective)(Callable hook, DirectiveParser &parser, size_t arguments, std::vector<DirectiveValue> &values, HookError &error) = nullptr;
  bool (*printDirective)(Callable hook, DirectivePrinter &printer, const std::vector<DirectiveValue> &values, HookError &error) = nullptr;
  /// The canonicalisation patterns of an op; null when they are broken.
  std::shared_ptr<const PatternSet> (*patterns)(Callable hook, HookError &error) = nullptr;
  bool (*speculatable)(Callable hook, MlirOperation op, bool &answer, HookError &error) = nullptr;
};
Hooks &hooks();
} // namespace mograph::kit
#endif
