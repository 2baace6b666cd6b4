/* SPDX-License-Identifier: MIT
 *
 * What term_diff sends is obeyed by a small terminal of xterm's kind, whose screen must then look
 * like the frame; and its bytes are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/term_diff.h"

#define WIDTH  120
#define HEIGHT 36

/* The codes of xterm-256color, as terminfo has them. */
static const struct term_codes xterm = {
    .move = "\033[%i%p1%d;%p2%dH",
    .forward = "\033[%p1%dC",
    .erase = "\033[%p1%dX",
    .clear = "\033[H\033[2J",
    .reset = "\033[m",
    .plain = "\033[m",
    .attribute = {"\033[1m", "\033[2m", "\033[4m", "\033[7m"},
    .foreground = "\033[%?%p1%{8}%<%t3%p1%d%e%p1%{16}%<%t9%p1%{8}%-%d%e38;5;%p1%d%;m",
    .background = "\033[%?%p1%{8}%<%t4%p1%d%e%p1%{16}%<%t10%p1%{8}%-%d%e48;5;%p1%d%;m",
    .own_colours = "\033[39;49m",
    .own_foreground = "\033[39m",
    .own_background = "\033[49m",
    .colours = 256,
    .erases_coloured = true,
    .utf8 = true,
};

/* ---- a terminal ---- */

struct place {
    uint32_t point, combining;
    struct look look;
};

struct terminal {
    struct place place[HEIGHT][WIDTH];
    struct look pen;
    int x, y;
};

static const struct look plain = {0, -1, -1};

static void erase(struct terminal *terminal, int x, int y, int n)
{
    for (int i = x; i < x + n && i < WIDTH; i++)
        terminal->place[y][i] = (struct place){' ', 0, {0, -1, terminal->pen.background}};
}

static void clear(struct terminal *terminal)
{
    for (int y = 0; y < HEIGHT; y++)
        erase(terminal, 0, y, WIDTH);
}

static void set_graphics(struct look *pen, const int p[], int n)
{
    for (int i = 0; i < n; i++) {
        if (p[i] == 0)
            *pen = plain;
        else if (p[i] == 1 || p[i] == 2)
            pen->attributes |= p[i] == 1 ? LOOK_BOLD : LOOK_DIM;
        else if (p[i] == 4 || p[i] == 7)
            pen->attributes |= p[i] == 4 ? LOOK_UNDERLINE : LOOK_REVERSE;
        else if (p[i] >= 30 && p[i] < 38)
            pen->foreground = p[i] - 30;
        else if (p[i] == 39)
            pen->foreground = -1;
        else if (p[i] == 49)
            pen->background = -1;
        else if (p[i] == 38 && i + 2 < n)
            pen->foreground = p[i += 2];
        else if (p[i] == 48 && i + 2 < n)
            pen->background = p[i += 2];
        else
            fail_msg("graphics %d", p[i]);
    }
}

/* Obeys one command behind "\033["; returns where it ends. */
static const char *obey(struct terminal *terminal, const char *at)
{
    int p[16] = {0}, n = 0;
    for (;; at++) {
        p[n] = (int)strtol(at, (char **)&at, 10);
        n++;
        assert_true(n < 16);
        if (*at != ';')
            break;
    }
    switch (*at) {
    case 'H':
        terminal->y = p[0] > 0 ? p[0] - 1 : 0;
        terminal->x = n > 1 ? p[1] - 1 : 0;
        break;
    case 'C':
        terminal->x += p[0];
        break;
    case 'X':
        erase(terminal, terminal->x, terminal->y, p[0]);
        break;
    case 'J':
        clear(terminal);
        break;
    case 'm':
        set_graphics(&terminal->pen, p, n);
        break;
    default:
        fail_msg("command %c", *at);
    }
    return at + 1;
}

static void put(struct terminal *terminal, uint32_t point)
{
    const int columns = utf8_columns(point);
    if (columns == 0) {
        terminal->place[terminal->y][terminal->x - 1].combining = point;
        return;
    }
    assert_true(terminal->x + columns <= WIDTH && terminal->y < HEIGHT);
    struct place *place = &terminal->place[terminal->y][terminal->x];
    place[0] = (struct place){point, 0, terminal->pen};
    if (columns == 2)
        place[1] = (struct place){0, 0, terminal->pen};
    terminal->x += columns;
}

