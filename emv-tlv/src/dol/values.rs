//! Data that were put together by a list, taken apart again.

use super::{Dol, DolEntries};
use crate::{Error, ErrorKind, MaskedValue, Tag};
use core::{fmt, iter::FusedIterator};

impl<'a> Dol<'a> {
    /// Takes apart data that were put together by this list: each tag with its bytes.
    ///
    /// A log record is such data, and its list is the log format; so are the data of a command in a trace.
    ///
    /// # Errors
    /// [`ErrorKind::TruncatedValue`] at the first value that is not whole; [`ErrorKind::TrailingBytes`] behind the last
    /// one. Both count in `data`.
    ///
    /// # Security
    /// The values are bare bytes, a card number among them if the list asks for it: show them as
    /// [`MaskedValue::doubted`], because a list may lie.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{Dol, tags};
    ///
    /// let log_format = Dol::parse(&[0x9A, 0x03, 0x9F, 0x02, 0x06])?;
    /// let record = [0x26, 0x11, 0x23, 0, 0, 0, 0, 0x12, 0x34];
    /// let mut values = log_format.split(&record)?;
    /// assert_eq!(values.next(), Some((tags::TRANSACTION_DATE, &record[..3])));
    /// assert_eq!(values.next(), Some((tags::AMOUNT_AUTHORISED, &record[3..])));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, 5.4.
    pub fn split<'d>(&self, data: &'d [u8]) -> Result<DolValues<'a, 'd>, Error> {
        if data.len() > self.data_len() {
            return Err(Error::at(ErrorKind::TrailingBytes, self.data_len()));
        }
        if data.len() < self.data_len() {
            return Err(Error::at(ErrorKind::TruncatedValue, self.whole_within(data.len())));
        }
        Ok(DolValues { entries: self.entries(), rest: data })
    }

    /// How many bytes the values have that are whole in so many bytes.
    #[cold]
    fn whole_within(&self, room: usize) -> usize {
        let mut whole = 0usize;
        for (_, length) in self.entries() {
            let end = whole.saturating_add(usize::from(length));
            if end > room {
                break;
            }
            whole = end;
        }
        whole
    }
}

/// The iterator of [`Dol::split`]: each tag of the list with its bytes of the data.
#[derive(Clone)]
pub struct DolValues<'a, 'd> {
    entries: DolEntries<'a>,
    rest: &'d [u8],
}

impl<'d> Iterator for DolValues<'_, 'd> {
    type Item = (Tag, &'d [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (tag, length) = self.entries.next()?;
        // `split` has compared the lengths: each value is there.
        let (value, rest) = self.rest.split_at_checked(usize::from(length))?;
        self.rest = rest;
        Some((tag, value))
    }
}

impl FusedIterator for DolValues<'_, '_> {}

impl fmt::Debug for DolValues<'_, '_> {
    /// Shows what is left, masked: no value need be what the list says that it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = self.clone().map(|(tag, value)| (tag, MaskedValue::doubted(tag, value)));
        f.debug_list().entries(masked).finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, vec::Vec};

    #[test]
    fn what_was_filled_comes_apart() {
        let list = hex!("5A08 9F0206 9F3800 DF812901 BF0C02");
        let list = Dol::parse(&list).unwrap();
        let pan = hex!("4111111111111111");
        let mut buffer = [0; 17];
        let data =
            list.fill(&mut buffer, |tag| if tag.raw() == 0x5A { Some(&pan) } else { Some(&[9]) });
        let values = list.split(data.unwrap()).unwrap();
        assert_eq!(
            format!("{values:?}"),
            "[(Tag(5A), MaskedValue(411111******1111)), (Tag(9F02), MaskedValue(000000000009)), \
             (Tag(9F38), MaskedValue((0 bytes))), (Tag(DF8129), MaskedValue(09)), (Tag(BF0C), MaskedValue((2 bytes)))]"
        );
        let values: Vec<_> = values.map(|(tag, value)| (tag.raw(), value)).collect();
        let expect: [(u32, &[u8]); 5] = [
            (0x5A, &pan),
            (0x9F02, &[0, 0, 0, 0, 0, 9]),
            (0x9F38, &[]),
            (0xDF_8129, &[9]),
            (0xBF0C, &[0, 0]),
        ];
        assert_eq!(values, expect);
    }

    #[test]
    fn a_list_that_lies_shows_no_card_number() {
        let list = Dol::parse(&hex!("9F3808 8408")).unwrap();
        let data = hex!("4111111111111111 5413330089010434");
        let shown = format!("{:?}", list.split(&data).unwrap());
        assert_eq!(
            shown,
            "[(Tag(9F38), MaskedValue((8 bytes))), (Tag(84), MaskedValue((8 bytes)))]"
        );
    }

    #[test]
    fn the_length_must_be_the_lists() {
        let list = hex!("9A03 9F3800 9F0206 9C01 9F3800");
        let list = Dol::parse(&list).unwrap();
        let data = [7; 12];
        for (len, offset) in [(0, 0), (2, 0), (3, 3), (8, 3), (9, 9)] {
            let error = list.split(&data[..len]).unwrap_err();
            assert_eq!(error, Error::new(ErrorKind::TruncatedValue, offset), "{len}");
        }
        assert_eq!(list.split(&data[..10]).unwrap().count(), 5);
        let error = list.split(&data).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::TrailingBytes, 10));
        let empty = Dol::parse(&[]).unwrap();
        assert_eq!(empty.split(&[]).unwrap().count(), 0);
        assert_eq!(empty.split(&[0]).unwrap_err(), Error::new(ErrorKind::TrailingBytes, 0));
    }
}
