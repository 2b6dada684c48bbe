use super::{KeyType, KeyUsage};
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A working key whose usage and type are known at run time only, for tools and for hosts that hand keys on.
///
/// It is wiped when dropped, and its `Debug` shows no byte. It does no work here: where the type is known, the
/// typed keys do.
pub struct WorkingKey {
    bytes: [u8; 32],
    usage: KeyUsage,
    key_type: KeyType,
}

impl WorkingKey {
    pub(super) fn zeroed(usage: KeyUsage, key_type: KeyType) -> Self {
        Self { bytes: [0; 32], usage, key_type }
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.key_type.len()).unwrap_or_default()
    }

    /// The key's bytes, in clear: 16, 24 or 32.
    ///
    /// # Security
    /// From here on nothing keeps the key to its usage, and nothing wipes a copy.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.bytes.get(..self.key_type.len()).unwrap_or_default()
    }

    /// What the key is for.
    #[must_use]
    pub fn usage(&self) -> KeyUsage {
        self.usage
    }

    /// The key's algorithm and length.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }
}

impl fmt::Debug for WorkingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorkingKey")
    }
}

impl Drop for WorkingKey {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl ZeroizeOnDrop for WorkingKey {}
