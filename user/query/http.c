// SPDX-License-Identifier: GPL-2.0-only
#include "http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BODY_LIMIT    (1ULL << 30)
#define EXCERPT_MAX   200
#define CONNECT_LIMIT 10 /* s */
#define QUERY_LIMIT   2000

struct answer {
	const struct http_request *r;
	CURL *curl;
	u64 size;
	int err; /* of the body's function */
	bool too_long, wrong_type;
	char excerpt[EXCERPT_MAX]; /* of an answer that is an error */
};

void http__display(const char *url, char *buf, size_t size)
{
	const char *scheme = strstr(url, "://"), *rest = scheme ? scheme + 3 : url;
	size_t authority = strcspn(rest, "/?#"), skip = 0;

	for (size_t i = 0; i < authority; i++)
		if (rest[i] == '@')
			skip = i + 1;
	snprintf(buf, size, "%.*s%s", (int)(rest - url), url, rest + skip);
}

static bool is_json(CURL *curl)
{
	char *type = NULL;

	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	return type && !strncasecmp(type, "application/json", 16);
}

static size_t take_body(char *data, size_t one, size_t size, void *ctx)
{
	struct answer *a = ctx;
	size_t have = strlen(a->excerpt);
	long status = 0;

	(void)one;
	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	a->size += size;
	a->too_long = a->size > BODY_LIMIT;
	if (status != 200) {
		for (size_t i = 0; i < size && have < EXCERPT_MAX - 1; i++)
			a->excerpt[have++] = data[i] < ' ' || data[i] > '~' ? ' ' : data[i];
		/* The rest says no more. */
		return a->size < 65536 ? size : 0;
	}
	a->wrong_type = !is_json(a->curl);
	if (a->too_long || a->wrong_type)
		return 0;
	a->err = a->r->body(a->r->ctx, data, size);
	return a->err ? 0 : size;
}

/* The URL with the path and the parameters; NULL: it is none. */
static CURLU *make_url(const struct http_request *r)
{
	CURLU *url = curl_url();
	char *own = NULL, path[4096], *parameter;
	int err = !url || curl_url_set(url, CURLUPART_URL, r->url, 0) ||
		  curl_url_get(url, CURLUPART_PATH, &own, 0);
	size_t len;

	if (!err) {
		len = strlen(own);
		while (len && own[len - 1] == '/')
			len--;
		snprintf(path, sizeof(path), "%.*s%s", (int)len, own, r->path);
		err = len > 2000 || curl_url_set(url, CURLUPART_PATH, path, 0) ||
		      curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
	}
	for (u32 i = 0; !err && r->name[i]; i++) {
		parameter = malloc(strlen(r->name[i]) + strlen(r->value[i]) + 2);
		err = !parameter;
		if (!err) {
			sprintf(parameter, "%s=%s", r->name[i], r->value[i]);
			err = curl_url_set(url, CURLUPART_QUERY, parameter,
					   CURLU_URLENCODE | CURLU_APPENDQUERY);
		}
		free(parameter);
	}
	curl_free(own);
	if (!err)
		return url;
	curl_url_cleanup(url);
	return NULL;
}

static void explain(const struct answer *a, CURLcode code, const char *error, char *why,
		    size_t size)
{
	char *type = NULL, *to = NULL, seen[1024];
	long status = 0;

	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(a->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(a->curl, CURLINFO_REDIRECT_URL, &to);
	if (to) {
		http__display(to, seen, sizeof(seen));
		snprintf(why, size, "leads on to %.300s; give the URL at the end", seen);
	} else if (status == 401 || status == 403) {
		snprintf(why, size,
			 "HTTP status %ld; give a user and a password in ~/.netrc or the URL",
			 status);
	} else if (status && status != 200) {
		snprintf(why, size, "HTTP status %ld: %.200s", status,
			 a->excerpt[0] ? a->excerpt : "nothing more");
	} else if (a->wrong_type) {
		snprintf(why, size, "answers with %.100s and not JSON; is that graphite-web?",
			 type ? type : "no content type");
	} else if (a->too_long) {
		snprintf(why, size,
			 "answers with more than %llu MiB; ask for less time or fewer names",
			 BODY_LIMIT >> 20);
	} else {
		snprintf(why, size, "%.300s", error[0] ? error : curl_easy_strerror(code));
	}
}

/* Servers take a URL of some thousand bytes only, gunicorn 4,094; a form says the same. */
static int post_if_long(CURL *curl, CURLU *url)
{
	char *query = NULL;
	int err = 0;

	if (!curl_url_get(url, CURLUPART_QUERY, &query, 0) && strlen(query) > QUERY_LIMIT)
		err = curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, query) ||
		      curl_url_set(url, CURLUPART_QUERY, NULL, 0);
	curl_free(query);
	return err ? -ENOMEM : 0;
}

static void set_options(CURL *curl, CURLU *url, const struct http_request *r, struct answer *a,
			char *error)
{
	curl_easy_setopt(curl, CURLOPT_CURLU, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
	curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "sonde/" SONDE_VERSION);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
			 (long)(r->timeout < CONNECT_LIMIT ? r->timeout : CONNECT_LIMIT));
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)r->timeout);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, a);
}

int http__get(const struct http_request *r, char *why, size_t size)
{
	char error[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	struct answer a = {.r = r, .curl = curl};
	CURLU *url = make_url(r);
	long status = 0;
	CURLcode code;
	int err = 0;

	if (!curl || !url) {
		snprintf(why, size, "is no URL; it looks like http://graphite.example.com");
		err = -EIO;
		goto out;
	}
	set_options(curl, url, r, &a, error);
	err = post_if_long(curl, url);
	if (err) {
		snprintf(why, size, "%s", strerror(-err));
		goto out;
	}
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	/* An answer without a body has not been looked at. */
	a.wrong_type = code == CURLE_OK && status == 200 ? !is_json(curl) : a.wrong_type;
	err = a.err;
	if (!err && (code || status != 200 || a.wrong_type)) {
		explain(&a, code, error, why, size);
		err = -EIO;
	}
out:
	curl_url_cleanup(url);
	curl_easy_cleanup(curl);
	return err;
}
