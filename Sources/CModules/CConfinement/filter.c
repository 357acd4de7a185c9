// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/* The filter lists what is refused, by kind, and lets all else pass: the code behind it is a vendor's, which does what nobody foresaw
   and has to go on where it is refused something. A refusal is therefore an error of the call and never a kill; only calls in the
   numbers of another architecture, which no program of ours makes, end the process. */

#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#else
#error "no filter for this architecture"
#endif

static const unsigned refused[] = {
    /* other programs */
    SYS_execve, SYS_execveat,
    /* the memory, the threads and the descriptors of other processes */
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_kcmp, SYS_pidfd_getfd,
    /* doors into the kernel, which hardly any program needs and many attacks have used; a ring's calls pass no filter */
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_fanotify_init,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_personality,
#ifdef SYS_modify_ldt
    SYS_modify_ldt,
#endif
    /* keys of the session */
    SYS_add_key, SYS_request_key, SYS_keyctl,
    /* another view of the file system */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_move_mount, SYS_open_tree, SYS_fsopen, SYS_fsconfig, SYS_fsmount,
    SYS_fspick, SYS_mount_setattr, SYS_unshare, SYS_setns, SYS_open_by_handle_at,
    /* changes of files that Landlock does not see, or not before its third version */
    SYS_truncate, SYS_fchmodat, 452 /* fchmodat2 */, SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
    SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_utimensat,
#if defined(__x86_64__)
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

enum {
    number = offsetof(struct seccomp_data, nr),
    architecture = offsetof(struct seccomp_data, arch),
    /* The low half of the first arguments: both architectures are little-endian. */
    first = offsetof(struct seccomp_data, args[0]),
    second = offsetof(struct seccomp_data, args[1]),
    third = offsetof(struct seccomp_data, args[2]),
};

static const unsigned namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, field)
#define IF(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise)
#define RETURN(verdict) BPF_STMT(BPF_RET | BPF_K, verdict)
#define REFUSE(error) RETURN(SECCOMP_RET_ERRNO | (error))
#define PASS RETURN(SECCOMP_RET_ALLOW)

static struct sock_filter rules[2 * sizeof refused / sizeof *refused + 48];
static unsigned short count;

static void add(const struct sock_filter *more, size_t length) {
    for (size_t next = 0; next < length; next++) rules[count++] = more[next];
}
#define ADD(...)                                                                                                                    \
    do {                                                                                                                            \
        const struct sock_filter more[] = {__VA_ARGS__};                                                                            \
        add(more, sizeof more / sizeof *more);                                                                                      \
    } while (0)

static void write_rules(bool is_client) {
    count = 0;
    ADD(LOAD(architecture), IF(ARCHITECTURE, 1, 0), RETURN(SECCOMP_RET_KILL_PROCESS), LOAD(number));
#if defined(__x86_64__)
    /* x32, whose numbers are others */
    ADD(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), REFUSE(ENOSYS));
#endif
    for (size_t next = 0; next < sizeof refused / sizeof *refused; next++) ADD(IF(refused[next], 0, 1), REFUSE(EPERM));
    /* Its flags lie in memory, which a filter does not see; the C library then calls clone. */
    ADD(IF(SYS_clone3, 0, 1), REFUSE(ENOSYS));
    ADD(IF(SYS_clone, 0, 4), LOAD(first), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, namespaces, 0, 1), REFUSE(EPERM), PASS);
    /* What a terminal is sent in this way is read as if it had been typed: a way into the caller's shell. */
    ADD(IF(SYS_ioctl, 0, 5), LOAD(second), IF(TIOCSTI, 1, 0), IF(TIOCLINUX, 0, 1), REFUSE(EPERM), PASS);
    /* No debugger, and no life after the parent's. */
    ADD(IF(SYS_prctl, 0, 6), LOAD(first), IF(PR_SET_DUMPABLE, 2, 0), IF(PR_SET_PTRACER, 1, 0), IF(PR_SET_PDEATHSIG, 0, 1), REFUSE(EPERM), PASS);
    ADD(IF(SYS_socket, 1, 0), PASS, LOAD(first), IF(AF_UNIX, 0, 1), PASS);
    if (is_client) ADD(IF(AF_INET, 1, 0), IF(AF_INET6, 0, 1), PASS);
    /* How a resolver asks for the computer's addresses; how a module that speaks with a USB token itself hears of it. */
    ADD(IF(AF_NETLINK, 0, 3), LOAD(third), IF(is_client ? NETLINK_ROUTE : NETLINK_KOBJECT_UEVENT, 0, 1), PASS);
    ADD(REFUSE(EAFNOSUPPORT));
}

int cconfinement_filter_support(void) {
    unsigned verdict = SECCOMP_RET_KILL_PROCESS;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &verdict) == 0 ? 0 : -errno;
}

int cconfinement_filter(bool is_client) {
    write_rules(is_client);
    struct sock_fprog program = {.len = count, .filter = rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    /* With TSYNC a positive result is the thread that could not follow. */
    return result < 0 ? -errno : result > 0 ? -EBUSY : 0;
}
