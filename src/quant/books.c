/* SPDX-License-Identifier: MIT */
#include "quant/fitter.h"

#include <math.h>

#include "base/mem.h"

/* The second one is the Laplace's, or of a block format the mirrored one. */
struct books {
    struct codebook *codebook[2];
};

static const struct source families[2] = {
    {.type = &source_gaussian, .mean = 0, .std = 1},
    {.type = &source_laplace, .mean = 0, .std = 1},
};

/* Those that the scheme may ask for. */
static bool make_families(struct books *books, const struct scheme *scheme, struct error *error)
{
    const struct codebook_type *type = scheme->levels.codebook;
    for (size_t i = 0; i < 2; i++) {
        if (scheme->levels.family == (i == 0 ? LEVELS_FAMILY_LAPLACE : LEVELS_FAMILY_GAUSSIAN))
            continue;
        books->codebook[i] = type->make(type, scheme->bits, &families[i], error);
        if (!books->codebook[i])
            return false;
    }
    return true;
}

static bool make_one(struct books *books, const struct scheme *scheme, struct error *error)
{
    const struct codebook_type *type = scheme->levels.codebook;
    books->codebook[0] = type->make(type, scheme->bits, NULL, error);
    return books->codebook[0];
}

static struct codebook *mirror(const struct codebook *codebook)
{
    const size_t n = codebook->count;
    double *level = mem_alloc(n, sizeof *level);
    for (size_t i = 0; i < n; i++)
        level[i] = -codebook->level[n - 1 - i];
    struct codebook *mirrored = codebook_of_levels(level, n, NULL);
    mem_free(level);
    return mirrored;
}

static bool make_elements(struct books *books, const struct block_format *format)
{
    books->codebook[0] = format->elements(format);
    books->codebook[1] = mirror(books->codebook[0]);
    return true;
}

static bool fill(struct books *books, const struct scheme *scheme, struct error *error)
{
    const struct levels *levels = &scheme->levels;
    if (levels->kind == LEVELS_BLOCKS)
        return make_elements(books, levels->format);
    if (levels->kind != LEVELS_CODEBOOK)
        return true;
    return levels->codebook->scale == CODEBOOK_BY_SPREAD ? make_families(books, scheme, error)
                                                         : make_one(books, scheme, error);
}

struct books *books_make(const struct scheme *scheme, struct error *error)
{
    struct books *books = mem_zero(1, sizeof *books);
    if (fill(books, scheme, error))
        return books;
    books_free(books);
    return NULL;
}

void books_free(struct books *books)
{
    if (!books)
        return;
    codebook_free(books->codebook[0]);
    codebook_free(books->codebook[1]);
    mem_free(books);
}

const struct codebook *books_codebook(const struct books *books, bool laplace)
{
    const struct codebook *wanted = books->codebook[laplace];
    return wanted ? wanted : books->codebook[!laplace];
}

const struct codebook *books_elements(const struct books *books, bool mirrored)
{
    return books->codebook[mirrored];
}
