// SPDX-License-Identifier: GPL-2.0-or-later
// The library against the client it is for: QEMU with -accel qtest, whose protocol (QEMU
// docs/devel/testing/ qtest.rst) plays the guest's CPU. Everything runs on one event loop; nothing
// waits for time to pass.
#include "machine/vfio-user/example_device.hpp"
#include "machine/vfio-user/server.hpp"
#include "machine/vfio-user/wire.hpp"

#include <array>
#include <asio.hpp>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <spawn.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <vector>

namespace vfio_user {
namespace {

using ::testing::HasSubstr;
using Stream = asio::local::stream_protocol::socket;

constexpr std::chrono::seconds patience{100};

/// A QEMU child process with a qtest and a monitor channel.
class Qemu {
  public:
    Qemu(asio::io_context& loop, const std::string& socket, const std::vector<std::string>& more)
        : loop_{loop}, qtest_{loop}, monitor_{loop}, deadline_{loop} {
        deadline_.expires_after(patience);
        deadline_.async_wait([this](const std::error_code& error) { late_ = !error; });
        auto qtest_end = channel(qtest_);
        auto monitor_end = channel(monitor_);
        std::vector<std::string> arguments{QEMU_PROGRAM,
                                           "-nodefaults",
                                           "-no-user-config",
                                           "-display",
                                           "none",
                                           "-machine",
                                           "q35,accel=qtest,memory-backend=mem",
                                           "-m",
                                           "64M",
                                           "-object",
                                           "memory-backend-memfd,id=mem,size=64M,share=on",
                                           "-chardev",
                                           "socket,id=q,fd=3",
                                           "-qtest",
                                           "chardev:q",
                                           "-qtest-log",
                                           "/dev/null",
                                           "-chardev",
                                           "socket,id=m,fd=4",
                                           "-mon",
                                           "chardev=m,mode=readline"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        arguments.emplace_back("-device");
        arguments.push_back(fmt::format(
            R"({{"driver":"vfio-user-pci","addr":"0x5","socket":{{"type":"unix","path":"{}"}}}})",
            socket));
        std::vector<char*> argv;
        argv.reserve(arguments.size() + 1);
        for (auto& argument : arguments) {
            argv.push_back(argument.data());
        }
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions{};
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, qtest_end.get(), 3);
        posix_spawn_file_actions_adddup2(&actions, monitor_end.get(), 4);
        const int failed =
            ::posix_spawn(&pid_, QEMU_PROGRAM, &actions, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        if (failed != 0) {
            throw std::system_error{failed, std::generic_category(), QEMU_PROGRAM};
        }
    }
    Qemu(const Qemu&) = delete;
    Qemu& operator=(const Qemu&) = delete;
    Qemu(Qemu&&) = delete;
    Qemu& operator=(Qemu&&) = delete;
    ~Qemu() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        // The handler refers to this object.
        deadline_.cancel();
        loop_.poll();
    }

    /// Sends @p line and serves the loop until the answer's @p end.
    std::string ask(Stream& to, std::string line, const std::string& end) {
        line += '\n';
        asio::write(to, asio::buffer(line));
        return expect(to, end);
    }
    std::string expect(Stream& from, const std::string& end) {
        std::optional<std::error_code> result;
        std::size_t size = 0;
        auto& text = &from == &qtest_ ? qtest_text_ : monitor_text_;
        asio::async_read_until(from, asio::dynamic_buffer(text), end,
                               [&](const std::error_code& error, std::size_t length) {
                                   result = error;
                                   size = length;
                               });
        while (!result && !late_) {
            loop_.run_one();
        }
        if (!result || *result) {
            from.close();
            loop_.poll();
            throw std::runtime_error{fmt::format("QEMU: {} after \"{}\"",
                                                 result ? result->message() : "no answer", text)};
        }
        auto answer = text.substr(0, size);
        text.erase(0, size);
        return answer;
    }
    std::string qtest(const std::string& command) {
        const auto answer = ask(qtest_, command, "\n");
        if (!answer.starts_with("OK")) {
            throw std::runtime_error{fmt::format("qtest {}: {}", command, answer)};
        }
        return answer;
    }
    std::string monitor(const std::string& command) { return ask(monitor_, command, "(qemu) "); }
    void greet() { (void)expect(monitor_, "(qemu) "); }

