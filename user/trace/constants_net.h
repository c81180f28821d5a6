/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by scripts/gen-constants from the headers of Linux 7.3.4: do not edit. */
/* clang-format off */
#ifndef SONDE_TRACE_CONSTANTS_NET_H
#define SONDE_TRACE_CONSTANTS_NET_H

#include "decode.h"

extern const struct constants c_family;
extern const struct constants c_socket_type;
extern const struct constants c_socket_flags;
extern const struct constants c_send_flags;
extern const struct constants c_shutdown_how;
extern const struct constants c_sockopt_level;
extern const struct constants c_vsock_cid;
extern const struct constants c_scm_type;
extern const struct constants c_syslog_action;
extern const struct constants c_ip_proto;
extern const struct constants c_netlink_proto;
extern const struct constants c_eth_proto;
extern const struct constants c_arp_hardware;
extern const struct constants c_packet_type;
extern const struct constants c_so_option;
extern const struct constants c_tcp_option;
extern const struct constants c_udp_option;
extern const struct constants c_ip_option;
extern const struct constants c_ipv6_option;
extern const struct constants c_packet_option;
extern const struct constants c_netlink_option;
extern const struct constants c_tls_option;
extern const struct constants c_icmp6_option;
extern const struct constants c_raw_option;
extern const struct constants c_packet_mr;
extern const struct constants c_if_flags;
extern const struct constants c_poll_events;
extern const struct constants c_epoll_events;
extern const struct constants c_epoll_create;
extern const struct constants c_epoll_op;
extern const struct constants c_eventfd_flags;
extern const struct constants c_fanotify_init;
extern const struct constants c_fanotify_mark;
extern const struct constants c_fanotify_event;
extern const struct constants c_rw_flags;
extern const struct constants c_futex_op;
extern const struct constants c_futex_wakeop;
extern const struct constants c_futex_wakecmp;
extern const struct constants c_futex2_flags;
extern const struct constants c_ipc_get;
extern const struct constants c_shmat_flags;
extern const struct constants c_shm_cmd;
extern const struct constants c_sem_cmd;
extern const struct constants c_msg_cmd;
extern const struct constants c_sem_flags;
extern const struct constants c_msg_flags;
extern const struct constants c_uring_setup;
extern const struct constants c_uring_enter;
extern const struct constants c_uring_register;
extern const struct constants c_uring_feature;
extern const struct constants c_iocb_cmd;
extern const struct constants c_iocb_flags;
extern const struct constants c_bpf_cmd;
extern const struct constants c_bpf_map_type;
extern const struct constants c_bpf_prog_type;
extern const struct constants c_bpf_attach;
extern const struct constants c_bpf_map_flags;
extern const struct constants c_bpf_prog_flags;
extern const struct constants c_bpf_elem_flags;
extern const struct constants c_perf_type;
extern const struct constants c_perf_hw;
extern const struct constants c_perf_sw;
extern const struct constants c_perf_sample;
extern const struct constants c_perf_read;
extern const struct constants c_perf_flags;
extern const struct constants c_seccomp_op;
extern const struct constants c_seccomp_flags;
extern const struct constants c_seccomp_action;
extern const struct constants c_keyctl;
extern const struct constants c_key_special;
extern const struct constants c_ll_create;
extern const struct constants c_ll_rule;
extern const struct constants c_ll_access_fs;
extern const struct constants c_ll_access_net;
extern const struct constants c_ll_scope;
extern const struct constants c_ll_restrict;
extern const struct constants c_module_init;
extern const struct constants c_tty_input;
extern const struct constants c_tty_output;
extern const struct constants c_tty_control;
extern const struct constants c_tty_baud;
extern const struct constants c_tty_size;
extern const struct constants c_tty_local;
extern const struct constants c_tty_flush;
extern const struct constants c_tty_flow;
extern const struct constants c_modem_lines;
extern const struct constants c_inode_flags;
extern const struct constants c_mq_flags;
extern const struct constants c_reboot_magic;
extern const struct constants c_quota_cmd;
extern const struct constants c_quota_format;
extern const struct constants c_userfaultfd;
extern const struct constants c_kexec_flags;
extern const struct constants c_kexec_file;
extern const struct constants c_lsm_attr;
extern const struct constants c_secret_flags;
extern const struct constants c_module_delete;

#endif
