#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The figures of stats and channels against those of an independent implementation.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"
test -x "$ROUNDOFF_GOLDEN" || skip "golden_check is not built"

# check REFERENCE MODEL: what stats prints, and what a survey finds out.
check() {
    echo "== $1"
    "$ROUNDOFF_GOLDEN" weights "$ROUNDOFF_TESTS/reference/weights/$1.json" "$ROUNDOFF" "$2" ||
        fail "$1"
    "$ROUNDOFF_GOLDEN" survey "$ROUNDOFF_TESTS/reference/weights/$1.json" "$2" || fail "$1, survey"
}

check tiny-llama "$bundled"
for pair in byte_llama_bf16:real/byte_llama resnet20_f32:formats/resnet20 \
    resnet20_f16:formats/resnet20 silero_vad_16k:real/silero_vad; do
    name=${pair%%:*}
    model=$ROUNDOFF_MODELS/${pair#*:}/$name.safetensors
    if test -n "$ROUNDOFF_MODELS" && test -f "$model"; then
        check "$name" "$model"
    else
        echo "ROUNDOFF_MODELS has no $name: skipped"
    fi
done

# The levels, granularities and formats of --scheme and its company, straight from the engine.
#
# schemes MODE REFERENCE MODEL
schemes() {
    echo "== $1 $2"
    "$ROUNDOFF_GOLDEN" "$1" "$ROUNDOFF_TESTS/reference/$1/$2.json" "$3" || fail "$1 $2"
}

resnet=$ROUNDOFF_MODELS/formats/resnet20/resnet20_f32.safetensors
for mode in schemes settings; do
    schemes $mode tiny-llama "$bundled"
    if test -n "$ROUNDOFF_MODELS" && test -f "$resnet"; then
        schemes $mode resnet20_f32 "$resnet"
    fi
done

finish
