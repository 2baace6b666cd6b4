/* SPDX-License-Identifier: MIT
 *
 * When frames may be shown: at once where somebody waits for them, at most 30 a second, and what
 * nobody waits for less often, the less so the longer a frame takes to make and to send.  Pure
 * arithmetic over times in seconds.
 */
#ifndef UI_PACE_H
#define UI_PACE_H

#include <stdbool.h>

/* Why a frame is wanted; the larger is the more urgent. */
enum pace_reason {
    PACE_NOTHING,
    PACE_PROGRESS, /* work behind the screen has gone on */
    PACE_INTERIM,  /* a report that a better one will soon replace */
    PACE_ANSWER,   /* to a key, or a report that is final */
};

struct pace {
    bool thrifty;  /* over a slow link: a few frames a second */
    double credit; /* frames that may be shown at once, as of `reckoned` */
    double reckoned;
    double shown;    /* when the last frame was done */
    double progress; /* no frame for progress alone before this time */
};

struct pace pace_new(bool thrifty, double now);

/* Seconds until a frame may be shown for this reason; 0: now. */
double pace_wait(const struct pace *pace, enum pace_reason reason, double now);

/* A frame was composed and sent between these times.  progress: it shows how far work is. */
void pace_show(struct pace *pace, bool progress, double begun, double now);

#endif
