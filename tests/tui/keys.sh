#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Keys and incremental search in a real terminal.

. "$(dirname "$0")/tmux.sh"

begin
settings before
explore
wait_for 'Error density ─ lm_head.weight'
keys Down j
wait_for 'model.embed_tokens.weight ─'
keys 2
wait_for 'Weights and grid'
keys 3
wait_for 'q-q plot'
keys -- + +
wait_for '6 bits'
keys - -
wait_for '4 bits'
keys /
keys -l down_pr
wait_for '/down_pr'
wait_for 'm.layers.0.mlp.down_proj.weight'
keys Enter n
wait_for 'm.layers.1.mlp.down_proj.weight'
keys .
wait_for 'ch 0 '
keys Tab Right Right
wait_for 'ch 2 '
keys 0
wait_for 'per channel'
keys F1
wait_for 'Keys and commands'
keys NPage
wait_for 'Half a page down\|Another\|All channels'
keys Escape
wait_gone 'Keys and commands'
# An alias of the escape key's prefix that this terminal's description does not know: control and
# an arrow.  Its characters are no keys: [ would change the clip rule, 1 the view.
tm send-keys -H 1b 5b 31 3b 35 41
keys c
wait_for 'clip sigma:3 '
shows 'q-q plot' || fail "an unknown key changed the view"
# Many keys at once are all obeyed.
keys -N 40 ]
wait_for 'clip sigma:7 '
keys -l ':bits 9'
keys Enter
wait_for '9 bits'
keys -l '/zzz'
wait_for 'no tensor matches "zzz"'
keys Escape
wait_gone 'no tensor matches'
keys C-l
wait_for '9 bits'
keys q
wait_for 'ready>'
same_terminal

# The lab from the start: the model behind it is surveyed under its own settings.
run 'clear; $ROUNDOFF lab'
wait_for 'Lab'
keys Right Right Escape
wait_for 'Tensors.*SQNR'
wait_for ' lm_head  *[1-9]'
keys 6 A
wait_for '22 layers; second moments'
keys q
wait_for 'ready>'
same_terminal
