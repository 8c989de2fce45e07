// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel_needs.hpp"

#include "machine/vm/initramfs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view all_modules =
    "kernel/drivers/virtio/virtio_pci.ko\nkernel/drivers/char/virtio_console.ko\n"
    "kernel/net/9p/9pnet_virtio.ko\nkernel/fs/9p/9p.ko\nkernel/fs/overlayfs/overlay.ko\n"
    "kernel/drivers/mfd/intel-lpss-pci.ko\nkernel/drivers/i2c/i2c-dev.ko\n"
    "kernel/drivers/i2c/busses/i2c-designware-platform.ko\n"
    "kernel/drivers/media/pci/intel/ipu-bridge.ko\n";

KernelUse with_sensors() {
    KernelUse use;
    use.sensors = {"ov5693"};
    return use;
}

TEST(KernelNeeds, OptionsThatAreOffOrAbsentAreNamed) {
    constexpr std::string_view config =
        "CONFIG_PCI=y\n# CONFIG_9P_FS is not set\nCONFIG_OVERLAY_FS=m\nCONFIG_UNIX=n\n"
        "CONFIG_PCI_MSI=y\nCONFIG_VIDEO_OV5693=m\n";
    const auto lacking = lacking_options(config, with_sensors());
    for (const auto* option : {"CONFIG_9P_FS", "CONFIG_UNIX", "CONFIG_VIDEO_IPU3_CIO2"}) {
        EXPECT_THAT(lacking, Contains(option));
    }
    for (const auto* option : {"CONFIG_PCI", "CONFIG_OVERLAY_FS", "CONFIG_VIDEO_OV5693"}) {
        EXPECT_THAT(lacking, Not(Contains(option)));
    }
}

TEST(KernelNeeds, OnlyWhatTheRunUsesIsNeeded) {
    KernelUse use;
    use.devices = false;
    EXPECT_THAT(lacking_options("", use), Not(Contains("CONFIG_VIDEO_IPU3_CIO2")));
    EXPECT_THAT(lacking_options("", use), Not(Contains("CONFIG_INTEL_IOMMU")));
    EXPECT_THAT(lacking_options("", use), Not(Contains("CONFIG_FW_LOADER")));
    use = with_sensors();
    use.stock_drivers = false;
    use.imgu = true;
    use.vtd = true;
    const auto lacking = lacking_options("", use);
    EXPECT_THAT(lacking, Not(Contains("CONFIG_VIDEO_IPU3_CIO2")));
    EXPECT_THAT(lacking, Not(Contains("CONFIG_VIDEO_IPU3_IMGU")));
    EXPECT_THAT(lacking, Contains("CONFIG_IPU_BRIDGE"));
    EXPECT_THAT(lacking, Contains("CONFIG_FW_LOADER"));
    EXPECT_THAT(lacking, Contains("CONFIG_INTEL_IOMMU"));
    EXPECT_THAT(lacking, Contains("CONFIG_VIDEO_OV5693"));
}

TEST(KernelNeeds, ModulesAreLookedForAmongBuiltInOnesToo) {
    const auto use = with_sensors();
    EXPECT_THAT(lacking_modules(all_modules, use), ElementsAre("ipu3_cio2", "ov5693"));
    EXPECT_THAT(lacking_modules(std::string{all_modules} +
                                    "kernel/drivers/media/pci/intel/ipu3/ipu3-cio2.ko.xz\n"
                                    "kernel/drivers/media/i2c/ov5693.ko\n",
                                use),
                IsEmpty());
    EXPECT_THAT(
        lacking_modules(std::string{all_modules} + "kernel/not-ov5693.ko\nov5693/x.ko\n", use),
        ElementsAre("ipu3_cio2", "ov5693"));
}

// The fragment that makes a kernel bootable names whatever a kernel is refused for.
TEST(KernelNeeds, TheProjectsFragmentHasAllOfIt) {
    const auto fragment = read_file(IPU3_MACHINE_FRAGMENT);
    ASSERT_TRUE(fragment) << fragment.error().message;
    KernelUse use{.devices = true, .stock_drivers = true, .imgu = true, .vtd = true, .sensors = {}};
    use.sensors = {"ov5693", "ov8865", "ov5670"};
    EXPECT_THAT(lacking_options(*fragment, use), IsEmpty());
}

} // namespace
} // namespace ipu3::vm
