/* SPDX-License-Identifier: MIT */
#include "engine/scan.h"

#include <string.h>

#include "base/mem.h"
#include "model/outline.h"

/* What is being brought together: scans of one or several files of a model. */
struct merger {
    const struct scan *const *scans;
    const char *const *names;
    size_t n;
    size_t *first; /* of each scan: where its tensors begin in the whole */
    struct error *error;
};

static bool same_tensor(const struct tensor *a, const struct tensor *b)
{
    return a->name_length == b->name_length && memcmp(a->name, b->name, a->name_length) == 0 &&
           strcmp(a->dtype_name, b->dtype_name) == 0 && a->rank == b->rank &&
           (a->rank == 0 || memcmp(a->dims, b->dims, a->rank * sizeof *a->dims) == 0);
}

bool scan_same_model(const struct model *a, const struct model *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = same_tensor(&a->tensors[i], &b->tensors[i]);
    return same;
}

static bool check_settings(const struct merger *merger)
{
    const struct scan *first = merger->scans[0];
    for (size_t i = 1; i < merger->n; i++) {
        const struct scan *scan = merger->scans[i];
        if (strcmp(scan->version, first->version) != 0)
            return error_set(merger->error, ERROR_USAGE, "%s is of version %s and %s of version %s",
                             merger->names[0], first->version, merger->names[i], scan->version);
        if (strcmp(scan->settings.data, first->settings.data) != 0)
            return error_set(merger->error, ERROR_USAGE, "%s and %s have different settings",
                             merger->names[0], merger->names[i]);
    }
    return true;
}

/* The first scan of the same model as scan i; i itself if there is none before it. */
static size_t first_of_model(const struct merger *merger, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (scan_same_model(merger->scans[i]->model, merger->scans[j]->model))
            return j;
    return i;
}

/* The path of a model of several files is their folder, if they have one in common. */
static void common_path(const struct merger *merger, struct text *path)
{
    const char *first = merger->scans[0]->model->path, *slash = strrchr(first, '/');
    size_t folder = slash ? (size_t)(slash - first) : 0;
    bool one = true, common = folder > 0;
    for (size_t i = 1; i < merger->n; i++) {
        const char *other = merger->scans[i]->model->path, *last = strrchr(other, '/');
        one &= merger->first[i] == 0;
        common =
            common && last && (size_t)(last - other) == folder && memcmp(first, other, folder) == 0;
    }
    text_add(path, first, !one && common ? folder : strlen(first));
}

static bool add_tensors(struct model *outline, const struct model *model, struct error *error)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        const struct outline_tensor copy = {
            .name = tensor->name,
            .name_length = tensor->name_length,
            .dtype = tensor->dtype_name,
            .rank = tensor->rank,
            .dims = tensor->dims,
            .bytes = tensor->bytes,
            .alias_of = tensor->alias_of,
        };
        if (!outline_add(outline, &copy, SCAN_REASON, error))
            return false;
    }
    return true;
}

static struct model *join_models(struct merger *merger)
{
    size_t tensors = 0;
    for (size_t i = 0; i < merger->n; i++) {
        size_t same = first_of_model(merger, i);
        merger->first[i] = same < i ? merger->first[same] : tensors;
        tensors += same < i ? 0 : merger->scans[i]->model->count;
    }
    struct text path = {0};
    common_path(merger, &path);
    struct model *outline = outline_new(path.data, merger->scans[0]->model->format);
    text_done(&path);
    bool good = true;
    for (size_t i = 0; good && i < merger->n; i++)
        if (first_of_model(merger, i) == i)
            good = add_tensors(outline, merger->scans[i]->model, merger->error);
    if (good && outline_check(outline, merger->error))
        return outline;
    model_free(outline);
    return NULL;
}

/* Whether two scans say the same of a tensor, to the last digit. */
static bool same_record(const struct scan *a, size_t i, const struct scan *b, size_t j)
{
    struct text first = {0}, second = {0};
    scan_write_record(&first, a, i, true);
    scan_write_record(&second, b, j, true);
    /* They differ in the index where the models do. */
    const char *x = strchr(first.data, ','), *y = strchr(second.data, ',');
    bool same = strcmp(x, y) == 0;
    text_done(&first);
    text_done(&second);
    return same;
}

static bool add_records(const struct merger *merger, struct scan *whole, size_t i)
{
    const struct scan *scan = merger->scans[i];
    for (size_t j = 0; j < scan->model->count; j++) {
        size_t place = merger->first[i] + j;
        if (!scan->records[j])
            continue;
        if (whole->records[place] && !same_record(whole, place, scan, j))
            return error_set(merger->error, ERROR_USAGE,
                             "%s has other figures of %.200s than a scan before it",
                             merger->names[i], scan->model->tensors[j].label);
        scan_keep(whole, place, scan->records[j]);
    }
    return true;
}

/* Whether all parts that scan i is one of are there and came to their end. */
static bool has_all_parts(const struct merger *merger, size_t i)
{
    unsigned parts = merger->scans[i]->parts, found = 0;
    bool *seen = mem_zero((size_t)parts + 1, sizeof *seen);
    for (size_t j = 0; j < merger->n; j++) {
        const struct scan *scan = merger->scans[j];
        if (merger->first[j] != merger->first[i] || !scan->complete || scan->parts != parts)
            continue;
        found += !seen[scan->part];
        seen[scan->part] = true;
    }
    mem_free(seen);
    return found == parts;
}

/* Whether the scans together have all of the model that scan i is of; a scan of the whole model
 * does not need the parts that lie beside it. */
static bool is_covered(const struct merger *merger, size_t i)
{
    for (size_t j = 0; j < merger->n; j++)
        if (merger->first[j] == merger->first[i] && has_all_parts(merger, j))
            return true;
    return false;
}

struct scan *scan_merge(const struct scan *const scans[], const char *const names[], size_t n,
                        struct error *error)
{
    struct merger merger = {scans, names, n, mem_zero(n, sizeof(size_t)), error};
    struct model *outline = check_settings(&merger) ? join_models(&merger) : NULL;
    struct scan *whole = NULL;
    bool good = outline != NULL;
    if (good) {
        whole = scan_new(scans[0]->version, scans[0]->settings.data, outline);
        whole->outline = outline;
        whole->complete = true;
    }
    for (size_t i = 0; good && i < n; i++) {
        good = add_records(&merger, whole, i);
        whole->complete &= is_covered(&merger, i);
    }
    mem_free(merger.first);
    if (good)
        return whole;
    scan_free(whole);
    return NULL;
}
