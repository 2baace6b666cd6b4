#!/bin/sh
# SPDX-License-Identifier: MIT
#
# HACKING.md's map has one line for each file of src/ and names no other file; the build knows all
# of them and all unit tests, fuzz targets and scripts: what is not listed would never be built or
# run.  A map line reads "- `layer/name.c` ..."; `layer/name.[ch]` stands for both files.

cd "${srcdir:-.}" || exit 1

{
    find src -name '*.[ch]' | sed 's|^|file |'
    find tests/unit tests/fuzz tests/golden -name '*.c' | sed 's|^|test |'
    find tests/lint tests/cli tests/frames tests/tui tests/unit -name '*.sh' | sed 's|^|test |'
} | LC_ALL=C sort | awk '
function complain(place, text) { print place ": " text; bad = 1 }

FILENAME == "-" && $1 == "file" { real[$2] = 1; next }
FILENAME == "-" { test[$2] = 1; next }

FILENAME == "HACKING.md" && /^## / { on_map = $2 == "Map" }
on_map && match($0, /^- `[a-z]+\/[^`]+`/) {
    name = "src/" substr($0, 4, RLENGTH - 4)
    n = split(sub(/\.\[ch\]$/, "", name) ? name ".c " name ".h" : name, names, " ")
    for (i = 1; i <= n; i++) {
        if (names[i] in mapped)
            complain("HACKING.md:" FNR, names[i] " is on the map twice")
        if (!(names[i] in real))
            complain("HACKING.md:" FNR, names[i] " does not exist")
        mapped[names[i]] = 1
    }
}
# A unit test or replay is known to the build by its program, which has no suffix.
FILENAME == "Makefile.am" && !/^#/ {
    for (i = 1; i <= NF; i++) {
        listed[$i] = 1
        listed[$i ".c"] = 1
    }
}
END {
    for (name in real) {
        if (!(name in mapped))
            complain(name ":1", "not on the map of HACKING.md")
        if (!(name in listed))
            complain(name ":1", "not in Makefile.am")
    }
    for (name in test)
        if (!(name in listed))
            complain(name ":1", "not in Makefile.am")
    exit bad
}' - HACKING.md Makefile.am
