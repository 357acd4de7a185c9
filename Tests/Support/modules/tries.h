// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Tries what a job of ours has no business to do, and writes a line for each attempt to a descriptor: its name and the error's name,
// "done" where it worked. EONAY_TEST_HOME is a folder with ".ssh/id" and ".config/opensc/opensc.conf", EONAY_TEST_ABSTRACT the name of an
// abstract socket that listens. Nothing that is tried changes anything outside of that folder, also where nobody refuses it.
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int tried_out;

static void tried(const char *what, long result) {
    const char *error = result < 0 ? strerrorname_np(errno) : "done";
    char line[128];
    int length = snprintf(line, sizeof line, "%s %s\n", what, error);
    if (write(tried_out, line, length) < 0) abort();
}

static long opened(int descriptor) {
    if (descriptor >= 0) close(descriptor);
    return descriptor;
}

static const char *in_home(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("EONAY_TEST_HOME"), name);
    return path;
}

static long try_abstract_socket(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *name = getenv("EONAY_TEST_ABSTRACT");
    memcpy(address.sun_path + 1, name, strlen(name));
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    long result = connect(descriptor, (void *)&address, offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
    int failure = errno;
    close(descriptor);
    errno = failure;
    return result;
}

static void *in_thread(void *argument) { return argument; }

// The errno of an execve in a child; 0 where the program ran.
static long try_program(void) {
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(errno);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) return -1;
    errno = WEXITSTATUS(status);
    return WIFEXITED(status) && errno == 0 ? 0 : -1;
}

// A call in the numbers of 32 bits ends its process.
static void try_other_numbers(void) {
#if defined(__x86_64__)
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_DUMPABLE, 0);
        long result = 20; // getpid
        __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    errno = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? ENOSYS : EINVAL;
    tried("32-bit-call", WIFEXITED(status) ? 0 : -1);
#else
    errno = ENOSYS;
    tried("32-bit-call", -1);
#endif
}

static void try_everything(int out) {
    char octet = 0;
    struct iovec here = {&octet, 1}, there = {&octet, 1};
    pthread_t thread;
    char of_parent[64];
    snprintf(of_parent, sizeof of_parent, "/proc/%d/mem", getppid());
    tried_out = out;

    tried("read-key", opened(open(in_home(".ssh/id"), O_RDONLY)));
    tried("list-home", opened(open(in_home(""), O_RDONLY | O_DIRECTORY)));
    tried("read-driver-settings", opened(open(in_home(".config/opensc/opensc.conf"), O_RDONLY)));
    tried("change-driver-settings", opened(open(in_home(".config/opensc/opensc.conf"), O_WRONLY)));
    tried("write-home", opened(open(in_home("new"), O_WRONLY | O_CREAT, 0600)));
    tried("link-home", symlink("/", in_home("link")));
    tried("remove-key", unlink(in_home(".ssh/id")));
    tried("truncate-key", truncate(in_home(".ssh/id"), 0));
    tried("chmod-key", chmod(in_home(".ssh/id"), 0666));
    tried("chown-key", chown(in_home(".ssh/id"), getuid(), getgid()));
    tried("write-tmp", opened(open("/tmp", O_WRONLY | O_TMPFILE, 0600)));
    tried("write-var-tmp", opened(open("/var/tmp", O_WRONLY | O_TMPFILE, 0600)));
    tried("shared-memory", opened(open("/dev/shm", O_RDWR | O_TMPFILE, 0600)));
    tried("read-system", opened(open("/etc/passwd", O_RDONLY)));
    tried("read-program", opened(open("/usr/bin/env", O_RDONLY)));
    tried("memory-of-parent", opened(open(of_parent, O_RDONLY)));

    tried("internet", opened(socket(AF_INET, SOCK_STREAM, 0)));
    tried("internet-6", opened(socket(AF_INET6, SOCK_DGRAM, 0)));
    tried("packets", opened(socket(AF_PACKET, SOCK_RAW, 0)));
    tried("routes", opened(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)));
    tried("hot-plug", opened(socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT)));
    tried("audit", opened(socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT)));
    tried("virtual-machines", opened(socket(AF_VSOCK, SOCK_STREAM, 0)));
    tried("local-socket", opened(socket(AF_UNIX, SOCK_STREAM, 0)));
    tried("abstract-socket", try_abstract_socket());

    tried("program", try_program());
    tried("thread", pthread_create(&thread, NULL, in_thread, NULL) == 0 ? pthread_join(thread, NULL) : -1);
    tried("clone3", syscall(SYS_clone3, NULL, 0));
    tried("trace", ptrace(PTRACE_PEEKUSER, getppid(), NULL, NULL));
    tried("read-memory", process_vm_readv(getppid(), &here, 1, &there, 1, 0));
    tried("namespace", unshare(CLONE_NEWUSER));
    tried("mount", mount("none", "/nonexistent", "tmpfs", 0, NULL));
    tried("chroot", chroot("/"));
    tried("keys", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
    tried("bpf", syscall(SYS_bpf, 0, NULL, 0));
    tried("perf", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
    tried("page-faults", syscall(SYS_userfaultfd, 0));
    tried("ring", syscall(SYS_io_uring_setup, 1, NULL));
    tried("kernel-module", syscall(SYS_init_module, NULL, 0, ""));
    tried("personality", personality(0xffffffff));
    tried("dumpable", prctl(PR_SET_DUMPABLE, 1));
    errno = EPERM;
    tried("core-file", prctl(PR_GET_DUMPABLE) == 1 ? 0 : -1);
    tried("outlive", prctl(PR_SET_PDEATHSIG, 0));
    tried("type", ioctl(5, TIOCSTI, &octet));
    try_other_numbers();
}
