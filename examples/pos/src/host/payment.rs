//! The decision about one verified message, made inside the change that records it.

use aes::Aes128;
use iso8583_wire::MessageRef;
use pinblock::{Pan, iso4};
use zeroize::Zeroizing;

use super::issuer::Issuer;
use super::records::{Account, Decision, DecisionState, LedgerAccount, Purchase, PurchaseKey};
use super::request::Request;
use super::store::Change;
use crate::card::hex_text;
use crate::clock::Moment;
use crate::error::Error;
use crate::fields;

/// What the answer says.
pub(crate) struct Verdict {
    pub(crate) response_code: &'static str,
    pub(crate) reference: Option<String>,
    pub(crate) authorization: Option<String>,
}

const APPROVED: &str = "00";
const INVALID_MERCHANT: &str = "03";
const INVALID_TRANSACTION: &str = "12";
const INVALID_AMOUNT: &str = "13";
const INVALID_CARD: &str = "14";
const ORIGINAL_MISSING: &str = "25";
const FORMAT_ERROR: &str = "30";
const INSUFFICIENT_FUNDS: &str = "51";
const EXPIRED_CARD: &str = "54";
const WRONG_PIN: &str = "55";
const ORIGINAL_AMOUNT_DIFFERS: &str = "64";
const PIN_TRIES_EXCEEDED: &str = "75";
const DUPLICATE: &str = "94";
const INVALID_TERMINAL: &str = "97";

/// A card is refused from here on until its issuer resets it.
const PIN_TRIES: u8 = 3;

impl Verdict {
    const fn without_reference(response_code: &'static str) -> Self {
        Self { response_code, reference: None, authorization: None }
    }
}

/// Decides about a message and writes down what follows from it.
pub(crate) fn decide(
    issuer: &Issuer,
    change: &Change,
    request: &Request<'_>,
    now: Moment,
) -> Result<Verdict, Error> {
    let message = &request.message;
    let Some(key) = purchase_key(message) else {
        return Ok(Verdict::without_reference(FORMAT_ERROR));
    };
    if key.terminal_id != request.terminal.terminal_id {
        return Ok(Verdict::without_reference(INVALID_TERMINAL));
    }
    let merchant_id = request.terminal.merchant_id.as_str();
    if message.get(fields::MERCHANT_ID).is_none_or(|id| id != merchant_id) {
        return Ok(Verdict::without_reference(INVALID_MERCHANT));
    }
    match &message.mti().digits() {
        b"0200" => purchase(issuer, change, request, &key, now),
        b"0400" => reversal(change, request, &key),
        _ => Ok(Verdict::without_reference(INVALID_TRANSACTION)),
    }
}

/// The fields that make a purchase one and the same.
fn purchase_key(message: &MessageRef<'_, '_>) -> Option<PurchaseKey> {
    let text = |number| message.get(number).map(|field| field.exposed().to_string());
    let is_batch = |text: &String| text.len() == 6 && text.bytes().all(|c| c.is_ascii_digit());
    Some(PurchaseKey {
        terminal_id: text(fields::TERMINAL_ID)?,
        batch: text(fields::BATCH).filter(is_batch)?,
        stan: text(fields::STAN)?,
    })
}

/// What a purchase needs and carries.
struct Purchasing {
    pan: Pan,
    processing_code: u64,
    amount: u64,
    expiry: String,
    currency: String,
    pin_block: [u8; 16],
}

fn read_purchase(message: &MessageRef<'_, '_>) -> Option<Purchasing> {
    let text = |number| Some(message.get(number)?.exposed().to_string());
    let mut pan = Zeroizing::new([0; 19]);
    let pan = message.get(fields::PAN)?.copy_text(pan.as_mut()).ok()?;
    let amount = message.get(fields::AMOUNT)?.to_u64()?;
    chip_agrees(message.get(fields::CHIP_DATA)?.as_bytes()?, amount)?;
    Some(Purchasing {
        pan: Pan::from_ascii(pan.as_bytes()).ok()?,
        processing_code: message.get(fields::PROCESSING_CODE)?.to_u64()?,
        amount,
        expiry: text(fields::EXPIRY)?,
        currency: text(fields::CURRENCY)?,
        pin_block: message.get(fields::PIN_BLOCK)?.as_bytes()?.try_into().ok()?,
    })
}

/// The chip's data is whole, and speaks of the amount that the message asks for.
fn chip_agrees(chip_data: &[u8], amount: u64) -> Option<()> {
    emv_tlv::walk(chip_data).try_for_each(|object| object.map(|_| ())).ok()?;
    let authorised = emv_tlv::find(chip_data, &[emv_tlv::tags::AMOUNT_AUTHORISED]).ok()??;
    (hex_text(authorised.value()) == format!("{amount:012}")).then_some(())
}

