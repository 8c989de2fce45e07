// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/guest/dma_engine.hpp"

#include "lib/base/unique_fd.hpp"
#include "machine/virtual-ipu3/dmatest/registers.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace cache_probe {
namespace {

namespace fs = std::filesystem;
namespace reg = ipu3::dmatest::reg;

constexpr std::uint64_t first_slot = reg::slot::base;
constexpr off_t pci_command = 4;
constexpr std::uint16_t memory_and_master = 0x0006;

std::string first_word(const fs::path& path) {
    std::ifstream file{path};
    std::string word;
    file >> word;
    return word;
}

/// The one with the lowest address, which is the first: a folder's order is anything.
base::Result<fs::path> find_function() {
    std::error_code error;
    fs::path found;
    for (const auto& entry : fs::directory_iterator{"/sys/bus/pci/devices", error}) {
        if (first_word(entry.path() / "vendor") == "0x1234" &&
            first_word(entry.path() / "device") == "0x1d0a" &&
            (found.empty() || entry.path() < found)) {
            found = entry.path();
        }
    }
    if (found.empty()) {
        return base::fail("there is no DMA test function");
    }
    return found;
}

/// As a driver's probe would: out of D3, memory decoding and bus mastering on.
base::Result<void> enable(const fs::path& function) {
    std::ofstream{function / "enable"} << "1\n";
    const base::UniqueFd config{::open((function / "config").c_str(), O_RDWR | O_CLOEXEC)};
    std::uint16_t command = 0;
    if (!config || ::pread(config.get(), &command, sizeof(command), pci_command) !=
                       static_cast<ssize_t>(sizeof(command))) {
        return base::fail_errno(errno, "cannot read the function's configuration");
    }
    command |= memory_and_master;
    if (::pwrite(config.get(), &command, sizeof(command), pci_command) !=
        static_cast<ssize_t>(sizeof(command))) {
        return base::fail_errno(errno, "cannot enable the function");
    }
    return {};
}

} // namespace

base::Result<DmaEngine> DmaEngine::find() {
    const auto function = find_function();
    if (!function) {
        return tl::unexpected{function.error()};
    }
    if (auto enabled = enable(*function); !enabled) {
        return tl::unexpected{enabled.error()};
    }
    const base::UniqueFd bar{::open((*function / "resource0").c_str(), O_RDWR | O_CLOEXEC)};
    if (!bar) {
        return base::fail_errno(errno, "cannot open the function's registers");
    }
    auto registers = ipu3::cache::Mapping::open(bar.get(), reg::bar_size);
    if (!registers) {
        return tl::unexpected{registers.error()};
    }
    DmaEngine engine{std::move(*registers)};
    if (engine.read(reg::Id::offset) != reg::Id::value) {
        return base::fail("the function answers {:#x} for its identity",
                          engine.read(reg::Id::offset));
    }
    engine.write(reg::Control::offset, reg::Control::Bypass::mask);
    return engine;
}

void DmaEngine::write(std::uint64_t offset, std::uint32_t number) {
    *reinterpret_cast<volatile std::uint32_t*>(registers_.bytes().data() + offset) = number;
}

std::uint32_t DmaEngine::read(std::uint64_t offset) const {
    return *reinterpret_cast<const volatile std::uint32_t*>(registers_.bytes().data() + offset);
}

void DmaEngine::copy(Physical from, Physical to, std::uint32_t bytes) {
    using namespace reg::slot;
    const auto set = [this]<typename Register>(Register, std::uint64_t number) {
        write(first_slot + Register::offset, static_cast<std::uint32_t>(number));
    };
    set(Command{}, static_cast<std::uint32_t>(Operation::copy));
    set(SourceLow{}, value(from));
    set(SourceHigh{}, value(from) >> 32U);
    set(AddressLow{}, value(to));
    set(AddressHigh{}, value(to) >> 32U);
    set(LineBytes{}, bytes);
    set(Lines{}, 1);
    set(Stride{}, bytes);
    set(Delay{}, 0);
    set(Beyond{}, 0);
    set(Doorbell{}, 1);
    // Each read is a round trip to the device process, so this does not spin for long.
    auto result = Result::from(read(first_slot + Result::offset));
    while (result.get<Result::State>() != static_cast<std::uint32_t>(State::done)) {
        result = Result::from(read(first_slot + Result::offset));
    }
    if (result.get<Result::Code>() != static_cast<std::uint32_t>(Code::ok)) {
        throw std::runtime_error{"the device reports the failure " +
                                 std::to_string(result.get<Result::Code>())};
    }
}

} // namespace cache_probe
