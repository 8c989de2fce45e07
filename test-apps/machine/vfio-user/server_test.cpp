// SPDX-License-Identifier: GPL-2.0-or-later
// The server through a real socket. Client and server share one thread: each send of the client's
// lets the server's event loop do all that is ready, so that nothing has to be waited for.
#include "machine/vfio-user/example_device.hpp"
#include "machine/vfio-user/server.hpp"
#include "machine/vfio-user/test_client.hpp"

#include <asio/io_context.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <sys/eventfd.h>

namespace vfio_user {
namespace {

using test::Bytes;
using test::Client;
using test::operator+; // NOLINT(misc-unused-using-decls): it does not see operators in use
using test::pack;
using wire::Command;

constexpr std::uint64_t page = 4096;
constexpr std::uint32_t command_register = 0x04;
constexpr std::uint32_t pm_control = 0x44;

class ServerTest : public ::testing::Test {
  protected:
    ServerTest()
        : path{fmt::format("{}/vfio-user-{}.sock", ::testing::TempDir(), ::getpid())},
          server{std::make_unique<Server>(
              loop, path, device,
              ServerOptions{
                  .on_error = [this](std::string_view error) { errors.emplace_back(error); },
                  .on_dma_fault = [this](const DmaFault& fault) { faults.push_back(fault); },
                  .on_client = [this](bool there) { clients.push_back(there); }})} {}

    Client connect() {
        return Client{path, [this] { loop.poll(); }};
    }
    /// A client that has negotiated and let the device respond and master the bus.
    Client ready() {
        auto client = connect();
        EXPECT_EQ(client.negotiate().error(), 0);
        client.write(wire::config_region, command_register, std::uint16_t{6});
        return client;
    }
    static Bytes map_payload(std::uint64_t address, std::uint64_t size, std::uint64_t offset = 0,
                             std::uint32_t flags = 3) {
        return pack(wire::DmaMap{32, flags, offset, address, size});
    }
    static base::UniqueFd eventfd() {
        return base::UniqueFd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    }
    /// The counter of @p fd, which becomes 0.
    static std::uint64_t count(const base::UniqueFd& fd) {
        std::uint64_t value = 0;
        return ::read(fd.get(), &value, sizeof(value)) == sizeof(value) ? value : 0;
    }
    static int set_irqs(Client& client, std::uint32_t flags, std::uint32_t start,
                        std::uint32_t vectors, const std::vector<int>& fds = {},
                        const Bytes& data = {}, std::uint32_t index = wire::msi_index) {
        const auto size = static_cast<std::uint32_t>(sizeof(wire::IrqSet) + data.size());
        return client
            .call(Command::device_set_irqs,
                  pack(wire::IrqSet{size, flags, index, start, vectors}) + data, fds)
            .error();
    }
    static int access_error(Client& client, std::uint32_t region, std::uint64_t offset,
                            std::uint32_t size) {
        const auto read =
            client.call(Command::region_read, pack(wire::RegionAccess{offset, region, size}));
        const auto write = client.call(
            Command::region_write, pack(wire::RegionAccess{offset, region, size}) + Bytes(size));
        EXPECT_EQ(read.error(), write.error());
        return read.error();
    }

    static constexpr auto trigger_eventfd = wire::irq_data_eventfd | wire::irq_action_trigger;
    static constexpr auto trigger_none = wire::irq_data_none | wire::irq_action_trigger;

