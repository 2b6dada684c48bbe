//! What SELECT gets, and what directories list.

use super::{answer, command::unknown};
use crate::{Error, Tag, Tlv, Tlvs, element::ApplicationPriority, tags};
use core::{fmt, iter::FusedIterator};

/// The data of a response to SELECT: file control information of an application, of the PSE or of the PPSE.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::Fci;
///
/// let data = b"\x6F\x12\x84\x07\xA0\x00\x00\x00\x03\x10\x10\xA5\x07\x50\x05DEBIT";
/// let fci = Fci::parse(data)?;
/// assert_eq!((fci.df_name, fci.label), (&data[4..11], Some(&b"DEBIT"[..])));
/// assert_eq!(fci.pdol, None);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 1, 11.3.4; EMV Contactless Book B for the PPSE.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Fci<'a> {
    /// Name of what is selected, 84.
    pub df_name: &'a [u8],
    /// Application Label, 50.
    pub label: Option<&'a [u8]>,
    /// Application Preferred Name, 9F12, in the code table of [`code_table_index`](Self::code_table_index).
    pub preferred_name: Option<&'a [u8]>,
    /// Application Priority Indicator, 87.
    pub priority: Option<ApplicationPriority>,
    /// PDOL, 9F38, unchecked.
    pub pdol: Option<&'a [u8]>,
    /// Language Preference, 5F2D: two letters a language.
    pub language: Option<&'a [u8]>,
    /// Issuer Code Table Index, 9F11.
    pub code_table_index: Option<u8>,
    /// Short file identifier of the PSE's directory, 88.
    pub directory_sfi: Option<u8>,
    /// FCI Issuer Discretionary Data, BF0C; of the PPSE, its entries.
    pub issuer_discretionary: Option<Tlv<'a>>,
    object: Tlv<'a>,
}

impl<'a> Fci<'a> {
    /// Reads the data of a response.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) at the template if the name or the proprietary template is missing, or at byte
    /// 0 if there are no data; [`ErrorKind::Duplicate`](crate::ErrorKind::Duplicate) at an object that stands there twice;
    /// [`ErrorKind::WrongLength`](crate::ErrorKind::WrongLength) at a number that is not of one byte; as
    /// [`parse_record`](super::parse_record) for what is no template 6F.
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let object = answer::only(tags::FCI_TEMPLATE, data)?;
        let [name, proprietary] =
            answer::pick(object.children(), [tags::DF_NAME, tags::FCI_PROPRIETARY_TEMPLATE])?;
        let df_name = answer::due(name, &object)?.value();
        let [label, preferred_name, priority, pdol, language, code_table, sfi, discretionary] =
            answer::pick(
                answer::due(proprietary, &object)?.children(),
                [
                    tags::APPLICATION_LABEL,
                    tags::APPLICATION_PREFERRED_NAME,
                    tags::APPLICATION_PRIORITY_INDICATOR,
                    tags::PDOL,
                    tags::LANGUAGE_PREFERENCE,
                    tags::ISSUER_CODE_TABLE_INDEX,
                    tags::SHORT_FILE_IDENTIFIER,
                    tags::FCI_ISSUER_DISCRETIONARY_DATA,
                ],
            )?;
        Ok(Self {
            df_name,
            label: value(label),
            preferred_name: value(preferred_name),
            priority: priority.map(|priority| priority.read()).transpose()?,
            pdol: value(pdol),
            language: value(language),
            code_table_index: number(code_table)?,
            directory_sfi: number(sfi)?,
            issuer_discretionary: discretionary,
            object,
        })
    }

    /// The template that the data are.
    #[must_use]
    pub const fn object(&self) -> Tlv<'a> {
        self.object
    }

    /// The entries of the PPSE: the applications that the card offers, in the order of the card.
    ///
    /// None of an application, or of the PSE, whose entries stand in records.
    ///
    /// # Errors
    /// As [`DirectoryEntries`].
    ///
    /// Source: EMV Contactless Book B, 3.3.
    #[must_use]
    pub fn directory_entries(&self) -> DirectoryEntries<'a> {
        let none = crate::parse(&[]);
        DirectoryEntries {
            objects: self.issuer_discretionary.map_or(none, |object| object.children()),
        }
    }
}

fn value<'a>(object: Option<Tlv<'a>>) -> Option<&'a [u8]> {
    object.map(|object| object.value())
}

fn number(object: Option<Tlv<'_>>) -> Result<Option<u8>, Error> {
    object.map(|object| answer::fixed(object).map(|&[number]| number)).transpose()
}

impl fmt::Debug for Fci<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fci")
            .field("df_name", &unknown(self.df_name))
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}

/// The entries of a record of the PSE's directory: `directory_entries(&parse_record(data)?)`.
///
/// # Errors
/// As [`DirectoryEntries`].
///
/// Source: EMV 4.4 Book 1, 12.2.3.
#[must_use]
pub fn directory_entries<'a>(record: &Tlv<'a>) -> DirectoryEntries<'a> {
    DirectoryEntries { objects: record.children() }
}

/// An application that a directory lists: template 61.
///
/// Source: EMV 4.4 Book 1, 12.2.3; EMV Contactless Book B, 3.3.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct DirectoryEntry<'a> {
    /// Application identifier, 4F, by which it is selected.
    pub aid: &'a [u8],
    /// Application Label, 50.
    pub label: Option<&'a [u8]>,
    /// Application Preferred Name, 9F12.
    pub preferred_name: Option<&'a [u8]>,
    /// Application Priority Indicator, 87.
    pub priority: Option<ApplicationPriority>,
    /// Kernel Identifier, 9F2A.
    pub kernel: Option<&'a [u8]>,
    /// Extended Selection, 9F29, which is put behind the identifier.
    pub extended_selection: Option<&'a [u8]>,
    object: Tlv<'a>,
}

