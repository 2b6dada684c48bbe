//! The decision about one verified message, made inside the change that records it.

use aes::Aes128;
use iso8583_wire::{MessageClass, MessageRef};
use pinblock::{Pan, iso4};
use sha2::{Digest, Sha256};

use super::issuer::Issuer;
use super::request::Request;
use super::store::{Account, Change, LedgerAccount, Purchase, PurchaseKey, PurchaseState, cause};
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
    const fn declined(response_code: &'static str) -> Self {
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
        return Ok(Verdict::declined(FORMAT_ERROR));
    };
    if key.terminal_id != request.terminal.terminal_id {
        return Ok(Verdict::declined(INVALID_TERMINAL));
    }
    if message.get(fields::MERCHANT_ID).is_none_or(|id| id != request.terminal.merchant_id.as_str())
    {
        return Ok(Verdict::declined(INVALID_MERCHANT));
    }
    match message.mti().class() {
        MessageClass::Financial => purchase(issuer, change, request, &key, now),
        MessageClass::Reversal => reversal(change, request, &key),
        _ => Ok(Verdict::declined(INVALID_TRANSACTION)),
    }
}

/// The fields that make a purchase one and the same.
fn purchase_key(message: &MessageRef<'_>) -> Option<PurchaseKey> {
    let text = |number| message.get(number).map(|field| field.exposed().to_string());
    let batch = text(fields::BATCH).filter(|batch| is_digits(batch, 6))?;
    Some(PurchaseKey { terminal_id: text(fields::TERMINAL_ID)?, batch, stan: text(fields::STAN)? })
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|c| c.is_ascii_digit())
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

fn read_purchase(message: &MessageRef<'_>) -> Option<Purchasing> {
    let text = |number| Some(message.get(number)?.exposed().to_string());
    let amount = message.get(fields::AMOUNT)?.to_u64()?;
    chip_agrees(message.get(fields::CHIP_DATA)?.as_bytes()?, amount)?;
    Some(Purchasing {
        pan: Pan::from_ascii(text(fields::PAN)?.as_bytes()).ok()?,
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

/// Over what may not change when a purchase is sent again under its number.
fn content(token: &[u8; 32], purchase: &Purchasing) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(token);
    hash.update(purchase.processing_code.to_be_bytes());
    hash.update(purchase.amount.to_be_bytes());
    hash.update(purchase.currency.as_bytes());
    hash.finalize().into()
}

fn purchase(
    issuer: &Issuer,
    change: &Change,
    request: &Request<'_>,
    key: &PurchaseKey,
    now: Moment,
) -> Result<Verdict, Error> {
    let Some(wanted) = read_purchase(&request.message) else {
        return Ok(Verdict::declined(FORMAT_ERROR));
    };
    let token = issuer.token(&wanted.pan)?;
    let content = content(&token, &wanted);
    if let Some(known) = change.purchase(key)? {
        return Ok(known_purchase(&known, &content));
    }
    let number = change.purchase_count()?.saturating_add(1) % 1_000_000;
    let mut account = change.account(token)?;
    let response_code = match &mut account {
        Some(account) => authorize(issuer, request, &wanted, account, now)?,
        None => INVALID_CARD,
    };
    let approved = response_code == APPROVED;
    if let Some(account) = &mut account {
        if approved {
            account.balance = account.balance.saturating_sub(wanted.amount);
            let merchant = LedgerAccount::Merchant(request.terminal.merchant_id.clone());
            change.post(&cause(key), LedgerAccount::Cardholder(token), merchant, wanted.amount)?;
        }
        change.put_account(token, account)?;
    }
    let reference = format!("{}{number:06}", now.reference_prefix());
    let authorization = approved.then(|| format!("{number:06}"));
    change.put_purchase(
        key,
        &Purchase {
            state: if approved { PurchaseState::Approved } else { PurchaseState::Declined },
            content,
            amount: wanted.amount,
            response_code: response_code.into(),
            reference: reference.clone(),
            authorization: authorization.clone(),
            account: account.map(|_| token),
        },
    )?;
    Ok(Verdict { response_code, reference: Some(reference), authorization })
}

/// The answer to a purchase whose number was used before.
fn known_purchase(known: &Purchase, content: &[u8; 32]) -> Verdict {
    match known.state {
        // Its reversal came first, or came since: the money must not move now.
        PurchaseState::ReversedUnseen | PurchaseState::Reversed => {
            Verdict::declined(INVALID_TRANSACTION)
        }
        _ if known.content != *content => Verdict::declined(DUPLICATE),
        // Sent again under a new counter: the same outcome, and no second charge.
        PurchaseState::Approved | PurchaseState::Declined => Verdict {
            response_code: response_code(&known.response_code),
            reference: Some(known.reference.clone()),
            authorization: known.authorization.clone(),
        },
    }
}

/// The code of that text; only codes of this file are ever stored.
fn response_code(stored: &str) -> &'static str {
    let all = [
        APPROVED,
        INVALID_TRANSACTION,
        INVALID_AMOUNT,
        INVALID_CARD,
        INSUFFICIENT_FUNDS,
        EXPIRED_CARD,
        WRONG_PIN,
        PIN_TRIES_EXCEEDED,
    ];
    all.into_iter().find(|code| *code == stored).unwrap_or(DUPLICATE)
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

/// Gives the money of a purchase back, once.
fn reversal(change: &Change, request: &Request<'_>, key: &PurchaseKey) -> Result<Verdict, Error> {
    let amount = request.message.get(fields::AMOUNT).and_then(|field| field.to_u64());
    let Some(amount) = amount else {
        return Ok(Verdict::declined(FORMAT_ERROR));
    };
    let Some(mut purchase) = change.purchase(key)? else {
        // Remembered, so that the purchase is declined if it still comes.
        change.put_purchase(
            key,
            &Purchase {
                state: PurchaseState::ReversedUnseen,
                content: [0; 32],
                amount,
                response_code: ORIGINAL_MISSING.into(),
                reference: String::new(),
                authorization: None,
                account: None,
            },
        )?;
        return Ok(Verdict::declined(ORIGINAL_MISSING));
    };
    if purchase.amount != amount {
        return Ok(Verdict::declined(ORIGINAL_AMOUNT_DIFFERS));
    }
    match purchase.state {
        PurchaseState::ReversedUnseen => return Ok(Verdict::declined(ORIGINAL_MISSING)),
        PurchaseState::Declined | PurchaseState::Reversed => {}
        PurchaseState::Approved => {
            let token = purchase.account.ok_or(Error::Record("a purchase"))?;
            let mut account = change.account(token)?.ok_or(Error::Record("an account"))?;
            account.balance = account.balance.saturating_add(amount);
            change.put_account(token, &account)?;
            let merchant = LedgerAccount::Merchant(request.terminal.merchant_id.clone());
            change.post(&cause(key), merchant, LedgerAccount::Cardholder(token), amount)?;
            purchase.state = PurchaseState::Reversed;
            change.put_purchase(key, &purchase)?;
        }
    }
    Ok(Verdict {
        response_code: APPROVED,
        reference: Some(purchase.reference),
        authorization: None,
    })
}
