// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/plugin/processors.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ipu3::cache {
namespace {

/// By number, as instructions encode them.
constexpr std::array<std::string_view, register_count> register_names{
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

constexpr std::uint64_t efer_lma = std::uint64_t{1} << 10U; ///< long mode active

struct ArrayEnd {
    void operator()(GArray* array) const { (void)g_array_free(array, 1); }
};

std::map<std::string, qemu_plugin_register*, std::less<>> all_registers() {
    const std::unique_ptr<GArray, ArrayEnd> array{qemu_plugin_get_registers()};
    // The description's length differs between versions of QEMU; the array says it.
    const auto stride = g_array_get_element_size(array.get());
    std::map<std::string, qemu_plugin_register*, std::less<>> found;
    for (unsigned i = 0; i < array->len; ++i) {
        qemu_plugin_reg_descriptor descriptor{};
        std::memcpy(&descriptor, array->data + std::size_t{i} * stride, sizeof(descriptor));
        found.emplace(descriptor.name, descriptor.handle);
    }
    return found;
}

} // namespace

ByteArray make_byte_array() {
    return ByteArray{g_byte_array_new()};
}

RegisterHandles RegisterHandles::find() {
    const auto registers = all_registers();
    const auto named = [&](std::string_view name) {
        const auto found = registers.find(name);
        if (found == registers.end()) {
            throw std::runtime_error{"QEMU has no register " + std::string{name}};
        }
        return found->second;
    };
    RegisterHandles handles;
    std::ranges::transform(register_names, handles.general_.begin(), named);
    handles.fs_base_ = named("fs_base");
    handles.gs_base_ = named("gs_base");
    handles.efer_ = named("efer");
    return handles;
}

std::uint64_t RegisterHandles::value_of(qemu_plugin_register* handle) {
    thread_local const auto buffer = make_byte_array();
    (void)g_byte_array_set_size(buffer.get(), 0);
    if (!qemu_plugin_read_register(handle, buffer.get())) {
        throw std::runtime_error{"QEMU does not give a register's value"};
    }
    std::uint64_t number = 0;
    std::memcpy(&number, buffer->data, std::min<std::size_t>(buffer->len, sizeof(number)));
    return number;
}

bool RegisterHandles::long_mode() const {
    return (value_of(efer_) & efer_lma) != 0;
}

RegisterValues RegisterHandles::read(const MemoryOperand& operand) const {
    RegisterValues values;
    for (const auto& number : {operand.base, operand.index}) {
        if (number) {
            values.general.at(*number) = value_of(general_.at(*number));
        }
    }
    if (operand.segment == Segment::fs) {
        values.fs_base = value_of(fs_base_);
    }
    if (operand.segment == Segment::gs) {
        values.gs_base = value_of(gs_base_);
    }
    return values;
}

} // namespace ipu3::cache
