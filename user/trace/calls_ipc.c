// SPDX-License-Identifier: GPL-2.0-only
/* System V shared memory, semaphores and messages. */
#include "net_types.h"

#include <linux/ipc.h>
#include <linux/msg.h>
#include <linux/sem.h>
#include <linux/shm.h>

#define MODE_BITS  0777
#define CMD        1
#define MTYPE_SIZE sizeof(u64)
#define MTEXT_SIZE 32

/* IPC_CREAT|0600 */
static struct value *decode_ipc_flags(struct decoder *d, u32 i)
{
	u32 flags = (u32)d->ev->arg[i], mode = flags & MODE_BITS;
	struct value *v = value__new(d->arena, VALUE_FLAGS, NULL, flags);

	if (flags & ~MODE_BITS)
		v = decode__flags(d, NULL, &c_ipc_get, flags & ~MODE_BITS);
	v->num = flags;
	value__add(v, mode ? value__new(d->arena, VALUE_OCTAL, NULL, mode)
			   : value__said(d->arena, NULL, "000"));
	return v;
}

static struct value *decode_ipc_key(struct decoder *d, u32 i)
{
	u32 key = (u32)d->ev->arg[i];

	return key == IPC_PRIVATE ? value__named(d->arena, NULL, "IPC_PRIVATE", key)
				  : value__new(d->arena, VALUE_HEX, NULL, key);
}

static const struct arg_type t_ipc_flags = {.decode = decode_ipc_flags};
static const struct arg_type t_ipc_key = {.decode = decode_ipc_key};

/* What struct ipc64_perm is on architectures with 64 bits. */
struct perm {
	s32 key;
	u32 uid, gid, cuid, cgid, mode;
	u16 seq, pad[3];
	u64 unused[2];
};
struct shm_state {
	struct perm perm;
	u64 segsz, atime, dtime, ctime;
	s32 cpid, lpid;
	u64 nattch, unused[2];
};
#if defined(__x86_64__)
struct sem_state {
	struct perm perm;
	u64 otime, unused1, ctime, unused2, nsems, unused[2];
};
#else
struct sem_state {
	struct perm perm;
	u64 otime, ctime, nsems, unused[2];
};
#endif
struct msg_state {
	struct perm perm;
	u64 stime, rtime, ctime, cbytes, qnum, qbytes;
	s32 lspid, lrpid;
	u64 unused[2];
};

_Static_assert(sizeof(struct shm_state) == sizeof(struct shmid64_ds) &&
		       sizeof(struct sem_state) == sizeof(struct semid64_ds) &&
		       sizeof(struct msg_state) == sizeof(struct msqid64_ds),
	       "as the kernel has them");

static void add_perm(struct decoder *d, struct value *v, const char *member, const void *memory)
{
	static const struct member always[] = {
		MEMBER(struct perm, uid, UNSIGNED),
		MEMBER(struct perm, gid, UNSIGNED),
		MEMBER(struct perm, mode, OCTAL),
	};
	static const struct member read[] = {
		MEMBER(struct perm, key, SIGNED),
		MEMBER(struct perm, cuid, UNSIGNED),
		MEMBER(struct perm, cgid, UNSIGNED),
	};
	struct value *perm = value__new(d->arena, VALUE_STRUCT, member, 0);

	SHOW_MEMBERS(d, perm, memory, sizeof(struct perm), always);
	if ((u32)d->ev->arg[CMD] != IPC_SET && (u32)d->ev->arg[2] != IPC_SET)
		SHOW_MEMBERS(d, perm, memory, sizeof(struct perm), read);
	value__add(v, perm);
}

static void show_shm(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER_AS(struct shm_state, "shm_segsz", segsz, UNSIGNED, NULL),
		MEMBER_AS(struct shm_state, "shm_cpid", cpid, SIGNED, NULL),
		MEMBER_AS(struct shm_state, "shm_lpid", lpid, SIGNED, NULL),
		MEMBER_AS(struct shm_state, "shm_nattch", nattch, UNSIGNED, NULL),
		MEMBER_AS(struct shm_state, "shm_atime", atime, UNSIGNED, NULL),
		MEMBER_AS(struct shm_state, "shm_dtime", dtime, UNSIGNED, NULL),
		MEMBER_AS(struct shm_state, "shm_ctime", ctime, UNSIGNED, NULL),
	};

	add_perm(d, v, "shm_perm", memory);
	if ((u32)d->ev->arg[CMD] != IPC_SET)
		SHOW_MEMBERS(d, v, memory, sizeof(struct shm_state), members);
}

