

#include "shim.h"
