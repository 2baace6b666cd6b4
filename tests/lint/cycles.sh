#!/bin/sh
# SPDX-License-Identifier: MIT
#
# No header includes itself, however far round.

command -v tsort >/dev/null || { echo "tsort is not installed"; exit 77; }
cd "${srcdir:-.}/src" || exit 1

# Pairs "includer included"; tsort complains about a loop and names the files on it.
loop=$(find . -name '*.[ch]' | sed 's|^\./||' | sort | xargs awk '
    /^[ \t]*#[ \t]*include[ \t]*"/ { gsub(/^[^"]*"|".*/, ""); print FILENAME, $0 }
' | LC_ALL=C tsort 2>&1 >/dev/null)
test -z "$loop" && exit 0
echo "the headers between these lines include each other:"
echo "$loop" | sed 's|^tsort: \(.*\.h\)$|src/\1:1: in a circle of includes|'
exit 1
