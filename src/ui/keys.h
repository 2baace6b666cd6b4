/* SPDX-License-Identifier: MIT
 *
 * Keys as numbers: a character is its code point, everything else lies above Unicode.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include "base/text.h"

enum key {
    KEY_TAB_CODE = '\t',
    KEY_ENTER_CODE = '\r',
    KEY_ESCAPE = 0x1b,
    KEY_SPECIAL = 0x110000, /* first of the special ones */
    KEY_CURSOR_UP,
    KEY_CURSOR_DOWN,
    KEY_CURSOR_LEFT,
    KEY_CURSOR_RIGHT,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_FIRST,
    KEY_LAST,
    KEY_RUBOUT,
    KEY_DELETE_CHARACTER,
    KEY_FUNCTION, /* KEY_FUNCTION + n is Fn */
    KEY_NONE = 0x120000,
};

/* The control character of a letter. */
#define KEY_CONTROL(letter) ((letter) & 0x1f)

/* The key of that name: a single character, or Up, Down, Left, Right, PgUp, PgDn, Home, End, Tab,
 * Enter, Esc, Space, BS, Del, F1 .. F12, C-x; KEY_NONE if there is none. */
int key_of_name(const char *name);

/* Appends a key's name as the help writes it; arrows as arrows unless ascii. */
void key_name_add(struct text *out, int key, int ascii);

/* The row of a list of `rows`, `page` of them on the screen, that a key for moving leads to from
 * `row`: arrows, j and k, pages and halves of them, g and G.  Not clamped; row itself for any other
 * key. */
long keys_row(int key, long row, long rows, int page);

#endif
