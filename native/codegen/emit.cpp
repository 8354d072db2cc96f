// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From LLVM's textual form to object files and assembly.
#include "codegen/codegen.h"
#include "codegen/loops.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"
#include <algorithm>
#include <csetjmp>
#include <mutex>
#include <optional>
#include <tuple>

using namespace llvm;

namespace {
/// Where a thread goes on when LLVM gives up, and why it did.
struct Escape {
  std::jmp_buf back;
  std::string reason;
};
} // namespace

static thread_local Escape *escape = nullptr;

/// LLVM would end the process next. What it was working on is lost, and not freed.
static void leave(void *, const char *reason, bool) {
  if (!escape)
    return;
  escape->reason = reason;
  std::longjmp(escape->back, 1);
}

static void initialize() {
  static std::once_flag once;
  std::call_once(once, [] {
    install_fatal_error_handler(leave);
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
  });
}

mograph::Processor mograph::hostProcessor() {
  std::vector<std::string> features;
  for (const auto &feature : sys::getHostCPUFeatures())
    features.push_back((Twine(feature.second ? "+" : "-") + feature.first()).str());
  std::sort(features.begin(), features.end());
  return {sys::getProcessTriple(), sys::getHostCPUName().str(), join(features, ",")};
}

static void note(const DiagnosticInfo *info, void *error) {
  std::string &text = *static_cast<std::string *>(error);
  if (info->getSeverity() != DS_Error || !text.empty())
    return;
  raw_string_ostream stream(text);
  DiagnosticPrinterRawOStream printer(stream);
  info->print(printer);
}

/// Those features in which the processor differs from others of its name: LLVM goes through its table for each, module by module.
static std::string unusual(const Target &target, const Triple &triple, const mograph::Processor &processor) {
  std::unique_ptr<MCSubtargetInfo> usual(target.createMCSubtargetInfo(triple, processor.name, ""));
  ArrayRef<SubtargetFeatureKV> table = usual->getAllProcessorFeatures(); // sorted
  const SubtargetFeatures given(processor.features);
  std::vector<std::string> kept;
  for (const std::string &feature : given.getFeatures()) {
    StringRef name = SubtargetFeatures::StripFlag(feature);
    const SubtargetFeatureKV *known = lower_bound(table, name);
    if (known == table.end() || known->Key != name ||
        usual->getFeatureBits().test(known->Value) != SubtargetFeatures::isEnabled(feature))
      kept.push_back(feature);
  }
  return join(kept, ",");
}

namespace {
/// LLVM's description of a processor, at a level of code generation, for one thread at a time. To make one takes as long as to
/// compile dozens of lines, so it is kept for whoever wants the same later.
class Machine {
public:
  Machine(const mograph::Processor &processor, int level, std::string &error)
      : key(processor.triple, processor.name, processor.features, level) {
    {
      std::lock_guard<std::mutex> guard(lock);
      if (auto found = idle.find(key); found != idle.end())
        machine = std::move(idle.extract(found).mapped());
    }
    if (machine)
      return;
    Triple triple(processor.triple);
    if (const Target *target = TargetRegistry::lookupTarget(triple, error))
      machine.reset(target->createTargetMachine(triple, processor.name, unusual(*target, triple, processor), TargetOptions(),
                                                Reloc::PIC_, std::nullopt,
                                                CodeGenOpt::getLevel(level).value_or(CodeGenOptLevel::Default)));
  }
  ~Machine() {
    std::lock_guard<std::mutex> guard(lock);
    if (machine)
      idle.emplace(std::move(key), std::move(machine));
  }
  Machine(const Machine &) = delete;
  explicit operator bool() const { return machine != nullptr; }
  TargetMachine *operator->() const { return machine.get(); }

private:
  using Key = std::tuple<std::string, std::string, std::string, int>;
  static inline std::mutex lock;
  static inline std::multimap<Key, std::unique_ptr<TargetMachine>> idle;
  Key key;
  std::unique_ptr<TargetMachine> machine;
};
} // namespace

static std::string generate(const std::string &ir, const mograph::Processor &processor, int level, CodeGenFileType form,
                            std::string &error) {
  Machine machine(processor, level, error);
  if (!machine)
    return {};
  LLVMContext context;
  context.setDiagnosticHandlerCallBack(note, &error);
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseAssembly(MemoryBufferRef(ir, "code"), diagnostic, context);
  if (!module) {
    error = ("line " + Twine(diagnostic.getLineNo()) + ": " + diagnostic.getMessage()).str();
    return {};
  }
  module->setTargetTriple(machine->getTargetTriple());
  module->setDataLayout(machine->createDataLayout());
  if (level && !machine->getTargetTriple().isGPU()) // whose passes find out by that what memory is meant
    for (Function &function : *module)
      mograph::hideStarts(function);
  SmallVector<char, 0> code;
  raw_svector_ostream stream(code);
  legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, form)) {
    error = "no such code for " + processor.triple;
    return {};
  }
  passes.run(*module);
  return error.empty() ? std::string(code.begin(), code.end()) : std::string();
}

std::string mograph::emit(const std::string &ir, const Processor &processor, int level, Form form, std::string &error) {
  initialize();
  Escape here;
  if (setjmp(here.back)) {
    escape = nullptr;
    error = here.reason;
    return {};
  }
  escape = &here;
  std::string code = generate(ir, processor, level, form == Form::assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile, error);
  escape = nullptr;
  return code;
}
