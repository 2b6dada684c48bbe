//! The acquirer host: bytes in, bytes out, and a ledger that is right afterwards.
//!
//! [`Host::handle`] is all of it; sockets are in [`server`]. The order is fixed: read the message,
//! look at its counter, verify its MAC, decide, commit, answer. What fails before the decision gets
//! no answer, so that a stranger learns nothing.

mod issuer;
mod key_loading;
mod keys;
pub(crate) mod ledger;
mod opening;
mod payment;
mod records;
mod request;
pub(crate) mod server;
mod store;
#[cfg(test)]
mod tests;

use std::path::Path;

use dukpt::ReplayGuard;
use dukpt::aes::{Bdk, InitialKeyId, Ksn};
use iso8583_wire::Encoder;
use rand_core::TryCryptoRng;
use sha2::{Digest, Sha256};

use self::issuer::Issuer;
use self::keys::Keys;
use self::ledger::Books;
use self::payment::Verdict;
use self::records::LastExchange;
use self::request::{Refusal, Request, Unverified};
use self::store::Store;
use crate::clock::Moment;
use crate::error::Error;
use crate::fields::{self, MAC_LENGTH};
use crate::test_data;

/// The acquirer host and, in one, the issuer of its cards.
pub(crate) struct Host {
    store: Store,
    issuer: Issuer,
    keys: Keys,
}

/// What the host does with a message.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It sends these bytes.
    Reply(Vec<u8>),
    /// It sends nothing.
    Silence(Refusal),
}

impl Host {
    /// Opens the host's database in a folder; an empty one is filled with the test keys and accounts.
    pub(crate) fn create<R: TryCryptoRng>(folder: &Path, rng: &mut R) -> Result<Self, Error> {
        let store = Store::create(folder)?;
        opening::fill(&store, rng)?;
        Self::over(store)
    }

    /// Opens the host's database in a folder; there must be one.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        Self::over(Store::open(folder)?)
    }

    fn over(store: Store) -> Result<Self, Error> {
        let issuer = Issuer::open(&store)?;
        Ok(Self { store, issuer, keys: Keys::default() })
    }

    /// The initial key of the test terminal as a key block that only this terminal can open.
    pub(crate) fn initial_key_block<R: TryCryptoRng>(&self, rng: &mut R) -> Result<String, Error> {
        let terminal = InitialKeyId::from_bytes(test_data::INITIAL_KEY_ID);
        let bdk = self.store.base_key(terminal.bdk_id())?.ok_or(Error::Record("the base key"))?;
        key_loading::initial_key_block(&Bdk::from_bytes(&bdk), terminal, rng)
    }

    /// Adds up the ledger.
    pub(crate) fn books(&self) -> Result<Books, Error> {
        Ok(ledger::check(self.store.snapshot()?))
    }

    /// Takes one message and says what to send back.
    ///
    /// When this returns a reply, all that it tells is durable.
    pub(crate) fn handle(&self, bytes: &[u8], now: Moment) -> Result<Answer, Error> {
        let message = match Unverified::read(bytes) {
            Ok(message) => message,
            Err(refusal) => return Ok(Answer::Silence(refusal)),
        };
        let ksn = message.ksn;
        let id = ksn.initial_key_id();
        let Some(terminal) = self.store.terminal(id.to_bytes())? else {
            return Ok(Answer::Silence(Refusal::UnknownKsn));
        };
        let Some(keys) = self.keys.of(id, &self.store)? else {
            return Ok(Answer::Silence(Refusal::UnknownKsn));
        };
        // Until the end, so that no other message of this terminal is checked against the same last counter.
        let mut keys = keys::lock(&keys);

        let request_digest: [u8; 32] = Sha256::digest(bytes).into();
        let last = self.store.last_exchange(id.to_bytes())?;
        // With counter 0 if there was none.
        let last_ksn = Ksn::new(id, last.as_ref().map_or(0, |last| last.counter));
        let mut guard = ReplayGuard::new(last_ksn);
        let fresh = match guard.check(&ksn) {
            Ok(fresh) => fresh,
            Err(dukpt::Error::CounterReplayed) => {
                // The very bytes of the last message, whose MAC was right then.
                let repeated = last.filter(|last| last.request_digest == request_digest);
                return Ok(match repeated {
                    Some(last) => Answer::Reply(last.answer),
                    None => Answer::Silence(Refusal::CounterNotAbove),
                });
            }
            Err(error) => return Ok(Answer::Silence(Refusal::UnusableKsn(error))),
        };
        let request = match message.verify(keys.transaction_key(&ksn)?, terminal) {
            Ok(request) => request,
            Err(refusal) => return Ok(Answer::Silence(refusal)),
        };

        let change = self.store.change()?;
        let verdict = payment::decide(&self.issuer, &change, &request, now)?;
        let answer = reply(&request, &verdict, now)?;
        fresh.accept();
        let counter = guard.last().counter();
        let last = LastExchange { counter, request_digest, answer: answer.clone() };
        change.put_last_exchange(id.to_bytes(), &last)?;
        change.commit()?;
        Ok(Answer::Reply(answer))
    }
}

/// The answer to a verified message, under the key for answers of the same counter.
fn reply(request: &Request<'_>, verdict: &Verdict, now: Moment) -> Result<Vec<u8>, Error> {
    let mut buffer = [0; 512];
    // Repeats what the dialect says.
    let mut answer = Encoder::reply_to(&request.message, &mut buffer)?;
    // A batch number that is none may be as long as it likes: it is not sent back.
    if request.message.get(fields::BATCH).is_some_and(|field| field.count() != 6) {
        answer.without(fields::BATCH)?;
    }
    answer.text(fields::TIME, &now.time())?.text(fields::DATE, &now.date())?;
    if let Some(reference) = &verdict.reference {
        answer.text(fields::REFERENCE, reference)?;
    }
    if let Some(authorization) = &verdict.authorization {
        answer.text(fields::AUTHORIZATION, authorization)?;
    }
    answer.text(fields::RESPONSE_CODE, verdict.response_code)?;
    let unsealed = answer.finish_with_mac()?;
    let key = request.key.mac_verification_key();
    let mac = key.cmac().chain(unsealed.mac_input()).finalize(MAC_LENGTH)?;
    Ok(unsealed.seal(mac.as_bytes())?.to_vec())
}
