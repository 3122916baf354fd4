/* Makes fsync and fdatasync of a preloaded process slow: each waits first for the milliseconds in $SLOW_FSYNC_FILE. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void wait_first(void) {
    const char *path = getenv("SLOW_FSYNC_FILE");
    FILE *file = path ? fopen(path, "re") : NULL;
    long milliseconds = 0;
    if (file == NULL) return;
    if (fscanf(file, "%ld", &milliseconds) == 1 && milliseconds > 0) {
        struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
        while (nanosleep(&left, &left) == -1 && errno == EINTR) {}
    }
    fclose(file);
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, "fsync");
    wait_first();
    return real(descriptor);
}

int fdatasync(int descriptor) {
    int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
    wait_first();
    return real(descriptor);
}
