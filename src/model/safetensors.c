/* SPDX-License-Identifier: MIT
 *
 * The safetensors format: 8 bytes of header length, a JSON header that names every tensor with
 * its type, shape and byte range, and the data, without holes.  After the README of
 * huggingface/safetensors and, where it is silent, its reference implementation.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/formats.h"
#include "model/label.h"
#include "model/parts.h"
#include "model/safetensors_header.h"

#define HEADER_MAX 100000000u /* bytes, as in the reference implementation */

static bool check_twins(const struct safetensors_header *header, struct error *error)
{
    const struct tensor **ordered = mem_alloc(header->count, sizeof *ordered);
    for (size_t i = 0; i < header->count; i++)
        ordered[i] = &header->entries[i].tensor;
    qsort(ordered, header->count, sizeof *ordered, parts_compare_names);
    const struct tensor *const *twin = parts_twin(ordered, header->count);
    if (twin) {
        const struct safetensors_entry *a = (const struct safetensors_entry *)twin[0];
        const struct safetensors_entry *b = (const struct safetensors_entry *)twin[1];
        struct quote name;
        error_set(error, ERROR_FILE, "%s: header: tensor %s is there twice (byte %" PRIu64 ")",
                  a->tensor.content->label,
                  label_quote(&name, a->tensor.name, a->tensor.name_length),
                  a->at > b->at ? a->at : b->at);
    }
    mem_free(ordered);
    return !twin;
}

/* By the place of the data; by the place in the header for empty tensors, which share theirs. */
static int compare_places(const void *left, const void *right)
{
    const struct safetensors_entry *a = left, *b = right;
    if (a->tensor.offset != b->tensor.offset)
        return a->tensor.offset < b->tensor.offset ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static void order_by_place(struct safetensors_header *header)
{
    if (header->count > 0) /* qsort does not take a null pointer */
        qsort(header->entries, header->count, sizeof *header->entries, compare_places);
}

static bool fail_overlap(const struct tensor *before, const struct tensor *tensor,
                         struct error *error)
{
    struct quote first, second;
    return error_set(error, ERROR_FILE,
                     "%s: data of tensor %s overlaps that of tensor %s (byte %" PRIu64 ")",
                     tensor->content->label,
                     label_quote(&second, tensor->name, tensor->name_length),
                     label_quote(&first, before->name, before->name_length), tensor->offset);
}

static bool fail_hole(uint64_t begin, const struct tensor *behind, struct error *error)
{
    struct quote name;
    return error_set(error, ERROR_FILE,
                     "%s: %" PRIu64 " bytes before the data of tensor %s belong "
                     "to no tensor (byte %" PRIu64 ")",
                     behind->content->label, behind->offset - begin,
                     label_quote(&name, behind->name, behind->name_length), begin);
}

/* Refuses bytes of the file, from the first of the data, that belong to two tensors or to none:
 * both are signs of damage, and the reference refuses them as well.  Entries are in the order of
 * their data. */
static bool check_layout(const struct safetensors_header *header, const struct content *file,
                         uint64_t data, struct error *error)
{
    uint64_t end = data;
    const struct tensor *last = NULL;
    for (size_t i = 0; i < header->count; i++) {
        const struct tensor *tensor = &header->entries[i].tensor;
        if (tensor->bytes == 0)
            continue;
        if (tensor->offset < end)
            return fail_overlap(last, tensor, error);
        if (tensor->offset > end)
            return fail_hole(end, tensor, error);
        end = tensor->offset + tensor->bytes;
        last = tensor;
    }
    return end == file->size ||
           error_set(error, ERROR_FILE,
                     "%s: the last %" PRIu64 " bytes belong to no tensor (byte %" PRIu64 ")",
                     file->label, file->size - end, end);
}

static uint64_t length_of(const unsigned char bytes[SAFETENSORS_LENGTH_BYTES])
{
    uint64_t length = 0;
    for (unsigned i = 0; i < SAFETENSORS_LENGTH_BYTES; i++)
        length |= (uint64_t)bytes[i] << 8 * i;
    return length;
}

/* The length that the file gives for its header, checked; 0 with *error if it is wrong. */
static size_t read_length(const struct content *file, struct error *error)
{
    unsigned char bytes[SAFETENSORS_LENGTH_BYTES];
    if (file->size < sizeof bytes) {
        error_set(error, ERROR_FILE, "%s: is cut short inside the header length (byte %" PRIu64 ")",
                  file->label, file->size);
        return 0;
    }
    if (!content_read(file, 0, sizeof bytes, bytes, error))
        return 0;
    uint64_t length = length_of(bytes);
    if (length < 2 || length > HEADER_MAX)
        error_set(error, ERROR_FILE,
                  "%s: header length %" PRIu64 " is not between 2 and %u "
                  "(byte 0)",
                  file->label, length, HEADER_MAX);
    else if (length > file->size - sizeof bytes)
        error_set(error, ERROR_FILE,
                  "%s: is cut short inside the header, which should have %" PRIu64
                  " bytes (byte %" PRIu64 ")",
                  file->label, length, file->size);
    else
        return (size_t)length;
    return 0;
}

/* A copy of the header: it is parsed from memory, so that the parser need not survive a file that
 * is truncated meanwhile. */
static char *copy_header(const struct content *file, size_t length, struct error *error)
{
    char *header = mem_try(length, 1);
    if (!header) {
        error_set(error, ERROR_SYSTEM, "%s: no memory for its header", file->label);
    } else if (content_read(file, SAFETENSORS_LENGTH_BYTES, length, header, error)) {
        if (*header == '{')
            return header;
        error_set(error, ERROR_FILE, "%s: header: does not begin with '{' (byte %u)", file->label,
                  SAFETENSORS_LENGTH_BYTES);
    }
    mem_free(header);
    return NULL;
}

static bool read_safetensors(struct model *model, const struct content *file, struct error *error)
{
    size_t length = read_length(file, error);
    char *text = length ? copy_header(file, length, error) : NULL;
    if (!text)
        return false;
    struct safetensors_header header = {0};
    bool good = safetensors_parse(&header, model, file, text, length, error) &&
                check_twins(&header, error);
    mem_free(text);
    if (good) {
        order_by_place(&header);
        good = check_layout(&header, file, SAFETENSORS_LENGTH_BYTES + length, error);
    }
    if (good)
        parts_reserve(model, header.count);
    for (size_t i = 0; good && i < header.count; i++)
        parts_add_tensor(model, &header.entries[i].tensor);
    mem_free(header.entries);
    return good;
}

/* A length that lies within the file, and the '{' of the header behind it. */
static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    return size > SAFETENSORS_LENGTH_BYTES &&
           length_of(prefix) <= size - SAFETENSORS_LENGTH_BYTES &&
           prefix[SAFETENSORS_LENGTH_BYTES] == '{';
}

const struct format format_safetensors = {"safetensors", ".safetensors", recognise,
                                          read_safetensors};
