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
use crate::{Error, Exposed, Tag, dictionary::Kernel};
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
        #[derive(Clone, Copy, Debug)]
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
            /// before others.
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
                refused.map_or(Ok(None), Err)
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
        IssuerScriptResults(IssuerScriptResults<'a>),
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
        Ok(match (kernel, tag.raw()) {
            (Kernel::C2, 0x95) => Some(Self::RelayTvr(RelayTvr::from_value(value)?)),
            (Kernel::C2 | Kernel::MChip, 0x9F6E) => {
                Some(Self::ThirdPartyData(ThirdPartyData::from_value(value)?))
            }
            // The application version of the mag-stripe, and track data.
            (Kernel::C2, 0x9F66 | 0x9F6C) => None,
            (Kernel::C4, 0x9F6E) => Some(Self::EnhancedReaderCapabilities(
                EnhancedReaderCapabilities::from_value(value)?,
            )),
            (Kernel::C7, 0x9F6C) => Some(Self::UnionPayCtq(UnionPayCtq::from_value(value)?)),
            _ => return Self::read(tag, value),
        })
    }
}

/// Reads an element if it has that tag.
fn of<'a, E: Element<'a>>(tag: Tag, value: &'a [u8]) -> Option<Result<E, Error>> {
    E::TAGS.contains(&tag).then(|| E::from_value(value))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{ErrorKind, tags};
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
