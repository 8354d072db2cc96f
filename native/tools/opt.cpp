// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// mo-opt. Options, splitting, pipelines, reproducers and checks of expected diagnostics are upstream's code: this file only puts
// them together as MlirOptMain does. It exists because MlirOptMain keeps its contexts on the C++ stack, where Python may not hold
// on to them, and it round-trips through the custom assembly, which is what the authors of a dialect want to see tested.
#include "passes/threads.h"
#include "tools/context.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Debug/CLOptionsSetup.h"
#include "mlir/Dialect/IRDL/IR/IRDL.h"
#include "mlir/Dialect/IRDL/IRDLLoading.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Remark/RemarkStreamer.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/Timing.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/ParseUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Remarks/RemarkFormat.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mograph;

namespace {
/// Drops what --mlir-diagnostic-verbosity-level and --mlir-disable-diagnostic-notes ask to drop; failure passes it on.
class DiagnosticFilter : public ScopedDiagnosticHandler {
public:
  DiagnosticFilter(MLIRContext *context, const MlirOptMainConfig &config) : ScopedDiagnosticHandler(context) {
    VerbosityLevel level = config.getDiagnosticVerbosityLevel();
    bool notes = config.shouldShowNotes();
    setHandler([=](Diagnostic &diagnostic) {
      switch (diagnostic.getSeverity()) {
      case DiagnosticSeverity::Error: return failure();
      case DiagnosticSeverity::Warning: return success(level == VerbosityLevel::ErrorsOnly);
      case DiagnosticSeverity::Remark: return success(level != VerbosityLevel::ErrorsWarningsAndRemarks);
      case DiagnosticSeverity::Note: return success(!notes);
      }
      return failure();
    });
  }
};

/// One run of the tool: what all chunks of the input share.
struct Opt {
  const MlirOptMainConfig &config;
  ContextOwner owner;
  llvm::ThreadPoolInterface *threads;            // null: --mlir-disable-threading
  SourceMgrDiagnosticVerifierHandler *verifier;  // null: diagnostics are printed

  LogicalResult process(std::unique_ptr<llvm::MemoryBuffer> chunk, llvm::MemoryBufferRef whole, raw_ostream &os) const;
  LogicalResult transform(const std::shared_ptr<llvm::SourceMgr> &source, OwnedContext &context, raw_ostream &os) const;
  LogicalResult loadIRDL(OwnedContext &context) const;
  LogicalResult enableRemarks(MLIRContext &context) const;
  LogicalResult checkRoundTrip(Operation *op, bool bytecode) const;
};

std::string generic(Operation *op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  op->print(os, OpPrintingFlags().printGenericOpForm().enableDebugInfo());
  return text;
}
} // namespace

LogicalResult Opt::loadIRDL(OwnedContext &context) const {
  if (config.getIrdlFile().empty()) return success();
  std::string message;
  auto file = openInputFile(config.getIrdlFile(), &message);
  if (!file) return emitError(UnknownLoc::get(&*context)) << message;
  llvm::SourceMgr source;
  source.AddNewSourceBuffer(std::move(file), SMLoc());
  SourceMgrDiagnosticHandler handler(source, &*context);
  context->getOrLoadDialect<irdl::IRDLDialect>();
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(source, &*context);
  return success(module && succeeded(irdl::loadDialects(*module)));
}

