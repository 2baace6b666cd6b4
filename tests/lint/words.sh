#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The small print of every text: the licence in the first lines, blanks instead of tabs, no blanks
# at the ends of lines, and no path of the machine that it was written on.

cd "${srcdir:-.}" || exit 1

# Bytes, whatever the locale.
LC_ALL=C
export LC_ALL

{
    find src tests/unit tests/fuzz -name '*.[ch]'
    find tests/lint tests/cli tests/frames tests/tui tests/unit -name '*.sh'
    ls -d configure.ac Makefile.am bootstrap README.md HACKING.md NEWS m4/*.m4 .ci/run 2>/dev/null
} | sort | xargs awk '
function complain(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1 }

# Scripts have their interpreter in line 1.
FNR == 1 { licensed = FILENAME ~ /\.md$|NEWS$/; script = /^#!/ }
/SPDX-License-Identifier: MIT/ { licensed = 1 }
FNR == (script ? 2 : 1) && !licensed { complain("the SPDX line is missing") }

/\t/ && (FILENAME != "Makefile.am" || !/^\t[^\t]*$/) { complain("a tab") }
/[ \t\r]$/ { complain("blanks at the end of the line") }
/(^|[^A-Za-z0-9_.$}\/])\/(home|root|Users|mnt|work|workspace)\/[A-Za-z0-9]/ {
    complain("a path of this machine")
}
END { exit bad }
' || exit 1
