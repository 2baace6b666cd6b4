/* SPDX-License-Identifier: MIT */
#include "engine/layer_group.h"

#include <math.h>

#include "base/mem.h"
#include "linear/dense.h"
#include "linear/max_alignment.h"
#include "linear/moment_sums.h"

/* About 1 MiB of a weight, but enough rows for products with them to be fast. */
#define ELEMENTS_AT_ONCE 131072
#define ROWS_LEAST       32
#define ROWS_MOST        64

/* 16 MiB of the widest. */
#define ELEMENTS_MOST (1 << 21)

_Static_assert(LAYER_COLUMNS_MOST <= ELEMENTS_MOST, "room for a row");

size_t layer_rows_at_once(size_t columns)
{
    const size_t some = columns > 0 ? columns : 1;
    const size_t rows = ELEMENTS_AT_ONCE / some, most = ELEMENTS_MOST / some;
    const size_t wanted = rows < ROWS_LEAST ? ROWS_LEAST : rows > ROWS_MOST ? ROWS_MOST : rows;
    return wanted < most ? wanted : most;
}

/* Replaces what is not finite by 0; returns how many there were. */
static uint64_t clear_nonfinite(double w[], size_t n)
{
    uint64_t cleared = 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(w[i])) {
            w[i] = 0;
            cleared++;
        }
    return cleared;
}

static bool read_rows(const struct layer_group *group, size_t member, size_t first, size_t n,
                      double w[], uint64_t *nonfinite, struct error *error)
{
    const size_t count = n * group->columns;
    if (!tensor_read(group->member[member].tensor, group->view, (uint64_t)first * group->columns,
                     count, w, error))
        return false;
    *nonfinite = clear_nonfinite(w, count);
    return true;
}

bool layer_read_rows(const struct layer_group *group, size_t member, size_t first, size_t n,
                     double w[], struct error *error)
{
    uint64_t nonfinite;
    return read_rows(group, member, first, n, w, &nonfinite, error);
}

static void add_maxima(double maxima[], const double w[], size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            maxima[j] = fmax(maxima[j], fabs(w[i * columns + j]));
}

/* To be asked between blocks of rows: waits while the work is held. */
static bool is_cancelled(const struct watch *watch, struct error *error)
{
    gate_pass(watch->gate, &watch->cancel);
    return atomic_load(&watch->cancel) && !error_set(error, ERROR_CANCELLED, "cancelled");
}

/* Goes through the rows of a member once.  w has room for layer_rows_at_once. */
static bool sum_member(struct layer_group *group, size_t i, struct moment_sums *sums, double w[],
                       struct watch *watch, struct error *error)
{
    struct layer_member *member = &group->member[i];
    const size_t most = layer_rows_at_once(group->columns);
    for (size_t first = 0, n; first < member->rows; first += n) {
        uint64_t nonfinite;
        n = member->rows - first < most ? member->rows - first : most;
        if (is_cancelled(watch, error) || !read_rows(group, i, first, n, w, &nonfinite, error))
            return false;
        member->nonfinite += nonfinite;
        add_maxima(group->maxima, w, n, group->columns);
        moment_sums_add(sums, w, n);
        atomic_fetch_add(&watch->done, n);
    }
    return true;
}

/* Adds a moment to the group's, in the group's blocks. */
static bool add_moment(struct layer_group *group, const struct moment *own)
{
    double *total = (double *)group->w.value;
    double *value = moment_rearrange(own, group->w.block);
    if (!value)
        return false;
    /* Beneath a last, shorter block there may be anything, and anything may be added to it. */
    for (size_t i = 0; i < group->w.block * group->columns; i++)
        total[i] += value[i];
    mem_free(value);
    return true;
}

/* Destroys a member's whole WᵀW. */
static double find_max_alignment(const struct layer_group *group, double w[])
{
    const struct moment *x = &group->inputs->moment;
    return x->value && x->block == group->columns
               ? max_alignment(x->value, w, group->columns)
               : max_alignment_diagonal(x->value, w, group->columns);
}

