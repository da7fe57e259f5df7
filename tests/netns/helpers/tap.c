// SPDX-License-Identifier: GPL-2.0
/*
 * The user's side of tap devices: does, one after the other, what its arguments
 * say, and prints a line for each.
 *
 *	open Q DEVICE		the character device of a vNIC or a macvtap, as Q
 *	node Q PATH		the same by a path
 *	many DEVICE N		N times, to stay open: how many could be, and why not more
 *	close Q
 *	vhost Q			from here on by vhost-net, whose rings are served here
 *	backend Q R		gives those rings the device of R, or none if that is "-"
 *	send Q DST SRC TYPE LEN	a frame of LEN bytes; TYPE may be 8100.VID.TYPE;
 *				what is behind a TYPE of 88b6, the receiver checks
 *	hex Q BYTES		a frame in hexadecimal, as craft -x prints it
 *	again Q N		the last frame, N times more
 *	vnet Q FLAGS TYPE HDRLEN SIZE START OFFSET LEN
 *				a frame of LEN bytes to ff:.. behind such a header
 *	tcp Q DST SRC LEN MSS	a TCP segment of LEN bytes, cut at MSS if not 0,
 *				its checksum left to others
 *	lie Q FLAGS TYPE HDRLEN SIZE START OFFSET
 *				the last frame again, behind such a header
 *	fuzz Q N		the same with N headers by chance, not the same each:
 *				how many of them were taken, and which errors others met
 *	udp Q DST SRC LEN TYPE SIZE
 *				a UDP datagram of LEN bytes, cut at SIZE in a header's
 *				way TYPE, its checksum left to others
 *	raw Q LEN		a write of LEN bytes in all
 *	split Q DST SRC LEN	a frame in three pieces, by writev
 *	recv Q [ROOM]		the next frame, if it comes within half a second
 *	drain Q			how many frames are there, and how many bytes
 *	poll Q			what it is ready for, once a frame has come
 *	wait Q			a blocking read that a signal ends
 *	stuff Q			the last frame again, blocking, until a signal ends that
 *	ioctl Q NAME [ARG]	after TUNSETVNETBE, in that order of bytes
 *	run COMMAND		by the shell
 *	fork Q			a child sends by its own copy of Q
 *	pass Q R		Q over a socket, received as R
 */
#define _GNU_SOURCE
#include <byteswap.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"
#include "vhost.h"

#define HDR sizeof(struct virtio_net_hdr)
#define ROOM 131072

struct queue {
	char name[8];
	int fd;
	unsigned int hdr;
	bool big;
	struct vhost *vhost;
};

static struct queue queues[16];
static unsigned char buf[ROOM];
static size_t sent;
static char **arg;

static const char *next(void)
{
	if (!*arg) {
		fprintf(stderr, "a word is missing\n");
		exit(2);
	}
	return *arg++;
}

static unsigned long number(void)
{
	return strtoul(next(), NULL, 0);
}

static struct queue *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		if (!strcmp(queues[i].name, name))
			return &queues[i];
	fprintf(stderr, "no queue %s\n", name);
	exit(2);
}

static struct queue *queue(void)
{
	return find(next());
}

/* Prints a result, or the error's name. */
static void tell(long result)
{
	if (result < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%ld\n", result);
}

static void keep(const char *name, int fd)
{
	struct queue *q;

	if (fd >= 0) {
		q = find("");
		snprintf(q->name, sizeof(q->name), "%s", name);
		q->fd = fd;
		q->hdr = HDR;
		q->big = false;
		q->vhost = NULL;
	}
	tell(fd < 0 ? -1 : 0);
}

/* By its number, not by its name in /dev, which is for the initial namespace */
static int open_tap(const char *vnic)
{
	char path[PATH_MAX], node[] = "/tmp/tap-XXXXXX";
	unsigned int major, minor;
	struct dirent *entry;
	FILE *file = NULL;
	int fd;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/net/%s", vnic);
	dir = opendir(path);
	while (dir && !file && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "tap", 3))
			continue;
		snprintf(path, sizeof(path), "/sys/class/net/%s/%s/dev", vnic,
			 entry->d_name);
		file = fopen(path, "r");
	}
	if (dir)
		closedir(dir);
	if (!file || fscanf(file, "%u:%u", &major, &minor) != 2) {
		errno = ENOENT;
		return -1;
	}
	fclose(file);
	close(mkstemp(node));
	unlink(node);
	if (mknod(node, S_IFCHR | 0600, makedev(major, minor)))
		return -1;
	fd = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	unlink(node);
	return fd;
}

