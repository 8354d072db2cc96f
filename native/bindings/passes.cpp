// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes, pipelines and diagnostics, for mograph.transforms.kit. What is bound here is plumbing without a face of its own.
#include "bindings.h"
#include "held.h"
#include "kit/effects.h"
#include "passes/descriptors.h"
#include "passes/fusion.h"
#include "passes/merging.h"
#include "passes/ops.h"
#include "passes/patterns.h"
#include "passes/pass.h"
#include "passes/pipeline.h"
#include "passes/threads.h"
#include "rehearsal.h"
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

using namespace mograph;
void bindPatterns(nb::module_ &m);

namespace {
/// A running pass, for the time of its `run`. (PassRun itself has a vtable from code without RTTI, which nanobind cannot take.)
struct RunHandle {
  PassRun *run;
  PassRun &get() const {
    if (!run) throw nb::value_error("the pass has ended: what it was given in run() may not be used after it");
    return *run;
  }
};

using OptionTuple = std::tuple<std::string, std::string, std::string, bool, std::vector<std::string>>;

std::shared_ptr<PassSpec> makeSpec(std::string name, std::string summary, std::string anchor, const std::vector<OptionTuple> &options,
                                   const std::vector<std::pair<std::string, std::string>> &statistics,
                                   std::vector<std::string> dialects, std::shared_ptr<PatternSet> patterns, bool walk, nb::object run) {
  auto spec = std::make_shared<PassSpec>();
  spec->name = std::move(name);
  spec->summary = std::move(summary);
  spec->anchor = std::move(anchor);
  for (auto &[option, help, kind, list, initial] : options)
    spec->options.push_back({option, help, kind, list, initial});
  for (auto &[statistic, help] : statistics)
    spec->statistics.push_back({statistic, help});
  spec->dialects = std::move(dialects);
  spec->patterns = std::move(patterns);
  spec->walk = walk;
  if (run.is_none()) return spec;
  // The callable reports whatever goes wrong in the pass; what it raises itself is a bug of the kit.
  spec->run = [call = hold(run)](std::shared_ptr<void> &instance, const OptionValues &values, MlirOperation op, PassRun &passRun) {
    nb::gil_scoped_acquire gil;
    nb::object handle = nb::cast(RunHandle{&passRun});
    bool succeeded = false;
    try {
      if (!instance) instance = hold((*call)(values));
      succeeded = nb::cast<bool>((*static_cast<nb::object *>(instance.get()))(op, handle));
    } catch (nb::python_error &error) {
      error.discard_as_unraisable("a pass's run");
    }
    nb::cast<RunHandle &>(handle).run = nullptr;
    return succeeded;
  };
  return spec;
}

std::string registerPassFromPython(const std::string &name, const std::string &summary, nb::object loader) {
  PassLoader load = [name, summary, loader = hold(loader)]() -> std::shared_ptr<const PassSpec> {
    nb::gil_scoped_acquire gil;
    auto broken = std::make_shared<PassSpec>();
    broken->name = name;
    broken->summary = summary;
    try {
      nb::object loaded = (*loader)();
      auto spec = nb::cast<std::shared_ptr<PassSpec>>(loaded);
      if (spec->name == name) return spec;
      broken->broken = "it was announced under this name, but calls itself '" + spec->name + "'";
    } catch (nb::python_error &error) {
      broken->broken = nb::cast<std::string>(error.type().attr("__name__")) + ": " + nb::str(error.value()).c_str();
    }
    return broken;
  };
  nb::gil_scoped_release unlocked;
  return registerPass(name, summary, std::move(load));
}

/// Text that may quote bytes of a file, which are no UTF-8 where it is corrupted.
nb::object readable(const std::string &text) { return nb::steal(PyUnicode_DecodeUTF8(text.data(), Py_ssize_t(text.size()), "backslashreplace")); }
nb::list toPython(const std::vector<Diagnostic> &diagnostics) {
  nb::list list;
  for (const Diagnostic &d : diagnostics)
    list.append(nb::make_tuple(int(d.severity), readable(d.message), d.location, toPython(d.notes)));
  return list;
}
} // namespace

