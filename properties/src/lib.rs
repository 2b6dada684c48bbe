#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a property says what it expects by panicking"
)]

mod choices;
mod dukpt;
mod emv_tlv;
mod iso8583;
mod keyblock;
mod mac;
mod pinblock;
mod told;

pub use self::{
    dukpt::{dukpt_explain, dukpt_ksn, dukpt_terminal, dukpt_working_key},
    emv_tlv::{
        apdu_trace, dol_fill, element_bits, element_iad, element_values, tag_path, tlv_edit,
        tlv_shown, tlv_walk, tlv_writer,
    },
    iso8583::{
        filled, iso8583_edit, iso8583_encoder, iso8583_frame, iso8583_header, iso8583_ipm,
        iso8583_matcher, iso8583_parse, iso8583_roundtrip, iso8583_spec,
    },
    keyblock::{
        key_agreement, key_ceremony, keyblock_header, keyblock_roundtrip, keyblock_typed_key,
        keyblock_unwrap,
    },
    mac::mac_incremental,
    pinblock::{pinblock_decode, pinblock_roundtrip, pinblock_translate, pinblock_verify},
};

/// A property: returns where it holds for an input, and panics where it does not.
pub type Property = fn(&[u8]);

macro_rules! by_name {
    ($($property:ident),+ $(,)?) => { &[$((stringify!($property), $property)),+] };
}

/// Every property by its name, which is its fuzz target's as well.
pub static ALL: &[(&str, Property)] = by_name![
    iso8583_parse,
    iso8583_roundtrip,
    iso8583_encoder,
    iso8583_edit,
    iso8583_spec,
    iso8583_frame,
    iso8583_header,
    iso8583_ipm,
    iso8583_matcher,
    tlv_walk,
    tlv_shown,
    tlv_writer,
    tlv_edit,
    tag_path,
    dol_fill,
    element_iad,
    element_bits,
    element_values,
    apdu_trace,
    pinblock_decode,
    pinblock_roundtrip,
    pinblock_verify,
    pinblock_translate,
    dukpt_ksn,
    dukpt_working_key,
    dukpt_explain,
    dukpt_terminal,
    mac_incremental,
    key_agreement,
    keyblock_header,
    keyblock_unwrap,
    keyblock_roundtrip,
    keyblock_typed_key,
    key_ceremony,
];

/// Holds the example in the repository's README to what it says.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
