//! What the formats are called, here and by vendors.

use super::Format;

impl Format {
    /// All formats: those of ISO 9564-1, then the legacy ones by name.
    pub const ALL: [Self; 20] = [
        Self::Iso0,
        Self::Iso1,
        Self::Iso2,
        Self::Iso3,
        Self::Iso4,
        Self::Ansi,
        Self::Diebold,
        Self::Docutel2,
        Self::Eci1,
        Self::Eci2,
        Self::Eci3,
        Self::Eci4,
        Self::Ibm3621,
        Self::Ibm3624,
        Self::Ibm4704Epp,
        Self::Oem1,
        Self::Visa1,
        Self::Visa2,
        Self::Visa3,
        Self::Visa4,
    ];

    /// The format's name: `iso0` to `iso4`, or the legacy format's, such as `visa3`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iso0 => "iso0",
            Self::Iso1 => "iso1",
            Self::Iso2 => "iso2",
            Self::Iso3 => "iso3",
            Self::Iso4 => "iso4",
            Self::Ansi => "ansi",
            Self::Diebold => "diebold",
            Self::Docutel2 => "docutel2",
            Self::Eci1 => "eci1",
            Self::Eci2 => "eci2",
            Self::Eci3 => "eci3",
            Self::Eci4 => "eci4",
            Self::Ibm3621 => "ibm3621",
            Self::Ibm3624 => "ibm3624",
            Self::Ibm4704Epp => "ibm4704epp",
            Self::Oem1 => "oem1",
            Self::Visa1 => "visa1",
            Self::Visa2 => "visa2",
            Self::Visa3 => "visa3",
            Self::Visa4 => "visa4",
        }
    }

    /// The format's other names: of its standard, of IBM's CCA (`ISO-0`, `3621`), of Thales (`01`), of jPOS (`FORMAT01`) and of
    /// AWS (`ISO_FORMAT_0`).
    ///
    /// `docutel` is what Thales and jPOS call so, format 02. IBM and EFTlab count Docutel among the makers of OEM-1: who means
    /// that one has to say `oem1`. Thales's 35, 41, 42 and 46 have layouts of their own, which are none of these formats.
    ///
    /// Source: IBM CCA, PIN block format keywords; Thales payShield, PIN block formats; jPOS, `SMAdapter`; AWS Payment
    /// Cryptography, `PinBlockFormat`; EFTlab, complete list of PIN-blocks.
    #[must_use]
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Iso0 => &["iso-0", "01", "format01", "iso_format_0"],
            Self::Iso1 => &["iso-1", "05", "format05", "iso_format_1"],
            Self::Iso2 => &["iso-2", "34", "format34"],
            Self::Iso3 => &["iso-3", "47", "iso_format_3"],
            Self::Iso4 => &["iso-4", "48", "iso_format_4"],
            Self::Ansi => &["ansi-x9.8", "ansi x9.8"],
            Self::Diebold => &["03", "format03"],
            Self::Docutel2 => &["docutel", "02", "format02"],
            Self::Eci1 => &["eci-1"],
            Self::Eci2 => &["eci-2"],
            Self::Eci3 => &["eci-3"],
            Self::Eci4 => &["eci-4"],
            Self::Ibm3621 => &["3621", "5906"],
            Self::Ibm3624 => &["3624"],
            Self::Ibm4704Epp => &["4704-epp"],
            Self::Oem1 => &["oem-1", "ncr"],
            Self::Visa1 => &["visa-1"],
            Self::Visa2 => &["visa-2"],
            Self::Visa3 => &["visa-3"],
            Self::Visa4 => &["visa-4", "plus", "04", "format04"],
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{collections::BTreeMap, string::ToString};

    use super::*;
    use crate::Error;

    #[test]
    fn each_name_is_of_one_format() {
        let mut owners = BTreeMap::new();
        for format in Format::ALL {
            assert_eq!(format.to_string(), format.as_str());
            for name in format.aliases().iter().chain([&format.as_str()]) {
                assert_eq!(name.to_ascii_lowercase(), *name);
                assert_eq!(owners.insert(*name, format), None, "{name}");
            }
        }
        for (name, format) in owners {
            assert_eq!(name.parse(), Ok(format));
        }
        assert_eq!("ISO_FORMAT_3".parse(), Ok(Format::Iso3));
    }

    #[test]
    fn what_is_no_name() {
        for bad in ["", "ISO0", "iso", "iso5", "iso0 ", "35", "FORMAT00", "1", "visa", "ecI5"] {
            assert_eq!(bad.parse::<Format>(), Err(Error::UnknownFormat), "{bad}");
        }
    }

    #[test]
    fn the_list_holds_every_format_once_and_iso_first() {
        for (at, format) in Format::ALL.into_iter().enumerate() {
            assert_eq!(format as usize, at);
            assert_eq!(format.is_legacy(), at > 4);
            assert_eq!(format.is_legacy(), !format.as_str().starts_with("iso"));
        }
    }
}
