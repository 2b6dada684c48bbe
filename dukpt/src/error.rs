use core::fmt;

/// What can go wrong.
///
/// # Security
/// An error never holds input. [`MacMismatch`](Error::MacMismatch) is the one answer to every MAC that does not
/// verify, and it is reached in constant time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// A key is not as long as its role or algorithm wants it.
    KeyLength,
    /// A key serial number is not of 10 (TDES) or 12 (AES) bytes.
    KsnLength,
    /// An initial key id is not of 8 bytes.
    InitialKeyIdLength,
    /// A key serial number or an initial key id is written in something else than hex digits.
    NotHex,
    /// A layout wants more than the 59 bits before the counter.
    KsnLayout,
    /// A part of a key serial number has more bits than its layout or the standard has for it.
    KsnPartTooLarge,
    /// A transaction counter is 0, which names the initial key itself.
    CounterZero,
    /// A transaction counter has more one bits than the standard lets a terminal use.
    TooManyOneBits,
    /// No transaction counter is left: the initial key is used up.
    CounterExhausted,
    /// The transaction counter is not above the last one that was accepted from this terminal.
    CounterReplayed,
    /// A terminal has no initial key yet.
    NoInitialKey,
    /// A terminal has an initial key of this id already, whose counters would come again.
    InitialKeyLoaded,
    /// A terminal has used or skipped this counter.
    CounterPassed,
    /// Bytes are no snapshot of a terminal, or one of an unknown version.
    SnapshotVersion,
    /// A snapshot is not as long as its algorithm wants it.
    SnapshotLength,
    /// A snapshot went bad.
    SnapshotChecksum,
    /// A snapshot is of another algorithm, or contradicts itself.
    SnapshotContent,
    /// A terminal's record does not come after the one before.
    RecordOrder,
    /// The key serial number belongs to another initial key than this one.
    InitialKeyMismatch,
    /// The key type asked for is stronger than the key that it would be derived from.
    KeyTypeTooStrong,
    /// The key type does not have the usage asked for.
    UsageNotAllowed,
    /// The cipher's key or block is not as long as the key's type wants it.
    CipherMismatch,
    /// No key type has this name.
    UnknownKeyType,
    /// No key usage has this name.
    UnknownKeyUsage,
    /// An initial vector is not as long as the cipher's block.
    IvLength,
    /// The data is not of whole blocks, or not as long as was announced.
    DataLength,
    /// A MAC of fewer than 4 bytes, or of more than the algorithm makes, was asked for.
    MacLength,
    /// The MAC does not belong to the data under this key.
    MacMismatch,
    /// An algorithm does not give its known answer: nothing of this crate is to be used.
    SelfTest,
}

impl Error {
    /// The error's name in `snake_case`, which stays the same from version to version.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeyLength => "key_length",
            Self::KsnLength => "ksn_length",
            Self::InitialKeyIdLength => "initial_key_id_length",
            Self::NotHex => "not_hex",
            Self::KsnLayout => "ksn_layout",
            Self::KsnPartTooLarge => "ksn_part_too_large",
            Self::CounterZero => "counter_zero",
            Self::TooManyOneBits => "too_many_one_bits",
            Self::CounterExhausted => "counter_exhausted",
            Self::CounterReplayed => "counter_replayed",
            Self::NoInitialKey => "no_initial_key",
            Self::InitialKeyLoaded => "initial_key_loaded",
            Self::CounterPassed => "counter_passed",
            Self::SnapshotVersion => "snapshot_version",
            Self::SnapshotLength => "snapshot_length",
            Self::SnapshotChecksum => "snapshot_checksum",
            Self::SnapshotContent => "snapshot_content",
            Self::RecordOrder => "record_order",
            Self::InitialKeyMismatch => "initial_key_mismatch",
            Self::KeyTypeTooStrong => "key_type_too_strong",
            Self::UsageNotAllowed => "usage_not_allowed",
            Self::CipherMismatch => "cipher_mismatch",
            Self::UnknownKeyType => "unknown_key_type",
            Self::UnknownKeyUsage => "unknown_key_usage",
            Self::IvLength => "iv_length",
            Self::DataLength => "data_length",
            Self::MacLength => "mac_length",
            Self::MacMismatch => "mac_mismatch",
            Self::SelfTest => "self_test",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyLength => "the key has the wrong length",
            Self::KsnLength => "the key serial number has the wrong length",
            Self::InitialKeyIdLength => "the initial key id is not 8 bytes long",
            Self::NotHex => {
                "the key serial number or id is written in something else than hex digits"
            }
            Self::KsnLayout => "the layout has no place in the 59 bits before the counter",
            Self::KsnPartTooLarge => "a part of the key serial number does not fit its bits",
            Self::CounterZero => "the transaction counter is zero",
            Self::TooManyOneBits => "the transaction counter has too many one bits",
            Self::CounterExhausted => "no transaction counter is left under this initial key",
            Self::CounterReplayed => "the transaction counter is not above the last one accepted",
            Self::NoInitialKey => "no initial key is loaded",
            Self::InitialKeyLoaded => "an initial key of this id is loaded already",
            Self::CounterPassed => "the counter was used or skipped already",
            Self::SnapshotVersion => "this is no snapshot, or one of an unknown version",
            Self::SnapshotLength => "the snapshot has the wrong length",
            Self::SnapshotChecksum => "the snapshot is damaged, use another copy",
            Self::SnapshotContent => "the snapshot is of another algorithm or contradicts itself",
            Self::RecordOrder => "a record does not follow the one before, give them as written",
            Self::InitialKeyMismatch => "the key serial number belongs to another initial key",
            Self::KeyTypeTooStrong => "the key type is stronger than the key it would come from",
            Self::UsageNotAllowed => "the key type does not have this usage",
            Self::CipherMismatch => "the cipher's key or block size is not that of the key's type",
            Self::UnknownKeyType => "no key type has this name",
            Self::UnknownKeyUsage => "no key usage has this name",
            Self::IvLength => "the initial vector is not as long as a block",
            Self::DataLength => "the data has the wrong length",
            Self::MacLength => "a mac has 4 bytes at least and the algorithm's output at most",
            Self::MacMismatch => "the mac does not match",
            Self::SelfTest => "an algorithm failed its self-test; use none of them",
        })
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::Error;
    use std::string::ToString;

    #[test]
    fn errors_read_as_one_lower_case_line() {
        let all = [
            Error::KeyLength,
            Error::KsnLength,
            Error::InitialKeyIdLength,
            Error::NotHex,
            Error::KsnLayout,
            Error::KsnPartTooLarge,
            Error::CounterZero,
            Error::TooManyOneBits,
            Error::CounterExhausted,
            Error::CounterReplayed,
            Error::NoInitialKey,
            Error::InitialKeyLoaded,
            Error::CounterPassed,
            Error::SnapshotVersion,
            Error::SnapshotLength,
            Error::SnapshotChecksum,
            Error::SnapshotContent,
            Error::RecordOrder,
            Error::InitialKeyMismatch,
            Error::KeyTypeTooStrong,
            Error::UsageNotAllowed,
            Error::CipherMismatch,
            Error::UnknownKeyType,
            Error::UnknownKeyUsage,
            Error::IvLength,
            Error::DataLength,
            Error::MacLength,
            Error::MacMismatch,
            Error::SelfTest,
        ];
        for error in all {
            let line = error.to_string();
            assert!(!line.contains('\n') && line == line.to_lowercase(), "{line}");
            assert!(error.as_str().bytes().all(|b| b == b'_' || b.is_ascii_lowercase()));
        }
    }
}
