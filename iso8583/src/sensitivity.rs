//! What a value may reveal.

/// What a value may reveal, and with that what `Debug` and `Display` show of it.
///
/// A part of a field shows no more than the field itself may: where both say something, the stricter one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sensitivity {
    /// Shown as it is.
    Public,
    /// A primary account number: first six and last four digits are shown.
    Pan,
    /// Track data; only the length is shown.
    Track,
    /// An enciphered PIN block; only the length is shown.
    Pin,
    /// A message authentication code or key material; only the length is shown.
    Key,
    /// The cardholder's data, such as an expiry date; only the length is shown.
    Cardholder,
    /// Content that the spec does not know, which may be any of the above; only the length is shown. What a field is unless
    /// told otherwise.
    Opaque,
}

impl Sensitivity {
    /// What a part may reveal of a value that may reveal no more than this.
    pub(crate) const fn within(self, part: Self) -> Self {
        match (self, part) {
            (Self::Public, part) => part,
            // Of a card number some digits are shown, of all else none.
            (outer, Self::Public | Self::Pan) => outer,
            (_, part) => part,
        }
    }
}
