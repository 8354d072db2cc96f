// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "passes/pass.h"
#include "passes/patterns.h"
#include "registry.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/PDL/IR/PDL.h"
#include "mlir/Dialect/PDLInterp/IR/PDLInterp.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include <mutex>
#include <optional>

using namespace mlir;
using namespace mograph;

namespace {
/// The dialects of some names, as far as they exist. A registry takes a dialect with its TypeID, which is known only when it has
/// been loaded: so each is loaded once in a process, in a context for nothing else.
DialectRegistry namedDialects(const std::vector<std::string> &names) {
  static std::mutex mutex; // not held while dialects are loaded, which may call Python
  static llvm::StringMap<TypeID> known;
  DialectRegistry found;
  std::optional<MLIRContext> probe;
  for (const std::string &name : names) {
    std::optional<TypeID> id;
    {
      std::lock_guard<std::mutex> guard(mutex);
      if (auto entry = known.find(name); entry != known.end()) id = entry->second;
    }
    if (!id) {
      if (!probe) probe.emplace(registry(), MLIRContext::Threading::DISABLED);
      Dialect *dialect = probe->getOrLoadDialect(name);
      if (!dialect) continue;
      id = dialect->getTypeID();
      std::lock_guard<std::mutex> guard(mutex);
      known.try_emplace(name, *id);
    }
    found.insert(*id, name, [name](MLIRContext *context) { return registry().getDialectAllocator(name)(context); });
  }
  return found;
}

/// What is known of a pass, shared by its instances.
struct Loaded {
  explicit Loaded(std::shared_ptr<const PassSpec> spec) : spec(std::move(spec)), dialects(namedDialects(this->spec->dialects)) {}
  std::shared_ptr<const PassSpec> spec;
  DialectRegistry dialects;
};

/// What MLIR's option parser says, without its name.
std::string withoutPrefix(StringRef message) {
  message.consume_front("<Pass-Options-Parser>: ");
  return message.trim().str();
}

class PythonPass : public Pass, PassRun {
public:
  PythonPass(std::shared_ptr<const Loaded> shared, TypeID id)
      : Pass(id, shared->spec->anchor.empty() ? std::nullopt : std::optional<StringRef>(shared->spec->anchor)), loaded(shared),
        spec(shared->spec.get()), options(*this, spec->options) {
    for (const StatisticSpec &s : spec->statistics)
      statistics.push_back(std::make_unique<Statistic>(this, s.name.c_str(), s.help.c_str()));
  }
  StringRef getName() const override { return spec->name; }
  StringRef getArgument() const override { return spec->name; }
  StringRef getDescription() const override { return spec->summary; }
  bool canScheduleOn(RegisteredOperationName name) const override { return fits(name.getStringRef()); }
  bool canScheduleOn(Operation *op) const override { return fits(op->getName().getStringRef()); } // unregistered ops too
  std::unique_ptr<Pass> clonePass() const override {
    auto clone = std::make_unique<PythonPass>(loaded, getTypeID());
    clone->patterns = patterns; // compiled, immutable and shared; the Python instance is not
    return clone;
  }

  LogicalResult initializeOptions(StringRef text, function_ref<LogicalResult(const Twine &)> report) override {
    if (!spec->broken.empty()) return report("pass '" + spec->name + "' cannot be loaded: " + spec->broken);
    return Pass::initializeOptions(text, [&](const Twine &message) -> LogicalResult {
      auto names = llvm::map_range(spec->options, [](const OptionSpec &o) { return o.name; });
      std::string known = spec->options.empty() ? "it has no options" : "its options are " + llvm::join(names, ", ");
      std::string reason = takeRefusal();
      if (reason.empty()) reason = withoutPrefix(message.str());
      return report("pass '" + spec->name + "': " + reason + "; " + known);
    });
  }

  void getDependentDialects(DialectRegistry &registry) const override {
    loaded->dialects.appendTo(registry);
    if (spec->patterns) registry.insert<pdl::PDLDialect, pdl_interp::PDLInterpDialect>(); // patterns are compiled through them
  }

  /// Never fails: a pass manager whose passes cannot be initialized leaves its context believing that it still runs.
  LogicalResult initialize(MLIRContext *context) override {
    patterns = spec->patterns ? compile(spec->patterns, context) : nullptr;
    return success();
  }

