#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Levels and thresholds: against tables from elsewhere, and against each other.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

reference=$ROUNDOFF_TESTS/reference
tab=$(printf '\t')

# number NAME: the last document's member.
number() {
    sed -n "s/^  \"$1\": \\([^,]*\\),*\$/\\1/p" "$folder/out"
}

# near A B TOLERANCE WHAT: two numbers, relative to 1 + |B|; the tolerance itself is near 0.
near() {
    awk -v a="$1" -v b="$2" -v tolerance="$3" 'BEGIN {
        d = a - b; m = b < 0 ? -b : b
        exit !(a != "" && d <= tolerance * (1 + m) && -d <= tolerance * (1 + m))
    }' || fail "$4: $1, not $2"
}

# relative A B TOLERANCE WHAT: the same relative to B.
relative() {
    near "$(awk -v a="$1" -v b="$2" 'BEGIN { printf "%.17g", a == "" ? 9 : a / b }')" 1 "$3" "$4: $1 / $2"
}

# Lloyd and Max's levels and their MSE, at 1 to 8 bits.
lines=0
while IFS=$tab read -r source bits mse levels; do
    case $source in '#'* | source) continue ;; esac
    lines=$((lines + 1))
    runs 0 codebook --scheme lloyd-max --source "$source" --bits "$bits" --tsv --no-header
    awk -v wanted="$levels" -v mse="$mse" -F '\t' '
        BEGIN { half = split(wanted, level, " ") }
        NR > half { d = $1 / level[NR - half] - 1; worst = d * d > worst ? d * d : worst }
        { sum += $5; total += $4 }
        END {
            d = sum / mse - 1
            p = total - 1
            exit !(NR == 2 * half && worst < 1e-18 && d * d < 1e-18 && p * p < 1e-20)
        }' "$folder/out" || fail "lloyd-max, $source, $bits bits"
    runs 0 codebook --scheme "lloyd-max:$bits" --source "$source" --json
    relative "$(number mse)" "$mse" 1e-9 "lloyd-max, $source, $bits bits: mse"
done <"$reference/lloyd_max.tsv"
test "$lines" -eq 16 || fail "lloyd_max.tsv: $lines lines"

# The best clip of a uniform grid.
lines=0
while IFS=$tab read -r source bits clip mse; do
    case $source in '#'* | source) continue ;; esac
    lines=$((lines + 1))
    runs 0 codebook --scheme uniform --source "$source" --bits "$bits" --json
    near "$(number clip)" "$clip" 2e-6 "uniform, $source, $bits bits: clip"
    relative "$(number mse)" "$mse" 1e-9 "uniform, $source, $bits bits: mse"
done <"$reference/uniform_clip.tsv"
test "$lines" -eq 14 || fail "uniform_clip.tsv: $lines lines"

# NF4 as published, its largest level at 1.
cat >"$folder/nf4" <<'END'
-1
-0.69619280099868774
-0.52507305145263672
-0.39491748809814453
-0.28444138169288635
-0.18477343022823334
-0.091050036251544952
0
0.079580299556255341
0.16093020141124725
0.24611230194568634
0.33791524171829224
0.44070982933044434
0.56261700391769409
0.72295683622360229
1
END
for name in nf4 nf:4 nf; do
    runs 0 codebook --scheme $name --clip value:1 --tsv --no-header
    cut -f 1 "$folder/out" | cmp -s - "$folder/nf4" || fail "levels of $name"
done

# The document: every name of the contract, thresholds half way, all the mass.
runs 0 codebook --scheme fp4-e2m1 --json
for name in scheme source bits levels thresholds mse iterations; do
    prints "^  \"$name\": " "fp4-e2m1 as JSON"
