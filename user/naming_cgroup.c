/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "containers.h"
#include "naming_cgroup.h"
#include "naming_text.h"

#define CONTAINER_ID_LEN 64
#define POD_UID_SIZE     37

static bool starts_with(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

/* Undoes systemd's "\x2d"; a NUL stays escaped. */
static void unescape(char *s)
{
	char *out = s;

	while (*s) {
		char hex[3] = "";

		if (s[0] == '\\' && s[1] == 'x' && strspn(s + 2, HEX_DIGITS) >= 2)
			memcpy(hex, s + 2, 2);
		if (*hex && strcmp(hex, "00")) {
			*out++ = strtoul(hex, NULL, 16);
			s += 4;
		} else {
			*out++ = *s++;
		}
	}
	*out = '\0';
}

/* Points to the id that @comp, less its ".scope", ends in: alone, or after a runtime's word. */
static const char *container_id(char *comp)
{
	size_t len;
	char *id;

	cut_suffix(comp, ".scope");
	len = strlen(comp);
	if (len < CONTAINER_ID_LEN)
		return NULL;
	id = comp + len - CONTAINER_ID_LEN;
	return all_of(id, HEX_DIGITS) && (id == comp || strchr("-:.", id[-1])) ? id : NULL;
}

/* "pod<uid>", or "kubepods-burstable-pod<uid>.slice" with the uid's dashes turned to '_'. */
static bool pod_uid(const char *comp, char uid[POD_UID_SIZE])
{
	const char *pod;

	for (pod = strstr(comp, "pod"); pod; pod = strstr(pod + 1, "pod")) {
		const char *s = pod + strlen("pod");
		size_t len = is_uuid(s) ? 36 : 32, i;

		if (pod != comp && pod[-1] != '-')
			continue;
		if (len == 32 && strspn(s, HEX_DIGITS) != len)
			continue;
		if (s[len] && s[len] != '.')
			continue;
		for (i = 0; i < len; i++)
			uid[i] = s[i] == '_' ? '-' : s[i];
		uid[len] = '\0';
		return true;
	}
	return false;
}

/* A machine of systemd-nspawn or libvirt, or a container of LXC, has its name in the path. */
static bool machine_name(char *comp, const char *prev, const char **name)
{
	static const char *const drivers[] = {"qemu-", "lxc-", "xen-", "ch-"};
	static const char *const lxc[] = {"lxc.payload", "lxc.monitor", "lxc"};
	size_t i;

	for (i = 0; i < sizeof(lxc) / sizeof(lxc[0]); i++) {
		size_t n = strlen(lxc[i]);

		*name = comp;
		if (!strcmp(prev, lxc[i]))
			return true;
		*name = comp + n + 1;
		if (starts_with(comp, lxc[i]) && comp[n] == '.' && i < 2 && **name)
			return true;
	}
	if (starts_with(comp, "systemd-nspawn@") && cut_suffix(comp, ".service")) {
		unescape(comp);
		*name = strchr(comp, '@') + 1;
		return true;
	}
	if (!starts_with(comp, "machine-") || !cut_suffix(comp, ".scope"))
		return false;
	unescape(comp);
	*name = strchr(comp, '-') + 1;
	/* libvirt: DRIVER-NUMBER-NAME, the number counting starts. */
	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		const char *s = *name + strlen(drivers[i]);
		size_t n;

		if (!starts_with(*name, drivers[i]))
			continue;
		n = strspn(s, DIGITS);
		if (n && s[n] == '-' && s[n + 1])
			*name = s + n + 1;
		break;
	}
	return true;
}

static void add_container(struct text *out, char *name, const char *unknown)
{
	ids__strip(name, false);
	text__add(out, *name ? name : unknown);
}

static void add_by_id(const char *root, const char *comp, const char *prev, const char *id,
		      struct text *out)
{
	bool bare = id == comp, docker, podman;
	char name[CONTAINER_NAME_MAX] = "";

	docker = starts_with(comp, "docker") || strstr(comp, ":docker:") ||
		 (bare && (!strcmp(prev, "docker") || !strcmp(prev, "moby")));
	podman = starts_with(comp, "libpod");
	if (docker)
		container__docker_name(root, id, name);
	else if (podman)
		container__podman_name(root, id, name);
	else if (container__pod_name(root, NULL, id, name) &&
		 container__docker_name(root, id, name))
		container__podman_name(root, id, name);
	add_container(out, name, docker ? "docker" : podman ? "podman" : "container");
}

static void add_pod(const char *root, const char *uid, const char *path, char *comp,
		    struct text *out)
{
	char name[CONTAINER_NAME_MAX] = "";
	const char *id;

	do
		id = container_id(comp);
	while (!id && path__next(&path, comp));
	container__pod_name(root, uid, id, name);
	add_container(out, name, "pod");
}

/* "user-1000" from user-1000.slice and user@1000.service: one service per user, whatever they run.
 */
