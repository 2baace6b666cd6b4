/* SPDX-License-Identifier: MIT */
#include "bench_inputs.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <gsl/gsl_randist.h>

#include "base/mem.h"

/* Where tensors' bytes begin in a file: a page, so that rows of powers of two lie on pages too. */
#define PAGE 4096

/* Behind the name of a file that is not whole yet: a file that is there is used. */
#define PART ".part"

/* Elements drawn; rows are stretches of them from random places on. */
#define POOL (1 << 22)

/* Q4_K: bytes of a block of 256 weights, and the two scales in front, halves of about 1e-3. */
#define Q4_K_BYTES 144
#define Q4_K_SCALE 0x1400

/* ---- what there is ---- */

struct element {
    const char *name;                   /* as safetensors writes it */
    unsigned bytes, exponent, mantissa; /* bits of a floating-point number; 0: bytes of Q4_K */
};

static const struct element bf16 = {"BF16", 2, 8, 7}, f16 = {"F16", 2, 5, 10},
                            f32 = {"F32", 4, 8, 23}, f8 = {"F8_E4M3", 1, 4, 3},
                            q4_k = {"U8", 1, 0, 0};

/* Tensors of a file. */
struct entry {
    char name[64];
    uint64_t rows, columns; /* one row: a vector */
};

struct layout {
    const struct element *element;
    bool sparse; /* no bytes are written */
    struct entry *entry;
    size_t count, room;
};

