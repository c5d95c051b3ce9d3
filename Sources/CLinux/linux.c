#define _GNU_SOURCE
#include "linux.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

int linux_limit_malloc_arenas(int arenas) { return mallopt(M_ARENA_MAX, arenas); }

int linux_trim_malloc(void) { return malloc_trim(0); }

int linux_begin_sync(int file, int64_t offset, int64_t count) {
    return sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE);
}

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

int linux_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int linux_spawn_streams(const char *path, char *const arguments[], char *const environment[], int input, int output,
                        int errors, pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, errors, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    posix_spawnattr_init(&attributes);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    int code = posix_spawn(child, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int linux_spawn(const char *path, char *const arguments[], char *const environment[], int input, int output, pid_t *child) {
    return linux_spawn_streams(path, arguments, environment, input, output, output, child);
}

int linux_enlarge_pipe(int descriptor, int bytes) { return fcntl(descriptor, F_SETPIPE_SZ, bytes) < 0 ? -1 : 0; }
