// SPDX-License-Identifier: GPL-2.0-or-later
// Every allocation of the backend failing in turn: inside the kernel, and as user space sees it.
// The modules are those of `make fail-modules`.
#include "tests/functional/guest_shell.hpp"
#include "tests/functional/ktap.hpp"
#include "tests/functional/vm.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace tests {
namespace {

class FailNth : public testing::TestWithParam<std::string> {
  protected:
    FailNth() {
        const auto modules = fail_nth_modules(GetParam()).string();
        vm.options({"--kernel", GetParam(), "--modules", modules, "--drivers", "project",
                    "--sensors", "none", "--timeout", "1800"});
    }
    Vm vm;
};

TEST_P(FailNth, LeavesNothingInTheKernelWithOrWithoutVtd) {
    vm.options({"--vtd"});
    const auto outcome = vm.run(R"sh(
        modprobe -r ipu3-cio2
        dmesg -C; modprobe ipu-fail-ktest; dmesg >direct.log; rmmod ipu-fail-ktest
        dmesg -C; modprobe ipu-fail-ktest parent=0000:00:14.3; dmesg >vtd.log; rmmod ipu-fail-ktest
        rmmod vb2-ipu-iommu)sh");
    ASSERT_EQ(outcome.status, 0) << describe(outcome);
    for (const auto* name : {"direct.log", "vtd.log"}) {
        const auto log = vm.share_text(name);
        const auto verdict = read_ktap(log);
        EXPECT_TRUE(verdict.complete) << log;
        EXPECT_EQ(verdict.failed, 0U) << log;
        EXPECT_EQ(verdict.passed, 19U) << log; // fourteen tests and five suites
    }
}

/// `sweep OPTIONS...` streams with the first allocation failing, then the second, until it ends
/// well; `wanted` is the error that a stream must then end with.
constexpr std::string_view helpers = R"sh(
parameters=/sys/module/vb2_ipu_iommu/parameters
function=0000:00:06.0
[ -d /sys/kernel/debug/tracing ] || mount -t debugfs none /sys/kernel/debug
modprobe ipu-dmatest && within 20 dmatest_node 3 >/dev/null || exit 1
udevadm settle
state() {
    grep -hE '^(buffers|bytes|mapped_pages|table_pages) ' /sys/kernel/debug/vb2-ipu-iommu/*/stats
    cat $parameters/fail_live
}
# For read(), videobuf2 makes do with fewer buffers, or the next poll() tries anew.
# Once the translated device is being added, the core does not pass on why there is no domain for it.
wanted() { # CALL MESSAGE
    [ $added = 0 ] || { echo 'No such device'; return; }
    case $1,$2 in
    'alloc_pages_node(run),'* | *'--memory read'*) echo 'frames=2 ' ;;
    dma_buf_export,*) echo 'VIDIOC_EXPBUF: Invalid argument' ;;
    # Other exporters map by themselves, and pass on what iommu-dma makes of it.
    dma_map_page_attrs,*'--exporter heap'* | dma_map_page_attrs,*'--exporter udmabuf'*)
        echo 'VIDIOC_QBUF: Invalid argument' ;;
    dma_map_page_attrs,*VIDIOC_QBUF*) echo 'VIDIOC_QBUF: Input/output error' ;;
    dma_map_page_attrs,bind:* | dma_coerce_mask_and_coherent,bind:*) echo 'Input/output error' ;;
    *) echo 'Cannot allocate memory' ;;
    esac
}
judge() { # WHAT STATUS MESSAGE: after an attempt with the allocation $nth failing; false when none did
    call=$(cat $parameters/fail_name)
    echo 0 >$parameters/fail_nth
    # videobuf2's own leak, in both kernels: when attach_dmabuf() fails, and nothing but the first kzalloc() can make it
    # fail, __prepare_dmabuf() keeps its reference to the dma-buf. What is exported by this backend then shows it.
    case $1,$call,$3 in *'--exporter node,kzalloc,'*VIDIOC_QBUF*)
        [ $known = 1 ] || { known=1; [ "$(state)" != "$before" ]; note $? "$1: the known leak"; before=$(state); } ;;
    esac
    [ "$(state)" = "$before" ] || note 1 "$1: call $nth, $call: left $(state | tr '\n' ' '), not $(echo "$before" | tr '\n' ' ')"
    if [ -z "$call" ]; then note "$2" "$1: $((nth - 1)) failures, then: $3"; return 1; fi
    case $3 in *"$(wanted "$call" "$1: $3")"*) ;; *) note 1 "$1: call $nth, $call: $3" ;; esac
    echo "$1: call $nth, $call: $3" >>sweep.log
    [ $call != platform_device_add ] || added=1
    nth=$((nth + 1))
    [ $nth -lt 200 ]
}
sweep() {
    nth=1 known=0 added=0 before=$(state)
    while :; do
        echo $nth >$parameters/fail_nth
        said=$(timeout 60 ./ipu-dmatest-stream --count 2 --size 100x100 --buffers 1 "$@" 2>&1); status=$?
        judge "$*" $status "$said" || break
    done
    [ $nth -gt 5 ]; note $? "$*: $((nth - 1)) failures are enough"
}
finish() { [ $failed = 0 ]; }
)sh";

class FailNthSeen : public FailNth {};

TEST_P(FailNthSeen, TellsUserSpaceTheRightErrorAndLeavesNothing) {
    std::filesystem::copy_file(programs() / "ipu-dmatest-stream",
                               vm.share() / "ipu-dmatest-stream");
    vm.options({"--dmatest", "2"});
    const auto outcome = vm.run(fmt::format("{}{}{}", guest_shell, helpers, R"sh(
        sweep --memory mmap
        sweep --memory read
        sweep --memory userptr --userptr-offset 100
        sweep --memory dmabuf-export
        for exporter in heap udmabuf node; do sweep --memory dmabuf-import --exporter $exporter; done
        # A probe that fails, and the next one that does not.
        nth=1 known=0 added=0
        # The shell's own echo has one message for all errors.
        bind() { /bin/echo $function >/sys/bus/pci/drivers/ipu-dmatest/bind; }
        unbind() { /bin/echo $function >/sys/bus/pci/drivers/ipu-dmatest/unbind; }
        unbind
        before=$(state)
        while :; do
            echo $nth >$parameters/fail_nth
            said=$(bind 2>&1); status=$?
            [ $status != 0 ] || unbind
            judge bind $status "$said" || break
        done
        [ $nth -gt 20 ]; note $? "bind: $((nth - 1)) failures are enough"
        bind; note $? 'bound in the end'
        within 20 dmatest_node 1 >/dev/null; udevadm settle
        sweep --memory mmap
        # Negative control.
        before=$(state)
        echo 1 >$parameters/leak
        ./ipu-dmatest-stream --count 2 >/dev/null
        [ "$(state)" != "$before" ]; note $? 'control: a leak is seen'
        finish)sh"));
    EXPECT_EQ(outcome.status, 0) << describe(outcome) << vm.share_text("sweep.log");
    EXPECT_EQ(outcome.out.find("not ok"), std::string::npos) << describe(outcome);
    EXPECT_NE(outcome.out.find("ok: bound in the end"), std::string::npos) << describe(outcome);
}

std::string kernel_name(const testing::TestParamInfo<std::string>& tested) {
    return tested.param;
}

INSTANTIATE_TEST_SUITE_P(Short, FailNth, testing::Values("newest"), kernel_name);
INSTANTIATE_TEST_SUITE_P(Full, FailNth, testing::Values("stable"), kernel_name);
INSTANTIATE_TEST_SUITE_P(Full, FailNthSeen, testing::Values("stable", "newest"), kernel_name);

} // namespace
} // namespace tests