static void many(void)
{
	const char *vnic = next();
	unsigned long i, n = number();

	for (i = 0; i < n; i++)
		if (open_tap(vnic) < 0)
			break;
	printf("%lu %s\n", i, i < n ? strerrorname_np(errno) : "");
}

/* Fills in the header from the next words. */
static unsigned char *header(void)
{
	unsigned char *frame = buf + HDR;

	memset(buf, 0, sizeof(buf));
	put_mac(frame, next());
	put_mac(frame + 6, next());
	return frame;
}

/* From the order of bytes that is ours to the queue's, or back. */
static void order_header(const struct queue *q)
{
	struct virtio_net_hdr *vnet = (void *)buf;

	if (!q->big)
		return;
	vnet->hdr_len = bswap_16(vnet->hdr_len);
	vnet->gso_size = bswap_16(vnet->gso_size);
	vnet->csum_start = bswap_16(vnet->csum_start);
	vnet->csum_offset = bswap_16(vnet->csum_offset);
}

/* Sends what is in the buffer. */
static ssize_t put(struct queue *q, size_t len)
{
	static unsigned char more[64];
	struct iovec iov[3] = {
		{ buf, HDR },
		{ more, q->hdr - HDR },
		{ buf + HDR, len - HDR },
	};

	ssize_t rc;

	sent = len;
	if (q->vhost)
		return vhost_put(q->vhost, buf, HDR, len, 1);
	order_header(q);
	if (q->hdr == HDR)
		rc = write(q->fd, buf, len);
	else
		rc = writev(q->fd, iov, 3);
	order_header(q);
	return rc;
}

static void send_frame(void)
{
	struct queue *q = queue();
	unsigned char *frame = header(), *at = put_type(frame + 12, next());
	unsigned int len = number();

	fill(at, 0, frame + len > at ? frame + len - at : 0);
	tell(put(q, HDR + len));
}

static void send_hex(void)
{
	struct queue *q = queue();
	const char *text = next();
	size_t len = HDR;

	memset(buf, 0, sizeof(buf));
	while (sscanf(text, "%2hhx", buf + len) == 1 && text[1]) {
		text += 2;
		len++;
	}
	tell(put(q, len));
}

static void send_again(void)
{
	struct queue *q = queue();
	unsigned long n = number(), done, some;
	ssize_t rc = 0;

	for (done = 0; done < n && rc >= 0; done += some) {
		some = q->vhost && n - done > VHOST_COPIES ? VHOST_COPIES : n - done;
		if (q->vhost) {
			rc = vhost_put(q->vhost, buf, HDR, sent, some);
		} else {
			some = 1;
			rc = put(q, sent);
		}
	}
	tell(rc < 0 ? rc : (long)n);
}

static void vnet_header(void)
{
	struct virtio_net_hdr *vnet = (void *)buf;

	vnet->flags = number();
	vnet->gso_type = number();
	vnet->hdr_len = number();
	vnet->gso_size = number();
	vnet->csum_start = number();
	vnet->csum_offset = number();
}

static void send_lie(void)
{
	struct queue *q = queue();

	vnet_header();
	tell(put(q, sent));
}

