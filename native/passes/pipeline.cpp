// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/pipeline.h"
#include "passes/threads.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/Location.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Support/Timing.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>

using namespace mlir;
using namespace mograph;

std::optional<std::string> mograph::normalizePipeline(const std::string &pipeline, std::string &error) {
  llvm::raw_string_ostream errors(error);
  FailureOr<OpPassManager> parsed = parsePassPipeline(pipeline, errors);
  if (failed(parsed)) return std::nullopt;
  std::string text;
  llvm::raw_string_ostream os(text);
  parsed->printAsTextualPipeline(os);
  return text;
}

static void enablePrinting(PassManager &pm, const Printing &printing, raw_ostream &os) {
  auto chooses = [](bool all, const std::vector<std::string> &names) {
    return [all, &names](Pass *pass, Operation *) { return all || llvm::is_contained(names, pass->getArgument()); };
  };
  pm.enableIRPrinting(chooses(printing.beforeAll, printing.before), chooses(printing.afterAll, printing.after), printing.moduleScope,
                      printing.onlyOnChange, printing.onlyOnFailure, os);
}

namespace {
/// Lends the process's threads to a context, for one run. A context that has threads of its own gets new ones afterwards.
class Lent {
public:
  Lent(MLIRContext *context, bool wanted) : context(context), had(context->isMultithreadingEnabled()) {
    if (had) context->disableMultithreading();
    if (wanted) context->setThreadPool(threads());
  }
  /// Not done by a destructor: a pass manager whose passes cannot be initialized leaves the context believing that it still runs,
  /// and then this would end the process.
  void giveBack() {
    context->disableMultithreading();
    if (had) context->enableMultithreading();
  }

private:
  MLIRContext *context;
  bool had;
};

/// Notes that a pass has been started, so that all were initialized.
struct Started : PassInstrumentation {
  explicit Started(std::atomic<bool> &started) : started(started) {}
  void runBeforePass(Pass *, Operation *) override { started = true; }
  std::atomic<bool> &started;
};
} // namespace

RunResult mograph::runPipeline(const std::string &pipeline, MlirOperation mlirOp, const RunSettings &settings) {
  Operation *op = unwrap(mlirOp);
  MLIRContext *context = op->getContext();
  RunResult result;
  DiagnosticCollector collector(wrap(context));
  llvm::raw_string_ostream log(result.log);
  std::string error;
  llvm::raw_string_ostream errors(error);
  FailureOr<OpPassManager> parsed = parsePassPipeline(pipeline, errors);
  if (failed(parsed)) {
    emitError(UnknownLoc::get(context)) << StringRef(error).trim();
  } else {
    Lent lent(context, /*wanted=*/!settings.printing.any()); // MLIR prints the IR of a pass from one thread only
    DefaultTimingManager timing; // prints when it goes
    timing.setEnabled(settings.timing);
    timing.setOutput(createOutputStrategy(DefaultTimingManager::OutputFormat::Text, log));
    TimingScope scope = timing.getRootScope();
    PassManager pm(context);
    static_cast<OpPassManager &>(pm) = std::move(*parsed);
    pm.enableVerifier(settings.verify);
    if (settings.timing) pm.enableTiming(scope);
    if (settings.printing.any()) enablePrinting(pm, settings.printing, log);
    if (settings.statistics) pm.enableStatistics();
    if (!settings.reproducer.empty()) pm.enableCrashReproducerGeneration(settings.reproducer);
    std::atomic<bool> started = false;
    pm.addInstrumentation(std::make_unique<Started>(started));
    result.succeeded = succeeded(pm.run(op));
    if (result.succeeded || started) lent.giveBack();
  }
  result.diagnostics = collector.take();
  return result;
}
