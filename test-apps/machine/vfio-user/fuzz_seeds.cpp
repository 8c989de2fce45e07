// SPDX-License-Identifier: GPL-2.0-or-later
// Writes scripts for the fuzzer to start from: each command once as it should be, and a whole
// QEMU-like start.
#include "machine/vfio-user/example_device.hpp"
#include "machine/vfio-user/test_client.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>

namespace {

using vfio_user::ExampleDevice;
using vfio_user::test::Bytes;
using vfio_user::test::operator+;
using vfio_user::test::pack;
namespace wire = vfio_user::wire;
using wire::Command;

constexpr std::uint8_t eventfds = 0;
constexpr std::uint8_t sealed = 1;
constexpr std::uint8_t unsealed = 2;

Bytes handshake() {
    return pack(std::uint8_t{4});
}
Bytes reconnect() {
    return pack(std::uint8_t{3});
}
Bytes fds(std::uint8_t count, std::uint8_t kind) {
    return pack(std::uint8_t{2}, count, kind);
}
Bytes raw(const Bytes& bytes) {
    return pack(std::uint8_t{0}, static_cast<std::uint16_t>(bytes.size())) + bytes;
}
Bytes send(Command command, const Bytes& payload = {}, std::uint8_t flags = 0) {
    return pack(std::uint8_t{1}, static_cast<std::uint8_t>(command), flags) +
           pack(static_cast<std::uint16_t>(payload.size())) + payload;
}
template <typename T>
Bytes write(std::uint32_t region, std::uint64_t offset, T value) {
    return send(Command::region_write,
                pack(wire::RegionAccess{offset, region, sizeof(T)}) + pack(value));
}
Bytes read(std::uint32_t region, std::uint64_t offset, std::uint32_t size) {
    return send(Command::region_read, pack(wire::RegionAccess{offset, region, size}));
}
Bytes map(std::uint64_t address, std::uint64_t size, std::uint64_t offset, std::uint8_t kind) {
    return fds(1, kind) + send(Command::dma_map, pack(wire::DmaMap{32, 3, offset, address, size}));
}
Bytes enable() {
    return write(wire::config_region, 4, std::uint16_t{6});
}
Bytes dma(std::uint64_t address, std::uint32_t size, std::uint32_t command) {
    return write(0, ExampleDevice::dma_address, address) + write(0, ExampleDevice::dma_size, size) +
           write(0, ExampleDevice::dma_command, command);
}
Bytes irqs(std::uint32_t flags, std::uint32_t start, std::uint32_t count, const Bytes& data = {}) {
    return send(
        Command::device_set_irqs,
        pack(wire::IrqSet{static_cast<std::uint32_t>(20 + data.size()), flags, 1, start, count}) +
            data);
}

std::map<std::string, Bytes> seeds() {
    auto start = handshake() + send(Command::device_get_info, pack(wire::DeviceInfo{16, 0, 0, 0}));
    for (std::uint32_t region = 0; region < wire::num_regions; ++region) {
        start = start + send(Command::device_get_region_info,
                             pack(wire::RegionInfo{80, 0, region, 0, 0, 0}));
    }
    for (std::uint32_t irq = 0; irq < 5; ++irq) {
        start = start + send(Command::device_get_irq_info, pack(wire::IrqInfo{16, 0, irq, 0}));
    }
    start = start + read(wire::config_region, 0, 256) + enable();
    const auto reset = send(Command::device_reset);
    const auto msi = fds(2, eventfds) + irqs(4 | 32, 0, 2);
    return {
        {"start", start},
        {"bars", handshake() + enable() + read(0, 0, 4) + read(2, 0x1000, 8) +
                     write(2, 0x2000, std::uint64_t{1}) + write(0, 4, std::uint32_t{1}) +
                     read(0, 0xffc, 4) + reset + read(0, 0, 4)},
        {"dma", handshake() + enable() + map(0x1000, 0x2000, 0x1000, sealed) +
                    map(0x3000, 0x1000, 0, unsealed) + dma(0x2ffc, 8, 1) + dma(0x2ffc, 8, 2) +
                    dma(0x3ffc, 8, 1) +
                    send(Command::dma_unmap, pack(wire::DmaUnmap{24, 0, 0x1000, 0x2000})) +
                    dma(0x2ffc, 8, 2) +
                    send(Command::dma_unmap, pack(wire::DmaUnmap{24, 2, 0, 0}))},
        {"msi", handshake() + enable() + msi + write(0, ExampleDevice::raise, std::uint32_t{1}) +
                    irqs(1 | 8, 0, 2) + write(0, ExampleDevice::raise, std::uint32_t{1}) +
                    irqs(2 | 16, 0, 2, pack(std::uint16_t{0x100})) + irqs(1 | 32, 0, 4) +
                    irqs(4 | 32, 1, 1) + irqs(1 | 32, 0, 0)},
        {"multi", handshake() + enable() +
                      send(Command::region_write_multi,
                           pack(wire::WriteMulti{2}, wire::WriteOne{ExampleDevice::buffer, 0, 4, 1},
                                wire::WriteOne{4, wire::config_region, 2, 0})) +
                      send(Command::region_write, pack(wire::RegionAccess{4, 0, 4}, 1U),
                           wire::flag_no_reply)},
        {"power", handshake() + enable() + write(wire::config_region, 0x44, std::uint16_t{3}) +
                      read(0, 0, 4) + write(wire::config_region, 0x44, std::uint16_t{0}) +
                      enable() + read(0, 0, 4)},
        {"reconnect",
         handshake() + map(0, 0x1000, 0, sealed) + msi + reconnect() + reset + handshake() + reset},
        {"raw", raw(vfio_user::test::message(
                    Command::version, vfio_user::test::version_payload("{\"capabilities\":{}}"))) +
                    raw(vfio_user::test::message(Command::device_reset)) +
                    raw(pack(wire::Header{1, 9, 15, 0, 0}))},
        {"absent", handshake() + send(Command::device_feature, Bytes(8)) +
                       send(Command::device_get_region_io_fds, Bytes(16)) +
                       send(Command::dma_read)},
    };
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
            fmt::print(stderr, "usage: vfio_user_fuzz_seeds DIRECTORY\n");
            return 2;
        }
        for (const auto& [name, bytes] : seeds()) {
            std::ofstream file{std::filesystem::path{argv[1]} / name, std::ios::binary};
            file.exceptions(std::ios::failbit | std::ios::badbit);
            file.write(reinterpret_cast<const char*>(bytes.data()),
                       static_cast<std::streamsize>(bytes.size()));
            file.flush();
        }
        return 0;
    } catch (const std::exception& error) {
        (void)std::fprintf(stderr, "vfio_user_fuzz_seeds: %s\n", error.what());
        return 1;
    }
}
