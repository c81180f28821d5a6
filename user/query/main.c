// SPDX-License-Identifier: GPL-2.0-only
/*
 * sonde-query, which `sonde query` runs: a program of its own, so that the one that runs as root is
 * not linked with what speaks HTTP and TLS.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "commands.h"
#include "graphite_source.h"
#include "http.h"
#include "json_source.h"
#include "log.h"
#include "report.h"
#include "terminal.h"

/* A month of 10 s points. As a tree it takes up to twenty times that. */
#define SERIES_LIMIT (8U << 20)

/* Its slots would count twice. Of what is no file, nobody knows. */
static int refuse_same(struct stat *files, u32 n, FILE *in, const char *name)
{
	if (fstat(fileno(in), &files[n]))
		return -errno;
	for (u32 i = 0; S_ISREG(files[n].st_mode) && i < n; i++) {
		if (files[i].st_dev == files[n].st_dev && files[i].st_ino == files[n].st_ino) {
			log_error("%s: is given twice", name);
			return -EINVAL;
		}
	}
	return 0;
}

static int read_file(struct cells *c, struct slots_seen *seen, struct stat *files, u32 n)
{
	bool standard = !strcmp(c->q->files[n], "-");
	const char *name = standard ? "standard input" : c->q->files[n];
	FILE *in = standard ? stdin : fopen(name, "re");
	char why[WHY_MAX];
	int err;

	if (!in) {
		err = -errno;
		log_error("%s: %s", name, strerror(errno));
		return err;
	}
	err = refuse_same(files, n, in, name);
	if (!err) {
		err = json_source__read(in, name, c, seen, why);
		if (err > 0)
			log_warn("%s; the last line is cut, the rest counts", why);
		else if (err)
			log_error("%s", why);
	}
	if (!standard)
		fclose(in);
	return err < 0 ? err : 0;
}

static int read_files(struct cells *c, struct slots_seen *seen)
{
	struct stat *files = calloc(c->q->nfiles, sizeof(*files));
	int err = files ? 0 : -ENOMEM;

	if (err)
		log_error("%s", strerror(-err));
	for (u32 i = 0; i < c->q->nfiles && !err; i++)
		err = read_file(c, seen, files, i);
	free(files);
	return err;
}

static int feed(void *ctx, const char *data, size_t size)
{
	return elements__feed(ctx, data, size);
}

static const char *explain_body(int err, const struct series_reader *reader)
{
	if (err == -EBADMSG)
		return reader->why[0] ? reader->why
				      : "the answer is not the JSON of a render API, or is cut";
	if (err == -EFBIG)
		return "a series is longer than 8 MiB; ask for less time";
	return strerror(-err);
}

static int read_graphite(struct cells *c)
{
	static const char *const name[] = {"target",        "target", "target",  "from",
					   "until",         "format", "noCache", "noNullPoints",
					   "maxDataPoints", NULL};
	static char target[TARGETS][TARGET_MAX];
	const struct query *q = c->q;
	struct series_reader reader = {.cells = c};
	struct elements e = {.fn = graphite_source__series, .ctx = &reader, .limit = SERIES_LIMIT};
	char from[24], until[24], why[WHY_MAX] = "", url[512];
	/* Graphite's times are of the slots after @from, until the one that holds @until. A heat
	 * map needs the points; all else is added up there. */
	const char *value[] = {target[0], target[1], target[2],          from, until, "json",
			       "1",       "1",       q->heat ? "" : "1", NULL};
	struct http_request r = {.url = q->graphite,
				 .path = "/render",
				 .name = name,
				 .value = value,
				 .timeout = q->timeout,
				 .body = feed,
				 .ctx = &e};
	int err;

	graphite_source__targets(q, target);
	snprintf(from, sizeof(from), "%llu", (unsigned long long)(q->from ? q->from - 1 : 0));
	snprintf(until, sizeof(until), "%llu", (unsigned long long)q->until - 1);
	err = http__get(&r, why, sizeof(why));
	if (!err)
		err = elements__end(&e);
	elements__free(&e);
	if (err) {
		http__display(q->graphite, url, sizeof(url));
		log_error("%s: %s", url, why[0] ? why : explain_body(err, &reader));
	}
	return err;
}

/* Nothing was found: what may be the matter. */
static void complain(const struct query *q, const struct slots_seen *seen)
{
	if (q->nfiles && seen->n && (seen->last < q->from || seen->first >= q->until))
		log_error(
			"no slot of that time; the files hold %llu to %llu, and the time asked for "
			"is %llu to %llu",
			(unsigned long long)seen->first, (unsigned long long)seen->last,
			(unsigned long long)q->from, (unsigned long long)q->until);
	else
		log_error(
			"nothing found of service %s, host %s, %s.%s%s%s%s; try --service '*' --set "
			"'*' --op '*'",
			q->service, q->host, q->set, q->op, q->graphite ? " below " : "",
			q->graphite ? q->prefix : "", q->graphite ? ", or more --last" : "");
}

/* Percentiles are of what is in buckets, which may have been dropped on the way. */
static void warn_of_gaps(struct cell **rows, int n)
{
	char name[640];

	for (int i = 0; i < n; i++) {
		const struct dist *d = &rows[i]->total;
		u64 have = coarse__total(d);

		report__name(rows[i], name, sizeof(name));
		if (have + d->count / 100 < d->count)
			log_warn(
				"%s: buckets hold only %llu of %llu events; percentiles are of these",
				name, (unsigned long long)have, (unsigned long long)d->count);
		if (d->sum == SUM_TOO_LARGE)
			log_warn("%s: the sum is too large and not shown, nor the mean", name);
	}
}

static int answer(struct cells *c, const struct slots_seen *seen)
{
	const struct print_style style = terminal__style(false);
	struct cell **rows;
	int n = cells__rows(c, &rows), err = 0;

	if (n <= 0) {
		if (n < 0)
			log_error("%s", strerror(-n));
		else
			complain(c->q, seen);
		free(n ? NULL : rows);
		return EXIT_FAILED;
	}
	warn_of_gaps(rows, n);
	if (c->q->json) {
		err = report__json(stdout, c, rows, n);
	} else {
		report__table(stdout, c, rows, n);
		if (c->q->heat)
			report__heat(stdout, &style, c, rows, n);
	}
	free(rows);
	if (!err && fflush(stdout))
		err = -errno;
	if (err && err != -EPIPE)
		log_error("standard output: %s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_DONE;
}

int main(int argc, char **argv)
{
	struct query q;
	struct cells c = {.q = &q};
	struct slots_seen seen = {};
	int status = EXIT_FAILED, err = query__parse(&q, argc, argv, time(NULL));

	if (err) {
		query__free(&q);
		return err > 0 ? EXIT_DONE : err == -ENOMEM ? EXIT_FAILED : EXIT_USAGE;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		log_error("libcurl does not start");
	else if (!(q.graphite ? read_graphite(&c) : read_files(&c, &seen)))
		status = answer(&c, &seen);
	cells__free(&c);
	query__free(&q);
	curl_global_cleanup();
	return status;
}
