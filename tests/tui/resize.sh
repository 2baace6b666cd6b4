#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The window changes its size while the explorer runs, down to nothing and back.

. "$(dirname "$0")/tmux.sh"

begin
explore
tm set-option -g window-size manual 2> /dev/null
resize() {
    tm resize-window -x "$1" -y "$2"
}
resize 120 36
wait_for 'Tensors.*SQNR.*q/σ.*kurt'
[ "$(screen | tail -n 1 | cut -c 1-3)" = '└' ] || wait_for '^└.* quit .*┘$'
resize 40 12
wait_for '^─ Tensors '
resize 10 3
wait_for 'too small'
keys 2
resize 1 1
resize 250 80
wait_for 'Weights and grid'
wait_for 'tails '
resize 80 24
wait_for '^└.*┘$'
# A storm: what counts is the last one.
for width in 33 150 24 23 99 72 71 200 5 61; do
    resize $width $((width / 3 + 2))
    keys Down Up 1 2 3
done
resize 100 30
wait_for '^┌.*q-q plot.*┐$'
wait_for '^└.*┘$'
[ "$(screen | grep -c '^└.*┘$')" = 1 ] || fail "something of an earlier size is left"
keys q
wait_for 'ready>'
