#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Broken and hostile files: each is accepted or refused as its list says, with a message that names
# the place, quickly and in little memory; and reading all elements of those that open ends well.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

test -n "$ROUNDOFF_MODELS" || skip "ROUNDOFF_MODELS is not set: no malformed files"
files=$ROUNDOFF_MODELS/malformed

# 100 MB of memory that is not a map of a file, where the program can start with so little (it
# cannot under a sanitizer), and one second of a processor, or many under a sanitizer.
memory=102400 seconds=1
(ulimit -d $memory && "$ROUNDOFF" --version) >"$folder/out" 2>"$folder/err" ||
    memory=unlimited seconds=30

# "FILE EXPECTATION" for each file, from the list's lines `"FILE": {` and `"expect": "X",`.
awk -F '"' '/": *{/ { file = $2 } /"expect"/ { print file, $4 }' "$files/MANIFEST.json" \
    >"$folder/list"

# try FILE COMMAND...: the status of the command within the limits.
try() (
    ulimit -d $memory
    ulimit -t $seconds
    file=$1
    shift
    timeout 60 "$ROUNDOFF" "$@" "$files/$file" >"$folder/out" 2>"$folder/err" </dev/null
)

count=0
while read -r file expected; do
    test -f "$files/$file" || continue
    count=$((count + 1))
    try "$file" list --json
    status=$?
    case $expected-$status in
    accept-0 | reject-3 | either-0 | either-3) ;;
    *) fail "$file: list ended with $status, expected: $expected: $(cat "$folder/err")" ;;
    esac
    if test "$status" -eq 3; then
        test "$(wc -l <"$folder/err")" -eq 1 || fail "$file: not one line of complaint"
        grep -q "^roundoff: $files/$file: " "$folder/err" ||
            fail "$file: the complaint does not name it: $(cat "$folder/err")"
        grep -Eq '\(byte [0-9]+\)|is empty|byte [0-9]+' "$folder/err" ||
            echo "without a place: $file: $(cut -d: -f3- "$folder/err")"
    else
        try "$file" list --metadata
        status=$?
        test "$status" -eq 0 || fail "$file: list --metadata ended with $status"
    fi
    # One that claims 4 T elements by repeating one is only listed.
    test "$file" = torch/size_huge_stride0.pt && continue
    try "$file" stats --json -j 1
    status=$?
    test "$status" -eq 0 || test "$status" -eq 3 ||
        fail "$file: stats ended with $status: $(cat "$folder/err")"
done <"$folder/list"
echo "$count files, $memory KiB, $seconds s"
test "$count" -gt 200 || fail "only $count files of the list are there"
finish