    asio::io_context loop;
    ExampleDevice device;
    std::vector<std::string> errors;
    std::vector<DmaFault> faults;
    std::vector<bool> clients;
    std::filesystem::path path;
    std::unique_ptr<Server> server;
};

TEST_F(ServerTest, VersionAnswersWithASubsetOfWhatWasProposed) {
    auto client = connect();
    const auto answer = client.negotiate();
    ASSERT_EQ(answer.error(), 0);
    EXPECT_EQ(answer.as<wire::Version>().major, 0);
    EXPECT_EQ(answer.as<wire::Version>().minor, 0);
    ASSERT_EQ(answer.payload.back(), std::byte{0});
    const std::string json{reinterpret_cast<const char*>(answer.payload.data()) + 4};
    EXPECT_EQ(json, R"({"capabilities":{"max_data_xfer_size":1048576,"max_dma_maps":65535,)"
                    R"("max_msg_fds":16,"pgsizes":4096,"write_multiple":true}})");
    // QEMU's receive buffer is as large as its request.
    EXPECT_LE(answer.payload.size(), test::version_payload().size());
}

TEST_F(ServerTest, VersionWithoutOrWithStrangeData) {
    const auto outcome = [&](const Bytes& payload) {
        auto client = connect();
        const auto answer = client.call(Command::version, payload);
        return std::pair{answer.error(), answer.payload.size()};
    };
    EXPECT_EQ(outcome(test::version_payload("")), (std::pair{0, std::size_t{4}}));
    EXPECT_EQ(outcome(test::version_payload("{}")).first, 0);
    EXPECT_EQ(
        outcome(test::version_payload(R"({"capabilities":{"twin_socket":{"supported":true}}})")),
        (std::pair{0, 4 + sizeof(R"({"capabilities":{}})")}));
    for (const auto* bad :
         {"{", "[]", "1", "\xff\xff", R"({"capabilities":1})",
          R"({"capabilities":{"max_msg_fds":"x"}})", R"({"capabilities":{"max_msg_fds":-1}})"}) {
        EXPECT_EQ(outcome(test::version_payload(bad)).first, EINVAL) << bad;
    }
    // Deep nesting costs memory in proportion, not stack.
    EXPECT_EQ(outcome(test::version_payload(std::string(100000, '['))).first, EINVAL);
}

TEST_F(ServerTest, AForeignMajorVersionEndsTheSession) {
    auto client = connect();
    EXPECT_EQ(client.call(Command::version, test::version_payload("", 1)).error(), ENOTSUP);
    EXPECT_TRUE(client.disconnected());
    EXPECT_FALSE(server->connected());
}

TEST_F(ServerTest, VersionComesFirstAndOnce) {
    auto client = connect();
    EXPECT_EQ(client.call(Command::device_reset).error(), EINVAL);
    EXPECT_EQ(device.resets, 0U);
    EXPECT_EQ(client.negotiate().error(), 0);
    EXPECT_EQ(client.negotiate().error(), EINVAL);
    EXPECT_EQ(client.call(Command::device_reset).error(), 0);
    EXPECT_EQ(device.resets, 1U);
}

TEST_F(ServerTest, DeviceAndInterruptInfo) {
    auto client = ready();
    const auto info = client.call(Command::device_get_info, pack(wire::DeviceInfo{16, 0, 0, 0}))
                          .as<wire::DeviceInfo>();
    EXPECT_EQ(info.argsz, 16U);
    EXPECT_EQ(info.flags, wire::device_reset | wire::device_pci);
    EXPECT_EQ(info.num_regions, 9U);
    EXPECT_EQ(info.num_irqs, 3U);
    for (std::uint32_t index = 0; index < 3; ++index) {
        const auto irq =
            client.call(Command::device_get_irq_info, pack(wire::IrqInfo{16, 0, index, 0}))
                .as<wire::IrqInfo>();
        EXPECT_EQ(irq.index, index);
        EXPECT_EQ(irq.count, index == wire::msi_index ? ExampleDevice::vectors : 0);
        EXPECT_EQ(irq.flags, index == wire::msi_index ? wire::irq_eventfd | wire::irq_maskable : 0);
    }
    EXPECT_TRUE(errors.empty());
    // QEMU probes for these two, which is no error worth a line in a log; a third is.
    for (const std::uint32_t index : {3U, 4U, 5U}) {
        EXPECT_EQ(
            client.call(Command::device_get_irq_info, pack(wire::IrqInfo{16, 0, index, 0})).error(),
            EINVAL);
    }
    EXPECT_EQ(errors.size(), 1U);
}

TEST_F(ServerTest, RegionInfo) {
    auto client = ready();
    const auto ask = [&](std::uint32_t index, std::uint32_t argsz = 32) {
        return client.call(Command::device_get_region_info,
                           pack(wire::RegionInfo{argsz, 0, index, 0, 0, 0}));
    };
    const std::array<std::uint64_t, 9> sizes{0x1000, 0, 0x4000, 0, 0, 0, 0, 256, 0};
    for (std::uint32_t index = 0; index < 9; ++index) {
        const auto answer = ask(index);
        const auto info = answer.as<wire::RegionInfo>();
        EXPECT_EQ(info.index, index);
        EXPECT_EQ(info.size, sizes.at(index));
        EXPECT_EQ(info.flags & 3, info.size != 0 ? 3U : 0U);
        EXPECT_EQ(info.offset, 0U);
        EXPECT_EQ(answer.payload.size(), 32U);
        EXPECT_TRUE(answer.fds.empty());
        if (index != 2) {
            EXPECT_EQ(info.argsz, 32U);
            EXPECT_EQ(info.flags & 12, 0U);
        }
    }
    EXPECT_EQ(ask(9).error(), EINVAL);
    EXPECT_EQ(ask(UINT32_MAX).error(), EINVAL);

    // Room for the fixed part only: the size that is needed, no mapping yet.
    EXPECT_EQ(ask(2, 79).as<wire::RegionInfo>().argsz, 80U);
    EXPECT_EQ(ask(2, 79).as<wire::RegionInfo>().flags & wire::region_mappable, 0U);
    const auto full = ask(2, 80);
    const auto info = full.as<wire::RegionInfo>();
    EXPECT_EQ(info.flags, 15U);
    EXPECT_EQ(info.cap_offset, 32U);
    const auto cap = full.as<wire::SparseMmapCap>(32);
    EXPECT_EQ(cap.id, 1);
    EXPECT_EQ(cap.version, 1);
    EXPECT_EQ(cap.next, 0U);
    ASSERT_EQ(cap.areas, 2U);
    EXPECT_EQ(full.as<wire::SparseArea>(48).offset, page);
    EXPECT_EQ(full.as<wire::SparseArea>(64).offset, 2 * page);
    EXPECT_EQ(full.as<wire::SparseArea>(64).size, page);
    ASSERT_EQ(full.fds.size(), 1U);
    const std::uint32_t word = 0xabad1dea;
    ASSERT_EQ(::pwrite(full.fds.front().get(), &word, 4, page + 8), 4);
    EXPECT_EQ(client.read<std::uint32_t>(2, page + 8), word);
}

TEST_F(ServerTest, AClientThatTakesNoDescriptorsIsOfferedNoMapping) {
    auto client = connect();
    ASSERT_EQ(
        client
            .call(Command::version, test::version_payload(R"({"capabilities":{"max_msg_fds":0}})"))
            .error(),
        0);
    const auto answer =
        client.call(Command::device_get_region_info, pack(wire::RegionInfo{1000, 0, 2, 0, 0, 0}));
    EXPECT_EQ(answer.as<wire::RegionInfo>().flags, 3U);
    EXPECT_TRUE(answer.fds.empty());
}

TEST_F(ServerTest, BarAccess) {
    auto client = ready();
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::id), ExampleDevice::id_value);
    client.write(0, ExampleDevice::inverted, std::uint32_t{0x0f0f0f0f});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::inverted), 0xf0f0f0f0U);
    client.write(0, ExampleDevice::buffer, std::uint64_t{0x1122334455667788});
    EXPECT_EQ(client.read<std::uint8_t>(0, ExampleDevice::buffer + 7), 0x11U);
    EXPECT_EQ(client.read<std::uint16_t>(0, ExampleDevice::buffer + 2), 0x5566U);
    EXPECT_EQ(client.read<std::uint64_t>(0, ExampleDevice::buffer), 0x1122334455667788U);
    EXPECT_EQ(client.read<std::uint8_t>(2, 3 * page), 3U);

    EXPECT_EQ(access_error(client, 0, 0x1000 - 8, 8), 0);
    EXPECT_EQ(access_error(client, 0, 0x1000 - 4, 8), EINVAL); // beyond the end
    EXPECT_EQ(access_error(client, 0, 0x1000, 1), EINVAL);
    EXPECT_EQ(access_error(client, 0, UINT64_MAX - 3, 4), EINVAL);
    EXPECT_EQ(access_error(client, 0, UINT64_MAX - 3, 8), EINVAL);
    EXPECT_EQ(access_error(client, 0, 0x102, 4), EINVAL); // not aligned
    EXPECT_EQ(access_error(client, 0, 0x100, 3), EINVAL);
    EXPECT_EQ(access_error(client, 0, 0x100, 16), EINVAL);
    for (const std::uint32_t none : {1U, 3U, 4U, 5U, 6U, 8U, 9U, UINT32_MAX}) {
        EXPECT_EQ(access_error(client, none, 0, 4), EINVAL) << none;
    }
}

