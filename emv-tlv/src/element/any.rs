//! Whatever element a tag stands for.

use super::{
    AdditionalTerminalCapabilities, Afl, Aip, Amount, ApplicationCapabilities, ApplicationPriority,
    Auc, AuthorisationResponseCode, BinaryAmount, BiometricTerminalCapabilities,
    CardDataInputCapability, Cid, ContactlessReaderCapabilities, CountryCode, Ctq, CurrencyCode,
    CurrencyExponent, CvmCapability, CvmList, CvmResults, Date, DsSummaryStatus, Element,
    EnhancedReaderCapabilities, ErrorIndication, ExpirationDate, FormFactorIndicator, Iad,
    IdsStatus, IssuerAuthenticationData, IssuerScriptResults, KernelConfiguration,
    MagStripeCvmCapability, OutcomeParameterSet, Pan, RelayTvr, SecurityCapability, ServiceCode,
    TerminalCapabilities, TerminalRiskManagementData, TerminalType, ThirdPartyData, Time, Track1,
    Track2, Tsi, Ttq, Tvr, UnionPayCtq, UserInterfaceRequestData,
};
use crate::{Error, Exposed, Tag, dictionary::Kernel, tags};
use core::fmt;

macro_rules! any {
    (shown { $($shown:ident($shown_type:ty),)+ } hidden { $($hidden:ident($hidden_type:ty),)+ }) => {
        /// An element of any of the types here, for programs that explain data that they do not know beforehand.
        ///
        /// `Display` explains it as its own type does, and hides what that hides; `Exposed(&element)` hides nothing.
        /// Firmware that needs some elements is smaller if it [reads](crate::Tlv::read) those.
        ///
        /// # Examples
        /// ```
        /// use emv_tlv::{element::AnyElement, tags};
        ///
        /// let profile = AnyElement::read(tags::APPLICATION_INTERCHANGE_PROFILE, &[0x20, 0x00])?;
        /// assert_eq!(profile.ok_or("unknown")?.to_string(), "DDA supported");
        /// assert!(AnyElement::read(tags::DF_NAME, &[0xA0; 5])?.is_none());
        /// # Ok::<(), Box<dyn core::error::Error>>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AnyElement<'a> {
            $(
                #[doc = concat!("A value of [`", stringify!($shown), "`](crate::element::", stringify!($shown), ").")]
                $shown($shown_type),
            )+
            $(
                #[doc = concat!("A value of [`", stringify!($hidden), "`](crate::element::", stringify!($hidden), ").")]
                $hidden($hidden_type),
            )+
        }

        #[cfg(test)]
        impl<'a> AnyElement<'a> {
            /// Every type by its name, and its tags.
            const TYPES: &'static [(&'static str, &'static [Tag])] = &[
                $((stringify!($shown), <$shown_type>::TAGS),)+
                $((stringify!($hidden), <$hidden_type>::TAGS),)+
            ];
        }

        impl<'a> AnyElement<'a> {
            /// Reads an element by its tag; none if no type here has that tag.
            ///
            /// Of a tag with several meanings it reads the first one that the value fits, contact cards' and Visa's
            /// before others; none, too, if it fits only one that is no element here, as a balance under 9F5D.
            ///
            /// # Errors
            /// Those of [`Element::from_value`], of the first type with that tag.
            pub fn read(tag: Tag, value: &'a [u8]) -> Result<Option<Self>, Error> {
                let mut refused = None;
                $(match of::<$shown_type>(tag, value) {
                    Some(Ok(element)) => return Ok(Some(Self::$shown(element))),
                    Some(Err(error)) => refused = refused.or(Some(error)),
                    None => {}
                })+
                $(match of::<$hidden_type>(tag, value) {
                    Some(Ok(element)) => return Ok(Some(Self::$hidden(element))),
                    Some(Err(error)) => refused = refused.or(Some(error)),
                    None => {}
                })+
                refused.filter(|_| !fits_another(tag, value.len())).map_or(Ok(None), Err)
            }
        }

        impl fmt::Display for AnyElement<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$shown(element) => element.fmt(f),)+
                    $(Self::$hidden(element) => element.fmt(f),)+
                }
            }
        }

        impl fmt::Display for Exposed<'_, AnyElement<'_>> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.0 {
                    $(AnyElement::$shown(element) => element.fmt(f),)+
                    $(AnyElement::$hidden(element) => Exposed(element).fmt(f),)+
                }
            }
        }
    };
}