  void runOnOperation() override {
    for (const std::string &name : spec->dialects)
      if (!getContext().getLoadedDialect(name)) {
        getOperation()->emitOpError() << "pass '" << spec->name << "' needs the dialect '" << name << "', which is not registered";
        return signalPassFailure();
      }
    if (spec->patterns && !patterns) {
      getOperation()->emitOpError() << "the patterns of pass '" << spec->name << "' cannot be compiled";
      return signalPassFailure();
    }
    bool changed;
    bool ok = spec->run ? spec->run(instance, options.values(), wrap(getOperation()), *this) : rewrite(wrap(getOperation()), 0, changed);
    if (!ok) signalPassFailure();
  }

  void count(size_t statistic, int64_t amount) override { *statistics[statistic] += amount; }
  void preserveAnalyses() override { markAllAnalysesPreserved(); }
  bool rewrite(MlirOperation op, int64_t maxIterations, bool &changed) override {
    std::vector<uint64_t> counts(spec->patterns->counters());
    bool ok = mograph::rewrite(*patterns, unwrap(op), {spec->walk, maxIterations}, counts, changed);
    size_t first = statistics.size() - counts.size(); // the patterns' statistics come last
    for (auto [i, n] : llvm::enumerate(counts))
      *statistics[first + i] += n;
    return ok;
  }
  bool runPipeline(const std::string &text, MlirOperation op, std::string &error) override {
    llvm::raw_string_ostream errors(error);
    FailureOr<OpPassManager> pipeline = parsePassPipeline(text, errors);
    return succeeded(pipeline) && succeeded(Pass::runPipeline(*pipeline, unwrap(op)));
  }

private:
  bool fits(StringRef op) const { return spec->anchor.empty() || op == spec->anchor; }

  std::shared_ptr<const Loaded> loaded;
  const PassSpec *spec;
  DeclaredOptions options;
  std::vector<std::unique_ptr<Statistic>> statistics;
  std::shared_ptr<const CompiledPatterns> patterns;
  std::shared_ptr<void> instance;
};

/// A name in MLIR's registry. That registry keeps what it once has, so redefining a pass changes the loader behind its name.
struct Entry {
  TypeID id;
  PassLoader load;
  std::shared_ptr<const Loaded> loaded; // null until the pass is asked for
};
struct Table {
  std::mutex mutex;
  llvm::StringMap<Entry> entries;
  TypeIDAllocator ids; // never freed: MLIR keeps TypeIDs
};
Table &table() {
  static Table *table = new Table;
  return *table;
}

std::unique_ptr<Pass> make(const std::string &name) {
  std::unique_lock lock(table().mutex);
  Entry &entry = table().entries[name]; // entries of a StringMap do not move
  if (!entry.loaded) {
    PassLoader load = entry.load;
    lock.unlock(); // the loader waits for the GIL, whose holder may be waiting here
    auto loaded = std::make_shared<Loaded>(load());
    lock.lock();
    entry.loaded = loaded;
  }
  return std::make_unique<PythonPass>(entry.loaded, entry.id);
}
} // namespace

std::string mograph::registerPass(const std::string &name, const std::string &summary, PassLoader load) {
  // A transform script makes passes while the context runs threads, and then no dialect can be loaded any more.
  static bool once = registry().addExtension(+[](MLIRContext *context, transform::TransformDialect *) {
    context->loadDialect<pdl::PDLDialect, pdl_interp::PDLInterpDialect>();
  });
  (void)once;
  {
    std::lock_guard lock(table().mutex);
    auto found = table().entries.find(name);
    if (found != table().entries.end()) {
      found->second.load = std::move(load);
      found->second.loaded = nullptr;
      return "";
    }
    if (PassInfo::lookup(name) || PassPipelineInfo::lookup(name)) return "MLIR has a pass or pipeline of this name";
    // MLIR makes one instance at once, to learn name and description: from this stub, so that nothing is imported yet.
    auto stub = std::make_shared<PassSpec>();
    stub->name = name;
    stub->summary = summary;
    table().entries[name] = {table().ids.allocate(), std::move(load), std::make_shared<Loaded>(stub)};
  }
  mlir::registerPass([name] { return make(name); });
  std::lock_guard lock(table().mutex);
  table().entries[name].loaded = nullptr; // from now on: the real one
  return "";
}
