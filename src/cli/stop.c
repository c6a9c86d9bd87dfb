/* stop.c - Ctrl-C and SIGTERM end a long run after the step at hand */
#include "cli/stop.h"

#include <stddef.h>

/* A handler can reach nothing else. */
static volatile sig_atomic_t stop_wanted;

static void on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

const volatile sig_atomic_t *sei_stop_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND | SA_RESTART};

    stop_wanted = 0;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &stop_wanted;
}
