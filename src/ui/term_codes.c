/* SPDX-License-Identifier: MIT */
#include "ui/term_codes.h"

#include <string.h>

#include <curses.h>
#include <term.h>

static const char *string_of(const char *name)
{
    const char *string = tigetstr(name);
    return string == (const char *)-1 ? NULL : string;
}

/* Without the change of character set that many descriptions add: nothing here sets one. */
static const char *plain_of(const char *string)
{
    return string && strstr(string, "\033[m") ? "\033[m" : string;
}

static void read_colours(struct term_codes *codes)
{
    codes->foreground = string_of("setaf");
    codes->background = string_of("setab");
    codes->own_colours = string_of("op");
    const int colours = tigetnum("colors");
    codes->colours = codes->foreground && codes->background && colours >= 8 ? colours : 0;
    /* "AX": the terminal knows ECMA-48's codes for its own colours, one by one. */
    const bool apart = tigetflag("AX") > 0;
    codes->own_foreground = apart ? "\033[39m" : NULL;
    codes->own_background = apart ? "\033[49m" : NULL;
}

void term_codes_read(struct term_codes *codes, bool utf8)
{
    *codes = (struct term_codes){
        .move = string_of("cup"),
        .forward = string_of("cuf"),
        .erase = string_of("ech"),
        .clear = string_of("clear"),
        .reset = string_of("sgr0"),
        .plain = plain_of(string_of("sgr0")),
        .attribute = {string_of("bold"), string_of("dim"), string_of("smul"), string_of("rev")},
        .erases_coloured = tigetflag("bce") > 0,
        .wraps_at_once = tigetflag("am") > 0 && tigetflag("xenl") <= 0,
        .utf8 = utf8,
    };
    read_colours(codes);
}

/* Padding is "$<" to ">". */
void term_codes_put(struct text *out, const char *code)
{
    while (code && *code) {
        const char *padding = strstr(code, "$<"), *end = padding ? strchr(padding, '>') : NULL;
        if (!end) {
            text_puts(out, code);
            return;
        }
        text_add(out, code, (size_t)(padding - code));
        code = end + 1;
    }
}

void term_codes_put_one(struct text *out, const char *code, int parameter)
{
    if (code)
        term_codes_put(out, tiparm(code, parameter));
}

void term_codes_put_two(struct text *out, const char *code, int first, int second)
{
    if (code)
        term_codes_put(out, tiparm(code, first, second));
}
