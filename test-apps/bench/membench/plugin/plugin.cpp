// SPDX-License-Identifier: GPL-2.0-or-later
// ipu3-count-plugin.so: lets the guest count its own instructions and cache line flushes.
//
// The guest asks by an instruction that does nothing without the plugin: NOPL with one of the
// displacements below and RAX as its base. The answer comes in RAX, and is of this processor:
//   0  instructions carried out, those of interrupt handlers left out
//   1  cache lines flushed, likewise
//   2  instructions carried out, all of them
//   3  of these, those in the page of the kernel's code that RAX points into
//   4  of these, those in the 16 bytes of it that RAX points into
#include "bench/membench/plugin/kernel_space.hpp"
#include "bench/membench/plugin/nesting.hpp"
#include "machine/cache-model/instruction.hpp"
#include "machine/cache-model/plugin/plugin_api.hpp"
#include "machine/cache-model/plugin/processors.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace ipu3::membench {
namespace {

using Bytes = std::span<const std::uint8_t>;

// nopl 0x30555049(%rax) to nopl 0x34555049(%rax); membench/driver/count.h and
// camera-bench/machine_counters.cpp have them too.
constexpr std::array<std::uint8_t, 6> ask{0x0f, 0x1f, 0x80, 'I', 'P', 'U'};
constexpr std::array<std::uint8_t, 2> iretq{0x48, 0xcf};

constexpr std::uint64_t page_bytes = 4096;

// Half as many were enough for a start of Debian's 7.3 and frames through the ImgU.
constexpr std::size_t most_code_pieces = std::size_t{1} << 19;

/// What is counted of a processor.
struct Board {
    Counts counts;
    std::uint64_t all{0}; ///< instructions, with those of interrupt handlers
    std::array<std::uint64_t, most_code_pieces> by_piece{};
};

qemu_plugin_register* find_rax() {
    struct ArrayEnd {
        void operator()(GArray* array) const { (void)g_array_free(array, 1); }
    };
    const std::unique_ptr<GArray, ArrayEnd> array{qemu_plugin_get_registers()};
    const auto stride = g_array_get_element_size(array.get());
    for (unsigned i = 0; i < array->len; ++i) {
        qemu_plugin_reg_descriptor descriptor{};
        std::memcpy(&descriptor, array->data + std::size_t{i} * stride, sizeof(descriptor));
        if (std::string_view{descriptor.name} == "rax") {
            return descriptor.handle;
        }
    }
    throw std::runtime_error{"QEMU has no register rax"};
}

// Each processor touches its own entries only, on its own thread.
class Plugin {
  public:
    explicit Plugin(std::size_t processors)
        : board_{qemu_plugin_scoreboard_new(sizeof(Board))}, nesting_(processors),
          rax_(processors) {}

    void processor_found(unsigned index) { rax_.at(index) = find_rax(); }
    void translated(qemu_plugin_tb* block);
    void diverted(unsigned index, qemu_plugin_discon_type type);

  private:
    static void on_ask_instructions(unsigned index, void* plugin) noexcept;
    static void on_ask_flushes(unsigned index, void* plugin) noexcept;
    static void on_ask_all(unsigned index, void* plugin) noexcept;
    static void on_ask_page(unsigned index, void* plugin) noexcept;
    static void on_ask_piece(unsigned index, void* plugin) noexcept;
    static void on_iret(unsigned index, void* plugin) noexcept;

    void count(qemu_plugin_insn* instruction);
    [[nodiscard]] static qemu_plugin_vcpu_udata_cb_t asked(Bytes bytes);
    [[nodiscard]] std::uint64_t read_rax(unsigned index) const;
    void answer(unsigned index, std::uint64_t value);
    /// Instructions of @p pieces pieces from the one on that @p address is in.
    [[nodiscard]] std::uint64_t in_pieces(unsigned index, std::uint64_t address,
                                          std::size_t pieces) const;
    [[nodiscard]] Counts counts(unsigned index) const {
        return {qemu_plugin_u64_get(instructions(), index), qemu_plugin_u64_get(flushes(), index)};
    }
    [[nodiscard]] qemu_plugin_u64 instructions() const {
        return {board_, offsetof(Board, counts) + offsetof(Counts, instructions)};
    }
    [[nodiscard]] qemu_plugin_u64 flushes() const {
        return {board_, offsetof(Board, counts) + offsetof(Counts, flushes)};
    }
    [[nodiscard]] qemu_plugin_u64 all() const { return {board_, offsetof(Board, all)}; }
    [[nodiscard]] qemu_plugin_u64 by_piece(std::size_t piece) const {
        return {board_, offsetof(Board, by_piece) + piece * sizeof(std::uint64_t)};
    }

