#define _GNU_SOURCE
#include "linux.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

int linux_limit_malloc_arenas(int arenas) { return mallopt(M_ARENA_MAX, arenas); }

int linux_trim_malloc(void) { return malloc_trim(0); }

/// Whether an object's code was changed when it was loaded (DT_TEXTREL in elf(5)): then it is not as in its file.
static int has_text_relocations(const struct dl_phdr_info *object) {
    for (int index = 0; index < object->dlpi_phnum; index++) {
        if (object->dlpi_phdr[index].p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[index].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL) return 1;
            if (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL) return 1;
        }
    }
    return 0;
}

static int release_object(struct dl_phdr_info *object, size_t size, void *total) {
    (void)size;
    // The kernel's own object lies in no file.
    if (strncmp(object->dlpi_name, "linux-vdso", 10) == 0 || has_text_relocations(object)) return 0;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        // What nobody may write, nobody has written: relocations go to segments that can be written, also those that are
        // made read-only afterwards.
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        // Only whole pages of this segment: the first and the last may be shared with a neighbour.
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        if (start < end && madvise((void *)start, end - start, MADV_DONTNEED) == 0) *(size_t *)total += end - start;
    }
    return 0;
}

size_t linux_release_file_pages(void) {
    size_t total = 0;
    // While it walks the list no other thread loads or unloads an object (dl_iterate_phdr(3)).
    dl_iterate_phdr(release_object, &total);
    return total;
}

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

int linux_rename_without_replacing(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

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
