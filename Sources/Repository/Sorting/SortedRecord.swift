/// One record that comes out of a sort; its bytes are valid until the next one is asked for.
package struct SortedRecord {
    /// What it was sorted by.
    package let key: UnsafeRawBufferPointer
    /// What came with the key.
    package let payload: UnsafeRawBufferPointer
}
