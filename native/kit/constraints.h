// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constraints on types and attributes: trees of data, interpreted. Speed does not matter here: ops remember what they verified.
#ifndef MOGRAPH_KIT_CONSTRAINTS_H
#define MOGRAPH_KIT_CONSTRAINTS_H
#include "kit/spec.h"
#include "mlir/IR/Attributes.h"
#include "mlir/IR/Types.h"

namespace mograph::kit {
bool satisfies(const Constraint &constraint, mlir::Type type);
bool satisfies(const Constraint &constraint, mlir::Attribute attribute);
/// False when no predicate over types, or over attributes, has this name.
bool isKnownKind(const std::string &kind, bool ofTypes);
/// Whether exactly one type satisfies the constraint.
bool isBuildable(const Constraint &constraint);
/// The one type that satisfies the constraint, or null.
mlir::Type buildableType(const Constraint &constraint, mlir::MLIRContext *context);
/// For attribute constraints: the type that an attribute of this kind always has, or null.
mlir::Type attributeType(const Constraint &constraint, mlir::MLIRContext *context);
} // namespace mograph::kit
#endif