TEST_F(ServerTest, ConfigurationSpace) {
    auto client = ready();
    EXPECT_EQ(client.read<std::uint32_t>(wire::config_region, 0), 0x11e81234U);
    const auto all =
        client.call(Command::region_read, pack(wire::RegionAccess{0, wire::config_region, 256}));
    EXPECT_EQ(all.payload.size(), 16U + 256U);
    EXPECT_EQ(access_error(client, wire::config_region, 255, 1), 0);
    EXPECT_EQ(access_error(client, wire::config_region, 255, 2), EINVAL);
    EXPECT_EQ(access_error(client, wire::config_region, 0, 257), EINVAL);
    client.write(wire::config_region, 0x11, std::uint16_t{0xabcd}); // unaligned is fine here
    EXPECT_EQ(client.read<std::uint32_t>(wire::config_region, 0x10), 0x00abc004U);
}

TEST_F(ServerTest, BarsAreSilentWithoutMemorySpaceAndInD3hot) {
    auto client = ready();
    client.write(0, ExampleDevice::inverted, std::uint32_t{1});
    client.write(wire::config_region, command_register, std::uint16_t{4});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::inverted), 0xffffffffU);
    client.write(0, ExampleDevice::inverted, std::uint32_t{2});
    client.write(wire::config_region, command_register, std::uint16_t{6});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::inverted), ~std::uint32_t{1});

    client.write(wire::config_region, pm_control, std::uint16_t{3});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::id), 0xffffffffU);
    client.write(0, ExampleDevice::inverted, std::uint32_t{2});
    EXPECT_EQ(client.read<std::uint32_t>(wire::config_region, 0), 0x11e81234U);
    client.write(wire::config_region, pm_control, std::uint16_t{0});
    EXPECT_EQ(device.states, (std::vector{PowerState::d3hot, PowerState::d0}));
    client.write(wire::config_region, command_register, std::uint16_t{6});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::inverted), ~std::uint32_t{1});
    EXPECT_EQ(server->statistics().bar_inaccessible, 4U);
}

