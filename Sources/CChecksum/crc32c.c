#include "checksum.h"

#include <string.h>

// The portable way: one table look-up a byte, from the reflected polynomial 0x82F63B78 (RFC 3720, appendix B.4).
static uint32_t table[256];

__attribute__((constructor)) static void make_table(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++) {
            value = (value >> 1) ^ ((value & 1) ? 0x82F63B78u : 0);
        }
        table[i] = value;
    }
}

static uint32_t update_portable(uint32_t crc, const unsigned char *p, size_t length) {
    while (length--) {
        crc = table[(crc ^ *p++) & 0xFF] ^ (crc >> 8);
    }
    return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t update_hardware(uint32_t crc, const unsigned char *p,
                                                                  size_t length) {
    uint64_t wide = crc;
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        wide = _mm_crc32_u64(wide, word);
        p += 8;
        length -= 8;
    }
    crc = (uint32_t)wide;
    while (length--) {
        crc = _mm_crc32_u8(crc, *p++);
    }
    return crc;
}

static int have_hardware(void) { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>

static uint32_t update_hardware(uint32_t crc, const unsigned char *p, size_t length) {
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        crc = __crc32cd(crc, word);
        p += 8;
        length -= 8;
    }
    while (length--) {
        crc = __crc32cb(crc, *p++);
    }
    return crc;
}

static int have_hardware(void) { return 1; }
#else
static uint32_t update_hardware(uint32_t crc, const unsigned char *p, size_t length) {
    return update_portable(crc, p, length);
}

static int have_hardware(void) { return 0; }
#endif

uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t length) {
    crc = ~crc;
    crc = have_hardware() ? update_hardware(crc, bytes, length) : update_portable(crc, bytes, length);
    return ~crc;
}
