// SPDX-License-Identifier: GPL-2.0-only
#include "hist_select.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUGGESTIONS 5
#define WORD_MAX    128

/* --- suggestions */

static u32 min3(u32 a, u32 b, u32 c)
{
	u32 least = a < b ? a : b;

	return least < c ? least : c;
}

/* Edits that turn one word into the other. */
static u32 distance(const char *a, const char *b)
{
	u32 row[WORD_MAX + 1], la = strlen(a), lb = strlen(b);

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX;
	for (u32 j = 0; j <= lb; j++)
		row[j] = j;
	for (u32 i = 1; i <= la; i++) {
		u32 diagonal = row[0];

		row[0] = i;
		for (u32 j = 1; j <= lb; j++) {
			u32 above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb];
}

/* Less is nearer; WORD_MAX and more is not near at all. A part of the name (pread of pread64) is
 * near, too. */
static u32 remoteness(const char *word, const char *name)
{
	u32 edits = distance(word, name);

	if (edits <= 1 + strlen(word) / 4)
		return edits;
	return *word && (strstr(name, word) || (*name && strstr(word, name))) ? WORD_MAX / 2 + edits
									      : WORD_MAX;
}

void suggest__nearest(char *buf, size_t size, const char *word, const char *const *names, u32 n)
{
	u32 best[SUGGESTIONS], rank[SUGGESTIONS], found = 0;
	size_t len = 0;

	for (u32 i = 0; i < n; i++) {
		u32 far = remoteness(word, names[i]), at = found;

		if (far >= WORD_MAX)
			continue;
		while (at && rank[at - 1] > far)
			at--;
		if (at == SUGGESTIONS)
			continue;
		if (found < SUGGESTIONS)
			found++;
		memmove(&best[at + 1], &best[at], (found - 1 - at) * sizeof(*best));
		memmove(&rank[at + 1], &rank[at], (found - 1 - at) * sizeof(*rank));
		best[at] = i;
		rank[at] = far;
	}
	buf[0] = 0;
	for (u32 i = 0; i < found && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s", i ? ", " : "", names[best[i]]);
}

/* --- words */

static void device_op(const struct op_info *info, char *buf, size_t size)
{
	snprintf(buf, size, "%s_%s", info->device, info->name);
}

static bool names_op(const char *word, const struct op_info *info)
{
	char full[OP_NAME_MAX + sizeof(info->device) + 1];

	if (!strcmp(word, info->name))
		return true;
	if (!info->device[0])
		return false;
	device_op(info, full, sizeof(full));
	return !strcmp(word, info->device) || !strcmp(word, full);
}

struct op_names {
	char text[2 * (MAX_OPS + 2)][OP_NAME_MAX + 40];
	const char *name[2 * (MAX_OPS + 2)];
	u32 n;
};

static void add_name(struct op_names *names, const char *name)
{
	for (u32 i = 0; i < names->n; i++)
		if (!strcmp(names->name[i], name))
			return;
	snprintf(names->text[names->n], sizeof(names->text[0]), "%s", name);
	names->name[names->n] = names->text[names->n];
	names->n++;
}

static void list_names(struct op_names *names, const struct probe *p)
{
	char full[sizeof(names->text[0])];
	struct op_info info;

	names->n = 0;
	for (u32 op = 0; op < OP_OTHER; op++) {
		if (!p->op(op, &info))
			continue;
		add_name(names, info.name);
		if (info.device[0]) {
			device_op(&info, full, sizeof(full));
			add_name(names, full);
		}
	}
	add_name(names, "_other");
	if (p->headline)
		add_name(names, "_all");
}

static bool is_known(const struct probe *p, const char *word)
{
	struct op_info info;

	if (!strcmp(word, "_other") || (p->headline && !strcmp(word, "_all")))
		return true;
	for (u32 op = 0; op < OP_OTHER; op++)
		if (p->op(op, &info) && names_op(word, &info))
			return true;
	return false;
}

static void say_unknown(const struct probe *p, const char *word, char *why, size_t why_size)
{
	struct op_names *names = calloc(1, sizeof(*names));
	char near[256] = "";

	if (names) {
		list_names(names, p);
		suggest__nearest(near, sizeof(near), word, names->name, names->n);
	}
	if (near[0])
		snprintf(why, why_size, "%s has no operation '%s'; near it: %s", p->name, word,
			 near);
	else
		snprintf(why, why_size,
			 "%s has no operation '%s'; `sonde hist %s` shows which it has", p->name,
			 word, p->name);
	free(names);
}

/* @now: only the sets whose operations are all known before they run. */
static int check(const struct selection *s, bool now, char *why, size_t why_size)
{
	for (u32 i = 0; i < s->nwords; i++) {
		const struct probe *p = probes[s->word[i].set];

		if ((now && p->resolve) || is_known(p, s->word[i].text))
			continue;
		say_unknown(p, s->word[i].text, why, why_size);
		return -EINVAL;
	}
	return 0;
}

int select__check(const struct selection *s, char *why, size_t why_size)
{
	return check(s, false, why, why_size);
}

static void say_no_set(const char *word, char *why, size_t why_size)
{
	char list[256] = "";
	size_t len = 0;

	for (u32 i = 0; probes[i]; i++) {
		if (is_known(probes[i], word)) {
			snprintf(why, why_size, "name the probe set first: sonde hist %s %s",
				 probes[i]->name, word);
			return;
		}
		len += snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "",
				probes[i]->name);
	}
	snprintf(why, why_size, "there is no probe set '%s'; there are: %s", word, list);
}

static int parse_words(struct selection *s, char **words, char *why, size_t why_size)
{
	int set = -ENOENT;

	for (; *words; words++) {
		int found = probes__find(*words);

		if (found >= 0) {
			set = found;
			s->set[set] = true;
			continue;
		}
		if (set < 0) {
			say_no_set(*words, why, why_size);
			return -EINVAL;
		}
		if (s->nwords == SELECT_WORDS) {
			snprintf(why, why_size, "too many operations; name at most %d",
				 SELECT_WORDS);
			return -EINVAL;
		}
		s->word[s->nwords].text = *words;
		s->word[s->nwords++].set = set;
		s->has_ops[set] = true;
	}
	return 0;
}

/* No service has a name that is not a node. */
static int check_service(const char *service, char *why, size_t why_size)
{
	char node[SERVICE_NAME_MAX];

	if (!service)
		return 0;
	if (!*service) {
		snprintf(why, why_size, "--service wants a service's name");
		return -EINVAL;
	}
	node__sanitise(service, node, sizeof(node));
	if (strcmp(node, service) && strcmp(service, "_other")) {
		snprintf(why, why_size, "no service can be named '%s'; it would be %s", service,
			 node);
		return -EINVAL;
	}
	return 0;
}

int select__parse(struct selection *s, const struct options *o, char *why, size_t why_size)
{
	static char *none[] = {NULL};
	int err;

	*s = (struct selection){.service = o->service_filter,
				.by = o->by == BY_NONE ? BY_OP : o->by};
	err = check_service(s->service, why, why_size);
	if (!err)
		err = parse_words(s, o->words ? o->words : none, why, why_size);
	if (err)
		return err;
	if (!o->words || !o->words[0])
		memcpy(s->set, o->set, sizeof(s->set));
	for (u32 i = 0; probes[i]; i++)
		s->headline_only[i] = probes[i]->headline && !s->has_ops[i] &&
				      (o->by == BY_SERVICE || (o->heat && o->by == BY_NONE));
	return check(s, true, why, why_size);
}

bool select__wants_op(const struct selection *s, const struct sample *sample)
{
	if (!s->set[sample->set])
		return false;
	if (!s->has_ops[sample->set])
		return (sample->op == OP_ALL) == s->headline_only[sample->set];
	for (u32 i = 0; i < s->nwords; i++)
		if (s->word[i].set == sample->set && names_op(s->word[i].text, &sample->info))
			return true;
	return false;
}
