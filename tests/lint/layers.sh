#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Includes point down only, and the dangerous headers and calls stay in the files made for them.

cd "${srcdir:-.}/src" || exit 1

find . -name '*.[ch]' | sed 's|^\./||' | sort | xargs awk '
function allow(layer, layers,    n, i, name) {
    n = split(layer " " layers, name, " ")
    for (i = 1; i <= n; i++)
        allowed[layer, name[i]] = 1
    known[layer] = 1
}
function complain(text) {
    printf "src/%s:%d: %s\n", FILENAME, FNR, text
    bad = 1
}
BEGIN {
    allow("base",   "")
    allow("model",  "base")
    allow("stats",  "base")
    allow("quant",  "stats base")
    allow("linear", "quant stats base")
    allow("engine", "linear quant stats model base")
    allow("plot",   "base")
    allow("ui",     "engine plot linear quant stats model base")
    allow("app",    "ui engine plot linear quant stats model base")
}
FNR == 1 {
    layer = FILENAME
    sub(/\/.*/, "", layer)
    if (!(layer in known))
        complain(layer "/ is not a layer")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    used = $0
    gsub(/^[^"]*"|".*/, "", used)
    if (!sub(/\/.*/, "", used))
        complain("project headers are included by layer: \"layer/file.h\"")
    else if (!((layer, used) in allowed))
        complain(layer "/ may not include " used "/")
}
/^[ \t]*#[ \t]*include[ \t]*<(n?curses|ncursesw\/|term|panel)/ && FILENAME !~ /^ui\/term/ {
    complain("only ui/term*.c may know curses")
}
/^[ \t]*#[ \t]*include[ \t]*<(pthread|threads)\.h>/ &&
    FILENAME !~ /^engine\// && FILENAME !~ /^model\/(mapping|inflated|pieces)\.c$/ {
    complain("only engine/ may know threads (and in model/ the guard and the shared decoder)")
}
/^[ \t]*#[ \t]*include[ \t]*<sys\/mman\.h>/ &&
    FILENAME != "model/mapping.c" && FILENAME != "engine/record_store.c" {
    complain("only model/mapping.c may map files, and engine/record_store.c one of its own")
}
# Below ui/ nothing opens files but the mapping, and nothing reads folders but model/directory.c.
layer !~ /^(ui|app)$/ && /(^|[^A-Za-z0-9_])(open|openat|fopen|freopen|creat)\(/ &&
    FILENAME != "model/mapping.c" && !/^[ \t]*(\*|\/\*|\/\/)/ {
    complain("only model/mapping.c may open files")
}
layer !~ /^(ui|app)$/ && /(^|[^A-Za-z0-9_])(opendir|fdopendir|scandir|glob|nftw)\(/ &&
    FILENAME != "model/directory.c" && !/^[ \t]*(\*|\/\*|\/\/)/ {
    complain("only model/directory.c may read folders")
}
END { exit bad }
' || exit 1
