//! What a value may reveal.

/// What a value may reveal, and with that what `Debug` and `Display` show of it.
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
    /// Content that the spec does not know, which may be any of the above; only the length is shown.
    Opaque,
}
