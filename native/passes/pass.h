// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes written in Python, in MLIR's own pass registry. A pass is registered by name; the class behind the name is asked for
// when the first instance is made, so that a tool can know hundreds of passes and import those that it runs.
#ifndef MOGRAPH_PASSES_PASS_H
#define MOGRAPH_PASSES_PASS_H
#include "mlir-c/IR.h"
#include "passes/options.h"
#include <cstdint>
#include <functional>

namespace mograph {
struct PatternSet; // patterns.h

struct StatisticSpec {
  std::string name, help;
};

/// A pass instance in its hands while it runs.
struct PassRun {
  virtual ~PassRun() = default;
  /// Adds to the statistic of that index.
  virtual void count(size_t statistic, int64_t amount) = 0;
  virtual void preserveAnalyses() = 0;
  /// Rewrites `op` with the pass's declared patterns. False if the driver did not converge or a callback failed.
  virtual bool rewrite(MlirOperation op, int64_t maxIterations, bool &changed) = 0;
  /// Runs a pipeline on `op`, which is the pass's or inside of it. False if a pass of it failed; `error` says why it cannot be run.
  virtual bool runPipeline(const std::string &text, MlirOperation op, std::string &error) = 0;
};

struct PassSpec {
  std::string name, summary;
  std::string anchor; // the op it runs on; empty: any
  std::vector<OptionSpec> options;
  std::vector<StatisticSpec> statistics;
  std::vector<std::string> dialects; // loaded before the pipeline starts
  std::shared_ptr<const PatternSet> patterns;
  bool walk = false; // patterns are applied in one walk rather than to a fixed point
  /// The pass's Python side: made at the first call for an instance, and kept in `instance` (its deleter takes the GIL).
  /// Reports what goes wrong as diagnostics; false means failure. Empty for a pass that has patterns only.
  std::function<bool(std::shared_ptr<void> &instance, const OptionValues &, MlirOperation, PassRun &)> run;
  /// Why the pass cannot be had; empty otherwise. Such a pass stands in listings, and asking for it gives this message.
  std::string broken;
};

/// Gives the pass behind a name: imports its module and reads its class. Called once, without locks held.
using PassLoader = std::function<std::shared_ptr<const PassSpec>()>;

/// Registers a pass, or replaces one of the same name that came from here. Returns what is wrong; empty if all is well.
std::string registerPass(const std::string &name, const std::string &summary, PassLoader load);

} // namespace mograph
#endif