    qemu_plugin_scoreboard* board_; ///< of Board; lives as long as QEMU
    CodePieces pieces_{most_code_pieces};
    std::vector<Nesting> nesting_;
    std::vector<qemu_plugin_register*> rax_;
};

void Plugin::count(qemu_plugin_insn* instruction) {
    const auto add_one = [&](qemu_plugin_u64 counter) {
        qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, QEMU_PLUGIN_INLINE_ADD_U64,
                                                            counter, 1);
    };
    add_one(instructions());
    add_one(all());
    if (const auto piece = pieces_.number(qemu_plugin_insn_vaddr(instruction))) {
        add_one(by_piece(*piece));
    }
}

/// Who answers, if @p bytes are a question.
qemu_plugin_vcpu_udata_cb_t Plugin::asked(Bytes bytes) {
    if (bytes.size() != ask.size() + 1 || !std::ranges::equal(bytes.first(ask.size()), ask)) {
        return nullptr;
    }
    switch (bytes.back()) {
    case '0':
        return on_ask_instructions;
    case '1':
        return on_ask_flushes;
    case '2':
        return on_ask_all;
    case '3':
        return on_ask_page;
    case '4':
        return on_ask_piece;
    default:
        return nullptr;
    }
}

void Plugin::translated(qemu_plugin_tb* block) {
    const auto number = qemu_plugin_tb_n_insns(block);
    for (std::size_t i = 0; i < number; ++i) {
        auto* instruction = qemu_plugin_tb_get_insn(block, i);
        count(instruction);
        std::array<std::uint8_t, 15> buffer{};
        const auto size = qemu_plugin_insn_data(instruction, buffer.data(), buffer.size());
        const auto bytes = Bytes{buffer}.first(std::min(size, buffer.size()));
        if (const auto callback = asked(bytes)) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, callback, QEMU_PLUGIN_CB_RW_REGS,
                                                   this);
        } else if (std::ranges::equal(bytes, iretq)) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_iret, QEMU_PLUGIN_CB_NO_REGS,
                                                   this);
        } else if (const auto decoded = cache::decode(bytes);
                   decoded && decoded->operation == cache::CacheOperation::flush_line) {
            qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
                instruction, QEMU_PLUGIN_INLINE_ADD_U64, flushes(), 1);
        }
    }
}

void Plugin::diverted(unsigned index, qemu_plugin_discon_type type) {
    if (type == QEMU_PLUGIN_DISCON_INTERRUPT) {
        nesting_.at(index).interrupt(counts(index));
    } else {
        nesting_.at(index).exception();
    }
}

// Exceptions must not reach QEMU, which is C: what throws here cannot be gone on from.
// NOLINTBEGIN(bugprone-exception-escape)
void Plugin::on_ask_instructions(unsigned index, void* plugin) noexcept {
    auto& self = *static_cast<Plugin*>(plugin);
    self.nesting_.at(index).forget();
    self.answer(index, self.counts(index).instructions);
}

void Plugin::on_ask_flushes(unsigned index, void* plugin) noexcept {
    auto& self = *static_cast<Plugin*>(plugin);
    self.answer(index, self.counts(index).flushes);
}

void Plugin::on_ask_all(unsigned index, void* plugin) noexcept {
    auto& self = *static_cast<Plugin*>(plugin);
    self.answer(index, qemu_plugin_u64_get(self.all(), index));
}

