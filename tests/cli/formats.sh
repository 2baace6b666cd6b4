#!/bin/sh
# SPDX-License-Identifier: MIT
#
# One model in every format has the same values through every reader.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

test -n "$ROUNDOFF_MODELS" || skip "ROUNDOFF_MODELS is not set: no model in every format"
exec "${ROUNDOFF_GOLDEN%_check}_formats" "$ROUNDOFF_MODELS"