static void feed(struct terminal *terminal, const struct text *sent)
{
    const char *at = sent->length > 0 ? sent->data : "", *end = at + sent->length;
    while (at < end) {
        uint32_t point;
        if (at[0] == '\033') {
            assert_int_equal(at[1], '[');
            at = obey(terminal, at + 2);
            continue;
        }
        at += utf8_decode(at, (size_t)(end - at), &point);
        put(terminal, point);
    }
}

/* ---- frames ---- */

/* Whether a place looks like a cell. */
static void assert_looks_like(const struct place *place, const struct cell *cell,
                              const struct palette *palette)
{
    const struct look *look = &palette->look[cell->style];
    const int behind = cell->filled ? palette->fill : -1;
    const unsigned attributes = look->attributes | (cell->reverse ? LOOK_REVERSE : 0);
    if (cell->point == 0x2588 && place->point == ' ') {
        assert_int_equal(place->look.background, look->foreground);
        assert_false(place->look.attributes & LOOK_REVERSE);
        return;
    }
    assert_int_equal(place->point, cell->point);
    if (cell->point == 0)
        return; /* the right half of a wide character looks as the left one */
    assert_int_equal(place->combining, cell->combining);
    assert_int_equal(place->look.background, behind);
    const unsigned seen = cell->point == ' ' ? LOOK_REVERSE | LOOK_UNDERLINE : ~0u;
    assert_int_equal(place->look.attributes & seen, attributes & seen);
    if (cell->point != ' ' || cell->reverse)
        assert_int_equal(place->look.foreground, look->foreground);
}

static void assert_shows(const struct terminal *terminal, const struct cells *frame,
                         const struct palette *palette)
{
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++)
            assert_looks_like(&terminal->place[y][x],
                              &frame->cell[(size_t)y * (size_t)frame->width + (size_t)x], palette);
    assert_memory_equal(&terminal->pen, &plain, sizeof plain);
}

/* A cell of those that views draw. */
static void draw_something(struct cells *frame)
{
    const int x = rand() % WIDTH, y = rand() % HEIGHT;
    static const uint32_t points[] = {' ',    ' ',    'a',    '7',    0x2588,
                                      0x2588, 0x2585, 0x28ff, 0x2500, 0x6f22};
    const uint32_t point = points[(size_t)rand() % (sizeof points / sizeof *points)];
    const enum style style = (enum style)(rand() % STYLE_COUNT);
    if (rand() % 4 == 0)
        cells_put_over(frame, x, y, point, style);
    else
        cells_put(frame, x, y, point, point == 0x2588 ? STYLE_DATA : style);
    if (rand() % 50 == 0)
        cells_text(frame, x, y, 8, style, "e\xcc\x81t\xc3\xa9");
    if (rand() % 40 == 0)
        cells_reverse(frame, (struct rect){x, y, 12, 1});
    if (rand() % 20 == 0)
        cells_fill(frame, (struct rect){x, y, 30, 1}, rand() % 2 ? ' ' : 0x2588, STYLE_DATA);
}

/* ---- tests ---- */

static void test_any_frame_after_any_other(void **state)
{
    (void)state;
    srand(1);
    for (int colours = 0; colours <= 256; colours += 256) {
        struct palette palette;
        palette_init(&palette, colours);
        struct terminal terminal = {.pen = plain};
        struct cells *shown = cells_new(WIDTH, HEIGHT), *next = cells_new(WIDTH, HEIGHT);
        struct text sent = {0};
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 1 << rand() % 12; i++)
                draw_something(next);
            if (round % 20 == 0) /* another program has written */
                terminal.pen = (struct look){LOOK_UNDERLINE, 1, 4};
            text_clear(&sent);
            term_diff(&xterm, &palette, round % 20 ? shown : NULL, next, &sent);
            feed(&terminal, &sent);
            assert_shows(&terminal, next, &palette);
            cells_copy(shown, next);
        }
        text_done(&sent);
        cells_free(shown);
        cells_free(next);
    }
}

/* Bytes that turn one frame into the other. */
static size_t bytes_between(const struct cells *shown, const struct cells *next)
{
    struct palette palette;
    palette_init(&palette, 256);
    struct text sent = {0};
    term_diff(&xterm, &palette, shown, next, &sent);
    const size_t bytes = sent.length;
    text_done(&sent);
    return bytes;
}

