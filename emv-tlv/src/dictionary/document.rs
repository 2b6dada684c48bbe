//! The documents that define the elements.

use core::fmt;

/// The document that an entry rests on, at the version whose public descriptions were read.
///
/// # Examples
/// ```
/// use emv_tlv::{dictionary::lookup, tags};
///
/// let entry = lookup(tags::OUTCOME_PARAMETER_SET).ok_or("unknown")?;
/// assert_eq!(entry.document.to_string(), "EMV Contactless Book C-2 v2.11");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Document {
    /// EMV Book 3, Annex A.
    Book3,
    /// EMV Contactless Book B: Entry Point.
    BookB,
    /// EMV Contactless Book C-2.
    C2,
    /// EMV Contactless Book C-3.
    C3,
    /// EMV Contactless Book C-4.
    C4,
    /// EMV Contactless Book C-5.
    C5,
    /// EMV Contactless Book C-6.
    C6,
    /// EMV Contactless Book C-7.
    C7,
    /// EMV Contactless Book C-8.
    C8,
    /// EMV Common Payment Application.
    Cpa,
    /// ISO/IEC 7816-4: commands and files.
    Iso7816Part4,
    /// ISO/IEC 7816-6: interindustry data elements.
    Iso7816Part6,
    /// Visa's specifications of its contact and contactless applications.
    Visa,
    /// Mastercard's M/Chip.
    MChip,
    /// Discover's D-PAS.
    DPas,
    /// UnionPay's integrated circuit card specifications.
    UnionPay,
    /// Interac's contactless application.
    Interac,
}

impl Document {
    /// The document's title: `EMV 4.4 Book 3, Annex A`, `EMV Contactless Book C-2`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Book3 => "EMV 4.4 Book 3, Annex A",
            Self::BookB => "EMV Contactless Book B",
            Self::C2 => "EMV Contactless Book C-2",
            Self::C3 => "EMV Contactless Book C-3",
            Self::C4 => "EMV Contactless Book C-4",
            Self::C5 => "EMV Contactless Book C-5",
            Self::C6 => "EMV Contactless Book C-6",
            Self::C7 => "EMV Contactless Book C-7",
            Self::C8 => "EMV Contactless Book C-8",
            Self::Cpa => "EMV Common Payment Application Specification",
            Self::Iso7816Part4 => "ISO/IEC 7816-4",
            Self::Iso7816Part6 => "ISO/IEC 7816-6",
            Self::Visa => "Visa Integrated Circuit Card and Contactless Payment Specifications",
            Self::MChip => "Mastercard M/Chip",
            Self::DPas => "Discover D-PAS",
            Self::UnionPay => "UnionPay Q/CUP 045",
            Self::Interac => "Interac Flash",
        }
    }

    /// The document's version, `v2.11` or a year, if it has one that is public.
    #[must_use]
    pub const fn version(self) -> Option<&'static str> {
        Some(match self {
            Self::Book3 => "v4.4",
            Self::BookB => "v2.12",
            Self::C2 | Self::C3 => "v2.11",
            Self::C4 => "v2.10",
            Self::C5 => "v2.4",
            Self::C6 => "v2.6",
            Self::C7 => "v2.9",
            Self::C8 => "v1.1",
            Self::Cpa => "v1.0",
            Self::Iso7816Part4 => "2005",
            Self::Iso7816Part6 => "2004",
            Self::UnionPay => "2014",
            Self::Visa | Self::MChip | Self::DPas | Self::Interac => return None,
        })
    }
}

impl fmt::Display for Document {
    /// Shows title and version on one line, a year behind a colon or hyphen as its publisher writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.title();
        match (self, self.version()) {
            // The version is in the title.
            (Self::Book3, _) | (_, None) => f.write_str(title),
            (Self::Iso7816Part4 | Self::Iso7816Part6, Some(year)) => write!(f, "{title}:{year}"),
            (Self::UnionPay, Some(year)) => write!(f, "{title}-{year}"),
            (_, Some(version)) => write!(f, "{title} {version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn each_is_shown_as_its_publisher_writes_it() {
        for (document, expect) in [
            (Document::Book3, "EMV 4.4 Book 3, Annex A"),
            (Document::BookB, "EMV Contactless Book B v2.12"),
            (Document::C8, "EMV Contactless Book C-8 v1.1"),
            (Document::Iso7816Part6, "ISO/IEC 7816-6:2004"),
            (Document::UnionPay, "UnionPay Q/CUP 045-2014"),
            (Document::MChip, "Mastercard M/Chip"),
        ] {
            assert_eq!(document.to_string(), expect);
        }
    }
}
