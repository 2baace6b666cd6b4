#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Scans: written as they go, cut, continued, merged, and opened without the weights.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

whole=$folder/whole.json
runs 0 scan "$bundled" -o "$whole"
test ! -s "$folder/out" && test ! -s "$folder/err" || fail "scan -o is not silent"
tensors=$(grep -c '^{"index":' "$whole")
test "$tensors" -eq 30 || fail "$tensors records"
if test -x "$ROUNDOFF_GOLDEN"; then
    "$ROUNDOFF_GOLDEN" json "$whole" || fail "a scan is no JSON"
fi
runs 0 scan "$bundled"
cmp -s "$folder/out" "$whole" || fail "a scan to standard output is another one"
runs 0 scan "$bundled" -j 1 -o "$folder/one.json"
cmp -s "$folder/one.json" "$whole" || fail "a scan depends on the threads"

# Packed by its name, and the same inside.
runs 0 scan "$bundled" -o "$whole.gz"
gzip -dc "$whole.gz" | cmp -s - "$whole" || fail "a packed scan holds something else"

# Sixteen parts are the whole, byte for byte, in whatever order they come.
parts=
for part in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
    runs 0 scan "$bundled" --part $part/16 -o "$folder/part.$part.json"
    parts="$folder/part.$part.json $parts"
done
# shellcheck disable=SC2086
runs 0 merge $parts -o "$folder/merged.json"
cmp -s "$folder/merged.json" "$whole" || fail "16 parts are not the whole"
# shellcheck disable=SC2086
runs 0 merge $parts -o "$folder/merged.json.gz"
cmp -s "$folder/merged.json.gz" "$whole.gz" || fail "16 parts are not the whole, packed"
runs 0 merge "$folder/part.1.json" "$folder/part.16.json"
prints '^"complete":false\}$' "the end of an unfinished merge"
grep -q '^roundoff: parts are missing or unfinished: no figures for [0-9]* of 30 tensors$' \
    "$folder/err" || fail "missing parts are not missed: $(cat "$folder/err")"

# What cannot be merged.
runs 0 scan "$bundled" --bits 3 --part 1/16 -o "$folder/other.json"
refuses 2 '.* have different settings$' merge "$folder/part.2.json" "$folder/other.json"
refuses 3 '.*: is not valid JSON' merge "$folder/part.2.json" "$bundled"
refuses 3 '.*: No such file or directory$' merge "$folder/none.json"

# Cut anywhere, it is unfinished and is not lost by mistake; --resume makes the same of it.
for size in 20000 100000 300000; do
    head -c $size "$whole" >"$folder/cut.json"
    cp "$folder/cut.json" "$folder/copy.json"
    refuses 2 '.*interrupted after [0-9]* of 30 tensors: --resume' \
        scan "$bundled" -o "$folder/cut.json"
    refuses 2 '.*--resume cannot go on with a scan of other settings$' \
        scan "$bundled" --bits 3 --resume -o "$folder/cut.json"
    cmp -s "$folder/cut.json" "$folder/copy.json" || fail "a refused scan was changed"
    runs 0 report -f "$folder/cut.json"
    prints '^The scan was not finished: ' "report of an unfinished scan"
    runs 0 scan "$bundled" --resume -o "$folder/cut.json"
    cmp -s "$folder/cut.json" "$whole" || fail "a resumed scan is another one"
done
head -c 20000 "$whole.gz" >"$folder/cut.json.gz"
runs 0 scan "$bundled" --resume -o "$folder/cut.json.gz"
cmp -s "$folder/cut.json.gz" "$whole.gz" || fail "a resumed packed scan is another one"
runs 0 scan "$bundled" --resume -o "$folder/cut.json.gz"
grep -q 'is complete already$' "$folder/err" || fail "a finished scan was made again"
runs 0 scan "$bundled" --resume -o "$folder/new.json"
cmp -s "$folder/new.json" "$whole" || fail "--resume without a file"

# Killed, it has every tensor that was done: at most the one at work is lost.
"$ROUNDOFF" scan "$bundled" -o "$folder/killed.json" &
scan=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    grep -q '^{"index":' "$folder/killed.json" 2>/dev/null && break
    sleep 0.02
done
kill -9 $scan
wait $scan 2>/dev/null
lines=$(grep -c '^{"index":.*}' "$folder/killed.json")
"$ROUNDOFF" stats -f "$folder/killed.json" --tsv --no-header >"$folder/out" 2>/dev/null
kept=$(awk -F '\t' '$29 != ""' "$folder/out" | wc -l)
test "$kept" -ge $((lines - 1)) && test "$kept" -le "$lines" ||
    fail "$kept of $lines tensors are left of a killed scan"
