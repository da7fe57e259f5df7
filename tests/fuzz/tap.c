// SPDX-License-Identifier: GPL-2.0
/*
 * The character devices of vNICs (and of macvtaps, which are the same code), as
 * somebody uses them who was given a descriptor.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#include "frames.h"
#include "tap.h"
#include "world.h"

static struct queue {
	int fd;		/* 0: none */
	int hdr;
} queues[10];

/* /sys of the namespace that the process is in */
static const char *sysfs(void)
{
	static const char dir[] = "/tmp/fuzz-sys";

	mkdir(dir, 0700);
	umount2(dir, MNT_DETACH);
	return mount("sysfs", dir, "sysfs", 0, NULL) ? "/nowhere" : dir;
}

static bool find_number(const struct device *d, dev_t *number)
{
	unsigned int major, minor;
	char path[128];
	int found;
	FILE *file;

	world_enter(d->ns);
	snprintf(path, sizeof(path), "%s/class/net/%s/tap%d/dev", sysfs(), d->name,
		 d->ifindex);
	file = fopen(path, "re");
	if (!file)
		return false;
	found = fscanf(file, "%u:%u", &major, &minor);
	fclose(file);
	*number = makedev(major, minor);
	return found == 2;
}

int tap_open(void)
{
	static const char node[] = "/tmp/fuzz-tap";
	struct device d;
	dev_t number;
	int fd;

	errno = ENOENT;
	if (!pick_device(&d) || !find_number(&d, &number))
		return -1;
	unlink(node);
	if (mknod(node, S_IFCHR | 0600, number))
		return -1;
	fd = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return fd;
}

/* The tap library takes a lock of a queue's ring when the queue's last frame is
 * freed, wherever that is, and lockdep thinks it is the lock of one in use. So that
 * lockdep can be believed in for the rest of the run, a queue is not closed before
 * its frames have gone. Without lockdep it is closed at once.
 */
int tap_close(int fd)
{
	static int graves[100];
	static unsigned int next;
	int old = fd;

	if (!access("/proc/lockdep_stats", F_OK)) {
		old = graves[next];
		graves[next] = fd;
		next = (next + 1) % COUNT(graves);
	}
	return old > 0 && close(old) ? errno : 0;
}

static int open_queue(const struct verb *verb)
{
	struct queue *q = &PICK(queues);

	(void)verb;
	if (q->fd > 0)
		tap_close(q->fd);
	q->fd = tap_open();
	q->hdr = FRAME_VNET;
	if (q->fd > 0)
		return 0;
	return errno == ENOENT ? IDLE : errno;
}

static struct queue *pick_queue(void)
{
	unsigned int i, n = below(COUNT(queues));

	for (i = 0; i < COUNT(queues); i++)
		if (queues[(n + i) % COUNT(queues)].fd > 0)
			return &queues[(n + i) % COUNT(queues)];
	return NULL;
}

static int close_queue(const struct verb *verb)
{
	struct queue *q = pick_queue();
	int fd;

	(void)verb;
	if (!q)
		return IDLE;
	fd = q->fd;
	q->fd = 0;
	return tap_close(fd);
}

/* Behind a header as long as the queue's, usually */
static int write_frame(const struct verb *verb)
{
	static const uint8_t more[4096];
	static struct frame f;
	struct queue *q = pick_queue();
	struct iovec iov[4];
	size_t split;

	if (!q)
		return IDLE;
	frame_make(&f, verb->arg, below(NR_NAMES));
	split = FRAME_VNET + below(f.len - FRAME_VNET + 1);
	iov[0] = (struct iovec){ f.bytes, FRAME_VNET };
	iov[1] = (struct iovec){ (void *)more, q->hdr - FRAME_VNET };
	iov[2] = (struct iovec){ f.bytes + FRAME_VNET, split - FRAME_VNET };
	iov[3] = (struct iovec){ f.bytes + split, f.len - split };
	return writev(q->fd, iov, 4) < 0 ? errno : 0;
}

static int write_short(const struct verb *verb)
{
	static uint8_t bytes[64];
	struct queue *q = pick_queue();

	(void)verb;
	if (!q)
		return IDLE;
	memset(bytes, 0, sizeof(bytes));
	if (one_in(2))
		random_bytes(bytes, sizeof(bytes));
	return write(q->fd, bytes, below(sizeof(bytes))) < 0 ? errno : 0;
}

static int read_frame(const struct verb *verb)
{
	static uint8_t bytes[70000];
	unsigned int n = 1 + below(50), len;
	struct queue *q = pick_queue();
	int error = IDLE;

	(void)verb;
	if (!q)
		return IDLE;
	while (n--) {
		struct iovec iov[2] = {
			{ bytes, below(60) }, { bytes + 60, sizeof(bytes) - 60 },
		};

		len = one_in(8) ? below(100) : sizeof(bytes);
		if ((one_in(2) ? read(q->fd, bytes, len) : readv(q->fd, iov, 2)) < 0)
			error = errno == EAGAIN ? error : errno;
		else
			error = 0;
	}
	return error;
}

static int poll_queue(const struct verb *verb)
{
	struct queue *q = pick_queue();
	struct pollfd pfd = { .events = POLLIN | POLLOUT };

	(void)verb;
	if (!q)
		return IDLE;
	pfd.fd = q->fd;
	return poll(&pfd, 1, 0) < 0 ? errno : 0;
}

