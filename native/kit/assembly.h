// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interprets an op's declarative assembly format.
#ifndef MOGRAPH_KIT_ASSEMBLY_H
#define MOGRAPH_KIT_ASSEMBLY_H
#include "kit/spec.h"
#include "mlir/IR/OpImplementation.h"

namespace mograph::kit {
class RuntimeOp;

mlir::ParseResult parseOp(const RuntimeOp &op, mlir::OpAsmParser &parser, mlir::OperationState &state);
void printOp(const RuntimeOp &op, mlir::Operation *operation, mlir::OpAsmPrinter &printer);

/// False, with a reason, when the types of some operands or results could not be known after parsing this op's format.
bool typesAreResolvable(const OpSpec &spec, std::string &error);
/// False, with a reason, for a custom directive that does not exist, or not with these arguments.
bool checkDirectives(const std::vector<Element> &elements, const OpSpec &op, std::string &error);
} // namespace mograph::kit
#endif
