//! Data elements whose values have a meaning of their own: read, written back, explained.
//!
//! Each has a type that knows its tags: [`Tlv::read`] checks them, [`Element::from_value`] takes a bare value. `Display` says in words what
//! a value means, `{:#}` one fact a line; `to_bytes` or `as_bytes` gives the value back. [`AnyElement`] picks the type by the tag. Other
//! elements are names, numbers and text, whose bytes say it all, or cryptograms.
//!
//! | tag | type |
//! |---|---|
//! | 56 | [`Track1`] |
//! | 57, 9F6B | [`Track2`] |
//! | 5A | [`Pan`] |
//! | 81, 9F04, 9F3A, 9F1B | [`BinaryAmount`] |
//! | 82 | [`Aip`] |
//! | 87 | [`ApplicationPriority`] |
//! | 8A | [`AuthorisationResponseCode`] |
//! | 8E | [`CvmList`] |
//! | 91 | [`IssuerAuthenticationData`] |
//! | 94 | [`Afl`] |
//! | 95, 9F0D, 9F0E, 9F0F, DF8120, DF8121, DF8122 | [`Tvr`] |
//! | 95, 9F0D, 9F0E, 9F0F, DF8120, DF8121, DF8122 | [`RelayTvr`] |
//! | 9A, 5F25 | [`Date`] |
//! | 9B | [`Tsi`] |
//! | 5F24 | [`ExpirationDate`] |
//! | 5F28, 9F1A | [`CountryCode`] |
//! | 5F2A, 9F42, 9F3C | [`CurrencyCode`] |
//! | 5F30 | [`ServiceCode`] |
//! | 5F36, 9F44, 9F3D | [`CurrencyExponent`] |
//! | 9F02, 9F03, DF8123, DF8124, DF8125, DF8126 | [`Amount`] |
//! | 9F07 | [`Auc`] |
//! | 9F10 | [`Iad`] |
//! | 9F1D | [`TerminalRiskManagementData`] |
//! | 9F21 | [`Time`] |
//! | 9F27 | [`Cid`] |
//! | 9F30 | [`BiometricTerminalCapabilities`] |
//! | 9F33 | [`TerminalCapabilities`] |
//! | 9F34 | [`CvmResults`] |
//! | 9F35 | [`TerminalType`] |
//! | 9F40 | [`AdditionalTerminalCapabilities`] |
//! | 9F5B | [`IssuerScriptResults`] |
//! | 9F5D | [`ApplicationCapabilities`] |
//! | 9F66 | [`Ttq`] |
//! | 9F6C | [`Ctq`] |
//! | 9F6C | [`UnionPayCtq`] |
//! | 9F6D | [`ContactlessReaderCapabilities`] |
//! | 9F6E | [`FormFactorIndicator`] |
//! | 9F6E | [`EnhancedReaderCapabilities`] |
//! | 9F6E | [`ThirdPartyData`] |
//! | DF810B | [`DsSummaryStatus`] |
//! | DF8115 | [`ErrorIndication`] |
//! | DF8116 | [`UserInterfaceRequestData`] |
//! | DF8117 | [`CardDataInputCapability`] |
//! | DF8118, DF8119 | [`CvmCapability`] |
//! | DF811B | [`KernelConfiguration`] |
//! | DF811E, DF812C | [`MagStripeCvmCapability`] |
//! | DF811F | [`SecurityCapability`] |
//! | DF8128 | [`IdsStatus`] |
//! | DF8129 | [`OutcomeParameterSet`] |
//!
//! The other types are parts of these, but for [`Csu`], which an issuer sends within its authentication data.

mod additional_terminal_capabilities;
mod afl;
mod aip;
mod amount;
mod any;
mod auc;
mod biometric_terminal_capabilities;
mod cid;
mod codes;
mod csu;
mod ctq;
mod currency;
mod cvm;
mod cvm_list;
mod cvm_results;
mod data_storage;
mod date;
mod digits;
mod error_indication;
mod expiry;
mod expresspay;
mod form_factor_indicator;
pub mod iad;
mod issuer_authentication;
pub(crate) mod layout;
mod outcome_parameter_set;
mod packed;
mod pan;
mod priority;
mod reader_configuration;
mod response_code;
mod script_results;
mod service_code;
mod terminal_capabilities;
mod terminal_risk_management_data;
mod terminal_type;
mod third_party_data;
mod time;
mod track1;
mod track2;
mod tsi;
mod ttq;
mod tvr;
mod user_interface_request_data;

use crate::{Error, ErrorKind, Tag, Tlv};

