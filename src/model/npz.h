/* SPDX-License-Identifier: MIT
 *
 * NumPy's archives: a zip archive whose members are .npy files.
 */
#ifndef MODEL_NPZ_H
#define MODEL_NPZ_H

#include <stdbool.h>

#include "base/error.h"
#include "model/model.h"
#include "model/zip.h"

/* Appends the arrays of an archive, whose content the model owns, in the order of its directory;
 * other members are left alone.  An array is named as its member is, without ".npy"; the name is
 * that and nothing more, never a path.  Members that cannot be read (encrypted, Python objects) are
 * listed with the reason, and refused if there is nothing else.  False with ERROR_FILE. */
bool npz_read(struct model *model, const struct zip *zip, struct error *error);

#endif
