#pragma once
#include <stdint.h>
#include <sys/types.h>

// Linux calls that Swift's Glibc module does not show: variadic ones, and those behind _GNU_SOURCE.

/// Names the calling thread (pthread_setname_np(3)); longer names than 15 bytes are refused with ERANGE.
int linux_name_thread(const char *name);

/// Bounds the number of malloc's arenas (mallopt(3), M_ARENA_MAX). Returns 1 on success.
int linux_limit_malloc_arenas(int arenas);

/// Begins to bring a range of a file to the disk, and does not wait for it (sync_file_range(2)). Returns 0 or -1 with errno.
int linux_begin_sync(int file, int64_t offset, int64_t count);

/// Gives free memory back to the kernel (malloc_trim(3)).
int linux_trim_malloc(void);

/// Lets go of the pages of the program and its libraries that are as in their files: code and constants. What is used again comes
/// back from the kernel's cache by itself. Returns how many bytes of address space that concerned.
size_t linux_release_file_pages(void);

/// The peer of a connected Unix socket (SO_PEERCRED in unix(7)). Returns 0, or -1 with errno.
int linux_peer_credentials(int descriptor, pid_t *pid, uid_t *uid, gid_t *gid);

/// Sets (`type` F_RDLCK or F_WRLCK) or releases (F_UNLCK) an open-file-description lock on `length` bytes from `start`
/// (fcntl(2), F_OFD_SETLK). With `wait` not 0 it blocks (F_OFD_SETLKW). Returns 0, or -1 with errno.
int linux_lock_range(int descriptor, int type, int64_t start, int64_t length, int wait);

/// Lowers the calling thread's I/O priority: `level` 0 to 7 of the best-effort class (ioprio_set(2)). 0 or -1 with errno.
int linux_set_io_priority(int level);

/// Writes out everything of the file system that holds the open file (syncfs(2)). Returns 0, or -1 with errno.
int linux_sync_file_system(int descriptor);

/// Renames a file, unless there is one of the new name: then EEXIST (renameat2(2), RENAME_NOREPLACE). Returns 0, or -1 with errno;
/// EINVAL where the file system can't promise that.
int linux_rename_without_replacing(const char *from, const char *to);

/// Makes a pipe whose ends close on exec (pipe2(2)). Returns 0, or -1 with errno.
int linux_pipe(int *reading, int *writing);

/// Starts a program (posix_spawn(3)) in a session of its own, in the root folder, with default signal handling, `input` as
/// its standard input, `output` as its standard output and error, and no other open file. Returns 0 or an errno.
int linux_spawn(const char *path, char *const arguments[], char *const environment[], int input, int output, pid_t *child);

/// Like linux_spawn, with `errors` as the program's standard error.
int linux_spawn_streams(const char *path, char *const arguments[], char *const environment[], int input, int output,
                        int errors, pid_t *child);

/// Gives a pipe room for at least `bytes` (fcntl(2), F_SETPIPE_SZ). Returns 0, or -1 with errno.
int linux_enlarge_pipe(int descriptor, int bytes);
