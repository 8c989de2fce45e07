// SPDX-License-Identifier: GPL-2.0-or-later
// A function's DMA windows over the cache model, and beside it.
#include "machine/cache-model/device_view.hpp"
#include "machine/cache-model/test_machine.hpp"
#include "machine/vfio-user/guest_memory.hpp"

namespace ipu3::cache {
namespace {

using vfio_user::GuestMemory;
using vfio_user::Iova;

constexpr vfio_user::Protection both{.readable = true, .writable = true};

base::UniqueFd duplicate(int fd) {
    return base::UniqueFd{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
}

std::string read_through(const GuestMemory& memory, std::uint64_t at, std::size_t size) {
    std::string bytes(size, '\0');
    EXPECT_TRUE(memory.read(Iova{at}, std::as_writable_bytes(std::span{bytes})));
    return bytes;
}
void write_through(GuestMemory& memory, std::uint64_t at, std::string_view bytes) {
    EXPECT_TRUE(memory.write(Iova{at}, std::as_bytes(std::span{bytes})));
}

TEST(DeviceView, TheFunctionSeesDramThroughItsWindows) {
    TestMachine machine;
    auto view = must(DeviceView::make(machine.model(), "camera", machine.ram_fd()));
    GuestMemory memory;
    memory.set_views({.data = &view, .tables = &view});
    // As with a VT-d: addresses that say nothing about the place in the file, and pages that are
    // neighbours only there.
    ASSERT_TRUE(
        memory.map(Iova{0xfff00000}, page_size, both, duplicate(machine.ram_fd()), 3 * page_size));
    ASSERT_TRUE(memory.map(Iova{0xfff01000}, page_size, both, duplicate(machine.ram_fd()), 0));
    machine.store(3 * page_size, "cpu");
    EXPECT_EQ(read_through(memory, 0xfff00000, 3), poisoned(3));
    machine.flush(3 * page_size);
    EXPECT_EQ(read_through(memory, 0xfff00000, 3), "cpu");

    write_through(memory, 0xfff00ffe, "abcd");
    EXPECT_EQ(machine.device_read(4 * page_size - 2, 2), "ab");
    EXPECT_EQ(machine.device_read(0, 2), "cd");
    EXPECT_EQ(machine.load(0, 2), std::string(2, '\0')); // not in the processor's view
}

TEST(DeviceView, AFunctionWithoutOneSeesGuestRam) {
    TestMachine machine;
    GuestMemory memory;
    ASSERT_TRUE(
        memory.map(Iova{0}, machine.model().ram_size(), both, duplicate(machine.ram_fd()), 0));
    machine.store(64, "cpu");
    EXPECT_EQ(read_through(memory, 64, 3), "cpu");
    write_through(memory, 64, "dev");
    EXPECT_EQ(machine.load(64, 3), "dev");
    EXPECT_EQ(machine.model().header().tracked_pages, 0U);
}

TEST(DeviceView, FilesThatAreNotTheRamAreAccessedDirectly) {
    TestMachine machine;
    const auto other = make_test_ram(page_size);
    auto view = must(DeviceView::make(machine.model(), "camera", machine.ram_fd()));
    GuestMemory memory;
    memory.set_views({.data = &view, .tables = &view});
    ASSERT_TRUE(memory.map(Iova{0}, page_size, both, duplicate(other.get()), 0));
    write_through(memory, 0, "x");
    EXPECT_EQ(read_through(memory, 0, 1), "x");
    EXPECT_EQ(machine.model().header().tracked_pages, 0U);
}

TEST(DeviceView, WindowsKeepTheirRules) {
    TestMachine machine;
    auto view = must(DeviceView::make(machine.model(), "camera", machine.ram_fd()));
    GuestMemory memory;
    memory.set_views({.data = &view, .tables = &view});
    ASSERT_TRUE(memory.map(Iova{0}, page_size, {.readable = true, .writable = false},
                           duplicate(machine.ram_fd()), 0));
    const std::array<std::byte, 4> bytes{};
    EXPECT_EQ(memory.write(Iova{0}, bytes).error().reason, vfio_user::DmaFault::Reason::forbidden);
    EXPECT_EQ(memory.write(Iova{page_size}, bytes).error().reason,
              vfio_user::DmaFault::Reason::unmapped);
    memory.set_bus_mastering(false);
    EXPECT_FALSE(memory.load<std::uint32_t>(Iova{0}));
    EXPECT_EQ(machine.model().header().tracked_pages, 0U); // nothing of it reached the model
}

TEST(DeviceView, AWindowBehindTheModelsRamIsAFault) {
    // The file is longer than the RAM that the model was made for.
    const auto ram = make_test_ram(2 * page_size);
    const auto state =
        must(CacheModel::make_state({.ram_size = page_size, .functions = {{.name = "camera"}}}));
    auto model = must(CacheModel::attach(state.get(), ram.get()));
    auto view = must(DeviceView::make(model, "camera", ram.get()));
    GuestMemory memory;
    memory.set_views({.data = &view, .tables = &view});
    ASSERT_TRUE(memory.map(Iova{0}, 2 * page_size, both, duplicate(ram.get()), 0));
    std::array<std::byte, 8> bytes{};
    const auto fault = memory.read(Iova{page_size - 4}, bytes);
    ASSERT_FALSE(fault);
    EXPECT_EQ(fault.error().address, Iova{page_size});
}

TEST(DeviceView, NeedsAFunctionThatTheModelHas) {
    TestMachine machine;
    EXPECT_FALSE(DeviceView::make(machine.model(), "imgu", machine.ram_fd()));
    EXPECT_FALSE(DeviceView::make(machine.model(), "camera", -1));
}

} // namespace
} // namespace ipu3::cache
