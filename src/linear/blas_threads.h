/* SPDX-License-Identifier: MIT
 *
 * Threads are the engine's affair: a BLAS that starts its own under each of our workers would have
 * more of them at work than there are processors.
 */
#ifndef LINEAR_BLAS_THREADS_H
#define LINEAR_BLAS_THREADS_H

/* Has the BLAS that the program is linked with, if it knows threads at all, work in the caller's.
 * Once, before the first product. */
void blas_threads_none(void);

#endif
