// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-cache-plugin.so: tells the cache model of the processors' flushes, stores and loads.
// Options: state=FD,ram=FD, descriptors that QEMU was started with.
#include "lib/base/number.hpp"
#include "machine/cache-model/instruction.hpp"
#include "machine/cache-model/model.hpp"
#include "machine/cache-model/plugin/plugin_api.hpp"
#include "machine/cache-model/plugin/processors.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <deque>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace ipu3::cache {
namespace {

constexpr std::size_t longest_instruction = 15;
/// How often a page of guest RAM is compared with what QEMU reads: a processor may be storing to it
/// meanwhile.
constexpr int mapping_attempts = 100;

class Plugin {
  public:
    Plugin(CacheModel model, std::size_t processors)
        : model_{std::move(model)}, layout_{model_.ram_size()}, processors_(processors) {}

    void processor_found(unsigned index);
    void translated(qemu_plugin_tb* block);
    void stored(qemu_plugin_meminfo_t info, std::uint64_t address);
    void loaded(qemu_plugin_meminfo_t info, std::uint64_t address);

  private:
    /// One place in the guest's code with a cache instruction. QEMU keeps pointers to them in its
    /// translations, which come and go; they are few, so they stay.
    struct Site {
        Plugin* plugin;
        CacheInstruction instruction;
        std::uint64_t next; ///< the next instruction's address
        bool operator==(const Site& other) const {
            return next == other.next && bytes == other.bytes;
        }
        std::array<std::uint8_t, longest_instruction> bytes;
    };

    [[nodiscard]] Site* site(qemu_plugin_insn* instruction);
    static void on_executed(unsigned index, void* site) noexcept;
    static void on_access(unsigned index, qemu_plugin_meminfo_t info, std::uint64_t address,
                          void* plugin) noexcept;
    void executed(unsigned index, const Site& site);
    void flush_line(unsigned index, const Site& site, Flush kind);
    void check_mapping(GuestPhysical address, RamOffset offset);
    template <typename Note>
    void accessed(qemu_plugin_meminfo_t info, std::uint64_t address, const Note& note);

    CacheModel model_;
    RamLayout layout_;
    std::vector<std::optional<RegisterHandles>> processors_;
    std::mutex sites_lock_; ///< of sites_: blocks are translated on all processors' threads
    std::deque<Site> sites_;
};

void Plugin::processor_found(unsigned index) {
    processors_.at(index) = RegisterHandles::find();
    CacheModel::count(model_.cpu_totals().processors);
}

Plugin::Site* Plugin::site(qemu_plugin_insn* instruction) {
    std::array<std::uint8_t, longest_instruction> bytes{};
    const auto size = qemu_plugin_insn_size(instruction);
    if (size < 2 || size > bytes.size() ||
        qemu_plugin_insn_data(instruction, bytes.data(), size) != size) {
        return nullptr;
    }
    const auto decoded = decode(std::span{bytes}.first(size));
    if (!decoded) {
        return nullptr;
    }
    const Site found{this, *decoded, qemu_plugin_insn_vaddr(instruction) + size, bytes};
    const std::scoped_lock lock{sites_lock_};
    if (const auto known = std::ranges::find(sites_, found); known != sites_.end()) {
        return &*known;
    }
    return &sites_.emplace_back(found);
}

void Plugin::translated(qemu_plugin_tb* block) {
    const bool stores = model_.header().exact != 0;
    const bool loads = model_.header().loads != 0;
    const auto one_kind = loads ? QEMU_PLUGIN_MEM_R : QEMU_PLUGIN_MEM_W;
    const auto watched = stores && loads ? QEMU_PLUGIN_MEM_RW : one_kind;
    const auto count = qemu_plugin_tb_n_insns(block);
    for (std::size_t i = 0; i < count; ++i) {
        auto* instruction = qemu_plugin_tb_get_insn(block, i);
        if (auto* found = site(instruction); found != nullptr) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_executed, QEMU_PLUGIN_CB_R_REGS,
                                                   found);
        }
        if (stores || loads) {
            qemu_plugin_register_vcpu_mem_cb(instruction, on_access, QEMU_PLUGIN_CB_NO_REGS,
                                             watched, this);
        }
    }
}

// Exceptions must not reach QEMU, which is C: what throws here cannot be gone on from, and ends it
// with the sentence in its log.
void Plugin::on_executed(unsigned index, void* site) noexcept {
    const auto& found = *static_cast<const Site*>(site);
    found.plugin->executed(index, found);
}

void Plugin::on_access(unsigned /*index*/, qemu_plugin_meminfo_t info, std::uint64_t address,
                       void* plugin) noexcept {
    auto& self = *static_cast<Plugin*>(plugin);
    // Until a page is tracked there is nothing to note: most of a boot.
    if (self.model_.nothing_tracked()) {
        return;
    }
    if (qemu_plugin_mem_is_store(info)) {
        self.stored(info, address);
    } else {
        self.loaded(info, address);
    }
}

template <typename Note>
void Plugin::accessed(qemu_plugin_meminfo_t info, std::uint64_t address, const Note& note) {
    const auto size = std::uint64_t{1} << qemu_plugin_mem_size_shift(info);
    const auto first = std::min(size, page_size - address % page_size);
    if (const auto* target = qemu_plugin_get_hwaddr(info, address);
        target != nullptr && !qemu_plugin_hwaddr_is_io(target)) {
        if (const auto at = layout_.offset(GuestPhysical{qemu_plugin_hwaddr_phys_addr(target)})) {
            note(*at, first);
        }
    }
    if (first == size) {
        return;
    }
    // The rest is on the next page, wherever that lies.
    std::uint64_t physical = 0;
    if (qemu_plugin_translate_vaddr(address + first, &physical)) {
        if (const auto at = layout_.offset(GuestPhysical{physical})) {
            note(*at, size - first);
        }
    }
}

