// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rehearsal.h"
#include "registry.h"
#include "mlir-c/RegisterEverything.h"
#include "mlir-c/Target/LLVMIR.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm-c/Core.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

struct mograph::Rehearsal::Stage {
  MLIRContext context{mograph::registry(), MLIRContext::Threading::DISABLED};
  PassManager passes{&context};
};

mograph::Rehearsal::Rehearsal(const std::string &pipeline, std::string &error) : stage(std::make_unique<Stage>()) {
  llvm::raw_string_ostream errors(error);
  if (failed(parsePassPipeline(pipeline, stage->passes, errors)) && error.empty()) error = "not a pipeline";
}

mograph::Rehearsal::~Rehearsal() = default;

std::string mograph::Rehearsal::run(const std::string &source, std::string &error) {
  MLIRContext &context = stage->context;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error && error.empty()) error = diagnostic.str();
    return success();
  });
  // Through the interface for C, as the compiler does: the library has this code, and this module a copy of its own.
  mlirRegisterAllLLVMTranslations(wrap(&context));
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source, &context);
  if (!module || failed(stage->passes.run(*module))) return {};
  LLVMContextRef llvm = LLVMContextCreate();
  std::string text;
  if (LLVMModuleRef translated = mlirTranslateModuleToLLVMIR(wrap(module->getOperation()), llvm)) {
    char *printed = LLVMPrintModuleToString(translated);
    text = printed;
    LLVMDisposeMessage(printed);
    LLVMDisposeModule(translated);
  }
  LLVMContextDispose(llvm);
  if (text.empty() && error.empty()) error = "it cannot be translated";
  return text;
}
