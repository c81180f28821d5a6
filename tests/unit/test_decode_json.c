// SPDX-License-Identifier: GPL-2.0-only
/* System calls as JSON; and whatever an event holds, text stays ASCII and JSON stays JSON. */
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "decode_events.h"

#define A      0x1000
#define ROUNDS 100000

static int passed, failed;

#define JSON(want) check(__LINE__, want)

static void check(int line, const char *want)
{
	size_t size;
	char *got = event__json(&size);

	if (!strcmp(got, want)) {
		passed++;
	} else {
		failed++;
		printf("line %d:\n  got    %s\n  wanted %s\n", line, got, want);
	}
	free(got);
}

static const char *on(void *ctx, u32 pid, s32 fd)
{
	(void)ctx;
	(void)pid;
	return fd == 3 ? "/a\xff" : NULL;
}

static void test_kinds(void)
{
	struct stat st = {.st_mode = S_IFREG | 0644, .st_size = 7};
	struct rlimit limit = {8192, RLIM_INFINITY};

	event__make("openat", -2, (u64)-100, A, O_CLOEXEC, 0, 0, 0);
	event__copy(A, "/x\"\\\n\303\244\302\233\0", 11, false);
	JSON("{\"args\":[{\"name\":\"AT_FDCWD\",\"value\":-100},\"/x\\\"\\\\\\u000a\303\244\\u009b\","
	     "{\"flags\":[\"O_RDONLY\",\"O_CLOEXEC\"],\"value\":524288}],\"ret\":-1,"
	     "\"error\":\"ENOENT\",\"note\":\"No such file or directory\"}");
	event__make("read", 4, 5, A, 100, 0, 0, 0);
	event__copy(A, "\377\0ab", 4, true);
	JSON("{\"args\":[5,{\"bytes\":\"/wBhYg==\"},100],\"ret\":4}");
	made.ev.ret = 9;
	JSON("{\"args\":[5,{\"bytes\":\"/wBhYg==\",\"cut\":true},100],\"ret\":9}");
	event__make("read", 4, 5, A, 100, 0, 0, 0);
	event__copy(A, "a\0b", 3, true);
	JSON("{\"args\":[5,{\"string\":\"a\\u0000b\",\"cut\":true},100],\"ret\":4}");
	JSON("{\"args\":[5,{\"string\":\"a\\u0000b\",\"cut\":true},100],\"ret\":4}");
	made.ev.ret = -512;
	JSON("{\"args\":[5,\"0x1000\",100],\"ret\":\"?\",\"error\":\"ERESTARTSYS\",\"note\":\"To be "
	     "restarted if SA_RESTART is set\"}");
	event__make("lseek", 1, 5, 2, 77, 0, 0, 0);
	JSON("{\"args\":[5,2,{\"value\":77,\"note\":\"SEEK_???\"}],\"ret\":1}");
	event__make("lseek", 1, 5, 2, 1, 0, 0, 0);
	JSON("{\"args\":[5,2,{\"name\":\"SEEK_CUR\",\"value\":1}],\"ret\":1}");
	event__make("fstat", 0, 5, A, 0, 0, 0, 0);
	event__copy(A, &st, sizeof(st), true);
	JSON("{\"args\":[5,{\"st_mode\":{\"flags\":[\"S_IFREG\"],\"value\":33188},\"st_size\":7,"
	     "\"...\":true}],\"ret\":0}");
	event__make("prlimit64", 0, 0, 3, 0, A, 0, 0);
	event__copy(A, &limit, sizeof(limit), true);
	JSON("{\"args\":[0,{\"name\":\"RLIMIT_STACK\",\"value\":3},null,{\"rlim_cur\":8192,"
	     "\"rlim_max\":{\"name\":\"RLIM64_INFINITY\",\"value\":18446744073709551615}}],"
	     "\"ret\":0}");
	event__make("rt_sigprocmask", 0, SIG_SETMASK, A, 0, 8, 0, 0);
	event__copy(A, (u64[]){~0x100ULL}, 8, false);
	JSON("{\"args\":[{\"name\":\"SIG_SETMASK\",\"value\":2},{\"all_but\":[{\"name\":\"KILL\","
	     "\"value\":9}]},null,8],\"ret\":0}");
	event__make("sendfile", 5, 1, 6, A, 100, 0, 0);
	event__copy(A, (u64[]){7}, 8, false);
	event__copy(A, (u64[]){12}, 8, true);
	JSON("{\"args\":[1,6,{\"before\":[7],\"after\":[12]},100],\"ret\":5}");
	opts.fd_name = on;
	event__make("dup", 3, 3, 0, 0, 0, 0, 0);
	JSON("{\"args\":[{\"fd\":3,\"on\":{\"bytes\":\"L2H/\"}}],\"ret\":{\"fd\":3,\"on\":{\"bytes\":"
	     "\"L2H/\"}}}");
	opts.fd_name = NULL;
}

/* Numbers that anybody can repeat. */
static u64 state = 1;

static u64 any(u64 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static u64 any_arg(void)
{
	static const u64 edges[] = {0,   1,    2,          8,          24,        32,     88,
				    128, 4096, 0x7fffffff, 0xffffffff, (u64)-100, (u64)-1};

	switch (any(4)) {
	case 0:
		return edges[any(sizeof(edges) / sizeof(edges[0]))];
	case 1:
		return any(64);
	case 2:
		return state;
	default:
		return A * (1 + any(4)) + (any(8) ? 0 : any(64));
	}
}

static void make_any(void)
{
	char junk[512];

	event__make("read", any(3) ? (s64)any(200) : -(s64)any(520), any_arg(), any_arg(),
		    any_arg(), any_arg(), any_arg(), any_arg());
	made.ev.nr = (s32)any(SYSCALL_NUMBERS + 2);
	made.ev.type = any(8) ? TRACE_CALL : TRACE_ENTERED;
	made.ev.flags = any(50) ? 0 : TRACE_COMPAT;
	for (u64 n = any(8); n; n--) {
		u32 len = 1 + (u32)any(any(4) ? 64 : sizeof(junk));
		bool words = any(2);

		for (u32 i = 0; i < sizeof(junk); i++)
			junk[i] = (char)(words && i % 8 > 2 ? 0 : any(256));
		event__copy(A * (1 + any(4)) + (any(4) ? 0 : any(16)), junk, len, any(2));
	}
	/* The last piece, cut off. */
	if (!any(10))
		made.ev.bytes -= (u32)any(made.ev.bytes - sizeof(made.ev) + 1);
	opts.string_limit = (u32)any(40);
	opts.verbose = any(2);
	opts.hex = (u8)any(3);
}

static bool is_sound(void)
{
	char *text = event__text(), *json;
	json_error_t error;
	size_t size;
	json_t *parsed;
	bool sound = true;

	for (const char *p = text; *p; p++)
		sound &= *p >= ' ' && *p < 0x7f;
	json = event__json(&size);
	parsed = json_loadb(json, size, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
	if (!parsed || !sound)
		printf("%s\n%s\n%s\n", text, json, parsed ? "" : error.text);
	sound &= parsed != NULL;
	json_decref(parsed);
	free(json);
	free(text);
	return sound;
}

static void test_anything(void)
{
	for (u32 i = 0; i < ROUNDS; i++) {
		make_any();
		if (!is_sound()) {
			failed++;
			return;
		}
	}
	passed++;
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	test_kinds();
	test_anything();
	arena__free(arena);
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
