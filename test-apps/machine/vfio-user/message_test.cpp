// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/message.hpp"
#include "machine/vfio-user/test_client.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <linux/vfio.h>
#include <ostream>

namespace vfio_user {
namespace {

using test::Bytes;
using test::operator+; // NOLINT(misc-unused-using-decls): it does not see operators in use
using test::pack;
using wire::Command;

// The kernel's numbers, which the protocol reuses.
static_assert(wire::device_reset == VFIO_DEVICE_FLAGS_RESET);
static_assert(wire::device_pci == VFIO_DEVICE_FLAGS_PCI);
static_assert(wire::region_readable == VFIO_REGION_INFO_FLAG_READ);
static_assert(wire::region_writable == VFIO_REGION_INFO_FLAG_WRITE);
static_assert(wire::region_mappable == VFIO_REGION_INFO_FLAG_MMAP);
static_assert(wire::region_has_caps == VFIO_REGION_INFO_FLAG_CAPS);
static_assert(wire::sparse_mmap_cap_id == VFIO_REGION_INFO_CAP_SPARSE_MMAP);
static_assert(wire::irq_eventfd == VFIO_IRQ_INFO_EVENTFD);
static_assert(wire::irq_maskable == VFIO_IRQ_INFO_MASKABLE);
static_assert(wire::irq_noresize == VFIO_IRQ_INFO_NORESIZE);
static_assert(wire::irq_data_none == VFIO_IRQ_SET_DATA_NONE);
static_assert(wire::irq_data_bool == VFIO_IRQ_SET_DATA_BOOL);
static_assert(wire::irq_data_eventfd == VFIO_IRQ_SET_DATA_EVENTFD);
static_assert(wire::irq_action_mask == VFIO_IRQ_SET_ACTION_MASK);
static_assert(wire::irq_action_unmask == VFIO_IRQ_SET_ACTION_UNMASK);
static_assert(wire::irq_action_trigger == VFIO_IRQ_SET_ACTION_TRIGGER);
static_assert(wire::unmap_all == VFIO_DMA_UNMAP_FLAG_ALL);
static_assert(std::uint32_t{VFIO_PCI_CONFIG_REGION_INDEX} == wire::config_region);
static_assert(std::uint32_t{VFIO_PCI_NUM_REGIONS} == wire::num_regions);
static_assert(std::uint32_t{VFIO_PCI_MSI_IRQ_INDEX} == wire::msi_index);
static_assert(std::uint32_t{VFIO_PCI_MSIX_IRQ_INDEX} == wire::msix_index);
static_assert(std::uint32_t{VFIO_PCI_REQ_IRQ_INDEX} == wire::request_index);
static_assert(sizeof(wire::RegionInfo) == sizeof(vfio_region_info));
static_assert(sizeof(wire::IrqInfo) == sizeof(vfio_irq_info));

/// The errno that parsing gives, 0 for a good message.
int outcome(Command command, const Bytes& payload, std::size_t fds = 0, std::uint32_t flags = 0) {
    const auto bytes = test::message(command, payload, flags);
    const auto parsed = parse(*wire::load<wire::Header>(bytes),
                              std::span{bytes}.subspan(sizeof(wire::Header)), fds);
    return parsed ? 0 : parsed.error().code;
}

struct Good {
    std::string name;
    Command command;
    Bytes payload;
    std::vector<std::size_t> fds;     ///< the counts of descriptors that are right
    std::vector<std::size_t> sizes{}; ///< other payload sizes that are right too
};

std::ostream& operator<<(std::ostream& out, const Good& good) {
    return out << good.name;
}

const std::vector<Good>& good_messages() {
    static const std::vector<Good> all{
        {"version", Command::version, test::version_payload(), {0}, {4}},
        {"dma_map", Command::dma_map, pack(wire::DmaMap{32, 3, 0, 0x1000, 0x2000}), {0, 1}},
        {"dma_unmap", Command::dma_unmap, pack(wire::DmaUnmap{24, 0, 0x1000, 0x1000}), {0}},
        {"unmap_all", Command::dma_unmap, pack(wire::DmaUnmap{24, 2, 0, 0}), {0}},
        {"get_info", Command::device_get_info, pack(wire::DeviceInfo{16, 0, 0, 0}), {0}},
        {"region_info",
         Command::device_get_region_info,
         pack(wire::RegionInfo{32, 0, 2, 0, 0, 0}),
         {0}},
        {"irq_info", Command::device_get_irq_info, pack(wire::IrqInfo{16, 0, 1, 0}), {0}},
        {"irqs_eventfd", Command::device_set_irqs, pack(wire::IrqSet{20, 4 | 32, 1, 0, 2}), {0, 2}},
        {"irqs_off", Command::device_set_irqs, pack(wire::IrqSet{20, 1 | 32, 1, 0, 0}), {0}},
        {"irqs_bool",
         Command::device_set_irqs,
         pack(wire::IrqSet{23, 2 | 8, 1, 1, 3}) + Bytes(3),
         {0}},
        {"read", Command::region_read, pack(wire::RegionAccess{8, 0, 4}), {0}},
        {"write", Command::region_write, pack(wire::RegionAccess{8, 0, 4}, 1U), {0}},
        {"write_multi",
         Command::region_write_multi,
         pack(wire::WriteMulti{2}, wire::WriteOne{0, 0, 4, 1}, wire::WriteOne{8, 7, 8, 2}),
         {0}},
        {"reset", Command::device_reset, {}, {0}},
    };
    return all;
}

class EachMessage : public ::testing::TestWithParam<Good> {};
INSTANTIATE_TEST_SUITE_P(Message, EachMessage, ::testing::ValuesIn(good_messages()),
                         [](const auto& each) { return each.param.name; });

TEST_P(EachMessage, IsUnderstood) {
    for (const auto fds : GetParam().fds) {
        EXPECT_EQ(outcome(GetParam().command, GetParam().payload, fds), 0) << fds;
    }
    EXPECT_EQ(outcome(GetParam().command, GetParam().payload, 0, wire::flag_no_reply), 0);
}

TEST_P(EachMessage, IsRefusedWhenCutAnywhere) {
    const auto& good = GetParam();
    for (std::size_t size = 0; size < good.payload.size(); ++size) {
        if (std::ranges::find(good.sizes, size) != good.sizes.end()) {
            continue;
        }
        const Bytes cut(good.payload.begin(),
                        good.payload.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(outcome(good.command, cut), EINVAL) << size;
    }
}

TEST_P(EachMessage, IsRefusedWithMoreBytes) {
    for (const std::size_t more : {1U, 4U, 24U, 1000U}) {
        EXPECT_EQ(outcome(GetParam().command, GetParam().payload + Bytes(more, std::byte{1})),
                  EINVAL)
            << more;
    }
}

TEST_P(EachMessage, TakesItsNumberOfDescriptorsOnly) {
    for (std::size_t fds = 0; fds < 20; ++fds) {
        const bool right = std::ranges::find(GetParam().fds, fds) != GetParam().fds.end();
        EXPECT_EQ(outcome(GetParam().command, GetParam().payload, fds), right ? 0 : EINVAL) << fds;
    }
}

TEST_P(EachMessage, IsACommandWithoutStrangeFlags) {
    for (const std::uint32_t flags : {1U, 2U, 0xfU, wire::flag_error, 0x40U, 0x80000000U}) {
        EXPECT_EQ(outcome(GetParam().command, GetParam().payload, 0, flags), EINVAL) << flags;
    }
}

TEST(Message, Framing) {
    const auto framing = [](std::uint32_t size) {
        const auto result = check_framing({1, 1, size, 0, 0});
        return result ? 0 : result.error().code;
    };
    EXPECT_EQ(framing(0), EINVAL);
    EXPECT_EQ(framing(15), EINVAL);
    EXPECT_EQ(framing(16), 0);
    EXPECT_EQ(framing(wire::max_message_size), 0);
    EXPECT_EQ(framing(wire::max_message_size + 1), EMSGSIZE);
    EXPECT_EQ(framing(UINT32_MAX), EMSGSIZE);
}

TEST(Message, CommandsThatAreNotOffered) {
    for (const auto command : {6, 14, 16, 17, 18}) {
        EXPECT_EQ(outcome(static_cast<Command>(command), Bytes(64)), ENOTSUP) << command;
    }
    for (const auto command : {0, 11, 12, 19, 255, 65535}) {
        EXPECT_EQ(outcome(static_cast<Command>(command), Bytes(64)), EINVAL) << command;
    }
}

TEST(Message, ArgszLeavesRoomForTheReply) {
    EXPECT_EQ(outcome(Command::dma_map, pack(wire::DmaMap{31, 3, 0, 0x1000, 0x1000})), EINVAL);
    EXPECT_EQ(outcome(Command::dma_map, pack(wire::DmaMap{1000, 3, 0, 0x1000, 0x1000})), 0);
    EXPECT_EQ(outcome(Command::dma_unmap, pack(wire::DmaUnmap{0, 0, 0x1000, 0x1000})), EINVAL);
    EXPECT_EQ(outcome(Command::device_get_info, pack(wire::DeviceInfo{15, 0, 0, 0})), EINVAL);
    EXPECT_EQ(outcome(Command::device_get_info, pack(wire::DeviceInfo{UINT32_MAX, 0, 0, 0})), 0);
    EXPECT_EQ(outcome(Command::device_get_region_info, pack(wire::RegionInfo{31, 0, 0, 0, 0, 0})),
              EINVAL);
    EXPECT_EQ(outcome(Command::device_get_irq_info, pack(wire::IrqInfo{8, 0, 1, 0})), EINVAL);
    EXPECT_EQ(outcome(Command::device_set_irqs, pack(wire::IrqSet{19, 1 | 32, 1, 0, 0})), EINVAL);
    EXPECT_EQ(outcome(Command::device_set_irqs, pack(wire::IrqSet{24, 1 | 32, 1, 0, 0})), EINVAL);
}

TEST(Message, DmaFlagsAndPages) {
    for (const std::uint32_t flags : {0U, 4U, 7U, 0x80000003U}) {
        EXPECT_EQ(outcome(Command::dma_map, pack(wire::DmaMap{32, flags, 0, 0x1000, 0x1000})),
                  EINVAL);
    }
    EXPECT_EQ(outcome(Command::dma_map, pack(wire::DmaMap{32, 3, 0, 0x1001, 0x1000})), EINVAL);
    EXPECT_EQ(outcome(Command::dma_map, pack(wire::DmaMap{32, 3, 0, 0x1000, 0x1001})), EINVAL);
    EXPECT_EQ(outcome(Command::dma_map, pack(wire::DmaMap{32, 3, 0, 0x1000, 0})), EINVAL);
    EXPECT_EQ(outcome(Command::dma_unmap, pack(wire::DmaUnmap{24, 1, 0x1000, 0x1000})), EINVAL);
    EXPECT_EQ(outcome(Command::dma_unmap, pack(wire::DmaUnmap{24, 2, 0x1000, 0})), EINVAL);
    EXPECT_EQ(outcome(Command::dma_unmap, pack(wire::DmaUnmap{24, 2, 0, 0x1000})), EINVAL);
}

TEST(Message, IrqFlagsInEveryCombination) {
    for (std::uint32_t flags = 0; flags < 128; ++flags) {
        const bool boolean = (flags & 7) == 2;
        const auto payload = boolean ? pack(wire::IrqSet{22, flags, 1, 0, 2}) + Bytes(2)
                                     : pack(wire::IrqSet{20, flags, 1, 0, 2});
        const auto data = flags & 7;
        const auto action = flags & 0x38;
        const bool one_each = (data == 1 || data == 2 || data == 4) &&
                              (action == 8 || action == 16 || action == 32) && flags < 64;
        const bool supported = data != 4 || action == 32;
        const int refusal = supported ? 0 : ENOTSUP;
        const int expected = one_each ? refusal : EINVAL;
        EXPECT_EQ(outcome(Command::device_set_irqs, payload), expected) << flags;
    }
}

TEST(Message, IrqCounts) {
    const auto irqs = [](std::uint32_t flags, std::uint32_t start, std::uint32_t count) {
        return outcome(Command::device_set_irqs, pack(wire::IrqSet{20, flags, 1, start, count}));
    };
    EXPECT_EQ(irqs(1 | 32, 1, 0), EINVAL); // only the whole index can be switched off
    EXPECT_EQ(irqs(1 | 8, 0, 0), EINVAL);
    EXPECT_EQ(irqs(4 | 32, 0, 0), EINVAL);
    EXPECT_EQ(irqs(1 | 32, UINT32_MAX, 1), EINVAL); // overflow
    EXPECT_EQ(irqs(1 | 32, 2, UINT32_MAX), EINVAL);
    EXPECT_EQ(irqs(2 | 32, 0, UINT32_MAX), EINVAL); // booleans that are not there
    // Sizes that only agree modulo 2^32.
    EXPECT_EQ(outcome(Command::device_set_irqs, pack(wire::IrqSet{19, 2 | 32, 1, 0, UINT32_MAX})),
              EINVAL);
}

TEST(Message, CountsOfData) {
    const auto read = [](std::uint32_t count) {
        return outcome(Command::region_read, pack(wire::RegionAccess{0, 0, count}));
    };
    EXPECT_EQ(read(0), EINVAL);
    EXPECT_EQ(read(wire::max_data_xfer_size), 0);
    EXPECT_EQ(read(wire::max_data_xfer_size + 1), EINVAL);
    EXPECT_EQ(read(UINT32_MAX), EINVAL);
    EXPECT_EQ(outcome(Command::region_write, pack(wire::RegionAccess{0, 0, 0})), EINVAL);
    EXPECT_EQ(outcome(Command::region_write, pack(wire::RegionAccess{0, 0, 3}, 1U)), EINVAL);

    // 24 * count + 8 overflows to the right size.
    const std::uint64_t wraps = (std::uint64_t{1} << 61) + 1;
    EXPECT_EQ(outcome(Command::region_write_multi,
                      pack(wire::WriteMulti{wraps}, wire::WriteOne{0, 0, 4, 1})),
              EINVAL);
    for (const std::uint32_t count : {0U, 3U, 5U, 9U, 16U, UINT32_MAX}) {
        EXPECT_EQ(outcome(Command::region_write_multi,
                          pack(wire::WriteMulti{1}, wire::WriteOne{0, 0, count, 1})),
                  EINVAL)
            << count;
    }
    EXPECT_EQ(outcome(Command::region_write_multi, pack(wire::WriteMulti{0})), 0);
}

TEST(Message, VersionDataEndInNul) {
    EXPECT_EQ(outcome(Command::version, pack(wire::Version{0, 0}) + test::text("{}")), EINVAL);
    EXPECT_EQ(outcome(Command::version, pack(wire::Version{0, 0}) + Bytes(1)), 0);
}

} // namespace
} // namespace vfio_user
