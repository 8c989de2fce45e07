// SPDX-License-Identifier: GPL-2.0-or-later
// The stand-in for the ImgU's firmware file before the kernel's own driver and libcamera.
#include "tests/functional/guest_imgu.hpp"
#include "tests/functional/guest_shell.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

namespace tests {
namespace {

constexpr const char* says_so = "ipu3-vm: the ImgU's firmware is a stand-in\n";

class ImguStandIn : public testing::TestWithParam<std::string> {
  protected:
    static Vm& stand_in(Vm& vm) {
        return vm.options({"--kernel", GetParam(), "--drivers", "stock", "--imgu",
                           "--imgu-firmware", "stand-in", "--scene", "room", "--memory", "2G",
                           "--timeout", "900"});
    }
};

TEST_P(ImguStandIn, MakesVideoAndStillPictures) {
    constexpr std::size_t width = 640;
    constexpr std::size_t height = 480;
    constexpr unsigned frames = 5;
    Vm vm;
    std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
    // libcamera's is video mode. The driver tells only when it is asked to what program it takes.
    const auto outcome = stand_in(vm).run(fmt::format(R"sh({}{}
        dmesg | grep -o 'loaded firmware version .* binaries'
        echo 'module ipu3_imgu +p' >/sys/kernel/debug/dynamic_debug/control
        cam -c1 --capture={} --file=frame-#.bin -s width={},height={} >cam.log 2>&1 || exit 1
        dmesg | grep -o 'using binary .*' | sort -u
        dmesg -C
        find_imgu
        v4l2-ctl -d $(media-ctl -d $imgu -e 'ipu3-imgu 0') --set-ctrl=ipu3_pipe_mode=1 &&
            ./ipu3-capture --quiet --size 1296x972 --count 1 --raw in.raw >/dev/null &&
            process 0 in.raw 1296x972 1296x972 {}x{} 3 || {{ tail -n 5 *.log; exit 1; }}
        dmesg | grep -o 'using binary .*' | sort -u)sh",
                                                      guest_shell, guest_imgu, frames, width,
                                                      height, width, height));
    ASSERT_EQ(outcome.status, 0) << describe(outcome) << vm.share_text("cam.log");
    EXPECT_EQ(outcome.out,
              "loaded firmware version stand-in of vb2-ipu-iommu, noise for programs, 5 binaries\n"
              "using binary video id = 236\n"
              "using binary still id = 238\n");
    EXPECT_NE(outcome.err.find(says_so), std::string::npos) << outcome.err;
    EXPECT_NE(vm.log_text("trace.jsonl").find("\"version\":\"stand-in of vb2-ipu-iommu"),
              std::string::npos);
    constexpr auto bytes = width * height * 3 / 2;
    for (unsigned i = 0; i < frames; ++i) {
        EXPECT_EQ(vm.share_text(fmt::format("frame-cam0-stream0-{:06}.bin", i)).size(), bytes) << i;
    }
    EXPECT_EQ(vm.share_text("output-0.nv12").size(), 3 * bytes);
}

TEST_P(ImguStandIn, SpoiledIsRefusedByTheDriver) {
    Vm vm;
    // One byte, the size of the file's header: 80, and then 72 again.
    const auto outcome = stand_in(vm).run(fmt::format(R"sh({}
        file=/lib/firmware/intel/ipu/irci_irci_ecr-master_20161208_0213_20170112_1500.bin
        bound() {{ ls /sys/bus/pci/drivers/ipu3-imgu | grep -q '^0000:'; }}
        again() {{
            within 10 rmmod ipu3_imgu; dmesg -C
            printf "$1" | dd of=$file bs=1 seek=68 conv=notrunc status=none; modprobe ipu3_imgu
        }}
        bound; note $? 'a driver with the stand-in'
        again '\120'
        dmesg | grep -q "invalid firmware binary, size $(stat -c %s $file)"; note $? 'refused'
        ! bound; note $? 'no driver'
        again '\110'
        dmesg | grep -q 'loaded firmware version stand-in'; note $? 'taken again'
        bound; note $? 'a driver again'
        exit $failed)sh",
                                                      guest_shell));
    EXPECT_EQ(outcome.status, 0) << describe(outcome);
}

INSTANTIATE_TEST_SUITE_P(Full, ImguStandIn, testing::Values("stable", "newest"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace tests