LogicalResult Opt::enableRemarks(MLIRContext &context) const {
  remark::RemarkCategories categories{config.getRemarksAllFilter(), config.getRemarksPassedFilter(), config.getRemarksMissedFilter(),
                                      config.getRemarksAnalyseFilter(), config.getRemarksFailedFilter()};
  std::unique_ptr<remark::detail::RemarkEmittingPolicyBase> policy;
  if (config.getRemarkPolicy() == RemarkPolicy::REMARK_POLICY_FINAL)
    policy = std::make_unique<remark::RemarkEmittingPolicyFinal>();
  else
    policy = std::make_unique<remark::RemarkEmittingPolicyAll>();
  if (config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_STDOUT)
    return remark::enableOptimizationRemarks(context, nullptr, std::move(policy), categories, /*printAsEmitRemarks=*/true);
  bool yaml = config.getRemarkFormat() == RemarkFormat::REMARK_FORMAT_YAML;
  std::string file = config.getRemarksOutputFile();
  if (file.empty()) file = yaml ? "mlir-remarks.yaml" : "mlir-remarks.bitstream";
  return remark::enableOptimizationRemarksWithLLVMStreamer(context, file, yaml ? llvm::remarks::Format::YAML : llvm::remarks::Format::Bitstream,
                                                           std::move(policy), categories);
}

LogicalResult Opt::checkRoundTrip(Operation *op, bool bytecode) const {
  StringRef form = bytecode ? "bytecode" : "text";
  std::string written;
  {
    llvm::raw_string_ostream os(written);
    if (!bytecode)
      op->print(os, OpPrintingFlags().enableDebugInfo());
    else if (failed(writeBytecodeToFile(op, os)))
      return op->emitOpError("cannot be written as bytecode");
  }
  OwnedContext context(owner); // a new one, so that resources keep their names
  context->allowUnregisteredDialects(config.shouldAllowUnregisteredDialects());
  if (failed(loadIRDL(context))) return failure();
  FallbackAsmResourceMap resources;
  OwningOpRef<Operation *> again = parseSourceString(written, ParserConfig(&*context, config.shouldVerifyOnParsing(), &resources));
  if (!again) return op->emitOpError() << "cannot be parsed back from its " << form;
  std::string before = generic(op), after = generic(*again);
  if (before != after)
    return op->emitOpError() << "is changed by a round trip through " << form << ":\n<<<<<<before\n" << before << "\n=====\n" << after << "\n>>>>>>after\n";
  return success();
}

LogicalResult Opt::transform(const std::shared_ptr<llvm::SourceMgr> &source, OwnedContext &context, raw_ostream &os) const {
  DefaultTimingManager timingManager;
  applyDefaultTimingManagerCLOptions(timingManager);
  TimingScope timing = timingManager.getRootScope();

  // Parsing uses one thread: without threads the context need not lock.
  bool threaded = context->isMultithreadingEnabled();
  context->disableMultithreading();
  PassReproducerOptions reproducer;
  FallbackAsmResourceMap resources; // resources that nobody reads pass through
  ParserConfig parser(&*context, config.shouldVerifyOnParsing(), &resources);
  if (config.shouldRunReproducer()) reproducer.attachResourceParser(parser);
  TimingScope parsing = timing.nest("Parser");
  OwningOpRef<Operation *> op = parseSourceFileForTool(source, parser, !config.shouldUseExplicitModule());
  parsing.stop();
  if (!op) return failure();
  if (config.shouldVerifyRoundtrip() && (failed(checkRoundTrip(*op, false)) || failed(checkRoundTrip(*op, true)))) return failure();
  context->enableMultithreading(threaded);
  if (failed(enableRemarks(*context))) return failure();

  PassManager pm(op.get()->getName(), PassManager::Nesting::Implicit);
  pm.enableVerifier(config.shouldVerifyPasses());
  if (failed(applyPassManagerCLOptions(pm))) return failure();
  pm.enableTiming(timing);
  if (config.shouldRunReproducer() && failed(reproducer.apply(pm))) return failure();
  if (failed(config.setupPassPipeline(pm)) || failed(pm.run(*op))) return failure();
  if (!config.getReproducerFilename().empty()) makeReproducer(pm.getOpAnchorName(), pm.getPasses(), *op, config.getReproducerFilename());

  TimingScope output = timing.nest("Output");
  if (config.shouldEmitBytecode()) {
    BytecodeWriterConfig writer(resources);
    if (auto version = config.bytecodeVersionToEmit()) writer.setDesiredBytecodeVersion(*version);
    if (config.shouldElideResourceDataFromBytecode()) writer.setElideResourceDataFlag();
    return writeBytecodeToFile(*op, os, writer);
  }
  if (config.bytecodeVersionToEmit()) return emitError(UnknownLoc::get(&*context)) << "bytecode version while not emitting bytecode";
  AsmState state(*op, OpPrintingFlags(), /*locationMap=*/nullptr, &resources);
  os << OpWithState(*op, state) << '\n';
  if (auto *engine = context->getRemarkEngine()) engine->getRemarkEmittingPolicy()->finalize();
  return success();
}