void bindPasses(nb::module_ &m) {
  setLockCheck([] { return PyGILState_Check() != 0; });
  nb::set_leak_warnings(false); // passes stay in MLIR's registry until the process ends
  nb::class_<PassSpec>(m, "PassSpec", "A pass as data.")
      .def(nb::new_(&makeSpec), nb::kw_only(), nb::arg("name"), nb::arg("summary"), nb::arg("anchor"), nb::arg("options"),
           nb::arg("statistics"), nb::arg("dialects"), nb::arg("patterns").none(), nb::arg("walk"), nb::arg("run").none());
  nb::class_<RunHandle>(m, "PassRun", "A pass instance while it runs on one op.")
      .def("count", [](RunHandle &h, size_t statistic, int64_t amount) { h.get().count(statistic, amount); }, nb::arg("statistic"), nb::arg("amount"))
      .def("preserve_analyses", [](RunHandle &h) { h.get().preserveAnalyses(); })
      .def("rewrite", [](RunHandle &h, MlirOperation op, int64_t maxIterations) {
             bool changed = false, succeeded;
             PassRun &run = h.get();
             {
               nb::gil_scoped_release unlocked;
               succeeded = run.rewrite(op, maxIterations, changed);
             }
             return std::pair(succeeded, changed);
           }, nb::arg("op"), nb::arg("max_iterations"))
      .def("run_pipeline", [](RunHandle &h, const std::string &text, MlirOperation op) {
             bool succeeded;
             std::string error;
             PassRun &run = h.get();
             {
               nb::gil_scoped_release unlocked;
               succeeded = run.runPipeline(text, op, error);
             }
             if (!error.empty()) throw nb::value_error(error.c_str());
             return succeeded;
           }, nb::arg("text"), nb::arg("op"));
  m.def("find_ops", findOps, nb::arg("root"), nb::arg("names"), "The ops of these names in `root`, itself included, in program order.");
  m.def("block_ops", blockOps, nb::arg("block"), "The ops directly in a block.");
  m.def("ops_in", opsIn, nb::arg("root"), nb::arg("closed") = std::vector<std::string>(),
        "The ops inside `root`, each before what is nested in it; nothing of what is nested in ops of the names `closed`.");
  m.def("has_unused", hasUnused, nb::arg("root"), "Whether an op in `root` has results, and nothing uses one of them.");
  m.def("users_of", usersOf, nb::arg("value"), "The ops that use a value, each as often as it does.");
  m.def("memrefs_of", memrefsOf, nb::arg("op"), "The operands and the results of an op that are ranked memrefs.");
  m.def("iterator_types", iteratorTypes, nb::arg("op"), "\"parallel\" or \"reduction\" for each loop of an op of linalg.");
  m.def("op_names", opNames, nb::arg("root"), "The names that ops in `root` have, itself included.");
  m.def("count_ops", countOps, nb::arg("root"), "How many ops are in `root`, itself included.");
  m.def("inline_call", inlineCall, nb::arg("call"), nb::arg("function"), nb::arg("move"),
        "Puts copies of the ops of a function of one block in the place of a call, or moves them there, and erases the call.");
  m.def("merge_functions", mergeFunctions, nb::arg("module"),
        "Leaves one of all private functions that do the same, calls it for the others, and returns how many those were.");
  m.def("function_code", [](MlirOperation function) {
          std::string code = functionCode(function);
          return nb::bytes(code.data(), code.size());
        }, nb::arg("function"), "What a function is but for its name and locations: the same bytes for the same code in one context.");
  m.def("narrow_arguments", narrowArguments, nb::arg("module"),
        "Hands functions only those words of a memref's descriptor that they read.");
  m.def("fold_aggregates", foldAggregates, nb::arg("module"), "Takes what is extracted from where it was inserted.");
  m.def("fuse_elementwise", fuseElementwise, nb::arg("root"),
        "Fuses elementwise ops in `root`, which is isolated from above, but for what a product would compute again and again.");
  m.def("register_pass", registerPassFromPython, nb::arg("name"), nb::arg("summary"), nb::arg("loader"),
        "Registers a pass whose PassSpec `loader()` gives when it is first needed. Returns what is wrong, or an empty text.");
  m.def("normalize_pipeline", [](const std::string &text) {
          std::string error;
          std::optional<std::string> result;
          {
            nb::gil_scoped_release unlocked;
            result = normalizePipeline(text, error);
          }
          if (!result) throw nb::value_error(error.c_str());
          return *result;
        }, nb::arg("text"), "The pipeline as MLIR prints it. Raises ValueError if it does not parse.");
  m.def("run_pipeline", [](const std::string &text, MlirOperation op, bool verify, bool timing, bool statistics, const std::string &reproducer,
                           bool beforeAll, bool afterAll, std::vector<std::string> before, std::vector<std::string> after, bool onChange,
                           bool onFailure, bool moduleScope) {
          RunSettings settings{verify, timing, statistics, reproducer, {beforeAll, afterAll, before, after, onChange, onFailure, moduleScope}};
          RunResult result;
          {
            nb::gil_scoped_release unlocked;
            appendRegistry(mlirOperationGetContext(op));
            result = runPipeline(text, op, settings);
          }
          return nb::make_tuple(result.succeeded, toPython(result.diagnostics), result.log);
        }, nb::arg("text"), nb::arg("op"), nb::kw_only(), nb::arg("verify"), nb::arg("timing"), nb::arg("statistics"), nb::arg("reproducer"),
        nb::arg("print_before_all"), nb::arg("print_after_all"), nb::arg("print_before"), nb::arg("print_after"), nb::arg("print_on_change"),
        nb::arg("print_on_failure"), nb::arg("print_module_scope"),
        "Runs a pipeline on an op; returns whether it succeeded, the diagnostics and what printing and timing wrote.");
  m.def("rehearse", [](const std::string &source, const std::string &pipeline) {
          std::string error, text;
          Rehearsal rehearsal(pipeline, error);
          if (error.empty()) {
            nb::gil_scoped_release unlocked;
            text = rehearsal.run(source, error);
          }
          if (!error.empty()) throw nb::value_error(error.c_str());
          return text;
        }, nb::arg("source"), nb::arg("pipeline"),
        "Compiles a module of upstream's dialects to LLVM's textual form, in a context of its own. Raises ValueError.");
  m.def("parse", [](MlirContext context, nb::bytes source, const std::string &name) {
          std::string text(source.c_str(), source.size());
          MlirModule module;
          std::vector<Diagnostic> diagnostics;
          {
            nb::gil_scoped_release unlocked;
            appendRegistry(context);
            DiagnosticCollector collector(context);
            module = parse(context, text, name);
            diagnostics = collector.take();
          }
          nb::object result = mlirModuleIsNull(module) ? nb::none() : nb::cast(module);
          return nb::make_tuple(result, toPython(diagnostics));
        }, nb::arg("context"), nb::arg("source"), nb::arg("name"), "Parses text or bytecode; returns the module or None, and the diagnostics.");
  m.def("verify", [](MlirOperation op) {
          DiagnosticCollector collector(mlirOperationGetContext(op));
          bool valid;
          {
            nb::gil_scoped_release unlocked;
            valid = mlirOperationVerify(op);
          }
          return nb::make_tuple(valid, toPython(collector.take()));
        }, nb::arg("op"), "Verifies an op; returns whether it is valid, and the diagnostics.");
  m.def("emit", [](MlirOperation op, int severity, const std::string &message, const Notes &notes) {
          nb::gil_scoped_release unlocked; // handlers may be Python's, in threads of their own
          emitAt(op, Severity(severity), message, notes);
        }, nb::arg("op"), nb::arg("severity"), nb::arg("message"), nb::arg("notes"), "Emits a diagnostic at an op.");
  m.def("emit_at", [](MlirLocation location, int severity, const std::string &message, const Notes &notes) {
          nb::gil_scoped_release unlocked;
          emitAt(location, Severity(severity), message, notes);
        }, nb::arg("location"), nb::arg("severity"), nb::arg("message"), nb::arg("notes"), "Emits a diagnostic at a location.");
  m.def("effects_of", &kit::effectsOf, nb::arg("op"), "(kind, resource) of each effect of an op and of what is inside, or None.");
  m.def("is_speculatable", &kit::isSpeculatable, nb::arg("op"), "Whether an op may run where it would not have.");
  bindPatterns(m);
}
