// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/membench/plugin/kernel_space.hpp"

#include <stdexcept>

namespace ipu3::membench {

std::optional<std::size_t> CodePieces::number(std::uint64_t address) {
    if (address < kernel_space_start) {
        return std::nullopt;
    }
    const std::scoped_lock lock{mutex_};
    const auto [found, is_new] = numbers_.try_emplace(address / code_piece_bytes, numbers_.size());
    if (is_new && numbers_.size() > most_) {
        numbers_.erase(found);
        throw std::length_error{"the kernel has carried out more code than can be counted"};
    }
    return found->second;
}

std::optional<std::size_t> CodePieces::find(std::uint64_t address) const {
    const std::scoped_lock lock{mutex_};
    const auto found = numbers_.find(address / code_piece_bytes);
    return found == numbers_.end() ? std::nullopt : std::optional{found->second};
}

} // namespace ipu3::membench
