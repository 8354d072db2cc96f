// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How an attribute is written where a format says `$name`: by its constraint, in the short form that ODS uses.
#ifndef MOGRAPH_KIT_ATTR_TEXT_H
#define MOGRAPH_KIT_ATTR_TEXT_H
#include "kit/spec.h"
#include "mlir/IR/OpImplementation.h"

namespace mograph::kit {
/// Parses one attribute. With `optional`, gives no value when the next token cannot start it.
mlir::OptionalParseResult parseAttr(mlir::AsmParser &parser, const Constraint &constraint, mlir::Attribute &out, bool optional = false);
void printAttr(mlir::AsmPrinter &printer, const Constraint &constraint, mlir::Attribute attribute);

mlir::ParseResult parseLiteral(mlir::AsmParser &parser, llvm::StringRef token);
/// True when the token is there (and taken).
bool parseOptionalLiteral(mlir::AsmParser &parser, llvm::StringRef token);
/// Where ODS puts spaces: around words, none inside brackets or before commas.
struct Spacing {
  bool space = true;                                   // a space is due before the next word
  bool punctuation = false;                            // the last thing printed was punctuation
};
/// Before anything that is not a literal.
void printSpace(mlir::AsmPrinter &printer, Spacing &spacing);
void printLiteral(mlir::AsmPrinter &printer, llvm::StringRef token, Spacing &spacing);

/// The default value of a field in this context, or null.
mlir::Attribute defaultOf(const AttrField &field, mlir::MLIRContext *context);
} // namespace mograph::kit
#endif
