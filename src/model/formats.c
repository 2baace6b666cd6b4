/* SPDX-License-Identifier: MIT */
#include "model/formats.h"

#include <stdio.h>
#include <string.h>

#include "model/imatrix.h"
#include "model/parts.h"

static const struct format *const formats[] = {
    &format_safetensors,  &format_gguf,      &format_npy,  &format_zip,
    &format_torch_legacy, &format_torch_tar, &format_onnx, &format_gzip,
    &format_imatrix}; /* the one without any magic or checksum is asked last */
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* Files that people do give us, told apart by their first bytes, and what to say of them. */
static const struct foreign {
    const char *magic;
    size_t length, offset;
    const char *fault;
} foreigners[] = {
    {"version https://git-lfs", 23, 0,
     "is a Git LFS pointer, not the file itself: run `git lfs pull`"},
    {"\x80\2", 2, 0, "is a Python pickle, but not one of PyTorch, and such are not read"},
    {"\x80\3", 2, 0, "is a Python pickle, but not one of PyTorch, and such are not read"},
    {"\x80\4", 2, 0, "is a Python pickle, but not one of PyTorch, and such are not read"},
    {"\x80\5", 2, 0, "is a Python pickle, but not one of PyTorch, and such are not read"},
    {"\x89HDF\r\n\x1a\n", 8, 0, "is an HDF5 file, which this version does not read"},
    {"TFL3", 4, 4, "is a TensorFlow Lite file, which this version does not read"},
    {"\x28\xb5\x2f\xfd", 4, 0, "is compressed with zstd: unpack it first"},
    {"\3757zXZ", 5, 0, "is compressed with xz: unpack it first"},
    {"<!DOCTYPE", 9, 0, "is a web page, not a model: the download went wrong"},
    {"<html", 5, 0, "is a web page, not a model: the download went wrong"},
};

static const char *foreign_fault(const unsigned char *prefix)
{
    for (size_t i = 0; i < sizeof foreigners / sizeof foreigners[0]; i++)
        if (memcmp(prefix + foreigners[i].offset, foreigners[i].magic, foreigners[i].length) == 0)
            return foreigners[i].fault;
    return NULL;
}

static const struct format *format_of_suffix(const char *path)
{
    size_t length = path ? strlen(path) : 0;
    for (size_t i = 0; i < FORMATS; i++) {
        size_t tail = formats[i]->suffix ? strlen(formats[i]->suffix) : SIZE_MAX;
        if (length >= tail && strcmp(path + length - tail, formats[i]->suffix) == 0)
            return formats[i];
    }
    return NULL;
}

static bool read_prefix(const struct content *file, unsigned char prefix[FORMAT_PREFIX],
                        struct error *error)
{
    memset(prefix, 0, FORMAT_PREFIX);
    return content_read(file, 0, file->size < FORMAT_PREFIX ? (size_t)file->size : FORMAT_PREFIX,
                        prefix, error);
}

static int rank_of(const struct content *file, const unsigned char prefix[FORMAT_PREFIX])
{
    for (int i = 0; i < FORMATS; i++)
        if (formats[i]->recognise(prefix, file->size))
            return i;
    return -1;
}

int formats_rank(const char *path)
{
    unsigned char prefix[FORMAT_PREFIX];
    struct content *file = content_open(path, NULL);
    int rank = file && read_prefix(file, prefix, NULL) ? rank_of(file, prefix) : -1;
    if (rank >= 0 && imatrix_is(prefix, file->size))
        rank = -1;
    content_free(file);
    return rank;
}

static bool fail_unknown(const struct content *file, const unsigned char *prefix,
                         struct error *error)
{
    char bytes[8 * 3 + 1] = "";
    size_t shown = file->size < 8 ? (size_t)file->size : 8;
    for (size_t i = 0; i < shown; i++)
        snprintf(bytes + 3 * i, 4, " %02x", prefix[i]);
    return error_set(error, ERROR_FILE,
                     "%s: is no model file that roundoff knows: starts with bytes%s (byte 0)", file->label,
                     bytes);
}

/* The format of a file by its content.  A file of no known content but a known suffix is left to
 * the format of that suffix, which can say best what is wrong with it. */
static const struct format *recognise(const struct content *file, struct error *error)
{
    if (file->size == 0) {
        error_set(error, ERROR_FILE, "%s: is empty", file->label);
        return NULL;
    }
    unsigned char prefix[FORMAT_PREFIX];
    if (!read_prefix(file, prefix, error))
        return NULL;
    int rank = rank_of(file, prefix);
    if (rank >= 0)
        return formats[rank];
    const char *fault = foreign_fault(prefix);
    const struct format *format = format_of_suffix(file->path);
    if (fault)
        error_set(error, ERROR_FILE, "%s: %s", file->label, fault);
    else if (!format)
        fail_unknown(file, prefix, error);
    return fault ? NULL : format;
}

bool formats_read(struct model *model, struct content *file, struct error *error)
{
    parts_add_content(model, file);
    const struct format *format = recognise(file, error);
    if (!format)
        return false;
    bool good = format->read(model, file, error);
    if (!model->format)
        model->format = format->name;
    return good;
}
