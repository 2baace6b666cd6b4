#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The figures of theory against integration at 30 digits; its sources, grids and sweeps.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"
test -x "$ROUNDOFF_GOLDEN" || skip "golden_check is not built"

"$ROUNDOFF_GOLDEN" theory "$ROUNDOFF_TESTS/reference/pqn.tsv" "$ROUNDOFF" || fail "theory"

# The name of the source as it was given.
for source in gaussian laplace uniform logistic t:5 t:2.5 mixture:0.01:10; do
    runs 0 theory --json --source $source --std 1 --step 1.5
    prints "^  \"source\": \"$source\",\$" "$source"
    prints '^  "verdict": "(holds|strained|broken)"' "$source"
done
refuses 2 '--source "t:2": t:NU is wanted, NU above 2' theory --source t:2 --std 1 --step 1
refuses 2 '--source "empirical": .*tensor' theory --source empirical --std 1 --step 1

# A level in the middle of the source, or a threshold.
runs 0 theory --tsv --no-header --std 0.01 --step 1 --offset 0.5
test "$(cut -f 7 "$folder/out" | cut -c 1-3)" = 0.4 || fail "--offset 0.5: $(cut -f 7 "$folder/out")"

# A record for each value of a sweep.
runs 0 theory --tsv --std 1 --sweep step=1:4:4
test "$(cut -f 4 "$folder/out" | tr '\n' ' ')" = 'step 1 2 3 4 ' || fail "sweep over step"
runs 0 theory --tsv --no-header --step 1 --sweep std=0.25:4:5:log
test "$(cut -f 3 "$folder/out" | tr '\n' ' ')" = '0.25 0.5 1 2 4 ' || fail "sweep over std"
runs 0 theory --tsv --no-header --step 1 --std 1 --sweep mean=-1:1:3
test "$(cut -f 2 "$folder/out" | tr '\n' ' ')" = '-1 0 1 ' || fail "sweep over mean"
runs 0 theory --json --step 1 --std 1 --sweep mean=0:1:3
prints '^  "theory": \[' "sweep as JSON"
test "$(grep -c '"error_mse"' "$folder/out")" -eq 3 || fail "sweep as JSON: not three records"
"$ROUNDOFF_GOLDEN" json "$folder/out" || fail "sweep as JSON"
for range in step=1:2 step=0:2:3 step=1:2:0 std=-1:2:3 mean=0:1:3:log mean=0:1:3:lin x=1:2:3 step; do
    refuses 2 "--sweep \"$range\": step=A:B:N" theory --std 1 --step 1 --sweep $range
done
refuses 2 '--density and --sweep' theory --std 1 --sweep step=1:2:3 --density 5
refuses 2 'theory needs --std and --step' theory --std 1 --sweep std=1:2:3

finish
