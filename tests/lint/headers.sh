#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Each header compiles alone, so that an include is all that its user needs.  ROUNDOFF_COMPILE is
# the build's own compiler command.

: "${srcdir:=.}"
: "${ROUNDOFF_COMPILE:=${CC:-cc} -std=c11 -D_GNU_SOURCE -I$srcdir/src}"

export ROUNDOFF_COMPILE

# eval: the command holds definitions that are quoted for a shell.  xargs stops at 255 only.
find "$srcdir/src" -name '*.h' | sort | xargs -P 4 -n 8 sh -c '
    status=0
    for header do
        eval "$ROUNDOFF_COMPILE -fsyntax-only -Wno-unused -x c -include \"\$header\" /dev/null" || {
            echo "$header:1: does not compile alone"
            status=1
        }
    done
    exit $status
' sh || exit 1