TEST_F(ServerTest, DmaThroughAMappedFile) {
    auto client = ready();
    const auto file = test::memory(16 * page);
    ASSERT_EQ(client.call(Command::dma_map, map_payload(0x100000, 8 * page, 4 * page), {file.get()})
                  .error(),
              0);
    const std::uint32_t word = 0xc0ffee11;
    ASSERT_EQ(::pwrite(file.get(), &word, 4, 4 * page + 0x20), 4);
    client.write(0, ExampleDevice::dma_address, std::uint64_t{0x100020});
    client.write(0, ExampleDevice::dma_size, std::uint32_t{4});
    client.write(0, ExampleDevice::dma_command, std::uint32_t{1});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::buffer), word);
    client.write(0, ExampleDevice::dma_address, std::uint64_t{0x100000 + 8 * page - 4});
    client.write(0, ExampleDevice::dma_command, std::uint32_t{2});
    std::uint32_t got = 0;
    ASSERT_EQ(::pread(file.get(), &got, 4, 12 * page - 4), 4);
    EXPECT_EQ(got, word);
    EXPECT_TRUE(faults.empty());

    client.write(0, ExampleDevice::dma_address, std::uint64_t{0x100000 + 8 * page - 2});
    client.write(0, ExampleDevice::dma_command, std::uint32_t{2});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::dma_status), 1U);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(value(faults.front().address), 0x100000 + 8 * page);
    EXPECT_EQ(server->statistics().dma_faults, 1U);

    // Unmapped again: the same access is a fault.
    const auto unmapped =
        client.call(Command::dma_unmap, pack(wire::DmaUnmap{24, 0, 0x100000, 8 * page}));
    ASSERT_EQ(unmapped.error(), 0);
    EXPECT_EQ(unmapped.as<wire::DmaUnmap>().size, 8 * page);
    client.write(0, ExampleDevice::dma_address, std::uint64_t{0x100020});
    client.write(0, ExampleDevice::dma_command, std::uint32_t{1});
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults.back().reason, DmaFault::Reason::unmapped);
}

TEST_F(ServerTest, AClientMayBeAskedForWhatMetNoWindow) {
    server.reset();
    server = std::make_unique<Server>(loop, path, device, ServerOptions{.ask_client = true});
    auto client = ready();
    client.write(0, ExampleDevice::dma_size, std::uint32_t{4});
    const auto access = [&](std::uint64_t address) {
        const auto no_reply = [&](std::uint64_t offset, const Bytes& bytes) {
            client.send(test::message(
                Command::region_write,
                pack(wire::RegionAccess{offset, 0, static_cast<std::uint32_t>(bytes.size())}) +
                    bytes,
                wire::flag_no_reply, 1));
        };
        no_reply(ExampleDevice::dma_address, pack(address));
        no_reply(ExampleDevice::dma_command, pack(std::uint32_t{1}));
    };
    access(0x5000);
    const auto question = client.receive();
    ASSERT_TRUE(question);
    EXPECT_EQ(question->header.command, static_cast<std::uint16_t>(Command::dma_read));
    EXPECT_EQ(question->header.flags, wire::type_command);
    EXPECT_EQ(question->header.size, 32U); // no less is taken by QEMU
    EXPECT_EQ(question->as<wire::DmaAccess>().address, 0x5000U);
    EXPECT_EQ(question->as<wire::DmaAccess>().count, 4U);
    // One at a time.
    access(0x6000);
    EXPECT_FALSE(client.receive());
    // What is no answer gets one.
    client.send(test::message(Command::dma_write, pack(wire::DmaAccess{0, 0}), wire::type_reply));
    const auto refused = client.receive();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->error(), EINVAL);
    client.send(test::message(Command::dma_read, {}, wire::type_reply | wire::flag_error, 0));
    EXPECT_FALSE(client.receive());
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::dma_status), 1U);
    access(0x7000);
    const auto again = client.receive();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->as<wire::DmaAccess>().address, 0x7000U);
    // A reply that nobody waits for, after the right one.
    client.send(test::message(Command::dma_read, pack(wire::DmaAccess{0x7000, 4}) + Bytes(4),
                              wire::type_reply));
    EXPECT_FALSE(client.receive());
    client.send(test::message(Command::dma_read, {}, wire::type_reply));
    const auto surplus = client.receive();
    ASSERT_TRUE(surplus);
    EXPECT_EQ(surplus->error(), EINVAL);
    // The next client has not been asked.
    client.close();
    access(0x8000);
    auto next = ready();
    EXPECT_FALSE(next.receive());
}

TEST_F(ServerTest, DmaMapErrors) {
    auto client = ready();
    const auto file = test::memory(2 * page);
    const auto map = [&](const Bytes& payload, const std::vector<int>& fds) {
        return client.call(Command::dma_map, payload, fds).error();
    };
    EXPECT_EQ(map(map_payload(0x1000, page), {file.get()}), 0);
    EXPECT_EQ(map(map_payload(0x1000, page), {file.get()}), EEXIST);
    EXPECT_EQ(map(map_payload(0x2000, 4 * page), {file.get()}), EINVAL); // longer than the file
    EXPECT_EQ(map(map_payload(0x2000, page), {file.get(), file.get()}), EINVAL);
    EXPECT_EQ(map(map_payload(0x2000, page), {client.fd()}), EINVAL); // a socket
    EXPECT_EQ(map(map_payload(0x2000, page), {}), 0);
    EXPECT_EQ(client.call(Command::dma_unmap, pack(wire::DmaUnmap{24, 0, 0x9000, page})).error(),
              0);
    EXPECT_EQ(client.call(Command::dma_unmap, pack(wire::DmaUnmap{24, 0, 0x9000, 0})).error(),
              EINVAL);
    EXPECT_EQ(device.upstream().memory().windows(), 2U);
    EXPECT_EQ(client.call(Command::dma_unmap, pack(wire::DmaUnmap{24, 2, 0, 0})).error(), 0);
    EXPECT_EQ(device.upstream().memory().windows(), 0U);
}

