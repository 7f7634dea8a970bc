// The documents that come with the program, as bytes of the binary.
#ifndef FAUXGUARD_CSUPPLIED_H
#define FAUXGUARD_CSUPPLIED_H

#include <stddef.h>

struct supplied_document {
    // The file's path in the repository.
    const char *path;
    // What it held, with a zero behind it.
    const unsigned char *text;
};

extern const struct supplied_document supplied_registry;
extern const struct supplied_document supplied_profiles;
extern const size_t supplied_scenario_count;

// The scenario of this number, by name in alphabetical order.
const struct supplied_document *supplied_scenario(size_t number);

#endif
