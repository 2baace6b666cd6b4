#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The number of threads changes no byte of what is printed.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

# same ARGUMENT...: with one thread as with two and with seven.
same() {
    runs 0 "$@" --json -j 1
    test -s "$folder/out" || fail "roundoff $*: printed nothing"
    mv "$folder/out" "$folder/one"
    for threads in 2 7; do
        runs 0 "$@" --json -j $threads
        cmp "$folder/one" "$folder/out" || fail "roundoff $* -j $threads"
    done
}

same stats "$bundled"
same stats "$bundled" --bits 3 --clip percentile:99.5 --transform hadamard
same channels "$bundled" embed_tokens.weight --clip sigma:3
for rule in aciq mse lp:2.4; do
    same stats "$bundled" --bits 3 --clip $rule --source auto
done
llama=$ROUNDOFF_MODELS/real/byte_llama/byte_llama_bf16.safetensors
if test -f "$llama"; then
    same stats "$llama"
    same channels "$llama" lm_head.weight --clip percentile:99
else
    echo "ROUNDOFF_MODELS is not set: only the bundled model"
fi

finish
