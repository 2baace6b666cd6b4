#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The command line: what is refused and how, and what help says.

. "${ROUNDOFF_TESTS:-tests}/cli/common.sh"

# Commands.
refuses 2 'unknown command "sttas"; did you mean stats\?$' sttas
refuses 2 'unknown command "frobnicate"; see roundoff --help$' frobnicate
refuses 2 'stats needs MODEL' stats
refuses 2 'channels needs MODEL TENSOR' channels "$bundled"
refuses 2 'unexpected operand "more"' channels "$bundled" a more
refuses 2 'unexpected operand "more"' theory --std 1 --step 1 more
# A file may be called as a command is.
refuses 3 './list: No such file' list ./list

# Options.
refuses 2 'unknown option "--bitz"; did you mean --bits\?$' stats --bitz 3 "$bundled"
refuses 2 'unknown option "--frobnicate"; see roundoff --help$' --frobnicate
refuses 2 'unknown option "-x"' -x
refuses 2 '--bits needs an argument' stats "$bundled" --bits
refuses 2 '--json takes no argument' stats --json=yes "$bundled"
refuses 2 '--view means nothing to list; see roundoff list --help$' list --view qq "$bundled"
refuses 2 '--std means nothing to stats' stats --std 1 "$bundled"

# Arguments of options: out of range, with something behind them, not a number, empty.
for bits in 0 17 -1 4x 1e1 '' ' 4' 99999999999999999999; do
    refuses 2 '--bits ".*": a whole number from 1 to 16' stats --bits "$bits" "$bundled"
done
for number in 0 -1 1x nan inf '' 1e999 ' 1' 1,5; do
    refuses 2 '--std ".*": a number above 0' theory --std "$number" --step 1
    refuses 2 '--step ".*": a number above 0' theory --std 1 --step "$number"
done
refuses 2 '--mean "x": a number' theory --mean x --std 1 --step 1
refuses 2 '--source "cauchy": .*gaussian' theory --source cauchy --std 1 --step 1
refuses 2 '--source "cauchy": gaussian, laplace, auto' stats --source cauchy "$bundled"
refuses 2 '--source means nothing to list' list --source auto "$bundled"
refuses 2 'theory needs --std and --step' theory --std 1
refuses 2 '--levels-each-side "-1"' theory --levels-each-side -1 --std 1 --step 1
for size in 80 x24 0x24 80x0 80x24x2 99999x2 80x24y; do
    refuses 2 '--size ".*": columns x lines' plot --size "$size" "$bundled" lm_head.weight
done
refuses 2 '--view "map": one of error, weights' plot --view map "$bundled" lm_head.weight
for rule in sigma sigma:0 sigma:x range:3; do
    refuses 2 '--outliers ".*": outliers begin at' plot --outliers $rule "$bundled" lm_head.weight
done
refuses 2 '--glyphs "runes"' plot --glyphs runes "$bundled" lm_head.weight
refuses 2 '--color "red"' plot --color red "$bundled" lm_head.weight
refuses 2 '--threads "0"' stats -j 0 "$bundled"
refuses 2 '--clip ".*": ' stats --clip tight "$bundled"

# The quantizer's options, each by itself and together.
refuses 2 '--scheme "nf9": no levels are called "nf9"; there are uniform, .* and q8_0$' \
    stats --scheme nf9 "$bundled"
refuses 2 '--scheme "nf:9": nf takes 2 to 8 bits, not 9$' stats --scheme nf:9 "$bundled"
refuses 2 '--scheme "nf4:laplace": ' stats --scheme nf4:laplace "$bundled"
for granularity in row group: group:0 group:x group:64x64 block:64 block:64x channel:2 ''; do
    refuses 2 '--granularity ".*": no granularity' stats --granularity "$granularity" "$bundled"
done
refuses 2 '--correct "all": none, mean, norm or both' stats --correct all "$bundled"
refuses 2 'nf4 has 4 bits, not 3$' stats --scheme nf4 --bits 3 "$bundled"
refuses 2 'nf4 has 4 bits, not 3$' plot --bits 3 --scheme nf4 "$bundled" lm_head.weight
refuses 2 'mxfp4 has 4 bits, not 5$' --bits 5 --scheme mxfp4 "$bundled"
refuses 2 'apot takes 3 to 6 bits, not 7$' stats --scheme apot --bits 7 "$bundled"
refuses 2 'only uniform levels can be asymmetric$' stats --asymmetric --scheme nf4 "$bundled"
refuses 2 'only uniform levels can have the full range$' \
    stats --full-range --scheme q4_0 "$bundled"
