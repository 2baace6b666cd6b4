/* SPDX-License-Identifier: MIT
 *
 * The quantizer of one unit of weights, whatever its levels are, and what theory makes of it.
 */
#ifndef QUANT_QUANTIZER_H
#define QUANT_QUANTIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quant/clip_search.h"
#include "quant/codebook.h"
#include "quant/grid.h"
#include "quant/levels.h"
#include "quant/scheme.h"
#include "quant/theory.h"
#include "stats/moments.h"

struct quantizer {
    enum levels_kind kind;
    struct grid grid; /* of LEVELS_UNIFORM */
    /* Of codebooks: levels are location + scale * level.  Lent by the books it was made of. */
    const struct codebook *codebook;
    double location, scale;
    const struct block_format *format; /* of LEVELS_BLOCKS */
    double outer;                      /* the format's scale for the whole tensor */
    /* What the scale tells of the unit, if it is that of a block or of a codebook with clip max:
     * where the weights end, and that the one (of a format with a minimum, the two) that it was
     * made of lies there.  In units of the scale from the location, as levels are. */
    struct theory_extremes extremes;
    /* How pictures measure it: errors in units of step, weights as (w - centre) / reach, so that
     * levels with the same code lie at the same place in every unit.  For a uniform grid step is
     * q; for a codebook the mean distance of neighbouring levels.  0: a unit without spread. */
    double step, centre, reach;
};

/* A unit, as far as its quantizer needs to know it. */
struct unit_facts {
    const struct moments *moments;
    struct clip_range found;         /* for rules of which scheme_searches is true */
    double median, deviation;        /* of CODEBOOK_BY_SPREAD for a Laplace; else not looked at */
    bool laplace;                    /* the family it is given */
    const struct codebook *codebook; /* of that family, or of its own values; NULL: uniform */
    double tensor_abs_max;           /* for a format with an outer scale */
    const struct block_place *place; /* of a block, in `codebook`; NULL: not known */
};

/* A unit without finite elements, or of zeros, makes no error (of a codebook too).  For a scheme
 * with a family of its own (LEVELS_FAMILY_GAUSSIAN, _LAPLACE) that of the facts is not looked at. */
struct quantizer quantizer_make(const struct scheme *scheme, const struct unit_facts *facts);

/* The widest range of a unit, which rules shrink by a factor: -max |w| and max |w|, or for an
 * asymmetric scheme the extremes with 0 between them. */
struct clip_range quantizer_widest(const struct scheme *scheme, const struct moments *moments);

/* The quantizer's levels as the clip search shrinks them: to be made of the widest range.  The
 * quantizer, of a grid or a codebook that takes a clip, is lent. */
struct clip_grids quantizer_grids(const struct quantizer *quantizer);

/* e[i] = Q(w[i]) - w[i] and the level's index 0 .. levels-1, ascending, in code[i] if code is not
 * NULL and levels can be counted (quantizer_levels > 0, else code stays as it is); NaN and index 0
 * for elements that are not finite.  A block format takes runs of whole blocks. */
void quantizer_round(const struct quantizer *quantizer, const double w[], size_t n, double e[],
                     int32_t code[]);

/* Elements that the levels do not reach (MATH §4): further beyond the outermost level than half
 * its cell.  Of blocks only what fitter_fit has made knows its levels; others count none. */
uint64_t quantizer_clipped(const struct quantizer *quantizer, const double w[], size_t n);

/* How many levels, for one bit with the 0 of weights that are 0; 0 where there are more than 256 or
 * blocks have their own. */
size_t quantizer_levels(const struct quantizer *quantizer);

/* Where they lie in the picture, (level - centre) / reach, ascending. */
void quantizer_positions(const struct quantizer *quantizer, double position[]);

/* What theory predicts for a source, and weight * P(e/step <= t[i]) added to cdf[i] for n ascending
 * t.  endless: as a grid that never clips (scheme_endless); of no meaning for codebooks, which have
 * their quantizer's extremes instead.  For LEVELS_BLOCKS the quantizer must be one of fitter_fit's.
 * A quantizer whose step is 0 takes all to one place, which counts as overload, and has no curve:
 * nothing is added.  NaN where a block format stores infinity. */
struct prediction quantizer_predict(const struct quantizer *quantizer, const struct source *source,
                                    bool endless);
void quantizer_add_curve(const struct quantizer *quantizer, const struct source *source,
                         bool endless, double weight, const double t[], size_t n, double cdf[]);

#endif
