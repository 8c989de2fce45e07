// SPDX-License-Identifier: GPL-2.0-or-later
// The machine as QEMU's command line: a pure function of what was asked for.
#pragma once

#include "machine/vm/options.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipu3::vm {

/// What connects QEMU with the cache model.
struct CacheFiles {
    std::filesystem::path plugin;
    int state_fd{-1}; ///< the model's state
    int ram_fd{-1};   ///< the file of the guest's RAM
};

struct Machine {
    std::filesystem::path kernel;
    std::filesystem::path initramfs;
    std::filesystem::path root; ///< the tree
    std::filesystem::path share;
    std::filesystem::path programs; ///< the project's, for the guest
    std::uint64_t memory_mib{1024};
    unsigned cpus{2};
    bool vtd{false};
    unsigned dmatest{0}; ///< DMA test functions, as many as dmatest_functions has at most
    bool imgu{false};
    std::vector<std::filesystem::path> layers; ///< lie over the root, the last uppermost
    std::string append;                        ///< the user's words for the kernel
    /// Frequency of the time stamp counter, which the emulated processor passes through; 0:
    /// unknown.
    unsigned tsc_khz{0};
    int console_fd{-1}; ///< a connected socket: the serial console's output
    int agent_fd{-1};   ///< a connected socket: frames from and to the agent
    /// The folder of the device process's sockets; none: a machine without the IPU3.
    std::optional<std::filesystem::path> sockets;
    std::optional<std::filesystem::path> ssdt;  ///< compiled
    std::optional<CacheFiles> cache;            ///< none: every device is coherent
    std::vector<std::filesystem::path> plugins; ///< TCG plugins beside the cache model's
};

/// Names of the device process's sockets, and where a Skylake-U's chipset has the functions
/// (Intel 6th generation I/O datasheet, volume 1, "PCI devices and functions").
struct Function {
    std::string_view socket;
    std::string_view address;
    bool first; ///< function 0 of a slot with more of them
};
inline constexpr Function cio2_function{"cio2.sock", "14.3", false};
inline constexpr Function i2c0_function{"i2c0.sock", "15.0", true};
inline constexpr Function i2c1_function{"i2c1.sock", "15.1", false};
inline constexpr Function imgu_function{"imgu.sock", "05.0", false};
/// In slots of their own, so that a VT-d gives each an address space of its own.
inline constexpr std::array<Function, max_dmatest> dmatest_functions{
    {{"dmatest0.sock", "06.0", false}, {"dmatest1.sock", "07.0", false}}};

/// As many layers as --overlay and a kernel of the user's own need; slots from 1b on.
inline constexpr unsigned max_layers = max_overlays + 1;
/// The 9p mount tag of a layer, by its index in Machine::layers.
[[nodiscard]] std::string layer_tag(std::size_t index);

/// Throws std::out_of_range if there are more layers than max_layers.
[[nodiscard]] std::vector<std::string> qemu_command(const Machine& machine);

/// The kernel's command line.
[[nodiscard]] std::string kernel_arguments(const Machine& machine);

} // namespace ipu3::vm
