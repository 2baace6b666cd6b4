/* SPDX-License-Identifier: MIT
 *
 * The glossary's figures taken out of a report, each named as its key; private to the glossary.
 */
#ifndef UI_GLOSSARY_VALUE_H
#define UI_GLOSSARY_VALUE_H

#include "engine/report.h"

/* Members of struct figures. */
#define GLOSSARY_FIGURES(X)                                                                  \
    X(channels) X(elements) X(nonfinite) X(mean) X(std) X(skewness) X(excess_kurtosis)       \
    X(min) X(max) X(abs_max) X(step_median) X(step_over_std_median) X(step_over_std_max)     \
    X(clip_over_std_median)                                                                  \
    X(error_mean) X(error_std) X(error_mse) X(error_abs_max) X(clipped_share)                \
    X(theory_error_mean) X(theory_error_std) X(pqn_error_std) X(error_ks) X(sqnr_db)         \
    X(theory_sqnr_db) X(pqn_deviation) X(abs_max_over_std) X(abs_max_expected)  \
    X(bits_per_weight)

/* What other parts of a report tell. */
#define GLOSSARY_OTHERS(X)                                                                   \
    X(normal_share) X(ks_gaussian) X(ks_laplace) X(outliers_6sigma) X(qq_r2)                 \
    X(cf_qt1) X(cf_qt2) X(cf_psi) X(index) X(step) X(clip) X(step_over_std)                  \
    X(shapiro_w) X(shapiro_p) X(concentration_db) X(alignment_db) X(max_alignment_db)        \
    X(approx_sqnr_db) X(measured_sqnr_db)

#define GLOSSARY_DECLARE(name) double glossary_value_##name(const struct report *report);
GLOSSARY_FIGURES(GLOSSARY_DECLARE)
GLOSSARY_OTHERS(GLOSSARY_DECLARE)
#undef GLOSSARY_DECLARE

#endif
