/* SPDX-License-Identifier: MIT */
#include "engine/record.h"

#include <assert.h>
#include <math.h>

bool record_has_bits(int bits)
{
    return bits >= RECORD_BITS_LEAST && bits <= RECORD_BITS_MOST;
}

const struct record_error *record_error(const struct survey_record *record, int bits)
{
    assert(record_has_bits(bits));
    return &record->error[bits - RECORD_BITS_LEAST];
}

/* Levels of the ladder on a side. */
static double each_side(int bits)
{
    assert(record_has_bits(bits));
    return (double)((1 << (bits - 1)) - 1);
}

double record_step_over_std_median(const struct survey_record *record, int bits)
{
    return record->weights.abs_max_over_std_median / each_side(bits);
}

double record_step_over_std_max(const struct survey_record *record, int bits)
{
    return record->weights.abs_max_over_std / each_side(bits);
}

double record_ratio_low(size_t bin, int bits)
{
    return exp2((double)bin / RECORD_RATIOS_PER_OCTAVE) / each_side(bits);
}

double record_gap_db(const struct survey_record *record)
{
    return record->scheme.theory_sqnr_db - record->scheme.sqnr_db;
}

double record_normal_share(const struct survey_record *record)
{
    const struct record_normality *normality = &record->normality;
    return normality->tested ? (double)normality->normal / (double)normality->tested : (double)NAN;
}

bool record_clean(const struct survey_record *record)
{
    const struct record_audit *audit = &record->audit;
    uint64_t found = audit->zero.count + audit->constant.count + audit->duplicate.count;
    for (size_t kind = 0; kind + 1 < RECORD_AUDIT_KINDS; kind++)
        found += audit->elements[kind].count;
    return found == 0 && !audit->dead;
}