static unsigned int by_chance(const uint16_t *values, unsigned int n)
{
	/* once in a while, anything */
	return rand() % 8 ? values[rand() % n] : (unsigned int)rand();
}

static void send_fuzz(void)
{
	static const uint16_t flags[] = { 0, 1, 1, 1, 2 };
	static const uint16_t types[] = { 0, 1, 1, 3, 4, 5, 0x81 };
	static const uint16_t starts[] = { 0, 14, 34, 34, 34, 54, 0xffff };
	static const uint16_t offsets[] = { 0, 6, 16, 16, 16, 0xfffe, 0xffff };
	static const uint16_t sizes[] = { 0, 8, 536, 536, 1448, 1448, 9000, 0xffff };
	static const uint16_t lengths[] = { 0, 14, 34, 42, 54, 54, 200, 0xffff };
	struct virtio_net_hdr *vnet = (void *)buf;
	struct queue *q = queue();
	unsigned long n = number(), i, taken = 0;
	unsigned int which = 0;

	srand(n);
	for (i = 0; i < n; i++) {
		vnet->flags = by_chance(flags, 5);
		vnet->gso_type = by_chance(types, 7);
		vnet->hdr_len = by_chance(lengths, 8);
		vnet->gso_size = by_chance(sizes, 8);
		vnet->csum_start = by_chance(starts, 7);
		vnet->csum_offset = by_chance(offsets, 7);
		if (put(q, sent) > 0) {
			taken++;
			errno = 0;
		}
		which = which * 31 + errno;
	}
	printf("%lu/%08x\n", taken, which);
}

static void send_vnet(void)
{
	struct queue *q = queue();

	memset(buf, 0, sizeof(buf));
	vnet_header();
	memset(buf + HDR, 0xff, 6);
	buf[HDR + 6] = 2;
	buf[HDR + 12] = 0x88;
	buf[HDR + 13] = 0xb5;
	tell(put(q, HDR + number()));
}

/* Fills in what is before and behind the HDR bytes of a transport header, whose
 * checksum is left to others, and sends it all.
 */
static void put_ip(struct queue *q, unsigned int proto, unsigned int csum_offset,
		   unsigned int hdr, unsigned int len)
{
	struct virtio_net_hdr *vnet = (void *)buf;
	unsigned char *ip = buf + HDR + ETH_HLEN;

	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = ETH_HLEN + 20;
	vnet->csum_offset = csum_offset;
	vnet->hdr_len = ETH_HLEN + 20 + hdr;
	fill_ip(ip, proto, hdr + len);
	put16(ip + 20 + csum_offset, fold(pseudo(ip, hdr + len)));
	fill(ip + 20 + hdr, 0, len);
	tell(put(q, HDR + vnet->hdr_len + len));
}

static void send_tcp(void)
{
	struct virtio_net_hdr *vnet = (void *)buf;
	struct queue *q = queue();
	unsigned char *tcp = header() + ETH_HLEN + 20;
	unsigned int len = number();

	vnet->gso_size = number();
	if (vnet->gso_size)
		vnet->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	put16(tcp, 1000);
	put16(tcp + 2, 2000);
	tcp[12] = 5 << 4;
	tcp[13] = 0x10;
	put_ip(q, IPPROTO_TCP, 16, 20, len);
}

static void send_udp(void)
{
	struct virtio_net_hdr *vnet = (void *)buf;
	struct queue *q = queue();
	unsigned char *udp = header() + ETH_HLEN + 20;
	unsigned int len = number();

	vnet->gso_type = number();
	vnet->gso_size = number();
	put16(udp, 1000);
	put16(udp + 2, 2000);
	put16(udp + 4, 8 + len);
	put_ip(q, IPPROTO_UDP, 6, 8, len);
}