done
prints '^  "scheme": "fp4-e2m1",$'
prints '^  "bits": 4,$'
test ! -x "$ROUNDOFF_GOLDEN" || "$ROUNDOFF_GOLDEN" json "$folder/out" || fail "fp4-e2m1: JSON"
runs 0 codebook --scheme fp4-e2m1 --tsv
test "$(head -n 1 "$folder/out")" = "level${tab}from${tab}to${tab}probability${tab}mse" || fail "header of TSV"
awk -F '\t' 'NR > 2 { d = $2 - ($1 + before) / 2; worst += d * d } { before = $1 }
    END { exit !(NR == 16 && worst < 1e-28) }' "$folder/out" || fail "fp4-e2m1: thresholds"

# The best scale is better than those beside it.
runs 0 codebook --scheme apot --source laplace --json
mse=$(number mse) clip=$(number clip)
for factor in 0.99 1.01; do
    runs 0 codebook --scheme apot --source laplace --json \
        --clip "value:$(awk -v c="$clip" -v f=$factor 'BEGIN { printf "%.17g", c * f }')"
    awk -v best="$mse" -v mse="$(number mse)" 'BEGIN { exit !(mse > best && mse < 1.01 * best) }' ||
        fail "apot, clip $factor times the best: $(number mse), best $mse"
done

# Mean and standard deviation move and stretch the levels.
runs 0 codebook --scheme lloyd-max --bits 1 --mean 10 --std 3 --tsv --no-header
near "$(sed -n 2p "$folder/out" | cut -f 1)" 12.393653682408596 1e-12 "--mean, --std"
runs 0 codebook --scheme lloyd-max --bits 1 --mean 10 --std 3 --json
near "$(number mse)" "$(awk 'BEGIN { printf "%.17g", 9 * 0.3633802276324 }')" 1e-11 "mse of --std 3"

# What is shown beside it: of these two families only.
runs 0 codebook --scheme lloyd-max --bits 8 --source laplace
prints '^Panter-Dite mse  6\.86646e-05$' laplace
prints '^Shannon mse      1\.32028e-05$' laplace
prints '^SQNR dB          41\.67$' laplace
runs 0 codebook --scheme lloyd-max --source t:5
prints '^Panter-Dite mse  -$' t:5

# Levels of one family for another, fitted as that family is: by σ, or by the mean distance from the
# median.  The figures are those that the lesson on Lloyd and Max tells.
runs 0 codebook --scheme lloyd-max:gaussian --bits 8 --source laplace --json
near "$(number sqnr_db)" 28.0644447 1e-8 "a Gaussian's levels for a Laplace"
runs 0 codebook --scheme lloyd-max:laplace --bits 8 --std 2 --json
near "$(number sqnr_db)" 41.8452357 1e-8 "a Laplace's levels for a Gaussian"
near "$(number scale)" 2.2567583341910251 1e-12 "their scale, 2 sqrt(2) sqrt(2/pi)"
for source in gaussian laplace; do
    runs 0 codebook --scheme lloyd-max:$source --source $source --json
    own=$(number mse)
    runs 0 codebook --scheme lloyd-max --source $source --json
    near "$(number mse)" "$own" 1e-15 "$source: its own levels"
done
runs 0 codebook --scheme lloyd-max --bits 3 --steps 20 --tsv --no-header
for wanted in 0,0.0506 1,0.0467 2,0.0438 3,0.0417 10,0.0357 20,0.0346; do
    awk -F '\t' -v wanted=$wanted '$1 == wanted + 0 { got = sprintf("%d,%.4f", $1, $2) }
        END { exit got != wanted }' "$folder/out" || fail "--steps 20: not $wanted"
done

# The alternation: its MSE falls, to the least one.
runs 0 codebook --scheme lloyd-max --bits 2 --steps 60 --tsv --no-header
awk -F '\t' 'NR > 1 && $2 > before * (1 + 1e-14) { bad = 1 } { before = $2; excess = $4 }
    END { exit !(NR == 61 && !bad && excess > -1e-12 && excess < 1e-9) }' "$folder/out" ||
    fail "--steps 60"
runs 0 codebook --scheme lloyd-max --bits 2 --steps 2 --json
test "$(grep -c '"levels": \[' "$folder/out")" -eq 3 || fail "--steps 2: not three sets of levels"
test ! -x "$ROUNDOFF_GOLDEN" || "$ROUNDOFF_GOLDEN" json "$folder/out" || fail "--steps: JSON"

