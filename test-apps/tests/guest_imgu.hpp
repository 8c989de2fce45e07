// SPDX-License-Identifier: GPL-2.0-or-later
// Frames from a file through an ImgU's pipe, in a guest: media-ctl and v4l2-ctl only.
#pragma once

#include <string_view>

namespace tests {

/// `process PIPE RAW WIDTHxHEIGHT BDS GDC COUNT`: sends the frames of the file RAW (ip3b) through
/// the pipe, again and again, until COUNT came out: at size GDC into out-PIPE.nv12, and meanwhile
/// at half of it into vf-PIPE.nv12, and statistics into stat-PIPE.bin (the ends of these two may be
/// lost). out-PIPE.log and stat-PIPE.log have a line for each buffer, with its number and time. Of
/// the parameters' node nothing is used, so that all is as the driver makes it by itself. It fails
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
process() {
    p=$1 raw=$2 size=$3 bds=$4 gdc=$5 count=$6
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
            --set-fmt-video=width=$((width / 2)),height=$((height / 2)),pixelformat=NV12 || return
    v4l2-ctl -d $(imgu_node $p viewfinder) --stream-mmap=3 --stream-to=vf-$p.nv12 >vf-$p.log 2>&1 & vf=$!
    v4l2-ctl -d $(imgu_node $p '3a stat') --verbose --stream-mmap=3 --stream-to=stat-$p.bin >stat-$p.log 2>&1 & stat=$!
    v4l2-ctl -d $(imgu_node $p input) --stream-out-mmap=3 --stream-from=$raw --stream-loop >in-$p.log 2>&1 & in=$!
    timeout 60 v4l2-ctl -d $(imgu_node $p output) --verbose --stream-mmap=3 --stream-count=$count --stream-to=out-$p.nv12 >out-$p.log 2>&1
    done=$?
    kill $vf $stat $in 2>/dev/null
    wait $vf $stat $in
    return $done
}
)sh";

} // namespace tests
