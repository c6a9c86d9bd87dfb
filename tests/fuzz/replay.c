/* replay.c - gives every file of the folders named on the command line to a fuzz target, without libFuzzer */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20 };

/* True when the file was read and survived. Folders and unreadable entries are not inputs. */
static int replay_file(const char *folder, const char *name, uint8_t *buffer)
{
    char path[4096];

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return 0;
    FILE *in = fopen(path, "rb");
    if (!in)
        return 0;
    const size_t size = fread(buffer, 1, INPUT_MAX, in);
    fclose(in);

    /* A block of the exact size lets the address sanitizer see a read past the end. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        return 0;
    for (size_t i = 0; i < size; i++)
        exact[i] = buffer[i];
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

static int replay_folder(const char *folder, uint8_t *buffer)
{
    DIR *entries = opendir(folder);
    int  n       = 0;

    if (!entries)
        return 0;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] != '.')
            n += replay_file(folder, entry->d_name, buffer);
    }
    closedir(entries);
    return n;
}

int main(int argc, char **argv)
{
    uint8_t *buffer = malloc(INPUT_MAX);
    int      failed = buffer == NULL || argc < 2;

    for (int i = 1; i < argc && !failed; i++) {
        const int n = replay_folder(argv[i], buffer);
        printf("%s: %d inputs\n", argv[i], n);
        failed = n == 0; /* an empty corpus would test nothing */
    }
    free(buffer);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
