/* SPDX-License-Identifier: MIT
 *
 * Tensors that share bytes, as tied weights and views do.  Sorted by where they begin, each tensor
 * asks those before it for the one that comes first in the file among those that end no earlier:
 * a tree of minima over the ends answers in logarithmic time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/torch.h"

struct extent {
    const struct tensor *tensor;
    uint64_t end;
    size_t index; /* of the tensor in the file's order */
    size_t
        rank; /* of the end among all, the last one being 1; equal ends of one content share it */
};

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_contents(const struct extent *a, const struct extent *b)
{
    return compare((uintptr_t)a->tensor->content, (uintptr_t)b->tensor->content);
}

/* Ends from the last to the first. */
static int compare_ends(const void *left, const void *right)
{
    const struct extent *a = left, *b = right;
    int order = compare_contents(b, a);
    return order ? order : compare(b->end, a->end);
}

/* What can hold others comes before them. */
static int compare_begins(const void *left, const void *right)
{
    const struct extent *a = left, *b = right;
    int order = compare_contents(a, b);
    order = order ? order : compare(a->tensor->offset, b->tensor->offset);
    order = order ? order : compare(b->end, a->end);
    return order ? order : compare(a->index, b->index);
}

/* True if every element between the first and the last is the tensor's: its strides are those of
 * some order of its dimensions. */
static bool is_dense(const struct tensor *tensor)
{
    uint64_t expected = 1;
    for (bool found = true; found && tensor->strides && expected < tensor->elements;) {
        found = false;
        for (unsigned i = 0; i < tensor->rank && !found; i++) {
            found = tensor->dims[i] > 1 && tensor->strides[i] == expected;
            if (found)
                expected *= tensor->dims[i];
        }
    }
    return !tensor->strides || expected == tensor->elements;
}

/* True for two tensors that are laid out alike over the same bytes. */
static bool is_same(const struct extent *a, const struct extent *b)
{
    const struct tensor *s = a->tensor, *t = b->tensor;
    size_t size = s->rank * sizeof *s->dims;
    return s->content == t->content && s->offset == t->offset && s->bytes == t->bytes &&
           s->dtype == t->dtype && s->rank == t->rank && s->strides && t->strides && size > 0 &&
           memcmp(s->dims, t->dims, size) == 0 && memcmp(s->strides, t->strides, size) == 0;
}

static void rank_ends(struct extent *extents, size_t count)
{
    qsort(extents, count, sizeof *extents, compare_ends);
    for (size_t i = 0; i < count; i++)
        extents[i].rank =
            i > 0 && compare_ends(&extents[i - 1], &extents[i]) == 0 ? extents[i - 1].rank : i + 1;
}

/* The tree: least[r] is the smallest index of those of some ranks up to r. */
static size_t least_to(const size_t *least, size_t rank)
{
    size_t index = SIZE_MAX;
    for (; rank > 0; rank &= rank - 1)
        if (least[rank] < index)
            index = least[rank];
    return index;
}

static void enter(size_t *least, size_t count, const struct extent *extent)
{
    for (size_t rank = extent->rank; rank <= count; rank += rank & -rank)
        if (extent->index < least[rank])
            least[rank] = extent->index;
}

/* Ranks of a content's ends lie behind those of contents that the sweep has yet to come to, so
 * only its own are found. */
static void sweep(struct tensor *tensors, const struct extent *extents, size_t count)
{
    size_t *least = mem_alloc(count + 1, sizeof *least);
    for (size_t i = 0; i <= count; i++)
        least[i] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t index = extents[i].index, holder = least_to(least, extents[i].rank);
        if (holder >= index && i > 0 && is_same(&extents[i - 1], &extents[i]))
            holder = extents[i - 1].index;
        if (holder < index) {
            const char *alias = tensors[holder].alias_of;
            tensors[index].alias_of = alias ? alias : tensors[holder].label;
        }
        if (is_dense(extents[i].tensor))
            enter(least, count, &extents[i]);
    }
    mem_free(least);
}

void torch_find_aliases(struct tensor *tensors, size_t count)
{
    struct extent *extents = mem_alloc(count, sizeof *extents);
    size_t held = 0;
    for (size_t i = 0; i < count; i++)
        if (tensors[i].bytes > 0)
            extents[held++] =
                (struct extent){&tensors[i], tensors[i].offset + tensors[i].bytes, i, 0};
    if (held > 0) {
        rank_ends(extents, held);
        qsort(extents, held, sizeof *extents, compare_begins);
        sweep(tensors, extents, held);
    }
    mem_free(extents);
}
