#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The forms of output: JSON that is JSON, tables that are square, text that fits the locale.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"
test -x "$ROUNDOFF_GOLDEN" || skip "golden_check is not built"

# valid ARGUMENT...: prints one JSON document, in any locale.
valid() {
    runs 0 "$@" --json
    "$ROUNDOFF_GOLDEN" json "$folder/out" || fail "roundoff $* --json"
    mv "$folder/out" "$folder/json"
    LC_ALL=C "$ROUNDOFF" "$@" --json | cmp -s - "$folder/json" || fail "$*: JSON by locale"
}

# square COLUMNS ARGUMENT...: every line of the TSV has so many columns.
square() {
    columns=$1
    shift
    runs 0 "$@" --tsv
    awk -F '\t' -v columns="$columns" 'NF != columns { exit 1 }' "$folder/out" ||
        fail "roundoff $* --tsv: not $columns columns everywhere"
    test "$(wc -l <"$folder/out")" -gt 1 || fail "roundoff $* --tsv: no records"
    lines=$(wc -l <"$folder/out")
    runs 0 "$@" --tsv --no-header
    test "$(wc -l <"$folder/out")" -eq $((lines - 1)) || fail "roundoff $*: --no-header"
}

# The bundled model, and one of names that make trouble: é, an escape, a tab, a quote, nothing.
odd=$folder/odd.safetensors
safetensors "$odd" '{"caf\u00e9":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
"\u001b[31m\t\"":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},
"":{"dtype":"F32","shape":[],"data_offsets":[20,24]},
"none":{"dtype":"F32","shape":[0,4],"data_offsets":[24,24]},
"x":{"dtype":"X9","shape":[4],"data_offsets":[24,28]}}' 28
for model in "$bundled" "$odd"; do
    valid list "$model"
    valid stats "$model" --bits 3
    square 9 list "$model"
    square 33 stats "$model"
done
# The other axis, and what the settings say of it.
valid stats "$bundled" --channel-axis 1 --scaled --tensor '*.up_proj.*'
runs 0 stats "$bundled" --channel-axis 1 --scaled --tensor '*.0.mlp.up_proj.*' --json
prints '"channel_axis": 1' "channel_axis in the settings"
prints '"scaled": true' "scaled in the settings"
prints '"channels": 128' "channels along axis 1"
runs 0 channels "$bundled" 0.mlp.up_proj.weight --channel-axis 1 --tsv --no-header
test "$(wc -l <"$folder/out")" -eq 128 || fail "channels --channel-axis 1: not 128 records"
runs 0 plot "$bundled" 0.mlp.up_proj.weight --channel-axis 1 --size 120x36
prints '^Error density  .*  128 channels · axis 1 · n 44 032 · BF16 344x128$' "title along axis 1"
prints 'channels: columns \(axis 1\)' "facts along axis 1"
runs 0 list "$bundled" --json
prints '"alias_of": null' "alias_of"
prints '"scaled_by": null' "scaled_by"

# A model of one tensor needs no name of it; one of none has nothing to print.
safetensors "$folder/one.safetensors" '{"w":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]}}' 32
valid channels "$folder/one.safetensors"
runs 0 plot "$folder/one.safetensors"
prints '^Error density  w  2 channels' "plot of the only tensor"
safetensors "$folder/none.safetensors" '{}'
valid list "$folder/none.safetensors"
runs 0 list "$folder/none.safetensors"
prints '^0 tensors, 0 elements, 0 B, safetensors$' "list of nothing"
runs 0 stats "$folder/none.safetensors" --json
grep -q 'none.safetensors: has no tensors$' "$folder/err" || fail "stats of nothing is silent"
refuses 2 'none.safetensors: has no tensors$' plot "$folder/none.safetensors"
refuses 2 'none.safetensors: has no tensors$' channels "$folder/none.safetensors" w

