/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "naming.h"

#define NAME_SIZE 512
#define ARRAY(a)  (sizeof(a) / sizeof((a)[0]))

#define ID_A    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_B    "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_C    "2123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_D    "3123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_E    "4123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_NO   "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_BAD  "e123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_DIR  "d123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_BIG  "c123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_FIFO "b123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_NUM  "a123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID_HEX  "9123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define HEX_32   "fedcba9876543210fedcba9876543210"
#define TASK_ID  "k3x9q2m7v1b8n4c6z5a0s2d4f"
#define TASK_ID2 "p9x9q2m7v1b8n4c6z5a0s2d4f"
#define UID(n)   "6ba7b81" #n "-9dad-11d1-80b4-00c04fd430c8"
#define UID_(n)  "6ba7b81" #n "_9dad_11d1_80b4_00c04fd430c8"
#define X10      "xxxxxxxxxx"
#define X60      X10 X10 X10 X10 X10 X10

static int passed, failed;
static char root[] = "/tmp/test_naming.XXXXXX";

static void check(const char *file, int line, const char *what, const char *got, const char *want)
{
	if (!strcmp(got, want)) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: %s: got '%s', wanted '%s'\n", file, line, what, got, want);
}

#define CHECK(what, got, want) check(__FILE__, __LINE__, what, got, want)
#define CHECK_TRUE(cond)       CHECK(#cond, (cond) ? "true" : "false", "true")

struct row {
	int line;
	const char *in, *want;
};

#define ROW(in, want)                                                                              \
	{                                                                                          \
		__LINE__, in, want                                                                 \
	}

