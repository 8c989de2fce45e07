// SPDX-License-Identifier: GPL-2.0-or-later
// A small guest RAM with a cache model, and a processor and a device that use them.
#pragma once

#include "machine/cache-model/model.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace ipu3::cache {

inline constexpr std::uint64_t test_pages = 8;

template <typename T>
T must(base::Result<T> result) {
    if (!result) {
        throw std::runtime_error{result.error().message};
    }
    return std::move(*result);
}

inline base::UniqueFd make_test_ram(std::uint64_t size) {
    base::UniqueFd fd{::memfd_create("test-ram", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 ||
        ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK) != 0) {
        throw std::runtime_error{"cannot make the test's RAM"};
    }
    return fd;
}

class TestMachine {
  public:
    explicit TestMachine(ModelSpec spec = {}, std::string_view device = "camera")
        : spec_{complete(std::move(spec))}, ram_{make_test_ram(spec_.ram_size)},
          state_{must(CacheModel::make_state(spec_))}, model_{attach()},
          device_{model_.function(device).value()} {}

    [[nodiscard]] CacheModel attach() const {
        return must(CacheModel::attach(state_.get(), ram_.get()));
    }
    [[nodiscard]] CacheModel& model() { return model_; }
    [[nodiscard]] int ram_fd() const { return ram_.get(); }
    [[nodiscard]] int state_fd() const { return state_.get(); }
    [[nodiscard]] FunctionNumber device() const { return device_; }

    /// A write by a device of QEMU's, or a store that nobody saw.
    void poke(std::uint64_t at, std::string_view bytes) {
        std::ranges::copy(std::as_bytes(std::span{bytes}), model_.ram().subspan(at).begin());
    }
    void store(std::uint64_t at, std::string_view bytes) {
        poke(at, bytes);
        model_.store(RamOffset{at}, bytes.size());
    }
    [[nodiscard]] std::string load(std::uint64_t at, std::size_t size) {
        model_.load(RamOffset{at}, size);
        std::string bytes(size, '\0');
        std::memcpy(bytes.data(), model_.ram().data() + at, size);
        return bytes;
    }
    bool flush(std::uint64_t at, Flush kind = Flush::invalidate) {
        return model_.flush(RamOffset{at}, kind);
    }
    [[nodiscard]] std::string device_read(std::uint64_t at, std::size_t size) {
        std::string bytes(size, '\0');
        model_.device_read(device_, RamOffset{at}, std::as_writable_bytes(std::span{bytes}));
        return bytes;
    }
    void device_write(std::uint64_t at, std::string_view bytes) {
        model_.device_write(device_, RamOffset{at}, std::as_bytes(std::span{bytes}));
    }
    /// A function of the board that snoops, and whose writes do not stay in the caches.
    void snooped_write(std::uint64_t at, std::string_view bytes) {
        model_.snooped_write(RamOffset{at}, std::as_bytes(std::span{bytes}));
    }
    [[nodiscard]] std::string snooped_read(std::uint64_t at, std::size_t size) const {
        std::string bytes(size, '\0');
        model_.snooped_read(RamOffset{at}, std::as_writable_bytes(std::span{bytes}));
        return bytes;
    }

    [[nodiscard]] const shared::CpuTotals& cpu() const { return model_.header().cpu; }
    [[nodiscard]] const shared::FunctionTotals& camera() const {
        return model_.header().functions.at(0);
    }

  private:
    static ModelSpec complete(ModelSpec spec) {
        if (spec.ram_size == 0) {
            spec.ram_size = test_pages * page_size;
        }
        if (spec.functions.empty()) {
            spec.functions = {{.name = "camera"}, {.name = "other"}};
        }
        return spec;
    }

    ModelSpec spec_;
    base::UniqueFd ram_;
    base::UniqueFd state_;
    CacheModel model_;
    FunctionNumber device_;
};

inline std::string poisoned(std::size_t size) {
    std::string bytes(size, static_cast<char>(poison));
    return bytes;
}

} // namespace ipu3::cache