static void add(struct layout *layout, uint64_t rows, uint64_t columns, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void add(struct layout *layout, uint64_t rows, uint64_t columns, const char *format, ...)
{
    layout->entry =
        mem_grow(layout->entry, &layout->room, layout->count + 1, sizeof *layout->entry);
    struct entry *entry = &layout->entry[layout->count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(entry->name, sizeof entry->name, format, arguments);
    va_end(arguments);
    entry->rows = rows;
    entry->columns = columns;
}

/* The parts of an input that matter for its kind. */
struct input {
    const char *stem;
    void (*lay)(const struct input *input, bool quick, struct layout *layout);
    const struct element *element;
    uint64_t rows, columns, quick_rows; /* of a matrix */
    uint64_t hidden, wide, layers;      /* of a transformer */
    size_t tensors;                     /* of a header alone */
};

static void lay_matrix(const struct input *input, bool quick, struct layout *layout)
{
    add(layout, quick ? input->quick_rows : input->rows, input->columns, "model.weight");
}

static void lay_model(const struct input *input, bool quick, struct layout *layout)
{
    const uint64_t shrink = quick ? 8 : 1;
    const uint64_t hidden = input->hidden / shrink, wide = input->wide / shrink;
    const uint64_t layers = quick ? 1 : input->layers;
    static const char *const square[] = {"q_proj", "k_proj", "v_proj", "o_proj"};
    add(layout, 10 * hidden, hidden, "model.embed_tokens.weight");
    for (uint64_t i = 0; i < layers; i++) {
        const int at = (int)i;
        for (size_t k = 0; k < sizeof square / sizeof *square; k++)
            add(layout, hidden, hidden, "model.layers.%d.self_attn.%s.weight", at, square[k]);
        add(layout, wide, hidden, "model.layers.%d.mlp.gate_proj.weight", at);
        add(layout, wide, hidden, "model.layers.%d.mlp.up_proj.weight", at);
        add(layout, hidden, wide, "model.layers.%d.mlp.down_proj.weight", at);
        add(layout, 1, hidden, "model.layers.%d.input_layernorm.weight", at);
        add(layout, 1, hidden, "model.layers.%d.post_attention_layernorm.weight", at);
    }
    add(layout, 1, hidden, "model.norm.weight");
}

/* Names as long as those of mixtures of experts, the models with so many tensors. */
static void lay_header(const struct input *input, bool quick, struct layout *layout)
{
    const size_t tensors = quick ? input->tensors / 10 : input->tensors;
    layout->sparse = true;
    for (size_t i = 0; i < tensors; i++)
        add(layout, 64, 64, "model.layers.%zu.block_sparse_moe.experts.%zu.w%zu.weight", i / 384,
            i / 3 % 128, i % 3 + 1);
}

// clang-format off
static const struct input inputs[INPUT_COUNT] = {
    [INPUT_WIDE] = {"wide", lay_matrix, &bf16, .rows = 4096, .columns = 11008, .quick_rows = 16},
    [INPUT_BF16] = {"bf16", lay_matrix, &bf16, .rows = 4096, .columns = 4096, .quick_rows = 32},
    [INPUT_F16] = {"f16", lay_matrix, &f16, .rows = 4096, .columns = 4096, .quick_rows = 32},
    [INPUT_F32] = {"f32", lay_matrix, &f32, .rows = 4096, .columns = 4096, .quick_rows = 32},
    [INPUT_F8] = {"f8", lay_matrix, &f8, .rows = 4096, .columns = 4096, .quick_rows = 32},
    [INPUT_Q4_K] = {"q4_k", lay_matrix, &q4_k, .rows = 4096, .columns = 16 * Q4_K_BYTES,
                    .quick_rows = 32},
    [INPUT_MODEL] = {"model", lay_model, &bf16, .hidden = 2048, .wide = 5632, .layers = 12},
    [INPUT_SMALL] = {"small", lay_model, &bf16, .hidden = 256, .wide = 704, .layers = 4},
    [INPUT_HEADER_300] = {"header-300", lay_header, &bf16, .tensors = 300},
    [INPUT_HEADER_3000] = {"header-3000", lay_header, &bf16, .tensors = 3000},
    [INPUT_HEADER_100000] = {"header-100000", lay_header, &bf16, .tensors = 100000},
};
// clang-format on

struct text bench_input_path(const struct bench_settings *settings, enum bench_input input)
{
    struct text path = {0};
    text_printf(&path, "%s/bench-%s%s.safetensors", settings->folder, inputs[input].stem,
                settings->quick ? "-quick" : "");
    return path;
}

/* ---- the bytes ---- */

/* Elements to take rows from. */
struct pool_of_bytes {
    unsigned char *bytes;
    size_t count, size; /* elements or blocks, and bytes of one */
};

/* The leading bits of a single as a number of fewer: cut, not rounded, and the tiny ones flushed to
 * 0, which speed does not see. */
static uint32_t narrow(float value, const struct element *element)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t sign = bits >> 31, cut = (bits & 0x7fffffff) >> (23 - element->mantissa);
    const uint32_t shift = (127u - ((1u << (element->exponent - 1)) - 1)) << element->mantissa;
    const uint32_t least = shift + (1u << element->mantissa);
    return sign << (8 * element->bytes - 1) | (cut < least ? 0 : cut - shift);
}

static struct pool_of_bytes draw_numbers(const struct element *element, gsl_rng *rng)
{
    struct pool_of_bytes pool = {mem_alloc(POOL, element->bytes), POOL, element->bytes};
    for (size_t i = 0; i < pool.count; i++) {
        const uint32_t bits = narrow((float)gsl_ran_gaussian_ziggurat(rng, 1), element);
        for (size_t k = 0; k < pool.size; k++)
            pool.bytes[i * pool.size + k] = (unsigned char)(bits >> 8 * k);
    }
    return pool;
}

/* Random codes, but scales as they are: random bits would be mostly no numbers. */
static struct pool_of_bytes draw_blocks(gsl_rng *rng)
{
    struct pool_of_bytes pool = {mem_alloc(POOL / 256, Q4_K_BYTES), POOL / 256, Q4_K_BYTES};
    for (size_t i = 0; i < pool.count * pool.size; i++)
        pool.bytes[i] = (unsigned char)gsl_rng_get(rng);
    for (size_t i = 0; i < pool.count; i++)
        for (size_t k = 0; k < 4; k++)
            pool.bytes[i * pool.size + k] = (unsigned char)(Q4_K_SCALE >> 8 * (k % 2));
    return pool;
}

static void write_numbers(FILE *file, const struct layout *layout)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2); /* of seed 0: always the same */
    const struct pool_of_bytes pool =
        layout->element->exponent ? draw_numbers(layout->element, rng) : draw_blocks(rng);
    for (size_t i = 0; i < layout->count; i++) {
        const struct entry *entry = &layout->entry[i];
        const size_t of_row = (size_t)entry->columns * layout->element->bytes / pool.size;
        for (uint64_t row = 0; row < entry->rows && !ferror(file); row++) {
            const size_t from = gsl_rng_uniform_int(rng, (unsigned long)(pool.count - of_row));
            fwrite(pool.bytes + from * pool.size, pool.size, of_row, file);
        }
    }
    mem_free(pool.bytes);
    gsl_rng_free(rng);
}

/* ---- the files ---- */

static uint64_t bytes_of(const struct layout *layout)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < layout->count; i++)
        bytes += layout->entry[i].rows * layout->entry[i].columns * layout->element->bytes;
    return bytes;
}

