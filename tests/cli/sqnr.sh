#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What rounding does to linear layers' outputs: without activations, with what lies beside a model,
# and with real samples.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

# number NAME: of the last JSON document's first layer.
number() {
    sed -n "s/^ *\"$1\": \\([^,]*\\),*\$/\\1/p" "$folder/out" | head -n 1
}

# is NAME VALUE: such a member, as JSON writes it.
is() {
    test "$(number "$1")" = "$2" || fail "$1: $(number "$1"), not $2"
}

# near NAME DB TOLERANCE
near() {
    awk -v a="$(number "$1")" -v b="$2" -v t="$3" \
        'BEGIN { exit !(a != "" && a != "null" && a - b <= t && b - a <= t) }' ||
        fail "$1: $(number "$1"), not $2"
}

# ---- the command line ----

refuses 2 'sqnr needs MODEL' sqnr
refuses 2 '--transform "rotate": transform "rotate" is unknown' sqnr --transform rotate "$bundled"
refuses 2 '--transform "cat:0"' sqnr --transform cat:0 "$bundled"
refuses 2 '--activation-bits "1": a whole number from 2 to 16' sqnr --activation-bits 1 "$bundled"
refuses 2 '--activation-symmetric needs --activation-bits$' sqnr --activation-symmetric "$bundled"
refuses 2 '--activation-static needs --activation-bits$' sqnr --activation-static "$bundled"
refuses 2 '--activation-kind "sums"' sqnr --activation-kind sums "$bundled"
refuses 2 '--map "nothing"' sqnr --map nothing "$bundled"
refuses 2 '--activations ""' sqnr --activations '' "$bundled"
refuses 3 '.*absent' sqnr --activations "$folder/absent" "$bundled"
refuses 2 "a layer's rows are rounded by themselves" sqnr --granularity tensor "$bundled"
refuses 2 "a layer's rows are rounded by themselves" sqnr --granularity block:2x2 "$bundled"
refuses 2 'nf4 has 4 bits, not 3$' sqnr --scheme nf4 --bits 3 "$bundled"
refuses 2 '.*has no linear layers that --tensor matches' sqnr --tensor '*norm*' "$bundled"
refuses 2 '--activations means nothing to stats' stats --activations x "$bundled"
refuses 2 '--source means nothing to sqnr' sqnr --source laplace "$bundled"
refuses 2 '--transform "hadamard:4": ' stats --transform hadamard:4 "$bundled"

# ---- without activations ----

cp "$bundled" "$folder/alone.safetensors"
bundled=$folder/alone.safetensors # what is known of its inputs lies beside the other one
runs 0 sqnr "$bundled"
prints '^weights: 4-bit uniform, channel, clip max, bits 33\.71$'
prints '^known from: nothing$'
prints '^layer +input +conc\. +align\. +\(most\) approx\. +meas\.$'
prints '^isotropic input assumed for [0-9]+ layers of which nothing is known$'
awk 'length($0) > 80 { exit 1 }' "$folder/out" || fail "lines of more than 80 columns"
test ! -s "$folder/err" || fail "without activations: $(cat "$folder/err")"
runs 0 sqnr --no-header --tsv "$bundled"
lines=$(wc -l <"$folder/out")
runs 0 sqnr --tsv "$bundled"
test "$(wc -l <"$folder/out")" -eq $((lines + 1)) || fail "--no-header"
head -n 1 "$folder/out" | tr '\t' ' ' |
    grep -q '^name in out tokens activations transform group bits_term_db ' ||
    fail "fields: $(head -n 1 "$folder/out")"

# Of isotropic input the alignment is 1/d, and the terms add up to what the weights alone do.
q='*layers.0*q_proj.weight'
runs 0 sqnr --json --tensor "$q" "$bundled"
is activations '"isotropic"'
is transform '"none"'
is tokens null
near alignment_db "$(awk -v d="$(number in)" \
    'BEGIN { printf "%.17g", -10 * log(d) / log(10) }')" 1e-9
near approx_sqnr_db "$(awk -v a="$(number bits_term_db)" -v b="$(number concentration_db)" \
    -v c="$(number alignment_db)" 'BEGIN { printf "%.17g", a + b + c }')" 1e-9
near measured_sqnr_db "$(number weight_only_sqnr_db)" 0
is activation_only_sqnr_db null
# The same bits for any number of threads.
cp "$folder/out" "$folder/one"
runs 0 sqnr --json --tensor "$q" -j 3 "$bundled"
cmp -s "$folder/out" "$folder/one" || fail "three threads: other figures"
# A rotation leaves the alignment alone, and W x too.
alignment=$(number alignment_db)
runs 0 sqnr --json --tensor "$q" --transform hadamard "$bundled"
near alignment_db "$alignment" 1e-9
prints '^      "transform": "hadamard",$'
prints '^      "basis": "hadamard [0-9]+.*"$'
awk -v e="$(number transform_error)" 'BEGIN { exit !(e != "" && e < 1e-12) }' ||
    fail "transform_error: $(number transform_error)"