impl<'a> DirectoryEntry<'a> {
    fn read(object: Tlv<'a>) -> Result<Self, Error> {
        const AID: Tag = tags::APPLICATION_IDENTIFIER;
        let [aid, label, preferred_name, priority, kernel, extended_selection] = answer::pick(
            object.children(),
            [
                AID,
                tags::APPLICATION_LABEL,
                tags::APPLICATION_PREFERRED_NAME,
                tags::APPLICATION_PRIORITY_INDICATOR,
                tags::KERNEL_IDENTIFIER,
                tags::EXTENDED_SELECTION,
            ],
        )?;
        Ok(Self {
            aid: answer::due(aid, &object)?.value(),
            label: value(label),
            preferred_name: value(preferred_name),
            priority: priority.map(|priority| priority.read()).transpose()?,
            kernel: value(kernel),
            extended_selection: value(extended_selection),
            object,
        })
    }

    /// The template, whose children have everything else in it.
    #[must_use]
    pub const fn object(&self) -> Tlv<'a> {
        self.object
    }
}

impl fmt::Debug for DirectoryEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirectoryEntry")
            .field("aid", &unknown(self.aid))
            .field("priority", &self.priority)
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}

/// The iterator of [`Fci::directory_entries`] and [`directory_entries`]: yields each template 61, and passes over all else.
///
/// # Errors
/// For one entry [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if it has no identifier,
/// [`ErrorKind::Duplicate`](crate::ErrorKind::Duplicate) and [`ErrorKind::WrongLength`](crate::ErrorKind::WrongLength) as [`Fci::parse`]: the
/// entries after it follow. Where the template itself is wrong, the kinds of [`Tlvs`], and then nothing more.
#[derive(Clone, Debug)]
pub struct DirectoryEntries<'a> {
    objects: Tlvs<'a>,
}

impl<'a> Iterator for DirectoryEntries<'a> {
    type Item = Result<DirectoryEntry<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let other = |object: &Result<Tlv<'a>, Error>| {
            object.is_ok_and(|object| object.tag() != tags::APPLICATION_TEMPLATE)
        };
        let object = self.objects.find(|object| !other(object))?;
        Some(object.and_then(DirectoryEntry::read))
    }
}

impl FusedIterator for DirectoryEntries<'_> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::ErrorKind;
    use hex_literal::hex;
    use std::{format, vec::Vec};

    #[test]
    fn an_application_has_name_label_and_list() {
        let data = hex!(
            "6F268407A0000000031010A51B5004444542498701019F38039F1A025F2D0265
             6E9F110101BF0C00"
        );
        let fci = Fci::parse(&data).unwrap();
        assert_eq!(fci.df_name, hex!("A0000000031010"));
        assert_eq!(
            (fci.priority, fci.code_table_index, fci.directory_sfi),
            (Some(ApplicationPriority::from_byte(1)), Some(1), None)
        );
        assert_eq!((fci.pdol, fci.language), (Some(&hex!("9F1A02")[..]), Some(&b"en"[..])));
        assert_eq!(fci.directory_entries().count(), 0);
        assert!(format!("{fci:?}").starts_with("Fci { df_name: MaskedValue(A0000000031010), "));
    }

    #[test]
    fn the_ppse_lists_applications() {
        let data = hex!(
            "6F2A8402AABBA524BF0C21
             610B4F02A0018701019F2A0102
             9F4D020B0A
             6103870102
             61084F02A0029F290101"
        );
        let fci = Fci::parse(&data).unwrap();
        let entries: Vec<_> = fci.directory_entries().collect();
        let [Ok(first), Err(error), Ok(last)] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!(
            (first.aid, first.kernel, first.priority),
            (&[0xA0, 1][..], Some(&[2][..]), Some(ApplicationPriority::from_byte(1)))
        );
        assert_eq!(*error, Error::new(ErrorKind::NotFound, 29));
        assert_eq!((last.aid, last.extended_selection), (&[0xA0, 2][..], Some(&[1][..])));
        let record = hex!("70 0F 6104 4F02A003 6101 4F 6104 4F02A004");
        let record = crate::parse(&record).next().unwrap().unwrap();
        let found: Vec<_> =
            directory_entries(&record).map(|entry| entry.map(|entry| entry.aid)).collect();
        let cut = Error::new(ErrorKind::TruncatedLength, 11);
        assert_eq!(found, [Ok(&[0xA0, 3][..]), Err(cut), Ok(&[0xA0, 4][..])]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        use ErrorKind::{Duplicate, NotFound, WrongLength, WrongTag};
        for (data, kind, offset) in [
            (&hex!("")[..], NotFound, 0),
            (&hex!("7000"), WrongTag, 0),
            (&hex!("6F04 8402AABB"), NotFound, 0),
            (&hex!("6F02 A500"), NotFound, 0),
            (&hex!("6F08 8402AABB 8402AABB"), Duplicate, 6),
            (&hex!("6F0A 8402AABB A504 87020101"), WrongLength, 10),
        ] {
            assert_eq!(Fci::parse(data).unwrap_err(), Error::new(kind, offset), "{data:02X?}");
        }
    }
}
