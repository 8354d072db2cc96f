// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Diagnostics as data, on their way to Python and from it.
#ifndef MOGRAPH_PASSES_DIAGNOSTICS_H
#define MOGRAPH_PASSES_DIAGNOSTICS_H
#include "mlir-c/IR.h"
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mograph {

enum class Severity { Note, Warning, Error, Remark }; // numbered as MLIR does

struct Diagnostic {
  Severity severity;
  std::string message;
  MlirLocation location;
  std::vector<Diagnostic> notes;
};

/// Takes all diagnostics of a context while it lives, from any thread.
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(MlirContext context);
  ~DiagnosticCollector();
  std::vector<Diagnostic> take();

private:
  struct State;
  std::unique_ptr<State> state;
};

/// Notes to go with a diagnostic.
using Notes = std::vector<std::pair<MlirLocation, std::string>>;
/// Emits a diagnostic at an op, named in the message as MLIR's own op errors do.
void emitAt(MlirOperation op, Severity severity, const std::string &message, const Notes &notes);
void emitAt(MlirLocation location, Severity severity, const std::string &message, const Notes &notes);

/// Parses text or bytecode into a module, made around what is not one; `name` stands for the source in locations. Null, with
/// diagnostics, if it is not valid.
MlirModule parse(MlirContext context, const std::string &source, const std::string &name);

/// Lets `context` load every dialect that the process knows.
void appendRegistry(MlirContext context);

} // namespace mograph
#endif
