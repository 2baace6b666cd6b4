/* SPDX-License-Identifier: MIT */
#include "ui/pace.h"

#include <math.h>

/* Over a usual link, and over a slow one. */
static const struct rate {
    double most;     /* frames a second */
    double burst;    /* frames one right after the other, after a rest */
    double interim;  /* seconds that a final report has to come instead of an interim one */
    double progress; /* seconds between frames for progress alone */
} rates[2] = {
    {30, 3, 0.04, 0.1},
    {4, 2, 1.5, 2},
};

/* Progress leaves this many times as much time to all else as its frames take. */
#define PROGRESS_SHARE 9

static const struct rate *rate_of(const struct pace *pace)
{
    return &rates[pace->thrifty];
}

static double credit_at(const struct pace *pace, double now)
{
    const struct rate *rate = rate_of(pace);
    return fmin(pace->credit + (now - pace->reckoned) * rate->most, rate->burst);
}

struct pace pace_new(bool thrifty, double now)
{
    return (struct pace){.thrifty = thrifty,
                         .credit = rates[thrifty].burst,
                         .reckoned = now,
                         .shown = now,
                         .progress = now};
}

double pace_wait(const struct pace *pace, enum pace_reason reason, double now)
{
    const struct rate *rate = rate_of(pace);
    /* What nobody waits for leaves a frame to the next key. */
    const double needed = reason == PACE_ANSWER ? 1 : fmin(2, rate->burst);
    double wait = (needed - credit_at(pace, now)) / rate->most;
    if (reason == PACE_INTERIM)
        wait = fmax(wait, pace->shown + rate->interim - now);
    if (reason == PACE_PROGRESS)
        wait = fmax(wait, pace->progress - now);
    return fmax(wait, 0);
}

void pace_show(struct pace *pace, bool progress, double begun, double now)
{
    pace->credit = credit_at(pace, now) - 1;
    pace->reckoned = pace->shown = now;
    if (progress)
        pace->progress = now + fmax(rate_of(pace)->progress, PROGRESS_SHARE * (now - begun));
}
