//! A card, read from a profile file: what a chip would hand out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use emv_tlv::{Dol, Tag, Writer, tags};
use pinblock::Pan;
use serde::Deserialize;

use crate::clock::Moment;
use crate::error::Error;

/// A chip card: everything that a purchase needs was found in its profile.
pub(crate) struct Card {
    name: String,
    pan: Pan,
    expiry: String,
    sequence_number: u64,
    application: String,
    tags: BTreeMap<Tag, Vec<u8>>,
}

/// The file: a name, and hexadecimal values by hexadecimal tag.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    name: String,
    tags: BTreeMap<String, String>,
}

/// What the card's owner and the terminal agree to pay, as the chip sees it.
pub(crate) struct ChipSale {
    pub(crate) amount: u64,
    pub(crate) currency: u16,
    pub(crate) now: Moment,
    pub(crate) unpredictable_number: [u8; 4],
}

/// What goes to the issuer in field 55, in this order.
const TO_ISSUER: [Tag; 17] = [
    tags::APPLICATION_CRYPTOGRAM,
    tags::CRYPTOGRAM_INFORMATION_DATA,
    tags::ISSUER_APPLICATION_DATA,
    tags::UNPREDICTABLE_NUMBER,
    tags::APPLICATION_TRANSACTION_COUNTER,
    tags::TERMINAL_VERIFICATION_RESULTS,
    tags::TRANSACTION_DATE,
    tags::TRANSACTION_TYPE,
    tags::AMOUNT_AUTHORISED,
    tags::TRANSACTION_CURRENCY_CODE,
    tags::APPLICATION_INTERCHANGE_PROFILE,
    tags::TERMINAL_COUNTRY_CODE,
    tags::AMOUNT_OTHER,
    tags::TERMINAL_CAPABILITIES,
    tags::CVM_RESULTS,
    tags::TERMINAL_TYPE,
    tags::DF_NAME,
];

