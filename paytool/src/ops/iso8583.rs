//! ISO 8583 messages under any dialect.

mod read;
mod written;

use iso8583_wire::{MessageRef, Mti};
use serde_json::{Map, Value};

use super::{Outputs, outputs};
use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;

pub(crate) use read::Look;

pub(super) fn parse(inputs: &Inputs) -> Result<Outputs, Failure> {
    let dialect = Dialect::read(inputs.require("spec")?)?.behind(inputs.get("header_len")?);
    let bytes: Vec<u8> = inputs.require("hex")?;
    let partial = inputs.get("partial")?.unwrap_or(false);
    match shown(&dialect, &bytes, Look::Clear) {
        Err(failure) if !partial => Err(failure.bare()),
        answer => answer,
    }
}

/// A message's outputs; beside a failure, what stands before the fault.
pub(crate) fn shown(dialect: &Dialect, bytes: &[u8], look: Look) -> Result<Outputs, Failure> {
    let spec = dialect.spec()?;
    let (header, wire) = dialect.split(bytes)?;
    let partial = MessageRef::parse_partial(&spec, wire);
    let mut answer = Outputs::new();
    if let Some(mti) = partial.mti() {
        answer = outputs([("mti", mti.to_string().into()), ("fields", Map::new().into())]);
    }
    let mut fault = partial.fault().map(|error| Failure::of_message(error, header.len()));
    if let Some(message) = partial.message() {
        let (fields, first) = read::fields(message, look);
        answer.insert("fields".to_owned(), fields.into());
        // What is wrong inside a field comes before what is wrong behind it.
        fault = first.map(|failure| failure.behind(header.len())).or(fault);
    }
    if !header.is_empty() {
        // Bytes that nobody knows may be anything, and at a wrong length a part of the message.
        let header = match look {
            Look::Masked if !dialect.knows_header(header) => {
                format!("[opaque, length {}]", header.len())
            }
            _ => hex::encode(header),
        };
        answer.insert("header".to_owned(), header.into());
    }
    match fault {
        None => Ok(answer),
        Some(failure) => Err(failure.after(answer)),
    }
}

pub(super) fn encode(inputs: &Inputs) -> Result<Outputs, Failure> {
    let dialect = Dialect::read(inputs.require("spec")?)?;
    let spec = dialect.spec()?;
    let header = inputs.get::<Vec<u8>>("header")?.unwrap_or_default();
    dialect.check_header(&header)?;
    let mti: Mti = inputs.require::<&str>("mti")?.parse()?;
    let fields: &Map<String, Value> = inputs.require("fields")?;
    let wire = written::message(&spec, mti, fields)?;
    let hex = hex::encode(&header) + &hex::encode(&wire);
    Ok(outputs([("hex", hex.into())]))
}