static void test_nothing_for_nothing(void **state)
{
    (void)state;
    struct cells *a = cells_new(WIDTH, HEIGHT), *b = cells_new(WIDTH, HEIGHT);
    cells_text(a, 3, 3, 20, STYLE_KEY, "some words here");
    cells_text(b, 3, 3, 20, STYLE_KEY, "some words here");
    assert_int_equal(bytes_between(a, b), 0);
    /* Blanks of another style look the same, and a bar is what lies behind one. */
    cells_text(b, 40, 5, 3, STYLE_DIM, "   ");
    assert_int_equal(bytes_between(a, b), 0);
    cells_free(a);
    cells_free(b);
}

/* A list of 30 rows with three figures each, of which one is selected. */
static void draw_list(struct cells *frame, int selected)
{
    cells_clear(frame);
    for (int y = 2; y < 32; y++) {
        cells_printf(frame, 1, y, 40, STYLE_TEXT, "    layers.%d.mlp.down_proj", y);
        cells_printf(frame, 24, y, 30, STYLE_VALUE, "%7.1f %6.2f", 20.0 + y, 0.3);
        cells_text(frame, 38, y, 8, STYLE_WARN, "  6.5!");
    }
    cells_reverse(frame, (struct rect){1, selected, 43, 1});
}

static void test_a_row_down(void **state)
{
    (void)state;
    struct cells *a = cells_new(WIDTH, HEIGHT), *b = cells_new(WIDTH, HEIGHT);
    draw_list(a, 10);
    draw_list(b, 11);
    assert_in_range(bytes_between(a, b), 86, 200); /* 86 characters are sent */
    cells_free(a);
    cells_free(b);
}

static void test_bars(void **state)
{
    (void)state;
    struct cells *a = cells_new(WIDTH, HEIGHT), *b = cells_new(WIDTH, HEIGHT);
    cells_fill(b, (struct rect){50, 4, 60, 20}, 0x2588, STYLE_DATA);
    /* 1200 cells of three bytes each as characters. */
    assert_in_range(bytes_between(a, b), 20, 20 * 20);
    cells_free(a);
    cells_free(b);
}

static void test_the_last_cell_scrolls_no_terminal(void **state)
{
    (void)state;
    struct term_codes codes = xterm;
    struct palette palette;
    palette_init(&palette, 256);
    codes.wraps_at_once = true;
    struct cells *a = cells_new(WIDTH, HEIGHT), *b = cells_new(WIDTH, HEIGHT);
    struct text sent = {0};
    cells_put(b, WIDTH - 1, HEIGHT - 1, 'x', STYLE_TEXT);
    term_diff(&codes, &palette, a, b, &sent);
    assert_int_equal(sent.length, 0);
    text_done(&sent);
    cells_free(a);
    cells_free(b);
}

static void test_other_locales_get_ascii(void **state)
{
    (void)state;
    struct term_codes codes = xterm;
    struct palette palette;
    palette_init(&palette, 0);
    codes.utf8 = false;
    struct cells *a = cells_new(WIDTH, HEIGHT), *b = cells_new(WIDTH, HEIGHT);
    struct text sent = {0};
    cells_text(b, 0, 0, 20, STYLE_TEXT, "a\xe6\xbc\xa2z\xc3\xa9");
    term_diff(&codes, &palette, a, b, &sent);
    assert_string_equal(sent.data, "\033[1;1Ha??z?");
    text_done(&sent);
    cells_free(a);
    cells_free(b);
}

static void test_padding_is_not_sent(void **state)
{
    (void)state;
    struct text out = {0};
    term_codes_put(&out, "\033[7m$<2>x$<100/>$y");
    assert_string_equal(out.data, "\033[7mx$y");
    text_clear(&out);
    term_codes_put_two(&out, xterm.move, 0, 9);
    assert_string_equal(out.data, "\033[1;10H");
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_frame_after_any_other),
        cmocka_unit_test(test_nothing_for_nothing),
        cmocka_unit_test(test_a_row_down),
        cmocka_unit_test(test_bars),
        cmocka_unit_test(test_the_last_cell_scrolls_no_terminal),
        cmocka_unit_test(test_other_locales_get_ascii),
        cmocka_unit_test(test_padding_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
