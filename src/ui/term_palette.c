/* SPDX-License-Identifier: MIT */
#include "ui/term_palette.h"

/* One row a style.  Foregrounds only, over the terminal's own background, chosen to be legible on
 * dark and on light ones and to differ in lightness as well as hue. */
/* clang-format off */
static const struct {
    int basic, indexed, direct; /* of 8, of 256, 0xRRGGBB; -1 the terminal's own */
    attr_t attribute, mono;     /* with colours, and without */
} rows[STYLE_COUNT] = {
    [STYLE_TEXT]      = { -1, -1, -1, 0, 0 },
    [STYLE_DIM]       = { -1, 245, 0x8a8a8a, 0, A_DIM },
    [STYLE_FRAME]     = { -1, 240, 0x585858, 0, A_DIM },
    [STYLE_TITLE]     = { -1, -1, -1, A_BOLD, A_BOLD },
    [STYLE_AXIS]      = { -1, 246, 0x949494, 0, A_DIM },
    [STYLE_DATA]      = { COLOR_BLUE, 24, 0x005f87, 0, 0 },
    [STYLE_POINT]     = { COLOR_CYAN, 74, 0x5fafd7, 0, 0 },
    [STYLE_THEORY]    = { COLOR_YELLOW, 208, 0xf08c28, A_BOLD, A_BOLD },
    [STYLE_REFERENCE] = { -1, -1, -1, 0, 0 },
    [STYLE_MARK]      = { COLOR_MAGENTA, 176, 0xd787d7, 0, A_BOLD },
    [STYLE_VALUE]     = { -1, -1, -1, 0, 0 },
    [STYLE_GOOD]      = { COLOR_GREEN, 71, 0x5faf5f, 0, 0 },
    [STYLE_WARN]      = { COLOR_YELLOW, 172, 0xd78700, A_BOLD, A_BOLD },
    [STYLE_BAD]       = { COLOR_RED, 167, 0xd75f5f, A_BOLD, A_BOLD | A_UNDERLINE },
    [STYLE_KEY]       = { COLOR_CYAN, 73, 0x5fafaf, A_BOLD, A_BOLD },
};
/* clang-format on */

static int choose(enum style row, bool direct)
{
    return direct ? rows[row].direct : COLORS >= 256 ? rows[row].indexed : rows[row].basic;
}

void palette_init(struct palette *palette, bool colour)
{
    colour = colour && has_colors() && start_color() == OK && use_default_colors() == OK;
    /* A terminal of direct colours says so by their number: then a colour is its RGB. */
    bool direct = colour && COLORS >= 1 << 24;
    for (int i = 0; i < STYLE_COUNT; i++) {
        palette->attribute[i] = colour ? rows[i].attribute : rows[i].mono;
        palette->pair[i] = palette->filled[i] = 0;
        if (!colour)
            continue;
        int foreground = choose((enum style)i, direct), fill = choose(STYLE_DATA, direct);
        if (foreground >= 0 && init_extended_pair(i + 1, foreground, -1) == OK)
            palette->pair[i] = i + 1;
        int over = STYLE_COUNT + i + 1;
        palette->filled[i] =
            init_extended_pair(over, foreground, fill) == OK ? over : palette->pair[i];
    }
}
