/* SPDX-License-Identifier: GPL-2.0-only */
/* Fixed-width names for headers that both sides include; the kernel side has them from vmlinux.h.
 */
#ifndef SONDE_TYPES_H
#define SONDE_TYPES_H

#ifndef __bpf__
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
#endif

#endif
