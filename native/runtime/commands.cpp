// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "commands.hpp"

namespace mograph {

void Commands::launch(const Kernel *kernel, std::array<std::int64_t, 3> grid, const std::int64_t *words,
                      std::size_t count) {
  if (grid[0] == 0 || grid[1] == 0 || grid[2] == 0) return;
  commands_.push_back({Action::launch, stream, kernel, grid, words_.size(), count});
  words_.insert(words_.end(), words, words + count);
}

void Commands::copy(Action action, Address target, Address source, std::int64_t bytes) {
  if (bytes == 0) return;
  auto number = [](Address address) { return static_cast<std::int64_t>(address); };
  commands_.push_back({action, stream, nullptr, {number(target), number(source), bytes}, 0, 0});
}

void Commands::fill(Address target, std::uint8_t byte, std::int64_t bytes) {
  if (bytes) commands_.push_back({Action::fill, stream, nullptr, {static_cast<std::int64_t>(target), byte, bytes}, 0, 0});
}

void Commands::event(Action action, std::int64_t number) {
  commands_.push_back({action, stream, nullptr, {number, 0, 0}, 0, 0});
}

void Commands::clear() {
  commands_.clear();
  words_.clear();
}

}  // namespace mograph
