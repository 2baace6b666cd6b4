#!/bin/sh
# SPDX-License-Identifier: MIT
#
# No writable file-scope variable below ui/: run in the build folder, it reads the archives.  What
# is writable is judged by section: nm calls a const table of pointers writable, although it lies
# in .data.rel.ro and is read-only once the program runs.

command -v objdump >/dev/null || { echo "objdump is not installed"; exit 77; }
test -f libbase.a || { echo "nothing is built here"; exit 77; }
objdump -f libbase.a 2>/dev/null | grep -q 'file format elf' || { echo "not ELF"; exit 77; }

# The exceptions, object:variable, each with its reason:
#   the panic hook, set once by the screen so that a panic leaves the terminal as it was;
#   the guard against truncated files: a signal handler has no argument of ours to find it by.
exceptions='
mem.o:panic_hook
mapping.o:guard_exit
mapping.o:handler_once
'
status=0
for layer in base model stats quant linear engine plot; do
    test -f "lib$layer.a" || continue
    found=$(objdump -t "lib$layer.a" | awk -v layer="$layer" -v exceptions="$exceptions" '
        BEGIN {
            n = split(exceptions, name, "\n")
            for (i = 1; i <= n; i++)
                excepted[name[i]] = 1
        }
        /: +file format/ { object = $1; sub(/:$/, "", object) }
        # Columns: value, flags, section, size, name.  "d" marks a section, two leading underscores
        # or a dot what the compiler and the sanitizers add; .2 ends the name of a static local.
        / (\.t?(data|bss)[^ \t]*|\*COM\*)\t/ && !/\.data\.rel\.ro/ && !/ d / {
            variable = $NF
            sub(/\.[0-9]+$/, "", variable)
            if (variable ~ /^(__|\.)/ || ((object ":" variable) in excepted))
                next
            file = object
            sub(/\.o$/, ".c", file)
            printf "src/%s/%s:1: writable variable %s\n", layer, file, variable
        }')
    test -z "$found" || { echo "$found"; status=1; }
done
exit $status
