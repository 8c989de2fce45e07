// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/cache_session.hpp"

#include "machine/cache-model/report.hpp"
#include "machine/vm/initramfs.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <unistd.h>

namespace ipu3::vm {
namespace {

constexpr std::uint64_t mebi = std::uint64_t{1} << 20U;

/// Sealed as QEMU's own memory backend seals its file: whoever maps it can rely on its size.
base::Result<base::UniqueFd> make_ram(std::uint64_t size) {
    base::UniqueFd fd{::memfd_create("ipu3-ram", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 ||
        ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        return base::fail_errno(errno, "cannot make the guest's RAM");
    }
    return fd;
}

/// Why the findings of a model say nothing; empty when they do.
std::string distrust(const nlohmann::json& cpu) {
    if (cpu.at("processors") == 0) {
        return "its plugin met no processor";
    }
    if (cpu.at("mapping_errors") != 0) {
        return "this QEMU's guest memory is laid out differently";
    }
    return {};
}

} // namespace

base::Result<CacheSession> CacheSession::make(const Options& options) {
    const auto size = options.memory_mib * mebi;
    auto ram = make_ram(size);
    if (!ram) {
        return tl::unexpected{ram.error()};
    }
    auto state = cache::CacheModel::make_state(
        {.ram_size = size,
         .dirtiness = options.cache.fast ? cache::Dirtiness::compared : cache::Dirtiness::exact,
         .loads = options.cache.loads,
         .evict = options.cache.evict,
         .ddio = options.cache.ddio,
         .functions = options.cache.functions});
    if (!state) {
        return tl::unexpected{state.error()};
    }
    auto model = cache::CacheModel::attach(state->get(), ram->get());
    if (!model) {
        return tl::unexpected{model.error()};
    }
    return CacheSession{std::move(*ram), std::move(*state), std::move(*model)};
}

int CacheSession::conclude(int status, const std::filesystem::path& file) {
    const auto report = cache::report(model_);
    if (auto written = write_file(file, report.dump(1) + "\n"); !written) {
        fmt::print(stderr, "ipu3-vm: {}\n", written.error().message);
        return exit_machine;
    }
    fmt::print(stderr, "ipu3-vm: cache: {}\n", cache::summary(report));
    if (const auto reason = distrust(report.at("cpu")); !reason.empty() && status != exit_machine) {
        fmt::print(stderr, "ipu3-vm: the cache model failed: {}\n", reason);
        return exit_machine;
    }
    return status;
}

} // namespace ipu3::vm
