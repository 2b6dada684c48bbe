/// How data is filled up to whole blocks before a MAC of ISO/IEC 9797-1 is made.
///
/// Source: ISO/IEC 9797-1:2011.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Padding {
    /// Zero bytes up to a whole block, none if there already is one; empty data becomes a block of zeros.
    ///
    /// # Security
    /// Data and the same data with zeros after it have one MAC. Use it where the data's length is fixed or part
    /// of the data.
    Method1,
    /// A byte 80, always, then zero bytes up to a whole block.
    Method2,
    /// A block with the data's length in bits, then the data with zeros as in [`Method1`](Self::Method1).
    Method3 {
        /// The data's length in bytes, which has to be known before the first of them.
        data_len: u64,
    },
}
