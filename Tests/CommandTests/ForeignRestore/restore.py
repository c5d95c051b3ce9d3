#!/usr/bin/env python3
"""Restores a backup from docs/repository-format.md alone: no code of recyclicd, only Python, zstd and gzip.

usage: restore.py REPOSITORY BACKUP TARGET

BACKUP is an id, or "latest". The WAL that a base backup needs is put into TARGET/recyclic_wal, decompressed; of a dump TARGET
gets the files.
"""
import glob
import gzip
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile

MAGIC = b"RCYCPACK"
TRAILER = struct.Struct("<HHI8s")


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    name = os.path.basename(path)[-64:]
    if hashlib.sha256(data).hexdigest() != name:
        sys.exit(f"{path}: its bytes don't have the SHA-256 in its name")
    return data


def decompress(data, base=None):
    """One zstd or gzip run; with a base, the delta against it."""
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "in"), os.path.join(folder, "out")
        with open(source, "wb") as file:
            file.write(data)
        command = ["zstd", "-q", "-d", source, "-o", target]
        if base is not None:
            prefix = os.path.join(folder, "base")
            with open(prefix, "wb") as file:
                file.write(base)
            command.append(f"--patch-from={prefix}")
        subprocess.run(command, check=True)
        with open(target, "rb") as file:
            return file.read()


def payload(data):
    """The directory's payload, and where the frames end."""
    end = len(data)
    if data[:2] != b"\x1f\x8b":
        part, parts, length, magic = TRAILER.unpack(data[end - 16 : end])
        assert (part, parts, magic) == (0, 1, MAGIC)
        return data[end - 16 - length : end - 16], end - 16 - length - 8
    slices = []
    while True:
        part, parts, length, magic = TRAILER.unpack(data[end - 26 : end - 10])
        assert magic == MAGIC
        full = 65515
        size = length - full * (parts - 1) if part == parts - 1 else full
        slices.insert(0, data[end - 26 - size : end - 26])
        end -= 10 + 16 + size + 4 + 2 + 10
        if part == 0:
            return b"".join(slices), end


class Chunks:
    """Where every chunk is, from the packs' directories alone; the indexes are not needed."""

    def __init__(self, repository):
        self.places, self.loaded = {}, {}
        for path in sorted(glob.glob(os.path.join(repository, "packs", "*", "*"))):
            data = read(path)
            directory, _ = payload(data)
            magic, version, kind, _, _, _, count = struct.unpack_from("<4sBBBB16sI", directory)
            assert (magic, version) == (b"RCPD", 1)
            position, offset, start = 28, 0, 0
            for _ in range(count):
                chunk, stored, raw = struct.unpack_from("<32sII", directory, position)
                position += 40
                base = None
                if kind == 2:
                    base = directory[position : position + 32]
                    position += 36
                # A whole copy is better than a delta.
                if chunk not in self.places or base is None:
                    self.places[chunk] = (path, offset, stored, start, raw, base)
                offset += stored
                start += raw

    def __getitem__(self, chunk):
        path, offset, stored, start, raw, base = self.places[chunk]
        if base is None:
            if path not in self.loaded:
                if len(self.loaded) == 8:
                    self.loaded.pop(next(iter(self.loaded)))
                self.loaded[path] = self.whole(path)
            data = self.loaded[path][start : start + raw]
        else:
            frame = read(path)[offset : offset + stored]
            data = decompress(frame, self[base])
        if hashlib.sha256(data).digest() != chunk:
            sys.exit(f"{path}: chunk {chunk.hex()} is damaged")
        return data

    @staticmethod
    def whole(path):
        data = read(path)
        _, end = payload(data)
        return decompress(data[:end])


def lines(data):
    return [json.loads(line) for line in data.splitlines() if line]


def main():
    repository, wanted, target = sys.argv[1:]
    manifests = sorted(
        glob.glob(os.path.join(repository, "clusters", "*", "backups", "*")), key=os.path.basename
    )
    chosen = [path for path in manifests if wanted in ("latest", os.path.basename(path)[:-65])]
    manifest = json.loads(read(chosen[-1]))
    cluster = os.path.dirname(os.path.dirname(chosen[-1]))
    chunks = Chunks(repository)

    os.mkdir(target, 0o700)
    root = bytes.fromhex(manifest["table"]["root"])
    for part in lines(chunks[root]):
        for entry in lines(chunks[bytes.fromhex(part["id"])]):
            path = os.path.join(target, entry["path"])
            if entry["type"] == "directory":
                os.makedirs(path, mode=entry["mode"], exist_ok=True)
            elif entry["type"] == "link":
                os.symlink(entry["target"], path)
            else:
                ids = [bytes.fromhex(text) for text in entry.get("chunks", [])]
                for text in entry.get("lists", []):
                    packed = chunks[bytes.fromhex(text)]
                    ids += [packed[i : i + 32] for i in range(0, len(packed), 32)]
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    for chunk in ids:
                        file.write(chunks[chunk])
                os.chmod(path, entry["mode"])
                assert os.path.getsize(path) == entry["size"], path

    print(f"restored {manifest['id']}: {manifest['table']['files']} entries")
    if manifest["kind"] == "dump":
        return
    wal = os.path.join(target, "recyclic_wal")
    os.mkdir(wal, 0o700)
    for item in manifest["wal"]["objects"] + manifest["wal"]["histories"]:
        data = decompress(read(os.path.join(cluster, item["object"])))
        assert len(data) == item["bytes"], item
        with open(os.path.join(wal, item["name"]), "wb") as file:
            file.write(data)


main()