static void send_split(void)
{
	int fd = queue()->fd;
	unsigned char *frame = header();
	unsigned long len = number();
	struct iovec iov[3] = {
		{ buf, HDR + 5 },
		{ frame + 5, 20 },
		{ frame + 25, len - 25 },
	};

	put_type(frame + 12, "88b6");
	fill(frame + ETH_HLEN, 0, len - ETH_HLEN);
	tell(writev(fd, iov, 3));
}

/* Says whether the transport's checksum is that of all of it. */
static const char *checksum(const unsigned char *ip, unsigned int len)
{
	unsigned int sum = pseudo(ip, len - 20) + sum16(ip + 20, len - 20);

	return fold(sum) == 0xffff ? "whole" : "partial";
}

/* Whether what a TCP segment carries is what was sent at that place */
static bool tcp_intact(const unsigned char *ip, unsigned int len)
{
	return intact(ip + 40, get32(ip + 24), len - 40);
}

static ssize_t receive(struct queue *q, size_t room, int ms)
{
	struct pollfd pfd = { .fd = q->fd, .events = POLLIN };
	unsigned char more[64];
	struct iovec iov[3] = {
		{ buf, HDR },
		{ more, q->hdr - HDR },
		{ buf + HDR, room - HDR },
	};
	ssize_t n;

	memset(buf, 0, sizeof(buf));
	if (q->vhost)
		return vhost_get(q->vhost, buf, HDR, ms);
	if (poll(&pfd, 1, ms) == 1 && pfd.revents & POLLERR) {
		errno = EBADFD;
		return -1;
	}
	if (q->hdr == HDR)
		n = read(q->fd, buf, room);
	else
		n = readv(q->fd, iov, 3);
	order_header(q);
	return n < 0 ? n : n - (ssize_t)(q->hdr - HDR);
}

/* Print what is in a frame that has come whole. */
static void tell_content(const unsigned char *f, unsigned int len)
{
	const unsigned char *ip = f + ETH_HLEN;

	unsigned int fragment = (ip[6] << 8 | ip[7]) & 0x3fff;

	if (f[12] == 8 && !f[13] && fragment) {
		printf(" fragment %u", fragment % 0x2000 * 8);
	} else if (f[12] == 8 && !f[13]) {
		printf(" %s", checksum(ip, len - ETH_HLEN));
		if (ip[9] == IPPROTO_TCP && !tcp_intact(ip, len - ETH_HLEN))
			printf(" damaged");
	}
	if (f[12] == 0x81)
		f += 4, len -= 4;
	if (f[12] == 0x88 && f[13] == 0xb6)
		printf(intact(f + ETH_HLEN, 0, len - ETH_HLEN) ? " intact" : " damaged");
}

