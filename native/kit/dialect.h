// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dialect declared in Python, as one context has it.
#ifndef MOGRAPH_KIT_DIALECT_H
#define MOGRAPH_KIT_DIALECT_H
#include "kit/memo.h"
#include "kit/spec.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/ExtensibleDialect.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/StringMap.h"

namespace mograph::kit {
class RuntimeOp;

/// A declared type or attribute with its upstream definition in this context, and the defaults of its parameters.
struct Def {
  std::shared_ptr<DefSpec> spec;
  llvm::SmallVector<mlir::Attribute> defaults;         // one a parameter; null: none
  Memo verified;                                       // parameters that passed
  mlir::DynamicTypeDefinition *type = nullptr;
  mlir::DynamicAttrDefinition *attr = nullptr;
};

/// Upstream's DynamicDialect cannot materialise constants; this one can.
class RuntimeDialect : public mlir::ExtensibleDialect {
public:
  RuntimeDialect(std::shared_ptr<DialectSpec> spec, mlir::MLIRContext *context, mlir::TypeID id);

  mlir::Operation *materializeConstant(mlir::OpBuilder &builder, mlir::Attribute value, mlir::Type type, mlir::Location loc) override;
  mlir::Type parseType(mlir::DialectAsmParser &parser) const override;
  void printType(mlir::Type type, mlir::DialectAsmPrinter &printer) const override;
  mlir::Attribute parseAttribute(mlir::DialectAsmParser &parser, mlir::Type type) const override;
  void printAttribute(mlir::Attribute attribute, mlir::DialectAsmPrinter &printer) const override;

  /// Makes the default values. They may be attributes of this dialect, which must be loaded first.
  void resolveDefaults();
  const Def *typeDef(llvm::StringRef name) const { return find(types, name); }
  const Def *attrDef(llvm::StringRef name) const { return find(attributes, name); }
  RuntimeOp *op(llvm::StringRef fullName) const { return ops.lookup(fullName); }
  const DialectSpec &getSpec() const { return *spec; }

  /// The dialect as one of these, or null. (Upstream's dyn_cast compares TypeIDs, of which there is one a dialect here.)
  static const RuntimeDialect *from(mlir::Dialect *dialect);

private:
  static const Def *find(const llvm::StringMap<Def> &defs, llvm::StringRef name) {
    auto it = defs.find(name);
    return it == defs.end() ? nullptr : &it->second;
  }
  std::shared_ptr<DialectSpec> spec;
  llvm::StringMap<Def> types, attributes;
  llvm::StringMap<RuntimeOp *> ops;
};

/// Null when the dialect or the definition is unknown.
const Def *findTypeDef(mlir::MLIRContext *context, llvm::StringRef dialect, llvm::StringRef name);
const Def *findAttrDef(mlir::MLIRContext *context, llvm::StringRef dialect, llvm::StringRef name);

/// The assembly of a definition's parameters. `nested`: without the outer < and >, as a parameter of another definition.
mlir::ParseResult parseParameters(mlir::AsmParser &parser, const Def &def, llvm::SmallVectorImpl<mlir::Attribute> &out);
/// The same nested; `optional`: nothing when its first token is not there.
mlir::OptionalParseResult parseOptionalParameters(mlir::AsmParser &parser, const Def &def, llvm::SmallVectorImpl<mlir::Attribute> &out, bool optional);
void printParameters(mlir::AsmPrinter &printer, const Def &def, llvm::ArrayRef<mlir::Attribute> parameters, bool nested = false);
/// The checks that parameters pass before a type or an attribute is made of them.
llvm::LogicalResult verifyParameters(const DefSpec &spec, llvm::StringRef dialect, llvm::ArrayRef<mlir::Attribute> parameters,
                                     llvm::function_ref<mlir::InFlightDiagnostic()> emit);
/// A builtin tensor type of the same static shape and element type, or null where `type` declares none or has a named dimension.
mlir::RankedTensorType asBuiltinTensor(mlir::Type type);

/// TypeIDs that live as long as the process.
mlir::TypeID newTypeId();
} // namespace mograph::kit
#endif
