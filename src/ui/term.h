/* SPDX-License-Identifier: MIT
 *
 * The terminal: with its codes, the only file that knows curses.  Curses takes it over, gives it
 * back and reads its keys; frames are written past it, each at once.
 */
#ifndef UI_TERM_H
#define UI_TERM_H

#include <stdbool.h>

#include "base/error.h"
#include "plot/cells.h"

/* Takes over the terminal.  colour false draws with bold and reverse alone.  ERROR_USAGE if there
 * is no terminal, or one that cannot move its cursor.  There is one terminal: no second term_open
 * before term_close. */
bool term_open(bool colour, struct error *error);

/* Puts the terminal back as it was; safe to call at any time, twice too. */
void term_close(void);

/* Puts the terminal back with nothing but what a signal handler may call. */
void term_abandon(void);

/* Descriptor that becomes readable when keys have come. */
int term_descriptor(void);

/* The next key that has come (ui/keys.h), or KEY_NONE. */
int term_key(void);

/* Asks the system for the terminal's size, after a resize too. */
void term_size(int *width, int *height);

/* Shows a frame of that size, sending what differs from the one shown before. */
void term_show(const struct cells *cells);

/* Bytes that were written and that the link has not taken yet, where the system can tell. */
int term_backlog(void);

/* Forgets what is on the screen, so that the next frame is sent whole. */
void term_forget(void);

/* Gives the terminal back for a while (before the process stops) and takes it again. */
void term_leave(void);
void term_return(void);

#endif
