/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SONDE_BUCKET_BPF_H
#define SONDE_BUCKET_BPF_H

#include "hist.h"

/* Global, so that the verifier follows its many paths once, and not once for each path to each
 * call. */
__noinline u32 bucket_of(u64 ns)
{
	return hist_index(ns);
}

#endif
