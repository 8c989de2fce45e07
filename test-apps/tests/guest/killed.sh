#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How a script's death is seen. Anywhere.
#   DEATH    none: it lives; signal: it is killed in its middle; exit: it ends there, with status 0, as if all was well
#   PLAN     first, or last: behind the points
#   TEXT     something to print
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
if [ "$PLAN" = first ]; then plan 3; else plan later; fi
ok 0 'alive'
printf '%s\n' "$TEXT"
case $DEATH in
signal) kill -KILL $$ ;;
exit)
    trap - EXIT
    exit 0
    ;;
esac
is 'a sum' $((1 + 1)) 2
ok 0 'at the end'
[ "$PLAN" = first ] || planned
