/* SPDX-License-Identifier: MIT
 *
 * The columns of the tensor list: one table of where their values come from, how they are shown,
 * what is worth a second look, and what a module shows of its tensors.
 */
#ifndef UI_COLUMN_H
#define UI_COLUMN_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/record.h"
#include "engine/report.h"

enum column {
    COLUMN_NAME, /* the tree itself: it has no values */
    COLUMN_SIZE,
    COLUMN_SQNR,
    COLUMN_THEORY,
    COLUMN_GAP,
    COLUMN_RATIO,
    COLUMN_RATIO_MEDIAN,
    COLUMN_ERROR,
    COLUMN_KURTOSIS,
    COLUMN_PEAK,
    COLUMN_EXCESS,
    COLUMN_NORMAL,
    COLUMN_FAMILY,
    COLUMN_OUTLIERS,
    COLUMN_NONFINITE,
    COLUMN_COUNT
};

/* What a module shows of its tensors. */
enum column_gathering {
    GATHER_WORST, /* the matrix that is worst off; of vectors only if there is nothing else */
    GATHER_SUM,
    GATHER_MEAN, /* by elements, of the matrices likewise */
};

enum column_format { FORMAT_COUNT, FORMAT_TENTHS, FORMAT_HUNDREDTHS, FORMAT_WHOLE, FORMAT_FAMILY };

/* What a value depends on beside those above it. */
enum column_basis {
    BASIS_FILE,    /* the file alone */
    BASIS_WEIGHTS, /* how the tensor is looked at: its axis, scales and transform */
    BASIS_SCHEME,  /* the quantizer */
    BASIS_BELIEF,  /* what theory takes the weights for */
};

struct column_type {
    const char *name; /* for :sort and :filter */
    const char *title,
        *ascii_title;    /* ascii_title: where Unicode cannot be shown; NULL: the same */
    const char *meaning; /* a few words */
    int width;           /* a blank, the figure and its mark */
    enum column_format format;
    bool low_is_bad; /* worst first is smallest first */
    enum column_basis basis;
    enum column_gathering gathering;
    /* NaN where there is none.  The report has profile and errors.  NULL for name and size. */
    double (*of_report)(const struct report *report);
    double (*of_record)(const struct survey_record *record);
    bool (*worth_a_look)(double value); /* NULL: never */
};

extern const struct column_type column_types[COLUMN_COUNT];

/* The column of that name; a beginning that is no other's will do.  False with ERROR_USAGE, which
 * lists them. */
bool column_parse(const char *name, size_t length, enum column *column, struct error *error);

/* Appends a value as the list shows it; nothing for NaN. */
void column_print(struct text *out, enum column column, double value);

#endif
