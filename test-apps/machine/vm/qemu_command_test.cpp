// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/qemu_command.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ipu3::vm {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Machine machine() {
    Machine made;
    made.kernel = "/boot/vmlinuz-1";
    made.initramfs = "/run/x/initramfs";
    made.root = "/";
    made.share = "/work/a,b";
    made.programs = "/work/c,d";
    made.console_fd = 5;
    made.agent_fd = 6;
    made.sockets = "/run/x";
    return made;
}

std::vector<nlohmann::json> vfio_user_devices(const std::vector<std::string>& command) {
    std::vector<nlohmann::json> devices;
    for (const auto& word : command) {
        if (word.starts_with("{")) {
            devices.push_back(nlohmann::json::parse(word));
        }
    }
    return devices;
}

TEST(QemuCommand, FunctionsSitWhereATabletHasThem) {
    const auto devices = vfio_user_devices(qemu_command(machine()));
    ASSERT_EQ(devices.size(), 3U);
    EXPECT_EQ(devices[0]["addr"], "14.3");
    EXPECT_EQ(devices[0]["socket"]["path"], "/run/x/cio2.sock");
    EXPECT_EQ(devices[1]["addr"], "15.0");
    EXPECT_EQ(devices[1]["multifunction"], true);
    EXPECT_EQ(devices[2]["addr"], "15.1");
    for (const auto& device : devices) {
        EXPECT_EQ(device["driver"], "vfio-user-pci");
    }
}

TEST(QemuCommand, WithoutDevicesThereIsNoneOfThem) {
    auto bare = machine();
    bare.sockets.reset();
    const auto command = qemu_command(bare);
    EXPECT_TRUE(vfio_user_devices(command).empty());
    EXPECT_THAT(command, Not(Contains(HasSubstr("addr=14."))));
}

TEST(QemuCommand, TheIommuComesBeforeAllThatItTranslatesFor) {
    auto with = machine();
    with.vtd = true;
    const auto command = qemu_command(with);
    const auto iommu = std::ranges::find(command, "intel-iommu,caching-mode=on");
    ASSERT_NE(iommu, command.end());
    const auto first_device = std::ranges::find(command, "-device");
    EXPECT_EQ(first_device + 1, iommu);
    EXPECT_THAT(kernel_arguments(with), HasSubstr("intel_iommu=on"));
    EXPECT_THAT(kernel_arguments(machine()), Not(HasSubstr("intel_iommu")));
    EXPECT_THAT(qemu_command(machine()), Not(Contains(HasSubstr("intel-iommu"))));
}

TEST(QemuCommand, CommasInPathsAreDoubled) {
    EXPECT_THAT(qemu_command(machine()), Contains(HasSubstr("path=/work/a,,b,")));
}

TEST(QemuCommand, GuestMemoryIsSharedAndOfTheSizeAskedFor) {
    auto large = machine();
    large.memory_mib = 2048;
    large.cpus = 3;
    const auto command = qemu_command(large);
    EXPECT_THAT(command, Contains("memory-backend-memfd,id=ram,size=2048M,share=on"));
    EXPECT_THAT(command, Contains("2048M"));
    EXPECT_THAT(command, Contains("3"));
}

TEST(QemuCommand, PluginsAreLoadedInTheirOrder) {
    EXPECT_THAT(qemu_command(machine()), Not(Contains("-plugin")));
    auto with = machine();
    with.plugins = {"/x/a,b.so", "/x/c.so"};
    const auto command = qemu_command(with);
    const auto first = std::ranges::find(command, "-plugin");
    ASSERT_GE(command.end() - first, 4);
    EXPECT_EQ(first[1], "file=/x/a,,b.so");
    EXPECT_EQ(first[2], "-plugin");
    EXPECT_EQ(first[3], "file=/x/c.so");
}

TEST(QemuCommand, EachLayerIsAReadOnlyFolderInASlotOfItsOwn) {
    EXPECT_THAT(qemu_command(machine()), Not(Contains(HasSubstr("layer"))));
    auto with = machine();
    with.layers = {"/kernel", "/a,b"};
    const auto command = qemu_command(with);
    EXPECT_THAT(command, Contains("local,id=layer1,path=/a,,b,security_model=none,readonly=on,"
                                  "multidevs=remap"));
    EXPECT_THAT(command, Contains("virtio-9p-pci,fsdev=layer0,mount_tag=layer0,addr=1b.0"));
    EXPECT_THAT(command, Contains("virtio-9p-pci,fsdev=layer1,mount_tag=layer1,addr=1c.0"));
    with.layers.resize(max_layers + 1);
    EXPECT_THROW((void)qemu_command(with), std::out_of_range);
}

TEST(QemuCommand, TheUsersWordsComeLastSoThatTheyWin) {
    auto words = machine();
    words.append = "loglevel=8 quiet";
    EXPECT_TRUE(kernel_arguments(words).ends_with(" loglevel=8 quiet"));
}

TEST(QemuCommand, DmaTestFunctionsHaveSlotsOfTheirOwn) {
    auto with = machine();
    with.dmatest = 1;
    EXPECT_EQ(vfio_user_devices(qemu_command(with)).size(), 4U);
    with.dmatest = max_dmatest;
    const auto devices = vfio_user_devices(qemu_command(with));
    ASSERT_EQ(devices.size(), 5U);
    EXPECT_EQ(devices[3]["addr"], "06.0");
    EXPECT_EQ(devices[3]["socket"]["path"], "/run/x/dmatest0.sock");
    EXPECT_EQ(devices[4]["addr"], "07.0");
}

TEST(QemuCommand, TheImguIsWhereALaptopHasIt) {
    auto with = machine();
    with.imgu = true;
    const auto devices = vfio_user_devices(qemu_command(with));
    ASSERT_EQ(devices.size(), 4U);
    EXPECT_EQ(devices[3]["addr"], "05.0");
    EXPECT_EQ(devices[3]["socket"]["path"], "/run/x/imgu.sock");
}

} // namespace
} // namespace ipu3::vm
