// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RuntimeOp: what a context knows of an op declared in Python.
#ifndef MOGRAPH_KIT_OP_H
#define MOGRAPH_KIT_OP_H
#include "kit/dialect.h"
#include "kit/memo.h"
#include "kit/spec.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Support/LLVM.h"

namespace mograph::kit {

/// The answers that a class generated from ODS would give. Inherent attributes are properties: the storage is one DictionaryAttr
/// (8 bytes an op), as unregistered ops have; an op that declares no attribute has none.
class RuntimeOp : public mlir::OperationName::Impl {
public:
  RuntimeOp(std::shared_ptr<OpSpec> spec, RuntimeDialect *dialect);

  /// The RuntimeOp behind an op, or null.
  static RuntimeOp *of(mlir::OperationName name);
  static RuntimeOp *of(mlir::Operation *op) { return of(op->getName()); }

  const OpSpec &spec() const { return *specification; }
  bool hasTraitNamed(const char *name) const { return specification->hasTrait(name); }

  // Groups: which operands belong to a declared field.
  std::pair<unsigned, unsigned> operandGroup(mlir::Operation *op, unsigned index) const;
  std::pair<unsigned, unsigned> resultGroup(mlir::Operation *op, unsigned index) const;
  std::pair<unsigned, unsigned> regionGroup(mlir::Operation *op, unsigned index) const;
  std::pair<unsigned, unsigned> successorGroup(mlir::Operation *op, unsigned index) const;
  mlir::OperandRange operands(mlir::Operation *op, mlir::StringRef field) const;
  mlir::MutableOperandRange mutableOperands(mlir::Operation *op, mlir::StringRef field) const;
  mlir::Region *region(mlir::Operation *op, mlir::StringRef field) const;
  int operandIndex(mlir::StringRef field) const;
  int resultIndex(mlir::StringRef field) const;
  int regionIndex(mlir::StringRef field) const;
  /// Why the operands, results, regions or successors do not fit the declared fields; empty when they do.
  std::string groupError(mlir::Operation *op) const;

  mlir::ArrayRef<mlir::StringAttr> attrNames() const { return names; }
  void resolveDefaults();
  /// Whether an attribute can be this op's properties: a dictionary of known, right attributes.
  mlir::LogicalResult verifyProperties(mlir::Attribute properties, llvm::function_ref<mlir::InFlightDiagnostic()> emit) const;
  mlir::Attribute defaultAttr(unsigned index) const { return defaults[index]; }
  mlir::DictionaryAttr dictionary(mlir::Operation *op) const;

  /// Result types from operand types and attributes, by `infer`, by traits, or because their constraint allows one type only.
  bool canInfer() const { return infers; }
  mlir::LogicalResult infer(mlir::MLIRContext *context, std::optional<mlir::Location> loc, mlir::TypeRange operands, mlir::DictionaryAttr attributes,
                            mlir::SmallVectorImpl<mlir::Type> &types);

  // OperationName::Impl
  bool hasTrait(mlir::TypeID id) override { return llvm::is_contained(traitIds, id); }
  mlir::OperationName::ParseAssemblyFn getParseAssemblyFn() override;
  void printAssembly(mlir::Operation *op, mlir::OpAsmPrinter &printer, mlir::StringRef) override;
  mlir::LogicalResult foldHook(mlir::Operation *op, mlir::ArrayRef<mlir::Attribute> operands, mlir::SmallVectorImpl<mlir::OpFoldResult> &results) override;
  void getCanonicalizationPatterns(mlir::RewritePatternSet &patterns, mlir::MLIRContext *context) override;
  mlir::LogicalResult verifyInvariants(mlir::Operation *op) override;
  mlir::LogicalResult verifyRegionInvariants(mlir::Operation *op) override;
  mlir::LogicalResult verifyInherentAttrs(mlir::OperationName, mlir::NamedAttrList &attrs, llvm::function_ref<mlir::InFlightDiagnostic()> emit) override;
  void populateDefaultAttrs(const mlir::OperationName &, mlir::NamedAttrList &) override {} // ops with properties do not use it
  int getOpPropertyByteSize() override { return names.empty() ? 0 : sizeof(mlir::Attribute); }
  void initProperties(mlir::OperationName name, mlir::OpaqueProperties storage, mlir::OpaqueProperties init) override;
  void populateDefaultProperties(mlir::OperationName, mlir::OpaqueProperties storage) override;
  void deleteProperties(mlir::OpaqueProperties) override {}
  std::optional<mlir::Attribute> getInherentAttr(mlir::Operation *op, mlir::StringRef name) override;
  void setInherentAttr(mlir::Operation *op, mlir::StringAttr name, mlir::Attribute value) override;
  void populateInherentAttrs(mlir::Operation *op, mlir::NamedAttrList &attrs) override;
  mlir::LogicalResult setPropertiesFromAttr(mlir::OperationName name, mlir::OpaqueProperties storage, mlir::Attribute attr,
                                            llvm::function_ref<mlir::InFlightDiagnostic()> emit) override;
  mlir::Attribute getPropertiesAsAttr(mlir::Operation *op) override;
  // Without storage these three are still called, with null pointers.
  void copyProperties(mlir::OpaqueProperties to, mlir::OpaqueProperties from) override;
  bool compareProperties(mlir::OpaqueProperties a, mlir::OpaqueProperties b) override;
  llvm::hash_code hashProperties(mlir::OpaqueProperties p) override;

private:
  mlir::LogicalResult verifyTypesAndAttributes(mlir::Operation *op);
  mlir::LogicalResult verifyTraits(mlir::Operation *op);
  mlir::LogicalResult verifyRegions(mlir::Operation *op);
  mlir::LogicalResult verifyAttrs(mlir::DictionaryAttr attrs, bool complete, llvm::function_ref<mlir::InFlightDiagnostic()> emit) const;
  template <typename Fields> std::pair<unsigned, unsigned> group(const Fields &fields, unsigned total, const char *segments, mlir::Operation *op, unsigned index) const;

  std::shared_ptr<OpSpec> specification;
  llvm::SmallVector<mlir::TypeID> traitIds;
  llvm::SmallVector<mlir::StringAttr> names;
  llvm::SmallVector<mlir::Attribute> defaults;
  bool infers = false, hasDefaults = false;
  Memo verified, inferred;
};

/// TypeIDs of the traits that upstream asks for by C++ type; a trait without one is checked here only.
std::optional<mlir::TypeID> traitId(mlir::StringRef name);
/// Whether the kit knows a trait of this name.
bool isKnownTrait(const std::string &name);
/// Attaches the models of the interfaces that the spec asks for; base interfaces come first.
void addInterfaces(mlir::detail::InterfaceMap &map, const std::shared_ptr<OpSpec> &spec, bool infers);
/// InferTypeOpInterface; see infer.cpp.
void addInferTypes(mlir::detail::InterfaceMap &map, const OpSpec &spec);
/// Whether `infer`, traits or constraints determine the result types.
bool canInferTypes(const OpSpec &spec);
/// Fields that have one type in common, as SameOperandsAndResultType, SameTypeOperands and AllTypesMatch say.
std::vector<std::vector<std::string>> sameTypes(const OpSpec &spec);
} // namespace mograph::kit
#endif
