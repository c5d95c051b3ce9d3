import Testing

@testable import Protection

@Suite("Warnings of wrong page checksums")
struct ChecksumNoticeTests {
    @Test(
        "name file and block in any language",
        arguments: [
            (
                "checksum verification failed in file \"./base/5/16384\", block 7: calculated F7AA but expected 1D2B",
                "base/5/16384", 7
            ),
            (
                "échec de la vérification de la somme de contrôle dans le fichier « ./base/5/16384.1 », "
                    + "bloc 131071 : calculé 12AB, alors que le 9 est attendu",
                "base/5/16384.1", 131_071
            ),
            (
                "could not verify checksum in file \"./global/1262\", block 0: read buffer size 1 and page size 8192 differ",
                "global/1262", 0
            ),
            (
                "checksum verification failed in file \"/srv/ts 1/PG_15_202209061/5/1\", block 3: calculated 1 but "
                    + "expected 2",
                "pg_tblspc/16385/PG_15_202209061/5/1", 3
            ),
        ]
    )
    func pages(message: String, path: String, block: Int64) throws {
        let notice = try #require(ChecksumNotice(message: message, tablespaces: [16385: "/srv/ts 1"]))
        #expect(notice.path == path)
        #expect(notice.block == block)
    }

    @Test(
        "are not their sums, nor other notices",
        arguments: [
            "file \"./base/5/16384\" has a total of 12 checksum verification failures",
            "further checksum verification failures in file \"./base/5/16384\" will not be reported",
            "12 total checksum verification failures",
            "le fichier « ./base/5/16384 » a un total de 12 échecs de vérification de somme de contrôle",
            "skipping special file \"./x\"",
            "",
        ]
    )
    func others(message: String) {
        #expect(ChecksumNotice(message: message) == nil)
    }
}