any! {
    shown {
        Aip(Aip),
        Afl(Afl<'a>),
        Auc(Auc),
        CvmList(CvmList<'a>),
        CvmResults(CvmResults),
        Cid(Cid),
        Tvr(Tvr),
        RelayTvr(RelayTvr),
        Tsi(Tsi),
        TerminalCapabilities(TerminalCapabilities),
        AdditionalTerminalCapabilities(AdditionalTerminalCapabilities),
        BiometricTerminalCapabilities(BiometricTerminalCapabilities),
        TerminalRiskManagementData(TerminalRiskManagementData),
        TerminalType(TerminalType),
        Ttq(Ttq),
        Ctq(Ctq),
        UnionPayCtq(UnionPayCtq),
        FormFactorIndicator(FormFactorIndicator),
        EnhancedReaderCapabilities(EnhancedReaderCapabilities),
        ContactlessReaderCapabilities(ContactlessReaderCapabilities),
        ApplicationCapabilities(ApplicationCapabilities),
        ApplicationPriority(ApplicationPriority),
        AuthorisationResponseCode(AuthorisationResponseCode),
        Amount(Amount),
        BinaryAmount(BinaryAmount),
        CurrencyCode(CurrencyCode),
        CurrencyExponent(CurrencyExponent),
        CountryCode(CountryCode),
        Date(Date),
        Time(Time),
        CardDataInputCapability(CardDataInputCapability),
        CvmCapability(CvmCapability),
        MagStripeCvmCapability(MagStripeCvmCapability),
        SecurityCapability(SecurityCapability),
        KernelConfiguration(KernelConfiguration),
        OutcomeParameterSet(OutcomeParameterSet),
        ErrorIndication(ErrorIndication),
        IdsStatus(IdsStatus),
        DsSummaryStatus(DsSummaryStatus),
    }
    hidden {
        Pan(Pan<'a>),
        Track1(Track1<'a>),
        Track2(Track2<'a>),
        ExpirationDate(ExpirationDate),
        ServiceCode(ServiceCode),
        Iad(Iad<'a>),
        IssuerAuthenticationData(IssuerAuthenticationData<'a>),
        IssuerScriptResults(IssuerScriptResults<'a>),
        ThirdPartyData(ThirdPartyData<'a>),
        UserInterfaceRequestData(UserInterfaceRequestData),
    }
}

impl<'a> AnyElement<'a> {
    /// Reads an element by its tag, as a kernel means it; none if no type here is what it means.
    ///
    /// # Errors
    /// Those of [`Element::from_value`].
    pub fn read_in(kernel: Kernel, tag: Tag, value: &'a [u8]) -> Result<Option<Self>, Error> {
        use Kernel::{C2, C4, C7, MChip};
        Ok(match (kernel, tag.raw()) {
            _ if is_another(kernel, tag) => None,
            (C2, _) if RelayTvr::TAGS.contains(&tag) => {
                Some(Self::RelayTvr(RelayTvr::from_value(value)?))
            }
            (C2 | MChip, 0x9F6E) => Some(Self::ThirdPartyData(ThirdPartyData::from_value(value)?)),
            (C4, 0x9F6E) => Some(Self::EnhancedReaderCapabilities(
                EnhancedReaderCapabilities::from_value(value)?,
            )),
            (C7, 0x9F6C) => Some(Self::UnionPayCtq(UnionPayCtq::from_value(value)?)),
            _ => return Self::read(tag, value),
        })
    }
}

/// Whether a kernel means something by a tag of an element that is no element here.
const fn is_another(kernel: Kernel, tag: Tag) -> bool {
    use Kernel::{C2, C3, C4, C5, C6, C7, Interac, MChip};
    matches!(
        (kernel, tag.raw()),
        // A list of data objects, a bitmap of track 2, and versions of the mag-stripe.
        (C2 | MChip, 0x9F5B | 0x9F66 | 0x9F6C | 0x9F6D)
            // An amount to spend offline, the card's CVM limit, and a threshold.
            | (C3 | C7, 0x9F5D | 0x9F6B | 0x9F6D)
            // The cardholder's number as a member.
            | (C4, 0x9F5B)
            // Form factors that are coded in another way than Visa's.
            | (C5 | C6, 0x9F6E)
            // A limit of the terminal's.
            | (Interac, 0x9F5D)
    )
}

/// Whether a value of such a length may be something by that tag that is no element here.
fn fits_another(tag: Tag, len: usize) -> bool {
    // Book 3 lets terminals have fewer bytes, without a meaning.
    tag == tags::TERMINAL_RISK_MANAGEMENT_DATA && (1..8).contains(&len)
        || Kernel::ALL.iter().filter(|kernel| is_another(**kernel, tag)).any(|kernel| {
            kernel.entries().iter().any(|own| own.tag == tag && own.lengths().contains(&len))
        })
}

/// Reads an element if it has that tag.
fn of<'a, E: Element<'a>>(tag: Tag, value: &'a [u8]) -> Option<Result<E, Error>> {
    E::TAGS.contains(&tag).then(|| E::from_value(value))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::ErrorKind;
    use hex_literal::hex;
    use std::{format, string::ToString, vec::Vec};

    const TRACK: &[u8] = &hex!("4111111111111111D25122010000000000");

    #[test]
    fn a_tag_of_several_meanings_is_read_by_what_fits_or_as_a_kernel_means_it() {
        let visa = hex!("20700000");
        let mastercard = hex!("08400001 3000");
        let read = |value| AnyElement::read(tags::FORM_FACTOR_INDICATOR, value).unwrap().unwrap();
        assert!(matches!(read(&visa), AnyElement::FormFactorIndicator(_)));
        assert!(matches!(read(&mastercard), AnyElement::ThirdPartyData(_)));
        let read_in = |kernel| {
            AnyElement::read_in(kernel, tags::FORM_FACTOR_INDICATOR, &visa).unwrap().unwrap()
        };
        assert!(matches!(read_in(Kernel::C3), AnyElement::FormFactorIndicator(_)));
        assert!(matches!(read_in(Kernel::C4), AnyElement::EnhancedReaderCapabilities(_)));
        let punatc = AnyElement::read_in(Kernel::C2, Tag(0x9F66), &visa);
        assert!(punatc.unwrap().is_none());
        assert!(AnyElement::read(tags::DF_NAME, &visa).unwrap().is_none());
        let error = AnyElement::read(tags::CVM_RESULTS, &visa).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::WrongLength, 0));
    }

    #[test]
    fn what_a_kernel_means_is_never_read_as_another_element() {
        // The tags that kernels give another meaning, and what they mean there, if it is an element here.
        let none = "";
        let meanings = [
            (0x9F5B, &[(Kernel::C3, "IssuerScriptResults")][..]),
            (0x9F5D, &[(Kernel::C2, "ApplicationCapabilities")]),
            (0x9F66, &[(Kernel::C3, "Ttq"), (Kernel::C6, "Ttq"), (Kernel::C7, "Ttq")]),
            (0x9F6B, &[(Kernel::C2, "Track2")]),
            (0x9F6C, &[(Kernel::C3, "Ctq"), (Kernel::C7, "UnionPayCtq")]),
            (0x9F6D, &[(Kernel::C4, "ContactlessReaderCapabilities")]),
            (
                0x9F6E,
                &[
                    (Kernel::C2, "ThirdPartyData"),
                    (Kernel::C3, "FormFactorIndicator"),
                    (Kernel::C4, "EnhancedReaderCapabilities"),
                ],
            ),
        ];
        for entry in Kernel::ALL.iter().flat_map(|kernel| kernel.entries()) {
            // Longer than any element is.
            let is_element = AnyElement::read(entry.tag, &[0; 301]) != Ok(None);
            let is_here = meanings.iter().any(|(raw, _)| Tag(*raw) == entry.tag);
            assert_eq!(is_element, is_here, "{}", entry.tag);
        }
        for (raw, expect) in meanings {
            let tag = Tag(raw);
            for &kernel in Kernel::ALL {
                let Some(own) = kernel.entries().iter().find(|entry| entry.tag == tag) else {
                    continue;
                };
                let due = expect.iter().find(|(of, _)| *of == kernel).map_or(none, |(_, due)| due);
                let bytes = [0; 32];
                let longest = (*own.lengths().end()).min(30);
                let value = if due == "Track2" { TRACK } else { &bytes[..longest] };
                let element = AnyElement::read_in(kernel, tag, value).unwrap();
                let name = element.map_or(none.to_string(), |element| format!("{element:?}"));
                assert_eq!(name.split('(').next(), Some(due), "{kernel:?} {tag}");
            }
        }
        // Cards of Mastercard by the tags that kernel 2 reads of them.
        for raw in [0x9F5B, 0x9F66, 0x9F6C] {
            let read = AnyElement::read_in(Kernel::MChip, Tag(raw), &[0x00, 0x01]);
            assert_eq!(read, Ok(None), "{raw:X}");
        }
        let code = tags::ISSUER_ACTION_CODE_ONLINE;
        let code = AnyElement::read_in(Kernel::C2, code, &[0, 0, 0, 0, 0x08]).unwrap().unwrap();
        assert_eq!(code.to_string(), "relay resistance threshold exceeded");
    }

    #[test]
    fn a_length_that_another_meaning_has_is_no_error() {
        let bytes = [0; 40];
        let entries = Kernel::ALL.iter().flat_map(|kernel| kernel.entries());
        for entry in entries.step_by(if cfg!(miri) { 20 } else { 1 }) {
            let (min, max) = entry.lengths().into_inner();
            for value in (min.max(1)..=max.min(40)).map(|len| &bytes[..len]) {
                let read = AnyElement::read(entry.tag, value);
                let is_track = entry.tag == tags::TRACK_2_DATA && max == 19;
                // Five bytes have a device type only if the identifier says that there is none.
                let is_device = entry.tag == tags::FORM_FACTOR_INDICATOR && value.len() == 5;
                assert!(read.is_ok() || is_track || is_device, "{} {}", entry.tag, value.len());
            }
        }
        let read = |raw, len| AnyElement::read(Tag(raw), &bytes[..len]).map(|read| read.is_some());
        for (raw, len) in
            [(0x9F5D, 6), (0x9F66, 2), (0x9F6B, 6), (0x9F6D, 2), (0x9F5B, 3), (0x9F1D, 2)]
        {
            assert_eq!(read(raw, len), Ok(false), "{raw:X}");
        }
        for (raw, len) in
            [(0x9F5D, 4), (0x9F66, 3), (0x9F6B, 20), (0x9F6D, 3), (0x9F1D, 9), (0x95, 4)]
        {
            let error = read(raw, len).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WrongLength, "{raw:X}");
        }
    }

    #[test]
    fn what_the_dictionary_hides_is_hidden() {
        use crate::dictionary::{ENTRIES, Entry, Sensitivity};
        // Every tag, with values that a card number is in, behind any byte and before others; but what the reader itself makes of
        // codes, and hides a balance in.
        let secret = |entry: &&Entry| {
            entry.sensitivity != Sensitivity::Public
                && entry.tag != tags::USER_INTERFACE_REQUEST_DATA
        };
        let card = hex!("20 4111111111111111 20 4111111111111111 20 4111111111111111 20");
        // Miri takes a few of them.
        let (tags, starts) = if cfg!(miri) { (80, 4) } else { (1, 1) };
        for entry in ENTRIES.iter().filter(secret).step_by(tags) {
            for rest in (0..9).step_by(starts).map(|start| &card[start..]) {
                for value in (1..=rest.len()).map(|len| &rest[..len]) {
                    let Ok(Some(element)) = AnyElement::read(entry.tag, value) else { continue };
                    for shown in [format!("{element} {element:?}"), format!("{element:#}")] {
                        assert!(!shown.contains("4111111111111111"), "{} {shown}", entry.tag);
                    }
                }
            }
        }
    }

    #[test]
    fn what_an_element_hides_stays_hidden() {
        let track = AnyElement::read(tags::TRACK_2_EQUIVALENT_DATA, TRACK).unwrap().unwrap();
        for shown in [track.to_string(), format!("{track:?}"), format!("{track:#}")] {
            assert!(!shown.contains("11111111") && !shown.contains("2512"), "{shown}");
        }
        assert!(Exposed(&track).to_string().contains("4111111111111111"));
    }

    #[test]
    fn the_table_in_the_documentation_has_every_type_with_its_tags() {
        let row = |(name, tags): &(&str, &[Tag])| {
            let tags: Vec<_> = tags.iter().map(ToString::to_string).collect();
            format!("//! | {} | [`{name}`] |", tags.join(", "))
        };
        let mut types: Vec<_> = AnyElement::TYPES.iter().map(row).collect();
        let documentation = include_str!("../element.rs");
        let rows = documentation.lines().filter(|line| line.ends_with("`] |"));
        let mut rows: Vec<_> = rows.collect();
        types.sort();
        rows.sort_unstable();
        assert_eq!(rows, types);
    }
}
