// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/vm/kernel_log.hpp"

#include <gtest/gtest.h>

namespace ipu3::vm {
namespace {

TEST(KernelLog, ARecordIsTakenApart) {
    const auto record =
        parse_record("6,339,5140900,-;NET: Registered PF_INET6 protocol family\n SUBSYSTEM=acpi\n");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->level, 6U);
    EXPECT_EQ(record->facility, 0U);
    EXPECT_EQ(record->sequence, 339U);
    EXPECT_EQ(record->text, "NET: Registered PF_INET6 protocol family");
    EXPECT_EQ(record->line(), "[    5.140900] NET: Registered PF_INET6 protocol family");
}

TEST(KernelLog, AProgramsRecordIsNotTheKernels) {
    const auto record = parse_record("12,340,5140900,-,caller=T1;WARNING: from a program\n");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->facility, 1U);
    EXPECT_EQ(record->level, 4U);
}

TEST(KernelLog, EscapesAreUndone) {
    const auto record =
        parse_record("4,1,2,-;Unstable clock\\x0aWARNING: second \\x5c line \\xzz \\x4\n");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->text, "Unstable clock\nWARNING: second \\ line \\xzz \\x4");
    EXPECT_TRUE(is_report(record->text)) << "each line of a record counts";
}

TEST(KernelLog, MalformedRecordsAreErrors) {
    for (const auto* raw : {"", ";", "6", "6,", "6,1", "6,1,2", "6,1,2,-", "x,1,2,-;text",
                            "-1,1,2,-;text", "6,99999999999999999999999,2,-;text"}) {
        EXPECT_FALSE(parse_record(raw)) << raw;
    }
    EXPECT_TRUE(parse_record("6,1,2,-;"));
}

class Reports : public testing::TestWithParam<const char*> {};
TEST_P(Reports, AreFound) {
    EXPECT_TRUE(is_report(GetParam()));
}

// Lines as kernels 6.12 and later print them.
INSTANTIATE_TEST_SUITE_P(
    Real, Reports,
    testing::Values(
        "WARNING: CPU: 1 PID: 611 at drivers/media/common/videobuf2/videobuf2-core.c:2217 "
        "__vb2_queue_cancel+0x1fd/0x280 [videobuf2_common]",
        "WARNING: drivers/base/devres.c:691 at devres_release_group+0x12d/0x140, CPU#0: "
        "modprobe/412",
        "------------[ cut here ]------------",
        "BUG: kernel NULL pointer dereference, address: 0000000000000008",
        "BUG: unable to handle page fault for address: ffffb0f3c0411000",
        "BUG: sleeping function called from invalid "
        "context at kernel/locking/mutex.c:585",
        "kernel BUG at mm/slub.c:546!", "Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI",
        "Oops: general protection fault, probably for non-canonical address 0xdead000000000122: "
        "0000 [#1] SMP",
        "general protection fault, maybe for address 0x0: 0000 [#1] PREEMPT SMP NOPTI",
        "Kernel panic - not syncing: sysrq triggered crash",
        "WARNING: possible circular locking dependency detected",
        "WARNING: possible recursive locking detected", "WARNING: suspicious RCU usage",
        "INFO: task v4l2-ctl:732 blocked for more than 120 seconds.",
        "INFO: task v4l2-ctl:732 blocked in I/O wait for more than 120 seconds.",
        "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
        "rcu: INFO: rcu_preempt self-detected stall on CPU",
        "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [swapper/1:0]",
        "watchdog: CPU0: Watchdog detected hard LOCKUP on cpu 0",
        "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0",
        "BUG: KASAN: slab-use-after-free in cio2_irq+0x1c/0x40",
        "BUG: KFENCE: out-of-bounds read in test+0x1/0x2",
        "UBSAN: array-index-out-of-bounds in drivers/media/pci/intel/ipu3/ipu3-cio2.c:600:12",
        "BUG: Bad page state in process kworker/0:1  pfn:12345",
        "DMAR: DRHD: handling fault status reg 3",
        "DMAR: [DMA Write NO_PASID] Request device [00:14.3] fault addr "
        "0x3f000000 [fault reason 0x05] PTE Write access is not set",
        "irq 16: nobody cared (try booting with the \"irqpoll\" option)",
        "list_del corruption. prev->next should be ffff8881, but was dead000000000100",
        "refcount_t: underflow; use-after-free."));

class Harmless : public testing::TestWithParam<const char*> {};
TEST_P(Harmless, AreNot) {
    EXPECT_FALSE(is_report(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    Real, Harmless,
    testing::Values("Linux version 6.12.107+deb13-amd64", "DMAR: IOMMU enabled",
                    "DMAR: Host address width 39",
                    "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c22260286 ecap f00f4a",
                    "ACPI: bus type PCI registered",
                    "watchdog: Delayed init of the lockup detector failed: -19",
                    "ipu3-cio2 0000:00:14.3: Found supported sensor INT33BE:00",
                    "rcu: Hierarchical RCU implementation.",
                    "rcu: \tRCU restricting CPUs from NR_CPUS=8192 to nr_cpu_ids=2.",
                    "INFO: a driver's own remark", "debug: WARNING: in the middle", "",
                    "pci 0000:00:14.3: BAR 0 [mem 0xfe800000-0xfe80ffff 64bit]"));

TEST(KernelLog, ConsoleLinesLoseTheirTime) {
    EXPECT_EQ(console_text("[   12.345678] WARNING: x\r"), "WARNING: x");
    EXPECT_EQ(console_text("[   12.345678][  T611] BUG: x\r\n"), "BUG: x");
    EXPECT_EQ(console_text("no time"), "no time");
    EXPECT_EQ(console_text("[ never closed"), "[ never closed");
    EXPECT_EQ(console_text(""), "");
}

TEST(KernelLog, APanicHasAReason) {
    EXPECT_EQ(
        panic_reason(
            "[  1.0] x\r\n[  2.0] Kernel panic - not syncing: Attempted to kill init!\r\n[ 3"),
        "Attempted to kill init!");
    EXPECT_FALSE(panic_reason("all is well"));
}

} // namespace
} // namespace ipu3::vm
