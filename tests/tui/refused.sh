#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Where there is no terminal, or none that could show anything, the explorer says so and what to
# do instead.

. "$(dirname "$0")/tmux.sh"

begin
asked=0
# refused COMMAND TEXT
refused() {
    # A number of its own, or the answer before this one could be taken for it.
    asked=$((asked + 1))
    run "clear; $1; echo status-$asked-\$?"
    wait_for "status-$asked-[0-9]"
    shows "status-$asked-2" || fail "the status is not 2"
    shows "$2" || fail "\"$2\" is not said"
    [ "$(screen -e | grep -c "$(printf '\033')")" = 0 ] || fail "escapes for a dumb terminal"
    poll alternate 0 || fail "the alternate screen is on"
}
refused 'TERM=dumb $ROUNDOFF' 'cannot move its cursor'
refused 'TERM= $ROUNDOFF' 'is not known'
refused 'TERM=no-such-terminal $ROUNDOFF' '"no-such-terminal" is not known'
refused '$ROUNDOFF > '"$folder/out" 'standard output is not a terminal'
[ -s "$folder/out" ] && fail "something was written to standard output"

# Keys come from the terminal where standard input is something else.
run 'clear; echo x | $ROUNDOFF'
wait_for 'SQNR.*measured'
keys 2
wait_for 'Weights and grid'
keys q
wait_for 'ready>'

# No terminal at all.
if command -v setsid > /dev/null; then
    refused "setsid -w \$ROUNDOFF < /dev/null 2>&1 | cat; setsid -w \$ROUNDOFF < /dev/null > $folder/out" \
        'standard output is not a terminal'
fi
