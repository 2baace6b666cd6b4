/* SPDX-License-Identifier: MIT */
#include "model/formats.h"

#include <stdio.h>
#include <string.h>

#include "model/parts.h"

static const struct format *const formats[] = {&format_safetensors};
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* Files that people do give us, told apart by their first bytes, and what to say of them. */
static const struct foreign {
    const char *magic;
    size_t length, offset;
    const char *fault;
} foreigners[] = {
    {"version https://git-lfs", 23, 0,
     "is a Git LFS pointer, not the file itself: run `git lfs pull`"},
    {"GGUF", 4, 0, "is a GGUF file, which this version does not read"},
    {"PK\3\4", 4, 0, "is a zip archive (PyTorch or NumPy), which this version does not read"},
    {"\x93NUMPY", 6, 0, "is a NumPy array, which this version does not read"},
    {"\x80\2", 2, 0, "is a Python pickle (old PyTorch), which this version does not read"},
    {"\x80\3", 2, 0, "is a Python pickle, which this version does not read"},
    {"\x80\4", 2, 0, "is a Python pickle, which this version does not read"},
    {"\x80\5", 2, 0, "is a Python pickle, which this version does not read"},
    {"\x89HDF\r\n\x1a\n", 8, 0, "is an HDF5 file, which this version does not read"},
    {"TFL3", 4, 4, "is a TensorFlow Lite file, which this version does not read"},
    {"\x1f\x8b", 2, 0, "is compressed with gzip: unpack it first"},
    {"\x28\xb5\x2f\xfd", 4, 0, "is compressed with zstd: unpack it first"},
    {"\3757zXZ", 5, 0, "is compressed with xz: unpack it first"},
    {"<!DOCTYPE", 9, 0, "is a web page, not a model: the download went wrong"},
    {"<html", 5, 0, "is a web page, not a model: the download went wrong"},
};

/* ONNX has no magic; its protobuf begins with ir_version (field 1, a small number), then the
 * producer's name or version or the domain (fields 2, 3, 4) or the graph (7). */
static bool is_onnx(const unsigned char *prefix)
{
    return prefix[0] == 0x08 && prefix[1] < 0x20 &&
           (prefix[2] == 0x12 || prefix[2] == 0x1a || prefix[2] == 0x22 || prefix[2] == 0x3a);
}

static const char *foreign_fault(const unsigned char *prefix)
{
    for (size_t i = 0; i < sizeof foreigners / sizeof foreigners[0]; i++)
        if (memcmp(prefix + foreigners[i].offset, foreigners[i].magic, foreigners[i].length) == 0)
            return foreigners[i].fault;
    return is_onnx(prefix) ? "is an ONNX file, which this version does not read" : NULL;
}

static bool ends_with(const char *name, const char *suffix, const char *more)
{
    size_t length = strlen(name), tail = strlen(suffix), end = strlen(more);
    return length >= tail + end && memcmp(name + length - end, more, end) == 0 &&
           memcmp(name + length - end - tail, suffix, tail) == 0;
}

/* The format whose suffix, followed by `more`, ends the name. */
static const struct format *format_of_suffix(const char *name, const char *more)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (ends_with(name, formats[i]->suffix, more))
            return formats[i];
    return NULL;
}

bool formats_has_suffix(const char *name)
{
    return format_of_suffix(name, "") != NULL;
}

bool formats_has_index_suffix(const char *name)
{
    return format_of_suffix(name, ".index.json") != NULL;
}

static bool fail_unknown(const struct mapping *file, const unsigned char *prefix,
                         struct error *error)
{
    char bytes[8 * 3 + 1] = "";
    size_t shown = file->size < 8 ? (size_t)file->size : 8;
    for (size_t i = 0; i < shown; i++)
        snprintf(bytes + 3 * i, 4, " %02x", prefix[i]);
    return error_set(error, ERROR_FILE,
                     "%s: is no model file that roundoff knows (starts with bytes%s)", file->label,
                     bytes);
}

/* The format of a file by its content.  A file of no known content but a known suffix is left to
 * the format of that suffix, which can say best what is wrong with it. */
static const struct format *recognise(const struct mapping *file, struct error *error)
{
    if (file->size == 0) {
        error_set(error, ERROR_FILE, "%s: is empty", file->label);
        return NULL;
    }
    unsigned char prefix[FORMAT_PREFIX] = {0};
    size_t length = file->size < sizeof prefix ? (size_t)file->size : sizeof prefix;
    if (!mapping_read(file, 0, length, prefix, error))
        return NULL;
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i]->recognise(prefix, file->size))
            return formats[i];
    const char *fault = foreign_fault(prefix);
    const struct format *format = format_of_suffix(file->path, "");
    if (fault)
        error_set(error, ERROR_FILE, "%s: %s", file->label, fault);
    else if (!format)
        fail_unknown(file, prefix, error);
    return fault ? NULL : format;
}

bool formats_read(struct model *model, struct mapping *file, struct error *error)
{
    parts_add_file(model, file);
    const struct format *format = recognise(file, error);
    if (!format)
        return false;
    if (!model->format)
        model->format = format->name;
    return format->read(model, file, error);
}