static bool user_name(const char *comp, char user[NAME_MAX + 1])
{
	snprintf(user, NAME_MAX + 1, "%s", comp);
	if (starts_with(comp, "user@") ? !cut_suffix(user, ".service")
				       : !starts_with(comp, "user-") || !cut_suffix(user, ".slice"))
		return false;
	user[strlen("user")] = '-';
	return all_of(user + strlen("user-"), DIGITS);
}

bool cgroup__container(const char *root, const char *path, struct text *out)
{
	char comp[NAME_MAX + 1], prev[NAME_MAX + 1] = "", user[NAME_MAX + 1], uid[POD_UID_SIZE];
	bool kubepods = false;
	const char *id, *found;

	while (path__next(&path, comp)) {
		/* Below it the user makes cgroups as they like, also with the names of others'
		 * containers. */
		if (user_name(comp, user))
			return false;
		kubepods |= !!strstr(comp, "kubepods");
		if (kubepods && pod_uid(comp, uid)) {
			add_pod(root, uid, path, comp, out);
			return true;
		}
		if (machine_name(comp, prev, &found)) {
			char name[NAME_MAX + 1];

			snprintf(name, sizeof(name), "%s", found);
			add_container(out, name, "container");
			return true;
		}
		id = container_id(comp);
		if (id) {
			add_by_id(root, comp, prev, id, out);
			return true;
		}
		memcpy(prev, comp, sizeof(prev));
	}
	return false;
}

/* What systemd-run calls a unit without a name: run-u12, run-p12-i34, run-r<32 hexadecimal digits>.
 */
static bool is_transient(const char *unit)
{
	const char *s = unit + strlen("run-");
	size_t n;

	if (!starts_with(unit, "run-"))
		return false;
	for (;; s += n + 1) {
		const char *number = *s && strchr("rupi", *s) ? s + 1 : s;

		n = strcspn(s, "-");
		if (*s == 'r'
			    ? n != 33 || strspn(number, HEX_DIGITS) != 32
			    : strspn(number, DIGITS) != (size_t)(s + n - number) || s + n == number)
			return false;
		if (!s[n])
			return true;
	}
}

/*
 * An instance that stands for one connection of a socket with Accept=yes, and so comes and goes
 * with it: NUMBER-PID-UID, or NUMBER-ADDRESS:PORT-ADDRESS:PORT.
 */
static bool is_connection(const char *instance)
{
	size_t n = strspn(instance, DIGITS);

	if (!n || instance[n] != '-')
		return false;
	instance += n + 1;
	return strchr(instance, '-') && (strchr(instance, ':') || all_of(instance, DIGITS "-_"));
}

/* The numbers in a scope's name are its creator's counters; those in a service's name were chosen.
 */
static void unit__clean(char *unit, bool scope)
{
	char *at;

	unescape(unit);
	at = strchr(unit, '@');
	if (is_transient(unit))
		unit[strlen("run")] = '\0';
	else if (at && is_connection(at + 1))
		*at = '\0';
	ids__strip(unit, scope);
}

/* Cuts the type off a unit's name; false if @comp is no unit that can hold processes. */
static bool cut_type(char *comp, bool *scope)
{
	*scope = cut_suffix(comp, ".scope");
	return *scope || cut_suffix(comp, ".service") || cut_suffix(comp, ".mount") ||
	       cut_suffix(comp, ".socket") || cut_suffix(comp, ".swap");
}

bool cgroup__unit(const char *path, struct text *out)
{
	char comp[NAME_MAX + 1], user[NAME_MAX + 1], slice[NAME_MAX + 1] = "";
	bool scope, other = false;

	while (path__next(&path, comp)) {
		if (user_name(comp, user)) {
			text__add(out, user);
			return true;
		}
		if (cut_type(comp, &scope)) {
			unit__clean(comp, scope);
			text__add(out, comp);
			return *comp;
		}
		if (cut_suffix(comp, ".slice"))
			memcpy(slice, comp, sizeof(slice));
		else
			other = true;
	}
	unit__clean(slice, true);
	if (other || !*slice)
		return false;
	text__add(out, slice);
	return true;
}

bool cgroup__other(const char *path, struct text *out)
{
	const char *next = path, *start = path;
	char comp[NAME_MAX + 1];
	bool scope, any = false;
	size_t before = out->len;

	while (path__next(&next, comp)) {
		/* A slice's name holds those of the slices above it. */
		if (cut_suffix(comp, ".slice"))
			start = path;
		path = next;
		any = true;
	}
	while (path__next(&start, comp)) {
		if (cut_type(comp, &scope) || cut_suffix(comp, ".slice"))
			unescape(comp);
		ids__strip(comp, true);
		if (*comp && out->len > before)
			text__add(out, "-");
		text__add(out, comp);
	}
	if (any && out->len == before)
		text__add(out, "cgroup");
	return any;
}
