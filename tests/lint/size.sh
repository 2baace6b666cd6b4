#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Files stay below 400 lines and functions below 60, braces counted.  A function's braces stand in
# the first column, and nothing else's opening brace does.

cd "${srcdir:-.}" || exit 1

find src tests -name '*.c' | sort | xargs awk '
FNR == 400 { printf "%s:400: the file has 400 lines or more\n", FILENAME; bad = 1 }
FNR == 1 { start = 0 }
/^{/ { start = FNR }
/^}/ && start {
    if (FNR - start + 1 >= 60) {
        printf "%s:%d: the function has %d lines\n", FILENAME, start, FNR - start + 1
        bad = 1
    }
    start = 0
}
END { exit bad }
' || exit 1
