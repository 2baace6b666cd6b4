#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The model's file shrinks while it is open: a message, and the explorer goes on.

. "$(dirname "$0")/tmux.sh"

begin
cp "$ROUNDOFF_DATA/tiny-llama.safetensors" "$folder/model.safetensors" || exit 1
explore "$folder/model.safetensors"
: > "$folder/model.safetensors"
keys Down Down
wait_for 'open, at byte'
keys + x 2 3 1 .
wait_for 'truncated'
keys -l '/norm'
keys Enter
wait_for 'norm'
wait_for 'truncated'
keys q
wait_for 'ready>'
run 'echo status-$?'
wait_for 'status-0'
