# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Frames from a file through an ImgU's pipe, with media-ctl and v4l2-ctl only. Of the parameters' node nothing is used, so
# that all is as the driver makes it by itself. Needs nothing of lib.sh.
#
#   find_imgu                sets $imgu to the ImgU's media device
#   configure PIPE WIDTHxHEIGHT BDS GDC
#                            links and formats for frames of that size (ip3b) and pictures of size GDC, and half of it for
#                            the viewfinder
#   stream PIPE NODE ARGUMENTS...
#                            becomes a v4l2-ctl that streams at output, viewfinder or stat, or sends the file $raw to
#                            input again and again; to be called in the background. NODE-PIPE.log has a line for each
#                            call and each buffer, with its number and time. $limit: seconds, at output and viewfinder
#   process PIPE RAW WIDTHxHEIGHT BDS GDC COUNT
#                            sends the frames of the file RAW through the pipe, again and again, until COUNT came out:
#                            into output-PIPE.nv12, and meanwhile viewfinder-PIPE.nv12 and stat-PIPE.bin (the ends of
#                            these two may be lost). Its status is 124 after $patience seconds (60) without them
#
# When one node's stream ends the driver ends all, and leaves whoever waits at another one waiting.
imgu='' limit=''

find_imgu() {
    for imgu in /dev/media*; do
        media-ctl -d "$imgu" -p | grep -q '^driver  *ipu3-imgu$' && return
    done
    echo 'no ImgU' >&2
    return 1
}

imgu_node() { media-ctl -d "$imgu" -e "ipu3-imgu $1 $2"; }

imgu_link() {
    media-ctl -d "$imgu" -l "$1" || {
        echo "cannot set the link $1" >&2
        return 1
    }
}

configure() {
    pipe=$1 size=$2 bds=$3 gdc=$4
    find_imgu || return
    imgu_link "\"ipu3-imgu $pipe input\":0 -> \"ipu3-imgu $pipe\":0 [1]" &&
        imgu_link "\"ipu3-imgu $pipe parameters\":0 -> \"ipu3-imgu $pipe\":1 [0]" &&
        imgu_link "\"ipu3-imgu $pipe\":3 -> \"ipu3-imgu $pipe viewfinder\":0 [1]" &&
        imgu_link "\"ipu3-imgu $pipe\":4 -> \"ipu3-imgu $pipe 3a stat\":0 [1]" || return
    width=${gdc%x*} height=${gdc#*x}
    v4l2-ctl -d "$(imgu_node "$pipe" input)" \
        --set-fmt-video-out="width=${size%x*},height=${size#*x},pixelformat=ip3b" &&
        media-ctl -d "$imgu" \
            -V "\"ipu3-imgu $pipe\":0 [fmt:FIXED/$gdc crop:(0,0)/$size compose:(0,0)/$bds]" &&
        v4l2-ctl -d "$(imgu_node "$pipe" output)" \
            --set-fmt-video="width=$width,height=$height,pixelformat=NV12" &&
        v4l2-ctl -d "$(imgu_node "$pipe" viewfinder)" \
            --set-fmt-video="width=$((width / 2)),height=$((height / 2)),pixelformat=NV12"
}

stream() {
    stream_pipe=$1 stream_node=$2
    shift 2
    case $stream_node in
    input) exec v4l2-ctl -d "$(imgu_node "$stream_pipe" input)" --verbose --stream-out-mmap=3 --stream-from="$raw" --stream-loop ;;
    stat) exec v4l2-ctl -d "$(imgu_node "$stream_pipe" '3a stat')" --verbose --stream-mmap=3 --stream-to="stat-$stream_pipe.bin" "$@" ;;
    *) exec ${limit:+timeout "$limit"} v4l2-ctl -d "$(imgu_node "$stream_pipe" "$stream_node")" --verbose --stream-mmap=3 \
        --stream-to="$stream_node-$stream_pipe.nv12" "$@" ;;
    esac >"$stream_node-$stream_pipe.log" 2>&1
}

process() {
    raw=$2 count=$6
    configure "$1" "$3" "$4" "$5" || return
    stream "$1" viewfinder &
    viewfinder=$!
    stream "$1" stat &
    stat=$!
    stream "$1" input &
    input=$!
    (
        limit=${patience:-60}
        stream "$1" output --stream-count="$count"
    )
    processed=$?
    kill $viewfinder $stat $input 2>/dev/null
    wait $viewfinder $stat $input
    return $processed
}
