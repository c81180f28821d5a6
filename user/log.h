/* SPDX-License-Identifier: GPL-2.0-only */
/* Diagnostics, on standard error, one line each. Command code logs; library code returns -errno. */
#ifndef SONDE_LOG_H
#define SONDE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* What is above @level is not printed. Safe to call from any thread, as are the printers. */
void log__set_level(enum log_level level);
enum log_level log__level(void);

void log__print(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log__print(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log__print(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log__print(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log__print(LOG_DEBUG, __VA_ARGS__)

#endif