    std::uint64_t number(const std::string& command) {
        return std::stoull(qtest(command).substr(3), nullptr, 16);
    }
    // Configuration mechanism #1 for 00:05.0.
    void config_write(std::uint32_t offset, std::uint32_t value) {
        qtest(fmt::format("outl 0xcf8 {:#x}", 0x80002800U + offset));
        qtest(fmt::format("outl 0xcfc {:#x}", value));
    }
    std::uint64_t config_read(std::uint32_t offset) {
        qtest(fmt::format("outl 0xcf8 {:#x}", 0x80002800U + offset));
        return number("inl 0xcfc");
    }
    [[nodiscard]] bool late() const { return late_; }
    /// Ends QEMU; its exit status.
    int quit() {
        asio::write(monitor_, asio::buffer(std::string{"quit\n"}));
        std::array<char, 64> rest{};
        std::optional<std::error_code> result;
        // Serves the loop, since QEMU talks to the device while it shuts down, until it closes the
        // channel.
        while (!late_ && !(result && *result)) {
            result.reset();
            monitor_.async_read_some(asio::buffer(rest), [&](const std::error_code& error,
                                                             std::size_t) { result = error; });
            while (!result && !late_) {
                loop_.run_one();
            }
        }
        int status = -1;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    static base::UniqueFd channel(Stream& ours) {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            throw std::system_error{errno, std::generic_category(), "socketpair"};
        }
        ours.assign(asio::local::stream_protocol{}, ends[0]);
        // Above 4, so that putting one into place never overwrites the other.
        base::UniqueFd theirs{::fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
        ::close(ends[1]);
        return theirs;
    }

    asio::io_context& loop_;
    Stream qtest_;
    Stream monitor_;
    asio::steady_timer deadline_;
    bool late_{false};
    pid_t pid_{-1};
    std::string qtest_text_;
    std::string monitor_text_;
};

class QemuSmoke : public ::testing::Test {
  protected:
    QemuSmoke()
        : path{fmt::format("{}/vfio-user-smoke-{}.sock", ::testing::TempDir(), ::getpid())},
          server{loop, path, device, {.on_error = [this](std::string_view error) {
                     errors.emplace_back(error);
                 }}} {}