/* A file below the root, made with the directories above it. */
static FILE *create(const char *path)
{
	char full[1024], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (slash = strchr(full + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	f = fopen(full, "w");
	if (!f) {
		perror(full);
		exit(1);
	}
	return f;
}

static void write_file(const char *path, const char *content)
{
	FILE *f = create(path);

	fputs(content, f);
	fclose(f);
}

#define DOCKER(id) "data/docker/containers/" id "/config.v2.json"

static void make_docker(void)
{
	char path[1024];
	FILE *f;
	int i;

	write_file(DOCKER(ID_A), "{\"ID\": \"" ID_A "\", \"Name\": \"/web\", \"State\": {}}");
	write_file(DOCKER(ID_B), "{\"Name\": \"/stack_web.1." TASK_ID "\"}");
	write_file(DOCKER(ID_C), "{\"Name\": \"/stack_agent." TASK_ID2 "." TASK_ID "\"}");
	write_file(DOCKER(ID_D), "{\"Name\": \"/shop-web-run-1a2b3c4d5e6f\"}");
	write_file(DOCKER(ID_BAD), "{\"Name\": \"/web");
	write_file(DOCKER(ID_NUM), "{\"Name\": 12}");
	write_file(DOCKER(ID_HEX), "{\"Name\": \"/" ID_A "\"}");
	write_file(DOCKER(ID_DIR) "/file", "");
	f = create(DOCKER(ID_BIG));
	fputs("{\"Name\": \"/web\", \"Pad\": \"", f);
	for (i = 0; i < 1 << 20; i++)
		fputc('x', f);
	fputs("\"}", f);
	fclose(f);

	write_file("data/docker/containers/" ID_FIFO "/other", "");
	snprintf(path, sizeof(path), "%s/%s", root, DOCKER(ID_FIFO));
	CHECK_TRUE(!mkfifo(path, 0600));

	/* As on a host whose administrator moved it; the target is right below that host's root
	 * only. */
	write_file("var/lib/README", "");
	snprintf(path, sizeof(path), "%s/var/lib/docker", root);
	CHECK_TRUE(!symlink("/data/docker", path));
}

static void make_podman(void)
{
#define STORAGE "var/lib/containers/storage/overlay-containers/"
	write_file(STORAGE "containers.json",
		   "[7, {}, {\"id\": \"" ID_NO "\"}, {\"id\": \"" ID_NUM "\", \"names\": []},"
		   " {\"id\": \"" ID_B "\", \"names\": [\"other\"]},"
		   " {\"id\": \"" ID_A "\", \"names\": [\"db\", \"second\"]}]");
	write_file(STORAGE "volatile-containers.json",
		   "[{\"id\": \"" ID_C "\", \"names\": [\"once\"]}]");
}

static void make_kubernetes(void)
{
#define PODS "var/log/pods/"
#define LOGS "var/log/containers/"
	write_file(PODS "shop_web-7d4b9c6f5-x2x9k_" UID(0) "/x", "");
	write_file(PODS "shop_db-0_" UID(1) "/x", "");
	write_file(PODS "kube-system_kube-proxy-4jx9w_" UID(2) "/x", "");
	write_file(PODS "ops_backup-28391040-zt8vq_" UID(3) "/x", "");
	write_file(PODS "default_my-app-redis_" UID(4) "/x", "");
	write_file(PODS "default_old-web-2035384211-bdx5k_" UID(5) "/x", "");
	write_file(PODS "default_front-postgrs-x2x9k_" UID(6) "/x", "");
	write_file(PODS "default_x2x9k_" UID(7) "/x", "");
	write_file(PODS "kube-system_etcd-node-1_" HEX_32 "/x", "");
	write_file(PODS "a_web-7k4b9c6f5-x2x9k_" UID(a) "/x", "");
	write_file(PODS "a_front-mssqldb-x2x9k_" UID(b) "/x", "");
	write_file(PODS "a_-0_" UID(c) "/x", "");
	write_file(PODS "a_db-fast-24567_" UID(d) "/x", "");
	write_file(PODS "broken_" UID(8) "/x", "");
	write_file(LOGS "api-abcde_shop_api-" ID_E ".log", "");
	write_file(LOGS "api-6799fc88d8-2bcdf_shop_api-" ID_D ".log", "");
	write_file(LOGS "noise", "");
}

static void remove_root(void)
{
	char *const paths[] = {root, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (tree && (entry = fts_read(tree)))
		if (entry->fts_info != FTS_D)
			remove(entry->fts_accpath);
	if (tree)
		fts_close(tree);
}

static struct naming *naming_new(const char *where)
{
	struct naming *n;

	if (naming__new(&n, where)) {
		puts("out of memory");
		exit(1);
	}
	return n;
}

static void check_cgroups(const struct row *rows, size_t nr)
{
	struct naming *n = naming_new(root);
	char got[NAME_SIZE];
	size_t i;

	for (i = 0; i < nr; i++) {
		struct subject s = {.cgroup = rows[i].in, .comm = "the comm"};

		naming__derive(n, &s, got, sizeof(got));
		check(__FILE__, rows[i].line, rows[i].in, got, rows[i].want);
	}
	naming__free(n);
}

static void test_containers(void)
{
	static const struct row rows[] = {
		ROW("/docker/" ID_A, "web"),
		ROW("/docker/" ID_A "/sub/system.slice/nginx.service", "web"),
		ROW("/docker/" ID_A "/docker/" ID_D, "web"),
		ROW("/system.slice/docker-" ID_A ".scope", "web"),
		ROW("/my.slice/my-own.slice/docker-" ID_A ".scope/init", "web"),
		ROW("/moby/" ID_A, "web"),
		ROW("/parent/" ID_A, "web"),
		ROW("/system.slice:docker:" ID_A, "web"),
		ROW("/docker/" ID_B, "stack_web"),
		ROW("/docker/" ID_C, "stack_agent"),
		ROW("/docker/" ID_D, "shop-web-run"),
		ROW("/docker/" ID_NO, "docker"),
		ROW("/moby/" ID_NO, "docker"),
		ROW("/system.slice:docker:" ID_NO, "docker"),
		ROW("/docker/" ID_BAD, "docker"),
		ROW("/docker/" ID_DIR, "docker"),
		ROW("/docker/" ID_BIG, "docker"),
		ROW("/docker/" ID_FIFO, "docker"),
		ROW("/docker/" ID_NUM, "docker"),
		ROW("/docker/" ID_HEX, "docker"),
		ROW("/machine.slice/libpod-" ID_A ".scope", "db"),
		ROW("/machine.slice/libpod-" ID_A ".scope/container", "db"),
		ROW("/machine.slice/libpod-conmon-" ID_A ".scope", "db"),
		ROW("/libpod_parent/libpod-" ID_A, "db"),
		ROW("/machine.slice/libpod-" ID_C ".scope", "once"),
		ROW("/machine.slice/libpod-" ID_NO ".scope", "podman"),
		ROW("/machine.slice/libpod-" ID_NUM ".scope", "podman"),
		ROW("/machine.slice/machine-libpod_pod_" ID_A ".slice", "machine-libpod_pod"),
		ROW("/default/" ID_NO, "container"),
		ROW("/system.slice/cri-containerd-" ID_NO ".scope", "container"),
		ROW("/system.slice/crio-" ID_NO ".scope", "container"),
		ROW("/system.slice/crio-" ID_E ".scope", "shop-api-abcde"),
		ROW("/k8s.io/" ID_D, "shop-api"),
		/* One digit less is no container's id. */
		ROW("/docker/123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		    "docker"),
		ROW("/docker/g" ID_A, "docker-g" ID_A),
		ROW("/lxc/box", "box"),
		ROW("/lxc/101/ns/init.scope", "101"),
		ROW("/lxc.payload.box/system.slice/nginx.service", "box"),
		ROW("/lxc.payload/box", "box"),
		ROW("/lxc.monitor.box", "box"),
		ROW("/lxc", "lxc"),
		ROW("/lxc/" HEX_32, "container"),
		ROW("/machine.slice/systemd-nspawn@my\\x2dbox.service/payload", "my-box"),
		ROW("/machine.slice/systemd-nspawn@deb.service", "deb"),
		ROW("/machine.slice/machine-qemu\\x2d1\\x2dvm1.scope/libvirt/vcpu0", "vm1"),
		ROW("/machine.slice/machine-qemu\\x2d12\\x2dweb\\x2d2.scope", "web-2"),
		ROW("/machine.slice/machine-lxc\\x2d7\\x2dct.scope", "ct"),
		ROW("/machine.slice/machine-deb.scope", "deb"),
		ROW("/machine.slice/machine-qemu\\x2dtools.scope", "qemu-tools"),
	};

	check_cgroups(rows, ARRAY(rows));
}

/* Containers come and go, and podman writes its list again. */
static void test_podman_list(void)
{
	static const struct row renamed[] = {
		ROW("/machine.slice/libpod-" ID_A ".scope", "podman"),
		ROW("/machine.slice/libpod-" ID_NO ".scope", "newer"),
		ROW("/machine.slice/libpod-" ID_C ".scope", "once"),
	};
	static const struct row gone[] = {
		ROW("/machine.slice/libpod-" ID_NO ".scope", "podman"),
		ROW("/machine.slice/libpod-" ID_C ".scope", "once"),
	};
	char path[1024];

	write_file(STORAGE "containers.json", "[{\"id\": \"" ID_NO "\", \"names\": [\"newer\"]}]");
	check_cgroups(renamed, ARRAY(renamed));
	snprintf(path, sizeof(path), "%s/" STORAGE "containers.json", root);
	CHECK_TRUE(!unlink(path));
	check_cgroups(gone, ARRAY(gone));
}

static void test_pods(void)
{
#define BURSTABLE  "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable"
#define SYSTEMD(n) BURSTABLE "-pod" UID_(n) ".slice/cri-containerd-" ID_A ".scope"
	static const struct row rows[] = {
		ROW("/kubepods/burstable/pod" UID(0) "/" ID_A, "shop-web"),
		ROW("/kubepods/pod" UID(0) "/" ID_A, "shop-web"),
		ROW("/kubepods/besteffort/pod" UID(0), "shop-web"),
		ROW(SYSTEMD(0), "shop-web"),
		ROW("/kubepods.slice/kubepods-pod" UID_(0) ".slice/crio-" ID_A ".scope",
		    "shop-web"),
		ROW("/system.slice/containerd.service/kubepods-burstable-pod" UID_(
			    0) ".slice:cri-containerd:" ID_A,
		    "shop-web"),
		ROW("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID_(
			    0) ".slice/cri-containerd-" ID_A ".scope",
		    "shop-web"),
		ROW(SYSTEMD(1), "shop-db"),
		ROW(SYSTEMD(2), "kube-system-kube-proxy"),
		ROW(SYSTEMD(3), "ops-backup"),
		ROW(SYSTEMD(4), "default-my-app-redis"),
		ROW(SYSTEMD(5), "default-old-web"),
		ROW(SYSTEMD(6), "default-front-postgrs"),
		ROW(SYSTEMD(7), "default-x2x9k"),
		ROW(SYSTEMD(a), "a-web"),
		ROW(SYSTEMD(b), "a-front-mssqldb"),
		ROW(SYSTEMD(c), "a--0"),
		ROW(SYSTEMD(d), "a-db-fast"),
		ROW(SYSTEMD(8), "pod"),
		ROW(SYSTEMD(9), "pod"),
		ROW("/kubepods/burstable/pod" HEX_32 "/" ID_A, "kube-system-etcd-node-1"),
		/* The pod's directory is gone or not there yet, the container's log is. */
		ROW("/kubepods/pod" UID(9) "/" ID_D, "shop-api"),
		ROW("/kubepods/pod" UID(9) "/" ID_NO, "pod"),
		/* "kubelet in docker": the host knows the outer container only. */
		ROW("/docker/" ID_A "/kubepods/pod" UID(0) "/" ID_D, "web"),
		ROW("/kubepods/pod" UID(0) "-1", "kubepods-pod"),
		ROW("/kubepods/burstable", "kubepods-burstable"),
		ROW("/kubepods.slice/kubepods-burstable.slice", "kubepods-burstable"),
		ROW("/pod" UID(0), "pod"),
		ROW("/pod" UID(0) "x", "pod6ba7b810-9dad-11d1-80b4-00c04fd430c8x"),
	};

	check_cgroups(rows, ARRAY(rows));
}

static void test_units(void)
{
	static const struct row rows[] = {
		ROW("/system.slice/nginx.service", "nginx"),
		ROW("system.slice//nginx.service/", "nginx"),
		ROW("/../../system.slice/./nginx.service", "nginx"),
		ROW("/system.slice/nginx.service (deleted)", "nginx"),
		ROW("/system.slice/foo.service/sub", "foo"),
		ROW("/system.slice/foo.service/nginx.service", "foo"),
		ROW("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1"),
		ROW("/system.slice/system-pg.slice/postgresql@15-main.service",
		    "postgresql@15-main"),
		ROW("/system.slice/foo@1.service", "foo@1"),
		ROW("/system.slice/postgresql-15.service", "postgresql-15"),
		ROW("/system.slice/redis-6379.service", "redis-6379"),
		ROW("/system.slice/foo-" UID(0) ".service", "foo"),
		ROW("/system.slice/systemd-fsck@dev-disk-by\\x2duuid-6ba7b810\\x2d9dad\\x2d11d1"
		    "\\x2d80b4\\x2d00c04fd430c8.service",
		    "systemd-fsck@dev-disk-by-uuid"),
		ROW("/system.slice/sshd@3-10.0.0.1:22-10.0.0.2:51234.service", "sshd"),
		ROW("/system.slice/systemd-coredump@12-34567-0.service", "systemd-coredump"),
		ROW("/system.slice/foo\\x2dbar.service", "foo-bar"),
		ROW("/system.slice/foo\\x00\\xzz\\x4.service", "foo\\x00\\xzz\\x4"),
		/* Whatever users name what they make. */
		ROW("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID_A
		    ".scope/container",
		    "user-1000"),
		ROW("/user.slice/user-1000.slice/user@1000.service/docker-" ID_A ".scope",
		    "user-1000"),
		ROW("/user.slice/user-1000.slice/user@1000.service/systemd-nspawn@deb.service",
		    "user-1000"),
		ROW("/user.slice/user-1000.slice/user@1000.service/lxc.payload.box", "user-1000"),
		ROW("/user.slice/user-1000.slice/user@1000.service/kubepods/pod" UID(0),
		    "user-1000"),
		ROW("/user.slice/user-1000.slice/user@1000.service/app.slice/app-foo-123.scope",
		    "user-1000"),
		ROW("/user.slice/user-1000.slice/user@1000.service/init.scope", "user-1000"),
		ROW("/user.slice/user-1000.slice/session-3.scope", "user-1000"),
		ROW("/user.slice/user-1000.slice/user-runtime-dir@1000.service", "user-1000"),
		ROW("/user.slice/user-1000.slice", "user-1000"),
		ROW("/user@1000.service/x", "user-1000"),
		ROW("/user.slice/user-web.slice", "user-web"),
		ROW("/user.slice", "user"),
		ROW("/init.scope", "init"),
		ROW("/system.slice/run-u123.service", "run"),
		ROW("/system.slice/run-r" HEX_32 ".scope", "run"),
		ROW("/system.slice/run-p12-i345.scope", "run"),
		ROW("/system.slice/run-parts.service", "run-parts"),
		ROW("/run-r" HEX_32 "x.service", "run-r" HEX_32 "x"),
		ROW("/system.slice/run-u.service", "run-u"),
		ROW("/system.slice/run-.service", "run-"),
		ROW("/system.slice/app-foo-123.scope", "app-foo"),
		ROW("/session-3.scope", "session"),
		ROW("/qemu.slice/101.scope", "qemu"),
		ROW("/system.slice/dev-hugepages.mount", "dev-hugepages"),
		ROW("/system.slice/docker.socket", "docker"),
		ROW("/my.slice/my-batch.slice", "my-batch"),
		ROW("/my\\x2down.slice", "my-own"),
		ROW("/.service", ".service"),
	};

	check_cgroups(rows, ARRAY(rows));
}

static void test_others(void)
{
	static const struct row rows[] = {
		ROW("/", "the comm"),
		ROW("", "the comm"),
		ROW("/..", "the comm"),
		ROW("/batch", "batch"),
		ROW("/batch/night", "batch-night"),
		ROW("/my.slice/my-batch.slice/worker/a", "my-batch-worker-a"),
		ROW("/batch/" UID(0) "/run", "batch-run"),
		ROW("/batch/" HEX_32, "batch"),
		ROW("/batch/job-123", "batch-job"),
		ROW("/batch/job.123", "batch-job"),
		ROW("/batch/job_123", "batch-job"),
		ROW("/batch/job-1a2b3c4d", "batch-job"),
		ROW("/batch/job-deadbeef", "batch-job-deadbeef"),
		ROW("/batch/job-1a2b3c4", "batch-job-1a2b3c4"),
		ROW("/batch/job-1a2b3c4d-2-7", "batch-job"),
		ROW("/batch/job2", "batch-job2"),
		ROW("/batch/2-jobs", "batch-2-jobs"),
		ROW("/docker/buildkit/" TASK_ID, "docker-buildkit"),
		ROW("/123", "cgroup"),
		ROW("/123/" HEX_32 "/-7", "cgroup"),
	};
	char got[NAME_SIZE];
	struct naming *n = naming_new(NULL);
	struct subject s = {0};

	check_cgroups(rows, ARRAY(rows));
	naming__derive(n, &s, got, sizeof(got));
	CHECK("nothing known", got, "unknown");
	s.comm = "";
	naming__derive(n, &s, got, sizeof(got));
	CHECK("empty comm", got, "unknown");
	s.comm = "k\033[2J\xff/0:1";
	naming__derive(n, &s, got, sizeof(got));
	CHECK("comm is raw", got, s.comm);
	naming__free(n);
}

/* Paths that differ only beyond the end of the buffer. */
static void test_long_paths(void)
{
	static char path[2][20002];
	struct naming *n = naming_new(root);
	char got[2][32], tiny[2] = "";
	size_t i, k;

	for (i = 0; i < 2; i++) {
		struct subject s = {.cgroup = path[i]};

		for (k = 0; k < 20000; k += 2)
			memcpy(path[i] + k, "/a", 2);
		path[i][k] = i ? 'b' : 'c';
		naming__derive(n, &s, got[i], sizeof(got[i]));
		CHECK_TRUE(strlen(got[i]) == sizeof(got[i]) - 1);
		CHECK_TRUE(!strncmp(got[i], "a-a-a-a-a-a-a-a-a-a-a-a-", 24));
		naming__derive(n, &s, tiny, sizeof(tiny));
		CHECK("two bytes", tiny, "a");
	}
	CHECK_TRUE(strcmp(got[0], got[1]));
	naming__free(n);
}

static void test_bad_rules(void)
{
#define EXAMPLE "expected NAME=KIND:REGEX, e.g. web=cgroup:^/system.slice/nginx"
#define NAMED   "a service name has 1 to 63 letters, digits, '_' or '-'"
	static const struct row rows[] = {
		ROW("", "rule '': " EXAMPLE),
		ROW("x", "rule 'x': " EXAMPLE),
		ROW("web=nginx", "rule 'web=nginx': " EXAMPLE),
		ROW("web:comm=nginx", "rule 'web:comm=nginx': " EXAMPLE),
		ROW("web=comm:", "rule 'web=comm:': " EXAMPLE),
		ROW("=comm:x", "rule '=comm:x': " NAMED),
		ROW("a.b=comm:x", "rule 'a.b=comm:x': " NAMED),
		ROW("a b=comm:x", "rule 'a b=comm:x': " NAMED),
		ROW(X60 "xxxx=comm:x", "rule '" X60 "xxxx=comm:x': " NAMED),
		ROW("_other=comm:x",
		    "rule '_other=comm:x': the name '_other' is reserved, choose another"),
		ROW("_all=comm:x",
		    "rule '_all=comm:x': the name '_all' is reserved, choose another"),
		ROW("a=com:x",
		    "rule 'a=com:x': unknown kind 'com', expected cgroup, exe, comm or cmdline"),
		ROW("a=:x", "rule 'a=:x': unknown kind '', expected cgroup, exe, comm or cmdline"),
		ROW("a=comm:(", "rule 'a=comm:(': bad regular expression: Unmatched ( or \\("),
	};
	struct naming *n = naming_new(root);
	char why[512], tiny[8];
	size_t i;

	for (i = 0; i < ARRAY(rows); i++) {
		strcpy(why, "accepted");
		CHECK_TRUE(naming__add_rule(n, rows[i].in, why, sizeof(why)) == -22);
		check(__FILE__, rows[i].line, rows[i].in, why, rows[i].want);
	}
	CHECK_TRUE(naming__add_rule(n, "x", tiny, sizeof(tiny)) == -22);
	CHECK_TRUE(strlen(tiny) == sizeof(tiny) - 1);
	CHECK_TRUE(naming__needs(n) == 0);
	naming__free(n);
}

/* What the C library would write out to thousands of characters, or far more. */
static void test_large_rules(void)
{
	static const char *const large[] = {
		"l+++++++++++++++++++++++++++++++s",
		"(((a{20}){20}){20}){20}",
		"a{32767}b",
		"((x+)+y+)++++++++++++",
		"[]{9}]{1020}",
		"[[:alpha:]]{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}{2}",
		"(((a{20},){20,}){,20}",
	};
	static const char *const fine[] = {"a{1001}",
					   "(a?){500}",
					   "[]{9999}]{2}[^]{9999}]+++",
					   "[[:alpha:]{9999}[.].]+][a[=]=]]{9}",
					   "\\{9999\\(\\(a",
					   "a{0}b{,3}c{2,}d{1,2}",
					   "a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t+u+v+w+x+y+z+",
					   "(^|/)(java|node)[0-9]+(-[0-9a-f]{8}){4}$"};
	struct naming *n = naming_new(root);
	char why[512], rule[400];

	for (size_t i = 0; i < ARRAY(large); i++) {
		snprintf(rule, sizeof(rule), "a=comm:%s", large[i]);
		CHECK_TRUE(naming__add_rule(n, rule, why, sizeof(why)) == -22);
		CHECK_TRUE(strstr(why, "bad regular expression: too large: "));
	}
	for (size_t i = 0; i < ARRAY(fine); i++) {
		snprintf(rule, sizeof(rule), "a=comm:%s", fine[i]);
		CHECK_TRUE(!naming__add_rule(n, rule, why, sizeof(why)));
	}
	for (int depth = 99; depth <= 100; depth++) {
		char *p = rule + sprintf(rule, "a=comm:");

		memset(p, '(', depth);
		p[depth] = 'x';
		memset(p + depth + 1, ')', depth);
		p[2 * depth + 1] = '\0';
		CHECK_TRUE(naming__add_rule(n, rule, why, sizeof(why)) == (depth > 99 ? -22 : 0));
	}
	naming__free(n);
}

static void test_rules(void)
{
	static const struct {
		int line;
		struct subject subject;
		const char *want;
	} rows[] = {
		{__LINE__, {"/system.slice/nginx.service", "nginx", "", ""}, "front"},
		{__LINE__, {"/docker/" ID_A, "nginx", "", ""}, "first-comm"},
		{__LINE__, {"/docker/" ID_A, "httpd", "/usr/bin/python3.11", ""}, "py"},
		{__LINE__, {"/docker/" ID_A, "httpd", "", "java -jar app:one=2.jar"}, "app"},
		{__LINE__, {"/docker/" ID_A, "httpd", NULL, ""}, "web"},
		{__LINE__, {"/docker/" ID_A, "httpd", "", ""}, "web"},
		{__LINE__, {NULL, "alone", NULL, ""}, "alone"},
		{__LINE__, {"/", "kworker", "", ""}, "rooted"},
	};
	struct subject unread = {.cgroup = "/a", .comm = "b", .exe = "/c"};
	struct naming *n = naming_new(root);
	char why[256], got[NAME_SIZE];
	size_t i;

	CHECK_TRUE(!naming__add_rule(n, "front=cgroup:^/system\\.slice/(nginx|haproxy)\\.service$",
				     why, sizeof(why)));
	CHECK_TRUE(naming__needs(n) == 0);
	CHECK_TRUE(!naming__add_rule(n, "first-comm=comm:^nginx$", why, sizeof(why)));
	CHECK_TRUE(naming__needs(n) == NAMING_BY_COMM);
	CHECK_TRUE(!naming__add_rule(n, "second-comm=comm:^nginx$", why, sizeof(why)));
	CHECK_TRUE(!naming__add_rule(n, "py=exe:/python[0-9.]+$", why, sizeof(why)));
	CHECK_TRUE(naming__needs(n) == (NAMING_BY_COMM | NAMING_BY_PROCESS));
	CHECK_TRUE(!naming__add_rule(n, "app=cmdline:app:one=2", why, sizeof(why)));
	CHECK_TRUE(!naming__add_rule(n, "rooted=cgroup:^/$", why, sizeof(why)));
	CHECK_TRUE(!naming__add_rule(n, "never=exe:^$", why, sizeof(why)));
	for (i = 0; i < ARRAY(rows); i++) {
		CHECK_TRUE(!naming__derive(n, &rows[i].subject, got, sizeof(got)));
		check(__FILE__, rows[i].line, "rule", got, rows[i].want);
	}
	/* Arguments are asked for when they decide. */
	CHECK_TRUE(naming__derive(n, &unread, got, sizeof(got)) == -EAGAIN);
	unread.comm = "nginx";
	CHECK_TRUE(!naming__derive(n, &unread, got, sizeof(got)));
	CHECK("an earlier rule", got, "first-comm");
	naming__free(n);
	naming__free(NULL);

	n = naming_new("");
	CHECK_TRUE(!naming__add_rule(n, "app=cmdline:x", why, sizeof(why)));
	CHECK_TRUE(naming__needs(n) == NAMING_BY_PROCESS);
	naming__free(n);
}

/* The hashes are FNV-1a's as computed by another program. */
static void test_nodes(void)
{
	static const struct row rows[] = {
		ROW("nginx", "nginx"),
		ROW("Stack_web-2", "Stack_web-2"),
		ROW("getty@tty1", "getty_tty1"),
		ROW("a.b", "a_b-8bf51c"),
		ROW("a b", "a_b-a3f9e2"),
		ROW("sda:1", "sda_1-5e8c68"),
		ROW("a@b.c", "a_b_c-487940"),
		ROW("caf\xc3\xa9", "caf__-2b50e1"),
		ROW("_other", "_other-a16b96"),
		ROW("_all", "_all-5a7a3c"),
		ROW("@other", "_other-b92816"),
		ROW("_others", "_others"),
		ROW(X60 "xxx", X60 "xxx"),
		ROW(X60 "xxxx", X10 X10 X10 X10 X10 "xxxxxx-9b1a14"),
		ROW(X60 "xxxxx", X10 X10 X10 X10 X10 "xxxxxx-2b1733"),
		ROW(X60 "xx.", X10 X10 X10 X10 X10 "xxxxxx-12048a"),
		ROW("", "unknown"),
		ROW(NULL, "unknown"),
	};
	static const struct row hosts[] = {
		ROW("web1", "web1"),   ROW("web1.example.com", "web1_example_com"),
		ROW("web 1", "web_1"), ROW(X60 "xxx.com", X60 "xxx"),
		ROW("", "unknown"),
	};
	char got[NAME_SIZE], small[10];
	size_t i;

	for (i = 0; i < ARRAY(rows); i++) {
		node__sanitise(rows[i].in, got, sizeof(got));
		check(__FILE__, rows[i].line, "node", got, rows[i].want);
	}
	for (i = 0; i < ARRAY(hosts); i++) {
		node__sanitise_host(hosts[i].in, got, sizeof(got));
		check(__FILE__, hosts[i].line, "host", got, hosts[i].want);
	}
	node__sanitise("a.b", small, sizeof(small));
	CHECK("small", small, "a_-8bf51c");
	node__sanitise("abcdef", small, 4);
	CHECK("too small for a mark", small, "abc");
}

/* Bytes that steer towards the code's branches, among any others. */
static void random_string(char *s, size_t max)
{
	static const char *const words[] = {
		"/",        "docker-", ID_A,      ".scope",   ".service",   ".slice",
		"kubepods", "pod",     UID(0),    UID_(1),    "@",          "run-u",
		"user-",    "lxc",     "-",       "machine-", "\\x",        "\\x2d",
		"qemu-",    "1",       "libpod-", ".",        " (deleted)",
	};
	size_t len = 0, end = rand() % max;

	while (len < end) {
		const char *word = words[rand() % ARRAY(words)];

		if (rand() % 4 && len + strlen(word) < end) {
			strcpy(s + len, word);
			len += strlen(word);
		} else {
			s[len++] = 1 + rand() % 255;
		}
	}
	s[len] = '\0';
}

static void test_hostile(void)
{
	struct naming *n = naming_new(root);
	char cgroup[2000], comm[64], why[256];
	int i, wrong = 0;

	CHECK_TRUE(!naming__add_rule(n, "hit=cmdline:^a[^b]*b+$", why, sizeof(why)));
	srand(1);
	for (i = 0; i < 20000; i++) {
		struct subject s = {.cgroup = cgroup, .comm = comm, .exe = comm, .cmdline = cgroup};
		size_t size = 2 + rand() % 300, node_size = 2 + rand() % 80;
		/* From the heap and of the exact size, for the sanitizer to see an overrun. */
		char *name = malloc(size), *node = malloc(node_size);

		random_string(cgroup, i % 10 ? 200 : sizeof(cgroup));
		random_string(comm, sizeof(comm));
		naming__derive(n, &s, name, size);
		node__sanitise(name, node, node_size);
		wrong += !*name || strlen(name) >= size;
		wrong += !*node || strlen(node) >= node_size || strlen(node) >= SERVICE_NAME_MAX;
		wrong += strspn(node, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_-") != strlen(node);
		wrong += !strcmp(node, "_other") || !strcmp(node, "_all");
		node__sanitise(comm, node, node_size);
		node__sanitise_host(comm, node, node_size);
		free(name);
		free(node);
	}
	CHECK_TRUE(!wrong);
	naming__free(n);
}

int main(void)
{
	if (!mkdtemp(root)) {
		perror(root);
		return 1;
	}
	make_docker();
	make_podman();
	make_kubernetes();
	test_containers();
	test_podman_list();
	test_pods();
	test_units();
	test_others();
	test_long_paths();
	test_bad_rules();
	test_large_rules();
	test_rules();
	test_nodes();
	test_hostile();
	remove_root();
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
