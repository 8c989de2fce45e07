// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vfio-user/pci_config.hpp"

#include <gtest/gtest.h>
#include <map>
#include <stdexcept>
#include <vector>

namespace vfio_user {
namespace {

constexpr std::array bars{BarSpec{0, 0x10000, true, false}, BarSpec{2, 0x2000, false, true}};

PciConfigSpec camera_like() {
    return {.identity = {0x8086, 0x9d32, 0x1043, 0x1a2b, 0x048000, 0x01},
            .bars = bars,
            .msi = MsiSpec{4, true},
            .multifunction = true};
}

std::uint32_t read(const PciConfig& config, std::uint64_t offset, std::size_t size) {
    std::array<std::byte, 4> bytes{};
    config.read(offset, std::span{bytes}.first(size));
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= std::to_integer<std::uint32_t>(bytes.at(i)) << (8 * i);
    }
    return value;
}

void write(PciConfig& config, std::uint64_t offset, std::uint32_t value, std::size_t size) {
    std::array<std::byte, 4> bytes{};
    for (std::size_t i = 0; i < size; ++i) {
        bytes.at(i) = static_cast<std::byte>(value >> (8 * i));
    }
    config.write(offset, std::span{bytes}.first(size));
}

TEST(PciConfig, HeaderAsLspciReadsIt) {
    const PciConfig config{camera_like()};
    EXPECT_EQ(read(config, 0x00, 4), 0x9d328086U);
    EXPECT_EQ(read(config, 0x04, 4), 0x00100000U); // nothing enabled; there are capabilities
    EXPECT_EQ(read(config, 0x08, 4), 0x04800001U);
    EXPECT_EQ(read(config, 0x0c, 4), 0x00800000U); // multi-function, type 0
    EXPECT_EQ(read(config, 0x10, 4), 0x00000004U); // 64-bit
    EXPECT_EQ(read(config, 0x18, 4), 0x00000008U); // 32-bit prefetchable
    EXPECT_EQ(read(config, 0x2c, 4), 0x1a2b1043U);
    EXPECT_EQ(read(config, 0x30, 4), 0U); // no ROM
    EXPECT_EQ(read(config, 0x34, 1), 0x40U);
    EXPECT_EQ(read(config, 0x3c, 4), 0U); // no INTx pin
    EXPECT_EQ(read(config, 0x40, 4), 0x00035001U);
    EXPECT_EQ(read(config, 0x50, 4), 0x00840005U); // last capability; 4 vectors, 64-bit
}

TEST(PciConfig, SoftwareChangesExactlyTheWritableBits) {
    PciConfig config{camera_like()};
    std::vector<std::byte> before(PciConfig::size);
    config.read(0, before);
    // Everything but the power state, which would reset the rest on its way back.
    const std::vector<std::byte> ones(PciConfig::size, std::byte{0xff});
    config.write(0, std::span{ones}.first(0x44));
    config.write(0x46, std::span{ones}.first(PciConfig::size - 0x46));
    std::vector<std::byte> after(PciConfig::size);
    config.read(0, after);
    const std::map<std::size_t, unsigned> golden{
        {0x04, 0x46}, {0x05, 0x05}, // memory, master, parity; SERR, INTx disable
        {0x0c, 0xff},               // cache line size
        {0x12, 0xff}, {0x13, 0xff}, {0x14, 0xff}, {0x15, 0xff}, {0x16, 0xff},
        {0x17, 0xff}, {0x19, 0xe0}, {0x1a, 0xff}, {0x1b, 0xff}, // BAR 2, 8 KiB
        {0x3c, 0xff},                                           // interrupt line
        {0x52, 0x71}, // MSI: enable, multiple message enable
        {0x54, 0xfc}, {0x55, 0xff}, {0x56, 0xff}, {0x57, 0xff}, {0x58, 0xff},
        {0x59, 0xff}, {0x5a, 0xff}, {0x5b, 0xff}, {0x5c, 0xff}, {0x5d, 0xff},
    };
    for (std::size_t i = 0; i < PciConfig::size; ++i) {
        const auto expected = golden.contains(i) ? golden.at(i) : 0;
        EXPECT_EQ(std::to_integer<unsigned>(before[i] ^ after[i]), expected) << "offset " << i;
    }
}

TEST(PciConfig, BarSizing) {
    PciConfig config{camera_like()};
    write(config, 0x10, 0xffffffff, 4);
    write(config, 0x14, 0xffffffff, 4);
    EXPECT_EQ(read(config, 0x10, 4), 0xffff0004U);
    EXPECT_EQ(read(config, 0x14, 4), 0xffffffffU);
    write(config, 0x18, 0xffffffff, 4);
    EXPECT_EQ(read(config, 0x18, 4), 0xffffe008U);
    write(config, 0x1c, 0xffffffff, 4); // no BAR 3
    EXPECT_EQ(read(config, 0x1c, 4), 0U);
    write(config, 0x10, 0x91234567, 4);
    EXPECT_EQ(read(config, 0x10, 4), 0x91230004U);
    EXPECT_EQ(config.bar_size(0), 0x10000U);
    EXPECT_EQ(config.bar_size(1), 0U); // the upper half of BAR 0
    EXPECT_EQ(config.bar_size(2), 0x2000U);
    EXPECT_EQ(config.bar_size(6), 0U);
}

TEST(PciConfig, BarLargerThan4GiB) {
    constexpr std::array huge{BarSpec{0, std::uint64_t{1} << 33, true, true}};
    PciConfig config{{.identity = {}, .bars = huge, .msi = std::nullopt}};
    write(config, 0x10, 0xffffffff, 4);
    write(config, 0x14, 0xffffffff, 4);
    EXPECT_EQ(read(config, 0x10, 4), 0x0000000cU);
    EXPECT_EQ(read(config, 0x14, 4), 0xfffffffeU);
}

TEST(PciConfig, CommandBits) {
    PciConfig config{camera_like()};
    EXPECT_FALSE(config.memory_enabled());
    EXPECT_FALSE(config.bus_master());
    write(config, 0x04, 0x2, 1);
    EXPECT_TRUE(config.memory_enabled());
    EXPECT_FALSE(config.bus_master());
    write(config, 0x04, 0x7, 2);
    EXPECT_TRUE(config.bus_master());
    EXPECT_EQ(read(config, 0x04, 2), 0x6U); // no I/O space
}

TEST(PciConfig, LeavingD3hotIsASoftResetThatTheObserverSees) {
    PciConfig config{camera_like()};
    std::vector<PowerState> seen;
    config.on_power_state([&](PowerState state) { seen.push_back(state); });
    write(config, 0x04, 0x6, 2);
    write(config, 0x44, 3, 2);
    EXPECT_EQ(config.power_state(), PowerState::d3hot);
    EXPECT_TRUE(config.bus_master());
    write(config, 0x44, 3, 2); // no change, no call
    write(config, 0x44, 0, 2);
    EXPECT_EQ(config.power_state(), PowerState::d0);
    EXPECT_FALSE(config.bus_master());
    EXPECT_EQ(seen, (std::vector{PowerState::d3hot, PowerState::d0}));
}

TEST(PciConfig, NoSoftResetKeepsTheRegisters) {
    auto spec = camera_like();
    spec.no_soft_reset = true;
    PciConfig config{spec};
    EXPECT_EQ(read(config, 0x44, 2), 0x8U);
    write(config, 0x04, 0x6, 2);
    write(config, 0x44, 0x3, 2);
    write(config, 0x44, 0x0, 2);
    EXPECT_TRUE(config.bus_master());
    EXPECT_EQ(read(config, 0x44, 2), 0x8U);
}

TEST(PciConfig, StatesThatAreNotSupportedAreDiscarded) {
    PciConfig config{camera_like()};
    for (const std::uint32_t state : {1U, 2U}) {
        write(config, 0x44, state, 2);
        EXPECT_EQ(config.power_state(), PowerState::d0);
    }
    write(config, 0x44, 3, 2);
    write(config, 0x44, 1, 1);
    EXPECT_EQ(config.power_state(), PowerState::d3hot);
}

TEST(PciConfig, ResetIsPowerOnState) {
    PciConfig config{camera_like()};
    std::vector<std::byte> fresh(PciConfig::size);
    config.read(0, fresh);
    write(config, 0x04, 0x6, 2);
    write(config, 0x10, 0x80000000, 4);
    write(config, 0x52, 0x1, 2);
    write(config, 0x44, 3, 2);
    config.reset();
    std::vector<std::byte> now(PciConfig::size);
    config.read(0, now);
    EXPECT_EQ(now, fresh);
}

TEST(PciConfig, BeyondTheEnd) {
    PciConfig config{camera_like()};
    EXPECT_EQ(read(config, 0xfe, 4), 0xffff0000U);
    EXPECT_EQ(read(config, 0x100, 4), 0xffffffffU);
    EXPECT_EQ(read(config, UINT64_MAX, 4), 0xffffffffU);
    write(config, 0xfe, 0xffffffff, 4);
    write(config, UINT64_MAX, 0xffffffff, 4); // does not come round to offset 0
    EXPECT_EQ(read(config, 0x00, 4), 0x9d328086U);
    EXPECT_EQ(read(config, 0x04, 2), 0U);
}

TEST(PciConfig, WithoutCapabilities) {
    PciConfig config{{.identity = {}, .bars = {}, .msi = std::nullopt, .power_management = false}};
    EXPECT_EQ(read(config, 0x34, 1), 0U);
    EXPECT_EQ(read(config, 0x06, 2), 0U);
    write(config, 0x44, 3, 2);
    EXPECT_EQ(config.power_state(), PowerState::d0);
    EXPECT_EQ(config.msi_vectors(), 0U);
}

TEST(PciConfig, CapabilitiesWhereTheSpecPutsThem) {
    auto spec = camera_like();
    spec.pm_offset = 0xd0;
    spec.msi_offset = 0x90;
    spec.msi = MsiSpec{1, false};
    const PciConfig config{spec};
    EXPECT_EQ(read(config, 0x34, 1), 0xd0U);
    EXPECT_EQ(read(config, 0xd0, 2), 0x9001U);
    EXPECT_EQ(read(config, 0x90, 4), 0x00000005U);
}

TEST(PciConfig, RefusesWhatNoHardwareHas) {
    const auto with_bars = [](std::vector<BarSpec> specs) {
        return PciConfig{{.identity = {}, .bars = specs, .msi = std::nullopt}};
    };
    EXPECT_THROW(with_bars({{0, 0x1001, true, false}}), std::invalid_argument);
    EXPECT_THROW(with_bars({{0, 0x800, true, false}}), std::invalid_argument);
    EXPECT_THROW(with_bars({{0, 0, true, false}}), std::invalid_argument);
    EXPECT_THROW(with_bars({{5, 0x1000, true, false}}), std::invalid_argument);
    EXPECT_THROW(with_bars({{6, 0x1000, false, false}}), std::invalid_argument);
    EXPECT_THROW(with_bars({{0, std::uint64_t{1} << 32, false, false}}), std::invalid_argument);
    EXPECT_THROW(with_bars({{0, 0x1000, true, false}, {1, 0x1000, false, false}}),
                 std::invalid_argument);
    EXPECT_NO_THROW(with_bars({{0, 0x1000, true, false}, {2, 0x1000, false, false}}));

    auto spec = camera_like();
    spec.msi_offset = 0x44;
    EXPECT_THROW(PciConfig{spec}, std::invalid_argument);
    spec = camera_like();
    spec.msi_offset = 0xf4;
    EXPECT_THROW(PciConfig{spec}, std::invalid_argument);
    spec = camera_like();
    spec.pm_offset = 0x3c;
    EXPECT_THROW(PciConfig{spec}, std::invalid_argument);
    spec = camera_like();
    spec.msi = MsiSpec{3, true};
    EXPECT_THROW(PciConfig{spec}, std::invalid_argument);
    spec.msi = MsiSpec{64, true};
    EXPECT_THROW(PciConfig{spec}, std::invalid_argument);
}

} // namespace
} // namespace vfio_user