static void show_sem(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER_AS(struct sem_state, "sem_otime", otime, UNSIGNED, NULL),
		MEMBER_AS(struct sem_state, "sem_ctime", ctime, UNSIGNED, NULL),
		MEMBER_AS(struct sem_state, "sem_nsems", nsems, UNSIGNED, NULL),
	};

	add_perm(d, v, "sem_perm", memory);
	if ((u32)d->ev->arg[2] != IPC_SET)
		SHOW_MEMBERS(d, v, memory, sizeof(struct sem_state), members);
}

static void show_msg(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER_AS(struct msg_state, "msg_stime", stime, UNSIGNED, NULL),
		MEMBER_AS(struct msg_state, "msg_rtime", rtime, UNSIGNED, NULL),
		MEMBER_AS(struct msg_state, "msg_ctime", ctime, UNSIGNED, NULL),
		MEMBER_AS(struct msg_state, "msg_qnum", qnum, UNSIGNED, NULL),
		MEMBER_AS(struct msg_state, "msg_qbytes", qbytes, UNSIGNED, NULL),
		MEMBER_AS(struct msg_state, "msg_lspid", lspid, SIGNED, NULL),
		MEMBER_AS(struct msg_state, "msg_lrpid", lrpid, SIGNED, NULL),
	};
	static const struct member set[] = {
		MEMBER_AS(struct msg_state, "msg_qbytes", qbytes, UNSIGNED, NULL),
	};

	add_perm(d, v, "msg_perm", memory);
	if ((u32)d->ev->arg[CMD] == IPC_SET)
		SHOW_MEMBERS(d, v, memory, sizeof(struct msg_state), set);
	else
		SHOW_MEMBERS(d, v, memory, sizeof(struct msg_state), members);
}

/* Argument @i of command @cmd: a state that is read or set, or a pointer. */
static struct value *show_state(struct decoder *d, u32 i, u32 cmd, show_fn show)
{
	bool out = cmd == IPC_STAT;

	if ((!out && cmd != IPC_SET) || (out && !decode__succeeded(d)))
		return show_pointer(d, i);
	return show_struct_at(d, NULL, d->ev->arg[i], d->call->arg[i].type->fetch.size, out, show);
}

#define DEFINE_STATE(type, what, cmd_arg, function)                                                \
	static struct value *decode_##type(struct decoder *d, u32 i)                               \
	{                                                                                          \
		return show_state(d, i, (u32)d->ev->arg[cmd_arg], function);                       \
	}                                                                                          \
	static const struct arg_type type = {                                                      \
		.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = sizeof(what)},        \
		.decode = decode_##type,                                                           \
	}

DEFINE_STATE(t_shm_state, struct shm_state, CMD, show_shm);
DEFINE_STATE(t_msg_state, struct msg_state, CMD, show_msg);

/* The fourth argument is a number, or points to numbers or a state. */
static struct value *decode_sem_arg(struct decoder *d, u32 i)
{
	u32 cmd = (u32)d->ev->arg[2];

	if (cmd == SETVAL)
		return value__new(d->arena, VALUE_HEX, NULL, (u32)d->ev->arg[i]);
	return show_state(d, i, cmd, show_sem);
}

static const struct arg_type t_sem_arg = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = sizeof(struct sem_state)},
	.decode = decode_sem_arg,
};

static struct value *show_sembuf(struct decoder *d, const void *element)
{
	static const struct member members[] = {
		MEMBER(struct sembuf, sem_num, UNSIGNED),
		MEMBER(struct sembuf, sem_op, SIGNED),
		MEMBER_IN(struct sembuf, sem_flg, FLAGS, sem_flags),
	};
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);

	SHOW_MEMBERS(d, v, element, sizeof(struct sembuf), members);
	return v;
}

