// SPDX-License-Identifier: GPL-2.0-or-later
// What the user asked for, parsed and checked before anything is started.
#pragma once

#include "lib/base/parse_exit.hpp"
#include "machine/cache-model/function_spec.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace ipu3::vm {

/// Exit statuses of the launcher's own, beside the guest command's.
inline constexpr int exit_usage = 2;
inline constexpr int exit_timeout = 124;
inline constexpr int exit_machine = 125;
inline constexpr int exit_kernel_report = 126;

/// DMA test functions that a machine can have.
inline constexpr unsigned max_dmatest = 2;

enum class Drivers : std::uint8_t {
    automatic, ///< the project's if any were built for the kernel, else the kernel's own
    project,
    stock
};

/// Whose firmware file the ImgU has.
enum class ImguFirmware : std::uint8_t {
    automatic, ///< Debian's if the root tree has it, else the stand-in
    debian,
    stand_in
};

/// The cache model: which functions do not snoop the processors' caches, and how it is done.
struct CacheOptions {
    std::vector<cache::FunctionSpec> functions; ///< empty: no model
    bool ddio{false};                   ///< what functions that snoop write stays in the caches
    std::optional<std::uint64_t> evict; ///< evict lines at random, by this seed
    bool fast{false};                   ///< find stores by comparing instead of by watching them
    bool loads{false};                  ///< watch loads, too
};

/// Folders that may lie over the guest's root.
inline constexpr unsigned max_overlays = 3;

struct Options {
    std::string kernel{"stable"}; ///< one of the root tree's, or a path: see is_own_kernel()
    std::optional<std::filesystem::path> kernel_modules; ///< of an image that is named by its path
    Drivers drivers{Drivers::automatic};
    std::optional<std::filesystem::path>
        modules; ///< the project's .ko files; none: the build tree's
    std::string sensors{"ov5693"};
    std::string scene{"counter"};
    bool pace{false}; ///< sensors wait for a guest that is slow
    unsigned slow{1}; ///< how many times as long sensors' frames take
    bool vtd{false};
    std::vector<std::string> faults;
    std::string sabotage; ///< a deliberate mistake in the device models; empty: none
    unsigned dmatest{0};  ///< DMA test functions beside the camera, 0 to max_dmatest
    bool imgu{false};     ///< an image processor, too
    ImguFirmware imgu_firmware{ImguFirmware::automatic};
    std::optional<std::filesystem::path> record; ///< what its driver tells it
    CacheOptions cache;
    std::vector<std::filesystem::path> overlays; ///< lie over the guest's root, the last uppermost
    std::vector<std::filesystem::path> plugins;  ///< further TCG plugins for QEMU
    std::uint64_t seed{1};
    std::uint64_t memory_mib{1024};
    unsigned cpus{2};
    std::string append;
    std::chrono::duration<double> timeout{300}; ///< zero: none
    bool timeout_grows{true};                   ///< nobody named it: more for a slow kernel
    std::optional<std::filesystem::path> share; ///< none: build/share, which is made
    std::optional<std::filesystem::path> log;   ///< none: build/log; made if its parent is there
    bool allow_warn{false};
    bool devices{true};               ///< false: a machine without the IPU3
    bool verbose{false};              ///< say on stderr how the boot goes
    std::vector<std::string> command; ///< empty: an interactive shell
};

using base::ParseExit;

/// @p arguments without the program's name. Values that need no other library are checked here:
/// sizes, numbers, words; names of sensors, scenes, kernels and faults are checked by
/// check_devices() and find_kernel().
[[nodiscard]] tl::expected<Options, ParseExit>
parse_options(std::span<const std::string> arguments);

} // namespace ipu3::vm
