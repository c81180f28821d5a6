/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bpf/trace.bpf.c and `sonde trace` share.
 *
 * The kernel side knows nothing of system calls but, per number, which memory to copy (struct
 * trace_plan). It copies pieces of memory as they are, each with its address; user space asks for
 * memory by address when it decodes, and gets a piece or nothing, never a guess.
 */
#ifndef SONDE_TRACE_H
#define SONDE_TRACE_H

#include "shared.h"

#define TRACE_ARGS 6
#define TRACE_NRS  MAX_OPS
/* Sums of calls of the 32-bit table, and of numbers beyond the table. */
#define TRACE_NR_COMPAT  (TRACE_NRS - 1)
#define TRACE_NR_UNKNOWN (TRACE_NRS - 2)
/* Bytes of pieces in one event, their heads included. With the event and what the kernel adds it
 * must stay below 8192: the most that some kernels keep for a task. */
#define TRACE_MEMORY 7680
/* The longest piece; a path has 4096 bytes. */
#define TRACE_PIECE 4096
#define TRACE_STACK 64

enum trace_fetch_kind {
	FETCH_NOTHING,
	/* One piece of memory each, up to FETCH_SOCKADDR. */
	FETCH_STRING, /* up to its NUL: a path, whole */
	FETCH_BYTES, /* as many as argument @len says, at most --string-limit; @size is an element's
		      */
	FETCH_STRUCT,       /* @size bytes */
	FETCH_ARRAY,        /* argument @len says how many elements of @size bytes, at most @most */
	FETCH_SOCKADDR,     /* argument @len is its length, at most 128 */
	FETCH_SOCKADDR_OUT, /* argument @len points to its length, an int, which is copied, too */
	FETCH_IOVEC,    /* struct iovec[@len], at most @most, and the bytes that they point to */
	FETCH_MSGHDR,   /* struct msghdr, its name, iovec and control, and the iovec's bytes */
	FETCH_MMSGHDR,  /* struct mmsghdr[@len], at most @most, and of each what FETCH_MSGHDR copies
			 */
	FETCH_STRINGS,  /* a vector of pointers to strings that ends with NULL, at most @most */
	FETCH_POINTERS, /* the same without the strings */
};

enum {
	FETCH_AT_EXIT = 1,  /* else at entry: the kernel writes it */
	FETCH_RETURNED = 2, /* not more than the call's return value says: bytes, or elements */
	FETCH_LEN_IS_POINTER = 4, /* argument @len points to an int or size_t that has the number */
	FETCH_BOTH = 8,           /* at entry and at exit */
	FETCH_ON_FAILURE = 16,    /* at exit also of a call that failed */
};

/* Memory that one argument points to. */
struct trace_fetch {
	u8 kind;
	u8 flags;
	u8 len; /* number of the argument with the length */
	u8 most;
	u16 size;
	u16 pad;
};

struct trace_plan {
	struct trace_fetch arg[TRACE_ARGS];
	u32 show; /* its calls become events */
	/* Set by tracer__new. */
	u16 fetches; /* some argument is fetched: enum trace_fetches */
	u16 only;    /* the number, from 1, of the one that is, if all that it is is one piece */
};

enum trace_fetches {
	FETCHES_AT_ENTRY = 1,
	FETCHES_AT_EXIT = 2,
	FETCHES_LATE = 4, /* at exit what could have been copied at entry */
	EXECUTES = 8,     /* ends all other threads before it returns */
};

/* Set before load. */
struct trace_config {
	u32 events;       /* calls become events; else only sums are kept */
	u32 follow;       /* children of traced processes are traced */
	u32 string_limit; /* bytes of a FETCH_BYTES, at most TRACE_PIECE */
	u32 succeeded;    /* calls that succeeded become events, */
	u32 failed;       /* and those that failed */
	u32 stacks;       /* with the user's stack */
	u32 blocked;      /* a call that blocks becomes an event before it returns */
	u32 early; /* memory of entries is copied at entry, else at exit of those that are shown */
};

/* Calls that a child leaves without having entered; set before load. */
#define TRACE_BIRTHS 4
struct trace_births {
	u32 n;
	u32 nr[TRACE_BIRTHS];
};

/* Changed while it runs. */
struct trace_control {
	u64 min_ns;     /* shorter calls become no event */
	u64 wake_bytes; /* its reader is woken each time that so many more wait in the ring; a power
			   of two */
};