/* The length in 8 bytes, then JSON with blanks up to the end of a page. */
static uint64_t write_header(FILE *file, const struct layout *layout)
{
    struct text text = {0};
    uint64_t offset = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const struct entry *entry = &layout->entry[i];
        const uint64_t end = offset + entry->rows * entry->columns * layout->element->bytes;
        text_printf(&text, "%c\"%s\":{\"dtype\":\"%s\",\"shape\":[", i == 0 ? '{' : ',',
                    entry->name, layout->element->name);
        if (entry->rows > 1)
            text_printf(&text, "%llu,", (unsigned long long)entry->rows);
        text_printf(&text, "%llu],\"data_offsets\":[%llu,%llu]}",
                    (unsigned long long)entry->columns, (unsigned long long)offset,
                    (unsigned long long)end);
        offset = end;
    }
    text_puts(&text, "}");
    while ((text.length + 8) % PAGE != 0)
        text_puts(&text, " ");
    for (int i = 0; i < 8; i++)
        fputc((int)((uint64_t)text.length >> 8 * i & 0xff), file);
    fwrite(text.data, 1, text.length, file);
    const uint64_t length = text.length + 8;
    text_done(&text);
    return length;
}

static bool write_file(const struct layout *layout, const char *path, struct error *error)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return error_set(error, ERROR_SYSTEM, "%.900s: %s", path, strerror(errno));
    const uint64_t header = write_header(file, layout);
    bool ok = true;
    if (layout->sparse)
        ok = fflush(file) == 0 && ftruncate(fileno(file), (off_t)(header + bytes_of(layout))) == 0;
    else
        write_numbers(file, layout);
    ok = !ferror(file) && ok;
    ok = fclose(file) == 0 && ok;
    return ok ||
           error_set(error, ERROR_SYSTEM, "%.900s: cannot be written: %s", path, strerror(errno));
}

/* Leaves tensors off the end that the disk has no room for, but for the first. */
static void fit_to_disk(const char *folder, struct layout *layout)
{
    struct statvfs disk;
    if (layout->sparse || statvfs(folder, &disk) != 0)
        return;
    const uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    while (layout->count > 1 && bytes_of(layout) > room / 10 * 9)
        layout->count--;
}

static bool make(const struct bench_settings *settings, enum bench_input input, struct error *error)
{
    struct text path = bench_input_path(settings, input), part = {0};
    struct layout layout = {.element = inputs[input].element};
    bool ok = true;
    if (access(path.data, R_OK) != 0) {
        inputs[input].lay(&inputs[input], settings->quick, &layout);
        fit_to_disk(settings->folder, &layout);
        if (!settings->quick)
            fprintf(stderr, "making %s (%llu MB)\n", path.data,
                    (unsigned long long)(layout.sparse ? 0 : bytes_of(&layout) / 1000000));
        text_printf(&part, "%s" PART, path.data);
        ok = write_file(&layout, part.data, error);
        if (ok && rename(part.data, path.data) != 0)
            ok = error_set(error, ERROR_SYSTEM, "%.900s: %s", path.data, strerror(errno));
        if (!ok)
            unlink(part.data);
    }
    mem_free(layout.entry);
    text_done(&part);
    text_done(&path);
    return ok;
}

bool bench_inputs_make(const struct bench_settings *settings, unsigned wanted, struct error *error)
{
    for (int i = 0; i < INPUT_COUNT; i++)
        if ((wanted & 1u << i) && !make(settings, (enum bench_input)i, error))
            return false;
    return true;
}

void bench_inputs_remove(const struct bench_settings *settings)
{
    for (int i = 0; i < INPUT_COUNT; i++) {
        struct text path = bench_input_path(settings, (enum bench_input)i);
        unlink(path.data);
        text_puts(&path, PART);
        unlink(path.data);
        text_done(&path);
    }
}

bool bench_file_open(const struct bench_settings *settings, enum bench_input input,
                     struct bench_file *file, struct error *error)
{
    struct text path = bench_input_path(settings, input);
    const char *paths[] = {path.data};
    *file = (struct bench_file){.model = model_open(paths, 1, NULL, error)};
    text_done(&path);
    if (!file->model)
        return false;
    file->tensor = &file->model->tensors[0];
    file->bytes = content_mapped(file->tensor->content, file->tensor->offset);
    file->size = file->model->bytes;
    return true;
}

void bench_file_close(struct bench_file *file)
{
    model_free(file->model);
}
