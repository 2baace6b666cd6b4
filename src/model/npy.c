/* SPDX-License-Identifier: MIT */
#include "model/npy.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/formats.h"
#include "model/npy_type.h"
#include "model/parts.h"

#define MAGIC         "\x93NUMPY"
#define MAGIC_BYTES   6u
#define VERSION_BYTES 2u       /* major and minor */
#define HEADER_MOST   1048576u /* bytes; structures of ten thousand fields have less */
#define NAME_MOST     32u      /* bytes of the name of an unknown type that are shown */

/* Where the text of the header lies. */
struct extent {
    uint64_t offset; /* in the file */
    size_t length;
};

static bool fail_cut(const struct npy_file *file, const char *part, struct error *error)
{
    return npy_fail(file, file->offset + file->size, error, "is cut short inside %s", part);
}

/* Reads what comes before the header: magic, version, and the header's length, which has 2 bytes
 * in version 1 and 4 in versions 2 and 3. */
static bool read_start(const struct npy_file *file, struct extent *header, struct error *error)
{
    unsigned char bytes[MAGIC_BYTES + VERSION_BYTES + 4] = {0};
    size_t there = file->size < sizeof bytes ? (size_t)file->size : sizeof bytes;
    if (!content_read(file->content, file->offset, there, bytes, error))
        return false;
    if (memcmp(bytes, MAGIC, MAGIC_BYTES) != 0)
        return npy_fail(file, file->offset, error, "does not begin as a NumPy array does");
    unsigned major = bytes[MAGIC_BYTES], minor = bytes[MAGIC_BYTES + 1];
    if (major < 1 || major > 3 || minor != 0)
        return npy_fail(file, file->offset + MAGIC_BYTES, error,
                        "is of version %u.%u of NumPy's format; 1.0, 2.0 and 3.0 are read", major,
                        minor);
    unsigned size = major == 1 ? 2 : 4;
    const unsigned char *at = bytes + MAGIC_BYTES + VERSION_BYTES;
    uint32_t length = at[0] | (uint32_t)at[1] << 8;
    if (size == 4)
        length |= (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    header->offset = MAGIC_BYTES + VERSION_BYTES + size;
    header->length = length;
    if (file->size < header->offset)
        return fail_cut(file, "the header length", error);
    if (length > HEADER_MOST)
        return npy_fail(file, file->offset + MAGIC_BYTES + VERSION_BYTES, error,
                        "header length %" PRIu32 " is beyond %u", length, HEADER_MOST);
    return length <= file->size - header->offset || fail_cut(file, "the header", error);
}

static const char *name_of_type(struct arena *arena, const struct npy_header *header)
{
    if (header->structured)
        return "struct";
    size_t length = header->descr_length < NAME_MOST ? header->descr_length : NAME_MOST;
    return label_of(arena, arena_string(arena, header->descr, length), length);
}

static void set_type(struct model *model, const struct npy_header *header, struct npy_array *array)
{
    struct arena *arena = &model->parts->arena;
    struct npy_type type = header->structured ? npy_type_structured()
                                              : npy_type_of(header->descr, header->descr_length,
                                                            model->parts->options.void_as);
    struct tensor *tensor = &array->tensor;
    tensor->dtype = type.dtype;
    tensor->dtype_name = type.dtype ? type.dtype->name : name_of_type(arena, header);
    tensor->big_endian = type.big_endian;
    tensor->reason = type.fault;
    array->type_at = header->descr_at;
    label_quote(&array->type, header->descr, header->descr_length);
}

/* Column by column: the first index moves fastest.  Only of shapes that were checked already, so
 * that no product is beyond 64 bits. */
static const uint64_t *fortran_strides(struct arena *arena, const struct tensor *tensor)
{
    uint64_t *strides = arena_take(arena, tensor->rank * sizeof *strides), stride = 1;
    for (unsigned i = 0; i < tensor->rank; i++) {
        strides[i] = stride;
        stride *= tensor->dims[i];
    }
    return strides;
}

static bool set_place(struct model *model, const struct npy_file *file,
                      const struct npy_header *header, struct tensor *tensor, struct error *error)
{
    struct arena *arena = &model->parts->arena;
    size_t size = header->rank * sizeof *header->dims;
    tensor->rank = header->rank;
    tensor->dims = memcpy(arena_take(arena, size), header->dims, size);
    if (!parts_place(tensor, header->shape_at, error))
        return false;
    if (header->fortran_order && tensor->rank > 1 && tensor->elements > 0)
        tensor->strides = fortran_strides(arena, tensor);
    /* What lies behind a member is in the content, but not the member's. */
    uint64_t there = file->size - (tensor->offset - file->offset);
    return tensor->bytes <= there ||
           parts_fail(tensor, header->shape_at, error,
                      "its elements take %" PRIu64 " bytes, and there are %" PRIu64, tensor->bytes,
                      there);
}

bool npy_read(struct model *model, const struct npy_file *file, struct npy_array *array,
              struct error *error)
{
    struct extent extent = {.length = 0};
    if (!read_start(file, &extent, error))
        return false;
    struct npy_header header;
    uint64_t at = file->offset + extent.offset;
    char *text = mem_alloc(extent.length, 1);
    bool good = content_read(file->content, at, extent.length, text, error) &&
                npy_header_read(&header, file, at, text, extent.length, error);
    if (good) {
        struct tensor *tensor = &array->tensor;
        tensor->content = file->content;
        tensor->offset = at + extent.length;
        set_type(model, &header, array);
        good = set_place(model, file, &header, tensor, error);
    }
    mem_free(text);
    return good;
}

bool npy_refuse(const struct npy_file *file, const struct npy_array *array, struct error *error)
{
    return npy_fail(file, array->type_at, error, "%s; its type is %s", array->tensor.reason,
                    array->type.text);
}

/* Cuts a suffix off a name, unless nothing would be left. */
static size_t without(const char *name, size_t length, const char *suffix)
{
    size_t tail = strlen(suffix);
    bool ends = length > tail && memcmp(name + length - tail, suffix, tail) == 0;
    return ends ? length - tail : length;
}

/* The array has no name but its file's: "w" of "models/w.npy", or of "w.npy.gz" unpacked. */
static void set_name(struct model *model, const struct content *file, struct tensor *tensor)
{
    struct arena *arena = &model->parts->arena;
    struct text name = {0};
    label_last(&name, file->path ? file->path : file->label);
    size_t length = without(name.data, name.length, file->outer ? ".gz" : "");
    length = without(name.data, length, ".npy");
    tensor->name = arena_string(arena, name.data, length);
    tensor->name_length = length;
    tensor->label = label_of(arena, tensor->name, length);
    text_done(&name);
}

/* Bytes behind the array are none of its business: NumPy appends arrays to one another, and reads
 * the first. */
static bool read_npy(struct model *model, const struct content *content, struct error *error)
{
    const struct npy_file file = {.content = content, .size = content->size};
    struct npy_array array = {.type_at = 0};
    set_name(model, content, &array.tensor);
    if (!npy_read(model, &file, &array, error))
        return false;
    if (!array.tensor.dtype)
        return npy_refuse(&file, &array, error);
    parts_add_tensor(model, &array.tensor);
    return true;
}

static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    return size >= MAGIC_BYTES && memcmp(prefix, MAGIC, MAGIC_BYTES) == 0;
}

const struct format format_npy = {"npy", ".npy", recognise, read_npy};
