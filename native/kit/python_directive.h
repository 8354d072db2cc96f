// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Custom directives written in Python: what their `parse` and `print` may do, with C API types.
#ifndef MOGRAPH_KIT_PYTHON_DIRECTIVE_H
#define MOGRAPH_KIT_PYTHON_DIRECTIVE_H
#include "mlir-c/IR.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mograph::kit {
struct OpAssembly;

/// What `parse` gives for an argument of the directive, and what `print` gets for one.
struct DirectiveValue {
  enum Kind { None, Attribute, Types, Operands, Regions } kind = None;
  MlirAttribute attribute{nullptr};
  std::vector<MlirType> types;
  std::vector<MlirValue> operands;                     // print
  std::vector<size_t> parsedOperands;                  // parse: what DirectiveParser::operand gave
  std::vector<MlirRegion> regions;
};

/// Over the parser of the op at hand. A method that fails has said why; the directive must then give up.
class DirectiveParser {
public:
  explicit DirectiveParser(OpAssembly &assembly) : assembly(assembly) {}
  bool literal(const std::string &token);              // a keyword or punctuation
  bool optionalLiteral(const std::string &token);
  std::optional<std::string> keyword();
  std::optional<std::string> optionalKeyword();
  std::optional<std::string> string();
  std::optional<std::string> optionalString();
  std::optional<std::string> symbol();
  std::optional<int64_t> integer();
  bool optionalInteger(std::optional<int64_t> &out);   // false: malformed
  std::optional<double> number();
  std::optional<MlirAttribute> attribute();
  std::optional<MlirType> type();
  bool optionalType(std::optional<MlirType> &out);
  std::optional<size_t> operand();
  bool optionalOperand(std::optional<size_t> &out);
  void error(const std::string &message);
  MlirContext context() const;

private:
  OpAssembly &assembly;
};

class DirectivePrinter {
public:
  explicit DirectivePrinter(void *printer) : printer(printer) {}
  void text(const std::string &text);
  void string(const std::string &text);                // quoted
  void symbol(const std::string &name);
  void attribute(MlirAttribute attribute, bool withType);
  void type(MlirType type);
  void operand(MlirValue value);
  void region(MlirRegion region);

private:
  void *printer;                                       // OpAsmPrinter
};
} // namespace mograph::kit
#endif
