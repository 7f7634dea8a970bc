// The Linux interfaces that Swift's Glibc module lacks. _GNU_SOURCE stays undefined: it breaks the
// import of Glibc's fd_set in debug builds. Headers that Glibc's module has, such as sys/socket.h,
// stay out too: whichever module is built first would own their declarations.
#ifndef FAUXGUARD_CLINUX_H
#define FAUXGUARD_CLINUX_H

#include <asm/ioctls.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

// accept4 is declared only under _GNU_SOURCE, and a connection must be close-on-exec from its first instant.
// The address is a sockaddr, the length a socklen_t.
static inline long c_accept4(int descriptor, void *address, unsigned *length, int flags) {
    return syscall(SYS_accept4, descriptor, address, length, flags);
}

// prctl is variadic, and pthread_setname_np is declared only under _GNU_SOURCE.
static inline int c_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

// sched_getaffinity is declared only under _GNU_SOURCE. The kernel answers with the size of the mask it filled.
static inline int c_available_cores(void) {
    unsigned long mask[128] = {0};
    long size = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    for (long word = 0; word < size / (long)sizeof mask[0]; word++) {
        count += __builtin_popcountl(mask[word]);
    }
    return count;
}

// ioctl is variadic, and its header is Glibc's. The kernel's struct winsize is four of these, rows and columns first.
// 0 where the descriptor is no terminal, or one that does not know its size.
static inline int c_terminal_columns(int descriptor) {
    unsigned short size[4] = {0};
    return syscall(SYS_ioctl, descriptor, TIOCGWINSZ, size) == 0 ? size[1] : 0;
}

// epoll's constants arrive in Swift as an enum; plain numbers combine.
static inline unsigned c_EPOLLIN(void) { return EPOLLIN; }
static inline unsigned c_EPOLLOUT(void) { return EPOLLOUT; }
static inline unsigned c_EPOLLERR(void) { return EPOLLERR; }
static inline unsigned c_EPOLLHUP(void) { return EPOLLHUP; }
static inline unsigned c_EPOLLRDHUP(void) { return EPOLLRDHUP; }

#endif
