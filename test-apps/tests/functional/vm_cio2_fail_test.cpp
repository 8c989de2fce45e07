// SPDX-License-Identifier: GPL-2.0-or-later
// Every step of ipu3-cio2's probe, and every allocation of a stream, failing in turn: the error is
// told, nothing is left, and the next attempt succeeds. The modules are those of
// `make fail-modules`.
#include "tests/functional/cio2_machine.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace tests {
namespace {

/// `sweep WHAT LEAST COMMAND...` runs the command with the first call failing, then the second,
/// until none fails; `undo` is run after each success. There must be so many failures at least.
constexpr std::string_view helpers = R"sh(
parameters=/sys/module/vb2_ipu_iommu/parameters
driver=/sys/bus/pci/drivers/ipu3-cio2
# The shell's own echo has one message for all errors.
bind() { /bin/echo $function >$driver/bind; }
unbind() { /bin/echo $function >$driver/unbind; }
capture() { timeout 120 ./ipu3-capture --quiet --json --sensor ov5693 --size 1296x972 --count 2 "$@"; }
state() {
    cat $parameters/fail_live
    grep -hE '^(buffers|bytes|mapped_pages|table_pages) ' /sys/kernel/debug/vb2-ipu-iommu/cio2*/stats 2>/dev/null
    ls -d /dev/media* /dev/video* /dev/v4l-subdev* 2>/dev/null
    ls /sys/kernel/iommu_groups /sys/kernel/debug/vb2-ipu-iommu /sys/kernel/debug/ipu3-cio2 /sys/bus/pci/devices/$function/
    cat /sys/bus/pci/devices/$function/power/runtime_usage
    grep -o 'ipu3-cio2$' /proc/interrupts
}
wanted() { # CALL
    case $1 in
    dma_map_page_attrs | dma_coerce_mask_and_coherent) echo 'Input/output error' ;;
    dma_buf_export) echo 'Invalid argument' ;; # all that videobuf2 knows of it
    *) echo 'Cannot allocate memory' ;;
    esac
}
undo() { :; }
sweep() {
    what=$1 least=$2; shift 2
    nth=1 failures=0 before=$(state)
    while :; do
        echo $nth >$parameters/fail_nth
        said=$("$@" 2>&1); status=$?
        call=$(cat $parameters/fail_name)
        echo 0 >$parameters/fail_nth
        [ $status != 0 ] || undo
        now=$(state)
        [ "$now" = "$before" ] || { note 1 "$what: call $nth, $call: left $(echo "$now" | tr '\n' ' '), not $(echo "$before" | tr '\n' ' ')"; before=$now; }
        [ -n "$call" ] || break
        echo "$what: call $nth, $call: $status $said" >>sweep.log
        case $call in
        'alloc_pages_node(run)') [ $status = 0 ]; result=$? ;; # smaller runs do as well
        *) case $said in *"$(wanted "$call")"*) [ $status != 0 ]; result=$? ;; *) result=1 ;; esac ;;
        esac
        [ $result = 0 ] || note 1 "$what: call $nth, $call: $status $said"
        failures=$((failures + 1)) nth=$((nth + 1))
        [ $nth -lt 400 ] || break
    done
    is "$what: the last one, none failing: $(echo "$said" | tail -n 1)" $status 0
    [ $failures -ge $least ]; note $? "$what: $failures failures are enough"
}
# Negative control: a free that is forgotten.
finds_a_leak() { # COMMAND...
    before=$(state)
    echo 1 >$parameters/leak
    "$@" >/dev/null 2>&1 && undo
    [ "$(state)" != "$before" ]; note $? 'control: a leak is seen'
}
)sh";

class Cio2Fail : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        std::filesystem::copy_file(programs() / "ipu3-capture", vm.share() / "ipu3-capture");
        cio2::set_up(vm, {.kernel = GetParam(), .noncoherent = false});
        vm.options({"--modules", fail_nth_modules(GetParam()).string()});
    }
    void expect_all(std::string_view script) {
        cio2::expect_all(vm, fmt::format("{}{}", helpers, script));
        if (HasFailure()) {
            ADD_FAILURE() << vm.share_text("sweep.log");
        }
    }
    Vm vm;
};

TEST_P(Cio2Fail, AProbeThatFailsLeavesNothing) {
    expect_all(R"sh(
        unbind; note $? 'unbound'
        undo() { unbind; }
        sweep bind 60 bind
        for call in kzalloc ipu_bridge_init pcim_enable_device pcim_iomap_region dma_set_mask_and_coherent v4l2_device_register \
            media_entity_pads_init v4l2_subdev_init_finalize vb2_queue_init pci_alloc_irq_vectors request_threaded_irq media_device_register \
            v4l2_device_register_subdev video_register_device media_create_pad_link v4l2_fwnode_endpoint_parse v4l2_async_nf_add_fwnode_remote \
            ipu_bridge_instantiate_vcm v4l2_create_fwnode_links_to_pad v4l2_device_register_subdev_nodes v4l2_async_nf_register; do
            grep -q ", $call:" sweep.log; note $? "$call failed, too"
        done
        finds_a_leak bind
        bind; note $? 'bound in the end'
        capture; note $? 'it streams')sh");
}

TEST_P(Cio2Fail, AStreamThatFailsLeavesNothing) {
    expect_all(R"sh(
        sweep mmap 20 capture --memory mmap
        sweep exported 20 capture --memory mmap --export
        sweep userptr 20 capture --memory userptr
        sweep dmabuf 20 capture --memory dmabuf
        for call in pm_runtime_resume_and_get video_device_pipeline_start; do grep -q ", $call:" sweep.log; note $? "$call failed, too"; done
        finds_a_leak capture)sh");
}

std::string kernel_name(const testing::TestParamInfo<std::string>& tested) {
    return tested.param;
}

INSTANTIATE_TEST_SUITE_P(Full, Cio2Fail, testing::Values("stable", "newest"), kernel_name);

} // namespace
} // namespace tests
