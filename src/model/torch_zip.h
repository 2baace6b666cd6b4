/* SPDX-License-Identifier: MIT
 *
 * The zip archives of PyTorch since 1.6: FOLDER/data.pkl, a pickle that names storages, and
 * FOLDER/data/KEY, the bytes of each.  TorchScript's hold FOLDER/constants.pkl too.
 */
#ifndef MODEL_TORCH_ZIP_H
#define MODEL_TORCH_ZIP_H

#include <stdbool.h>

#include "base/error.h"
#include "model/model.h"
#include "model/zip.h"

/* The data.pkl of an archive: that of the folder of its first member where there are several;
 * NULL if there is none. */
const struct zip_member *torch_zip_pickle(const struct zip *zip);

/* Appends the tensors of an archive whose data.pkl this is. */
bool torch_zip_read(struct model *model, const struct zip *zip, const struct zip_member *pickle,
                    struct error *error);

#endif