runs 0 scan "$bundled" --resume -o "$folder/killed.json"
cmp -s "$folder/killed.json" "$whole" || fail "a killed scan that was resumed is another one"

# A file that is no scan is replaced, as by any -o, but --resume has nothing to go on with.
echo text >"$folder/text.json"
refuses 3 '.*text.json: is not valid JSON' scan "$bundled" --resume -o "$folder/text.json"
runs 0 scan "$bundled" -o "$folder/text.json"
cmp -s "$folder/text.json" "$whole" || fail "a scan over a file that is none"
refuses 3 '.*No such file or directory$' scan "$bundled" -o "$folder/none/scan.json"
refuses 2 '--part "0/4": K/N is wanted' scan "$bundled" --part 0/4
refuses 2 '--part "5/4": K/N is wanted' scan "$bundled" --part 5/4

# The figures are those of stats.
runs 0 stats "$bundled" --tsv
cut -f 1-8,11-12,15-17,31 "$folder/out" >"$folder/stats"
runs 0 stats -f "$whole" --tsv
cut -f 1-8,11-12,15-17,31 "$folder/out" >"$folder/scanned"
awk -F '\t' 'NR == FNR { line[FNR] = $0; next }
    { n = split(line[FNR], a, "\t")
      for (i = 1; i <= n; i++)
          if (a[i] != $i && !(i > 6 && (a[i] - $i) ^ 2 <= 1e-16 * $i ^ 2 + 1e-34)) {
              printf "%s: %s is not %s\n", $1, a[i], $i
              bad = 1
          }
    } END { exit bad }' "$folder/stats" "$folder/scanned" || fail "stats of a scan differ"
runs 0 stats -f "$whole" --json
prints '"settings": \{"bits":4,' "settings of a scan"
refuses 2 '--file takes the place of' stats -f "$whole" "$bundled"
refuses 2 "a scan has the scheme that it was made with" stats -f "$whole" --bits 3
refuses 2 'no tensor has a name' stats -f "$whole" --tensor nothing

# Whatever the scheme was, it is the scan's.
for scheme in '--bits 3 --clip sigma:2.5 --source auto' '--scheme mxfp4 --channel-axis 1' \
    '--scheme lloyd-max:empirical --correct both' '--asymmetric --granularity group:32' \
    '--transform hadamard --clip lp:2.4'; do
    # shellcheck disable=SC2086
    runs 0 scan "$bundled" --tensor '*.0.mlp.down_proj.weight' $scheme -o "$folder/scheme.json"
    # shellcheck disable=SC2086
    runs 0 stats "$bundled" --tensor '*.0.mlp.down_proj.weight' $scheme --json
    told=$(awk -F ': ' '$1 ~ /"sqnr_db"/ { printf "%.9g", $2 }' "$folder/out")
    runs 0 stats -f "$folder/scheme.json" --tensor '*.0.mlp.down_proj.weight' --json
    found=$(awk -F ': ' '$1 ~ /"sqnr_db"/ { printf "%.9g", $2 }' "$folder/out")
    test -n "$found" && test "$found" = "$told" || fail "$scheme: $found dB, not $told"
done
sed 's/"clip":"max"/"clip":"soft"/' "$whole" >"$folder/bad.json"
refuses 3 'the settings of the scan are not understood' stats -f "$folder/bad.json"

# Conditions: exit status 1, and who met them.
runs 1 scan "$bundled" -o "$folder/new.json" --fail-if 'sqnr<17 && bits==4 && name ~ "*.mlp.*"'
grep -q '^roundoff: model.layers.0.mlp.down_proj.weight: sqnr<17 .* at 4 bits$' "$folder/err" ||
    fail "--fail-if says: $(cat "$folder/err")"
cmp -s "$folder/new.json" "$whole" || fail "--fail-if keeps a scan from being written"
runs 0 scan "$bundled" -o "$folder/new.json" --fail-if 'nan || inf || zero_channels'
runs 1 report -f "$whole" --fail-if 'kurt > 5'
refuses 2 '--fail-if "snqr<20": there is no figure "snqr" at column 1' \
    scan "$bundled" --fail-if 'snqr<20'

# Damage that is no cut is named by its byte.
sed 's/"mean":[^,]*,/"mean":true,/' "$whole" >"$folder/bad.json"
refuses 3 '.*bad.json: a number is wanted \(byte [0-9]*\)$' report -f "$folder/bad.json"
finish
