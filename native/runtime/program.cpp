// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program.hpp"

namespace mograph {
namespace {

constexpr std::size_t kPiece = 16;  // commands: the device is at work while host code still makes the rest

struct Held {
  DeviceBlock block;
  std::int64_t references;
};

// A run of an entry on a thread. None of its functions throws; what went wrong is in the outcome.
class Run {
 public:
  Run(Program &program, bool keep) : program_(program), queue_(*program.queue()), keep_(keep) {}

  // Gives back what is still held: the device runs what was submitted before anything else gets this memory.
  ~Run() {
    for (auto &[address, held] : held_) queue_.give(held.block);
    for (auto block : spare_) queue_.give(block);
    for (auto block : frozen_) queue_.give(block);
  }

  Failure allocate(std::int64_t bytes, Address &address) {
    DeviceBlock block;
    if (!take_spare(bytes, block)) {
      auto failure = failed(queue_.take(bytes, block), bytes);
      if (failure != Failure::none) return failure;
    }
    held_[block.address] = {block, 1};
    address = block.address;
    return Failure::none;
  }

  void retain(Address address) {
    auto found = held_.find(address);
    if (found != held_.end()) ++found->second.references;
  }

  // What is released is for this run alone until its commands are submitted.
  void release(Address address) {
    auto found = held_.find(address);
    if (found == held_.end() || --found->second.references > 0) return;
    spare_.push_back(found->second.block);
    held_.erase(found);
  }

  Failure launch(std::int64_t number, std::array<std::int64_t, 3> grid, const std::int64_t *words, std::int64_t count) {
    const auto &kernels = *program_.kernels();
    if (number < 0 || number >= static_cast<std::int64_t>(kernels.size()))
      return refuse("there is no kernel " + std::to_string(number) + ", there are " + std::to_string(kernels.size()));
    const auto &kernel = *kernels[static_cast<std::size_t>(number)];
    if (kernel.arguments != "?" && static_cast<std::int64_t>(kernel.arguments.size()) != count)
      return refuse("kernel " + kernel.name + " takes " + std::to_string(kernel.arguments.size()) + " words, found " +
                    std::to_string(count));
    for (auto extent : grid)
      if (extent < 0) return refuse("kernel " + kernel.name + ": a grid of " + std::to_string(extent) + " blocks");
    commands_->owner = program_.kernels();
    commands_->launch(&kernel, grid, words, static_cast<std::size_t>(count));
    return submit_pieces();
  }

  Failure copy(Address target, Address source, std::int64_t bytes) {
    commands_->copy(Action::copy, target, source, bytes);
    return submit_pieces();
  }

  Failure upload(Address target, const void *host, std::int64_t bytes) {
    if (bytes == 0) return Failure::none;
    auto source = reinterpret_cast<Address>(host);
    if (keep_) return freeze(target, source, bytes);
    commands_->copy(Action::upload, target, source, bytes);
    return submit();  // the host's memory is ours for this call only
  }

  Failure download(void *host, Address source, std::int64_t bytes) {
    if (keep_)
      return refuse("cannot be captured: what it does depends on a value that it reads from " + program_.device() +
                    " while it runs");
    commands_->copy(Action::download, reinterpret_cast<Address>(host), source, bytes);
    auto failure = submit();
    return failure == Failure::none ? failed(queue_.wait(), 0) : failure;
  }

  Failure constant(const void *host, std::int64_t bytes, Address &address) {
    return failed(program_.constant(host, bytes, address), bytes);
  }

  Failure submit() {
    if (keep_ || commands_->empty()) return Failure::none;
    auto went = queue_.submit(commands_);
    if (commands_.use_count() == 1)
      commands_->clear();
    else
      commands_ = std::make_shared<Commands>();
    return failed(went, 0);
  }

  // The memory of a result that starts at `first` of the block `allocated`: the block itself, or a copy.
  Failure result(Address allocated, Address first, std::int64_t bytes, std::shared_ptr<Memory> &memory) {
    auto found = held_.find(allocated);
    if (found == held_.end() || found->second.references > 1 || first != allocated) {
      Address copied;
      auto failure = allocate(bytes, copied);
      if (failure == Failure::none) failure = copy(copied, first, bytes);
      if (failure != Failure::none) return failure;
      release(allocated);
      found = held_.find(copied);
    }
    memory = std::make_shared<Memory>(program_.queue(), found->second.block, bytes);
    held_.erase(found);
    return Failure::none;
  }

  // Hands over the list of a run that is kept, and all memory that is in it.
  void hand_over(Ran &ran) {
    ran.commands = std::move(commands_);
    for (auto &[address, held] : held_) spare_.push_back(held.block);
    held_.clear();
    spare_.insert(spare_.end(), frozen_.begin(), frozen_.end());
    frozen_.clear();
    for (auto block : spare_)
      ran.owned.push_back(
          std::make_shared<Memory>(program_.queue(), block, static_cast<std::int64_t>(block.capacity)));
    spare_.clear();
  }

  std::string message;  // of the last failure

 private:
  bool take_spare(std::int64_t bytes, DeviceBlock &block) {
    for (auto it = spare_.begin(); it != spare_.end(); ++it) {
      auto capacity = static_cast<std::int64_t>(it->capacity);
      if (capacity < bytes || capacity / 4 > bytes) continue;
      block = *it;
      spare_.erase(it);
      return true;
    }
    return false;
  }

