#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Files that are not what they should be, and outputs that cannot be written.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

bad=$folder/bad.safetensors

# Files.
refuses 3 '.*/absent: No such file or directory$' list "$folder/absent"
refuses 3 '.*/absent: No such file or directory$' stats "$folder/absent" --json
: >"$bad"
refuses 3 '.*bad.safetensors' list "$bad"
printf 'no model at all' >"$bad"
refuses 3 '.*bad.safetensors' list "$bad"
safetensors "$bad" '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}' 4
refuses 3 '.*bad.safetensors.*"w"' list "$bad"
safetensors "$bad" '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}' 8
refuses 3 '.*bad.safetensors.*byte' stats "$bad"
safetensors "$bad" '{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}' 8
refuses 3 '.*bad.safetensors.*"w"' channels "$bad" w
mkdir "$folder/empty"
refuses 3 '.*empty' list "$folder/empty"
mkfifo "$folder/fifo" && refuses 3 '.*fifo' list "$folder/fifo"
# A name from a file cannot harm a terminal.
safetensors "$bad" '{"a\u001b[31m":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}' 4
refuses 3 '.*a\\u\{1B\}\[31m' list "$bad"

# Tensors without figures are listed, mentioned, and no failure.
odd=$folder/odd.safetensors
safetensors "$odd" '{"":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"F32",
"shape":[0,3],"data_offsets":[4,4]},"x":{"dtype":"X9","shape":[4],"data_offsets":[4,8]}}' 8
runs 0 list "$odd"
prints '^"" +F32 +scalar' list
prints '^x +X9 ' list
runs 0 stats "$odd" --tsv
grep -q '^roundoff: no figures for 1 tensor: x: ' "$folder/err" || fail "x is not mentioned"
test "$(grep -c . "$folder/out")" -eq 4 || fail "stats left a tensor out"
refuses 2 '.*x: ' channels "$odd" x

# Outputs.
if test -c /dev/full; then
    for command in "list $bundled" "stats --tsv $bundled" "theory --std 1 --step 1" --help -V \
        "plot $bundled lm_head.weight"; do
        # shellcheck disable=SC2086 # The words of the command.
        "$ROUNDOFF" $command >/dev/full 2>"$folder/err"
        status=$?
        test $status -eq 3 || fail "$command >/dev/full: status $status"
        grep -q '^roundoff: standard output: No space left on device$' "$folder/err" ||
            fail "$command >/dev/full: said: $(cat "$folder/err")"
    done
    refuses 3 '/dev/full: No space left' list "$bundled" -o /dev/full
fi
"$ROUNDOFF" list "$bundled" >&- 2>"$folder/err"
test $? -eq 3 || fail "closed standard output"
refuses 3 '.*/absent/file: No such file' list "$bundled" -o "$folder/absent/file"

# A file of -o appears complete or not at all; what was there stays as it was.
echo before >"$folder/kept"
refuses 3 '.*absent' list "$folder/absent" -o "$folder/kept"
test "$(cat "$folder/kept")" = before || fail "-o harmed a file when the run failed"
runs 0 list "$bundled" -o "$folder/kept"
test ! -s "$folder/out" || fail "-o wrote to standard output too"
"$ROUNDOFF" list "$bundled" | cmp -s - "$folder/kept" || fail "-o wrote something else"
test -z "$(find "$folder" -name 'kept.*')" || fail "-o left a temporary file"

# A reader that has had enough is no error.
{
    "$ROUNDOFF" channels --json "$bundled" embed_tokens.weight 2>"$folder/err"
    echo $? >"$folder/status"
} | head -n 1 >"$folder/out"
test "$(cat "$folder/status")" -eq 0 || fail "closed pipe: status $(cat "$folder/status")"
test ! -s "$folder/err" || fail "closed pipe: said: $(cat "$folder/err")"

# Real malformed files: whatever is said, it is one line and an exit, never a crash.
if test -n "$ROUNDOFF_MODELS" && test -d "$ROUNDOFF_MODELS/malformed"; then
    for file in "$ROUNDOFF_MODELS"/malformed/safetensors*/*; do
        # Statistics of thousands of tensors would take too long here.
        command=stats
        test "$(wc -c <"$file")" -lt 100000 || command=list
        "$ROUNDOFF" $command --json "$file" >"$folder/out" 2>"$folder/err"
        status=$?
        test $status -eq 0 || test $status -eq 3 || fail "$file: status $status"
        test "$(wc -l <"$folder/err")" -le 1 || fail "$file: $(cat "$folder/err")"
        test $status -eq 0 || test -s "$folder/err" || fail "$file: no message"
    done
else
    echo "ROUNDOFF_MODELS is not set: no real malformed files"
fi

finish
