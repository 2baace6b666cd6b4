#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Planted causes get the right reasons.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

# draws KIND ROWS COLUMNS: 16-bit integers, little-endian, as escapes of printf.  Park and Miller's
# generator, which is the same in every awk.
draws() {
    awk -v kind="$1" -v rows="$2" -v columns="$3" '
    function uniform() {
        seed = seed * 16807 % 2147483647
        return seed / 2147483647
    }
    function gauss() { return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()) }
    function laplace(    u) {
        u = uniform() - 0.5
        return (u < 0 ? 1 : -1) * log(1 - 2 * (u < 0 ? -u : u)) / sqrt(2)
    }
    BEGIN {
        seed = 12345 + length(kind)
        for (i = 0; i < rows; i++)
            for (j = 0; j < columns; j++) {
                w = 300 * (kind == "laplace" ? laplace() : gauss())
                if (kind == "lone" && i == 17 && j == 42)
                    w = -12000
                if (kind == "column" && j == 5)
                    w *= 12
                if (kind == "dead" && i == 7)
                    w = 0
                if (kind == "norm")
                    w = 10000 + 2 * w
                w = int(w < 0 ? w - 0.5 : w + 0.5)
                w = w < 0 ? w + 65536 : w
                printf "\\%03o\\%03o", w % 256, int(w / 256)
            }
    }'
}

# A NaN, which 16-bit integers do not have, in a matrix of 8 x 8 floats.
nan() {
    awk 'BEGIN { for (i = 0; i < 64; i++) printf i == 29 ? "\\000\\000\\300\\177" : "\\000\\000\\200\\077" }'
}

rows=96 columns=128
bytes=$((2 * rows * columns))
at=0
header=
for kind in lone column laplace dead plain; do
    header="$header\"$kind\":{\"dtype\":\"I16\",\"shape\":[$rows,$columns],\"data_offsets\":[$at,$((at + bytes))]},"
    at=$((at + bytes))
done
header="$header\"norm\":{\"dtype\":\"I16\",\"shape\":[512],\"data_offsets\":[$at,$((at + 1024))]},"
at=$((at + 1024))
header="$header\"nan\":{\"dtype\":\"F32\",\"shape\":[8,8],\"data_offsets\":[$at,$((at + 256))]}"
model=$folder/planted.safetensors
safetensors "$model" "{$header}"
for kind in lone column laplace dead plain; do
    printf "$(draws $kind $rows $columns)" >>"$model"
done
printf "$(draws norm 1 512)" >>"$model"
printf "$(nan)" >>"$model"

# said TENSOR PATTERN: what the page says of it, on one line.
said() {
    awk -v name="$1" '
        $1 ~ /^[0-9]+\.$/ { told = $2 == name; next }
        NF == 0 { told = 0 }
        told { $1 = $1; printf "%s ", $0 }' "$folder/out" >"$folder/words"
    grep -Eq -- "$2" "$folder/words" || fail "of $1 it says: $(cat "$folder/words"), not: $2"
}

reasons() {
    said nan '1 element is not finite: NaN at row 3, column 5'
    said lone 'one element stands alone: -1[.0-9e+]*4? at row 17, column 42, 3[0-9]\.[0-9]σ from'
    said column 'one column holds 20 of the 20 largest weights: column 5, up to'
    said laplace 'heavy tails, nearer to Laplace than to Gauss'
    said dead 'one channel is all zero: row 7'
    said norm 'its values lie about 1.00e\+04|its values lie about 1[0-9]* \(σ'
    grep -Eq '^ *[0-9]+\. plain$' "$folder/out" && fail "a Gaussian tensor is told of"
}

runs 0 report "$model"
cp "$folder/out" "$folder/page"
reasons
said column 'clipping at [0-9.]*σ gains [0-9.]* dB at 4 bits'
said norm 'measured, an asymmetric grid gains [0-9.]* dB at 4 bits'
# By what each loses: the NaN, the lone outlier, the column, the tails, the dead channel.
order=$(awk '$1 ~ /^[0-9]+\.$/ { printf "%s ", $2 }' "$folder/page")
test "$order" = "nan lone column laplace dead norm " || fail "the order is $order"
awk 'length > 130' "$folder/page" | grep -q . && fail "long lines"

# From a scan it says the same, but for what needs the weights.
runs 0 scan "$model" -o "$folder/scan.json.gz"
runs 0 report -f "$folder/scan.json.gz"
reasons
grep -q gains "$folder/out" && grep -q measured, "$folder/out" && fail "gains without weights"

# As Markdown, in ASCII, in part, at another width.
runs 0 report -f "$folder/scan.json.gz" --markdown --top 2
prints '^# planted.safetensors$' "title"
prints '^1\. `nan`: F32 8x8' "a spot"
prints '^3 more: --top 5 shows them\.$' "the rest"
LC_ALL=C "$ROUNDOFF" report -f "$folder/scan.json.gz" >"$folder/out"
LC_ALL=C grep -q '[^ -~]' "$folder/out" && fail "more than ASCII in the C locale"
runs 0 report -f "$folder/scan.json.gz" --bits 8 --tensor lone
prints 'I16 96x128, SQNR [0-9.]* dB at 8 bits' "bits"
refuses 2 '--bits "9"' report -f "$folder/scan.json.gz" --bits 9

# What it says to look at can be looked at.
grep '^roundoff ' "$folder/page" >"$folder/commands"
test "$(wc -l <"$folder/commands")" -ge 3 || fail "nothing to look at next"
while read -r _ arguments; do
    # shellcheck disable=SC2086
    runs 0 $arguments
done <"$folder/commands"

# Nothing to tell of.
runs 0 report "$model" --tensor plain
prints '^Nothing stands out' "a model without hot spots"
finish
