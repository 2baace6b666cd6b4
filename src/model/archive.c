/* SPDX-License-Identifier: MIT
 *
 * Zip archives: PyTorch's and NumPy's are told apart by their members.
 */
#include <string.h>

#include "model/formats.h"
#include "model/npz.h"
#include "model/parts.h"
#include "model/torch_zip.h"
#include "model/zip.h"

static bool has_suffix(const struct zip *zip, const char *suffix)
{
    size_t length = strlen(suffix);
    for (size_t i = 0; i < zip->count; i++) {
        const struct zip_member *member = &zip->members[i];
        if (member->name_length >= length &&
            memcmp(member->name + member->name_length - length, suffix, length) == 0)
            return true;
    }
    return false;
}

static bool fail_unknown(const struct zip *zip, struct error *error)
{
    const char *what =
        zip->count == 0 ? "it is empty"
        : has_suffix(zip, "/model.json")
            ? "it is a TorchScript archive of PyTorch before 1.4, which this version does not read"
            : "it has neither data.pkl, as PyTorch's have, nor .npy members, as NumPy's have";
    return error_set(error, ERROR_FILE, "%s: is a zip archive, but no model: %s (byte 0)",
                     zip->content->label, what);
}

static bool read_members(struct model *model, const struct zip *zip, struct error *error)
{
    const struct zip_member *pickle = torch_zip_pickle(zip);
    return pickle                    ? torch_zip_read(model, zip, pickle, error)
           : has_suffix(zip, ".npy") ? npz_read(model, zip, error)
                                     : fail_unknown(zip, error);
}

static bool read_archive(struct model *model, const struct content *file, struct error *error)
{
    struct zip zip = {0};
    bool good =
        zip_read(&zip, file, &model->parts->arena, error) && read_members(model, &zip, error);
    zip_done(&zip);
    return good;
}

/* A member's header, or the end record of an archive without members. */
static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    (void)size;
    return memcmp(prefix, "PK\3\4", 4) == 0 || memcmp(prefix, "PK\5\6", 4) == 0;
}

const struct format format_zip = {"zip", NULL, recognise, read_archive};
