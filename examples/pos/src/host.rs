//! The acquirer host: bytes in, bytes out, and a ledger that is right afterwards.
//!
//! [`Host::handle`] is all of it; sockets are in [`server`]. The order is fixed: read the message,
//! verify its MAC, look at its counter, decide, commit, answer. What fails before the decision gets
//! no answer, so that a stranger learns nothing.

pub(crate) mod ledger;
mod payment;
pub(crate) mod server;
pub(crate) mod store;

use core::fmt;
use std::fs;
use std::path::Path;

use dukpt::aes::{Bdk, InitialKeyId, Ksn, TransactionKey};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use iso8583_wire::dialect::POS_DEMO;
use iso8583_wire::{Encoder, MessageRef, Mti};
use pinblock::{Pan, Pin, pvv};
use rand_core::TryCryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use self::ledger::OPENING;
use self::payment::Verdict;
use self::store::{Account, LastExchange, LedgerAccount, Store, Terminal};
use crate::clock::Moment;
use crate::error::Error;
use crate::fields::{self, MAC_LENGTH};
use crate::test_data;

/// The acquirer host and, in one, the issuer of its cards.
pub(crate) struct Host {
    store: Store,
    /// Turns account numbers into tokens, so that the database holds no number.
    token_key: Zeroizing<[u8; 32]>,
    /// The issuer's PIN verification key.
    pvk: Zeroizing<[u8; 16]>,
}

/// What the host does with a message.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It sends these bytes.
    Reply(Vec<u8>),
    /// It sends nothing.
    Silence(Refusal),
}

/// Why a message gets no answer.
#[derive(Debug)]
pub(crate) enum Refusal {
    Unreadable(iso8583_wire::Error),
    NoMac,
    NoKsn,
    UnknownKsn,
    CounterNotAbove,
    UnusableKsn(dukpt::Error),
    WrongMac,
    NotARequest(Mti),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "unreadable message: {error}"),
            Self::NoMac => f.write_str("no MAC in field 64"),
            Self::NoKsn => f.write_str("no key serial number in field 53"),
            Self::UnknownKsn => f.write_str("unknown key serial number"),
            Self::CounterNotAbove => f.write_str("counter not above the last one"),
            Self::UnusableKsn(error) => write!(f, "unusable key serial number: {error}"),
            Self::WrongMac => f.write_str("wrong MAC"),
            Self::NotARequest(mti) => write!(f, "{mti} is not answered"),
        }
    }
}

/// What is taken from a message whose MAC is right.
struct Verified<'a> {
    message: MessageRef<'a>,
    answer_mti: Mti,
    ksn: Ksn,
    transaction: TransactionKey<16>,
    terminal: Terminal,
}

const STORAGE_KEY: &str = "storage";
const PVK: &str = "pvk";

impl Host {
    /// Opens the host's database in a folder; an empty one is filled with the test keys and accounts.
    pub(crate) fn open<R: TryCryptoRng>(folder: &Path, rng: &mut R) -> Result<Self, Error> {
        fs::create_dir_all(folder)?;
        let store = Store::open(&folder.join("host.redb"))?;
        if store.key(STORAGE_KEY)?.is_none() {
            fill(&store, rng)?;
        }
        let storage_key = store.key(STORAGE_KEY)?.ok_or(Error::Record("the storage key"))?;
        let pvk = store.key(PVK)?.ok_or(Error::Record("the PIN verification key"))?;
        let pvk = <[u8; 16]>::try_from(pvk.as_slice())
            .map_err(|_| Error::Record("the PIN verification key"))?;
        Ok(Self { store, token_key: token_key(&storage_key)?, pvk: Zeroizing::new(pvk) })
    }

    /// The database, for the check of the books.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Takes one message and says what to send back.
    ///
    /// When this returns a reply, all that it tells is durable.
    pub(crate) fn handle(&self, request: &[u8], now: Moment) -> Result<Answer, Error> {
        let verified = match self.verify(request)? {
            Ok(verified) => verified,
            Err(refusal) => return Ok(Answer::Silence(refusal)),
        };
        let initial_key_id = verified.ksn.initial_key_id().to_bytes();
        let digest: [u8; 32] = Sha256::digest(request).into();

        let change = self.store.change()?;
        if let Some(last) = change.last_exchange(initial_key_id)?
            && verified.ksn.counter() <= last.counter
        {
            let repeated = verified.ksn.counter() == last.counter && digest == last.request_digest;
            return Ok(if repeated {
                Answer::Reply(last.answer)
            } else {
                Answer::Silence(Refusal::CounterNotAbove)
            });
        }
        let verdict = payment::decide(self, &change, &verified, now)?;
        let answer = reply(&verified, &verdict, now)?;
        change.put_last_exchange(
            initial_key_id,
            &LastExchange {
                counter: verified.ksn.counter(),
                request_digest: digest,
                answer: answer.clone(),
            },
        )?;
        change.commit()?;
        Ok(Answer::Reply(answer))
    }

