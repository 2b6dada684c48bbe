//! Data of an optional block, read with the place of what is wrong, and written or only counted.

use super::ContentsFault;
use crate::hex;

/// What is wrong with the data, and where: characters from the first of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(super) fault: ContentsFault,
    pub(super) at: usize,
}

impl Wrong {
    pub(super) const fn new(fault: ContentsFault, at: usize) -> Self {
        Self { fault, at }
    }

    /// Data that are too long or too short: the place is where they end.
    pub(super) const fn length(data: &[u8]) -> Self {
        Self::new(ContentsFault::Length, data.len())
    }
}

/// Whether all of the data are upper-case hex digits.
pub(super) fn check_hex(data: &[u8]) -> Result<(), Wrong> {
    match hex::first_wrong(data) {
        Some(at) => Err(Wrong::new(ContentsFault::NotHex, at)),
        None => Ok(()),
    }
}

/// The bytes that the data spell in hex, at most ten, and how many there are.
#[inline(never)]
pub(super) fn hex_bytes(data: &[u8]) -> Result<([u8; 10], usize), Wrong> {
    // Text of another length that is no hex at all is told to be no hex.
    check_hex(data)?;
    let mut bytes = [0; 10];
    let len = data.len() >> 1;
    match bytes.get_mut(..len) {
        Some(bytes) if data.len().is_multiple_of(2) => hex::decode(data, bytes),
        _ => return Err(Wrong::length(data)),
    }
    Ok((bytes, len))
}

/// The bytes that the data spell in hex, exactly so many, and ten at most.
pub(crate) fn hex_array<const N: usize>(data: &[u8]) -> Result<[u8; N], Wrong> {
    match hex_bytes(data)? {
        (bytes, len) if len == N => bytes.first_chunk().copied().ok_or(Wrong::length(data)),
        _ => Err(Wrong::length(data)),
    }
}

/// Data that are written: counted also where there is no room for them.
#[derive(Debug)]
pub(super) struct Data<'b> {
    room: &'b mut [u8],
    len: usize,
}

impl<'b> Data<'b> {
    pub(super) const fn new(room: &'b mut [u8]) -> Self {
        Self { room, len: 0 }
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        let end = self.len.saturating_add(text.len());
        if let Some(room) = self.room.get_mut(self.len..end) {
            room.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        }
        self.len = end;
    }

    pub(super) fn hex(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.text(&hex::digits(byte)));
    }

    /// How many characters there are, or would be.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// What was written, if all of it had room.
    pub(super) fn written(self) -> Option<&'b [u8]> {
        let Self { room, len } = self;
        room.get(..len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_exact_and_its_first_fault_is_found() {
        assert_eq!(hex_array(b"00AF"), Ok([0, 0xAF]));
        assert_eq!(hex_array::<2>(b"00AF0"), Err(Wrong::new(ContentsFault::Length, 5)));
        assert_eq!(hex_array::<2>(b"00"), Err(Wrong::new(ContentsFault::Length, 2)));
        assert_eq!(hex_array::<2>(b"00AF00"), Err(Wrong::new(ContentsFault::Length, 6)));
        assert_eq!(hex_array::<2>(b"00aF0"), Err(Wrong::new(ContentsFault::NotHex, 2)));
        assert_eq!(hex_bytes(b"0102"), Ok(([1, 2, 0, 0, 0, 0, 0, 0, 0, 0], 2)));
    }

    #[test]
    fn data_without_room_are_counted() {
        let mut room = [0; 3];
        let mut data = Data::new(&mut room);
        data.text(b"ab");
        data.hex(&[0x1F]);
        assert_eq!((data.len(), data.written()), (4, None));
        assert_eq!(&room, b"ab\0");
    }
}
