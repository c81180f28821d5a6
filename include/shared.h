/* SPDX-License-Identifier: GPL-2.0-only */
/* What every probe set shares between the kernel side and the user side: who is charged, and where
 * it is counted. */
#ifndef SONDE_SHARED_H
#define SONDE_SHARED_H

#include "hist.h"
#include "types.h"

#define COMM_LEN 16

/* Service numbers: dense, given out by user space. The first ones are fixed. */
enum {
	SVC_UNRESOLVED, /* user space has not named it yet */
	SVC_OTHER,      /* beyond --max-services, and what nobody can be charged with */
	SVC_KERNEL,     /* kernel threads */
	SVC_SELF,       /* this process */
	SVC_FIRST,
};

/*
 * What the kernel side knows of a task without any name: the key under which user space answers
 * with a service number. All bytes count in map keys, so unused members are zero.
 */
struct ident {
	u64 cgroup;    /* kernfs id within its hierarchy; 0 in the root */
	u64 process;   /* start time + exec count of the leader, only when rules look at exe or
			  cmdline */
	u32 hierarchy; /* 0 for cgroup v2 */
	u32 tgid;      /* with process */
	char comm[COMM_LEN]; /* of the leader, only in the root cgroup or when rules look at it */
};

_Static_assert(sizeof(struct ident) == 40, "struct ident is a map key");

/* Whom an event is charged to. @svc is an answer that was good in generation @gen. */
struct who {
	struct ident id;
	u32 svc;
	u32 gen;
};

/* enum part has so many. */
#define TIME_PARTS 10

/* Per thread, in task storage. */
struct task_state {
	u64 start; /* ns, when the call in flight began; 0: in none */
	u64 cset;  /* the css_set for which @who was found: a task that moves gets another one */
	struct who who;
	u32 op;
	/* Of the set sched: */
	u32 part;       /* what the thread is in: enum part, or PART_GONE */
	u64 since;      /* ns, up to when its time is counted; 0: not known yet */
	u64 ready;      /* ns, since when it waits for a CPU */
	u64 left;       /* ns, since when it waits for something else */
	u64 ticks_user; /* of the task, as far as they are counted */
	u64 ticks_kernel;
	u64 wait_start;       /* @start of the call that @wait belongs to */
	u64 wait[HIST_WAITS]; /* ns of that call, by what it was waiting for */
	u64 socket;           /* that it is blocked on, 0: none, or nobody looks */
	/* For who looks at single threads; not kept where tasks have no storage. */
	u64 time[TIME_PARTS]; /* ns, by part */
	u32 calls, errors;
};

#define PART_GONE (~0u)

/* Counters that each service has from the start, of sets that count so often that nothing may be in
 * the way. */
#define MAX_COUNTERS 16

struct counters {
	u64 n[MAX_COUNTERS];
};

/*
 * Counts that have no slot yet: of a task whose service is not known yet (@id), or of a service's
 * first event of a kind (@svc). User space moves the key to a slot and reads both.
 */
struct early_key {
	struct ident id; /* zero when @svc is known */
	u64 op;          /* a set's operation, or what the set can turn into one */
	u32 svc;
	u32 set;
	/* With @id: the generation in which it had no number. When that is over nobody adds to the
	 * entry any more, whether it was answered or not. */
	u32 gen;
	u32 pad;
};

_Static_assert(sizeof(struct early_key) == 64, "struct early_key is a map key");

/* Operations of one set that can have a slot; a service's last one collects what has none. */
#define MAX_OPS  512
#define OP_OTHER (MAX_OPS - 1)

/* Where the histograms of one service are: an index into the set's histograms, 0 for none yet. */
struct slot_row {
	u16 slot[MAX_OPS];
};

/* The slot of service _other's operation _other exists from the start: where all else fails, it
 * counts there. */
#define SLOT_LAST_RESORT 1

/* Set before load. */
struct config {
	u32 self_tgid;
	u32 v1_hierarchy; /* cgroup v1 hierarchy to fall back on, 0: none */
	u32 by_comm;      /* rules look at command names everywhere */
	u32 by_process;   /* rules look at executables or command lines */
	u32 set;          /* number of this object's probe set */
	u32 slo;          /* some operation has a threshold */
};

/* Changed while it runs, by user space only. */
struct control {
	u32 gen;    /* advances when service numbers change their meaning */
	u32 epoch;  /* advances with each snapshot */
	u32 detail; /* somebody looks at peers */
	u32 round;  /* advances when the set is attached again */
};

/* What could not be recorded as it should have been; by user space read only. */
enum loss {
	LOSS_UNSTARTED,  /* a call already in flight when the set was attached: not measured */
	LOSS_STORAGE,    /* no task or socket storage: not measured */
	LOSS_EARLY_FULL, /* no early entry: counted in _other */
	LOSS_ANNOUNCE,   /* the ring to user space was full: named later */
	LOSS_TABLE_FULL, /* a set's own table was full: not measured */
	LOSS_COMPLETION, /* a block request that ended without being seen: not measured */
	LOSS_MAX,
};

struct losses {
	u64 n[LOSS_MAX];
};

/* Messages to user space through the ring `news`. */
enum news_type {
	NEWS_IDENT, /* an ident that has no service number yet */
	NEWS_EARLY, /* an early entry was made: a slot is wanted */
};

#define NEWS_PATH_MAX 2048
#define NEWS_NAME_MAX 256

struct news_ident {
	u32 type;
	u32 pid; /* thread-group id of the task that was seen first, 0: none */
	struct ident id;
	char comm[COMM_LEN];
	u32 path_len; /* names from the leaf up to below the root, each ended by NUL */
	u32 path_cut; /* those at the root's end had no room */
	char path[NEWS_PATH_MAX + NEWS_NAME_MAX];
};

struct news_early {
	u32 type;
	u32 pad;
	struct early_key key;
};

#endif
