/* SPDX-License-Identifier: MIT */
#include "ui/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* clang-format off */
static const struct {
    int key;
    const char *name, *sign; /* sign: how the help shows it where Unicode can be shown */
} names[] = {
    { KEY_CURSOR_UP, "Up", "↑" },
    { KEY_CURSOR_DOWN, "Down", "↓" },
    { KEY_CURSOR_LEFT, "Left", "←" },
    { KEY_CURSOR_RIGHT, "Right", "→" },
    { KEY_PAGE_UP, "PgUp", "PgUp" },
    { KEY_PAGE_DOWN, "PgDn", "PgDn" },
    { KEY_FIRST, "Home", "Home" },
    { KEY_LAST, "End", "End" },
    { KEY_TAB_CODE, "Tab", "Tab" },
    { KEY_ENTER_CODE, "Enter", "Enter" },
    { KEY_ESCAPE, "Esc", "Esc" },
    { ' ', "Space", "Space" },
    { KEY_RUBOUT, "BS", "BS" },
    { KEY_DELETE_CHARACTER, "Del", "Del" },
};
/* clang-format on */

int key_of_name(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i].name) == 0)
            return names[i].key;
    if (name[0] == 'C' && name[1] == '-' && name[2] && !name[3])
        return KEY_CONTROL(name[2]);
    if (name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
        long n = strtol(name + 1, NULL, 10);
        return n <= 12 ? KEY_FUNCTION + (int)n : KEY_NONE;
    }
    uint32_t point;
    size_t length = strlen(name), size = length ? utf8_decode(name, length, &point) : 0;
    return size > 0 && size == length ? (int)point : KEY_NONE;
}

long keys_row(int key, long row, long rows, int page)
{
    int step = page > 1 ? page - 1 : 1;
    switch (key) {
    case KEY_CURSOR_UP:
    case 'k':
        return row - 1;
    case KEY_CURSOR_DOWN:
    case 'j':
        return row + 1;
    case KEY_PAGE_UP:
    case KEY_CONTROL('b'):
        return row - step;
    case KEY_PAGE_DOWN:
    case KEY_CONTROL('f'):
        return row + step;
    case KEY_CONTROL('u'):
        return row - step / 2;
    case KEY_CONTROL('d'):
        return row + step / 2;
    case KEY_FIRST:
    case 'g':
        return 0;
    case KEY_LAST:
    case 'G':
        return rows - 1;
    default:
        return row;
    }
}

void key_name_add(struct text *out, int key, int ascii)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key) {
            text_puts(out, ascii ? names[i].name : names[i].sign);
            return;
        }
    if (key > KEY_FUNCTION)
        text_printf(out, "F%d", key - KEY_FUNCTION);
    else if (key < ' ')
        text_printf(out, "^%c", key + 'A' - 1);
    else {
        char bytes[4];
        text_add(out, bytes, utf8_encode((uint32_t)key, bytes));
    }
}