refuses 2 'the full range is that of a symmetric grid' \
    stats --full-range --asymmetric "$bundled"
refuses 2 '--granularity means nothing to list' list --granularity tensor "$bundled"
refuses 2 '--asymmetric takes no argument' stats --asymmetric=yes "$bundled"

# setting NAME VALUE ARGUMENT...: what "settings" says of it.
setting() {
    name=$1 value=$2
    shift 2
    runs 0 stats --json --tensor '*.norm.weight' "$@" "$bundled"
    prints "^    \"$name\": $value,\$" "$*"
}
setting scheme '"uniform"'
setting bits 4
setting granularity '"channel"'
setting correction '"none"'
setting asymmetric false
setting scheme '"nf:4"' --scheme nf4
setting bits 8 --scheme fp8-e4m3
setting bits 5 --bits 5 --scheme nf
setting scheme '"lloyd-max:laplace"' --scheme lloyd-max:laplace
setting granularity '"group:64"' --granularity group:64
setting granularity '"group:128"' --granularity group
setting granularity '"block:128x64"' --granularity block:128x64
setting granularity '"tensor"' --granularity tensor
# A block format has its own.
setting granularity '"group:16"' --scheme nvfp4 --granularity tensor
setting asymmetric true --asymmetric
setting full_range true --full-range
setting correction '"both"' --correct both
# One of a name counts: the last.
setting scheme '"apot"' --scheme nf4 --scheme apot
setting bits 4 --scheme fp8-e4m3 --scheme mxfp4
refuses 2 '--transform ".*": ' stats --transform fourier "$bundled"
for axis in 2 -1 x ''; do
    refuses 2 '--channel-axis ".*": a whole number from 0 to 1' stats --channel-axis "$axis" "$bundled"
done
refuses 2 '--void-as "f32": bf16, f16, f8_e4m3 or f8_e5m2' list --void-as f32 "$bundled"
refuses 2 '--void-as means nothing to theory' theory --void-as bf16 --std 1 --step 1
refuses 2 '--scaled means nothing to list' list --scaled "$bundled"
refuses 2 '--scaled takes no argument' stats --scaled=yes "$bundled"
refuses 2 '--metadata means nothing to stats' stats --metadata "$bundled"
refuses 2 'no lesson is called "nothing"; there are 01-area' lab nothing
refuses 2 '.*is not a terminal' lab 1
# What is quoted cannot harm a terminal.
refuses 2 'unknown option "--\\u\{1B\}\[31m"' "--$(printf '\033')[31m"

# Tensors.
refuses 2 'no tensor .*--tensor' stats --tensor nothing "$bundled"
refuses 2 'no tensor .*--tensor' list --tensor nothing "$bundled"
refuses 2 'no tensor "nothing"' channels "$bundled" nothing
refuses 2 '"up_proj.weight" matches 3 tensors' channels "$bundled" up_proj.weight
refuses 2 '.*has channels 0 to 343, not 344' channels --channel 344 "$bundled" 0.mlp.up_proj.weight
refuses 2 '.*has channels 0 to 127, not 128' channels --channel-axis 1 --channel 128 "$bundled" \
    0.mlp.up_proj.weight
refuses 2 'plot needs MODEL TENSOR: tiny-llama.safetensors has 30 tensors' plot "$bundled"

# Options may stand anywhere, even before the command; two dashes end them.
runs 0 --bits 3 stats "$bundled" --tsv
"$ROUNDOFF" stats --tsv --bits=3 -- "$bundled" | cmp -s - "$folder/out" || fail "place of options"

# Help and version: on standard output, whatever else is said.
runs 0 --help
test "$(wc -l <"$folder/out")" -le 24 || fail "--help is longer than 24 lines"
for command in list stats channels theory codebook plot replay; do
    runs 0 --help
    prints "^  $command " --help
    runs 0 "$command" -h
    prints "^Usage: roundoff $command" "$command --help"
    prints '^Example:' "$command --help"
    awk 'length($0) > 80 { exit 1 }' "$folder/out" || fail "$command --help is wider than 80"
done
runs 0 -V
prints '^roundoff [0-9u]' --version
runs 0 stats --version

finish
