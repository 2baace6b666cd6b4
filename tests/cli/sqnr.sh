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
refuses 2 '--activations means nothing to list' list --activations x "$bundled"
refuses 2 '--source means nothing to sqnr' sqnr --source laplace "$bundled"
refuses 2 '--transform "all": all is for sqnr' stats --transform all "$bundled"

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
prints '^      "basis": "hadamard [0-9]+.*",$'
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
prints '^  none, 5 bits +'
prints '^  cat gains [+-][0-9.]+ dB over hadamard: alignment '
prints '^mean gain over none$'
prints '^what cat gains over hadamard, median and range of 1 layer$'
prints '^  by alignment +[+-][0-9.]+  dB, [+-][0-9.]+ to [+-][0-9.]+$'
awk 'length($0) > 80 { exit 1 }' "$folder/out" || fail "a comparison of more than 80 columns"

# One bit more is the run with one bit more.
runs 0 sqnr --transform all --tensor "$q" --tsv "$bundled"
more=$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    $column["transform"] == "none" && $column["bits"] == 5 { print $column["measured_sqnr_db"] }' \
    "$folder/out")
runs 0 sqnr --bits 5 --tensor "$q" --json "$bundled"
is measured_sqnr_db "$more"
is bits 5
is activation_bits null

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

# ---- importance matrices ----

# le32 NUMBER: as four bytes.
le32() {
    printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) \
        $(($1 >> 16 & 255)) $(($1 >> 24 & 255)))"
}

# imatrix NAME CALLS ODD EVEN: of one entry as wide as the layer, single precision as whole numbers.
imatrix() {
    le32 1
    le32 ${#1}
    printf %s "$1"
    le32 "$2"
    le32 "$width"
    for i in $(seq "$((width / 2))"); do
        le32 "$3"
        le32 "$4"
    done
}

q='model.layers.0.self_attn.q_proj.weight'
one=1065353216 four=1082130432
imatrix "$q" 1 $one $four >"$folder/good.dat"
runs 0 list "$folder/good.dat"
prints "^$q.in_sum2 +F32 +$width "
prints "^$q.counts +I32 +1 "
runs 0 stats "$folder/good.dat"
runs 0 sqnr --json --tensor "$q" --transform align:1 --activations "$folder/good.dat" "$bundled"
is activations '"diagonal"'
is tokens null
near max_alignment_db "$(number alignment_db)" 20
# The same for as many tokens, since only ratios mean something.
alignment=$(number alignment_db)
imatrix "$q" 9 $one $four >"$folder/nine.dat"
runs 0 sqnr --json --tensor "$q" --transform align:1 --activations "$folder/nine.dat" "$bundled"
near alignment_db "$alignment" 1e-9

# Zeros admit no alignment, and nobody saw what an entry without calls says.
imatrix "$q" 1 0 0 >"$folder/zero.dat"
runs 2 sqnr --tensor "$q" --transform cat --activations "$folder/zero.dat" "$bundled"
grep -q "$q: align: the second moment of x is zero\$" "$folder/err" ||
    fail "zeros: $(cat "$folder/err")"
imatrix "$q" 0 $one $four >"$folder/unseen.dat"
runs 0 sqnr --activations "$folder/unseen.dat" "$bundled"
grep -q "$q: no activations: its entry is of no tokens\$" "$folder/err" ||
    fail "unseen: $(cat "$folder/err")"
# Cut short, or not to be known any more.
dd if="$folder/good.dat" of="$folder/cut.dat" bs=1 count=300 2>/dev/null
refuses 3 '.*cut.dat: .*' sqnr --activations "$folder/cut.dat" "$bundled"
refuses 3 '.*cut.dat: .*' list "$folder/cut.dat"
# Of another model: one of each side, and the way out.
imatrix text.0.linear 1 $one $four >"$folder/other.dat"
runs 0 sqnr --activations "$folder/other.dat" "$bundled"
prints '^isotropic input assumed for [0-9]+ layers of which nothing is known$'
grep -q "an entry of it is \"text.0.linear\", a layer \"$q\"; --map 'REGEX=NAME'" "$folder/err" ||
    fail "a file of another model: $(cat "$folder/err")"
test "$(wc -l <"$folder/err")" -eq 2 || fail "another model's file makes many lines"
runs 0 sqnr --json --tensor "$q" --map "^text.0.linear=$q" --activations "$folder/other.dat" \
    "$bundled"
is activations '"diagonal"'
# Beside a model it is found, and in its folder it is no part of it.
mkdir "$folder/model"
cp "$bundled" "$folder/model/model.safetensors"
cp "$folder/good.dat" "$folder/model/imatrix.dat"
runs 0 list "$folder/model"
grep -q in_sum2 "$folder/out" && fail "the importance matrix is listed with the model"
runs 0 sqnr --json --tensor "$q" "$folder/model"
is activations '"diagonal"'
grep -q '^roundoff: imatrix.dat, which lies beside the model' "$folder/err" || fail "not told"

# ---- real samples ----

samples=$ROUNDOFF_MODELS/activations/byte_llama/acts_512tok_f16.npz
model=$ROUNDOFF_MODELS/real/byte_llama/byte_llama_bf16.safetensors
test -n "$ROUNDOFF_MODELS" && test -r "$samples" || finish

# What is wrong with the layer asked for is said, and nothing of the others.
runs 0 sqnr --tensor '*.0.self_attn.q_proj.*' \
    --activations "$ROUNDOFF_DATA/tiny-llama.second-moments.safetensors" "$model"
grep -q 'q_proj.weight: no activations: its entry is of another width' "$folder/err" &&
    test "$(wc -l <"$folder/err")" -eq 1 || fail "another width: $(cat "$folder/err")"

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

# Both formats of an importance matrix say the same, and neither is a part of a model beside it.
folder_of=$ROUNDOFF_MODELS/activations/byte_llama
for file in imatrix.dat imatrix.gguf; do
    runs 0 sqnr --json --activations "$folder_of/$file" --tensor "$k" --transform cat "$model"
    is activations '"diagonal"'
    test "$file" = imatrix.dat && alignment=$(number alignment_db)
    near alignment_db "$alignment" 1e-9
    runs 0 list "$folder_of/$file"
    prints '^blk.0.attn_q.weight.in_sum2 '
done

# Layers that the file tells nothing of are named, and assumed isotropic.
runs 0 sqnr --activations "$samples" "$model"
grep -q 'layers.1.self_attn.q_proj.weight: no activations: no entry has its name$' "$folder/err" ||
    fail "a layer without activations is not named"
prints '^model.layers.1.self_attn.q_proj +none '
prints '^model.layers.3.self_attn.v_proj +512 '

finish