# What needs samples is null, and what cannot be done is told.
runs 0 sqnr --json --tensor "$q" --activation-bits 8 "$bundled"
is measured_sqnr_db null
is approx_sqnr_db null
prints '^    "activation_bits": 8,$'
runs 2 sqnr --tensor "$q" --transform scale:0.5 "$bundled"
grep -q 'scale needs the largest' "$folder/err" ||
    fail "scale without samples: $(cat "$folder/err")"

# Several transforms side by side; scale is none of them without samples.
runs 0 sqnr --transform all --tensor "$q" "$bundled"
for transform in none scale:0.5 hadamard align:1 align:32 'align:128\+hadamard'; do
    prints "^  $transform +" "all transforms"
done
prints '^  cat gains [+-][0-9.]+ dB over hadamard: alignment '
prints '^mean gain over none$'
awk 'length($0) > 80 { exit 1 }' "$folder/out" || fail "a comparison of more than 80 columns"

# Other levels than a grid's are measured only.
runs 0 sqnr --json --tensor "$q" --scheme nf4 "$bundled"
is bits_term_db null
is approx_sqnr_db null
near weight_only_sqnr_db 21 2

# ---- a file beside the model ----

cp "$bundled" "$folder/m.safetensors"
name=$(sed -n 's/^      "name": "\(.*\)",$/\1/p' "$folder/out" | head -n 1)
width=$(number in)
middle=$((4 * width)) end=$((4 * width + 8))
entry="\"$name.absmax\":{\"dtype\":\"F32\",\"shape\":[$width],\"data_offsets\":[0,$middle]}"
stray="\"stray.absmax\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[$middle,$end]}"
safetensors "$folder/m.second-moments.safetensors" "{$entry,$stray}" "$end"
runs 0 sqnr "$folder/m.safetensors"
grep -q 'm.second-moments.safetensors, which lies beside the model' "$folder/err" ||
    fail "a file beside the model: $(cat "$folder/err")"
grep -q 'stray.absmax: is of no layer of the model' "$folder/err" ||
    fail "a stray entry is not named"
grep -q ': no activations: its entry has only ranges$' "$folder/err" || fail "no reason is given"
# Under another name, that of a layer, the entry is not the layer's for its width alone.
layer=$(sed -n 's/^\(.*down_proj\) .*/\1/p' "$folder/out" | head -n 1)
runs 0 sqnr --map "stray=$layer.weight" "$folder/m.safetensors"
grep -q "$layer.weight: no activations: its entry is of another width\$" "$folder/err" ||
    fail "--map: $(cat "$folder/err")"

# ---- real samples ----

samples=$ROUNDOFF_MODELS/activations/byte_llama/acts_512tok_f16.npz
model=$ROUNDOFF_MODELS/real/byte_llama/byte_llama_bf16.safetensors
test -n "$ROUNDOFF_MODELS" && test -r "$samples" || finish

# As an independent implementation has it (tests/reference/sqnr): the libraries, the engine, and
# one layer by the command.
for program in golden_sqnr golden_layers; do
    if test -x "${ROUNDOFF_GOLDEN%/*}/$program"; then
        "${ROUNDOFF_GOLDEN%/*}/$program" "$ROUNDOFF_TESTS/reference/sqnr/byte_llama.json" \
            "$ROUNDOFF_MODELS" || fail "$program"
    else
        echo "$program is not built: skipped"
    fi
done
k='model.layers.0.self_attn.k_proj.weight'
runs 0 sqnr --json --activations "$samples" --activation-bits 4 --tensor "$k" \
    --transform align:128+hadamard:256 "$model"
is tokens 512
is activations '"samples"'
prints '^        "model.layers.0.self_attn.q_proj.weight",$' "group"
reference=$(tr ',{}' '\n\n\n' <"$ROUNDOFF_TESTS/reference/sqnr/byte_llama.json" |
    awk -v layer="\"$k\":" '
        $0 == layer { inside = 1 }
        inside && $0 == "\"align:128+hadamard:256\":" { transform = 1 }
        inside && transform && $0 == "\"W4A4\":" { mode = 1 }
        mode && /_db/ { gsub(/"/, ""); sub(/:/, " "); print; if (++n == 10) exit }')
test "$(echo "$reference" | wc -l) " = "10 " || fail "the reference has other fields"
echo "$reference" >"$folder/reference"
while read -r field value; do
    near "$field" "$value" 0.001
done <"$folder/reference"

# Static grids cover more and so are worse, symmetric ones too.
measured=$(number measured_sqnr_db)
for option in --activation-static --activation-symmetric; do
    runs 0 sqnr --json --activations "$samples" --activation-bits 4 --tensor "$k" $option \
        --transform align:128+hadamard:256 "$model"
    awk -v a="$(number measured_sqnr_db)" -v b="$measured" 'BEGIN { exit !(a < b - 0.1) }' ||
        fail "$option: $(number measured_sqnr_db), not below $measured"
done

# Layers that the file tells nothing of are named, and assumed isotropic.
runs 0 sqnr --activations "$samples" "$model"
grep -q 'layers.1.self_attn.q_proj.weight: no activations: no entry has its name$' "$folder/err" ||
    fail "a layer without activations is not named"
prints '^model.layers.1.self_attn.q_proj +none '
prints '^model.layers.3.self_attn.v_proj +512 '

finish