static void recv_frame(void)
{
	const struct virtio_net_hdr *vnet = (void *)buf;
	const unsigned char *f = buf + HDR;
	struct queue *q = queue();
	size_t room = *arg && strtoul(*arg, NULL, 0) ? number() : ROOM;
	ssize_t n = receive(q, room, 500);

	if (n < (ssize_t)(HDR + ETH_HLEN)) {
		tell(n);
		return;
	}
	printf("%zd to %02x:%02x:%02x:%02x:%02x:%02x %02x%02x", n - HDR, f[0], f[1],
	       f[2], f[3], f[4], f[5], f[12], f[13]);
	if (f[12] == 0x81)
		printf(".%u.%02x%02x", (f[14] & 15) << 8 | f[15], f[16], f[17]);
	if (vnet->gso_type)
		printf(" gso %u", vnet->gso_size);
	if (vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		printf(" csum %u+%u", vnet->csum_start, vnet->csum_offset);
	if (room == ROOM)
		tell_content(f, n - HDR);
	printf("\n");
}

static void drain(void)
{
	unsigned long frames = 0, bytes = 0;
	struct queue *q = queue();
	ssize_t n;

	while ((n = receive(q, ROOM, q->vhost ? 500 : 0)) > 0) {
		frames++;
		bytes += n - HDR;
	}
	printf("%lu %lu\n", frames, bytes);
}

static void poll_frame(void)
{
	struct pollfd pfd = { .fd = queue()->fd, .events = POLLIN };

	poll(&pfd, 1, 20000);
	pfd.events |= POLLOUT;
	poll(&pfd, 1, 0);
	printf("%s%s%s\n", pfd.revents & POLLIN ? "in" : "",
	       pfd.revents & POLLOUT ? "out" : "",
	       pfd.revents & POLLERR ? "err" : "");
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* From here on whoever waits for the device is sent a signal, or no longer. */
static void let_wait(int fd, bool wait)
{
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	fcntl(fd, F_SETFL, wait ? 0 : O_NONBLOCK);
	ualarm(wait ? 200000 : 0, 0);
}

static void wait_frame(void)
{
	int fd = queue()->fd;

	let_wait(fd, true);
	tell(read(fd, buf, ROOM));
	let_wait(fd, false);
}

/* A thousand are more than there is room for. */
static void stuff(void)
{
	struct queue *q = queue();
	int n = 0;

	let_wait(q->fd, true);
	while (n < 1000 && put(q, sent) > 0)
		n++;
	tell(n < 1000 ? -1 : n);
	let_wait(q->fd, false);
}

static void fork_frame(void)
{
	int fd = queue()->fd, status;

	memset(buf, 0, 200);
	memset(buf + HDR, 0xff, 6);
	buf[HDR + 6] = 2;
	buf[HDR + 12] = 0x88;
	fflush(stdout);
	if (!fork())
		_exit(write(fd, buf, HDR + 60) != HDR + 60);
	wait(&status);
	tell(WEXITSTATUS(status));
}

static void pass(void)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int fd = queue()->fd, pair[2];
	char byte;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ||
	    sendmsg(pair[0], &msg, 0) != 1)
		exit(2);
	iov.iov_base = &byte;
	if (recvmsg(pair[1], &msg, 0) != 1)
		exit(2);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	close(pair[0]);
	close(pair[1]);
	keep(next(), fd);
}

static const struct {
	const char *name;
	unsigned long request;
	enum { VALUE, POINTER, FLAGS, HWADDR, OUT } kind;
} ioctls[] = {
	{ "TUNSETIFF", TUNSETIFF, FLAGS },
	{ "TUNGETIFF", TUNGETIFF, FLAGS },
	{ "TUNSETQUEUE", TUNSETQUEUE, FLAGS },
	{ "TUNGETFEATURES", TUNGETFEATURES, OUT },
	{ "TUNSETSNDBUF", TUNSETSNDBUF, POINTER },
	{ "TUNGETVNETHDRSZ", TUNGETVNETHDRSZ, OUT },
	{ "TUNSETVNETHDRSZ", TUNSETVNETHDRSZ, POINTER },
	{ "TUNGETVNETLE", TUNGETVNETLE, OUT },
	{ "TUNSETVNETLE", TUNSETVNETLE, POINTER },
	{ "TUNGETVNETBE", TUNGETVNETBE, OUT },
	{ "TUNSETVNETBE", TUNSETVNETBE, POINTER },
	{ "TUNSETOFFLOAD", TUNSETOFFLOAD, VALUE },
	{ "SIOCGIFHWADDR", SIOCGIFHWADDR, HWADDR },
	{ "SIOCSIFHWADDR", SIOCSIFHWADDR, HWADDR },
	{ "TUNSETPERSIST", TUNSETPERSIST, VALUE },
	{ "TUNSETGROUP", TUNSETGROUP, VALUE },
};

