// SPDX-License-Identifier: GPL-2.0-or-later
// Frames from a file through an ImgU's pipe, in a guest: media-ctl and v4l2-ctl only.
#pragma once

#include <string_view>

namespace tests {

/// Of the parameters' node nothing is used, so that all is as the driver makes it by itself.
///
/// `configure PIPE WIDTHxHEIGHT BDS GDC`: links and formats for frames of that size (ip3b) and
/// pictures of size GDC, and half of it for the viewfinder.
///
/// `stream PIPE NODE ARGUMENTS...`: becomes a v4l2-ctl that streams at output, viewfinder or stat,
/// or sends the file RAW to input again and again; to be called in the background. NODE-PIPE.log
/// has a line for each call and each buffer, with its number and time. $limit: seconds, at output
/// and viewfinder.
///
/// `process PIPE RAW WIDTHxHEIGHT BDS GDC COUNT`: sends the frames of the file RAW through the
/// pipe, again and again, until COUNT came out: into output-PIPE.nv12, and meanwhile
/// viewfinder-PIPE.nv12 and stat-PIPE.bin (the ends of these two may be lost). Its status is 124
/// after a minute without them.
///
/// When one node's stream ends the driver ends all, and leaves whoever waits at another one
/// waiting.
inline constexpr std::string_view guest_imgu = R"sh(
find_imgu() {
    for imgu in /dev/media*; do
        media-ctl -d $imgu -p | grep -q '^driver  *ipu3-imgu$' && return
    done
    echo 'no ImgU' >&2; return 1
}
imgu_node() { media-ctl -d $imgu -e "ipu3-imgu $1 $2"; }
imgu_link() { media-ctl -d $imgu -l "$1" || { echo "cannot set the link $1" >&2; return 1; }; }
configure() {
    p=$1 size=$2 bds=$3 gdc=$4
    find_imgu || return
    imgu_link "\"ipu3-imgu $p input\":0 -> \"ipu3-imgu $p\":0 [1]" &&
        imgu_link "\"ipu3-imgu $p parameters\":0 -> \"ipu3-imgu $p\":1 [0]" &&
        imgu_link "\"ipu3-imgu $p\":3 -> \"ipu3-imgu $p viewfinder\":0 [1]" &&
        imgu_link "\"ipu3-imgu $p\":4 -> \"ipu3-imgu $p 3a stat\":0 [1]" || return
    width=${gdc%x*} height=${gdc#*x}
    v4l2-ctl -d $(imgu_node $p input) --set-fmt-video-out=width=${size%x*},height=${size#*x},pixelformat=ip3b &&
        media-ctl -d $imgu -V "\"ipu3-imgu $p\":0 [fmt:FIXED/$gdc crop:(0,0)/$size compose:(0,0)/$bds]" &&
        v4l2-ctl -d $(imgu_node $p output) --set-fmt-video=width=$width,height=$height,pixelformat=NV12 &&
        v4l2-ctl -d $(imgu_node $p viewfinder) \
            --set-fmt-video=width=$((width / 2)),height=$((height / 2)),pixelformat=NV12
}
stream() {
    p=$1 node=$2; shift 2
    case $node in
    input) exec v4l2-ctl -d $(imgu_node $p input) --verbose --stream-out-mmap=3 --stream-from=$raw --stream-loop ;;
    stat) exec v4l2-ctl -d $(imgu_node $p '3a stat') --verbose --stream-mmap=3 --stream-to=stat-$p.bin "$@" ;;
    *) exec ${limit:+timeout $limit} v4l2-ctl -d $(imgu_node $p $node) --verbose --stream-mmap=3 --stream-to=$node-$p.nv12 "$@" ;;
    esac >$node-$p.log 2>&1
}
process() {
    raw=$2 count=$6
    configure $1 $3 $4 $5 || return
    stream $p viewfinder & viewfinder=$!
    stream $p stat & stat=$!
    stream $p input & input=$!
    (limit=60; stream $p output --stream-count=$count)
    done=$?
    kill $viewfinder $stat $input 2>/dev/null
    wait $viewfinder $stat $input
    return $done
}
)sh";

} // namespace tests
