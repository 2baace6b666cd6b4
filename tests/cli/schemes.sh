#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Schemes side by side: against an independent implementation, sums, sizes, and what is left out.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

tab=$(printf '\t')

# Every record of the reference, of the three tensors that it is of.
for granularity in channel tensor; do
    runs 0 schemes --bits 2-5,8 --granularity $granularity --tsv --tensor '*embed_tokens*' \
        --tensor '*.0.mlp.down_proj*' --tensor '*.1.self_attn.k_proj*' "$bundled"
    mv "$folder/out" "$folder/$granularity.tsv"
done
awk -F "$tab" -v channel="$folder/channel.tsv" -v tensor="$folder/tensor.tsv" '
    # Fields by their names, for records of a tensor.
    function read_records(file, granularity,    name, i, line) {
        while ((getline <file) > 0) {
            if (!name[1])
                for (i = 1; i <= NF; i++) {
                    name[i] = $i
                    column[$i] = i
                }
            else
                mse[$(column["tensor"]), granularity, $(column["title"]), $(column["bits"])] = \
                    $(column["mse"])
        }
    }
    BEGIN {
        read_records(channel, "channel")
        read_records(tensor, "tensor")
    }
    /^#/ || $2 == "granularity" { next }
    {
        key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
        if (!(key in mse)) {
            print "no record of " $0
            bad = 1
            next
        }
        d = mse[key] / $6 - 1
        if ($5 == "bound" ? d > 1e-3 : d > 1e-6 || d < -1e-6) {
            print $0 ": " mse[key]
            bad = 1
        }
        n++
    }
    END { exit bad || n < 100 }
' "$ROUNDOFF_TESTS/reference/schemes.tsv" || fail "not what the reference has"

# The records without a tensor are the sums of the others.
awk -F "$tab" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    {
        key = $(column["title"]) SUBSEP $(column["bits"])
        n = $(column["elements"])
        noise = n * $(column["mse"])
        if ($1 == "") {
            d = noise / sum[key] - 1
            if (d > 1e-9 || d < -1e-9 || n != elements[key]) bad = 1
            best[$(column["bits"])] += $(column["best"]) == "true"
            totals++
        }
        sum[key] += noise
        elements[key] += n
    }
    END {
        for (bits = 2; bits <= 5; bits++)
            if (best[bits] != 1) bad = 1
        exit bad || best[8] != 1 || totals < 50
    }
' "$folder/channel.tsv" || fail "the sums are none, or not one scheme a width is the best"

# Text: aligned, 80 columns, the best with a star; layers on request.
runs 0 schemes --bits 2,3 "$bundled"
prints '^scheme +2-bit +3-bit +2-bit' "no heading"
prints '^Shannon bound' "no bound"
grep -q '[0-9]\*' "$folder/out" || fail "no star"
test "$(awk '{ if (length($0) > w) w = length($0) } END { print w }' "$folder/out")" -le 80 ||
    fail "more than 80 columns"
grep -q '^roundoff: left out: [0-9]* of less than two dimensions' "$folder/err" ||
    fail "nothing is said of vectors: $(cat "$folder/err")"
headings=$(grep -c '^scheme' "$folder/out")
runs 0 schemes --bits 2,3 --layers --tensor '*self_attn.k_proj*' "$bundled"
test "$(grep -c '^scheme' "$folder/out")" -gt "$headings" || fail "no tables of single tensors"

# A vector is left out unless it is named.
runs 0 schemes --bits 4 --tensor '*norm*' --json "$bundled"
prints '"tensor": "[^"]*norm' "no record of a vector that was named"
runs 0 schemes --bits 2 --json "$bundled"
prints '"tensor": null' "no record of all tensors"
! grep -q '"tensor": "[^"]*norm' "$folder/out" || fail "a record of a vector that was not named"

# The same for any number of threads.
runs 0 schemes --bits 4 -j 1 --json --tensor '*embed*' "$bundled"
mv "$folder/out" "$folder/one"
runs 0 schemes --bits 4 -j 3 --json --tensor '*embed*' "$bundled"
cmp -s "$folder/one" "$folder/out" || fail "threads change the figures"

for list in '' x 0 17 4- -4 8-2 3, 3,,4 '3 4' 4.5; do
    refuses 2 '--bits "?.*bit widths are wanted' schemes --bits "$list" "$bundled"
done
refuses 2 '--granularity "group:32": tensor or channel' schemes --granularity group:32 "$bundled"
refuses 2 'no tensor has a name' schemes --tensor nothing "$bundled"
refuses 2 '--clip means nothing to schemes' schemes --clip mse "$bundled"

finish
