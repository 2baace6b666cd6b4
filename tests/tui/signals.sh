#!/bin/sh
# SPDX-License-Identifier: MIT
#
# However the explorer ends, the terminal is as it was, and its parent can tell what happened.

. "$(dirname "$0")/tmux.sh"

begin
settings before

# ending SIGNAL STATUS TEXT
ending() {
    explore
    kill -"$1" "$(explorer)"
    wait_for 'ready>'
    wait_for "$3"
    run "echo status-\$?"
    wait_for "status-$2"
    same_terminal
}

ending TERM 143 'roundoff: ended by a signal: Terminated'
ending HUP 129 'roundoff: ended by a signal: Hangup'
ending INT 130 'roundoff: ended by a signal: Interrupt'
run 'ulimit -c 0'
ending QUIT 131 'roundoff: ended by a signal: Quit'
# The sanitizers catch these themselves.
case $(nm "$ROUNDOFF" 2> /dev/null) in
    *__asan_*) ;;
    *) ending SEGV 139 'Segmentation fault'
       ending ABRT 134 'Aborted' ;;
esac

# ^C on the keyboard.
explore
keys C-c
wait_for 'ended by a signal: Interrupt'
same_terminal

# What the parent ignores stays ignored.
run "trap '' HUP"
explore
kill -HUP "$(explorer)"
keys 2
wait_for 'Weights and grid'
keys q
wait_for 'ready>'
same_terminal

# The terminal itself goes away.
explore
pid=$(explorer)
tm kill-server
gone() {
    ! kill -0 "$pid" 2> /dev/null
}
poll gone || { kill -KILL "$pid"; echo "the explorer outlives its terminal"; exit 1; }
