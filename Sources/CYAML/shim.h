// libyaml's C interface: its parser's events.
#ifndef FAUXGUARD_CYAML_H
#define FAUXGUARD_CYAML_H

#include <yaml.h>

#endif