LogicalResult Opt::process(std::unique_ptr<llvm::MemoryBuffer> chunk, llvm::MemoryBufferRef whole, raw_ostream &os) const {
  // The chunk lies in the whole file's memory: the parser takes the last buffer, and locations name the file's lines.
  auto source = std::make_shared<llvm::SourceMgr>();
  source->AddNewSourceBuffer(llvm::MemoryBuffer::getMemBuffer(whole, /*RequiresNullTerminator=*/false), SMLoc());
  source->AddNewSourceBuffer(std::move(chunk), SMLoc());
  OwnedContext context(owner, threads);
  if (verifier) verifier->registerInContext(&*context);
  if (failed(loadIRDL(context))) return failure();
  context->allowUnregisteredDialects(config.shouldAllowUnregisteredDialects());
  if (verifier) context->printOpOnDiagnostic(false);
  tracing::InstallDebugHandler debug(*context, config.getDebugConfig());
  if (verifier) {
    (void)transform(source, context, os); // whether it fails does not matter, only whether it says what is expected
    return success();
  }
  SourceMgrDiagnosticHandler handler(*source, &*context);
  DiagnosticFilter filter(&*context, config);
  return transform(source, context, os);
}

int mograph::optMain(int argc, char **argv, ContextOwner owner) {
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0]);
  auto [inputName, outputName] = registerAndParseCLIOptions(argc, argv, "mograph modular optimizer driver\n", registry());
  const MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions(); // const: its getters and setters overload
  if (config.shouldListPasses()) {
    printRegisteredPasses();
    return 0;
  }
  if (config.shouldShowDialects()) {
    llvm::outs() << "Available Dialects: " << llvm::join(registry().getDialectNames(), ",") << "\n";
    return 0;
  }
  std::string message;
  auto input = openInputFile(inputName, &message);
  auto output = input ? openOutputFile(outputName, &message) : nullptr;
  if (!output) {
    llvm::errs() << message << "\n";
    return 1;
  }

  MLIRContext settings; // knows whether --mlir-disable-threading is given
  llvm::MemoryBufferRef whole = input->getMemBufferRef();
  llvm::SourceMgr expected;
  expected.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBuffer(whole, /*RequiresNullTerminator=*/false), SMLoc());
  std::unique_ptr<SourceMgrDiagnosticVerifierHandler> verifier;
  if (config.shouldVerifyDiagnostics())
    verifier = std::make_unique<SourceMgrDiagnosticVerifierHandler>(expected, &settings, config.verifyDiagnosticsLevel());
  Opt opt{config, owner, settings.isMultithreadingEnabled() ? &threads() : nullptr, verifier.get()};
  LogicalResult result = splitAndProcessBuffer(
      llvm::MemoryBuffer::getMemBuffer(whole, /*RequiresNullTerminator=*/false),
      [&](std::unique_ptr<llvm::MemoryBuffer> chunk, const llvm::MemoryBufferRef &buffer, raw_ostream &os) {
        return opt.process(std::move(chunk), buffer, os);
      },
      output->os(), config.inputSplitMarker(), config.outputSplitMarker());
  if (verifier) result = success(succeeded(result) && succeeded(verifier->verify()));
  if (failed(result)) return 1;
  output->keep();
  return 0;
}

void mograph::printVersion() {
  llvm::cl::PrintVersionMessage();
  llvm::outs().flush();
}
