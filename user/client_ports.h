/* SPDX-License-Identifier: GPL-2.0-only */
/* The local ports that this host gives to clients. */
#ifndef SONDE_CLIENT_PORTS_H
#define SONDE_CLIENT_PORTS_H

struct bpf_object;

/* Before load: tells @obj. Returns 0 or -EINVAL. */
int client_ports__set(struct bpf_object *obj);

#endif
