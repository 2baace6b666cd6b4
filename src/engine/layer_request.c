/* SPDX-License-Identifier: MIT
 *
 * The bits of what is asked about a layer: more of them, and in words.
 */
#include "engine/layer.h"
#include "linear/token_grid.h"
#include "quant/levels.h"

bool layer_request_add_bits(struct layer_request *request, int more)
{
    int least, most;
    levels_bits(&request->scheme.levels, &least, &most);
    const bool rounds_inputs = request->inputs.bits > 0;
    if (request->scheme.bits + more > most ||
        (rounds_inputs && request->inputs.bits + more > TOKEN_GRID_BITS_MOST))
        return false;
    request->scheme.bits += more;
    request->inputs.bits += rounds_inputs ? more : 0;
    return true;
}

void layer_request_print_bits(const struct layer_request *request, struct text *out)
{
    if (request->inputs.bits > 0)
        text_printf(out, "W%d A%d", request->scheme.bits, request->inputs.bits);
    else
        text_printf(out, "%d bits", request->scheme.bits);
}
