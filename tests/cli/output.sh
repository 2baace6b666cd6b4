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
    square 7 list "$model"
    square 32 stats "$model"
done
for rule in max sigma:2.5 percentile:99 value:0.1; do
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

finish
