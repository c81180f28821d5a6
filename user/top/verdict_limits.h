/* SPDX-License-Identifier: GPL-2.0-only */
/* All thresholds of the verdicts. docs/verdicts.md repeats them for people. */
#ifndef SONDE_VERDICT_LIMITS_H
#define SONDE_VERDICT_LIMITS_H

#include "types.h"

#define MS     1000000ULL
#define SECOND 1000000000ULL

/* Thread-ns lost per second of the interval. One thread that waits all the time loses SECOND. */
#define LOST_SOME  (100 * MS) /* a tenth of one thread: below it nobody waits for the service */
#define LOST_LIMIT (200 * MS) /* a burst of short programs waits that much on idle CPUs, too */
#define LOST_MUCH  (500 * MS) /* where there is no latency, or no normal, to tell harm from use */
#define LOCK_WORK  (1 * MS)   /* on a CPU: without it threads wait for work, if they always did */
#define LOCK_NONE  (1 * MS)   /* less is no waiting for locks */

/* % of the service's busy time */
#define SHARE_PEER   50 /* its own work is the smaller part */
#define SHARE_DISK   40 /* read-ahead hides some of what a slow disk costs */
#define SHARE_RUNQ   30 /* two CPUs shared by three threads, fairly, are 33 % */
#define SHARE_LOCK   50
#define SHARE_MEMORY 50
#define SHARE_OTHER  60
#define SHARE_ON_CPU 80
#define SHARE_QUIET  10 /* a layer with less is not worth a word */

/* p95 that is bad in itself, whoever it is */
#define PEER_SLOW  (50 * MS) /* people notice a tenth of a second, and a page asks twice */
#define DISK_SLOW  (20 * MS) /* worse than a sound disk that turns */
#define RUNQ_SLOW  (3 * MS)  /* a time slice of somebody else */
#define RUNQ_LIMIT (5 * MS)  /* more than one: CPUs are free */
#define QUEUE_SLOW (5 * MS)  /* before the driver gets the request */
/* and what is bad because it was better before */
#define WORSE_TIMES 5
#define WORSE_FLOOR (5 * MS) /* 0.1 ms that become 0.6 ms are no incident */

#define NORMAL_SAMPLES 5    /* before these nothing is called normal */
#define NORMAL_WEIGHT  0.05 /* of a new sample: 20 intervals */
#define NORMAL_STEP    2.0  /* a sample counts for at most so many times the normal, or 1/ */

/* % of what all CPUs can do */
#define CPUS_BUSY      90
#define CPUS_IDLE      70
#define CPU_NEIGHBOUR  25
#define CPU_OWN        60 /* of what is used: the service crowds itself */
#define PROFILE_ON_CPU (500 * MS)
#define OTHER_ON_CPU   (100 * MS) /* without it it is a pipe's idle reader */

/* Of a device */
#define DEVICE_BUSY   80         /* % of the interval */
#define DEVICE_USED   50         /* a neighbour matters from here on */
#define DEVICE_MOST   60         /* % of its bytes or requests */
#define DEVICE_DEPTH  4          /* requests in flight, mean: fewer do not wait for each other */
#define BULK_REQUEST  (64 << 10) /* bytes, mean: copies and backups, which fill any disk */
#define DEVICE_FASTER 10         /* times faster than the calls: they wait before the device */

#define FAILED_SOME  3         /* connects in an interval */
#define FAILED_RATE  1         /* and a second */
#define FAILED_SHARE 20        /* % of the attempts */
#define RESENT_RATE  10        /* segments a second */
#define RESENT_SHARE 5         /* % of what was sent: congestion control alone makes 1 or 2 */
#define RESENT_COST  (10 * MS) /* what one is taken to cost, to rank the line */
#define SEGMENT      1448      /* bytes */

#define STUCK_AGE (10 * SECOND)
#define SELF_CPU  (50 * MS) /* of a second: 5 % of one CPU */

/* A line appears when RISE_SOME of the last RISE_OF intervals deserve it, and stays while as many
 * of the last STAY_OF do: what is deserved every other time does not flicker. */
#define RISE_SOME 2
#define RISE_OF   3
#define STAY_OF   4
/* Intervals in a row in which waits that have not ended say nothing, for or against. */
#define HOLD_MAX 2
/* Frames after which a service that is gone is forgotten. */
#define FORGET_AFTER 300

#define SENTENCE_MAX 200
#define NAME_SHOWN   40 /* bytes of a service's or device's name */

#endif
