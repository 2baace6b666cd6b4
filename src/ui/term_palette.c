/* SPDX-License-Identifier: MIT */
#include "ui/term_palette.h"

/* The eight colours in the order of ECMA-48. */
enum { RED = 1, GREEN, YELLOW, BLUE, MAGENTA, CYAN };

/* One row a style.  Foregrounds only, over the terminal's own background, chosen to be legible on
 * dark and on light ones and to differ in lightness as well as hue. */
/* clang-format off */
static const struct {
    int basic, indexed, direct;   /* of 8, of 256, 0xRRGGBB; -1 the terminal's own */
    unsigned attribute, mono;     /* with colours, and without */
} rows[STYLE_COUNT] = {
    [STYLE_TEXT]      = { -1, -1, -1, 0, 0 },
    [STYLE_DIM]       = { -1, 245, 0x8a8a8a, 0, LOOK_DIM },
    [STYLE_FRAME]     = { -1, 240, 0x585858, 0, LOOK_DIM },
    [STYLE_TITLE]     = { -1, -1, -1, LOOK_BOLD, LOOK_BOLD },
    [STYLE_AXIS]      = { -1, 246, 0x949494, 0, LOOK_DIM },
    [STYLE_DATA]      = { BLUE, 24, 0x005f87, 0, 0 },
    [STYLE_POINT]     = { CYAN, 74, 0x5fafd7, 0, 0 },
    [STYLE_THEORY]    = { YELLOW, 208, 0xf08c28, 0, LOOK_BOLD },
    [STYLE_REFERENCE] = { -1, -1, -1, 0, 0 },
    [STYLE_MARK]      = { MAGENTA, 176, 0xd787d7, 0, LOOK_BOLD },
    [STYLE_VALUE]     = { -1, -1, -1, 0, 0 },
    [STYLE_GOOD]      = { GREEN, 71, 0x5faf5f, 0, 0 },
    [STYLE_WARN]      = { YELLOW, 172, 0xd78700, LOOK_BOLD, LOOK_BOLD },
    [STYLE_BAD]       = { RED, 167, 0xd75f5f, LOOK_BOLD, LOOK_BOLD | LOOK_UNDERLINE },
    [STYLE_KEY]       = { CYAN, 73, 0x5fafaf, LOOK_BOLD, LOOK_BOLD },
};
/* clang-format on */

/* A terminal of direct colours says so by their number: then a colour is its RGB. */
static int choose(enum style row, int colours)
{
    if (colours < 8)
        return -1;
    return colours >= 1 << 24 ? rows[row].direct
           : colours >= 256   ? rows[row].indexed
                              : rows[row].basic;
}

void palette_init(struct palette *palette, int colours)
{
    for (int i = 0; i < STYLE_COUNT; i++)
        palette->look[i] = (struct look){colours < 8 ? rows[i].mono : rows[i].attribute,
                                         choose((enum style)i, colours), -1};
    palette->fill = choose(STYLE_DATA, colours);
}
