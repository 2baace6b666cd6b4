/* SPDX-License-Identifier: MIT
 *
 * The members of a tar archive: where their bytes lie.
 */
#ifndef MODEL_TAR_H
#define MODEL_TAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "model/content.h"

#define TAR_BLOCK 512 /* bytes; headers and members begin at multiples of it */

struct tar_range {
    uint64_t begin, end;
};

/* True if the bytes that a file begins with are the header of a member, of POSIX or GNU. */
bool tar_recognise(const unsigned char header[TAR_BLOCK]);

/* Where the last regular member of this name lies; false with ERROR_FILE if there is none, or if
 * the archive is damaged before its end. */
bool tar_find(const struct content *file, const char *name, struct tar_range *range,
              struct error *error);

#endif