void Plugin::on_ask_page(unsigned index, void* plugin) noexcept {
    auto& self = *static_cast<Plugin*>(plugin);
    const auto address = self.read_rax(index);
    self.answer(index, self.in_pieces(index, address - address % page_bytes,
                                      page_bytes / code_piece_bytes));
}

void Plugin::on_ask_piece(unsigned index, void* plugin) noexcept {
    auto& self = *static_cast<Plugin*>(plugin);
    self.answer(index, self.in_pieces(index, self.read_rax(index), 1));
}

// NOLINTEND(bugprone-exception-escape)

void Plugin::on_iret(unsigned index, void* plugin) noexcept {
    auto& self = *static_cast<Plugin*>(plugin);
    if (const auto before = self.nesting_.at(index).leave()) {
        qemu_plugin_u64_set(self.instructions(), index, before->instructions);
        qemu_plugin_u64_set(self.flushes(), index, before->flushes);
    }
}

std::uint64_t Plugin::in_pieces(unsigned index, std::uint64_t address, std::size_t pieces) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < pieces; ++i) {
        if (const auto piece = pieces_.find(address + i * code_piece_bytes)) {
            sum += qemu_plugin_u64_get(by_piece(*piece), index);
        }
    }
    return sum;
}

std::uint64_t Plugin::read_rax(unsigned index) const {
    const cache::ByteArray buffer{g_byte_array_new()};
    std::uint64_t value = 0;
    if (!qemu_plugin_read_register(rax_.at(index), buffer.get()) || buffer->len < sizeof(value)) {
        throw std::runtime_error{"QEMU does not give a register's value"};
    }
    std::memcpy(&value, buffer->data, sizeof(value));
    return value;
}

void Plugin::answer(unsigned index, std::uint64_t value) {
    std::array<std::uint8_t, sizeof(value)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(value));
    const cache::ByteArray buffer{g_byte_array_new()};
    (void)g_byte_array_append(buffer.get(), bytes.data(), sizeof(value));
    if (!qemu_plugin_write_register(rax_.at(index), buffer.get())) {
        throw std::runtime_error{"QEMU does not take a register's value"};
    }
}

// As above. NOLINTNEXTLINE(bugprone-exception-escape)
void on_processor(unsigned index, void* plugin) noexcept {
    static_cast<Plugin*>(plugin)->processor_found(index);
}

void on_translation(qemu_plugin_tb* block, void* plugin) noexcept {
    static_cast<Plugin*>(plugin)->translated(block);
}

void on_diversion(unsigned index, qemu_plugin_discon_type type, std::uint64_t /*from*/,
                  std::uint64_t /*to*/, void* plugin) noexcept {
    static_cast<Plugin*>(plugin)->diverted(index, type);
}

} // namespace
} // namespace ipu3::membench

extern "C" {

// NOLINTBEGIN(readability-identifier-naming): names that QEMU looks for
[[gnu::visibility("default")]] extern const int qemu_plugin_version;
const int qemu_plugin_version = qemu_plugin_api_version;

/// 0, or -1 after a sentence on standard error.
[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info,
                                                       int argc, char** argv) {
    // NOLINTEND(readability-identifier-naming)
    using namespace ipu3::membench;
    try {
        if (std::string_view{info->target_name} != "x86_64" || !info->system_emulation) {
            throw std::runtime_error{"the guest is no 64-bit PC"};
        }
        if (argc != 0) {
            throw std::runtime_error{fmt::format("cannot understand '{}'", *argv)};
        }
        // Never destroyed: when QEMU ends by exit(), its processors' threads may still call back.
        static auto& installed =
            *std::make_unique<Plugin>(static_cast<std::size_t>(info->system.max_vcpus)).release();
        qemu_plugin_register_vcpu_init_cb(id, on_processor, &installed);
        qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation, &installed);
        qemu_plugin_register_vcpu_discon_cb(
            id, QEMU_PLUGIN_DISCON_INTERRUPT + QEMU_PLUGIN_DISCON_EXCEPTION, on_diversion,
            &installed);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "ipu3-count-plugin: {}\n", error.what());
        return -1;
    }
}
}
