/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared memory, semaphores, message queues, futexes. */
#include "lines.h"

#include <linux/futex.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static void shared_memory(void)
{
	int id = (int)sys(shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	struct shmid_ds ds;
	long at;

	line("shmget(IPC_PRIVATE, 4096, IPC_CREAT|0600)");
	at = sys(shmat, id, NULL, SHM_RDONLY);
	line_pointer("shmat(%d, NULL, SHM_RDONLY)", id);
	sys(shmdt, at);
	line("shmdt(%#lx)", at);
	sys(shmdt, at);
	line("shmdt(%#lx)", at);
	sys(shmctl, id, IPC_RMID, NULL);
	line("shmctl(%d, IPC_RMID, NULL)", id);
	sys(shmctl, id, IPC_STAT, &ds);
	line("shmctl(%d, IPC_STAT, %p)", id, (void *)&ds);
	sys(shmget, 0x12345, 0, IPC_CREAT | IPC_EXCL | 0644);
	line("shmget(0x12345, 0, IPC_CREAT|IPC_EXCL|0644)");
	sys(shmat, -1, NULL, 0);
	line("shmat(-1, NULL, 0)");
}

static void semaphores(void)
{
	struct sembuf ops[] = {{0, 1, 0}, {1, -1, IPC_NOWAIT | SEM_UNDO}};
	struct timespec ts = {0, 1000};
	int id = (int)sys(semget, IPC_PRIVATE, 2, IPC_CREAT | 0600);

	line("semget(IPC_PRIVATE, 2, IPC_CREAT|0600)");
	sys(semop, id, ops, 1);
	line("semop(%d, [{sem_num=0, sem_op=1, sem_flg=0}], 1)", id);
	sys(semop, id, ops, 2);
	line("semop(%d, [{sem_num=0, sem_op=1, sem_flg=0}, {sem_num=1, sem_op=-1, "
	     "sem_flg=SEM_UNDO|IPC_NOWAIT}], 2)",
	     id);
	ops[0].sem_op = -5;
	sys(semtimedop, id, ops, 1, &ts);
	line("semtimedop(%d, [{sem_num=0, sem_op=-5, sem_flg=0}], 1, {tv_sec=0, tv_nsec=1000})",
	     id);
	sys(semctl, id, 0, SETVAL, 7);
	line("semctl(%d, 0, SETVAL, 0x7)", id);
	sys(semctl, id, 0, GETVAL, NULL);
	line("semctl(%d, 0, GETVAL, NULL)", id);
	sys(semctl, id, 0, IPC_RMID, NULL);
	line("semctl(%d, 0, IPC_RMID, NULL)", id);
	sys(semop, id, NULL, 0);
	line("semop(%d, NULL, 0)", id);
}

static void messages(void)
{
	struct {
		long type;
		char text[8];
	} msg = {3, "message"};
	int id = (int)sys(msgget, IPC_PRIVATE, IPC_CREAT | 0600);

	line("msgget(IPC_PRIVATE, IPC_CREAT|0600)");
	sys(msgsnd, id, &msg, 7, IPC_NOWAIT);
	line("msgsnd(%d, {mtype=3, mtext=\"message\"}, 7, IPC_NOWAIT)", id);
	sys(msgrcv, id, &msg, 7, 3, MSG_NOERROR);
	line("msgrcv(%d, {mtype=3, mtext=\"message\"}, 7, 3, MSG_NOERROR)", id);
	sys(msgrcv, id, &msg, 8, 0, IPC_NOWAIT);
	line("msgrcv(%d, %p, 8, 0, IPC_NOWAIT)", id, (void *)&msg);
	sys(msgctl, id, IPC_RMID, NULL);
	line("msgctl(%d, IPC_RMID, NULL)", id);
	sys(msgget, 0x777777, 0);
	line("msgget(0x777777, 000)");
}

static void posix_queues(void)
{
	struct mq_attr attr = {.mq_maxmsg = 4, .mq_msgsize = 16}, got;
	char buf[16], name[32];
	struct timespec past = {1, 0};
	unsigned int prio = 0;
	int fd;

	snprintf(name, sizeof(name), "lines-%d", tid);
	fd = (int)sys(mq_open, name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attr);
	line("mq_open(\"%s\", O_RDWR|O_CREAT|O_EXCL|O_NONBLOCK, 0600, {mq_flags=0, mq_maxmsg=4, "
	     "mq_msgsize=16, mq_curmsgs=0})",
	     name);
	sys(mq_timedsend, fd, "posix", 5, 2, NULL);
	line("mq_timedsend(%d, \"posix\", 5, 2, NULL)", fd);
	sys(mq_getsetattr, fd, NULL, &got);
	line("mq_getsetattr(%d, NULL, {mq_flags=O_NONBLOCK, mq_maxmsg=4, mq_msgsize=16, "
	     "mq_curmsgs=1})",
	     fd);
	sys(mq_timedreceive, fd, buf, sizeof(buf), &prio, NULL);
	line("mq_timedreceive(%d, \"posix\", 16, [2], NULL)", fd);
	sys(mq_timedreceive, fd, buf, sizeof(buf), NULL, &past);
	line("mq_timedreceive(%d, %p, 16, NULL, {tv_sec=1, tv_nsec=0})", fd, (void *)buf);
	sys(mq_notify, fd, NULL);
	line("mq_notify(%d, NULL)", fd);
	sys(mq_unlink, name);
	line("mq_unlink(\"%s\")", name);
	sys(mq_unlink, name);
	line("mq_unlink(\"%s\")", name);
	sys(mq_open, "absent", O_RDONLY);
	line("mq_open(\"absent\", O_RDONLY)");
}

static void futexes(void)
{
	struct timespec ts = {0, 1000}, past = {1, 0};
	uint32_t word = 1, other = 2;

	sys(futex, &word, FUTEX_WAIT, 5, NULL);
	line("futex(%p, FUTEX_WAIT, 5, NULL)", (void *)&word);
	sys(futex, &word, FUTEX_WAIT_PRIVATE, 1, &ts);
	line("futex(%p, FUTEX_WAIT_PRIVATE, 1, {tv_sec=0, tv_nsec=1000})", (void *)&word);
	sys(futex, &word, FUTEX_WAKE_PRIVATE, 2147483647);
	line("futex(%p, FUTEX_WAKE_PRIVATE, 2147483647)", (void *)&word);
	sys(futex, &word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 1, &past, NULL, -1);
	line("futex(%p, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 1, {tv_sec=1, tv_nsec=0}, "
	     "FUTEX_BITSET_MATCH_ANY)",
	     (void *)&word);
	sys(futex, &word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 5);
	line("futex(%p, FUTEX_WAKE_BITSET, 1, 0x5)", (void *)&word);
	sys(futex, &word, FUTEX_REQUEUE_PRIVATE, 1, 2, &other);
	line("futex(%p, FUTEX_REQUEUE_PRIVATE, 1, 2, %p)", (void *)&word, (void *)&other);
	sys(futex, &word, FUTEX_CMP_REQUEUE, 1, 2, &other, 7);
	line("futex(%p, FUTEX_CMP_REQUEUE, 1, 2, %p, 7)", (void *)&word, (void *)&other);
	sys(futex, &word, FUTEX_WAKE_OP, 1, 1, &other, 1 << 28 | 3 << 12 | 4);
	line("futex(%p, FUTEX_WAKE_OP, 1, 1, %p, FUTEX_OP_ADD<<28|0x3<<12|FUTEX_OP_CMP_EQ<<24|0x4)",
	     (void *)&word, (void *)&other);
	sys(futex, NOWHERE, FUTEX_WAIT, 0, NULL);
	line("futex(%p, FUTEX_WAIT, 0, NULL)", NOWHERE);
	sys(futex, &word, 99, 0, NULL);
	line("futex(%p, 0x63 /* FUTEX_??? */, 0, NULL, NULL, 0)", (void *)&word);
	sys(set_robust_list, NULL, 5);
	line("set_robust_list(NULL, 5)");
	sys(get_robust_list, -1, &ts, &past);
	line("get_robust_list(-1, %p, %p)", (void *)&ts, (void *)&past);
}

int main(int argc, char **argv)
{
	lines_begin(argc, argv);
	shared_memory();
	semaphores();
	messages();
	posix_queues();
	futexes();
	return lines_end();
}