pub use {
    additional_terminal_capabilities::AdditionalTerminalCapabilities,
    afl::{Afl, AflEntry, AflRecord},
    aip::Aip,
    amount::{Amount, BinaryAmount, MajorUnits},
    any::AnyElement,
    auc::Auc,
    biometric_terminal_capabilities::BiometricTerminalCapabilities,
    cid::{Cid, CryptogramReason, CryptogramType},
    csu::Csu,
    ctq::{Ctq, UnionPayCtq},
    currency::{CountryCode, CurrencyCode, CurrencyExponent},
    cvm::{Cvm, CvmCondition, CvmResult, CvmRule},
    cvm_list::{CvmList, CvmRules},
    cvm_results::CvmResults,
    data_storage::{
        ApplicationCapabilities, DataStorage, DsSummaryStatus, IdsStatus, StandaloneStorage,
    },
    date::{Century, Date, ExpirationDate},
    digits::Digits,
    error_indication::{ErrorIndication, Level1Error, Level2Error, Level3Error},
    expiry::Expiry,
    expresspay::{ContactlessReaderCapabilities, EnhancedReaderCapabilities, ExpresspayMode},
    form_factor_indicator::{FormFactor, FormFactorIndicator, PaymentTechnology},
    iad::Iad,
    issuer_authentication::IssuerAuthenticationData,
    layout::{Bit, Bits},
    outcome_parameter_set::{
        AlternateInterface, OnlineResponseData, OutcomeCvm, OutcomeParameterSet, OutcomeStart,
        OutcomeStatus,
    },
    pan::Pan,
    priority::ApplicationPriority,
    reader_configuration::{
        CardDataInputCapability, CvmCapability, KernelConfiguration, MagStripeCvm,
        MagStripeCvmCapability, SecurityCapability,
    },
    response_code::AuthorisationResponseCode,
    script_results::{IssuerScriptResults, ScriptOutcome, ScriptResult},
    service_code::{
        AllowedServices, AuthorisationProcessing, Interchange, PinRequirement, ServiceCode,
    },
    terminal_capabilities::TerminalCapabilities,
    terminal_risk_management_data::TerminalRiskManagementData,
    terminal_type::{Environment, Operator, TerminalType},
    third_party_data::ThirdPartyData,
    time::Time,
    track1::Track1,
    track2::Track2,
    tsi::Tsi,
    ttq::Ttq,
    tvr::{RelayTvr, Tvr},
    user_interface_request_data::{
        MessageIdentifier, ReaderStatus, UserInterfaceRequestData, ValueQualifier,
    },
};

/// An element that can be read from the value of an object.
///
/// # Examples
/// ```
/// use emv_tlv::{element::Tvr, parse};
///
/// let object = parse(&[0x95, 0x05, 0x00, 0x00, 0x80, 0x00, 0x00]).next().ok_or("empty")??;
/// let results: Tvr = object.read()?;
/// assert!(results.contains(Tvr::CVM_FAILED));
/// assert_eq!(results.to_string(), "cardholder verification was not successful");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub trait Element<'a>: Sized {
    /// The tags under which the element's value stands.
    const TAGS: &'static [Tag];

    /// Reads the element from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if the value has none of the element's lengths; [`ErrorKind::InvalidDigit`] and
    /// [`ErrorKind::InvalidValue`] at the byte that the element may not have there.
    fn from_value(value: &'a [u8]) -> Result<Self, Error>;
}

impl<'a> Tlv<'a> {
    /// Reads the element that the object holds: `object.read::<Tvr>()`.
    ///
    /// # Errors
    /// [`ErrorKind::WrongTag`] at the object if its tag is none of the element's; those of
    /// [`Element::from_value`], counted from the first byte that the caller gave.
    pub fn read<E: Element<'a>>(&self) -> Result<E, Error> {
        if !E::TAGS.contains(&self.tag()) {
            return Err(Error::new(ErrorKind::WrongTag, self.offset()));
        }
        E::from_value(self.value()).map_err(|error| {
            Error::new(error.kind(), self.value_offset().saturating_add(error.offset()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse, tags};
    use hex_literal::hex;

    #[test]
    fn an_object_is_read_as_what_its_tag_says() {
        let bytes = hex!("00 9A03261126 9505FFFFFFFFFF 950400000000");
        let mut objects = parse(&bytes).map(Result::unwrap);
        let mut next = || objects.next().unwrap().read::<Tvr>();
        assert_eq!(next(), Err(Error::new(ErrorKind::WrongTag, 1)));
        assert_eq!(next().unwrap().to_bytes(), [0xFF; 5]);
        assert_eq!(next(), Err(Error::new(ErrorKind::WrongLength, 15)));
        assert!(Tvr::TAGS.contains(&tags::ISSUER_ACTION_CODE_DENIAL));
    }
}
