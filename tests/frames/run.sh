#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The explorer's frames.  Every NAME.script beside this file is replayed on the bundled model and
# its frames compared with NAME.frames.  After a change that is meant to be seen:
#
#   UPDATE=1 ROUNDOFF=./roundoff ROUNDOFF_TESTS=$PWD/tests ROUNDOFF_DATA=$PWD/assets \
#       tests/frames/run.sh
#   git diff tests/frames        # look at every frame before it is committed
#
# Only a figure may differ between machines, and by one in its last printed digit: floating point
# is not the same everywhere.  All else must be the same, each character in its place.

: "${ROUNDOFF:?is not set}" "${ROUNDOFF_TESTS:?is not set}" "${ROUNDOFF_DATA:?is not set}"
LC_ALL=C.UTF-8
export LC_ALL

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
bad=0

# The lines of two files that differ by more than the last digit of numbers of equal length.
compare() {
    LC_ALL=C awk -v other="$2" '
    # The number at the start of text, sign included, or "".
    function number(text) {
        return match(text, /^-?[0-9]+(\.[0-9]+)?(e[-+][0-9]+)?/) ? substr(text, 1, RLENGTH) : ""
    }
    # One unit of the last digit of a number, times 1.01 for rounding here.
    function unit(text,    mantissa, power, point) {
        mantissa = text
        power = 0
        if (match(text, /e[-+][0-9]+$/)) {
            power = substr(text, RSTART + 1) + 0
            mantissa = substr(text, 1, RSTART - 1)
        }
        point = index(mantissa, ".")
        return 1.01 * 10 ^ (power - (point ? length(mantissa) - point : 0))
    }
    function close_enough(a, b,    i, x, y, gap) {
        if (length(a) != length(b))
            return 0
        for (i = 1; i <= length(a); i++) {
            if (substr(a, i) ~ /^-?[0-9]/ && (i == 1 || substr(a, i - 1, 1) !~ /[0-9.]/)) {
                x = number(substr(a, i))
                y = number(substr(b, i))
                if (x == "" || length(x) != length(y))
                    return 0
                gap = x - y
                if ((gap < 0 ? -gap : gap) > (index(x, ".") ? unit(x) : 0))
                    return 0
                i += length(x) - 1
            } else if (substr(a, i, 1) != substr(b, i, 1)) {
                return 0
            }
        }
        return 1
    }
    /^== / { title = $0 }
    {
        if ((getline line < other) <= 0)
            line = "(no line)"
        if ($0 != line && !close_enough($0, line)) {
            printf "%s, line %d\n- %s\n+ %s\n", title, FNR, $0, line
            bad++
        }
    }
    END {
        while ((getline line < other) > 0) {
            printf "%s, behind the end\n+ %s\n", title, line
            bad++
        }
        exit bad > 0
    }' "$1"
}

for script in "$ROUNDOFF_TESTS"/frames/*.script; do
    name=${script%.script}
    got=$folder/${name##*/}
    if ! "$ROUNDOFF" replay "$script" > "$got" 2> "$folder/errors" || [ -s "$folder/errors" ]; then
        echo "${name##*/}: replay failed: $(cat "$folder/errors")"
        bad=1
    elif [ "${UPDATE:-}" ]; then
        cp "$got" "$name.frames"
    elif ! compare "$name.frames" "$got" > "$folder/difference"; then
        echo "${name##*/}: frames differ (- expected, + shown)"
        head -60 "$folder/difference"
        bad=1
    fi
done
exit $bad
