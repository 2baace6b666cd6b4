#!/bin/sh
# SPDX-License-Identifier: MIT
#
# ^Z gives the terminal back, fg takes it again; SIGSTOP too.

. "$(dirname "$0")/tmux.sh"

begin
settings before
explore
keys 3
wait_for 'q-q plot'
keys C-z
poll alternate 0 || fail "still on the alternate screen after ^Z"
wait_for 'ready>'
# dash prints the job only before the next prompt.
run 'clear; stty -a > '"$folder"'/stopped; echo stop''ped'
wait_for '^stopped'
cmp -s "$folder/before" "$folder/stopped" || fail "the terminal's settings are not those of before"
run fg
wait_for 'q-q plot'
poll alternate 1 || fail "not on the alternate screen after fg"
keys 1
wait_for 'Error density'
# The terminal's size may change meanwhile.
keys C-z
poll alternate 0 || fail "still on the alternate screen after the second ^Z"
tm set-option -g window-size manual 2> /dev/null
tm resize-window -x 120 -y 36
run fg
wait_for 'Error density.*channels'
wait_for '^└.* quit .*┘$'
# Stopped by force, the explorer cannot give anything back, but it takes all again.
kill -STOP "$(explorer)"
# The shell is left with a raw terminal: return is no end of a line.
keys -l 'stty sane; clear; echo by-for''ce'
keys C-j
wait_for 'by-force'
run fg
wait_for 'Error density.*channels'
keys 2
wait_for 'Weights and grid'
tm resize-window -x 80 -y 24
wait_for '^└.* bits .*┘$'
keys q
wait_for 'ready>'
same_terminal