  // Uploads to memory of the graph now, which every replay copies from.
  Failure freeze(Address target, Address host, std::int64_t bytes) {
    DeviceBlock block;
    auto failure = failed(queue_.take(bytes, block), bytes);
    if (failure != Failure::none) return failure;
    frozen_.push_back(block);
    auto once = std::make_shared<Commands>();
    once->copy(Action::upload, block.address, host, bytes);
    commands_->copy(Action::copy, target, block.address, bytes);
    return failed(queue_.submit(once), 0);
  }

  Failure submit_pieces() { return commands_->all().size() < kPiece ? Failure::none : submit(); }

  Failure refuse(std::string text) {
    message = std::move(text);
    return Failure::check;
  }

  Failure failed(Went went, std::int64_t bytes) {
    if (went == Went::well) return Failure::none;
    if (went == Went::error) return Failure::python;
    message = std::to_string(bytes) + " bytes of " + program_.device();
    return Failure::memory;
  }

  Program &program_;
  Queue &queue_;
  bool keep_;
  std::shared_ptr<Commands> commands_ = std::make_shared<Commands>();
  std::unordered_map<Address, Held> held_;
  std::vector<DeviceBlock> spare_;   // released
  std::vector<DeviceBlock> frozen_;  // what the host uploaded in a run that is kept
};

thread_local Run *current = nullptr;

void ensure(Failure failure) {
  if (failure == Failure::none) return;
  current_outcome().message = std::move(current->message);
  unwind(failure);
}

// The functions' frames hold nothing with a destructor when they unwind.
extern "C" {

void *mograph_device_allocate(Program *, std::int64_t bytes) {
  Address address = 0;
  ensure(current->allocate(bytes, address));
  return reinterpret_cast<void *>(address);
}

void mograph_device_retain(Program *, Address address) { current->retain(address); }

void mograph_device_release(Program *, Address address) { current->release(address); }

void mograph_device_launch(Program *, std::int64_t kernel, std::int64_t x, std::int64_t y, std::int64_t z,
                           const std::int64_t *words, std::int64_t count) {
  ensure(current->launch(kernel, {x, y, z}, words, count));
}

void mograph_device_copy(Program *, Address target, Address source, std::int64_t bytes) {
  ensure(current->copy(target, source, bytes));
}

void mograph_device_upload(Program *, Address target, const void *host, std::int64_t bytes) {
  ensure(current->upload(target, host, bytes));
}

void mograph_device_download(Program *, void *host, Address source, std::int64_t bytes) {
  ensure(current->download(host, source, bytes));
}

void *mograph_device_constant(Program *, const void *host, std::int64_t bytes) {
  Address address = 0;
  ensure(current->constant(host, bytes, address));
  return reinterpret_cast<void *>(address);
}
}

}  // namespace

Went Program::constant(const void *host, std::int64_t bytes, Address &address) {
  std::lock_guard lock(mutex_);
  auto &memory = constants_[host];
  if (!memory) {
    DeviceBlock block;
    if (auto went = queue_->take(bytes, block); went != Went::well) return went;
    memory = std::make_shared<Memory>(queue_, block, bytes);
    auto commands = std::make_shared<Commands>();
    commands->copy(Action::upload, block.address, reinterpret_cast<Address>(host), bytes);
    if (auto went = queue_->submit(commands); went != Went::well) {
      memory.reset();
      return went;
    }
  }
  address = memory->address();
  return Went::well;
}

Ran Program::run(Entry entry, const std::vector<std::int64_t> &words, const std::vector<DeviceOutput> &outputs,
                 bool keep) {
  Ran ran;
  std::vector<std::int64_t> frame(words);
  for (auto output : outputs) frame.resize(frame.size() + 3 + 2 * static_cast<std::size_t>(output.rank));
  Run run(*this, keep);
  Run *outer = current;
  current = &run;
  BlockList blocks;  // of the host
  ran.outcome = call_entry(entry, frame.data(), blocks);
  current = outer;
  if (ran.outcome.failure != Failure::none) return ran;
  auto fails = [&](Failure failure) {
    ran.outcome = {failure, std::move(run.message)};
    return failure != Failure::none;
  };
  const std::int64_t *word = frame.data() + words.size();
  for (auto output : outputs) {
    DeviceResult result{nullptr, {word + 3, word + 3 + output.rank}};
    std::int64_t bytes = output.itemsize;
    for (auto extent : result.shape) bytes *= extent;
    auto first = static_cast<Address>(word[1] + word[2] * output.itemsize);
    if (fails(run.result(static_cast<Address>(word[0]), first, bytes, result.memory))) return ran;
    ran.results.push_back(std::move(result));
    word += 3 + 2 * output.rank;
  }
  if (keep)
    run.hand_over(ran);
  else
    fails(run.submit());
  return ran;
}

const std::vector<std::pair<const char *, void *>> &device_symbols() {
  static const std::vector<std::pair<const char *, void *>> symbols = {
      {"mograph_device_allocate", reinterpret_cast<void *>(&mograph_device_allocate)},
      {"mograph_device_retain", reinterpret_cast<void *>(&mograph_device_retain)},
      {"mograph_device_release", reinterpret_cast<void *>(&mograph_device_release)},
      {"mograph_device_launch", reinterpret_cast<void *>(&mograph_device_launch)},
      {"mograph_device_copy", reinterpret_cast<void *>(&mograph_device_copy)},
      {"mograph_device_upload", reinterpret_cast<void *>(&mograph_device_upload)},
      {"mograph_device_download", reinterpret_cast<void *>(&mograph_device_download)},
      {"mograph_device_constant", reinterpret_cast<void *>(&mograph_device_constant)},
  };
  return symbols;
}

}  // namespace mograph