static struct value *decode_sembufs(struct decoder *d, u32 i)
{
	return show_array_at(d, NULL, d->ev->arg[i], d->ev->arg[d->call->arg[i].len],
			     sizeof(struct sembuf), false, show_sembuf);
}

static const struct arg_type t_sembufs = {
	.fetch = {.kind = FETCH_ARRAY, .most = SHOWN_ELEMENTS, .size = sizeof(struct sembuf)},
	.decode = decode_sembufs,
};

/* struct { long mtype; char mtext[size]; } */
static struct value *show_message(struct decoder *d, u32 i, u64 size, bool at_exit)
{
	u64 addr = d->ev->arg[i];
	const void *type = addr ? decode__memory(d, addr, MTYPE_SIZE, at_exit) : NULL;
	struct value *v;

	if (!type)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	add_signed(d, v, "mtype", (s64)get_u64(type));
	value__add(v, show_bytes_at(d, "mtext", addr + MTYPE_SIZE, size, at_exit));
	return v;
}

static struct value *decode_message(struct decoder *d, u32 i)
{
	return show_message(d, i, d->ev->arg[d->call->arg[i].len], false);
}

static struct value *decode_message_out(struct decoder *d, u32 i)
{
	return arg__readable(d, i) ? show_message(d, i, (u64)d->ev->ret, true) : show_pointer(d, i);
}

static const struct arg_type t_message = {
	.fetch = {.kind = FETCH_STRUCT, .size = MTYPE_SIZE + MTEXT_SIZE},
	.decode = decode_message,
};
static const struct arg_type t_message_out = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = MTYPE_SIZE + MTEXT_SIZE},
	.decode = decode_message_out,
};

/* clang-format off */
#define IPC CALL_IS_IPC

const struct call_desc calls_ipc[] = {
	CALL(shmget, IPC, RETURNS_NUMBER, NULL, ARG("key", ipc_key), ARG("size", ulong), ARG("shmflg", ipc_flags)),
	CALL(shmat, IPC | CALL_IS_MEMORY, RETURNS_POINTER, NULL,
	     ARG("shmid", int), ARG("shmaddr", pointer), ARG_FLAGS("shmflg", shmat_flags)),
	CALL(shmdt, IPC | CALL_IS_MEMORY, RETURNS_NUMBER, NULL, ARG("shmaddr", pointer)),
	CALL(shmctl, IPC, RETURNS_NUMBER, NULL, ARG("shmid", int), ARG_NAME("cmd", shm_cmd), ARG("buf", shm_state)),
	CALL(semget, IPC, RETURNS_NUMBER, NULL, ARG("key", ipc_key), ARG("nsems", int), ARG("semflg", ipc_flags)),
	CALL(semop, IPC, RETURNS_NUMBER, NULL, ARG("semid", int), ARG_LEN("sops", sembufs, 2), ARG("nsops", ulong)),
	CALL(semtimedop, IPC, RETURNS_NUMBER, NULL,
	     ARG("semid", int), ARG_LEN("sops", sembufs, 2), ARG("nsops", ulong), ARG("timeout", timespec_in)),
	CALL(semctl, IPC, RETURNS_NUMBER, NULL,
	     ARG("semid", int), ARG("semnum", int), ARG_NAME("cmd", sem_cmd), ARG("arg", sem_arg)),
	CALL(msgget, IPC, RETURNS_NUMBER, NULL, ARG("key", ipc_key), ARG("msgflg", ipc_flags)),
	CALL(msgsnd, IPC, RETURNS_NUMBER, NULL,
	     ARG("msqid", int), ARG_LEN("msgp", message, 2), ARG("msgsz", ulong), ARG_FLAGS("msgflg", msg_flags)),
	CALL(msgrcv, IPC, RETURNS_NUMBER, NULL,
	     ARG("msqid", int), ARG_LEN("msgp", message_out, 2), ARG("msgsz", ulong), ARG("msgtyp", long),
	     ARG_FLAGS("msgflg", msg_flags)),
	CALL(msgctl, IPC, RETURNS_NUMBER, NULL, ARG("msqid", int), ARG_NAME("cmd", msg_cmd), ARG("buf", msg_state)),
	{}
};
