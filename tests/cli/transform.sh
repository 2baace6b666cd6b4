#!/bin/sh
# SPDX-License-Identifier: MIT
#
# --transform and what it is made from, in all commands that round tensors.

. "$ROUNDOFF_TESTS/cli/common.sh"

moments=${bundled%.safetensors}.second-moments.safetensors
layer=model.layers.0.mlp.down_proj.weight

# A figure of the only record of `stats --json`.
figure() {
    sed -n "s/^ *\"$1\": \([-0-9.e+]*\),*\$/\1/p" "$folder/out"
}

# near A B TOLERANCE
near() {
    awk -v a="$1" -v b="$2" -v most="$3" \
        'BEGIN { d = a - b; exit !(a != "" && b != "" && (d < 0 ? -d : d) <= most) }'
}

# The file beside the model is taken up, and told of; named it is the same; matched or not matters.
runs 0 stats --json --tensor "$layer" --transform cat "$bundled"
grep -q 'second-moments.safetensors, which lies beside the model' "$folder/err" ||
    fail "the file beside the model is not told of"
cp "$folder/out" "$folder/beside"
runs 0 stats --json --tensor "$layer" --transform cat --activations "$moments" "$bundled"
cmp -s "$folder/out" "$folder/beside" || fail "another result from the same file by name"
grep -q '"transform": "align:128+hadamard",' "$folder/out" || fail "the transform is not printed"
grep -q '"activation_file": "tiny-llama.second-moments.safetensors",' "$folder/out" ||
    fail "the activation file is not printed"
with=$(figure sqnr_db)
cp "$bundled" "$folder/alone.safetensors"
runs 0 stats --json --tensor "$layer" --transform cat "$folder/alone.safetensors"
grep -q 'isotropic input assumed' "$folder/err" || fail "what is assumed is not told"
near "$with" "$(figure sqnr_db)" 1e-6 && fail "the inputs make no difference"

# What needs no inputs opens no file.
runs 0 stats --json --tensor "$layer" --transform hadamard --activations /no/such/file "$bundled"
test -s "$folder/err" && fail "a Hadamard matrix is made from nothing, yet something is told"

# The weights' error figures are those of sqnr: an isotropic input meets W's own error.
runs 0 stats --json --tensor "$layer" --transform hadamard "$folder/alone.safetensors"
alone=$(figure sqnr_db)
runs 0 sqnr --json --tensor "$layer" --transform hadamard "$folder/alone.safetensors"
near "$alone" "$(figure measured_sqnr_db)" 1e-6 ||
    fail "stats has $alone dB, sqnr $(figure measured_sqnr_db) dB"

# Every command takes one, and none but sqnr takes all.
for transform in hadamard cat align:1 random:2 hadamard:8+signs:3 align:16^0.5+hadamard; do
    runs 0 channels --transform "$transform" "$bundled" "$layer"
    runs 0 plot --transform "$transform" "$bundled" "$layer"
    runs 0 scan --transform "$transform" --tensor "$layer" -o "$folder/$transform.json" "$bundled"
    runs 0 stats --file "$folder/$transform.json"
    runs 0 report --file "$folder/$transform.json"
    grep -q 'All figures are of the weights behind the transform' "$folder/out" ||
        fail "report does not tell the transform"
done
runs 0 schemes --bits 4 --tensor "$layer" --transform cat "$bundled"
runs 0 report --tensor "$layer" --transform hadamard "$bundled"
for command in stats channels schemes scan report plot; do
    refuses 2 '--transform "all": .*sqnr' $command --transform all "$bundled"
done
refuses 2 'a scan has the transform' stats --file "$folder/hadamard.json" --transform cat

# What does not fit is told.
runs 0 stats --tensor "$layer" --transform scale:0.5 "$bundled"
grep -q 'no figures for 1 tensor: scale needs the largest' "$folder/err" || fail "scale: no reason"
runs 0 stats --tensor "$layer" --transform hadamard:512 "$bundled"
grep -q 'hadamard:512 does not divide 344 columns' "$folder/err" || fail "hadamard:512: no reason"

# Any number of threads gives the same.
for transform in hadamard cat scale:0.5; do
    runs 0 stats --json -j 1 --transform "$transform" "$bundled"
    cp "$folder/out" "$folder/one"
    runs 0 stats --json -j 5 --transform "$transform" "$bundled"
    cmp -s "$folder/out" "$folder/one" || fail "$transform: other figures with more threads"
done

finish
