// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The state of parsing one op, and the custom directives `custom<Name>(...)`, which work on it:
//   Types(type($a), type($b), ...)   one type when all are equal, else the list
//   Elements($value, type($x))       a dense constant of x's shape: `0 : T`, `dense<[1, 2]> : T`
// and those that an op brings, written in Python (python_directive.h).
#ifndef MOGRAPH_KIT_DIRECTIVES_H
#define MOGRAPH_KIT_DIRECTIVES_H
#include "kit/attr_text.h"
#include "kit/hooks.h"
#include "kit/op.h"

namespace mograph::kit {
struct OpAssembly {
  using TypeList = std::optional<llvm::SmallVector<mlir::Type, 4>>;
  OpAssembly(const RuntimeOp &op, mlir::OpAsmParser &parser, mlir::OperationState &state);

  mlir::ParseResult parseElements(llvm::ArrayRef<Element> elements);
  mlir::ParseResult finish();
  mlir::ParseResult parseTypes(Arity arity, TypeList &out);
  void setAttr(unsigned index, mlir::Attribute value);

  const RuntimeOp &op;
  const OpSpec &spec;
  mlir::OpAsmParser &p;
  mlir::OperationState &state;
  mlir::SMLoc start;
  std::vector<llvm::SmallVector<mlir::OpAsmParser::UnresolvedOperand, 4>> operands;
  std::vector<TypeList> operandTypes, resultTypes;
  std::vector<std::vector<std::unique_ptr<mlir::Region>>> regions;
  std::vector<llvm::SmallVector<mlir::Block *, 2>> successors;
  // What `operands`, `type(operands)` and `type(results)` wrote, not yet split: where several groups are open, only attr-dict, which
  // may come later, says how.
  std::optional<llvm::SmallVector<mlir::OpAsmParser::UnresolvedOperand>> flatOperands;
  TypeList flatOperandTypes, flatResultTypes;
  llvm::SmallVector<mlir::OpAsmParser::UnresolvedOperand, 0> scratch; // parsed by directives written in Python

private:
  mlir::ParseResult parseElement(const Element &e);
  mlir::ParseResult parseTypeOf(const Element &e);
  mlir::ParseResult parsePythonDirective(const Element &e, OpAssembly &assembly);
void printPythonDirective(const Element &e, const RuntimeOp &op, mlir::Operation *operation, mlir::OpAsmPrinter &printer);
mlir::ParseResult parseFunctionalType(const Element &e);
  mlir::FailureOr<llvm::SmallVector<unsigned>> groupSizes(const std::vector<Field> &fields, size_t total, const char *segments, const char *what);
  mlir::ParseResult distribute();
  mlir::OptionalParseResult parseOperand(unsigned index, bool optional);
  mlir::OptionalParseResult parseAttrField(unsigned index, bool optional);
  mlir::OptionalParseResult parseRegionField(unsigned index, bool optional);
  mlir::OptionalParseResult parseSuccessorField(unsigned index, bool optional);
  mlir::OptionalParseResult parseHead(const Element &e);
  mlir::ParseResult parseGroup(const Element &e);
  mlir::ParseResult parseOneOf(const Element &e);
  void unify();
  void finishRegion(const Field &field, mlir::Region &region);
};

mlir::ParseResult parseDirective(const Element &e, OpAssembly &assembly);
void printDirective(const Element &e, const RuntimeOp &op, mlir::Operation *operation, mlir::OpAsmPrinter &printer);
mlir::ParseResult parsePythonDirective(const Element &e, OpAssembly &assembly);
void printPythonDirective(const Element &e, const RuntimeOp &op, mlir::Operation *operation, mlir::OpAsmPrinter &printer);
mlir::ParseResult parseFunction(mlir::OpAsmParser &parser, mlir::OperationState &state);
void printFunction(mlir::Operation *operation, mlir::OpAsmPrinter &printer);
} // namespace mograph::kit
#endif
