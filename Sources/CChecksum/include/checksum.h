#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli) of `length` bytes, continued from `crc`; start with 0. This is the checksum that PostgreSQL's
/// backup manifest calls CRC32C. Uses the processor's instruction where there is one.
uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t length);

/// XXH64 of `length` bytes with seed 0; a zstd frame's checksum is its low 32 bits (RFC 8878, section 3.1.1).
uint64_t checksum_xxh64(const void *bytes, size_t length);
