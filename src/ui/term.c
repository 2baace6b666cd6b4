/* SPDX-License-Identifier: MIT */
#include "ui/term.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "ui/keys.h"
#include "ui/term_codes.h"
#include "ui/term_diff.h"
#include "ui/term_palette.h"

/* Milliseconds to wait whether an escape begins a longer key. */
#define ESCAPE_DELAY 25

/* Milliseconds to wait for an answer of the terminal before giving it back. */
#define ANSWER_PATIENCE 50

/* Marks around what is to be shown at once. */
#define SYNCHRONIZE_BEGIN "\033[?2026h"
#define SYNCHRONIZE_END   "\033[?2026l"

/* There is one terminal. */
static struct {
    bool open;
    FILE *input; /* standard input, or /dev/tty if that is no terminal */
    SCREEN *screen;
    WINDOW *keyboard; /* a pad: reading keys from a window would have curses draw it */
    struct term_codes codes;
    struct palette palette;
    bool synchronizes;   /* shows what lies between two marks at once */
    bool asked;          /* whether it does, and has not answered */
    time_t asked_at;
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

/* Asks a terminal of xterm's family ("XT"), which passes over questions that it does not know.  The
 * answer comes among the keys. */
static void ask_synchronization(void)
{
    static const char question[] = "\033[?2026$p";
    term.synchronizes = false;
    term.asked = tigetflag("XT") > 0 &&
                 write(STDOUT_FILENO, question, sizeof question - 1) > 0;
    term.asked_at = time(NULL);
}

/* Who quits at once must not find the answer on the command line. */
static void await_answer(void)
{
    struct pollfd input = {term.descriptor, POLLIN, 0};
    if (term.asked && time(NULL) - term.asked_at <= 1 && poll(&input, 1, ANSWER_PATIENCE) > 0)
        tcflush(term.descriptor, TCIFLUSH);
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
    term_codes_read(&term.codes, strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
    palette_init(&term.palette, colour ? term.codes.colours : 0);
    mem_on_panic(term_abandon); /* a worker may panic while a frame is being drawn */
    cbreak();
    noecho();
    nonl();
    term.keyboard = newpad(1, 1);
    keypad(term.keyboard, TRUE);
    nodelay(term.keyboard, TRUE);
    set_escdelay(ESCAPE_DELAY);
    curs_set(0);
    ask_synchronization();
    return true;
}

/* Leaves the cursor in the last line of the terminal as it is now, of whose size curses knows only
 * what it was in the beginning. */
static void end_curses(void)
{
    int width, height;
    term_size(&width, &height);
    resize_term(height, width);
    endwin();
}

void term_close(void)
{
    if (!term.open)
        return;
    term.open = false;
    term.raw = 0;
    mem_on_panic(NULL);
    await_answer();
    delwin(term.keyboard);
    end_curses();
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

/* "?2026;N$y" answers that the terminal knows of synchronization, unless N is 0 or 4. */
static void take_answer(const char *sequence)
{
    if (strncmp(sequence, "?2026;", 6) != 0)
        return;
    term.asked = false;
    term.synchronizes = sequence[6] >= '1' && sequence[6] <= '3';
}

/* After an escape: reads the rest of a key that the terminal's description does not know, such as
 * "[1;5A" for control and an arrow, whose characters would act as keys of their own, or of an
 * answer.  True if there was one; false if it was the escape key. */
static bool skip_sequence(void)
{
    wint_t code;
    int status = wget_wch(term.keyboard, &code);
    if (status == KEY_CODE_YES)
        ungetch((int)code);
    else if (status == OK && code != '[' && code != 'O')
        unget_wch((wchar_t)code);
    if (status != OK || (code != '[' && code != 'O'))
        return false;
    /* Parameters lie below '@', and the character that ends the sequence does not. */
    char sequence[16] = "";
    for (size_t i = 0; wget_wch(term.keyboard, &code) == OK && code < '@'; i++)
        if (i + 1 < sizeof sequence)
            sequence[i] = (char)code;
    take_answer(sequence);
    return true;
}

int term_key(void)
{
    for (;;) {
        wint_t code;
        int status = wget_wch(term.keyboard, &code);
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
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
                       size.ws_row > 0;
    *width = known ? size.ws_col : COLS;
    *height = known ? size.ws_row : LINES;
}

/* Writes all of it, at the speed that the terminal takes it. */
static void send(const struct text *out)
{
    for (size_t done = 0; done < out->length;) {
        const ssize_t written = write(STDOUT_FILENO, out->data + done, out->length - done);
        if (written > 0)
            done += (size_t)written;
        else if (written < 0 && errno == EAGAIN)
            poll(&(struct pollfd){STDOUT_FILENO, POLLOUT, 0}, 1, -1);
        else if (written < 0 && errno != EINTR)
            return; /* the terminal is gone, which its input will tell */
    }
}

void term_show(const struct cells *cells)
{
    struct cells *shown = term.shown;
    const bool known = shown && shown->width == cells->width && shown->height == cells->height;
    struct text frame = {0};
    if (term.synchronizes)
        text_puts(&frame, SYNCHRONIZE_BEGIN);
    const size_t empty = frame.length;
    term_diff(&term.codes, &term.palette, known ? shown : NULL, cells, &frame);
    if (frame.length > empty) {
        if (term.synchronizes)
            text_puts(&frame, SYNCHRONIZE_END);
        send(&frame);
    }
    text_done(&frame);
    if (!known) {
        cells_free(shown);
        term.shown = cells_new(cells->width, cells->height);
    }
    cells_copy(term.shown, cells);
}

int term_backlog(void)
{
    int bytes = 0;
    return ioctl(STDOUT_FILENO, TIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

void term_forget(void)
{
    cells_free(term.shown);
    term.shown = NULL;
}

void term_leave(void)
{
    end_curses();
    term.raw = 0;
}

void term_return(void)
{
    term.raw = 1;
    refresh(); /* curses takes the terminal as it began with it, and clears it */
    term_forget();
}
