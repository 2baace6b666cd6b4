/* SPDX-License-Identifier: MIT
 *
 * What a figure is that lessons can name.
 */
#ifndef UI_LESSON_KEY_H
#define UI_LESSON_KEY_H

#include <stdbool.h>

struct lesson_key {
    const char *name;
    int power;         /* of length: 0 (a share, a ratio), 1 (the error's std), 2 (its MSE) */
    bool count;        /* whole: shown as 100 000 */
    const char *noise; /* the key of its standard error; NULL where there is none */
};

#endif