TEST_F(ServerTest, ThereIsALimitOfWindows) {
    auto client = ready();
    // All but one by a shorter way, which takes seconds less.
    constexpr Protection both{true, true};
    for (std::uint64_t i = 1; i < wire::max_dma_maps; ++i) {
        ASSERT_TRUE(device.upstream().memory().map(Iova{i * page}, page, both, {}, 0));
    }
    EXPECT_EQ(client.call(Command::dma_map, map_payload(0, page)).error(), 0);
    EXPECT_EQ(client.call(Command::dma_map, map_payload(wire::max_dma_maps * page, page)).error(),
              ENOSPC);
}

TEST_F(ServerTest, DmaNeedsBusMasteringAndD0) {
    auto client = ready();
    const auto file = test::memory(page);
    ASSERT_EQ(client.call(Command::dma_map, map_payload(0, page), {file.get()}).error(), 0);
    auto& memory = device.upstream().memory();
    EXPECT_TRUE(memory.load<int>(Iova{0}));
    client.write(wire::config_region, command_register, std::uint16_t{2});
    EXPECT_EQ(memory.load<int>(Iova{0}).error().reason, DmaFault::Reason::forbidden);
    client.write(wire::config_region, command_register, std::uint16_t{6});
    EXPECT_TRUE(memory.load<int>(Iova{0}));
    client.write(wire::config_region, pm_control, std::uint16_t{3});
    EXPECT_FALSE(memory.load<int>(Iova{0}));
    client.write(wire::config_region, pm_control, std::uint16_t{0});
    EXPECT_FALSE(memory.load<int>(Iova{0})); // the soft reset cleared Bus Master Enable
    client.write(wire::config_region, command_register, std::uint16_t{6});
    EXPECT_TRUE(memory.load<int>(Iova{0}));
    ASSERT_EQ(client.call(Command::device_reset).error(), 0);
    EXPECT_FALSE(memory.load<int>(Iova{0}));
}

TEST_F(ServerTest, AnMsiFiresItsEventfd) {
    auto client = ready();
    const auto first = eventfd();
    const auto second = eventfd();
    client.write(0, ExampleDevice::raise, std::uint32_t{0}); // nobody listens: nothing happens
    ASSERT_EQ(set_irqs(client, trigger_eventfd, 1, 2, {first.get(), second.get()}), 0);
    EXPECT_EQ(count(first), 0U);
    client.write(0, ExampleDevice::raise, std::uint32_t{1});
    client.write(0, ExampleDevice::raise, std::uint32_t{1});
    client.write(0, ExampleDevice::raise, std::uint32_t{2});
    client.write(0, ExampleDevice::raise, std::uint32_t{0});
    client.write(0, ExampleDevice::raise, UINT32_MAX);
    EXPECT_EQ(count(first), 2U);
    EXPECT_EQ(count(second), 1U);
    EXPECT_EQ(server->statistics().interrupts, 3U);

    // Without bus mastering an MSI cannot leave the function.
    client.write(wire::config_region, command_register, std::uint16_t{2});
    client.write(0, ExampleDevice::raise, std::uint32_t{1});
    EXPECT_EQ(count(first), 0U);
    client.write(wire::config_region, command_register, std::uint16_t{6});

    // The client can trigger by itself, all or some.
    ASSERT_EQ(set_irqs(client, trigger_none, 0, 4), 0);
    EXPECT_EQ(count(first) + count(second), 2U);
    ASSERT_EQ(set_irqs(client, wire::irq_data_bool | wire::irq_action_trigger, 1, 2, {},
                       pack(std::uint8_t{0}, std::uint8_t{1})),
              0);
    EXPECT_EQ(count(first), 0U);
    EXPECT_EQ(count(second), 1U);

    // One vector off, then all.
    ASSERT_EQ(set_irqs(client, trigger_eventfd, 1, 1), 0);
    ASSERT_EQ(set_irqs(client, trigger_none, 0, 4), 0);
    EXPECT_EQ(count(first), 0U);
    EXPECT_EQ(count(second), 1U);
    ASSERT_EQ(set_irqs(client, trigger_none, 0, 0), 0);
    ASSERT_EQ(set_irqs(client, trigger_none, 0, 4), 0);
    EXPECT_EQ(count(second), 0U);
    EXPECT_TRUE(errors.empty());
}