static void do_ioctl(void)
{
	struct queue *q = queue();
	int fd = q->fd, value = 0, result;
	const char *name = next();
	struct ifreq ifr = {};
	unsigned int i;
	unsigned char *mac = (unsigned char *)ifr.ifr_hwaddr.sa_data;

	for (i = 0; i < sizeof(ioctls) / sizeof(ioctls[0]); i++)
		if (!strcmp(ioctls[i].name, name))
			break;
	if (i == sizeof(ioctls) / sizeof(ioctls[0]))
		exit(2);

	switch (ioctls[i].kind) {
	case VALUE:
		tell(ioctl(fd, ioctls[i].request, number()));
		return;
	case POINTER:
		value = number();
		result = ioctl(fd, ioctls[i].request, &value);
		if (!result && !strcmp(name, "TUNSETVNETHDRSZ"))
			q->hdr = value;
		if (!result && !strcmp(name, "TUNSETVNETBE"))
			q->big = value;
		tell(result);
		return;
	case OUT:
		result = ioctl(fd, ioctls[i].request, &value);
		tell(result ? result : value);
		return;
	case FLAGS:
		if (strcmp(name, "TUNGETIFF"))
			ifr.ifr_flags = number();
		result = ioctl(fd, ioctls[i].request, &ifr);
		if (!result && !strcmp(name, "TUNGETIFF"))
			printf("%s %#x\n", ifr.ifr_name, (unsigned short)ifr.ifr_flags);
		else
			tell(result);
		return;
	case HWADDR:
		ifr.ifr_hwaddr.sa_family = 1;
		if (!strcmp(name, "SIOCSIFHWADDR"))
			put_mac(mac, next());
		result = ioctl(fd, ioctls[i].request, &ifr);
		if (!result && !strcmp(name, "SIOCGIFHWADDR"))
			printf("%02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1], mac[2],
			       mac[3], mac[4], mac[5]);
		else
			tell(result);
		return;
	}
}

static void start_vhost(void)
{
	struct queue *q = queue();

	q->vhost = vhost_start(q->fd);
	tell(q->vhost ? 0 : -1);
}

static void set_backend(void)
{
	struct queue *q = queue();
	const char *of = next();

	tell(vhost_backend(q->vhost, strcmp(of, "-") ? find(of)->fd : -1));
}

static void close_queue(void)
{
	struct queue *q = queue();

	if (q->vhost)
		vhost_end(q->vhost);
	q->name[0] = 0;
	tell(close(q->fd));
}

static void open_queue(void)
{
	const char *name = next();

	keep(name, open_tap(next()));
}

static void open_node(void)
{
	const char *name = next();

	keep(name, open(next(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

static void send_raw(void)
{
	struct queue *q = queue();

	memset(buf, 0, sizeof(buf));
	tell(put(q, number()));
}

static void run(void)
{
	fflush(stdout);
	tell(WEXITSTATUS(system(next())));
}

static const struct {
	const char *name;
	void (*function)(void);
} verbs[] = {
	{ "open", open_queue },
	{ "node", open_node },
	{ "many", many },
	{ "close", close_queue },
	{ "vhost", start_vhost },
	{ "backend", set_backend },
	{ "send", send_frame },
	{ "hex", send_hex },
	{ "again", send_again },
	{ "vnet", send_vnet },
	{ "tcp", send_tcp },
	{ "lie", send_lie },
	{ "fuzz", send_fuzz },
	{ "udp", send_udp },
	{ "raw", send_raw },
	{ "split", send_split },
	{ "recv", recv_frame },
	{ "drain", drain },
	{ "poll", poll_frame },
	{ "wait", wait_frame },
	{ "stuff", stuff },
	{ "ioctl", do_ioctl },
	{ "run", run },
	{ "fork", fork_frame },
	{ "pass", pass },
};

static void do_one(const char *verb)
{
	unsigned int i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(verbs[i].name, verb)) {
			verbs[i].function();
			return;
		}
	}
	fprintf(stderr, "no such thing: %s\n", verb);
	exit(2);
}

int main(int argc, char **argv)
{
	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, 0);
	arg = argv + 1;
	while (*arg)
		do_one(next());
	return 0;
}