# Levels of a tensor: no scheme for a source is better on it.
runs 0 codebook --scheme lloyd-max:empirical --bits 3 --tensor lm_head.weight "$bundled" --json
prints '^  "source": "empirical",$' empirical
prints '^  "tensor": "lm_head.weight",$' empirical
prints '^  "values": 32768,$' empirical
prints '^  "sampled": false,$' empirical
near "$(number mse)" 0.0030987778 1e-7 "lm_head.weight, 3 bits"
# One value only, and more of it than are looked at: every second one.
safetensors "$folder/large.safetensors" \
    '{"w":{"dtype":"F8_E4M3","shape":[3,5592407],"data_offsets":[0,16777221]}}' 16777221
runs 0 codebook --scheme lloyd-max:empirical "$folder/large.safetensors" --json
prints '^  "values": 8388611,$' "a large tensor"
prints '^  "sampled": true,$' "a large tensor"
near "$(number mse)" 0 1e-300 "a large tensor"
safetensors "$folder/empty.safetensors" \
    '{"w":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}}' 0
refuses 2 'w has no finite values' codebook --scheme lloyd-max:empirical "$folder/empty.safetensors"

# Combinations that make no sense.
refuses 2 'codebook needs --scheme; see roundoff codebook --help$' codebook
refuses 2 '--scheme "nf9": no levels are called "nf9"; there are uniform, ' codebook --scheme nf9
refuses 2 '--scheme "nf:9": nf takes 2 to 8 bits, not 9$' codebook --scheme nf:9
refuses 2 'nf4 has 4 bits, not 3$' codebook --scheme nf4 --bits 3
refuses 2 'fp8-e4m3 has 8 bits, not 4$' codebook --scheme fp8-e4m3 --bits 4
refuses 2 'apot takes 3 to 6 bits, not 7$' codebook --scheme apot --bits 7
refuses 2 'uniform takes 2 to 16 bits, not 1; lloyd-max' codebook --scheme uniform --bits 1
refuses 2 '--clip "max": value:C is wanted' codebook --scheme nf4 --clip max
refuses 2 '--clip "value:0": value:C is wanted' codebook --scheme nf4 --clip value:0
refuses 2 '--clip means nothing to lloyd-max' codebook --scheme lloyd-max --clip value:2
refuses 2 '--steps is of --scheme lloyd-max only, not of nf4$' codebook --scheme nf4 --steps 3
refuses 2 'nf4 is scaled to a --source; lloyd-max:empirical' codebook --scheme nf4 "$bundled"
refuses 2 'nf4 is scaled to a --source; lloyd-max:empirical' codebook --scheme nf4 --tensor w
refuses 2 'lloyd-max:empirical needs MODEL' codebook --scheme lloyd-max:empirical
refuses 2 'lloyd-max:empirical needs --tensor NAME: .* has 30 tensors' \
    codebook --scheme lloyd-max:empirical "$bundled"
refuses 2 'lloyd-max:empirical is fitted to a tensor: --source' \
    codebook --scheme lloyd-max:empirical --std 1 --tensor lm_head "$bundled"
refuses 2 'Lloyd-Max \(empirical\) takes 1 to 8 bits, not 9$' \
    codebook --scheme lloyd-max:empirical --bits 9 --tensor lm_head "$bundled"
refuses 2 '--steps is of --scheme lloyd-max only, not of lloyd-max:laplace$' \
    codebook --scheme lloyd-max:laplace --steps 3
refuses 2 'q4_0 scales its elements block by block' codebook --scheme q4_0
refuses 2 'fp4-e2m1 has 4 bits, not 5$' codebook --bits 5 --scheme fp4-e2m1
refuses 2 '--step means nothing to codebook' codebook --scheme nf4 --step 3
refuses 2 'no tensor "nothing"' codebook --scheme lloyd-max:empirical --tensor nothing "$bundled"

finish
