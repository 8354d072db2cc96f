// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The size of llvm::Statistic depends on NDEBUG, and MLIR's wheels are built with assertions: a pass's statistics would be
// written beyond their end.
#undef NDEBUG
#include "passes/pass.h"
#include "passes/patterns.h"
#include "mlir/CAPI/IR.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include <mutex>

using namespace mlir;
using namespace mograph;

namespace {
/// Loads dialects by name as soon as it reaches a context: a DialectRegistry takes dialects by type only, which a pass written
/// in Python cannot name.
class LoadDialects : public DialectExtensionBase {
public:
  explicit LoadDialects(std::vector<std::string> names) : DialectExtensionBase({"builtin"}), names(std::move(names)) {}
  void apply(MLIRContext *context, MutableArrayRef<Dialect *>) const override {
    for (const std::string &name : names)
      context->getOrLoadDialect(name);
  }
  std::unique_ptr<DialectExtensionBase> clone() const override { return std::make_unique<LoadDialects>(names); }

private:
  std::vector<std::string> names;
};

/// What MLIR's option parser says, without its name.
std::string withoutPrefix(StringRef message) {
  message.consume_front("<Pass-Options-Parser>: ");
  return message.trim().str();
}

class PythonPass : public Pass, PassRun {
public:
  PythonPass(std::shared_ptr<const PassSpec> spec, TypeID id)
      : Pass(id, spec->anchor.empty() ? std::nullopt : std::optional<StringRef>(spec->anchor)), spec(spec),
        options(*this, spec->options) {
    for (const StatisticSpec &s : spec->statistics)
      statistics.push_back(std::make_unique<Statistic>(this, s.name.c_str(), s.help.c_str()));
  }
  StringRef getName() const override { return spec->name; }
  StringRef getArgument() const override { return spec->name; }
  StringRef getDescription() const override { return spec->summary; }
  bool canScheduleOn(RegisteredOperationName name) const override { return fits(name.getStringRef()); }
  bool canScheduleOn(Operation *op) const override { return fits(op->getName().getStringRef()); } // unregistered ops too
  std::unique_ptr<Pass> clonePass() const override {
    auto clone = std::make_unique<PythonPass>(spec, getTypeID());
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
    std::vector<std::string> names = spec->dialects;
    if (spec->patterns) names.insert(names.end(), {"pdl", "pdl_interp"}); // patterns are compiled through them
    if (!names.empty()) registry.addExtension(getTypeID(), std::make_unique<LoadDialects>(names));
  }

  LogicalResult initialize(MLIRContext *context) override {
    for (const std::string &name : spec->dialects)
      if (!context->getLoadedDialect(name))
        return emitError(UnknownLoc::get(context)) << "pass '" << spec->name << "' needs the dialect '" << name << "', which is not registered";
    if (!spec->patterns) return success();
    patterns = compile(spec->patterns, context);
    return success(patterns != nullptr);
  }

  void runOnOperation() override {
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

private:
  bool fits(StringRef op) const { return spec->anchor.empty() || op == spec->anchor; }

  std::shared_ptr<const PassSpec> spec;
  DeclaredOptions options;
  std::vector<std::unique_ptr<Statistic>> statistics;
  std::shared_ptr<const CompiledPatterns> patterns;
  std::shared_ptr<void> instance;
};

/// A name in MLIR's registry. That registry keeps what it once has, so redefining a pass changes the loader behind its name.
struct Entry {
  TypeID id;
  PassLoader load;
  std::shared_ptr<const PassSpec> spec;
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
  if (!entry.spec) {
    PassLoader load = entry.load;
    lock.unlock(); // the loader waits for the GIL, whose holder may be waiting here
    auto spec = load();
    lock.lock();
    entry.spec = spec;
  }
  return std::make_unique<PythonPass>(entry.spec, entry.id);
}
} // namespace

std::string mograph::registerPass(const std::string &name, const std::string &summary, PassLoader load) {
  {
    std::lock_guard lock(table().mutex);
    auto found = table().entries.find(name);
    if (found != table().entries.end()) {
      found->second.load = std::move(load);
      found->second.spec = nullptr;
      return "";
    }
    if (PassInfo::lookup(name) || PassPipelineInfo::lookup(name)) return "MLIR has a pass or pipeline of this name";
    // MLIR makes one instance at once, to learn name and description: from this stub, so that nothing is imported yet.
    auto stub = std::make_shared<PassSpec>();
    stub->name = name;
    stub->summary = summary;
    table().entries[name] = {table().ids.allocate(), std::move(load), stub};
  }
  mlir::registerPass([name] { return make(name); });
  std::lock_guard lock(table().mutex);
  table().entries[name].spec = nullptr; // from now on: the real one
  return "";
}
