/* Lets chosen system calls on the database fail, as a broken disk does. It is loaded with LD_PRELOAD.
 *
 * The file that HUBBUB_TEST_FAULT names contains the names of the failing calls, separated by spaces. After "once" the
 * file is removed by the first failure. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *call, const char *path)
{
    const char *fault = getenv("HUBBUB_TEST_FAULT");
    char text[256];
    if (fault == NULL || path == NULL || strstr(path, "chat.db") == NULL)
        return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, fault, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    ssize_t length = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    if (length <= 0)
        return 0;
    text[length] = 0;
    if (strstr(text, call) == NULL)
        return 0;
    if (strstr(text, "once") != NULL)
        syscall(SYS_unlinkat, AT_FDCWD, fault, 0);
    errno = EIO;
    return 1;
}

static int fails_for(const char *call, int fd)
{
    char link[64], path[512];
    if (getenv("HUBBUB_TEST_FAULT") == NULL)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return fails(call, path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd) { return fails_for("sync", fd) ? -1 : NEXT(fsync)(fd); }
int fdatasync(int fd) { return fails_for("sync", fd) ? -1 : NEXT(fdatasync)(fd); }
int ftruncate(int fd, off_t length) { return fails_for("truncate", fd) ? -1 : NEXT(ftruncate)(fd, length); }
int ftruncate64(int fd, off64_t length) { return fails_for("truncate", fd) ? -1 : NEXT(ftruncate64)(fd, length); }
ssize_t write(int fd, const void *bytes, size_t count) { return fails_for("write", fd) ? -1 : NEXT(write)(fd, bytes, count); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return fails_for("write", fd) ? -1 : NEXT(pwrite)(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return fails_for("write", fd) ? -1 : NEXT(pwrite64)(fd, bytes, count, at); }
ssize_t read(int fd, void *bytes, size_t count) { return fails_for("read", fd) ? -1 : NEXT(read)(fd, bytes, count); }
ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) { return fails_for("read", fd) ? -1 : NEXT(pread64)(fd, bytes, count, at); }

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return fails("open", path) ? -1 : NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return fails("open", path) ? -1 : NEXT(open64)(path, flags, mode);
}