void Plugin::stored(qemu_plugin_meminfo_t info, std::uint64_t address) {
    accessed(info, address, [&](RamOffset at, std::uint64_t size) { model_.store(at, size); });
}

void Plugin::loaded(qemu_plugin_meminfo_t info, std::uint64_t address) {
    accessed(info, address, [&](RamOffset at, std::uint64_t size) { model_.load(at, size); });
}

void Plugin::executed(unsigned index, const Site& site) {
    switch (site.instruction.operation) {
    case CacheOperation::flush_line:
        flush_line(index, site, Flush::invalidate);
        break;
    case CacheOperation::clean_line:
        flush_line(index, site, Flush::keep);
        break;
    case CacheOperation::flush_all:
        model_.flush_all(Flush::invalidate);
        break;
    case CacheOperation::clean_all:
        model_.flush_all(Flush::keep);
        break;
    case CacheOperation::discard_all:
        CacheModel::count(model_.cpu_totals().discards);
        break;
    }
}

void Plugin::flush_line(unsigned index, const Site& site, Flush kind) {
    const auto& handles = processors_.at(index);
    if (!handles || !handles->long_mode()) {
        CacheModel::count(model_.cpu_totals().not_long_mode);
        return;
    }
    const auto& operand = site.instruction.operand;
    const auto address = effective_address(operand, handles->read(operand), site.next);
    std::uint64_t physical = 0;
    if (!qemu_plugin_translate_vaddr(address, &physical)) {
        CacheModel::count(model_.cpu_totals().untranslated);
        return;
    }
    const auto offset = layout_.offset(GuestPhysical{physical});
    if (!offset) {
        CacheModel::count(model_.cpu_totals().outside_ram);
        return;
    }
    if (model_.flush(*offset, kind)) {
        check_mapping(GuestPhysical{physical}, *offset);
    }
}

void Plugin::check_mapping(GuestPhysical address, RamOffset offset) {
    const auto line = value(offset) / line_size * line_size;
    const auto physical = value(address) / line_size * line_size;
    const auto buffer = make_byte_array();
    for (int attempt = 0; attempt < mapping_attempts; ++attempt) {
        if (qemu_plugin_read_memory_hwaddr(physical, buffer.get(), line_size) ==
                QEMU_PLUGIN_HWADDR_OPERATION_OK &&
            std::memcmp(buffer->data, model_.ram().data() + line, line_size) == 0) {
            return;
        }
    }
    CacheModel::count(model_.cpu_totals().mapping_errors);
}

// Installation.

struct Arguments {
    std::optional<int> state;
    std::optional<int> ram;
};

/// "NAME=NUMBER".
bool take(std::string_view text, std::string_view name, std::optional<int>& number) {
    if (!text.starts_with(name) || text.substr(name.size(), 1) != "=") {
        return false;
    }
    const auto parsed = base::parse_number<int>(text.substr(name.size() + 1));
    if (parsed) {
        number = parsed;
    }
    return parsed.has_value();
}

base::Result<std::unique_ptr<Plugin>> make_plugin(const qemu_info_t& info,
                                                  std::span<char*> arguments) {
    if (std::string_view{info.target_name} != "x86_64" || !info.system_emulation) {
        return base::fail("the guest is no 64-bit PC");
    }
    Arguments given;
    for (const std::string_view text : arguments) {
        if (!take(text, "state", given.state) && !take(text, "ram", given.ram)) {
            return base::fail("cannot understand '{}'", text);
        }
    }
    if (!given.state || !given.ram) {
        return base::fail("state=FD and ram=FD are needed");
    }
    auto model = CacheModel::attach(*given.state, *given.ram);
    if (!model) {
        return tl::unexpected{model.error()};
    }
    return std::make_unique<Plugin>(std::move(*model),
                                    static_cast<std::size_t>(info.system.max_vcpus));
}

void on_processor(unsigned index, void* plugin) noexcept {
    static_cast<Plugin*>(plugin)->processor_found(index);
}

void on_translation(qemu_plugin_tb* block, void* plugin) noexcept {
    static_cast<Plugin*>(plugin)->translated(block);
}

} // namespace
} // namespace ipu3::cache

extern "C" {

// NOLINTBEGIN(readability-identifier-naming): names that QEMU looks for
[[gnu::visibility("default")]] extern const int qemu_plugin_version;
const int qemu_plugin_version = qemu_plugin_api_version;

/// 0, or -1 after a sentence on standard error.
[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info,
                                                       int argc, char** argv) {
    // NOLINTEND(readability-identifier-naming)
    using namespace ipu3::cache;
    try {
        auto plugin = make_plugin(*info, std::span{argv, static_cast<std::size_t>(argc)});
        if (!plugin) {
            fmt::print(stderr, "ipu3-cache-plugin: {}\n", plugin.error().message);
            return -1;
        }
        // Never destroyed: when QEMU ends by exit(), its processors' threads may still call back.
        static Plugin& installed = *plugin->release();
        qemu_plugin_register_vcpu_init_cb(id, on_processor, &installed);
        qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation, &installed);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "ipu3-cache-plugin: {}\n", error.what());
        return -1;
    }
}
}