struct call {
	unsigned long request;
	enum { NO_VALUE, VALUE, POINTER, IFREQ, ADDRESS } type;
	uint32_t values[6];
	unsigned int nr_values;
};

static int call(const struct verb *verb)
{
	const struct call *c = verb->arg;
	struct queue *q = pick_queue();
	union {
		struct ifreq ifr;
		uint32_t value;
	} u;
	uint32_t value;
	int error;

	if (!q)
		return IDLE;
	value = c->nr_values && !one_in(6) ? c->values[below(c->nr_values)] : edge();
	memset(&u, 0, sizeof(u));
	if (c->type == POINTER)
		u.value = value;
	if (c->type == IFREQ)
		u.ifr.ifr_flags = value;
	if (c->type == ADDRESS) {
		u.ifr.ifr_hwaddr.sa_family = one_in(8) ? below(40) : 1;
		pick_mac((uint8_t *)u.ifr.ifr_hwaddr.sa_data);
	}
	error = ioctl(q->fd, c->request, c->type == VALUE ?
					 (void *)(uintptr_t)value : &u) ? errno : 0;
	if (!error && c->request == TUNSETVNETHDRSZ)
		q->hdr = value < 4096 ? value : 4096;
	return error;
}

#define ALL_IFF	(IFF_TAP | IFF_NO_PI | IFF_VNET_HDR)

static const struct call
	set_iff = { TUNSETIFF, IFREQ,
		    { ALL_IFF, ALL_IFF | IFF_MULTI_QUEUE, IFF_TAP | IFF_NO_PI,
		      ALL_IFF | IFF_PERSIST }, 4 },
	get_iff = { TUNGETIFF, IFREQ, {}, 0 },
	set_queue = { TUNSETQUEUE, IFREQ,
		      { IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_ATTACH_QUEUE }, 3 },
	features = { TUNGETFEATURES, POINTER, {}, 0 },
	set_sndbuf = { TUNSETSNDBUF, POINTER, { 0x7fffffff, 100000, 2000 }, 3 },
	get_hdr = { TUNGETVNETHDRSZ, POINTER, {}, 0 },
	set_hdr = { TUNSETVNETHDRSZ, POINTER, { 10, 10, 12, 12, 20 }, 5 },
	get_le = { TUNGETVNETLE, POINTER, {}, 0 },
	set_le = { TUNSETVNETLE, POINTER, { 0, 1 }, 2 },
	offload = { TUNSETOFFLOAD, VALUE,
		    { 0, TUN_F_CSUM, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6,
		      TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN |
		      TUN_F_UFO }, 4 },
	get_mac = { SIOCGIFHWADDR, ADDRESS, {}, 0 },
	set_mac = { SIOCSIFHWADDR, ADDRESS, {}, 0 };

/* All that there is a number for, near the known ones: refused, every one */
static int call_any(const struct verb *verb)
{
	static uint8_t bytes[256];
	struct queue *q = pick_queue();

	(void)verb;
	if (!q)
		return IDLE;
	random_bytes(bytes, sizeof(bytes));
	/* the tap library says yes to TUNGETFEATURES, 207 */
	return ioctl(q->fd, one_in(4) ? chance() :
				_IOC(one_in(2) ? _IOC_WRITE : _IOC_READ, 'T',
				     200 + below(30), 4), bytes) < 0 ? errno : 0;
}

#define FRAME_OF(name, weight, roles)	\
	{ "tap-" #name, write_frame, weight, roles, false, &frame_##name, NULL }
#define FRAME(name, weight)	FRAME_OF(name, weight, TAP)
#define CALL_OF(name, weight, roles)	\
	{ "tap-" #name, call, weight, roles, false, &(name), NULL }
#define CALL(name, weight)	CALL_OF(name, weight, TAP)

const struct verb tap_verbs[] = {
	{ "tap-open", open_queue, 60, TAP | NOMEM, false, NULL, NULL },
	{ "tap-close", close_queue, 8, TAP | NOMEM, false, NULL, NULL },
	{ "tap-read", read_frame, 24, TAP | NOMEM, false, NULL, NULL },
	{ "tap-poll", poll_queue, 6, TAP, false, NULL, NULL },
	{ "tap-short", write_short, 10, TAP, false, NULL, NULL },
	FRAME(arp, 4),
	FRAME_OF(udp, 10, TAP | NOMEM),
	FRAME(tcp, 8),
	FRAME_OF(gso, 20, TAP | NOMEM),
	FRAME(gso6, 8),
	FRAME(uso, 6),
	FRAME(sctp, 4),
	FRAME(fragment, 8),
	FRAME(group, 8),
	FRAME_OF(everyone, 10, TAP | NOMEM),
	FRAME_OF(vlan, 8, TAP | NOMEM),
	FRAME(qinq, 4),
	FRAME(control, 4),
	FRAME(odd, 8),
	FRAME_OF(lie, 40, TAP | NOMEM),
	FRAME(noise, 8),
	CALL(set_iff, 4),
	CALL(get_iff, 2),
	CALL_OF(set_queue, 12, TAP | NOMEM),
	CALL(features, 2),
	CALL(set_sndbuf, 3),
	CALL(get_hdr, 2),
	CALL(set_hdr, 4),
	CALL(get_le, 2),
	CALL(set_le, 3),
	CALL_OF(offload, 12, TAP | NOMEM),
	CALL(get_mac, 2),
	CALL_OF(set_mac, 8, TAP | NOMEM),
	{ "tap-ioctl", call_any, 12, TAP, false, NULL, NULL },
	{ }
};
