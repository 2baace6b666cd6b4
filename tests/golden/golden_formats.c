/* SPDX-License-Identifier: MIT
 *
 * One model in every format: prints a line for each file of FOLDER/formats/resnet20 and
 * FOLDER/formats/gguf_quants that says how many of its tensors have the values of the same model's
 * safetensors files, and fails if any has not.
 *
 * usage: golden_formats FOLDER      (that of ROUNDOFF_MODELS)
 */
#include <dirent.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/model.h"

enum { F32, F16, BF16, VIEWS, QUANTS, REFERENCES };

static const char *const reference_paths[REFERENCES] = {
    "resnet20/resnet20_f32.safetensors", "resnet20/resnet20_f16.safetensors",
    "resnet20/resnet20_bf16.safetensors", "resnet20/resnet20_views_expected.npz",
    "gguf_quants/expected_first24rows.npz"};

struct reading {
    const char *folder;
    struct model *references[REFERENCES];
    size_t files, failed;
};

struct tally {
    size_t tensors, compared, different;
    double worst; /* of differences that are allowed, over what is */
    char first[200];
};

static struct model *open_file(const char *folder, const char *name, struct error *error)
{
    struct text path = {0};
    text_printf(&path, "%s/%s", folder, name);
    struct model *model = model_open((const char *const[]){path.data}, 1, NULL, error);
    text_done(&path);
    return model;
}

static double *values_of(const struct tensor *tensor)
{
    double *values = mem_alloc((size_t)tensor->elements, sizeof *values);
    struct error error = {0};
    if (tensor_read(tensor, (struct tensor_view){0}, 0, (size_t)tensor->elements, values, &error))
        return values;
    fprintf(stderr, "%s\n", error.text);
    exit(1);
}

/* The reference's tensor whose name is this one's, or the longest that ends it at a '.'. */
static const struct tensor *find(const struct model *reference, const char *name)
{
    const struct tensor *found = NULL;
    size_t length = strlen(name), best = 0;
    for (size_t i = 0; i < reference->count; i++) {
        const char *known = reference->tensors[i].label;
        size_t tail = strlen(known);
        bool ends = tail <= length && strcmp(name + length - tail, known) == 0 &&
                    (tail == length || name[length - tail - 1] == '.');
        if (ends && tail > best) {
            best = tail;
            found = &reference->tensors[i];
        }
    }
    return found;
}

/* What element i of a block-quantized tensor may differ by: half a step of its block of 32 (a
 * whole one where the grid has no +8), and the rounding of the block's scale to a half, which may
 * be subnormal. */
static double allowed(const struct tensor *tensor, const double wanted[], size_t i)
{
    double most = 0;
    for (size_t k = i - i % 32; k < i - i % 32 + 32 && k < tensor->elements; k++)
        most = fmax(most, fabs(wanted[k]));
    if (strcmp(tensor->dtype_name, "Q8_0") == 0)
        return most * (0.5 / 127 + 0x1p-11) + 127 * 0x1p-25;
    return strcmp(tensor->dtype_name, "Q4_0") == 0 ? most * (1 / 8.0 + 0x1p-10) + 8 * 0x1p-25 : 0;
}

static void compare(struct tally *tally, const struct tensor *tensor, const struct tensor *wanted,
                    size_t n)
{
    double *ours = values_of(tensor), *theirs = values_of(wanted);
    bool equal = true;
    bool blocks = tensor->dtype->block > 1 && wanted->dtype == &dtype_f32 &&
                  wanted->elements == tensor->elements;
    for (size_t i = 0; i < n; i++) {
        double difference = fabs(ours[i] - theirs[i]), room = blocks ? allowed(tensor, theirs, i) : 0;
        equal = equal && (difference <= room || (isnan(ours[i]) && isnan(theirs[i])));
        if (room > 0 && difference / room > tally->worst)
            tally->worst = difference / room;
    }
    tally->compared++;
    if (!equal && tally->different++ == 0)
        snprintf(tally->first, sizeof tally->first, "%s", tensor->label);
    mem_free(ours);
    mem_free(theirs);
}

static bool same_shape(const struct tensor *a, const struct tensor *b)
{
    return a->rank == b->rank && (a->rank == 0 || memcmp(a->dims, b->dims, a->rank * 8) == 0);
}

