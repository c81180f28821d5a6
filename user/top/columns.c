// SPDX-License-Identifier: GPL-2.0-only
#include "columns.h"

#include <errno.h>
#include <string.h>

/* The name comes first and gets what room is left, up to a limit; the bar gets the rest. */
#define NAME(name, head, help)                                                                     \
	{                                                                                          \
		name, head, AMOUNT_TEXT, TEXT_NAME, 12, 0, help                                    \
	}
#define SERVICE(rank)                                                                              \
	{                                                                                          \
		"service", "SERVICE", AMOUNT_TEXT, TEXT_SERVICE, 12, rank, "whose it is"           \
	}
#define LOST(rank)                                                                                 \
	{                                                                                          \
		"lost", "LOST", AMOUNT_THREADS, FIG_LOST, 6, rank,                                 \
			"threads held up on average: neither on a CPU nor idle by design"          \
	}
#define CPU(rank)                                                                                  \
	{                                                                                          \
		"cpu", "CPU%", AMOUNT_PERCENT, FIG_CPU, 5, rank, "of one CPU"                      \
	}
#define TIME(rank)                                                                                 \
	{                                                                                          \
		"time", "TIME", AMOUNT_BAR, FIG_TIME, 14, rank, "where its threads' time went"     \
	}
#define CALLS(rank, help)                                                                          \
	{                                                                                          \
		"calls", "CALLS/s", AMOUNT_RATE, FIG_CALLS, 8, rank, help                          \
	}
#define ERRORS(rank, help)                                                                         \
	{                                                                                          \
		"errors", "ERR/s", AMOUNT_ERRORS, FIG_ERRORS, 6, rank, help                        \
	}
#define LATENCY(name, head, figure, rank, help)                                                    \
	{                                                                                          \
		name, head, AMOUNT_LATENCY, figure, 8, rank, help                                  \
	}
#define NS(name, head, figure, rank, help)                                                         \
	{                                                                                          \
		name, head, AMOUNT_NS, figure, 8, rank, help                                       \
	}
#define BYTES(name, head, figure, rank, help)                                                      \
	{                                                                                          \
		name, head, AMOUNT_BYTES, figure, 8, rank, help                                    \
	}
#define RATE(name, head, figure, rank, help)                                                       \
	{                                                                                          \
		name, head, AMOUNT_RATE, figure, 8, rank, help                                     \
	}
#define COUNT(name, head, figure, width, rank, help)                                               \
	{                                                                                          \
		name, head, AMOUNT_COUNT, figure, width, rank, help                                \
	}
#define OLDEST(head, rank)                                                                         \
	{                                                                                          \
		"oldest", head, AMOUNT_AGE, FIG_OLDEST, 8, rank,                                   \
			"age of the oldest call that has not returned and does not wait by design" \
	}

#define CALLS_HELP "system calls that do not wait by design"

static const struct column service_columns[] = {
	NAME("service", "SERVICE", "its name"),
	LOST(1),
	CPU(3),
	TIME(4),
	CALLS(5, CALLS_HELP),
	ERRORS(6, "those that failed"),
	LATENCY("p50", "P50", FIG_P50, 12, "half of the calls took at most that"),
	LATENCY("p95", "P95", FIG_P95, 2, "95 of 100 calls took at most that"),
	LATENCY("p99", "P99", FIG_P99, 11, "99 of 100 calls took at most that"),
	LATENCY("max", "MAX", FIG_MAX, 8, "the slowest call"),
	COUNT("inflight", "INFL", FIG_INFLIGHT, 5, 13, "calls that have not returned"),
	OLDEST("OLDEST", 7),
	BYTES("read", "READ/s", FIG_READ, 9, "read from disks"),
	BYTES("written", "WRITE/s", FIG_WRITTEN, 10, "written to disks"),
	BYTES("in", "IN/s", FIG_IN, 14, "received over TCP"),
	BYTES("out", "OUT/s", FIG_OUT, 15, "sent over TCP"),
	COUNT("threads", "THR", FIG_THREADS, 5, 16, "threads"),
	COUNT("processes", "PROC", FIG_PROCESSES, 5, 17, "processes"),
};

static const struct column process_columns[] = {
	NAME("command", "COMMAND", "command name of its leader"),
	{"pid", "PID", AMOUNT_NUMBER, FIG_PID, 7, 1, "process"},
	SERVICE(6),
	LOST(2),
	CPU(3),
	TIME(7),
	CALLS(4, "system calls"),
	ERRORS(9, "those that failed"),
	OLDEST("OLDEST", 5),
	{"call", "IN CALL", AMOUNT_TEXT, TEXT_CALL, 10, 8, "the oldest such call"},
	BYTES("read", "READ/s", FIG_READ, 10, "read from disks"),
	BYTES("written", "WRITE/s", FIG_WRITTEN, 11, "written to disks"),
	COUNT("threads", "THR", FIG_THREADS, 5, 12, "threads"),
	{"parent", "PPID", AMOUNT_NUMBER, FIG_PARENT, 7, 13, "its parent"},
};