TEST_F(ServerTest, MaskedVectorsPend) {
    auto client = ready();
    const auto event = eventfd();
    ASSERT_EQ(set_irqs(client, trigger_eventfd, 0, 1, {event.get()}), 0);
    const auto mask = wire::irq_data_none | wire::irq_action_mask;
    const auto unmask = wire::irq_data_none | wire::irq_action_unmask;
    ASSERT_EQ(set_irqs(client, mask, 0, 1), 0);
    client.write(0, ExampleDevice::raise, std::uint32_t{0});
    client.write(0, ExampleDevice::raise, std::uint32_t{0});
    EXPECT_EQ(count(event), 0U);
    ASSERT_EQ(set_irqs(client, unmask, 0, 1), 0);
    EXPECT_EQ(count(event), 1U); // once
    ASSERT_EQ(set_irqs(client, unmask, 0, 1), 0);
    EXPECT_EQ(count(event), 0U);
    // A reset forgets what is pending.
    ASSERT_EQ(set_irqs(client, mask, 0, 1), 0);
    client.write(0, ExampleDevice::raise, std::uint32_t{0});
    ASSERT_EQ(client.call(Command::device_reset).error(), 0);
    ASSERT_EQ(set_irqs(client, unmask, 0, 1), 0);
    EXPECT_EQ(count(event), 0U);
}

TEST_F(ServerTest, SetIrqsErrors) {
    auto client = ready();
    const auto event = eventfd();
    const auto file = test::memory(page);
    EXPECT_EQ(set_irqs(client, trigger_eventfd, 4, 1, {event.get()}), EINVAL);
    EXPECT_EQ(set_irqs(client, trigger_eventfd, 3, 2, {event.get(), event.get()}), EINVAL);
    EXPECT_EQ(set_irqs(client, trigger_eventfd, 0, 2, {event.get(), file.get()}), EINVAL);
    EXPECT_EQ(set_irqs(client, trigger_none, 0, 5), EINVAL);
    EXPECT_EQ(set_irqs(client, trigger_none, 0, 1, {}, {}, wire::intx_index), EINVAL);
    EXPECT_EQ(set_irqs(client, trigger_none, 0, 0, {}, {}, wire::intx_index), 0);
    EXPECT_EQ(set_irqs(client, trigger_none, 0, 0, {}, {}, wire::msix_index), 0);
    EXPECT_EQ(set_irqs(client, trigger_none, 0, 0, {}, {}, 77), EINVAL);
    ASSERT_EQ(set_irqs(client, trigger_none, 0, 4), 0);
    EXPECT_EQ(count(event), 0U); // the refused messages left nothing behind
}

TEST_F(ServerTest, AFullEventfdDoesNotBlock) {
    auto client = ready();
    const base::UniqueFd event{::eventfd(0, EFD_CLOEXEC)}; // a blocking one
    const std::uint64_t full = UINT64_MAX - 1;
    ASSERT_EQ(::write(event.get(), &full, sizeof(full)), 8);
    ASSERT_EQ(set_irqs(client, trigger_eventfd, 0, 1, {event.get()}), 0);
    client.write(0, ExampleDevice::raise, std::uint32_t{0});
    EXPECT_EQ(count(event), full);
}

TEST_F(ServerTest, ResetReachesConfigurationSpaceAndDevice) {
    auto client = ready();
    client.write(0, ExampleDevice::inverted, std::uint32_t{1});
    ASSERT_EQ(client.call(Command::device_reset).error(), 0);
    EXPECT_EQ(device.resets, 1U);
    EXPECT_EQ(client.read<std::uint16_t>(wire::config_region, command_register), 0U);
    client.write(wire::config_region, command_register, std::uint16_t{6});
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::inverted), 0U);
}

TEST_F(ServerTest, ANewClientFindsTheDeviceAsItWas) {
    const auto file = test::memory(page);
    const auto event = eventfd();
    {
        auto client = ready();
        client.write(0, ExampleDevice::inverted, std::uint32_t{5});
        ASSERT_EQ(client.call(Command::dma_map, map_payload(0, page), {file.get()}).error(), 0);
        ASSERT_EQ(set_irqs(client, trigger_eventfd, 0, 1, {event.get()}), 0);
        EXPECT_TRUE(server->connected());
        client.close();
    }
    EXPECT_FALSE(server->connected());
    EXPECT_EQ(device.upstream().memory().windows(), 0U);
    device.upstream().raise_msi(0); // into the void
    EXPECT_EQ(count(event), 0U);

    auto client = connect();
    EXPECT_EQ(client.call(Command::device_reset).error(), EINVAL); // negotiates anew
    EXPECT_EQ(client.negotiate().error(), 0);
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::inverted), ~std::uint32_t{5});
    ASSERT_EQ(client.call(Command::dma_map, map_payload(0, page), {file.get()}).error(), 0);
    EXPECT_TRUE(device.upstream().memory().load<int>(Iova{0}));
    EXPECT_EQ(clients, (std::vector{true, false, true}));
    EXPECT_EQ(server->statistics().clients, 2U);
}

TEST_F(ServerTest, ASecondClientWaitsForItsTurn) {
    auto first = ready();
    auto second = connect();
    second.send(test::message(Command::version, test::version_payload()));
    EXPECT_FALSE(second.receive());
    EXPECT_EQ(first.read<std::uint32_t>(0, 0), ExampleDevice::id_value);
    first.close();
    const auto answer = second.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error(), 0);
}

