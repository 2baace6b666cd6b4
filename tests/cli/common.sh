# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2059
#
# What the command-line tests share; read with `.`, not run.

: "${ROUNDOFF:=./roundoff}" "${ROUNDOFF_TESTS:=tests}" "${ROUNDOFF_DATA:=assets}"
: "${ROUNDOFF_GOLDEN:=tests/golden/golden_check}"
export ROUNDOFF_DATA
bundled=$ROUNDOFF_DATA/tiny-llama.safetensors
# The same messages, widths and colours wherever the test runs.
unset NO_COLOR COLUMNS POSIXLY_CORRECT
LC_ALL=C.UTF-8
export LC_ALL

folder=$(mktemp -d "${TMPDIR:-/tmp}/roundoff-test.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

skip() {
    echo "$*"
    exit 77
}

# The end of every test.
finish() {
    test "$failures" -eq 0 || echo "$failures failures"
    test "$failures" -eq 0
    exit
}

# runs STATUS ARGUMENT...: the program ends with that status; what it printed is in $folder/out
# and $folder/err.
runs() {
    wanted=$1
    shift
    "$ROUNDOFF" "$@" >"$folder/out" 2>"$folder/err" </dev/null
    status=$?
    test "$status" -eq "$wanted" || fail "roundoff $*: status $status, not $wanted"
}

# refuses STATUS PATTERN ARGUMENT...: it ends with that status, prints nothing, and complains in
# one line that matches the pattern of grep -E.
refuses() {
    wanted=$1 pattern=$2
    shift 2
    runs "$wanted" "$@"
    test ! -s "$folder/out" || fail "roundoff $*: data in spite of the error"
    test "$(wc -l <"$folder/err")" -eq 1 || fail "roundoff $*: not one line: $(cat "$folder/err")"
    grep -Eq "^roundoff: $pattern" "$folder/err" ||
        fail "roundoff $*: said: $(cat "$folder/err"), not: $pattern"
}

# prints PATTERN WHAT: the last output has a line that matches.
prints() {
    grep -Eq -- "$1" "$folder/out" || fail "${2:-output}: no line like: $1"
}

# safetensors FILE HEADER [BYTES]: a file with this header and so many bytes of zeros.
safetensors() {
    length=$(printf %s "$2" | wc -c)
    octal=$(printf '\\%03o\\%03o' $((length % 256)) $((length / 256)))
    printf "$octal"'\000\000\000\000\000\000' >"$1"
    printf %s "$2" >>"$1"
    head -c "${3:-0}" /dev/zero >>"$1"
}
