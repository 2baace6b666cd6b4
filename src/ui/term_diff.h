/* SPDX-License-Identifier: MIT
 *
 * From the frame that a terminal shows to the next one, in few bytes.
 */
#ifndef UI_TERM_DIFF_H
#define UI_TERM_DIFF_H

#include "base/text.h"
#include "plot/cells.h"
#include "ui/term_codes.h"
#include "ui/term_palette.h"

/* Appends what turns `shown` into `next`, frames of one size; shown NULL: the terminal is cleared
 * first.  Nothing if they look the same.  The terminal's attributes are plain before and after;
 * where its cursor is does not matter. */
void term_diff(const struct term_codes *codes, const struct palette *palette,
               const struct cells *shown, const struct cells *next, struct text *out);

#endif
