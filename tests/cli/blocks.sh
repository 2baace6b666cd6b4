#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Our block formats give the values that ggml's own files hold.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

test -n "$ROUNDOFF_MODELS" || skip "ROUNDOFF_MODELS is not set: no files of ggml"
exec "${ROUNDOFF_GOLDEN%_check}_blocks" "$ROUNDOFF_MODELS"
