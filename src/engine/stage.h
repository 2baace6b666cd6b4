/* SPDX-License-Identifier: MIT
 *
 * What every stage of an analysis is given: who works, on which rows, and who may stop it.
 */
#ifndef ENGINE_STAGE_H
#define ENGINE_STAGE_H

#include "base/error.h"
#include "engine/pool.h"
#include "engine/rows.h"

struct stage {
    struct pool *pool;
    const struct rows *rows;
    struct watch *watch;
};

#endif
