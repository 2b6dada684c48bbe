//! AES DUKPT.

use dukpt::aes::{
    Aes, BaseKey, Bdk, InitialKey, InitialKeyId, KeyType, KeyUsage, Ksn, Terminal, TerminalKey,
};
use dukpt::explain::Explanation;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Base, count, lax};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;
use crate::ops::{Outputs, outputs};

/// Evaluates an expression with a constant standing for the key's length.
macro_rules! with_length {
    ($key:expr, $len:ident => $body:expr) => {
        match $key.len() {
            16 => {
                const $len: usize = 16;
                $body
            }
            24 => {
                const $len: usize = 24;
                $body
            }
            32 => {
                const $len: usize = 32;
                $body
            }
            _ => Err(dukpt::Error::KeyLength.into()),
        }
    };
}

pub(in crate::ops) fn initial_key(inputs: &Inputs) -> Result<Outputs, Failure> {
    let bdk: Vec<u8> = inputs.require("bdk")?;
    let id = initial_key_id(inputs)?;
    with_length!(bdk, N => {
        let ik = Bdk::<N>::try_from(bdk.as_slice())?.initial_key(id);
        Ok(outputs([("ik", hex::encode(ik.expose_bytes()).into())]))
    })
}

pub(in crate::ops) fn keys(inputs: &Inputs) -> Result<Outputs, Failure> {
    let ksn = ksn(inputs)?;
    let (key_type, lax) = (key_type(inputs)?, lax(inputs)?);
    match Base::read(inputs)? {
        Base::Bdk(bdk) => with_length!(bdk, N => {
            let ik = Bdk::<N>::try_from(bdk.as_slice())?.initial_key(ksn.initial_key_id());
            working_keys(&ik, &ksn, key_type, lax)
        }),
        Base::InitialKey(ik) => with_length!(ik, N => {
            let ik = InitialKey::<N>::try_from((ik.as_slice(), ksn.initial_key_id()))?;
            working_keys(&ik, &ksn, key_type, lax)
        }),
    }
}

/// The transaction key, and its working keys of every usage that the key type has.
fn working_keys<const N: usize>(
    ik: &InitialKey<N>,
    ksn: &Ksn,
    key_type: KeyType,
    lax: bool,
) -> Result<Outputs, Failure>
where
    Aes: BaseKey<N>,
{
    let transaction_key = if lax { ik.transaction_key_lax(ksn)? } else { ik.transaction_key(ksn)? };
    let mut keys = Map::new();
    for usage in KeyUsage::ALL.iter().copied().filter(|usage| key_type.allows(*usage)) {
        let key = transaction_key.working_key(usage, key_type)?;
        keys.insert(usage.name().to_owned(), hex::encode(key.expose_bytes()).into());
    }
    Ok(outputs([
        ("transaction_key", hex::encode(transaction_key.expose_bytes()).into()),
        ("keys", Value::Object(keys)),
    ]))
}

pub(in crate::ops) fn update_key(inputs: &Inputs) -> Result<Outputs, Failure> {
    let bytes: Vec<u8> = inputs.require("ik")?;
    let (id, key_type) = (initial_key_id(inputs)?, key_type(inputs)?);
    with_length!(bytes, N => {
        let key = InitialKey::<N>::try_from((bytes.as_slice(), id))?.update_key(key_type)?;
        Ok(outputs([("update_key", hex::encode(key.expose_bytes()).into())]))
    })
}

/// Not an operation: the command line prints it.
pub(crate) fn explain(inputs: &Inputs) -> Result<Explanation, Failure> {
    let ksn = ksn(inputs)?;
    let (usage, key_type) = (inputs.require::<&str>("usage")?.parse()?, key_type(inputs)?);
    match Base::read(inputs)? {
        Base::Bdk(bdk) => with_length!(bdk, N => {
            Ok(Bdk::<N>::try_from(bdk.as_slice())?.explain(&ksn, usage, key_type)?)
        }),
        Base::InitialKey(ik) => with_length!(ik, N => {
            let ik = InitialKey::<N>::try_from((ik.as_slice(), ksn.initial_key_id()))?;
            Ok(ik.explain(&ksn, usage, key_type)?)
        }),
    }
}

pub(in crate::ops) fn next_ksn(inputs: &Inputs) -> Result<Outputs, Failure> {
    Ok(outputs([("next", ksn(inputs)?.next()?.to_string().into())]))
}

/// The keys of a terminal from its first counter on, as one digest.
pub(in crate::ops) fn sequence(inputs: &Inputs) -> Result<Outputs, Failure> {
    let bdk: Vec<u8> = inputs.require("bdk")?;
    let id = InitialKeyId::try_from(inputs.require::<Vec<u8>>("initial")?.as_slice())?;
    with_length!(bdk, N => digest(&Bdk::<N>::try_from(bdk.as_slice())?.initial_key(id), inputs))
}

fn digest<const N: usize>(initial_key: &InitialKey<N>, inputs: &Inputs) -> Result<Outputs, Failure>
where
    Aes: TerminalKey<N>,
{
    let mut terminal = Terminal::new(initial_key);
    let (mut digest, mut last) = (Sha256::new(), Ksn::new(initial_key.id(), 0));
    for _ in 0..count(inputs, terminal.keys_left())? {
        let (ksn, key) = terminal.begin()?.stored();
        digest.update(ksn.to_bytes());
        digest.update(key.expose_bytes());
        last = ksn;
    }
    Ok(outputs([
        ("sha256", hex::encode(&digest.finalize()).into()),
        ("last_ksn", last.to_string().into()),
    ]))
}

fn ksn(inputs: &Inputs) -> Result<Ksn, Failure> {
    Ok(Ksn::try_from(inputs.require::<Vec<u8>>("ksn")?.as_slice())?)
}

fn initial_key_id(inputs: &Inputs) -> Result<InitialKeyId, Failure> {
    Ok(InitialKeyId::try_from(inputs.require::<Vec<u8>>("ikid")?.as_slice())?)
}

fn key_type(inputs: &Inputs) -> Result<KeyType, Failure> {
    Ok(inputs.require::<&str>("key_type")?.parse()?)
}
