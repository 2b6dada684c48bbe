//! Key blocks.

use getrandom::SysRng;
use keyblock::{
    AesKbpk, Algorithm, Error, Exportability, Header, HeaderField, KeyBlock, KeyContext, KeyUsage,
    KeyVersion, ModeOfUse, OptionalBlock, Profile, ProtectionKey, TdesKbpk, Version, Wrap,
};
use serde_json::Value;

use super::{Outputs, outputs};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Inputs, wrong_type};

/// The longest block.
const MAX_LEN: usize = 9_999;

/// The profiles by their names.
const PROFILES: [(&str, Profile); 4] = [
    ("lenient", Profile::LENIENT),
    ("x9_143", Profile::X9_143),
    ("tr31_2018", Profile::TR31_2018),
    ("payshield", Profile::PAYSHIELD),
];

pub(super) fn parse(inputs: &Inputs) -> Result<Outputs, Failure> {
    let text = inputs.require::<&str>("block")?.as_bytes();
    Ok(shown(&KeyBlock::parse(text, profile(inputs)?)?, text.len()))
}

pub(super) fn unwrap(inputs: &Inputs) -> Result<Outputs, Failure> {
    let kbpk: Vec<u8> = inputs.require("kbpk")?;
    let text = inputs.require::<&str>("block")?.as_bytes();
    let block = KeyBlock::parse(text, profile(inputs)?)?;
    let kbpk = protection_key(block.header().version, &kbpk)?;
    let mut buffer = vec![0; block.enciphered_len()];
    let key = block.unwrap_key(&*kbpk, &mut buffer)?;
    let mut all = shown(&block, text.len());
    all.insert("key".to_owned(), hex::encode(key.expose_bytes()).into());
    all.insert("pad".to_owned(), hex::encode(key.expose_pad()).into());
    Ok(all)
}

pub(super) fn wrap(inputs: &Inputs) -> Result<Outputs, Failure> {
    let header = header(inputs)?;
    let given: &[Value] = inputs.get("opt_blocks")?.unwrap_or_default();
    let optional: Vec<_> =
        given.iter().map(optional_block).collect::<Result<_, _>>().map_err(of("opt_blocks"))?;
    let (kbpk, key): (Vec<u8>, Vec<u8>) = (inputs.require("kbpk")?, inputs.require("key")?);
    let kbpk = protection_key(header.version, &kbpk)?;
    let wrap = Wrap::new(header, profile(inputs)?).optional_blocks(&optional);
    let mut text = vec![0; MAX_LEN];
    let block = match inputs.get::<Vec<u8>>("pad")? {
        Some(pad) => wrap.wrap_key_with_pad(&*kbpk, &key, &pad, &mut text)?,
        None => wrap.wrap_key(&*kbpk, &key, &mut SysRng, &mut text)?,
    };
    Ok(outputs([("block", String::from_utf8_lossy(block).into())]))
}

/// The header's fields and the optional blocks.
fn shown(block: &KeyBlock<'_>, len: usize) -> Outputs {
    let header = block.header();
    let optional = block.optional_blocks().iter();
    let optional: Vec<Value> = optional
        .map(|block| {
            vec![String::from_utf8_lossy(&block.id()).into_owned(), block.as_str().to_owned()]
                .into()
        })
        .collect();
    outputs([
        ("version", header.version.to_string().into()),
        ("length", len.into()),
        ("usage", header.usage.to_string().into()),
        ("algorithm", header.algorithm.to_string().into()),
        ("mode", header.mode.to_string().into()),
        ("key_version", header.key_version.to_string().into()),
        ("exportability", header.exportability.to_string().into()),
        ("context", char::from(header.context.code()).to_string().into()),
        ("opt_blocks", optional.into()),
    ])
}

/// The header that a request describes.
fn header(inputs: &Inputs) -> Result<Header, Failure> {
    let one = |name, field, otherwise| one(inputs, name, field, otherwise);
    Ok(Header {
        version: one("version", HeaderField::Version, None)
            .and_then(|code| known(Version::from_code(code), HeaderField::Version))?,
        usage: two(inputs, "usage", HeaderField::Usage)
            .and_then(|code| known(KeyUsage::from_code(code), HeaderField::Usage))?,
        algorithm: one("algorithm", HeaderField::Algorithm, None)
            .and_then(|code| known(Algorithm::from_code(code), HeaderField::Algorithm))?,
        mode: one("mode", HeaderField::Mode, None)
            .and_then(|code| known(ModeOfUse::from_code(code), HeaderField::Mode))?,
        key_version: two(inputs, "key_version", HeaderField::KeyVersion)
            .and_then(|code| known(KeyVersion::from_code(code), HeaderField::KeyVersion))?,
        exportability: one("exportability", HeaderField::Exportability, None)
            .and_then(|code| known(Exportability::from_code(code), HeaderField::Exportability))?,
        context: one("context", HeaderField::Context, Some("0"))
            .and_then(|code| known(KeyContext::from_code(code), HeaderField::Context))?,
    })
}

fn one(
    inputs: &Inputs,
    name: &str,
    field: HeaderField,
    otherwise: Option<&str>,
) -> Result<u8, Failure> {
    let text = inputs.get::<&str>(name)?.or(otherwise).ok_or_else(|| Failure::missing(name))?;
    let [code] = *text.as_bytes() else { return Err(Error::Header(field).into()) };
    Ok(code)
}

fn two(inputs: &Inputs, name: &str, field: HeaderField) -> Result<[u8; 2], Failure> {
    let text = inputs.require::<&str>(name)?;
    known(text.as_bytes().try_into().ok(), field)
}

fn known<T>(value: Option<T>, field: HeaderField) -> Result<T, Failure> {
    value.ok_or_else(|| Error::Header(field).into())
}

/// An optional block of `[id, data]`.
fn optional_block(value: &Value) -> Result<OptionalBlock<'_>, Failure> {
    let pair = value.as_array().map(Vec::as_slice);
    let Some([Value::String(id), Value::String(data)]) = pair else {
        return Err(wrong_type("an array of [id, data]"));
    };
    // An id of another length is none, and refused as one.
    let id = id.as_bytes().try_into().unwrap_or_default();
    Ok(OptionalBlock::new(id, data.as_bytes())?)
}

fn of(name: &str) -> impl Fn(Failure) -> Failure {
    move |failure| failure.of(name)
}

fn profile(inputs: &Inputs) -> Result<Profile, Failure> {
    let name = inputs.get("profile")?.unwrap_or("lenient");
    let found = PROFILES.iter().find(|(known, _)| *known == name);
    found.map(|(_, profile)| *profile).ok_or_else(|| {
        let names = PROFILES.map(|(name, _)| name).join(", ");
        Failure::new("unknown_profile", format!("`profile` is one of {names}"))
    })
}

/// A key that protects blocks of a version: what its digits do not say, whether it is an AES key, the version does.
pub(crate) fn protection_key(
    version: Version,
    kbpk: &[u8],
) -> Result<Box<dyn ProtectionKey>, Error> {
    Ok(match (version.is_aes(), kbpk.len()) {
        (true, _) => Box::new(AesKbpk::new(kbpk)?),
        // No TDES key is so long.
        (false, 32) => return Err(Error::KbpkAlgorithm { version }),
        (false, _) => Box::new(TdesKbpk::new(kbpk)?),
    })
}