TEST_F(ServerTest, GarbageGetsAnErrorAndTheSessionGoesOn) {
    auto client = ready();
    std::uint32_t random = 12345;
    for (int i = 0; i < 2000; ++i) {
        Bytes payload(static_cast<std::size_t>(i % 50));
        for (auto& byte : payload) {
            random = random * 1664525 + 1013904223;
            byte = static_cast<std::byte>(random >> 24);
        }
        const auto answer = client.call(static_cast<Command>(100 + i), payload);
        ASSERT_EQ(answer.error(), EINVAL);
        ASSERT_TRUE(answer.payload.empty());
    }
    EXPECT_EQ(errors.size(), 2000U);
    EXPECT_EQ(server->statistics().refused, 2000U);
    EXPECT_EQ(client.read<std::uint32_t>(0, 0), ExampleDevice::id_value);
}

TEST_F(ServerTest, ALostMessageBorderEndsTheSession) {
    for (const std::uint32_t size :
         {0U, 15U, std::uint32_t{wire::max_message_size + 1}, UINT32_MAX}) {
        auto client = ready();
        client.send(pack(wire::Header{7, 9, size, 0, 0}));
        const auto answer = client.receive();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->header.id, 7);
        EXPECT_EQ(answer->error(), size < 16 ? EINVAL : EMSGSIZE);
        EXPECT_TRUE(client.disconnected());
    }
}

/// Descriptors that this process has open.
std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {});
}

TEST_F(ServerTest, SurplusDescriptorsAreClosed) {
    auto client = ready();
    const auto file = test::memory(page);
    const auto before = open_descriptors();
    for (const std::size_t fds : {1U, 2U, 16U, 17U, 200U}) {
        const std::vector<int> many(fds, file.get());
        EXPECT_EQ(client.call(Command::device_reset, {}, many).error(), EINVAL) << fds;
        EXPECT_EQ(open_descriptors(), before);
    }
    EXPECT_EQ(client.call(Command::device_reset).error(), 0);
    EXPECT_EQ(client.call(Command::dma_map, map_payload(0, page), {file.get()}).error(), 0);
    // The window holds a mapping, or the descriptor; here the file is sealed, so it is a mapping.
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ServerTest, DescriptorsInTheMiddleOfAMessageCount) {
    auto client = ready();
    const auto file = test::memory(page);
    const auto bytes = test::message(Command::dma_map, map_payload(0, page));
    client.send(std::span{bytes}.first(10));
    client.send(std::span{bytes}.subspan(10), {file.get()});
    EXPECT_EQ(client.receive().value().error(), 0);
    EXPECT_TRUE(device.upstream().memory().load<int>(Iova{0}));
    // One with each byte is too many, however they are spread.
    for (const auto& byte : test::message(Command::dma_map, map_payload(page, page))) {
        client.send(std::span{&byte, 1}, {file.get()});
    }
    EXPECT_EQ(client.receive().value().error(), EINVAL);
    EXPECT_EQ(device.upstream().memory().windows(), 1U);
}

TEST_F(ServerTest, BytesMayComeOneByOne) {
    auto client = connect();
    for (const auto& bytes :
         {test::message(Command::version, test::version_payload()),
          test::message(Command::device_get_info, pack(wire::DeviceInfo{16, 0, 0, 0}))}) {
        for (const auto& byte : bytes) {
            EXPECT_FALSE(client.receive());
            client.send(std::span{&byte, 1});
        }
        EXPECT_EQ(client.receive().value().error(), 0);
    }
}

TEST_F(ServerTest, PipelinedWritesWithoutReplyComeFirst) {
    auto client = ready();
    Bytes stream;
    for (std::uint32_t i = 0; i < 100; ++i) {
        stream =
            std::move(stream) +
            test::message(
                Command::region_write,
                pack(wire::RegionAccess{ExampleDevice::buffer + std::uint64_t{4} * i, 0, 4}, i),
                wire::flag_no_reply);
    }
    // One of them is wrong: no reply either, but it is noticed.
    stream = std::move(stream) + test::message(Command::region_write,
                                               pack(wire::RegionAccess{0x1000, 0, 4}, 1U),
                                               wire::flag_no_reply);
    stream = std::move(stream) +
             test::message(Command::region_read,
                           pack(wire::RegionAccess{ExampleDevice::buffer + 396, 0, 4}), 0, 99);
    ASSERT_EQ(client.send(stream), stream.size());
    const auto answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header.id, 99);
    EXPECT_EQ(answer->as<std::uint32_t>(16), 99U);
    EXPECT_FALSE(client.receive());
    EXPECT_EQ(errors.size(), 1U);
}

TEST_F(ServerTest, WriteMulti) {
    auto client = ready();
    const auto multi = client.call(
        Command::region_write_multi,
        pack(wire::WriteMulti{3}, wire::WriteOne{ExampleDevice::buffer, 0, 4, 0x11111111},
             wire::WriteOne{ExampleDevice::buffer + 8, 0, 8, 0x2222222222222222},
             wire::WriteOne{0x3c, wire::config_region, 1, 9}));
    EXPECT_EQ(multi.as<wire::WriteMulti>().count, 3U);
    EXPECT_EQ(client.read<std::uint32_t>(0, ExampleDevice::buffer), 0x11111111U);
    EXPECT_EQ(client.read<std::uint64_t>(0, ExampleDevice::buffer + 8), 0x2222222222222222U);
    EXPECT_EQ(client.read<std::uint8_t>(wire::config_region, 0x3c), 9U);
    // As many as QEMU's largest (200), in order; the first wrong one ends it.
    auto payload = pack(wire::WriteMulti{200});
    for (std::uint64_t i = 0; i < 200; ++i) {
        payload = std::move(payload) + pack(wire::WriteOne{ExampleDevice::buffer, 0, 8, i});
    }
    EXPECT_EQ(client.call(Command::region_write_multi, payload).error(), 0);
    EXPECT_EQ(client.read<std::uint64_t>(0, ExampleDevice::buffer), 199U);
    EXPECT_EQ(client
                  .call(Command::region_write_multi,
                        pack(wire::WriteMulti{3}, wire::WriteOne{ExampleDevice::buffer, 0, 8, 1},
                             wire::WriteOne{0x1000, 0, 8, 2},
                             wire::WriteOne{ExampleDevice::buffer, 0, 8, 3}))
                  .error(),
              EINVAL);
    EXPECT_EQ(client.read<std::uint64_t>(0, ExampleDevice::buffer), 1U);
}