static bool add_member(struct layer_group *group, size_t i, size_t block, double w[],
                       struct watch *watch, struct error *error)
{
    struct moment_sums *sums = moment_sums_new(group->columns, block);
    if (sums && !sum_member(group, i, sums, w, watch, error)) {
        moment_sums_free(sums);
        return false;
    }
    double *value = sums ? moment_sums_finish(sums, 1) : NULL;
    const struct moment own = {group->columns, block, value};
    const bool added = value && add_moment(group, &own);
    if (added && group->bounded)
        group->member[i].max_alignment = find_max_alignment(group, value);
    mem_free(value);
    return added || error_set(error, ERROR_SYSTEM, "no memory for a second moment of %zu x %zu",
                              block, group->columns);
}

static void group_free(struct part *part)
{
    struct layer_group *group = (struct layer_group *)part;
    mem_free(group->maxima);
    mem_free((double *)group->w.value);
    if (group->inputs)
        part_unref(&group->inputs->part);
    mem_free(group->member);
    mem_free(group);
}

size_t layer_group_block(const struct transform_spec transforms[], size_t n, size_t columns)
{
    size_t block = 1;
    for (size_t i = 0; i < n; i++) {
        const size_t wanted = transform_spec_needs(&transforms[i], columns).moment_block;
        block = moment_common_block(columns, block, wanted > 0 ? wanted : 1);
    }
    return block;
}

static struct layer_group *group_new(const struct layer_group_request *request)
{
    struct layer_group *group = mem_zero(1, sizeof *group);
    part_init(&group->part, sizeof *group, group_free);
    group->view = request->view;
    group->columns = (size_t)tensor_channel_length(request->tensors[0], request->view);
    group->count = request->count;
    group->bounded = !request->basis_only && group->columns <= LAYER_MAX_ALIGNMENT_COLUMNS &&
                     dense_check_size(group->columns, "alignment", NULL);
    group->member = mem_zero(group->count, sizeof *group->member);
    group->maxima = mem_zero(group->columns, sizeof *group->maxima);
    for (size_t i = 0; i < group->count; i++)
        group->member[i] = (struct layer_member){
            .tensor = request->tensors[i],
            .rows = (size_t)tensor_channels(request->tensors[i], request->view),
            .max_alignment = NAN,
        };
    return group;
}

/* Reads inputs and weights.  own_block is that of the members' own moments. */
static bool fill(struct layer_group *group, const struct layer_group_request *request,
                 size_t own_block, struct watch *watch, struct error *error)
{
    group->inputs = layer_inputs_read(request->match, group->columns, own_block, error);
    if (!group->inputs)
        return false;
    uint64_t rows = 0;
    for (size_t i = 0; i < group->count; i++)
        rows += group->member[i].rows;
    watch_begin(watch, "layers", rows);
    double *w = mem_alloc(layer_rows_at_once(group->columns), group->columns * sizeof *w);
    bool ok = true;
    for (size_t i = 0; ok && i < group->count; i++)
        ok = add_member(group, i, own_block, w, watch, error);
    mem_free(w);
    return ok;
}

bool layer_group_check(const struct tensor *tensor, struct tensor_view view, struct error *error)
{
    const uint64_t columns = tensor_channel_length(tensor, view);
    return columns <= LAYER_COLUMNS_MOST ||
           error_set(error, ERROR_USAGE, "%s: has %llu columns, more than %d", tensor->label,
                     (unsigned long long)columns, LAYER_COLUMNS_MOST);
}

const struct layer_group *layer_group_compute(const struct layer_group_request *request,
                                              struct watch *watch, struct error *error)
{
    if (!layer_group_check(request->tensors[0], request->view, error))
        return NULL;
    struct layer_group *group = group_new(request);
    const size_t columns = group->columns;
    const size_t block = layer_group_block(request->transforms, request->transform_count, columns);
    group->w = (struct moment){columns, block, mem_try(block, columns * sizeof(double))};
    bool ok =
        group->w.value || error_set(error, ERROR_SYSTEM,
                                    "no memory for a second moment of %zu x %zu", block, columns);
    ok = ok && fill(group, request, group->bounded ? columns : block, watch, error);
    group->part.bytes += (block + 1) * columns * sizeof(double);
    if (ok) {
        group->part.bytes += group->inputs->part.bytes;
        return group;
    }
    part_unref(&group->part);
    return NULL;
}
