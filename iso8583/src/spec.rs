//! A dialect as data.

mod bitmaps;
mod consistency;
mod rule;

pub use bitmaps::Bitmaps;
#[cfg(feature = "alloc")]
pub(crate) use consistency::DEPTH;
pub use rule::{SpecError, SpecRule};

use crate::header::Header;
use crate::parts::PartsCheck;
use crate::{Bitmap, BitmapEncoding, Composite, Field, Layout, MtiEncoding, Subfield};

/// A dialect of ISO 8583: how the message type indicator, the bitmaps and each data element are written.
///
/// A spec is plain data. The table has entry `n` for data element `n`; entry 0 is `None`, and so are those whose bit announces a
/// bitmap, and data elements that the dialect does not have. A `const` spec whose table
/// contradicts itself does not compile; one that is put together at run time is refused by
/// [`Spec::try_new`], or by the `SpecBuf` that it is built in (feature `alloc`).
///
/// # Examples
/// ```
/// use iso8583_wire::dialect::iso87;
/// use iso8583_wire::{BitmapEncoding, Class, Encoding, Field, MtiEncoding, Prefix, Spec};
///
/// /// ISO 8583:1987 in BCD with field 55 as LLLVAR binary.
/// static TABLE: [Option<Field>; 129] = iso87::with(
///     iso87::BCD_FIELDS,
///     55,
///     Field::variable(Class::B, Prefix::bcd(3), 255),
/// );
/// static ACQUIRER: Spec = Spec::new("acquirer", MtiEncoding::Bcd, BitmapEncoding::Binary, &TABLE);
/// assert_eq!(ACQUIRER.field(55).unwrap().encoding(), Encoding::Binary);
/// ```
/// A contradiction is found when the constant is built:
/// ```compile_fail
/// use iso8583_wire::{BitmapEncoding, Class, Encoding, Field, MtiEncoding, Spec};
///
/// // Letters cannot be packed two a byte.
/// const TABLE: [Option<Field>; 3] =
///     [None, None, Some(Field::fixed(Class::An, 6).encoded(Encoding::Bcd))];
/// const BROKEN: Spec = Spec::new("broken", MtiEncoding::Bcd, BitmapEncoding::Binary, &TABLE);
/// # let _ = BROKEN;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec<'a> {
    name: &'a str,
    mti: MtiEncoding,
    bitmap: BitmapEncoding,
    bitmaps: Bitmaps,
    tables: Tables<'a>,
    echoes: Bitmap,
    header: Header,
    parts_check: Option<PartsCheck>,
}

/// The tables of a spec: data elements, and the parts of those that are made of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tables<'a> {
    /// Entry `n` is data element `n`, up to 192.
    pub fields: &'a [Option<Field>],
    /// The parts of all composites, each composite's in ascending order of their numbers.
    pub subfields: &'a [Subfield],
    /// The composites. A part of one may be made of parts as a later one says.
    pub composites: &'a [Composite],
}

impl<'a> Tables<'a> {
    /// Data elements, none of them made of parts.
    #[must_use]
    pub const fn of(fields: &'a [Option<Field>]) -> Self {
        Self { fields, subfields: &[], composites: &[] }
    }

    /// The same data elements, some of them made of parts.
    #[must_use]
    pub const fn with_parts(self, subfields: &'a [Subfield], composites: &'a [Composite]) -> Self {
        Self { subfields, composites, ..self }
    }
}

impl<'a> Spec<'a> {
    /// A spec for a constant, with up to two bitmaps and no composites.
    ///
    /// # Panics
    /// Where the table contradicts itself, naming the [`SpecRule`]: in a constant that is a
    /// compile error. Use [`Spec::try_new`] for a table that is known only at run time.
    #[must_use]
    pub const fn new(
        name: &'a str,
        mti: MtiEncoding,
        bitmap: BitmapEncoding,
        fields: &'a [Option<Field>],
    ) -> Self {
        Self::with_tables(name, mti, bitmap, Bitmaps::UpToTwo, Tables::of(fields))
    }

    /// A spec for a constant; see [`Composite`] for an example.
    ///
    /// # Panics
    /// As [`Spec::new`].
    #[must_use]
    #[allow(clippy::panic, reason = "a contradiction in a constant must fail the build")]
    pub const fn with_tables(
        name: &'a str,
        mti: MtiEncoding,
        bitmap: BitmapEncoding,
        bitmaps: Bitmaps,
        tables: Tables<'a>,
    ) -> Self {
        match Self::try_with_tables(name, mti, bitmap, bitmaps, tables) {
            Ok(spec) => spec,
            Err(error) => panic!("{}", error.rule().named()),
        }
    }

    /// A spec for a table that is known only at run time, with up to two bitmaps and no composites.
    ///
    /// # Errors
    /// The first rule that the table breaks, and the entry that breaks it.
    pub const fn try_new(
        name: &'a str,
        mti: MtiEncoding,
        bitmap: BitmapEncoding,
        fields: &'a [Option<Field>],
    ) -> Result<Self, SpecError> {
        Self::try_with_tables(name, mti, bitmap, Bitmaps::UpToTwo, Tables::of(fields))
    }

