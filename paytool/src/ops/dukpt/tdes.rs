//! TDES DUKPT.

use dukpt::explain::Explanation;
use dukpt::tdes::{Bdk, InitialKey, Ksn, Terminal};
use sha2::{Digest, Sha256};

use super::{Base, count, lax};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;
use crate::ops::{Outputs, outputs};

pub(in crate::ops) fn initial_key(inputs: &Inputs) -> Result<Outputs, Failure> {
    let bdk: Vec<u8> = inputs.require("bdk")?;
    let ik = Bdk::try_from(bdk.as_slice())?.initial_key(ksn(inputs)?.initial_key_id());
    Ok(outputs([("ik", hex::encode(ik.expose_bytes()).into())]))
}

pub(in crate::ops) fn keys(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (ksn, lax) = (ksn(inputs)?, lax(inputs)?);
    let ik = match Base::read(inputs)? {
        Base::Bdk(bdk) => Bdk::try_from(bdk.as_slice())?.initial_key(ksn.initial_key_id()),
        Base::InitialKey(ik) => InitialKey::try_from((ik.as_slice(), ksn.initial_key_id()))?,
    };
    let key = if lax { ik.transaction_key_lax(&ksn)? } else { ik.transaction_key(&ksn)? };
    let shown = |bytes: &[u8; 16]| hex::encode(bytes).into();
    Ok(outputs([
        ("transaction_key", shown(key.expose_bytes())),
        ("pin_key", shown(key.pin_key().expose_bytes())),
        ("mac_req_key", shown(key.mac_request_key().expose_bytes())),
        ("mac_rsp_key", shown(key.mac_response_key().expose_bytes())),
        ("data_req_key", shown(key.data_request_key().expose_bytes())),
        ("data_rsp_key", shown(key.data_response_key().expose_bytes())),
    ]))
}

/// Not an operation: the command line prints it.
pub(crate) fn explain(inputs: &Inputs) -> Result<Explanation, Failure> {
    let ksn = ksn(inputs)?;
    let usage = inputs.require::<&str>("usage")?.parse()?;
    Ok(match Base::read(inputs)? {
        Base::Bdk(bdk) => Bdk::try_from(bdk.as_slice())?.explain(&ksn, usage)?,
        Base::InitialKey(ik) => {
            InitialKey::try_from((ik.as_slice(), ksn.initial_key_id()))?.explain(&ksn, usage)?
        }
    })
}

pub(in crate::ops) fn next_ksn(inputs: &Inputs) -> Result<Outputs, Failure> {
    Ok(outputs([("next", ksn(inputs)?.next()?.to_string().into())]))
}

/// The keys of a terminal from its first counter on, as one digest.
pub(in crate::ops) fn sequence(inputs: &Inputs) -> Result<Outputs, Failure> {
    let bdk = Bdk::try_from(inputs.require::<Vec<u8>>("bdk")?.as_slice())?;
    let initial = Ksn::try_from(inputs.require::<Vec<u8>>("initial")?.as_slice())?;
    if initial.counter() != 0 {
        return Err(Failure::new("counter_not_zero", "`initial` must have the counter 0"));
    }
    let mut terminal = Terminal::new(&bdk.initial_key(initial.initial_key_id()));
    let (mut digest, mut last) = (Sha256::new(), initial);
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