impl Card {
    /// Reads a profile file.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path)
            .map_err(|e| Error::Card(format!("cannot read {}: {e}", path.display())))?;
        Self::from_profile(&text)
    }

    /// Reads a profile, and refuses one that lacks what a purchase needs.
    pub(crate) fn from_profile(text: &str) -> Result<Self, Error> {
        // serde's message could quote a value, so only its place is told.
        let profile: Profile = serde_json::from_str(text).map_err(|e| {
            Error::Card(format!("no card profile at line {} column {}", e.line(), e.column()))
        })?;
        let tags = profile.tags.iter().map(|(tag, value)| {
            // What is no tag may be card data in the wrong place: it is not told.
            let tag = tag.parse::<Tag>().map_err(|_| Error::Card("a name is no tag".into()))?;
            match hex_bytes(value) {
                Some(value) => Ok((tag, value)),
                None => Err(Error::Card(format!("tag {tag} is not hexadecimal"))),
            }
        });
        Self::from_tags(profile.name, tags.collect::<Result<_, _>>()?)
    }

    fn from_tags(name: String, tags: BTreeMap<Tag, Vec<u8>>) -> Result<Self, Error> {
        let value = |tag: Tag| {
            let value = tags.get(&tag).map(Vec::as_slice);
            value.ok_or_else(|| Error::Card(format!("the profile lacks tag {tag}")))
        };
        let digits = |tag: Tag, length: usize| {
            let digits = packed_digits(value(tag)?).get(..length).map(str::to_owned);
            digits
                .filter(|digits| digits.bytes().all(|c| c.is_ascii_digit()))
                .ok_or_else(|| Error::Card(format!("tag {tag} holds no {length} digits")))
        };
        let pan = Pan::from_ascii(packed_digits(value(tags::PAN)?).as_bytes())
            .map_err(|_| Error::Card("tag 5A holds no PAN".into()))?;
        let expiry = digits(tags::APPLICATION_EXPIRATION_DATE, 4)?;
        let sequence_number = digits(tags::PAN_SEQUENCE_NUMBER, 2)?
            .parse()
            .map_err(|_| Error::Card("tag 5F34 is not a number".into()))?;
        let application = hex_text(value(tags::DF_NAME)?);
        Dol::parse(value(tags::CDOL1)?).map_err(|e| Error::Card(format!("CDOL1: {e}")))?;
        Ok(Self { name, pan, expiry, sequence_number, application, tags })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The application identifier in hexadecimal, for the receipt.
    pub(crate) fn application(&self) -> &str {
        &self.application
    }

    /// The account number, from tag 5A.
    pub(crate) const fn pan(&self) -> &Pan {
        &self.pan
    }

    /// YYMM, from tag 5F24.
    pub(crate) fn expiry(&self) -> &str {
        &self.expiry
    }

    /// The PAN sequence number, from tag 5F34.
    pub(crate) const fn sequence_number(&self) -> u64 {
        self.sequence_number
    }

    /// The chip data of field 55: the terminal's values, checked against the card's CDOL1, and the
    /// card's own.
    pub(crate) fn issuer_data(&self, sale: &ChipSale) -> Result<Vec<u8>, Error> {
        let amount = packed(sale.amount, 6);
        let currency = packed(u64::from(sale.currency), 2);
        let date = hex_bytes(&sale.now.emv_date()).unwrap_or_default();
        let terminal = BTreeMap::from([
            (tags::AMOUNT_AUTHORISED, amount),
            (tags::AMOUNT_OTHER, vec![0; 6]),
            (tags::TERMINAL_COUNTRY_CODE, currency.clone()),
            (tags::TERMINAL_VERIFICATION_RESULTS, vec![0; 5]),
            (tags::TRANSACTION_CURRENCY_CODE, currency),
            (tags::TRANSACTION_DATE, date),
            (tags::TRANSACTION_TYPE, vec![0]),
            (tags::UNPREDICTABLE_NUMBER, sale.unpredictable_number.to_vec()),
            (tags::TERMINAL_CAPABILITIES, vec![0xE0, 0xF8, 0xC8]),
            // Enciphered PIN verified online, always, result unknown to the terminal.
            (tags::CVM_RESULTS, vec![0x42, 0x00, 0x00]),
            (tags::TERMINAL_TYPE, vec![0x22]),
        ]);
        let value =
            |tag: Tag| terminal.get(&tag).or_else(|| self.tags.get(&tag)).map(Vec::as_slice);

        // What a chip would be sent with GENERATE AC.
        let cdol1 = value(tags::CDOL1).unwrap_or_default();
        let cdol1 = Dol::parse(cdol1).map_err(|e| Error::Card(format!("CDOL1: {e}")))?;
        let mut to_card = vec![0; cdol1.data_len()];
        cdol1.fill(&mut to_card, value).map_err(|e| Error::Card(format!("CDOL1: {e}")))?;

        let mut buffer = [0; 255];
        let mut writer = Writer::new(&mut buffer);
        for tag in TO_ISSUER {
            if let Some(value) = value(tag) {
                writer.primitive(tag, value).map_err(|e| Error::Card(format!("field 55: {e}")))?;
            }
        }
        Ok(writer.finish().to_vec())
    }
}

/// The digits of a packed value, without the F nibbles at its end.
fn packed_digits(bytes: &[u8]) -> String {
    let mut digits = hex_text(bytes);
    digits.truncate(digits.trim_end_matches('F').len());
    digits
}

/// A number packed into so many bytes.
fn packed(number: u64, length: usize) -> Vec<u8> {
    let digits = length.saturating_mul(2);
    hex_bytes(&format!("{number:0digits$}")).unwrap_or_default()
}

/// Upper-case hexadecimal.
pub(crate) fn hex_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The bytes of a hexadecimal text of even length.
fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|value| u8::try_from(value).ok());
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}