static const struct column op_columns[] = {
	NAME("operation", "OPERATION", "what was timed"),
	{"device", "DEVICE", AMOUNT_TEXT, TEXT_DEVICE, 8, 9, "what it happened on"},
	{"set", "SET", AMOUNT_TEXT, TEXT_SET, 8, 8, "the probe set that timed it"},
	SERVICE(4),
	{"spent", "SPENT", AMOUNT_THREADS, FIG_SPENT, 6, 1,
	 "threads that were in it on average; not of what waits by design"},
	CALLS(3, "how often; of counters their increase"),
	{"time", "TIME", AMOUNT_BAR, FIG_TIME, 14, 5, "where its time went; what ran is k"},
	ERRORS(6, "failed"),
	LATENCY("p50", "P50", FIG_P50, 10, "half took at most that"),
	LATENCY("p95", "P95", FIG_P95, 2, "95 of 100 took at most that"),
	LATENCY("p99", "P99", FIG_P99, 7, "99 of 100 took at most that"),
	LATENCY("max", "MAX", FIG_MAX, 5, "the slowest or largest"),
	COUNT("inflight", "INFL", FIG_INFLIGHT, 5, 12, "begun and not ended"),
	OLDEST("OLDEST", 11),
	{"note", "NOTE", AMOUNT_TEXT, TEXT_STATE, 6, 13, "waits: by design, so it is not slowness"},
};

static const struct column device_columns[] = {
	NAME("device", "DEVICE", "disk or other block device"),
	{"busy", "BUSY%", AMOUNT_PERCENT, FIG_BUSY, 5, 2, "of the time it had something to do"},
	RATE("reads", "READS/s", FIG_READS, 4, "requests"),
	RATE("writes", "WRITES/s", FIG_WRITES, 5, "requests"),
	BYTES("read", "READ/s", FIG_READ, 8, "read"),
	BYTES("written", "WRITE/s", FIG_WRITTEN, 9, "written"),
	NS("read-p95", "READ P95", FIG_READ_P95, 1,
	   "95 of 100 reads took at most that, issued to completed"),
	NS("write-p95", "WRIT P95", FIG_WRITE_P95, 3, "the same of writes"),
	NS("flush-p95", "FLSH P95", FIG_FLUSH_P95, 6, "the same of flushes"),
	NS("queue-p95", "QUEU P95", FIG_QUEUE_P95, 7,
	   "95 of 100 requests were queued at most that long before they were issued"),
	COUNT("inflight", "INFL", FIG_INFLIGHT, 5, 10, "requests issued and not completed"),
};

static const struct column peer_columns[] = {
	{"peer", "PEER", AMOUNT_TEXT, TEXT_NAME, 21, 0, "address"},
	SERVICE(2),
	{"waited", "WAITED", AMOUNT_THREADS, FIG_WAITED, 6, 1,
	 "threads that waited for it on average"},
	RATE("waits", "WAITS/s", FIG_WAITS, 7, "how often one waited for it"),
	NS("wait-p95", "WAIT P95", FIG_WAIT_P95, 3, "95 of 100 such waits took at most that"),
	NS("wait-max", "WAIT MAX", FIG_WAIT_MAX, 8, "the longest"),
	RATE("connects", "CONN/s", FIG_CONNECTS, 6, "connections begun"),
	{"failures", "FAIL/s", AMOUNT_ERRORS, FIG_FAILURES, 6, 4, "connections that failed"},
	{"error", "ERROR", AMOUNT_TEXT, TEXT_ERROR, 12, 5, "why most of them failed"},
	NS("connect-p95", "CONN P95", FIG_CONNECT_P95, 9, "95 of 100 connects took at most that"),
	NS("rtt", "RTT", FIG_RTT, 10, "round trip, mean"),
	NS("rtt-max", "RTT MAX", FIG_RTT_MAX, 14, "round trip, longest"),
	RATE("retransmits", "RETR/s", FIG_RETRANSMITS, 11, "segments sent again"),
	BYTES("in", "IN/s", FIG_IN, 12, "received from it"),
	BYTES("out", "OUT/s", FIG_OUT, 13, "sent to it"),
};

static const struct column thread_columns[] = {
	NAME("command", "THREAD", "the thread's name"),
	{"tid", "TID", AMOUNT_NUMBER, FIG_PID, 7, 1, "thread"},
	{"state", "S", AMOUNT_TEXT, TEXT_STATE, 1, 5,
	 "as in /proc: R running, S sleeping, D in uninterruptible sleep"},
	{"call", "IN CALL", AMOUNT_TEXT, TEXT_CALL, 10, 2, "the call that it is in"},
	OLDEST("AGE", 3),
	{"on", "ON", AMOUNT_TEXT, TEXT_ON, 22, 4, "file, peer (from the own address) or lock"},
	LOST(6),
	CPU(7),
	TIME(8),
};

#define VIEW(name, columns, sort)                                                                  \
	{                                                                                          \
		name, columns, sizeof(columns) / sizeof((columns)[0]), sort                        \
	}

const struct view_info views[VIEWS] = {
	[VIEW_SERVICES] = VIEW("services", service_columns, 1),
	[VIEW_PROCESSES] = VIEW("processes", process_columns, 3),
	[VIEW_OPS] = VIEW("operations", op_columns, 4),
	[VIEW_DEVICES] = VIEW("devices", device_columns, 1),
	[VIEW_PEERS] = VIEW("peers", peer_columns, 2),
	[VIEW_THREADS] = VIEW("threads", thread_columns, 4),
};

int columns__find(enum view view, const char *name)
{
	for (u32 i = 0; i < views[view].ncolumns; i++)
		if (!strcmp(views[view].column[i].name, name))
			return i;
	return -EINVAL;
}
