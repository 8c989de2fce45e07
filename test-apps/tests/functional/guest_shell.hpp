// SPDX-License-Identifier: GPL-2.0-or-later
// What tests' scripts in the guest begin with.
#pragma once

#include <string_view>

namespace tests {

/// `note STATUS WHAT` and `is WHAT TEXT TEXT` tell how something came out, with a line "ok: " or
/// "not ok: "; $failed is 1 after one of the latter. `within SECONDS COMMAND...` tries until it
/// succeeds. `free_pages` counts what the page allocator has once caches are dropped, pages that
/// each CPU keeps at hand included: the most of five, for somebody else may hold some for a moment.
/// `dmatest_node N` names a node of the DMA test functions once it is there: capture and output of
/// the first one are 0 and 1, of the second one 2 and 3. The receiver has nodes, too, and whose
/// come first is not said.
inline constexpr std::string_view guest_shell = R"sh(
failed=0
note() { if [ "$1" = 0 ]; then echo "ok: $2"; else echo "not ok: $2"; failed=1; fi; }
is() { if [ "$2" = "$3" ]; then note 0 "$1"; else note 1 "$1: $2, not $3"; fi; }
within() {
    within_left=$(($1 * 10)); shift
    until "$@" 2>/dev/null; do within_left=$((within_left - 1)); [ $within_left -gt 0 ] || return 1; sleep 0.1; done
}
free_pages() {
    most=0
    for attempt in 1 2 3 4 5; do
        sync; echo 3 >/proc/sys/vm/drop_caches
        now=$(awk '$1 == "nr_free_pages" || $1 == "count:" {sum += $2} END {print sum}' /proc/zoneinfo)
        [ $now -le $most ] || most=$now
    done
    echo $most
}
dmatest_node() {
    case $1 in 0) set -- 'capture 00:06.0' ;; 1) set -- 'output 00:06.0' ;; 2) set -- 'capture 00:07.0' ;; 3) set -- 'output 00:07.0' ;; esac
    dmatest_found=$(grep -lxF "ipu-dmatest $1" /sys/class/video4linux/video*/name) && dmatest_found=${dmatest_found%/name} &&
        dmatest_found=/dev/${dmatest_found##*/} && [ -c "$dmatest_found" ] && echo "$dmatest_found"
}
)sh";

} // namespace tests
