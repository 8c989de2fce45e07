# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Calls of a driver and its memory backend that fail when told to (make fail-modules); behind lib.sh. Wants $function, the
# PCI function's address, and $name, what the backend calls the device.
#
#   sweep WHAT LEAST COMMAND...   two points: COMMAND with the first call failing, then the second, until none fails; each
#                            time the error is the right one and nothing is left, or there are more points; there are so
#                            many failures at least. sweep.log has them. `undo` is run after each success, and
#                            `may_do_without CALL` tells whether there may be one though CALL failed; `over`, whether what
#                            was to be tried was over when $call failed, which then is the last one
#   failed_too CALL...       a point for each: that call was one that failed
#   finds_a_leak COMMAND...  a point: a free that is forgotten is seen
#   bind, unbind             what may fail, of the driver
parameters=/sys/module/vb2_ipu_iommu/parameters
: "${function:?}" "${name:?}"
driver=/sys/bus/pci/drivers/ipu3-$name
# The shell's own echo has one message for all errors.
bind() { /bin/echo "$function" >"$driver/bind"; }
unbind() { /bin/echo "$function" >"$driver/unbind"; }
state() {
    cat $parameters/fail_live
    grep -hE '^(buffers|bytes|mapped_pages|table_pages) ' "/sys/kernel/debug/vb2-ipu-iommu/$name"*/stats 2>/dev/null
    ls -d /dev/media* /dev/video* /dev/v4l-subdev* 2>/dev/null
    ls /sys/kernel/iommu_groups /sys/kernel/debug/vb2-ipu-iommu "/sys/kernel/debug/ipu3-$name" "/sys/bus/pci/devices/$function/"
    cat "/sys/bus/pci/devices/$function/power/runtime_usage"
    grep -o "ipu3-$name\$" /proc/interrupts
}
wanted() { # CALL SAID
    case $1,$2 in
    dma_map_page_attrs,*VIDIOC_REQBUFS*) echo 'Cannot allocate memory' ;; # all that videobuf2 says
    dma_map_page_attrs,* | dma_coerce_mask_and_coherent,*) echo 'Input/output error' ;;
    dma_buf_export,*) echo 'Invalid argument' ;; # all that videobuf2 knows of it
    vm_map_pages,*obtain_bufs*) echo 'obtain_bufs failed' ;; # all that v4l2-ctl says
    *) echo 'Cannot allocate memory' ;;
    esac
}
contains() { case $1 in *"$2"*) true ;; *) false ;; esac; }
# Whether $said is what $call should lead to. While the translated device is being added the core does not pass on why there
# is no domain for it.
told() {
    if contains "$said" "$(wanted "$call" "$said")"; then
        inside_add=0
    else
        [ "$inside_add" = 1 ] && contains "$said" 'No such device' || return
    fi
    [ "$call" != platform_device_add ] || inside_add=1
}
undo() { :; }
may_do_without() { false; }
over() { false; }
sweep() {
    what=$1 least=$2
    shift 2
    nth=1 failures=0 inside_add=0 before=$(state)
    while :; do
        echo $nth >$parameters/fail_nth
        said=$("$@" 2>&1)
        status=$?
        call=$(cat $parameters/fail_name)
        echo 0 >$parameters/fail_nth
        ! over || break
        [ $status != 0 ] || undo
        now=$(state)
        [ "$now" = "$before" ] || {
            fail "$what: call $nth, $call: left $(echo "$now" | tr '\n' ' '), not $(echo "$before" | tr '\n' ' ')"
            before=$now
        }
        [ -n "$call" ] || break
        echo "$what: call $nth, $call: $status $said" >>sweep.log
        case $call,$status in
        # Smaller runs do as well, and so does a camera whose lens cannot be moved.
        'alloc_pages_node(run)',* | ipu_bridge_instantiate_vcm,*) [ $status = 0 ] ;;
        *,0) may_do_without "$call" ;;
        *) told ;;
        esac || fail "$what: call $nth, $call: $status $said"
        failures=$((failures + 1)) nth=$((nth + 1))
        [ $nth -lt 400 ] || break
    done
    is "$what: the last one: $(echo "$said" | tail -n 1)" "$status" 0
    [ $failures -ge "$least" ]
    ok $? "$what: $failures failures are enough"
}
failed_too() {
    for call; do
        grep -q ", $call:" sweep.log
        ok $? "$call failed, too"
    done
}
finds_a_leak() {
    before=$(state)
    echo 1 >$parameters/leak
    "$@" >/dev/null 2>&1 && undo
    [ "$(state)" != "$before" ]
    ok $? 'control: a leak is seen'
}
