// SPDX-License-Identifier: GPL-2.0-or-later
// BAR accesses of any size to registers that are 32-bit words.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace vfio_user {

inline constexpr std::size_t word_bytes = 4;

/// Fills @p data with the registers' bytes from @p offset on. @p read_word gets a word's offset and
/// returns its value; each word that has a part in it is read once.
template <typename ReadWord>
void read_words(std::uint64_t offset, std::span<std::byte> data, ReadWord read_word) {
    for (std::size_t done = 0; done < data.size();) {
        const auto within = static_cast<std::size_t>((offset + done) % word_bytes);
        const auto size = std::min(data.size() - done, word_bytes - within);
        const std::uint32_t value = read_word(offset + done - within);
        const auto shifted = value >> (8U * within);
        std::memcpy(data.subspan(done, size).data(), &shifted, size);
        done += size;
    }
}

/// Calls @p write_word(offset, value) for each word of @p data. False, and nothing is written, when
/// these are not whole words: buses to registers have no byte enables.
template <typename WriteWord>
[[nodiscard]] bool write_words(std::uint64_t offset, std::span<const std::byte> data,
                               WriteWord write_word) {
    if (offset % word_bytes != 0 || data.size() % word_bytes != 0) {
        return false;
    }
    for (std::size_t done = 0; done < data.size(); done += word_bytes) {
        std::uint32_t value = 0;
        std::memcpy(&value, data.subspan(done, word_bytes).data(), word_bytes);
        write_word(offset + done, value);
    }
    return true;
}

} // namespace vfio_user
