// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/diagnostics.h"
#include "registry.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include <mutex>

using namespace mlir;
using namespace mograph;

static mograph::Diagnostic convert(mlir::Diagnostic &diagnostic) {
  mograph::Diagnostic result{static_cast<Severity>(diagnostic.getSeverity()), diagnostic.str(), wrap(diagnostic.getLocation()), {}};
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    result.notes.push_back(convert(note));
  return result;
}

struct DiagnosticCollector::State {
  explicit State(MLIRContext *context)
      : context(context), printsOp(context->shouldPrintOpOnDiagnostic()), handler(context, [this](mlir::Diagnostic &diagnostic) {
          std::lock_guard lock(mutex); // notes that a pass emits from pool threads outside the pass manager's own ordering
          collected.push_back(convert(diagnostic));
          return success();
        }) {
    context->printOpOnDiagnostic(false); // who has the op as an object needs no note with its text, which may be long
  }
  ~State() { context->printOpOnDiagnostic(printsOp); }

  MLIRContext *context;
  bool printsOp;
  std::mutex mutex;
  std::vector<mograph::Diagnostic> collected;
  ScopedDiagnosticHandler handler;
};

DiagnosticCollector::DiagnosticCollector(MlirContext context) : state(std::make_unique<State>(unwrap(context))) {}
DiagnosticCollector::~DiagnosticCollector() = default;
std::vector<mograph::Diagnostic> DiagnosticCollector::take() { return std::move(state->collected); }

static void complete(InFlightDiagnostic diagnostic, const std::string &message, const Notes &notes) {
  diagnostic << message;
  for (auto &[location, text] : notes)
    diagnostic.attachNote(unwrap(location)) << text;
}

void mograph::emitAt(MlirOperation mlirOp, Severity severity, const std::string &message, const Notes &notes) {
  Operation *op = unwrap(mlirOp);
  complete(severity == Severity::Warning  ? op->emitWarning()
           : severity == Severity::Remark ? op->emitRemark()
                                          : op->emitOpError(),
           message, notes);
}

void mograph::emitAt(MlirLocation mlirLocation, Severity severity, const std::string &message, const Notes &notes) {
  Location location = unwrap(mlirLocation);
  complete(severity == Severity::Warning  ? emitWarning(location)
           : severity == Severity::Remark ? emitRemark(location)
                                          : emitError(location),
           message, notes);
}

MlirModule mograph::parse(MlirContext context, const std::string &source, const std::string &name) {
  ParserConfig config(unwrap(context));
  return wrap(parseSourceString<ModuleOp>(source, config, name).release());
}

void mograph::appendRegistry(MlirContext context) { unwrap(context)->appendDialectRegistry(registry()); }
