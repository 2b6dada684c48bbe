use super::checksum::Checksum;
use super::registers::Registers;
use super::{Standard, Terminal};
use crate::Error;
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

const MAGIC: [u8; 4] = *b"DKPT";
const VERSION: u8 = 1;
/// The bytes before the registers.
const HEAD_LEN: usize = 20;
const CHECKSUM_LEN: usize = 4;

/// How long a snapshot is.
pub(crate) const fn image_len(registers: usize, key_len: usize) -> usize {
    HEAD_LEN.saturating_add(registers.saturating_mul(key_len)).saturating_add(CHECKSUM_LEN)
}

/// A terminal as bytes, wiped when dropped.
///
/// Version 1, numbers big-endian:
///
/// | at | bytes | what |
/// |---:|---:|---|
/// | 0 | 4 | `DKPT` in ASCII |
/// | 4 | 1 | version: 1 |
/// | 5 | 1 | algorithm: 1 TDES, 2 AES-128, 3 AES-192, 4 AES-256 |
/// | 6 | 2 | 0 |
/// | 8 | 8 | initial key id; under TDES its last 5 bits are 0 |
/// | 16 | 4 | next counter, or 0 when none is left |
/// | 20 | 21 or 32 times the key's length | the registers, that of the counter's lowest bit first; those not in use are 0 |
/// | | 4 | CRC-32 (IEEE 802.3) of all before |
///
/// In use are the register of the next counter's lowest one bit and those of its zero bits above that. So a
/// snapshot has 360 bytes under TDES, and 536, 792 or 1,048 under AES-128, -192 or -256.
///
/// # Security
/// **It holds keys in clear**, from which every key to come can be derived: it has to live in memory that is wiped when the
/// terminal is opened. The checksum finds bits that went bad, and not what somebody changed.
///
/// Source: none, it is this crate's own.
pub struct Snapshot<A: Standard<N>, const N: usize> {
    image: A::Image,
}

impl<A: Standard<N>, const N: usize> Snapshot<A, N> {
    pub(super) fn blank() -> Self {
        Self { image: A::BLANK }
    }

    pub(super) fn image_mut(&mut self) -> &mut A::Image {
        &mut self.image
    }

    /// The bytes, keys among them, in clear.
    ///
    /// # Security
    /// Nothing wipes a copy of them.
    ///
    /// Source: none, it is this crate's own.
    #[must_use]
    #[inline]
    pub fn expose_bytes(&self) -> &[u8] {
        self.image.as_ref()
    }
}

impl<A: Standard<N>, const N: usize> fmt::Debug for Snapshot<A, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snapshot")
    }
}

impl<A: Standard<N>, const N: usize> Drop for Snapshot<A, N> {
    fn drop(&mut self) {
        self.image.zeroize();
    }
}

impl<A: Standard<N>, const N: usize> ZeroizeOnDrop for Snapshot<A, N> {}

impl<A: Standard<N>, const N: usize> Terminal<A, N> {
    /// All of the terminal as bytes: to begin with, and now and then to put a new one in the place of the last one and its
    /// records.
    ///
    /// Until it is out of the result, the stack holds it up to three times; where that is too much, use
    /// [`expose_snapshot`](Self::expose_snapshot).
    ///
    /// # Errors
    /// [`Error::NoInitialKey`]: none was loaded.
    ///
    /// # Security
    /// **It holds keys in clear**; see [`Snapshot`]. The last snapshot and its records lead to keys that were used since:
    /// destroy them as soon as this one is durable, and not before.
    ///
    /// Source: none, it is this crate's own.
    pub fn snapshot(&self) -> Result<Snapshot<A, N>, Error> {
        let mut snapshot = Snapshot::blank();
        self.expose_snapshot(&mut snapshot.image)?;
        Ok(snapshot)
    }

    /// Writes the same [`snapshot`](Self::snapshot) into memory of the caller's, which is not wiped by anybody else.
    ///
    /// # Errors
    /// [`Error::NoInitialKey`]: none was loaded; nothing is written.
    ///
    /// Source: none, it is this crate's own.
    pub fn expose_snapshot(&self, image: &mut A::Image) -> Result<(), Error> {
        self.write_image(self.id.ok_or(Error::NoInitialKey)?, image);
        Ok(())
    }

    pub(super) fn write_image(&self, id: A::InitialKeyId, image: &mut A::Image) {
        let next = self.registers.next().unwrap_or(0);
        let mut rest = image.as_mut();
        let mut write = |bytes: &[u8]| {
            if let Some(to) = rest.split_off_mut(..bytes.len()) {
                // `copy_from_slice` would carry its panic along at opt-level z.
                to.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            }
        };
        write(&MAGIC);
        write(&[VERSION, A::ALGORITHM, 0, 0]);
        write(&A::id_bytes(id));
        write(&next.to_be_bytes());
        self.registers.keys().iter().for_each(|key| write(key));
        let image = image.as_mut();
        // `split_last_chunk_mut` would carry a panic along at opt-level z.
        let at = image.len().saturating_sub(CHECKSUM_LEN);
        if let Some((covered, checksum)) = image.split_at_mut_checked(at)
            && let Some(checksum) = checksum.first_chunk_mut()
        {
            *checksum = Checksum::new().chain(covered).to_bytes();
        }
    }
}

/// A snapshot that was checked.
pub(super) struct View<'a, A: Standard<N>, const N: usize> {
    pub(super) id: A::InitialKeyId,
    pub(super) next: u32,
    pub(super) keys: &'a [[u8; N]],
}

impl<'a, A: Standard<N>, const N: usize> View<'a, A, N> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        // Another version may have another length.
        if !bytes.starts_with(&MAGIC) || bytes.get(MAGIC.len()) != Some(&VERSION) {
            return Err(Error::SnapshotVersion);
        }
        if bytes.len() != A::BLANK.as_ref().len() {
            return Err(Error::SnapshotLength);
        }
        let at = bytes.len().saturating_sub(CHECKSUM_LEN);
        let (covered, checksum) = bytes.split_at_checked(at).ok_or(Error::SnapshotLength)?;
        if Checksum::new().chain(covered).to_bytes() != *checksum {
            return Err(Error::SnapshotChecksum);
        }
        Self::read_content(covered).ok_or(Error::SnapshotContent)
    }

    fn read_content(bytes: &'a [u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first_chunk::<5>()?;
        let ([algorithm, zeros @ ..], rest) = rest.split_first_chunk::<3>()?;
        let (id_bytes, rest) = rest.split_first_chunk()?;
        let (next, rest) = rest.split_first_chunk()?;
        let (keys, []) = rest.as_chunks() else { return None };
        let id = A::id(*id_bytes);
        let next = u32::from_be_bytes(*next);
        let is_head =
            *algorithm == A::ALGORITHM && *zeros == [0; 2] && A::id_bytes(id) == *id_bytes;
        let is_counter = next & !A::COUNTER_MASK == 0 && next.count_ones() <= A::MAX_ONE_BITS;
        let unused = keys.iter().zip(Registers::<A, N>::in_use(next)).filter(|(_, used)| !used);
        let is_wiped = unused.flat_map(|(key, _)| key).all(|byte| *byte == 0);
        (is_head && is_counter && is_wiped).then_some(Self { id, next, keys })
    }
}