    /// Reads a message and verifies its MAC; believes nothing else of it.
    fn verify<'a>(&self, request: &'a [u8]) -> Result<Result<Verified<'a>, Refusal>, Error> {
        let message = match MessageRef::parse(&POS_DEMO, request) {
            Ok(message) => message,
            Err(error) => return Ok(Err(Refusal::Unreadable(error))),
        };
        let Some(answer_mti) = message.mti().response() else {
            return Ok(Err(Refusal::NotARequest(message.mti())));
        };
        let (Some(mac), Some(covered)) = (message.mac(), message.mac_input()) else {
            return Ok(Err(Refusal::NoMac));
        };
        let ksn = message.get(fields::KSN).and_then(|field| Ksn::try_from(field.data()).ok());
        let Some(ksn) = ksn else {
            return Ok(Err(Refusal::NoKsn));
        };
        let id = ksn.initial_key_id();
        let (Some(terminal), Some(bdk)) =
            (self.store.terminal(id.to_bytes())?, self.store.base_key(id.bdk_id())?)
        else {
            return Ok(Err(Refusal::UnknownKsn));
        };
        let transaction = match Bdk::from_bytes(&bdk).initial_key(id).transaction_key(&ksn) {
            Ok(key) => key,
            Err(error) => return Ok(Err(Refusal::UnusableKsn(error))),
        };
        // The terminal's generation key is the key that the host verifies with.
        let key = transaction.mac_generation_key();
        if key.cmac().chain(covered).verify(mac.data(), MAC_LENGTH).is_err() {
            return Ok(Err(Refusal::WrongMac));
        }
        Ok(Ok(Verified { message, answer_mti, ksn, transaction, terminal }))
    }

    /// What stands for an account number in the database.
    fn token(&self, pan: &Pan) -> Result<[u8; 32], Error> {
        token(&self.token_key, pan)
    }

    /// Whether the PIN is the account's.
    fn pin_is_right(&self, account: &Account, pan: &Pan, pin: &Pin) -> Result<bool, Error> {
        let reference = pvv::Pvv::from_ascii(&account.pvv)?;
        let pvki = pvv::Pvki::new(account.pvki)?;
        let cipher = des::TdesEde2::new(&(*self.pvk).into());
        Ok(pvv::verify(&cipher, pan, pvki, pin, &reference).is_ok())
    }
}

/// The answer to a verified message, under the key for answers of the same counter.
fn reply(verified: &Verified<'_>, verdict: &Verdict, now: Moment) -> Result<Vec<u8>, Error> {
    let mut buffer = [0; 512];
    let mut answer = Encoder::new(&POS_DEMO, verified.answer_mti, &mut buffer)?;
    let request = &verified.message;
    let echo = |answer: &mut Encoder<'_, '_>, number: u8| match request.get(number) {
        Some(field) => answer.copy(&field).map(|_| ()),
        None => Ok(()),
    };
    echo(&mut answer, fields::PROCESSING_CODE)?;
    echo(&mut answer, fields::AMOUNT)?;
    echo(&mut answer, fields::STAN)?;
    answer.text(fields::TIME, &now.time())?.text(fields::DATE, &now.date())?;
    if let Some(reference) = &verdict.reference {
        answer.text(fields::REFERENCE, reference)?;
    }
    if let Some(authorization) = &verdict.authorization {
        answer.text(fields::AUTHORIZATION, authorization)?;
    }
    answer.text(fields::RESPONSE_CODE, verdict.response_code)?;
    for number in
        [fields::TERMINAL_ID, fields::MERCHANT_ID, fields::CURRENCY, fields::KSN, fields::BATCH]
    {
        echo(&mut answer, number)?;
    }
    let unsealed = answer.finish_with_mac()?;
    let key = verified.transaction.mac_verification_key();
    let mac = key.cmac().chain(unsealed.mac_input()).finalize(MAC_LENGTH)?;
    Ok(unsealed.seal(mac.as_bytes())?.to_vec())
}

