// SPDX-License-Identifier: GPL-2.0-or-later
// The part of QEMU's TCG plugin interface that the project's plugins use, version 7 (QEMU 11;
// documented in docs/devel/tcg-plugins.rst and the generated API pages). Debian packages no header
// for it, so the functions are declared here; the program that loads a plugin has them, and its
// GLib.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// NOLINTBEGIN(readability-identifier-naming,performance-enum-size): QEMU's and GLib's

/// The version of the interface that QEMU looks for in a plugin.
inline constexpr int qemu_plugin_api_version = 7;

using qemu_plugin_id_t = std::uint64_t;

/// What QEMU says of itself at installation. Only the beginning is declared.
struct qemu_info_t {
    const char* target_name;
    struct {
        int min;
        int cur;
    } version;
    bool system_emulation;
    struct {
        int smp_vcpus;
        int max_vcpus;
    } system;
};

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;
struct qemu_plugin_register;
struct qemu_plugin_scoreboard;
using qemu_plugin_meminfo_t = std::uint32_t;

enum qemu_plugin_cb_flags : unsigned {
    QEMU_PLUGIN_CB_NO_REGS,
    QEMU_PLUGIN_CB_R_REGS,
    QEMU_PLUGIN_CB_RW_REGS
};
enum qemu_plugin_op : unsigned { QEMU_PLUGIN_INLINE_ADD_U64 };
/// Why a processor goes on somewhere else than behind the last instruction.
enum qemu_plugin_discon_type : unsigned {
    QEMU_PLUGIN_DISCON_INTERRUPT = 1,
    QEMU_PLUGIN_DISCON_EXCEPTION = 2
};
enum qemu_plugin_mem_rw : unsigned {
    QEMU_PLUGIN_MEM_R = 1,
    QEMU_PLUGIN_MEM_W = 2,
    QEMU_PLUGIN_MEM_RW = 3
};
enum qemu_plugin_hwaddr_operation_result : unsigned { QEMU_PLUGIN_HWADDR_OPERATION_OK };

/// The beginning of a register's description; the array knows how long one is in all.
struct qemu_plugin_reg_descriptor {
    qemu_plugin_register* handle;
    const char* name;
};

/// A number of each processor's own, which translated code can change without a callback.
struct qemu_plugin_u64 {
    qemu_plugin_scoreboard* score;
    std::size_t offset;
};

// GLib's two array types (their public members), and what is needed of them.
struct GArray {
    char* data;
    unsigned len;
};
struct GByteArray {
    std::uint8_t* data;
    unsigned len;
};
unsigned g_array_get_element_size(GArray* array);
char* g_array_free(GArray* array, int free_segment);
GByteArray* g_byte_array_new();
GByteArray* g_byte_array_set_size(GByteArray* array, unsigned length);
GByteArray* g_byte_array_append(GByteArray* array, const std::uint8_t* bytes, unsigned length);
void g_byte_array_unref(GByteArray* array);

using qemu_plugin_udata_cb_t = void (*)(void* userdata);
using qemu_plugin_vcpu_udata_cb_t = void (*)(unsigned vcpu_index, void* userdata);
using qemu_plugin_vcpu_tb_trans_cb_t = void (*)(qemu_plugin_tb* tb, void* userdata);
using qemu_plugin_vcpu_mem_cb_t = void (*)(unsigned vcpu_index, qemu_plugin_meminfo_t info,
                                           std::uint64_t vaddr, void* userdata);
using qemu_plugin_vcpu_discon_cb_t = void (*)(unsigned vcpu_index, qemu_plugin_discon_type type,
                                              std::uint64_t from_pc, std::uint64_t to_pc,
                                              void* userdata);

void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t id, qemu_plugin_vcpu_udata_cb_t callback,
                                       void* userdata);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           qemu_plugin_vcpu_tb_trans_cb_t callback, void* userdata);
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn* insn,
                                            qemu_plugin_vcpu_udata_cb_t callback,
                                            qemu_plugin_cb_flags flags, void* userdata);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(qemu_plugin_insn* insn, qemu_plugin_op op,
                                                         qemu_plugin_u64 entry,
                                                         std::uint64_t immediate);
/// @p type: a sum of qemu_plugin_discon_type.
void qemu_plugin_register_vcpu_discon_cb(qemu_plugin_id_t id, unsigned type,
                                         qemu_plugin_vcpu_discon_cb_t callback, void* userdata);
qemu_plugin_scoreboard* qemu_plugin_scoreboard_new(std::size_t element_size);
std::uint64_t qemu_plugin_u64_get(qemu_plugin_u64 entry, unsigned vcpu_index);
void qemu_plugin_u64_set(qemu_plugin_u64 entry, unsigned vcpu_index, std::uint64_t value);
/// The callback comes after the access: QEMU plants it behind the operation.
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn* insn, qemu_plugin_vcpu_mem_cb_t callback,
                                      qemu_plugin_cb_flags flags, qemu_plugin_mem_rw access,
                                      void* userdata);
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb* tb);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb* tb, std::size_t index);
std::size_t qemu_plugin_insn_data(const qemu_plugin_insn* insn, void* to, std::size_t size);
std::size_t qemu_plugin_insn_size(const qemu_plugin_insn* insn);
std::uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn* insn);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
qemu_plugin_hwaddr* qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, std::uint64_t vaddr);
bool qemu_plugin_hwaddr_is_io(const qemu_plugin_hwaddr* address);
std::uint64_t qemu_plugin_hwaddr_phys_addr(const qemu_plugin_hwaddr* address);
bool qemu_plugin_translate_vaddr(std::uint64_t vaddr, std::uint64_t* hwaddr);
GArray* qemu_plugin_get_registers();
/// Adds the register's bytes to @p buffer.
bool qemu_plugin_read_register(qemu_plugin_register* handle, GByteArray* buffer);
/// Only in a callback that was registered with QEMU_PLUGIN_CB_RW_REGS.
bool qemu_plugin_write_register(qemu_plugin_register* handle, GByteArray* bytes);
qemu_plugin_hwaddr_operation_result
qemu_plugin_read_memory_hwaddr(std::uint64_t address, GByteArray* data, std::size_t length);

// NOLINTEND(readability-identifier-naming,performance-enum-size)
}
