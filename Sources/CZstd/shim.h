#pragma once
// refPrefix and the content-size helpers are part of the stable API since zstd 1.4; the error code is not needed here.
#include <zstd.h>
