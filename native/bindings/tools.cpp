// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tools' mains, called from Python. The interpreter's lock is free while they run; what is written in Python takes it again.
#include "bindings.h"
#include "tools/tools.h"
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <unordered_map>

using namespace mograph;

namespace {
/// Contexts that a tool uses now, by address. Leaked: Python may be gone before static objects are.
auto &contexts = *new std::unordered_map<void *, nb::object>;

MlirContext makeContext() {
  nb::gil_scoped_acquire gil;
  // The plain class: `mlir.ir.Context` would load every upstream dialect and start threads of its own.
  nb::object context = nb::module_::import_("mlir._mlir_libs._mlir.ir").attr("_Context")();
  MlirContext handle = mlirPythonCapsuleToContext(nb::object(context.attr("_CAPIPtr")).ptr());
  contexts[handle.ptr] = context;
  return handle;
}
void releaseContext(MlirContext context) {
  nb::gil_scoped_acquire gil;
  contexts.erase(context.ptr);
}

template <typename Main>
int run(const std::vector<std::string> &arguments, Main main) {
  std::vector<char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);
  nb::gil_scoped_release unlocked;
  return main(int(arguments.size()), argv.data());
}
} // namespace

void bindTools(nb::module_ &m) {
  constexpr ContextOwner owner{makeContext, releaseContext};
  m.def("opt_main", [owner](const std::vector<std::string> &argv) { return run(argv, [=](int c, char **v) { return optMain(c, v, owner); }); },
        nb::arg("argv"), "mo-opt: runs the command line (its first element names the program) and returns the exit code.");
  m.def("reduce_main", [owner](const std::vector<std::string> &argv) { return run(argv, [=](int c, char **v) { return reduceMain(c, v, owner); }); },
        nb::arg("argv"), "mo-reduce.");
  m.def("translate_main", [](const std::vector<std::string> &argv) { return run(argv, translateMain); }, nb::arg("argv"), "mo-translate.");
  m.def("lsp_main", [](const std::vector<std::string> &argv) { return run(argv, lspMain); }, nb::arg("argv"), "mo-lsp.");
  m.def("print_version", printVersion, "Prints LLVM's version, as every LLVM tool does.");
}