fn purchase(
    issuer: &Issuer,
    change: &Change,
    request: &Request<'_>,
    key: &PurchaseKey,
    now: Moment,
) -> Result<Verdict, Error> {
    let Some(wanted) = read_purchase(&request.message) else {
        return Ok(Verdict::without_reference(FORMAT_ERROR));
    };
    // The same message sent again is answered before it comes here. Another one under a number
    // that was used is no repeat, and to approve it would hand out goods without a charge.
    match change.purchase(key)? {
        None => {}
        Some(Purchase::Decided(_)) => return Ok(Verdict::without_reference(DUPLICATE)),
        Some(Purchase::ReversedUnseen) => {
            return Ok(Verdict::without_reference(INVALID_TRANSACTION));
        }
    }
    let number = change.purchase_count()?.saturating_add(1) % 1_000_000;
    let reference = format!("{}{number:06}", now.reference_prefix());
    let token = issuer.token(&wanted.pan)?;
    let mut account = change.account(token)?;
    let response_code = match &mut account {
        Some(account) => authorize(issuer, request, &wanted, account, now)?,
        None => INVALID_CARD,
    };
    let approved = response_code == APPROVED;
    let merchant_id = request.terminal.merchant_id.clone();
    if let Some(account) = &mut account {
        if approved {
            account.balance = account.balance.saturating_sub(wanted.amount);
            let holder = LedgerAccount::Cardholder(token);
            let merchant = LedgerAccount::Merchant(merchant_id.clone());
            change.post(&key.record_key(), holder, merchant, wanted.amount)?;
        }
        change.put_account(token, account)?;
    }
    let decision = Decision {
        state: if approved { DecisionState::Approved } else { DecisionState::Declined },
        ksn: request.ksn.to_bytes(),
        amount: wanted.amount,
        account: account.map(|_| token),
        merchant_id,
        response_code: response_code.into(),
        reference: reference.clone(),
    };
    change.put_purchase(key, &Purchase::Decided(decision))?;
    let authorization = approved.then(|| format!("{number:06}"));
    Ok(Verdict { response_code, reference: Some(reference), authorization })
}

/// Whether the account pays; counts wrong PINs.
fn authorize(
    issuer: &Issuer,
    request: &Request<'_>,
    wanted: &Purchasing,
    account: &mut Account,
    now: Moment,
) -> Result<&'static str, Error> {
    if wanted.processing_code != 0 || wanted.currency != fields::currency_text() {
        return Ok(INVALID_TRANSACTION);
    }
    if wanted.amount == 0 {
        return Ok(INVALID_AMOUNT);
    }
    if wanted.expiry != account.expiry || wanted.expiry < now.year_month() {
        return Ok(EXPIRED_CARD);
    }
    if account.failed_pins >= PIN_TRIES {
        return Ok(PIN_TRIES_EXCEEDED);
    }
    let cipher = request.key.pin_key().cipher::<Aes128>();
    // A block that does not decipher and a PIN that is wrong are told apart by nobody.
    let right = match iso4::decipher(&cipher, &wanted.pin_block, &wanted.pan) {
        Ok(pin) => issuer.pin_is_right(account, &wanted.pan, &pin)?,
        Err(_) => false,
    };
    if !right {
        account.failed_pins = account.failed_pins.saturating_add(1);
        return Ok(WRONG_PIN);
    }
    account.failed_pins = 0;
    if account.balance < wanted.amount {
        return Ok(INSUFFICIENT_FUNDS);
    }
    Ok(APPROVED)
}

/// What a reversal names: the amount, and the key serial number of the message to be reversed.
fn read_reversal(message: &MessageRef<'_, '_>) -> Option<(u64, String)> {
    let amount = message.get(fields::AMOUNT)?.to_u64()?;
    Some((amount, message.get(fields::ORIGINAL_KSN)?.exposed().to_string()))
}

/// Gives the money of a purchase back, once.
///
/// The purchase is the one that its terminal, batch, trace number and key serial number name: a number
/// that was used twice must not give back what somebody else paid.
fn reversal(change: &Change, request: &Request<'_>, key: &PurchaseKey) -> Result<Verdict, Error> {
    let Some((amount, original_ksn)) = read_reversal(&request.message) else {
        return Ok(Verdict::without_reference(FORMAT_ERROR));
    };
    let mut decision = match change.purchase(key)? {
        Some(Purchase::Decided(decision)) if hex_text(&decision.ksn) == original_ksn => decision,
        Some(_) => return Ok(Verdict::without_reference(ORIGINAL_MISSING)),
        None => {
            // Remembered, so that the purchase is declined if it still comes.
            change.put_purchase(key, &Purchase::ReversedUnseen)?;
            return Ok(Verdict::without_reference(ORIGINAL_MISSING));
        }
    };
    if decision.amount != amount {
        return Ok(Verdict::without_reference(ORIGINAL_AMOUNT_DIFFERS));
    }
    let reference = Some(decision.reference.clone());
    if decision.state == DecisionState::Approved {
        let token = decision.account.ok_or(Error::Record("a purchase"))?;
        let mut account = change.account(token)?.ok_or(Error::Record("an account"))?;
        account.balance = account.balance.saturating_add(amount);
        change.put_account(token, &account)?;
        let holder = LedgerAccount::Cardholder(token);
        let merchant = LedgerAccount::Merchant(decision.merchant_id.clone());
        change.post(&key.record_key(), merchant, holder, amount)?;
        decision.state = DecisionState::Reversed;
        change.put_purchase(key, &Purchase::Decided(decision))?;
    }
    Ok(Verdict { response_code: APPROVED, reference, authorization: None })
}
