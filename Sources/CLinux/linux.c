#define _GNU_SOURCE
#include "linux.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

int linux_limit_malloc_arenas(int arenas) { return mallopt(M_ARENA_MAX, arenas); }

int linux_trim_malloc(void) { return malloc_trim(0); }

int linux_peer_credentials(int descriptor, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
        return -1;
    }
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

int linux_lock_range(int descriptor, int type, int64_t start, int64_t length, int wait) {
    struct flock range = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length, .l_pid = 0};
    int result;
    do {
        result = fcntl(descriptor, wait ? F_OFD_SETLKW : F_OFD_SETLK, &range);
    } while (result == -1 && errno == EINTR);
    return result;
}

int linux_set_io_priority(int level) {
    const int who_process = 1, class_best_effort = 2, class_shift = 13;
    return (int)syscall(SYS_ioprio_set, who_process, 0, (class_best_effort << class_shift) | level);
}

int linux_sync_file_system(int descriptor) { return syncfs(descriptor); }
