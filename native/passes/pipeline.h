// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pipelines that Python runs.
#ifndef MOGRAPH_PASSES_PIPELINE_H
#define MOGRAPH_PASSES_PIPELINE_H
#include "passes/diagnostics.h"
#include <optional>

namespace mograph {

/// The names of passes to print around; empty lists print around none.
struct Printing {
  bool beforeAll = false, afterAll = false;
  std::vector<std::string> before, after;
  bool onlyOnChange = false, onlyOnFailure = false, moduleScope = false;
  bool any() const { return beforeAll || afterAll || !before.empty() || !after.empty(); }
};

struct RunSettings {
  bool verify = true;
  bool timing = false;
  bool statistics = false;
  std::string reproducer; // written there if the pipeline fails or crashes; empty: not
  Printing printing;
};

/// The pipeline as MLIR prints it, with every option of every pass. Nothing, and `error`, if it does not parse.
std::optional<std::string> normalizePipeline(const std::string &pipeline, std::string &error);

struct RunResult {
  bool succeeded = false;
  std::vector<Diagnostic> diagnostics; // all that were emitted; a pipeline that does not parse is one too
  std::string log;                     // what printing and timing wrote
};
RunResult runPipeline(const std::string &pipeline, MlirOperation op, const RunSettings &settings);

} // namespace mograph
#endif
