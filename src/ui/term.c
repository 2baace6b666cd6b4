/* SPDX-License-Identifier: MIT */
#include "ui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "ui/keys.h"
#include "ui/term_palette.h"

/* Milliseconds to wait whether an escape begins a longer key. */
#define ESCAPE_DELAY 25

/* There is one terminal. */
static struct {
    bool open;
    bool utf8;
    FILE *input;          /* standard input, or /dev/tty if that is no terminal */
    SCREEN *screen;
    struct palette palette;
    struct cells *shown;  /* what is on the screen; NULL: unknown */
    /* For term_abandon. */
    volatile bool raw;
    struct termios saved;
    char restore[256];
    size_t restore_length;
} term;

/* The strings that end what curses began; padding, which no terminal has needed for long, is not
 * obeyed. */
static void remember_restore(void)
{
    static const char *const names[] = { "sgr0", "cnorm", "rmkx", "rmcup" };
    term.restore_length = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *string = tigetstr(names[i]);
        if (!string || string == (char *)-1)
            continue;
        size_t length = strcspn(string, "$");
        if (term.restore_length + length > sizeof term.restore)
            continue;
        memcpy(term.restore + term.restore_length, string, length);
        term.restore_length += length;
    }
}

static bool usable(struct error *error)
{
    if (!isatty(STDOUT_FILENO))
        return error_set(error, ERROR_USAGE, "standard output is not a terminal: "
                         "`roundoff stats MODEL` and `roundoff plot MODEL TENSOR` need none");
    const char *name = getenv("TERM");
    int status;
    if (!name || !*name || setupterm(NULL, STDOUT_FILENO, &status) != OK)
        return error_set(error, ERROR_USAGE, "the terminal type \"%.40s\" is not known: set TERM, "
                         "or use `roundoff stats` and `roundoff plot`", name ? name : "");
    const char *move = tigetstr("cup");
    bool can_move = move && move != (char *)-1;
    if (!can_move)
        return error_set(error, ERROR_USAGE, "this terminal (TERM=%.40s) cannot move its cursor: "
                         "use `roundoff stats MODEL` and `roundoff plot MODEL TENSOR`", name);
    return true;
}

static FILE *open_input(void)
{
    return isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "r");
}

bool term_open(bool colour, struct error *error)
{
    if (!usable(error))
        return false;
    term.input = open_input();
    if (!term.input)
        return error_set(error, ERROR_USAGE, "there is no terminal to read keys from");
    tcgetattr(fileno(term.input), &term.saved);
    term.screen = newterm(NULL, stdout, term.input);
    if (!term.screen)
        return error_set(error, ERROR_SYSTEM, "cannot take over the terminal");
    remember_restore();
    term.open = term.raw = true;
    term.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    mem_on_panic(term_close);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(ESCAPE_DELAY);
    curs_set(0);
    leaveok(stdscr, TRUE);
    palette_init(&term.palette, colour);
    term_forget();
    return true;
}

void term_close(void)
{
    if (!term.open)
        return;
    term.open = term.raw = false;
    mem_on_panic(NULL);
    endwin();
    delscreen(term.screen);
    cells_free(term.shown);
    term.shown = NULL;
    if (term.input != stdin)
        fclose(term.input);
}

void term_abandon(void)
{
    if (!term.raw)
        return;
    term.raw = false;
    ssize_t written = write(STDOUT_FILENO, term.restore, term.restore_length);
    (void)written;
    tcsetattr(fileno(term.input), TCSANOW, &term.saved);
}

int term_descriptor(void)
{
    return fileno(term.input);
}

static int special_key(wint_t code)
{
    static const struct { wint_t code; int key; } keys[] = {
        { KEY_UP, KEY_CURSOR_UP }, { KEY_DOWN, KEY_CURSOR_DOWN }, { KEY_LEFT, KEY_CURSOR_LEFT },
        { KEY_RIGHT, KEY_CURSOR_RIGHT }, { KEY_PPAGE, KEY_PAGE_UP }, { KEY_NPAGE, KEY_PAGE_DOWN },
        { KEY_HOME, KEY_FIRST }, { KEY_END, KEY_LAST }, { KEY_BACKSPACE, KEY_RUBOUT },
        { KEY_DC, KEY_DELETE_CHARACTER }, { KEY_ENTER, KEY_ENTER_CODE },
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].code == code)
            return keys[i].key;
    if (code > KEY_F0 && code <= KEY_F0 + 12)
        return KEY_FUNCTION + (int)(code - KEY_F0);
    return KEY_NONE;
}

int term_key(void)
{
    for (;;) {
        wint_t code;
        int status = get_wch(&code);
        if (status == ERR)
            return KEY_NONE;
        int key = status == KEY_CODE_YES ? special_key(code) : (int)code;
        if (key == 0x7f || key == '\b')
            key = KEY_RUBOUT;
        if (key == '\n')
            key = KEY_ENTER_CODE;
        if (key != KEY_NONE)
            return key;
    }
}

void term_size(int *width, int *height)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0 &&
        (size.ws_col != COLS || size.ws_row != LINES)) {
        resizeterm(size.ws_row, size.ws_col);
        term_forget();
    }
    *width = COLS;
    *height = LINES;
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
    return a->point == b->point && a->combining == b->combining && a->style == b->style &&
           a->reverse == b->reverse && a->filled == b->filled;
}

static void show_cell(int x, int y, const struct cell *cell)
{
    uint32_t point = term.utf8 || cell->point < 0x80 ? cell->point : '?';
    wchar_t text[3] = { (wchar_t)point, term.utf8 ? (wchar_t)cell->combining : 0, 0 };
    attr_t attributes = term.palette.attribute[cell->style] | (cell->reverse ? A_REVERSE : 0);
    int pair = cell->filled ? term.palette.filled[cell->style] : term.palette.pair[cell->style];
    cchar_t out;
    setcchar(&out, text, attributes, (short)pair, NULL);
    mvadd_wch(y, x, &out);
}

void term_show(const struct cells *cells)
{
    const struct cells *shown = term.shown;
    bool known = shown && shown->width == cells->width && shown->height == cells->height;
    for (int y = 0; y < cells->height; y++)
        for (int x = 0; x < cells->width; x++) {
            const struct cell *cell = &cells->cell[(size_t)y * cells->width + x];
            size_t at = (size_t)y * cells->width + x;
            bool right_half = cell->point == 0;
            if (!right_half && !(known && same_cell(cell, &shown->cell[at])))
                show_cell(x, y, cell);
        }
    refresh();
    if (!known) {
        cells_free(term.shown);
        term.shown = cells_new(cells->width, cells->height);
    }
    memcpy(term.shown->cell, cells->cell,
           (size_t)cells->width * cells->height * sizeof *cells->cell);
}

void term_forget(void)
{
    cells_free(term.shown);
    term.shown = NULL;
    clearok(stdscr, TRUE);
}

void term_leave(void)
{
    endwin();
    term.raw = false;
}

void term_return(void)
{
    term.raw = true;
    term_forget();
    refresh();
}