/// Fills an empty database with the published test keys and the accounts of the test cards.
fn fill<R: TryCryptoRng>(store: &Store, rng: &mut R) -> Result<(), Error> {
    let mut storage_key = Zeroizing::new([0; 32]);
    rng.try_fill_bytes(storage_key.as_mut())
        .map_err(|_| Error::Io(std::io::Error::other("no randomness to be had")))?;
    let token_key = token_key(storage_key.as_slice())?;

    let change = store.change()?;
    let id = InitialKeyId::from_bytes(test_data::INITIAL_KEY_ID);
    change.put_base_key(id.bdk_id(), &test_data::BDK)?;
    change.put_terminal(
        test_data::INITIAL_KEY_ID,
        &Terminal {
            terminal_id: test_data::TERMINAL_ID.into(),
            merchant_id: test_data::MERCHANT_ID.into(),
        },
    )?;
    let cipher = des::TdesEde2::new(&test_data::PVK.into());
    for account in &test_data::ACCOUNTS {
        let pan = Pan::from_ascii(account.pan)?;
        let token = token(&token_key, &pan)?;
        let pvki = 1;
        let pin = Pin::from_ascii(account.pin)?;
        let pvv = pvv::generate(&cipher, &pan, pvv::Pvki::new(pvki)?, &pin);
        change.put_account(
            token,
            &Account {
                expiry: account.expiry.into(),
                pvki,
                pvv: *pvv.expose_ascii(),
                failed_pins: 0,
                balance: account.balance,
            },
        )?;
        change.post(
            OPENING,
            LedgerAccount::Bank,
            LedgerAccount::Cardholder(token),
            account.balance,
        )?;
    }
    change.put_key(PVK, &test_data::PVK)?;
    change.put_key(STORAGE_KEY, storage_key.as_slice())?;
    change.commit()
}

fn token_key(storage_key: &[u8]) -> Result<Zeroizing<[u8; 32]>, Error> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, storage_key)
        .expand(b"account token", key.as_mut())
        .map_err(|_| Error::Record("the storage key"))?;
    Ok(key)
}

