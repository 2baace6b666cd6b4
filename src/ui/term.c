/* SPDX-License-Identifier: MIT */
#include "ui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <signal.h>
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
    FILE *input; /* standard input, or /dev/tty if that is no terminal */
    SCREEN *screen;
    struct palette palette;
    struct cells *shown; /* what is on the screen; NULL: unknown */
    /* For term_abandon. */
    volatile sig_atomic_t raw;
    int descriptor; /* of input */
    struct termios saved;
    char restore[256];
    size_t restore_length;
} term;

/* The strings that end what curses began; padding, which no terminal has needed for long, is not
 * obeyed. */
static void remember_restore(void)
{
    static const char *const names[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
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
        return error_set(error, ERROR_USAGE,
                         "standard output is not a terminal: "
                         "`roundoff stats MODEL` and `roundoff plot MODEL TENSOR` need none");
    const char *name = getenv("TERM");
    int status;
    if (!name || !*name || setupterm(NULL, STDOUT_FILENO, &status) != OK)
        return error_set(error, ERROR_USAGE,
                         "the terminal type \"%.40s\" is not known: set TERM, "
                         "or use `roundoff stats` and `roundoff plot`",
                         name ? name : "");
    const char *move = tigetstr("cup");
    bool can_move = move && move != (char *)-1;
    del_curterm(cur_term); /* newterm reads a description of its own */
    if (!can_move)
        return error_set(error, ERROR_USAGE,
                         "this terminal (TERM=%.40s) cannot move its cursor: "
                         "use `roundoff stats MODEL` and `roundoff plot MODEL TENSOR`",
                         name);
    return true;
}

static FILE *open_input(void)
{
    return isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "r");
}

static void close_input(void)
{
    if (term.input != stdin)
        fclose(term.input);
}

bool term_open(bool colour, struct error *error)
{
    if (!usable(error))
        return false;
    term.input = open_input();
    if (!term.input)
        return error_set(error, ERROR_USAGE, "there is no terminal to read keys from");
    term.descriptor = fileno(term.input);
    tcgetattr(term.descriptor, &term.saved);
    term.screen = newterm(NULL, stdout, term.input);
    if (!term.screen) {
        close_input();
        return error_set(error, ERROR_SYSTEM, "cannot take over the terminal");
    }
    remember_restore();
    term.open = true;
    term.raw = 1;
    term.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    mem_on_panic(term_abandon); /* a worker may panic while a frame is being drawn */
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
    term.open = false;
    term.raw = 0;
    mem_on_panic(NULL);
    endwin();
    delscreen(term.screen);
    cells_free(term.shown);
    term.shown = NULL;
    close_input();
}

void term_abandon(void)
{
    if (!term.raw)
        return;
    term.raw = 0;
    ssize_t written = write(STDOUT_FILENO, term.restore, term.restore_length);
    (void)written;
    tcsetattr(term.descriptor, TCSANOW, &term.saved);
}

int term_descriptor(void)
{
    return term.descriptor;
}

static int special_key(wint_t code)
{
    static const struct {
        wint_t code;
        int key;
    } keys[] = {
        {KEY_UP, KEY_CURSOR_UP},        {KEY_DOWN, KEY_CURSOR_DOWN}, {KEY_LEFT, KEY_CURSOR_LEFT},
        {KEY_RIGHT, KEY_CURSOR_RIGHT},  {KEY_PPAGE, KEY_PAGE_UP},    {KEY_NPAGE, KEY_PAGE_DOWN},
        {KEY_HOME, KEY_FIRST},          {KEY_END, KEY_LAST},         {KEY_BACKSPACE, KEY_RUBOUT},
        {KEY_DC, KEY_DELETE_CHARACTER}, {KEY_ENTER, KEY_ENTER_CODE},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].code == code)
            return keys[i].key;
    if (code > KEY_F0 && code <= KEY_F0 + 12)
        return KEY_FUNCTION + (int)(code - KEY_F0);
    return KEY_NONE;
}

/* After an escape: reads the rest of a key that the terminal's description does not know, such as
 * "[1;5A" for control and an arrow, whose characters would act as keys of their own.  True if
 * there was one; false if it was the escape key. */
static bool skip_sequence(void)
{
    wint_t code;
    int status = get_wch(&code);
    if (status == KEY_CODE_YES)
        ungetch((int)code);
    else if (status == OK && code != '[' && code != 'O')
        unget_wch((wchar_t)code);
    if (status != OK || (code != '[' && code != 'O'))
        return false;
    /* Parameters lie below '@', and the character that ends the sequence does not. */
    while (get_wch(&code) == OK && code < '@')
        continue;
    return true;
}

int term_key(void)
{
    for (;;) {
        wint_t code;
        int status = get_wch(&code);
        if (status == ERR)
            return KEY_NONE;
        if (status == OK && code == KEY_ESCAPE && skip_sequence())
            continue;
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
    bool ascii = cell->point > 0 && cell->point < 0x80;
    uint32_t point = term.utf8 || ascii ? cell->point : '?';
    wchar_t text[3] = {(wchar_t)point, term.utf8 ? (wchar_t)cell->combining : 0, 0};
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
            /* A wide character covers its right half, but not so the '?' that stands for one. */
            bool covered = term.utf8 && cell->point == 0;
            if (!covered && !(known && same_cell(cell, &shown->cell[at])))
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
    term.raw = 0;
}

void term_return(void)
{
    term.raw = 1;
    term_forget();
    refresh();
}
