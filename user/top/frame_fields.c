// SPDX-License-Identifier: GPL-2.0-only
#include "frame_fields.h"

#define FIELD(what, key, member, type)                                                             \
	{                                                                                          \
		key, FIELD_##type, offsetof(struct what, member),                                  \
			sizeof(((struct what *)0)->member)                                         \
	}
#define ARRAY(key, member, n, fields)                                                              \
	{                                                                                          \
		key, offsetof(struct frame, member), offsetof(struct frame, n),                    \
			sizeof(*((struct frame *)0)->member), add_##member, fields                 \
	}
#define ADD(member)                                                                                \
	static void *add_##member(struct frame *f)                                                 \
	{                                                                                          \
		return frame__add_##member(f);                                                     \
	}

ADD(set)
ADD(loss)
ADD(service)
ADD(op)
ADD(process)
ADD(thread)
ADD(peer)
ADD(device)

const char *const kind_names[3] = {
	[OP_LATENCY] = "latency",
	[OP_SIZE] = "size",
	[OP_COUNTER] = "counter",
};

const struct field frame_fields[] = {
	FIELD(frame, "host", host, STRING),      FIELD(frame, "version", version, STRING),
	FIELD(frame, "uptime", uptime, U64),     FIELD(frame, "cpus", cpus, U64),
	FIELD(frame, "load", load, DOUBLE),      FIELD(frame, "taken", taken, U64),
	FIELD(frame, "interval", interval, U64), FIELD(frame, "self_cpu", self_cpu, U64),
	FIELD(frame, "self_rss", self_rss, U64), {},
};

static const struct field set_fields[] = {
	FIELD(frame_set, "name", name, STRING),
	FIELD(frame_set, "running", running, BOOL),
	FIELD(frame_set, "reason", reason, STRING),
	{},
};

static const struct field loss_fields[] = {
	FIELD(frame_loss, "name", name, STRING),
	FIELD(frame_loss, "total", total, U64),
	FIELD(frame_loss, "now", now, U64),
	{},
};

static const struct field service_fields[] = {
	FIELD(frame_service, "name", name, STRING),
	FIELD(frame_service, "threads", threads, U32),
	FIELD(frame_service, "processes", processes, U32),
	FIELD(frame_service, "time", time, TIME),
	{},
};

static const struct field op_fields[] = {
	FIELD(frame_op, "service", service, SERVICE),
	FIELD(frame_op, "set", set, SET),
	FIELD(frame_op, "name", name, STRING),
	FIELD(frame_op, "device", device, STRING),
	FIELD(frame_op, "stat", stat, STRING),
	FIELD(frame_op, "kind", kind, KIND),
	FIELD(frame_op, "wait", wait, BOOL),
	FIELD(frame_op, "headline", headline, BOOL),
	FIELD(frame_op, "inflight", inflight, U32),
	FIELD(frame_op, "inflight_age", inflight_age, U64),
	FIELD(frame_op, "time", time, TIME),
	FIELD(frame_op, "dist", dist, DIST),
	{},
};

static const struct field process_fields[] = {
	FIELD(frame_process, "pid", pid, U32),
	FIELD(frame_process, "ppid", ppid, U32),
	FIELD(frame_process, "service", service, SERVICE),
	FIELD(frame_process, "comm", comm, STRING),
	FIELD(frame_process, "threads", threads, U32),
	FIELD(frame_process, "calls", calls, U64),
	FIELD(frame_process, "errors", errors, U64),
	FIELD(frame_process, "read", read, U64),
	FIELD(frame_process, "written", written, U64),
	FIELD(frame_process, "inflight_op", inflight_op, STRING),
	FIELD(frame_process, "inflight_age", inflight_age, U64),
	FIELD(frame_process, "time", time, TIME),
	{},
};

static const struct field thread_fields[] = {
	FIELD(frame_thread, "pid", pid, U32),
	FIELD(frame_thread, "tid", tid, U32),
	FIELD(frame_thread, "comm", comm, STRING),
	FIELD(frame_thread, "state", state, CHAR),
	FIELD(frame_thread, "op", op, STRING),
	FIELD(frame_thread, "age", age, U64),
	FIELD(frame_thread, "at_least", at_least, BOOL),
	FIELD(frame_thread, "on", on, STRING),
	FIELD(frame_thread, "time", time, TIME),
	{},
};

static const struct field peer_fields[] = {
	FIELD(frame_peer, "service", service, SERVICE),
	FIELD(frame_peer, "address", address, STRING),
	FIELD(frame_peer, "connects", connects, U64),
	FIELD(frame_peer, "failures", failures, U64),
	FIELD(frame_peer, "error", error, STRING),
	FIELD(frame_peer, "connect_p95", connect_p95, U64),
	FIELD(frame_peer, "connect_max", connect_max, U64),
	FIELD(frame_peer, "rtt", rtt, U64),
	FIELD(frame_peer, "rtt_max", rtt_max, U64),
	FIELD(frame_peer, "retransmits", retransmits, U64),
	FIELD(frame_peer, "bytes_in", bytes_in, U64),
	FIELD(frame_peer, "bytes_out", bytes_out, U64),
	FIELD(frame_peer, "waited", waited, U64),
	FIELD(frame_peer, "waits", waits, U64),
	FIELD(frame_peer, "wait_p95", wait_p95, U64),
	FIELD(frame_peer, "wait_max", wait_max, U64),
	{},
};

static const struct field device_fields[] = {
	FIELD(frame_device, "name", name, STRING),
	FIELD(frame_device, "busy", busy, U64),
	FIELD(frame_device, "reads", reads, U64),
	FIELD(frame_device, "writes", writes, U64),
	FIELD(frame_device, "read_bytes", read_bytes, U64),
	FIELD(frame_device, "written_bytes", written_bytes, U64),
	FIELD(frame_device, "read_p95", read_p95, U64),
	FIELD(frame_device, "write_p95", write_p95, U64),
	FIELD(frame_device, "flush_p95", flush_p95, U64),
	FIELD(frame_device, "queue_p95", queue_p95, U64),
	FIELD(frame_device, "inflight", inflight, U32),
	{},
};

const struct frame_array frame_arrays[] = {
	ARRAY("sets", set, nsets, set_fields),
	ARRAY("losses", loss, nlosses, loss_fields),
	ARRAY("services", service, nservices, service_fields),
	ARRAY("ops", op, nops, op_fields),
	ARRAY("processes", process, nprocesses, process_fields),
	ARRAY("threads", thread, nthreads, thread_fields),
	ARRAY("peers", peer, npeers, peer_fields),
	ARRAY("devices", device, ndevices, device_fields),
	{},
};
