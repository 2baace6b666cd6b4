#!/bin/sh
# SPDX-License-Identifier: MIT
#
# In the locale "C" nothing but ASCII reaches the terminal, whatever the names of tensors are.

. "$(dirname "$0")/tmux.sh"

ascii() {
    [ "$(screen | LC_ALL=C grep -c '[^ -~]')" = 0 ] || fail "more than ASCII in locale C"
}

# A model whose names are not ASCII: wide characters, a combining one, an arrow back.
header='{"\u91cd\u307f.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
header=$header'"e\u0301t\u00e9":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},'
header=$header'"\u202eabc":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}'
{
    printf "\\$(printf %o ${#header})\\0\\0\\0\\0\\0\\0\\0%s" "$header"
    printf '\0\0\200\077\0\0\0\100\0\0\200\077\0\0\0\100\0\0\200\077\0\0\0\100'
} > "$folder/names.safetensors"

begin C
explore
ascii
keys 2
wait_for 'Weights and grid'
ascii
keys 3
wait_for 'q-q plot'
ascii
keys '?'
wait_for 'Keys and commands'
ascii
keys Escape b
wait_for 'ASCII is all there is'
ascii
keys q
wait_for 'ready>'

explore "$folder/names.safetensors"
for key in G j k 2 3 S . /; do
    keys $key
done
wait_for '^+-/'
ascii
keys Escape g
wait_for '????'
ascii
keys q
wait_for 'ready>'

# The same names where they can be shown.
begin C.UTF-8
explore "$folder/names.safetensors"
wait_for '重み'
wait_for "$(printf 'e\314\201t')"
wait_for 'u{202E}abc'
[ "$(screen | grep -c '^│.*│.*│$')" -gt 10 ] || fail "the frame is not straight"
keys q
wait_for 'ready>'
