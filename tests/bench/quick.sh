#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The benchmarks work: on small inputs each says something that can be, and two runs compare.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

bench=${ROUNDOFF_BENCH:-tests/bench/bench}
test -x "$bench" || skip "$bench is not built"
results=$folder/results

"$bench" --quick --keep "$folder" --json "$results" || fail "a benchmark fails"
for family in limit kernel tensor survey open keys terminal; do
    grep -q "\"name\":\"$family/" "$results" || fail "there is no result of $family/"
done

"$bench" --compare "$results" >/dev/null 2>&1 && fail "one run is compared with nothing"
sleep 1 # runs are told apart by the second
"$bench" --quick --keep "$folder" --json "$results" --only 'limit/*' >/dev/null ||
    fail "a second run fails"
"$bench" --compare "$results" >"$folder/compared" || fail "two runs cannot be compared"
grep -q '^limit/vectors  *1 .*[0-9]\.[0-9]' "$folder/compared" || fail "they were not compared"
grep -q '^kernel/' "$folder/compared" && fail "what was run once is compared"

echo '{"name":"limit/vectors"}' >>"$results"
"$bench" --compare "$results" >/dev/null 2>&1 && fail "a line without figures is taken"
"$bench" --quick --runs none >/dev/null 2>&1 && fail "no number of runs is taken"
finish
