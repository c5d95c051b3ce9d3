/// Where a repository's objects lie: a local folder now, an S3 bucket later.
///
/// Objects are immutable: nothing is ever overwritten. Names are paths relative to the repository, with `/` between
/// their parts. All calls block; make them on a thread of their own. Errors are ``RepositoryError``: `notFound` for an
/// object that is not there.
package protocol ObjectStore: Sendable {
    /// Makes an object of a finished file, durably, and takes the file away.
    ///
    /// When this returns, the object survives a loss of power. An object of the same name is left as it is, unless its name
    /// holds a digest that its bytes don't have any more: then it is damaged, and gives way.
    ///
    /// - Parameters:
    ///   - file: A path from ``makeTemporary()``, closed for writing; its bytes need not be synced yet.
    ///   - name: The object's name.
    /// - Throws: ``RepositoryError``: `alreadyExists` when an object of this name, which holds no digest, has another size, and
    ///   what the file system says.
    func put(file: String, as name: String) throws

    /// Makes an object of bytes, durably. See ``put(file:as:)``.
    func put(bytes: [UInt8], as name: String) throws

    /// Opens an object for many reads.
    func open(_ name: String) throws -> any ObjectHandle

    /// Calls `body` with the name and size of every object whose name begins with `prefix`, in no particular order.
    ///
    /// `prefix` is empty or ends in `/`. Memory does not grow with the number of objects. Objects made or removed
    /// meanwhile may or may not be seen. `tmp/` and `lock` are no objects.
    func list(_ prefix: String, _ body: (ListedObject) throws -> Void) throws

    /// The object's size in bytes.
    func size(of name: String) throws -> Int64

    /// Removes an object, durably; does nothing when it is not there.
    func delete(_ name: String) throws

    /// The path of a new empty file, mode 0600, on the local file system; the caller removes it or ``put(file:as:)``s it.
    func makeTemporary() throws -> String
}

/// An object that is open for reading; closed when the last reference goes. Reads from several threads are fine.
package protocol ObjectHandle: AnyObject, Sendable {
    /// The object's name.
    var name: String { get }

    /// The object's size in bytes.
    var size: Int64 { get }

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// - Returns: How many bytes were read: less than `buffer.count` only at the object's end.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// One line of a listing.
package struct ListedObject: Sendable, Hashable {
    /// The object's name.
    package var name: String
    /// Its size in bytes.
    package var size: Int64

    package init(name: String, size: Int64) {
        self.name = name
        self.size = size
    }
}