static const struct model *reference_of(const struct reading *reading, const char *file,
                                        const struct tensor *tensor)
{
    if (strstr(file, "_views_"))
        return reading->references[VIEWS];
    return reading->references[tensor->dtype == &dtype_f16    ? F16
                               : tensor->dtype == &dtype_bf16 ? BF16
                                                              : F32];
}

/* The arrays of the folder npy are two tensors of the model, in floating point of any kind. */
static const char *name_of(const char *file, const struct tensor *tensor)
{
    if (!strstr(file, ".npy"))
        return tensor->label;
    if (strstr(file, "w_i8") || strstr(file, "bool"))
        return "";
    return tensor->elements == 36864 ? "layer3.0.conv2.weight"
           : strstr(file, "bias_1d") ? "linear.bias"
                                     : "";
}

static void compare_model(const struct reading *reading, const char *file,
                          const struct model *model, struct tally *tally)
{
    const char *reason;
    bool flat = strstr(file, "_flat_") || strstr(file, ".npy");
    tally->tensors = model->count;
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        if (!tensor_readable(tensor, &reason))
            continue;
        const struct tensor *wanted =
            find(reference_of(reading, file, tensor), name_of(file, tensor));
        if (wanted && (flat ? tensor->elements == wanted->elements : same_shape(tensor, wanted)))
            compare(tally, tensor, wanted, (size_t)tensor->elements);
    }
}

/* The first rows of a file of block 0, as a decoder of others saw them: KIND/NAME. */
static void compare_quants(const struct reading *reading, const char *file,
                           const struct model *model, struct tally *tally)
{
    char kind[32] = "", key[256];
    snprintf(kind, sizeof kind, "%s", file + strlen("gguf_quants/blk0_"));
    kind[strcspn(kind, ".")] = '\0';
    for (char *c = kind; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    tally->tensors = model->count;
    for (size_t i = 0; i < model->count; i++) {
        snprintf(key, sizeof key, "%s/%s", kind, model->tensors[i].label);
        const struct tensor *wanted = find(reading->references[QUANTS], key);
        if (wanted)
            compare(tally, &model->tensors[i], wanted, (size_t)wanted->elements);
    }
}

static void read_file(struct reading *reading, const char *file)
{
    struct error error = {0};
    struct tally tally = {0};
    struct model *model = open_file(reading->folder, file, &error);
    if (!model) {
        printf("%-44s not opened: %s\n", file, error.text);
        return;
    }
    (strncmp(file, "gguf_quants/", 12) == 0 ? compare_quants : compare_model)(reading, file, model,
                                                                             &tally);
    printf("%-44s %-14s %4zu tensors, %3zu compared, %zu different%s%s", file, model->format,
           tally.tensors, tally.compared, tally.different, tally.different ? ": " : "",
           tally.first);
    if (tally.worst > 0)
        printf(", at most %.3f of what rounding to blocks may cost", tally.worst);
    printf("\n");
    reading->files += tally.compared > 0;
    reading->failed += tally.different > 0;
    model_free(model);
}

static int is_listed(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && !strstr(entry->d_name, "expected");
}

static void read_folder(struct reading *reading, const char *name)
{
    struct text path = {0};
    struct dirent **entries;
    text_printf(&path, "%s/%s", reading->folder, name);
    int n = scandir(path.data, &entries, is_listed, alphasort);
    for (int i = 0; i < n; i++) {
        text_clear(&path);
        text_printf(&path, "%s/%s", name, entries[i]->d_name);
        if (strcmp(entries[i]->d_name, "npy") == 0)
            read_folder(reading, path.data);
        else
            read_file(reading, path.data);
        free(entries[i]);
    }
    text_done(&path);
    if (n >= 0)
        free(entries);
}

int main(int count, char **arguments)
{
    struct text folder = {0};
    struct error error = {0};
    if (count != 2)
        return 2;
    text_printf(&folder, "%s/formats", arguments[1]);
    struct reading reading = {.folder = folder.data};
    for (int i = 0; i < REFERENCES; i++) {
        reading.references[i] = open_file(folder.data, reference_paths[i], &error);
        if (!reading.references[i]) {
            fprintf(stderr, "%s\n", error.text);
            return 1;
        }
    }
    read_folder(&reading, "resnet20");
    read_folder(&reading, "gguf_quants");
    for (int i = 0; i < REFERENCES; i++)
        model_free(reading.references[i]);
    text_done(&folder);
    printf("%zu files with known values, %zu of them with others\n", reading.files, reading.failed);
    return reading.failed > 0 || reading.files < 45;
}