TEST_F(ServerTest, AClientThatDoesNotReadIsNotServedOn) {
    auto client = ready();
    // 256-byte replies: the socket's buffer is full long before 100,000 of them.
    const auto ask =
        test::message(Command::region_read, pack(wire::RegionAccess{0, wire::config_region, 256}));
    std::size_t sent = 0;
    while (sent < 100000 && client.send(ask) == ask.size()) {
        ++sent;
    }
    ASSERT_LT(sent, 100000U);
    EXPECT_LT(server->statistics().config_reads, sent);
    std::size_t answers = 0;
    while (client.receive()) {
        ++answers;
    }
    EXPECT_EQ(answers, sent);
    EXPECT_EQ(client.read<std::uint32_t>(0, 0), ExampleDevice::id_value);
}

TEST_F(ServerTest, DisconnectInTheMiddleOfAMessage) {
    const auto whole = test::message(Command::region_write,
                                     pack(wire::RegionAccess{ExampleDevice::inverted, 0, 4}, 7U));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto client = ready();
        client.send(std::span{whole}.first(size));
        client.close();
        ASSERT_FALSE(server->connected()) << size;
    }
    EXPECT_EQ(server->statistics().bar_writes, 0U);
    EXPECT_EQ(errors.size(), whole.size() - 1); // a disconnect between messages is none
}

TEST_F(ServerTest, TheSocketFileComesAndGoes) {
    EXPECT_TRUE(std::filesystem::is_socket(path));
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    // Somebody listens there already.
    ExampleDevice other;
    EXPECT_THROW(Server(loop, path, other), std::system_error);
    EXPECT_TRUE(std::filesystem::is_socket(path));
    auto client = ready();
    server.reset();
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_TRUE(client.disconnected());
    loop.poll(); // what was still queued finds nobody
}

TEST_F(ServerTest, AStaleSocketFileIsReplacedAndOtherFilesAreNot) {
    const std::filesystem::path stale = path.string() + ".stale";
    {
        const base::UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM, 0)};
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        stale.native().copy(address.sun_path, sizeof(address.sun_path) - 1);
        ASSERT_EQ(
            ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    }
    ExampleDevice other;
    {
        const Server replaced{loop, stale, other};
    }
    EXPECT_FALSE(std::filesystem::exists(stale));

    const std::filesystem::path plain = path.string() + ".txt";
    ASSERT_TRUE(std::ofstream{plain});
    EXPECT_THROW(Server(loop, plain, other), std::system_error);
    EXPECT_TRUE(std::filesystem::remove(plain));
    EXPECT_THROW(Server(loop, path / "below", other), std::system_error);
    EXPECT_THROW(Server(loop, std::string(200, 'x'), other), std::system_error);
}

class WrongArea : public PciFunction {
  public:
    explicit WrongArea(MappableArea area) : bar_{-1, {area}} {}
    PciConfig& config() override { return config_; }
    void attach(Upstream& /*upstream*/) override {}
    void bar_read(unsigned /*bar*/, std::uint64_t /*offset*/,
                  std::span<std::byte> /*data*/) override {}
    void bar_write(unsigned /*bar*/, std::uint64_t /*offset*/,
                   std::span<const std::byte> /*data*/) override {}
    [[nodiscard]] const MappableBar* mappable(unsigned bar) const override {
        return bar == 0 ? &bar_ : nullptr;
    }
    void reset() override {}

  private:
    static constexpr std::array bars{BarSpec{0, 0x4000}};
    PciConfig config_{{.identity = {}, .bars = bars, .msi = std::nullopt}};
    MappableBar bar_;
};

TEST_F(ServerTest, AMappableAreaIsWholePagesOfItsBar) {
    for (const auto area : {MappableArea{0x1000, 0x800}, MappableArea{0x800, 0x1000},
                            MappableArea{0x3000, 0x2000}, MappableArea{0x5000, 0x1000},
                            MappableArea{0, 0}, MappableArea{UINT64_MAX - 0xfff, 0x1000}}) {
        WrongArea wrong{area};
        EXPECT_THROW(Server(loop, path.string() + ".area", wrong), std::invalid_argument);
    }
    EXPECT_FALSE(std::filesystem::exists(path.string() + ".area"));
}

} // namespace
} // namespace vfio_user