fn token(key: &[u8; 32], pan: &Pan) -> Result<[u8; 32], Error> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).map_err(|_| Error::Record("the storage key"))?;
    mac.update(pan.expose_digits().as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use getrandom::SysRng;
    use iso8583_wire::Message;
    use tempfile::TempDir;

    use super::*;
    use crate::card::Card;
    use crate::terminal::{Doubt, Outgoing, Sale, Terminal as PosTerminal};

    const NOW: &str = "2026-11-23T09:30:00";

    struct Scene {
        _folder: TempDir,
        host: Host,
        terminal: PosTerminal,
        card: Card,
    }

    fn scene() -> Scene {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::open(&folder.path().join("host"), &mut SysRng).unwrap();
        let terminal = PosTerminal::open(&folder.path().join("terminal")).unwrap();
        let card = Card::from_profile(include_str!("../cards/visa-4111.json")).unwrap();
        Scene { _folder: folder, host, terminal, card }
    }

    impl Scene {
        fn request(&mut self, amount: u64, pin: &[u8]) -> Outgoing {
            let pin = Pin::from_ascii(pin).unwrap();
            let sale = Sale { card: &self.card, amount, pin: &pin };
            self.terminal.purchase(&sale, Moment::at(NOW), &mut SysRng).unwrap()
        }

        fn reversal(&mut self) -> Outgoing {
            let pending = self.terminal.pending().unwrap().unwrap();
            self.terminal.reversal(&pending, Doubt::NoReply, Moment::at(NOW)).unwrap()
        }

        fn send(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
            match self.host.handle(bytes, Moment::at(NOW)).unwrap() {
                Answer::Reply(answer) => Ok(answer),
                Answer::Silence(refusal) => Err(refusal.to_string()),
            }
        }

        /// Sends a message and gives the code of its verified answer.
        fn code(&self, request: &Outgoing) -> String {
            request.read(&self.send(request.bytes()).unwrap()).unwrap().response_code
        }

        fn charged(&self) -> usize {
            let books = ledger::check(self.host.store()).unwrap();
            assert!(books.are_right(), "{books:?}");
            books.charged
        }
    }

    /// The message with its fields changed and a right MAC over the result.
    fn changed(request: &Outgoing, change: impl FnOnce(&mut Message<'_>)) -> Vec<u8> {
        let message = MessageRef::parse(&POS_DEMO, request.bytes()).unwrap();
        let ksn = Ksn::try_from(message.get(fields::KSN).unwrap().data()).unwrap();
        let key = Bdk::from_bytes(&test_data::BDK).initial_key(ksn.initial_key_id());
        let key = key.transaction_key(&ksn).unwrap();
        let mut message = Message::from(&message);
        message.remove(64);
        change(&mut message);
        let mut buffer = [0; 1_024];
        let unsealed = message.encoder(&mut buffer).unwrap().finish_with_mac().unwrap();
        let mac = key.mac_generation_key().cmac().chain(unsealed.mac_input()).finalize(8).unwrap();
        unsealed.seal(mac.as_bytes()).unwrap().to_vec()
    }

    fn code_of(answer: &[u8]) -> String {
        let answer = MessageRef::parse(&POS_DEMO, answer).unwrap();
        answer.get(fields::RESPONSE_CODE).unwrap().exposed().to_string()
    }

    #[test]
    fn no_single_bit_can_be_changed() {
        let mut scene = scene();
        let request = scene.request(1_999, b"1234");
        for bit in 0..request.bytes().len() * 8 {
            let mut bytes = request.bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(scene.send(&bytes).is_err(), "bit {bit} was answered");
        }
        assert_eq!(scene.charged(), 0);
        assert_eq!(scene.code(&request), "00");
        assert_eq!(scene.charged(), 1);
    }

    #[test]
    fn the_same_bytes_get_the_same_answer_and_an_older_message_gets_none() {
        let mut scene = scene();
        let first = scene.request(100, b"1234");
        let answer = scene.send(first.bytes()).unwrap();
        assert_eq!(scene.send(first.bytes()).unwrap(), answer);
        let second = scene.request(100, b"1234");
        assert_eq!(scene.code(&second), "00");
        assert_eq!(scene.send(first.bytes()).unwrap_err(), "counter not above the last one");
        // Another message under the counter that was used last.
        let other = changed(&second, |message| message.set_number(fields::AMOUNT, 1).unwrap());
        assert_eq!(scene.send(&other).unwrap_err(), "counter not above the last one");
        assert_eq!(scene.charged(), 2);
    }

    #[test]
    fn strangers_are_not_answered() {
        let mut scene = scene();
        let request = scene.request(100, b"1234");
        let mut other_terminal = [0x12; 12];
        other_terminal[11] = 1;
        let other = changed(&request, |message| {
            message.set_bytes(fields::KSN, &other_terminal).unwrap();
        });
        assert_eq!(scene.send(&other).unwrap_err(), "unknown key serial number");
        let none = changed(&request, |message| {
            message.remove(fields::KSN);
        });
        assert_eq!(scene.send(&none).unwrap_err(), "no key serial number in field 53");
        let mut counter = *test_data::INITIAL_KEY_ID.first_chunk::<8>().unwrap();
        counter.reverse();
        for (tail, expected) in [([0; 4], "counter"), ([0xFF; 4], "counter")] {
            let ksn = [test_data::INITIAL_KEY_ID.as_slice(), &tail].concat();
            let unusable = unsealed_with_ksn(&request, &ksn);
            assert!(scene.send(&unusable).unwrap_err().contains(expected));
        }
        assert!(scene.send(b"").unwrap_err().starts_with("unreadable message"));
        assert_eq!(scene.charged(), 0);
    }

    /// The message under another key serial number, with the MAC that it had.
    fn unsealed_with_ksn(request: &Outgoing, ksn: &[u8]) -> Vec<u8> {
        let message = MessageRef::parse(&POS_DEMO, request.bytes()).unwrap();
        let mut message = Message::from(&message);
        message.set_bytes(fields::KSN, ksn).unwrap();
        message.encode_to_vec().unwrap()
    }

    #[test]
    fn an_answer_is_no_request() {
        let mut scene = scene();
        let request = scene.request(100, b"1234");
        let answer = scene.send(request.bytes()).unwrap();
        assert_eq!(scene.send(&answer).unwrap_err(), "0210 is not answered");
    }

    #[test]
    fn a_verified_message_that_cannot_be_used_says_why() {
        type Change = fn(&mut Message<'_>);
        let cases: [(Change, &str); 9] = [
            (|m| assert!(m.remove(fields::PAN)), "30"),
            (|m| assert!(m.remove(fields::BATCH)), "30"),
            (|m| m.set_bytes(fields::CHIP_DATA, &[0x9F, 0x02, 0x06]).unwrap(), "30"),
            (|m| m.set_number(fields::AMOUNT, 7).unwrap(), "30"),
            (|m| m.set_text(fields::TERMINAL_ID, "TERM0002").unwrap(), "97"),
            (|m| m.set_text(fields::MERCHANT_ID, "SOMEBODY ELSE").unwrap(), "03"),
            (|m| m.set_text(fields::PAN, "4222222222222").unwrap(), "14"),
            (|m| m.set_text(fields::EXPIRY, "2512").unwrap(), "54"),
            (|m| m.set_mti(Mti::from_digits(b"0100").unwrap()), "12"),
        ];
        let mut scene = scene();
        for (change, expected) in cases {
            let request = scene.request(100, b"1234");
            let answer = scene.send(&changed(&request, change)).unwrap();
            assert_eq!(code_of(&answer), expected);
        }
        assert_eq!(scene.charged(), 0);
    }

    #[test]
    fn three_wrong_pins_close_the_card() {
        let mut scene = scene();
        for expected in ["55", "55", "55", "75", "75"] {
            let request = scene.request(100, b"0000");
            assert_eq!(scene.code(&request), expected);
        }
        let request = scene.request(100, b"1234");
        assert_eq!(scene.code(&request), "75");
    }

    #[test]
    fn a_number_that_is_used_again_is_charged_once() {
        let mut scene = scene();
        let first = scene.request(100, b"1234");
        assert_eq!(scene.code(&first), "00");
        let stan_of_first =
            |message: &mut Message<'_>| message.set_number(fields::STAN, 1).unwrap();
        // The same purchase under a new counter, then another one under the old number.
        let again = scene.request(100, b"1234");
        assert_eq!(code_of(&scene.send(&changed(&again, stan_of_first)).unwrap()), "00");
        let other = scene.request(200, b"1234");
        assert_eq!(code_of(&scene.send(&changed(&other, stan_of_first)).unwrap()), "94");
        assert_eq!(scene.charged(), 1);
    }

    #[test]
    fn a_reversal_gives_back_once_and_overtakes_its_purchase() {
        let mut scene = scene();
        let purchase = scene.request(100, b"1234");
        assert_eq!(scene.code(&purchase), "00");
        for _ in 0..2 {
            let reversal = scene.reversal();
            assert_eq!(scene.code(&reversal), "00");
        }
        assert_eq!(scene.charged(), 0);
        // The reversal arrives first: a purchase that comes after it is declined.
        let late = scene.request(100, b"1234");
        let reversal = scene.reversal();
        assert_eq!(scene.code(&reversal), "25");
        assert_eq!(scene.send(late.bytes()).unwrap_err(), "counter not above the last one");
        let later = scene.request(100, b"1234");
        let stan = |message: &mut Message<'_>| message.set_number(fields::STAN, 2).unwrap();
        assert_eq!(code_of(&scene.send(&changed(&later, stan)).unwrap()), "12");
        // An amount that is not the purchase's is not given back.
        let purchase = scene.request(300, b"1234");
        assert_eq!(scene.code(&purchase), "00");
        let reversal = scene.reversal();
        let more = changed(&reversal, |m| m.set_number(fields::AMOUNT, 301).unwrap());
        assert_eq!(code_of(&scene.send(&more).unwrap()), "64");
        assert_eq!(scene.charged(), 1);
    }

    #[test]
    fn a_false_answer_is_not_believed() {
        let mut scene = scene();
        let request = scene.request(100, b"1234");
        let answer = scene.send(request.bytes()).unwrap();
        for bit in 0..answer.len() * 8 {
            let mut bytes = answer.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(request.read(&bytes).is_err(), "bit {bit} was believed");
        }
        let next = scene.request(100, b"1234");
        assert_eq!(next.read(&answer).unwrap_err(), Doubt::WrongMac);
        // A request is no answer, though its own key made its MAC.
        assert_eq!(request.read(request.bytes()).unwrap_err(), Doubt::WrongMac);
    }

    #[test]
    fn a_terminal_that_starts_again_goes_on_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let card = Card::from_profile(include_str!("../cards/visa-4111.json")).unwrap();
        let mut counters = Vec::new();
        for _ in 0..3 {
            let mut terminal = PosTerminal::open(folder.path()).unwrap();
            let pin = Pin::from_ascii(b"1234").unwrap();
            let sale = Sale { card: &card, amount: 5, pin: &pin };
            let request = terminal.purchase(&sale, Moment::at(NOW), &mut SysRng).unwrap();
            let message = MessageRef::parse(&POS_DEMO, request.bytes()).unwrap();
            counters
                .push(Ksn::try_from(message.get(fields::KSN).unwrap().data()).unwrap().counter());
            let pending = terminal.pending().unwrap().unwrap();
            assert_eq!(
                u64::from(pending.stan),
                message.get(fields::STAN).unwrap().to_u64().unwrap()
            );
        }
        assert_eq!(counters, [1, 2, 3]);
    }
}
