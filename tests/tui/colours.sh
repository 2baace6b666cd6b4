#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Terminals of 8, 256 and 2^24 colours, and the wish for none.

. "$(dirname "$0")/tmux.sh"

# Counts escapes that set a colour, of the kind that the pattern says.
coloured() {
    screen -e | grep -c "$(printf '\033')\\[[0-9;]*$1"
}
any='\(3[0-7]\|4[0-7]\|9[0-7]\|38;\|48;\)[0-9;]*m'

quit() {
    keys q
    wait_for 'ready>'
}

begin C.UTF-8 screen-256color
explore
[ "$(coloured '38;5;')" -gt 5 ] || fail "no colours of 256"
quit
run 'export NO_COLOR=1'
explore
[ "$(coloured "$any")" = 0 ] || fail "colours in spite of NO_COLOR"
[ "$(coloured '[17]m')" -gt 0 ] || fail "nothing bold or reversed without colours"
quit
explore --color=always
[ "$(coloured "$any")" -gt 5 ] || fail "no colours in spite of --color=always"
quit
run 'unset NO_COLOR'
explore --color=never
[ "$(coloured "$any")" = 0 ] || fail "colours in spite of --color=never"
quit

for term in screen linux ansi xterm; do
    infocmp $term > /dev/null 2>&1 || continue
    begin C.UTF-8 $term
    explore
    [ "$(coloured '3[0-7]')" -gt 5 ] || fail "no colours on $term"
    [ "$(coloured '38;')" = 0 ] || fail "colours that $term does not have"
    quit
done

for term in xterm-direct vt100 vt220; do
    infocmp $term > /dev/null 2>&1 || continue
    begin C.UTF-8 $term
    explore
    case $term in
        vt*) [ "$(coloured "$any")" = 0 ] || fail "colours on $term" ;;
    esac
    quit
done