enum trace_event_type {
	TRACE_CALL,    /* a call has returned */
	TRACE_ENTERED, /* a call has blocked; it comes again as TRACE_CALL, with TRACE_WAS_SHOWN, or
			  its thread ends in it: exit_group, or whatever it is killed in */
	TRACE_SIGNAL,  /* has been delivered, or ends the process; arg: see enum trace_signal_arg;
			  never SIGKILL */
	TRACE_EXIT, /* of a thread; ret is its wait status; arg: the thread that becomes the first
		       one in its place, 0: none */
	TRACE_FORK, /* of a process; arg: pid, tid of the child; it is traced */
	TRACE_EXEC, /* arg: the thread's id before; its call in flight and its seq go on under
		       the new id */
};

/* As the target is told. */
enum trace_signal_arg {
	SIGNAL_NUMBER,
	SIGNAL_CODE,   /* si_code, as s64 */
	SIGNAL_FROM,   /* pid of the sender or child; the address of a fault; of SIGSYS the call's;
			  a timer's id; si_band of SIGIO */
	SIGNAL_BY,     /* uid of the sender; a timer's overrun; of SIGSYS the call's number; si_fd
			  of SIGIO */
	SIGNAL_STATUS, /* of a child; the value of a queued one; of SIGSYS the architecture */
	SIGNAL_ERRNO,
};

enum {
	TRACE_WAS_SHOWN = 1,
	TRACE_COMPAT = 2,    /* a call of the 32-bit table */
	TRACE_UNSTARTED = 4, /* it began before it was traced: start is 0 */
	TRACE_CUT = 8,       /* TRACE_MEMORY was full: pieces are missing */
	TRACE_REFUSED = 16,  /* seccomp answered it before it began: start is end */
};

/* What an event begins with; pieces follow, each on a multiple of 8. */
struct trace_event {
	u16 type;
	u16 flags;
	u32 bytes; /* with all pieces */
	u32 pid;   /* in the initial PID namespace, as all of them */
	u32 tid;
	u64 seq;   /* of this thread's events; a gap is what was lost */
	u64 start; /* ns, CLOCK_MONOTONIC */
	u64 end;
	s64 ret;
	u64 arg[TRACE_ARGS];
	s32 nr;
	u32 unread; /* fetches that failed: the page was not there */
	char comm[COMM_LEN];
};

enum { PIECE_AT_EXIT = 1, PIECE_STACK = 2 };

struct trace_piece {
	u64 addr;
	u16 bytes;
	u16 flags;
	u32 pad;
	u8 data[];
};

_Static_assert(sizeof(struct trace_event) == 120, "struct trace_event is read by user space");
_Static_assert(sizeof(struct trace_piece) == 16, "struct trace_piece is read by user space");

/* What the iterator over threads writes. */
struct trace_thread {
	u32 pid, tid;
	s32 nr; /* of the call it is in; -1: in none */
	u32 running;
	u64 arg[TRACE_ARGS];
	u64 age;     /* ns since the call began; 0: it began before it was traced */
	u64 blocked; /* ns, for which it has not run, as far as that is known */
	char comm[COMM_LEN];
	u32 flags; /* TRACE_COMPAT */
	u32 pad;
};

/* Per call number, since attach, exact also where events were lost. */
struct trace_sum {
	u64 count, errors, sum, max; /* ns */
	u64 bucket[HIST_BUCKETS];
};

enum trace_loss {
	TRACE_LOST_RING,   /* no room in the ring */
	TRACE_LOST_THREAD, /* nothing could be kept for the thread */
	TRACE_LOST_TARGET, /* a child could not be followed: too many processes */
	TRACE_LOST_MAX,
};

/* The first part of a struct siginfo. */
struct trace_siginfo {
	s32 number, error, code, pad;
	union {
		struct {
			u32 pid, uid;
			union {
				s32 status;
				u64 value;
			};
		};
		struct {
			u64 addr;
			s32 nr;
			u32 arch;
		};
	};
};

_Static_assert(sizeof(struct trace_siginfo) == 32, "struct trace_siginfo is the kernel's");

/* A traced process. Its number alone may be given to somebody else when it ends. */
struct trace_target {
	u64 start; /* of its leader, ns; 0 until it is first seen */
	/* The last signal that was sent to it: if that ends it there is no delivery to be seen. */
	struct trace_siginfo signal;
};

#define TRACE_SUSPECTS 4096

/* Changed by both sides. */
struct trace_state {
	u32 maybe[TRACE_SUSPECTS]; /* targets by the end of their PID */
	u64 targets;
	u64 stuck; /* targets that could not be forgotten when they ended */
	u64 lost[TRACE_LOST_MAX];
};

#endif
