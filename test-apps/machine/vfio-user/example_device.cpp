// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/example_device.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace vfio_user {
namespace {

constexpr std::array bars{BarSpec{0, ExampleDevice::bar0_size, true, false},
                          BarSpec{2, ExampleDevice::bar2_size, false, true}};
constexpr std::uint64_t page = 4096;

PciConfigSpec example_spec() {
    return {.identity = {0x1234, 0x11e8, 0x1af4, 0x1100, 0x00ff00, 0x10},
            .bars = bars,
            .msi = MsiSpec{ExampleDevice::vectors, true}};
}

base::UniqueFd example_memory() {
    base::UniqueFd fd{::memfd_create("example-bar", MFD_CLOEXEC)};
    if (!fd || ::ftruncate(fd.get(), ExampleDevice::bar2_size) != 0) {
        throw std::system_error{errno, std::generic_category(), "memory of the example device"};
    }
    return fd;
}

template <typename T>
T load(std::span<const std::byte> bytes, std::uint64_t offset) {
    T object{};
    std::memcpy(&object, bytes.subspan(offset, sizeof(T)).data(), sizeof(T));
    return object;
}

} // namespace

ExampleDevice::ExampleDevice()
    : config_{example_spec()}, memory_{example_memory()},
      mappable_{memory_.get(), {{page, page}, {2 * page, page}}} {
    clear_registers();
}

void ExampleDevice::bar_read(unsigned bar, std::uint64_t offset, std::span<std::byte> data) {
    if (bar == 0) {
        std::memcpy(data.data(), &registers_.at(offset), data.size());
        return;
    }
    const auto number = offset / page;
    if (number == 0 || number == 3) {
        std::ranges::fill(data, static_cast<std::byte>(number));
        return;
    }
    if (::pread(memory_.get(), data.data(), data.size(), static_cast<off_t>(offset)) < 0) {
        throw std::system_error{errno, std::generic_category(), "reading the example's memory"};
    }
}

void ExampleDevice::bar_write(unsigned bar, std::uint64_t offset, std::span<const std::byte> data) {
    if (bar == 2) {
        const auto number = offset / page;
        if ((number == 1 || number == 2) &&
            ::pwrite(memory_.get(), data.data(), data.size(), static_cast<off_t>(offset)) < 0) {
            throw std::system_error{errno, std::generic_category(), "writing the example's memory"};
        }
        return;
    }
    if (offset < inverted) {
        return;
    }
    std::memcpy(&registers_.at(offset), data.data(), data.size());
    const auto is = [&](std::uint64_t reg) { return offset == reg && data.size() == 4; };
    if (is(inverted)) {
        const auto value = ~load<std::uint32_t>(registers_, inverted);
        std::memcpy(&registers_.at(inverted), &value, sizeof(value));
    } else if (is(dma_command)) {
        run(load<std::uint32_t>(registers_, dma_command));
    } else if (is(raise)) {
        upstream_->raise_msi(load<std::uint32_t>(registers_, raise));
    }
}

void ExampleDevice::reset() {
    clear_registers();
    ++resets;
}

void ExampleDevice::clear_registers() {
    registers_ = {};
    std::memcpy(&registers_.at(id), &id_value, sizeof(id_value));
}

void ExampleDevice::run(std::uint32_t command) {
    const auto address = Iova{load<std::uint64_t>(registers_, dma_address)};
    const auto room = std::span{registers_}.subspan(buffer);
    const auto data =
        room.first(std::min<std::size_t>(load<std::uint32_t>(registers_, dma_size), room.size()));
    const auto done = command == 1 ? upstream_->memory().read(address, data)
                                   : upstream_->memory().write(address, data);
    fault = done ? std::nullopt : std::optional{done.error()};
    const std::uint32_t status = done ? 0 : 1;
    std::memcpy(&registers_.at(dma_status), &status, sizeof(status));
}

} // namespace vfio_user
