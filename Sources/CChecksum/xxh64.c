#include "checksum.h"

#include <string.h>

// XXH64 as RFC 8878 relies on it: four lanes of 8 bytes, then the tail, then the avalanche. Little-endian hosts only,
// as all that we build for are.
static const uint64_t p1 = 11400714785074694791ULL, p2 = 14029467366897019727ULL, p3 = 1609587929392839161ULL,
                      p4 = 9650029242287828579ULL, p5 = 2870177450012600261ULL;

static uint64_t rotate(uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }

static uint64_t read64(const unsigned char *p) {
    uint64_t value;
    memcpy(&value, p, 8);
    return value;
}

static uint32_t read32(const unsigned char *p) {
    uint32_t value;
    memcpy(&value, p, 4);
    return value;
}

static uint64_t lane(uint64_t accumulator, uint64_t input) { return rotate(accumulator + input * p2, 31) * p1; }

static uint64_t merge(uint64_t hash, uint64_t accumulator) { return (hash ^ lane(0, accumulator)) * p1 + p4; }

uint64_t checksum_xxh64(const void *bytes, size_t length) {
    const unsigned char *p = bytes, *end = p + length;
    uint64_t hash;
    if (length >= 32) {
        uint64_t a = p1 + p2, b = p2, c = 0, d = 0 - p1;
        do {
            a = lane(a, read64(p));
            b = lane(b, read64(p + 8));
            c = lane(c, read64(p + 16));
            d = lane(d, read64(p + 24));
            p += 32;
        } while (end - p >= 32);
        hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
        hash = merge(merge(merge(merge(hash, a), b), c), d);
    } else {
        hash = p5;
    }
    hash += length;
    for (; end - p >= 8; p += 8) {
        hash = rotate(hash ^ lane(0, read64(p)), 27) * p1 + p4;
    }
    if (end - p >= 4) {
        hash = rotate(hash ^ (read32(p) * p1), 23) * p2 + p3;
        p += 4;
    }
    for (; p < end; p++) {
        hash = rotate(hash ^ (*p * p5), 11) * p1;
    }
    hash = (hash ^ (hash >> 33)) * p2;
    hash = (hash ^ (hash >> 29)) * p3;
    return hash ^ (hash >> 32);
}
