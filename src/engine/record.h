/* SPDX-License-Identifier: MIT
 *
 * What a survey knows of a tensor.  Plain data without a pointer, about 5 KB, so that it can be
 * written to a file and looked at where the weights are not.
 *
 * Figures that are not defined are NaN.  The ladder is the usual scheme at all its widths:
 * symmetric, one uniform grid per channel, clip max, and theory for Gaussian channels on grids
 * without ends.
 */
#ifndef ENGINE_RECORD_H
#define ENGINE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/regression.h"

/* The ladder's widths in bits. */
#define RECORD_BITS_LEAST 2
#define RECORD_BITS_MOST  8
#define RECORD_WIDTHS     (RECORD_BITS_MOST - RECORD_BITS_LEAST + 1)

/* Elements and places that are named; all are counted. */
#define RECORD_WORST  20
#define RECORD_PLACES 4

/* Bins of max |w|/σ over the channels: so many to an octave from 1 on, which it never falls below;
 * the last one takes all that is larger. */
#define RECORD_RATIOS_PER_OCTAVE 8
#define RECORD_RATIOS            96

/* Whose channels a figure is of. */
enum record_channels {
    RECORD_ALL,    /* all that have a theory */
    RECORD_NORMAL, /* those of them that the test of Shapiro and Wilk does not reject */
    RECORD_CHANNELS
};

/* Fast pass: the weights. */
struct record_weights {
    uint64_t channels, elements, nonfinite;
    double mean, std, skewness, excess_kurtosis, min, max, abs_max;
    /* max |w|/σ of a channel: the median, the largest and which channel has it, and what Gaussian
     * draws let expect of one (the median of their maximum). */
    double abs_max_over_std_median, abs_max_over_std, abs_max_expected;
    uint64_t worst_channel;
    uint32_t ratio[RECORD_RATIOS]; /* channels by max |w|/σ */
};

/* Fast pass: a width of the ladder.  Nothing is clipped at any. */
struct record_error {
    double mean, std, mse, abs_max;          /* of e over all elements */
    double theory_mean, theory_std, pqn_std; /* pooled over channels that have a theory */
    double sqnr_db, theory_sqnr_db;
    uint64_t wide_channels; /* with q/σ > 2, where PQN is strained at best */
    /* Over channels: theory's std and mean of e (x) against the measured (y).  Those of the normal
     * channels are empty before the slow pass. */
    struct regression std_fit[RECORD_CHANNELS], mean_fit[RECORD_CHANNELS];
};

/* Slow pass: whether the weights are Gaussian. */
struct record_normality {
    uint64_t tested, normal;        /* channels; of Shapiro and Wilk */
    double ks_gaussian, ks_laplace; /* Kolmogorov distances of all elements, both fitted */
    bool laplace;                   /* the nearer family */
};

/* Slow pass: outliers, in the order of enum outlier_rule. */
#define RECORD_OUTLIER_RULES 3

/* The row or column with the most outliers by the first rule. */
struct record_line {
    uint64_t hit;          /* rows or columns that hold any */
    uint64_t index, count; /* of the first that holds most, and how many it holds */
};

struct record_outlier {
    uint64_t channel, column;
    double value;
    double sigmas, channel_sigmas; /* |w - µ|/σ of the tensor, and of the channel */
};

struct record_outliers {
    double limit[RECORD_OUTLIER_RULES];
    uint64_t count[RECORD_OUTLIER_RULES];
    struct record_line row, column; /* column.hit 0 where channels are too long to count */
    uint32_t listed;
    struct record_outlier worst[RECORD_WORST]; /* furthest first */
};

/* Slow pass: what no tensor should have.  Kinds in the order of enum audit_kind. */
#define RECORD_AUDIT_KINDS 4

struct record_elements {
    uint64_t count;
    uint32_t listed; /* the first ones, in the order of channels */
    struct {
        uint64_t channel, column;
    } place[RECORD_PLACES];
};

struct record_lines {
    uint64_t count;
    uint32_t listed;
    uint64_t channel[RECORD_PLACES];
    uint64_t same_as[RECORD_PLACES]; /* of duplicates: the first channel that is the same */
};

struct record_audit {
    struct record_elements elements[RECORD_AUDIT_KINDS]; /* NaN, +inf, -inf, denormal */
    struct record_lines zero, constant, duplicate;       /* channels */
    bool dead;                                           /* a vector whose elements are all alike */
    double dead_value;                                   /* what they are */
};

/* The scheme that the survey was asked for, whatever it is, and theory for the asked source. */
struct record_scheme {
    double error_mean, error_std, error_mse, error_abs_max, clipped_share;
    double theory_error_mean, theory_error_std, pqn_error_std;
    double sqnr_db, theory_sqnr_db;
    double step_over_std_median, step_over_std_max; /* q/σ over channels */
    double bits_per_weight;
};

/* Which members hold something. */
enum record_parts {
    RECORD_FAST = 1 << 0,   /* weights and error */
    RECORD_SLOW = 1 << 1,   /* normality, outliers, audit and fits of normal channels */
    RECORD_SCHEME = 1 << 2, /* scheme */
};

struct survey_record {
    unsigned parts; /* of enum record_parts */
    /* Why nothing (more) is known: "has a type that is not decoded", "was truncated ..."; else
     * empty.  Printable. */
    char failure[256];
    bool vector; /* fewer than two dimensions: a bias or a norm, to be set apart */
    struct record_weights weights;
    struct record_error error[RECORD_WIDTHS]; /* by bits - RECORD_BITS_LEAST */
    struct record_normality normality;
    struct record_outliers outliers;
    struct record_audit audit;
    struct record_scheme scheme;
};

/* Whether the ladder has this width; then its figures. */
bool record_has_bits(int bits);
const struct record_error *record_error(const struct survey_record *record, int bits);

/* q/σ over the channels on the ladder: q is the channel's max |w| over the levels on a side. */
double record_step_over_std_median(const struct survey_record *record, int bits);
double record_step_over_std_max(const struct survey_record *record, int bits);

/* Lower end of a bin of weights.ratio on the scale of q/σ; that of bin RECORD_RATIOS is the upper
 * end of the last one. */
double record_ratio_low(size_t bin, int bits);

/* Decibels below what the distribution should give, theory_sqnr_db - sqnr_db of the scheme. */
double record_gap_db(const struct survey_record *record);

/* Share of the tested channels that are normal; NaN if none was tested. */
double record_normal_share(const struct survey_record *record);

/* Whether nothing in the audit is worth a word; denormals alone are not. */
bool record_clean(const struct survey_record *record);

#endif