    /// A spec for tables that are known only at run time.
    ///
    /// # Errors
    /// The first rule that the tables break, and the entry that breaks it.
    pub const fn try_with_tables(
        name: &'a str,
        mti: MtiEncoding,
        bitmap: BitmapEncoding,
        bitmaps: Bitmaps,
        tables: Tables<'a>,
    ) -> Result<Self, SpecError> {
        match consistency::broken(bitmaps, &tables) {
            None => {
                let (echoes, header) = (Bitmap::EMPTY, Header::None);
                let parts_check =
                    if tables.composites.is_empty() { None } else { Some(PartsCheck::ALL) };
                Ok(Self { name, mti, bitmap, bitmaps, tables, echoes, header, parts_check })
            }
            Some(error) => Err(error),
        }
    }

    /// The same dialect with its bitmaps written in another way.
    #[must_use]
    pub const fn with_bitmap(self, bitmap: BitmapEncoding) -> Self {
        Self { bitmap, ..self }
    }

    /// The same dialect with the data elements that an answer repeats of its request; see [`Encoder::reply_to`](crate::Encoder::reply_to).
    #[must_use]
    pub const fn echoing(self, echoes: Bitmap) -> Self {
        Self { echoes, ..self }
    }

    /// The data elements that an answer repeats of its request.
    #[must_use]
    pub const fn echoes(&self) -> Bitmap {
        self.echoes
    }

    /// The same dialect with the header that its messages come behind. It is no part of a message: [`Header::split`] takes it off a
    /// frame.
    #[must_use]
    pub const fn behind(self, header: Header) -> Self {
        Self { header, ..self }
    }

    /// The header that messages of this dialect come behind; [`Header::None`] where nothing is known of one.
    #[must_use]
    pub const fn header(&self) -> Header {
        self.header
    }

    /// The dialect's name, as tools write it: `iso87-bcd`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// How the message type indicator is written.
    #[inline]
    #[must_use]
    pub const fn mti_encoding(&self) -> MtiEncoding {
        self.mti
    }

    /// How the bitmaps are written.
    #[inline]
    #[must_use]
    pub const fn bitmap_encoding(&self) -> BitmapEncoding {
        self.bitmap
    }

    /// How many bitmaps there are, and where they stand.
    #[inline]
    #[must_use]
    pub const fn bitmaps(&self) -> Bitmaps {
        self.bitmaps
    }

    /// The tables.
    #[inline]
    #[must_use]
    pub const fn tables(&self) -> Tables<'a> {
        self.tables
    }

    /// The definition of a data element, if the dialect has it.
    #[inline]
    #[must_use]
    pub fn field(&self, number: u16) -> Option<&'a Field> {
        self.tables.fields.get(usize::from(number))?.as_ref()
    }

    /// The composite that lays out a field's parts, if it is made of parts.
    #[inline]
    #[must_use]
    pub fn composite(&self, field: &Field) -> Option<&'a Composite> {
        self.tables.composites.get(usize::from(field.composite()?))
    }

    /// The composite that lays out a field's parts, if these are told apart here, as those of BER-TLV are not.
    #[inline]
    pub(crate) fn made_of_parts(&self, field: &Field) -> Option<&'a Composite> {
        let composite = self.composite(field)?;
        if matches!(composite.layout(), Layout::BerTlv) { None } else { Some(composite) }
    }

    /// How what is made of parts is checked; none where the tables have no composite.
    #[inline]
    pub(crate) const fn parts_check(&self) -> Option<PartsCheck> {
        self.parts_check
    }

    /// Whether values of a field and all their parts are written as another spec writes those of a field of its own.
    ///
    /// Parts lie no deeper than the specs' own limit, so the recursion ends there.
    pub(crate) fn writes_as(&self, field: &Field, other: &Spec<'_>, others: &Field) -> bool {
        if !field.is_written_as(others) {
            return false;
        }
        let (ours, theirs) = match (self.composite(field), other.composite(others)) {
            (Some(ours), Some(theirs)) => (ours, theirs),
            (ours, theirs) => return ours.is_none() && theirs.is_none(),
        };
        let (our_parts, their_parts) = (self.subfields(ours), other.subfields(theirs));
        let unknown = match (ours.unknown(), theirs.unknown()) {
            (Some(our), Some(their)) => self.writes_as(our, other, their),
            (our, their) => our.is_none() && their.is_none(),
        };
        unknown
            && ours.layout() == theirs.layout()
            && our_parts.len() == their_parts.len()
            && our_parts.iter().zip(their_parts).all(|(our, their)| {
                our.number() == their.number() && self.writes_as(our.field(), other, their.field())
            })
    }

    /// The definitions of a composite's parts.
    pub(crate) fn subfields(&self, composite: &Composite) -> &'a [Subfield] {
        let parts = composite.parts();
        self.tables.subfields.get(parts.start.into()..parts.end.into()).unwrap_or_default()
    }

    /// The definition of a composite's part, or of those that it does not know.
    #[must_use]
    pub fn subfield<'c>(&self, composite: &'c Composite, number: u16) -> Option<&'c Field>
    where
        'a: 'c,
    {
        let parts = self.subfields(composite);
        match parts.binary_search_by_key(&number, Subfield::number) {
            Ok(index) => parts.get(index).map(Subfield::field),
            Err(_) => composite.unknown(),
        }
    }
}