    asio::io_context loop;
    ExampleDevice device;
    std::string path;
    std::vector<std::string> errors;
    Server server;
};

TEST_F(QemuSmoke, RegistersMemoryDmaAndInterruptsWork) {
    Qemu qemu{loop, path, {}};
    qemu.greet();
    const auto pci = qemu.monitor("info pci");
    EXPECT_THAT(pci, HasSubstr("1234:11e8"));
    EXPECT_THAT(pci, HasSubstr("BAR0: 64 bit memory"));
    EXPECT_THAT(pci, HasSubstr("BAR2: 32 bit prefetchable memory"));

    EXPECT_EQ(qemu.config_read(0x00), 0x11e81234U);
    constexpr std::uint64_t bar0 = 0xe0000000;
    constexpr std::uint64_t bar2 = 0xe0010000;
    qemu.config_write(0x10, bar0);
    qemu.config_write(0x14, 0);
    qemu.config_write(0x18, bar2);
    qemu.config_write(0x04, 0x6); // memory space, bus master
    EXPECT_TRUE(device.config().memory_enabled());
    EXPECT_TRUE(device.config().bus_master());
    const auto tree = qemu.monitor("info mtree");
    EXPECT_THAT(tree, HasSubstr("00000000e0000000-00000000e0000fff"));
    EXPECT_THAT(tree, HasSubstr("BAR 2 mmaps[0]"));

    EXPECT_EQ(qemu.number(fmt::format("readl {:#x}", bar0)), ExampleDevice::id_value);
    qemu.qtest(fmt::format("writel {:#x} 0x12345678", bar0 + ExampleDevice::inverted));
    EXPECT_EQ(qemu.number(fmt::format("readl {:#x}", bar0 + ExampleDevice::inverted)), 0xedcba987U);

    // Pages 0 and 3 are trapped; page 1 is memory, which the device sees without a message.
    EXPECT_EQ(qemu.number(fmt::format("readl {:#x}", bar2 + 0x3000)), 0x03030303U);
    const auto reads = server.statistics().bar_reads + server.statistics().bar_writes;
    qemu.qtest(fmt::format("writel {:#x} 0xfeedface", bar2 + 0x1010));
    EXPECT_EQ(server.statistics().bar_reads + server.statistics().bar_writes, reads);
    std::array<std::byte, 4> seen{};
    device.bar_read(2, 0x1010, seen);
    EXPECT_EQ(*wire::load<std::uint32_t>(seen), 0xfeedfaceU);

    // DMA: guest to buffer, change, buffer to guest.
    qemu.qtest("write 0x2000000 0x4 0x11223344");
    qemu.qtest(fmt::format("writeq {:#x} 0x2000000", bar0 + ExampleDevice::dma_address));
    qemu.qtest(fmt::format("writel {:#x} 4", bar0 + ExampleDevice::dma_size));
    qemu.qtest(fmt::format("writel {:#x} 1", bar0 + ExampleDevice::dma_command));
    EXPECT_EQ(qemu.number(fmt::format("readl {:#x}", bar0 + ExampleDevice::buffer)), 0x44332211U);
    qemu.qtest(fmt::format("writeq {:#x} 0x2000008", bar0 + ExampleDevice::dma_address));
    qemu.qtest(fmt::format("writel {:#x} 2", bar0 + ExampleDevice::dma_command));
    EXPECT_EQ(qemu.number("readl 0x2000008"), 0x44332211U);
    EXPECT_EQ(qemu.number(fmt::format("readl {:#x}", bar0 + ExampleDevice::dma_status)), 0U);
    // An address that is no memory is the device's fault.
    qemu.qtest(fmt::format("writeq {:#x} 0x70000000", bar0 + ExampleDevice::dma_address));
    qemu.qtest(fmt::format("writel {:#x} 1", bar0 + ExampleDevice::dma_command));
    EXPECT_EQ(qemu.number(fmt::format("readl {:#x}", bar0 + ExampleDevice::dma_status)), 1U);
    ASSERT_TRUE(device.fault);
    EXPECT_EQ(device.fault->reason, DmaFault::Reason::unmapped);

    // An MSI is a write to memory; give it an address in RAM and look there.
    const std::uint32_t msi = 0x50;
    qemu.config_write(msi + 4, 0x2001000);
    qemu.config_write(msi + 8, 0);
    qemu.config_write(msi + 12, 0x55aa);
    qemu.config_write(msi, 0x10000); // MSI enable
    qemu.qtest(fmt::format("writel {:#x} 0", bar0 + ExampleDevice::raise));
    // QEMU's main loop delivers it between two commands of ours.
    std::uint64_t message = 0;
    for (int tries = 0; tries < 1000 && message == 0; ++tries) {
        message = qemu.number("readl 0x2001000");
    }
    EXPECT_EQ(message, 0x55aaU);
    EXPECT_EQ(server.statistics().interrupts, 1U);

    EXPECT_EQ(qemu.quit(), 0);
    EXPECT_THAT(errors, ::testing::IsEmpty());
}

TEST_F(QemuSmoke, ResetReachesTheDevice) {
    Qemu qemu{loop, path, {}};
    qemu.greet();
    const auto before = device.resets;
    qemu.monitor("system_reset");
    // qtest commands run on the main loop behind the reset request.
    for (int tries = 0; tries < 1000 && device.resets == before; ++tries) {
        qemu.config_read(0);
    }
    EXPECT_GT(device.resets, before);
    EXPECT_EQ(qemu.quit(), 0);
    EXPECT_THAT(errors, ::testing::IsEmpty());
}

TEST_F(QemuSmoke, ASecondClientIsServedAfterTheFirst) {
    for (int round = 0; round < 2; ++round) {
        Qemu qemu{loop, path, {}};
        qemu.greet();
        EXPECT_THAT(qemu.monitor("info pci"), HasSubstr("1234:11e8"));
        EXPECT_EQ(qemu.quit(), 0);
        // The kernel closes what QEMU's io_uring held some time after QEMU has ended.
        while (server.connected() && !qemu.late()) {
            loop.run_one();
        }
        EXPECT_FALSE(server.connected());
        EXPECT_EQ(device.upstream().memory().windows(), 0U);
    }
    EXPECT_EQ(server.statistics().clients, 2U);
}

TEST_F(QemuSmoke, BehindAVtdTheDeviceSeesIovas) {
    Qemu qemu{loop, path, {"-device", "intel-iommu,caching-mode=on"}};
    qemu.greet();
    auto& memory = device.upstream().memory();
    qemu.config_write(0x04, 0x6);
    // DMA remapping is off until the guest turns it on: guest memory is there one to one.
    EXPECT_TRUE(memory.load<std::uint32_t>(Iova{0x2000000}));

    // Tables in legacy mode (Intel VT-d specification 3.3, §3.4 and §9): root and context entry for
    // 00:05.0, four levels, and the leaves of IOVA 0x10000000 (read, write), 0x10001000 (read),
    // 0x10002000 (none).
    constexpr std::uint64_t iova = 0x10000000;
    const auto put = [&](std::uint64_t address, std::uint64_t value) {
        qemu.qtest(fmt::format("writeq {:#x} {:#x}", address, value));
    };
    put(0x1000000, 0x1001000 | 1);
    put(0x1001000 + 0x28 * 16, 0x1002000 | 1);
    put(0x1001000 + 0x28 * 16 + 8, 2 | (1U << 8)); // 48 bits, domain 1
    put(0x1002000, 0x1003000 | 3);
    put(0x1003000, 0x1004000 | 3);
    put(0x1004000 + (iova >> 21) % 512 * 8, 0x1005000 | 3);
    put(0x1005000, 0x2005000 | 3);
    put(0x1005008, 0x2004000 | 1);
    // Registers: root table pointer, then set it, then enable translation (VT-d §11.4).
    constexpr std::uint64_t vtd = 0xfed90000;
    put(vtd + 0x20, 0x1000000);
    qemu.qtest(fmt::format("writel {:#x} 0x40000000", vtd + 0x18));
    qemu.qtest(fmt::format("writel {:#x} 0x80000000", vtd + 0x18));
    EXPECT_EQ(qemu.number(fmt::format("readl {:#x}", vtd + 0x1c)), 0xc0000000U);

    EXPECT_EQ(memory.windows(), 2U);
    EXPECT_FALSE(memory.load<std::uint32_t>(Iova{0x2000000}));
    // The pages lie the other way round in guest memory.
    put(0x2005ff8, 0x1111111122222222);
    put(0x2004000, 0x3333333344444444);
    EXPECT_EQ(memory.load<std::uint64_t>(Iova{iova + 0xffc}).value(), 0x4444444411111111U);
    EXPECT_TRUE(memory.store(Iova{iova}, std::uint32_t{0x5a5a5a5a}));
    EXPECT_EQ(qemu.number("readl 0x2005000"), 0x5a5a5a5aU);
    EXPECT_EQ(memory.store(Iova{iova + 0x1000}, 1).error().reason, DmaFault::Reason::forbidden);
    EXPECT_EQ(memory.load<int>(Iova{iova + 0x2000}).error().reason, DmaFault::Reason::unmapped);

    // The guest unmaps the first page, maps the third and invalidates the IOTLB (VT-d §11.4.8).
    put(0x1005000, 0);
    put(0x1005010, 0x2006000 | 3);
    put(vtd + 0xf8, (std::uint64_t{1} << 63) | (std::uint64_t{1} << 60));
    EXPECT_EQ(memory.windows(), 2U);
    EXPECT_FALSE(memory.load<int>(Iova{iova}));
    EXPECT_TRUE(memory.load<int>(Iova{iova + 0x1000}));
    EXPECT_TRUE(memory.load<int>(Iova{iova + 0x2000}));

    // Off again: one to one.
    qemu.qtest(fmt::format("writel {:#x} 0", vtd + 0x18));
    EXPECT_EQ(memory.load<std::uint32_t>(Iova{0x2005000}).value(), 0x5a5a5a5aU);
    EXPECT_EQ(qemu.quit(), 0);
    EXPECT_THAT(errors, ::testing::IsEmpty());
}

} // namespace
} // namespace vfio_user
