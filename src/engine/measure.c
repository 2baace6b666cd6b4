/* SPDX-License-Identifier: MIT */
#include "engine/measure.h"

/* Elements rounded at a time: their errors and codes stay in the first-level cache. */
#define SLICE PICTURES_SLICE

/* A part on its way.  Its errors, n so far, take the place of what the workspace's scratch held. */
struct way {
    const struct measurer *measurer;
    size_t part, row;
    const double *w;
    double *e;
    size_t n;                  /* elements rounded */
    size_t counted;            /* elements whose errors are in the distortion */
    struct measured *measured; /* NULL: rounded only */
};

/* Adds the errors of whole slices to the distortion, or of all that is left. */
static void count_errors(struct way *way, bool all)
{
    struct distortion *distortion = &way->measured->distortion;
    while (way->n - way->counted >= SLICE || (all && way->n > way->counted)) {
        const size_t left = way->n - way->counted, m = left < SLICE ? left : SLICE;
        distortion_add(distortion, way->w + way->counted, way->e + way->counted, m);
        way->counted += m;
    }
}

static void round_unit(struct way *way, const struct quantizer *quantizer, size_t n, bool count_now)
{
    struct pictures *pictures = way->measured ? way->measurer->pictures : NULL;
    int32_t code[SLICE];
    for (size_t done = 0, m; done < n; done += m) {
        const double *w = way->w + way->n;
        double *e = way->e + way->n;
        m = n - done < SLICE ? n - done : SLICE;
        quantizer_round(quantizer, w, m, e, pictures ? code : NULL);
        if (pictures)
            pictures_add(pictures, way->part, quantizer, w, e, code, m);
        if (way->measured)
            way->measured->distortion.clipped += quantizer_clipped(quantizer, w, m);
        way->n += m;
        if (count_now)
            count_errors(way, false);
    }
}

void measure_note_unit(const struct measurer *measurer, const struct quantizer *quantizer, size_t n,
                       struct measured *measured)
{
    const struct quantizers *quantizers = measurer->quantizers;
    struct quantizer lasting = *quantizer;
    if (!quantizers_last(quantizers))
        lasting.codebook = NULL;
    steps_add(&measured->steps, &quantizers->scheme, &lasting, n);
}

/* All units of the part.  count_now: errors are counted while they are at hand. */
static void round_part(struct way *way, bool count_now)
{
    const struct measurer *measurer = way->measurer;
    const struct quantizers *quantizers = measurer->quantizers;
    const uint64_t channel = measurer->rows->first + way->row;
    const uint64_t column = rows_part_column(measurer->rows, way->part);
    const size_t length = rows_part_length(measurer->rows, way->part);
    const bool whole = quantizers->across == 1 && length == measurer->rows->length;
    const struct moments *moments = whole ? &measurer->profile->channel[way->row] : NULL;
    while (way->n < length) {
        const uint64_t at = column + way->n, left = length - way->n;
        const uint64_t unit = quantizers->columns - at % quantizers->columns;
        const size_t n = (size_t)(unit < left ? unit : left);
        const struct quantizer quantizer =
            quantizers_at(quantizers, measurer->fitter, channel, at, moments, way->w + way->n, n);
        if (way->measured)
            measure_note_unit(measurer, &quantizer, n, way->measured);
        round_unit(way, &quantizer, n, count_now);
    }
}

static struct way set_out(const struct measurer *measurer, size_t part, struct workspace *workspace,
                          struct measured *measured)
{
    return (struct way){.measurer = measurer,
                        .part = part,
                        .row = rows_part_channel(measurer->rows, part),
                        .w = workspace->values,
                        .e = workspace->scratch,
                        .measured = measured};
}

void measure_part(const struct measurer *measurer, size_t part, const struct correction *correction,
                  struct workspace *workspace, struct measured *measured)
{
    const struct scheme *scheme = &measurer->quantizers->scheme;
    const bool corrects = scheme->correct_mean || scheme->correct_norm;
    struct way way = set_out(measurer, part, workspace, measured);
    round_part(&way, !corrects);
    if (corrects && correction) {
        correction_apply(correction, way.w, way.e, way.n);
    } else if (corrects) {
        struct correction_sums sums = {0};
        correction_add(&sums, way.w, way.e, way.n);
        const struct correction own = correction_make(scheme, &sums);
        correction_apply(&own, way.w, way.e, way.n);
    }
    count_errors(&way, true);
}

void measure_sums(const struct measurer *measurer, size_t part, struct workspace *workspace,
                  struct correction_sums *sums)
{
    struct way way = set_out(measurer, part, workspace, NULL);
    round_part(&way, false);
    correction_add(sums, way.w, way.e, way.n);
}
