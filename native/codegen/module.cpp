// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The extension module `mograph._llvm`. It links nothing of MLIR, which takes longer to load than stored code takes to run.
#include "codegen/codegen.h"
#include "codegen/compilation.h"
#include <dlfcn.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

namespace nb = nanobind;
using namespace nb::literals;
using namespace mograph;

static std::string text(const nb::bytes &bytes) { return {bytes.c_str(), bytes.size()}; }

extern "C" void LLVMShutdown(void); // of LLVM's interface for C, whose headers need not be there

/// The file that a function is in.
template <typename Function> static std::string fileOf(Function *function) {
  Dl_info info;
  return dladdr(reinterpret_cast<void *>(function), &info) ? info.dli_fname : "";
}

NB_MODULE(_llvm, m) {
  m.doc() = "LLVM's code generator and linker.";
  m.def(
      "files", [] { return nb::make_tuple(fileOf(&text), fileOf(&LLVMShutdown)); },
      "The files that this module and LLVM are in: what code is made with.");
  m.def(
      "host",
      [] {
        Processor host = hostProcessor();
        return nb::make_tuple(host.triple, host.name, host.features);
      },
      "The processor that this process runs on: LLVM's triple, name and features.");
  m.def(
      "emit",
      [](const std::string &ir, const std::string &triple, const std::string &cpu, const std::string &features, int level,
         bool assembly) {
        std::string code, error;
        {
          nb::gil_scoped_release unlocked;
          code = emit(ir, {triple, cpu, features}, level, assembly ? Form::assembly : Form::object, error);
        }
        if (code.empty())
          throw nb::value_error(error.c_str());
        return nb::bytes(code.data(), code.size());
      },
      "ir"_a, "triple"_a, "cpu"_a, "features"_a, "level"_a, "assembly"_a = false,
      "The object file of a module in LLVM's textual form, or its assembly. Other threads of Python run meanwhile. Raises ValueError.");
  nb::class_<Compilation>(m, "Compilation", "Modules that threads compile while others are still being made, for one processor.")
      .def(
          "__init__",
          [](Compilation *self, std::string triple, std::string cpu, std::string features, unsigned threads) {
            new (self) Compilation({std::move(triple), std::move(cpu), std::move(features)}, threads);
          },
          "triple"_a, "cpu"_a, "features"_a, "threads"_a,
          "`threads` more than the one that waits for all. What was not begun when the object goes is not compiled.")
      .def("add", &Compilation::add, "ir"_a, "level"_a, "Has a module in LLVM's textual form compiled, at a level from 0 to 3.")
      .def(
          "finish",
          [](Compilation &self) {
            std::string error;
            std::vector<std::string> objects;
            {
              nb::gil_scoped_release unlocked;
              objects = self.finish(error);
            }
            if (!error.empty())
              throw nb::value_error(error.c_str());
            nb::list found;
            for (const std::string &object : objects)
              found.append(nb::bytes(object.data(), object.size()));
            return found;
          },
          "Waits for the object files of all, in their order. Raises ValueError for the first that has none.");
  nb::class_<Library>(m, "Library", "Object files that are linked into this process.")
      .def_static(
          "link",
          [](const nb::sequence &objects, Library::Symbols symbols) {
            std::vector<std::string> data;
            for (nb::handle object : objects)
              data.push_back(text(nb::cast<nb::bytes>(object)));
            std::string error;
            auto library = Library::link(data, std::move(symbols), error);
            if (!library)
              throw nb::value_error(error.c_str());
            return library;
          },
          "objects"_a, "symbols"_a, "Links object files to each other and to functions by address. Raises ValueError.")
      .def("address", &Library::address, "symbol"_a, "The address of a function, or 0.");
}
