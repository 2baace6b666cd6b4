/* SPDX-License-Identifier: MIT */
#include "linear/blas_threads.h"

/* OpenBLAS's own name for it, absent with any other library: so it is no dependency, and one that
 * is there is found by the linker.  Its environment variable is read before main, too early for us. */
__attribute__((weak)) void openblas_set_num_threads(int threads);

void blas_threads_none(void)
{
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
}
