#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The figures of theory against integration at 30 digits.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"
test -x "$ROUNDOFF_GOLDEN" || skip "golden_check is not built"

"$ROUNDOFF_GOLDEN" theory "$ROUNDOFF_TESTS/reference/pqn.tsv" "$ROUNDOFF" || fail "theory"

finish