# Metadata: whole for programs, a line each for people.
safetensors "$folder/about.safetensors" '{"__metadata__":{"format":"pt","caf\u00e9":"a\nb\tc",
"long":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"}}'
valid list --metadata "$folder/about.safetensors"
square 4 list --metadata "$folder/about.safetensors"
runs 0 list --metadata "$folder/about.safetensors"
prints '^key +type +value$' "heading of the metadata"
prints '^format +string +pt$' "an entry"
prints '^café +string +a\\nb\\tc$' "an entry that is escaped"
prints '^long +string +0123.*…$' "an entry that is cut"
prints '^3 entries$' "total of the metadata"
sed 's/…/~/' "$folder/out" | awk 'length($0) > 100 { exit 1 }' || fail "list --metadata is wider than 100"
runs 0 list --metadata "$folder/none.safetensors"
prints '^no metadata$' "no metadata"
runs 0 list --metadata "$folder/none.safetensors" --tsv
prints "^source$(printf '\t')key$(printf '\t')type$(printf '\t')value\$" "no metadata in TSV"
valid list --metadata "$folder/none.safetensors"

for rule in max sigma:2.5 percentile:99 aciq mse lp:3 value:0.1; do
    for bits in 1 2 8 16; do
        valid channels "$bundled" norm.weight --bits $bits --clip $rule
    done
done
valid channels "$bundled" model.norm.weight
valid channels "$odd" 'café'
square 21 channels "$bundled" lm_head.weight
valid theory --std 1 --step 2
valid theory --std 1 --step 2 --levels-each-side 0 --density 3
square 21 theory --std 1 --step 2
square 2 theory --std 1 --step 2 --density 5

# Names: exact in JSON, escaped where a person reads them, ASCII where the locale is.
runs 0 list "$odd" --json
prints '"name": "\\u001[bB]\[31m\\t\\""' "name in JSON"
prints '"shape": \[2, 2\]' "shape in JSON"
runs 0 list "$odd"
prints '^café  ' "name as text"
prints '^\\u\{1B\}\[31m\\t"' "escaped name as text"
prints '^5 tensors, 10 elements' "total"
LC_ALL=C "$ROUNDOFF" list "$odd" >"$folder/out"
prints '^caf\?  ' "name in the C locale"
LC_ALL=C "$ROUNDOFF" plot "$odd" 'café' >"$folder/out"
LC_ALL=C grep -q '[^ -~]' "$folder/out" && fail "a picture in the C locale is not ASCII"

# What is not defined is null, empty, or "-".
runs 0 stats "$odd" --json --tensor x
prints '"mean": null' "mean of x"
prints '"elements": 4' "elements of x"
prints '"nonfinite": null' "nonfinite of x"
grep -Eiq 'nan|inf' "$folder/out" && fail "NaN in JSON"
runs 0 stats "$odd" --tensor x
prints '^x .* - ' "x as text"

# Pictures: the size asked for, colours only on demand, none with NO_COLOR.
for size in 40x12 80x24 120x36 1x1; do
    runs 0 plot "$bundled" lm_head.weight --size $size
    test "$(wc -l <"$folder/out")" -le "${size#*x}" || fail "plot --size $size: too high"
done
runs 0 plot "$bundled" lm_head.weight
grep -q "$(printf '\033')" "$folder/out" && fail "colours in a file"
runs 0 plot "$bundled" lm_head.weight --color always
grep -q "$(printf '\033')" "$folder/out" || fail "--color always without colours"
for view in error weights qq; do
    for glyphs in braille blocks ascii; do
        runs 0 plot "$bundled" lm_head.weight --view $view --glyphs $glyphs --channel 3
    done
    LC_ALL=C grep -q '[^ -~]' "$folder/out" && fail "--glyphs ascii is not ASCII in view $view"
done

# Where outliers begin.
runs 0 plot "$bundled" model.embed_tokens.weight --view outliers --outliers sigma:4 --outliers value:2
grep -q '>4.* 226 .*>2 ' "$folder/out" || fail "--outliers is not followed"

finish
