// SPDX-License-Identifier: GPL-2.0-or-later
// The registers of QEMU's processors, as far as addresses are computed from them.
#pragma once

#include "machine/cache-model/instruction.hpp"
#include "machine/cache-model/plugin/plugin_api.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace ipu3::cache {

struct ByteArrayEnd {
    void operator()(GByteArray* array) const { g_byte_array_unref(array); }
};
using ByteArray = std::unique_ptr<GByteArray, ByteArrayEnd>;
[[nodiscard]] ByteArray make_byte_array();

/// Handles of one processor's registers. Used in that processor's callbacks only.
class RegisterHandles {
  public:
    /// Looks the registers up; in the processor's initialisation callback. Throws
    /// std::runtime_error for one that is not there.
    [[nodiscard]] static RegisterHandles find();

    /// Whether the processor is in long mode, where addresses are computed as decode() has them.
    [[nodiscard]] bool long_mode() const;
    /// What @p operand needs; the other registers are zero.
    [[nodiscard]] RegisterValues read(const MemoryOperand& operand) const;

  private:
    [[nodiscard]] static std::uint64_t value_of(qemu_plugin_register* handle);

    std::array<qemu_plugin_register*, register_count> general_{};
    qemu_plugin_register* fs_base_{};
    qemu_plugin_register* gs_base_{};
    qemu_plugin_register* efer_{};
};

} // namespace ipu3::cache
