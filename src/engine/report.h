/* SPDX-License-Identifier: MIT
 *
 * What is asked of the engine, and what it answers: an immutable report that commands print and
 * views draw.
 */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/audit.h"
#include "engine/belief.h"
#include "engine/comparison.h"
#include "engine/curve.h"
#include "engine/errors.h"
#include "engine/family.h"
#include "engine/layer.h"
#include "engine/layer_index.h"
#include "engine/layer_lineup.h"
#include "engine/normality.h"
#include "engine/outlier_costs.h"
#include "engine/outlier_map.h"
#include "engine/outliers.h"
#include "engine/profile.h"
#include "engine/quantizers.h"
#include "engine/rows.h"
#include "engine/spectrum.h"
#include "engine/spread.h"
#include "engine/synthetic.h"
#include "engine/tensor_basis.h"
#include "linear/transform_spec.h"
#include "model/tensor.h"
#include "quant/scheme.h"

#define REQUEST_ALL_CHANNELS (-1)

struct request {
    const struct tensor *tensor;
    struct tensor_view view;
    int64_t channel; /* or REQUEST_ALL_CHANNELS */
    struct transform_spec transform; /* of the input side; a vector has none */
    struct scheme scheme;
    enum belief belief; /* what theory takes the weights for */
    bool spectrum;      /* whether the characteristic function is wanted too */
    bool curve;         /* whether the clip's curve is, where the scheme has one (curve_refusal) */
    /* The model's linear layers under this view, lent for as long as the tensor is; NULL: a layer is
     * taken alone, and its input for isotropic. */
    const struct layer_index *layers;
    bool lineup;              /* whether the layer's figures behind several transforms are wanted */
    struct input_grid inputs; /* how its inputs are rounded there */
    /* Bit widths (COMPARISON_WIDTH) that schemes are compared at; 0: no comparison is wanted. */
    unsigned comparison;
    bool outliers;      /* whether the outliers and the audit are; then also: */
    struct outlier_limits limits; /* where outliers begin */
    struct outlier_region region; /* that the map is of; all zero: everything */
    /* Whether the figures are wanted alone: no pictures, spectrum, spread, normality. */
    bool figures_only;
    /* For a synthetic sample in the place of a tensor (which is then NULL): the source, of mean 0
     * and standard deviation 1, that it is drawn from, how many elements (0: no sample), and the
     * seed.  shift is added to every element.  For a synthetic layer there are as many draws as it
     * has weights. */
    struct source law;
    uint64_t draws;
    unsigned long seed;
    double shift;
    struct synthetic_layer layer; /* all zero: the sample is a vector */
};

bool request_equal(const struct request *a, const struct request *b);

/* The figures of a tensor (or of the channel asked for), named as in DESIGN §3.  NaN where not
 * defined. */
struct figures {
    uint64_t channels, elements, nonfinite;
    double mean, std, skewness, excess_kurtosis, min, max, abs_max;
    double bits_per_weight; /* stored, of the whole tensor */
    /* Over the channels; one that has several quantizers stands with their root mean squares. */
    double step_median, step_over_std_median, step_over_std_max, clip_over_std_median;
    double error_mean, error_std, error_mse, error_abs_max, clipped_share;
    double theory_error_mean, theory_error_std, pqn_error_std, error_ks;
    double sqnr_db, theory_sqnr_db;
    double pqn_deviation;    /* of the channel with the largest q/σ (MATH §3.7) */
    double abs_max_over_std; /* largest over the channels */
    double abs_max_expected; /* the same of Gaussian draws: median for one channel's length */
};

struct report {
    struct part part;
    struct request request;
    const struct synthetic *synthetic; /* the sample, if one was asked for */
    const struct tensor_basis *basis;  /* the transform; NULL: none */
    struct rows rows;                  /* the rows that profile and errors speak of */
    const struct profile *profile;
    const struct quantizers *quantizers; /* the whole tensor's, where channels share them */
    const struct errors *errors;
    const struct spectrum *spectrum;   /* NULL until it is known, or if it is not wanted */
    const struct curve *curve;         /* likewise */
    const struct comparison *comparison; /* likewise; shown from its first scheme on */
    const struct layer_lineup *lineup;   /* likewise; never of a sample */
    const struct spread *spread;       /* NULL until it is known */
    const struct family *family;       /* NULL until it is known */
    const struct normality *normality; /* NULL until it is known */
    /* Of all elements, never of a sample; NULL until they are known, or if they are not wanted. */
    const struct outliers *outliers;
    const struct outlier_map *outlier_map;
    const struct outlier_costs *outlier_costs;
    const struct audit *audit;
    /* Which of them come from a sample that an exact result will replace. */
    bool sampled, spectrum_sampled, curve_sampled, comparison_sampled, spread_sampled;
    bool family_sampled, normality_sampled;
    bool never_sampled; /* false: that of what is never taken from a sample */
    struct figures figures;
    /* If the analysis failed nothing above but request is set. */
    struct error error;
};

/* A report of these results, which it takes references of. */
const struct report *report_new(const struct report *content);

#endif
