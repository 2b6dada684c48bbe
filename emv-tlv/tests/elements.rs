//! What holds for the table of every element of bits, and values of elements that others have published.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use emv_tlv::element::{
    AdditionalTerminalCapabilities, Aip, ApplicationCapabilities, Auc,
    BiometricTerminalCapabilities, CardDataInputCapability, ContactlessReaderCapabilities, Ctq,
    CvmCapability, DsSummaryStatus, EnhancedReaderCapabilities, FormFactorIndicator, IdsStatus,
    KernelConfiguration, MagStripeCvmCapability, OutcomeParameterSet, RelayTvr, SecurityCapability,
    TerminalCapabilities, TerminalRiskManagementData, TerminalType, ThirdPartyData, Tsi, Ttq, Tvr,
    UnionPayCtq,
};
use emv_tlv::parse;
use hex_literal::hex;
use std::collections::BTreeSet;

/// A table's flags have a name, a place and words each, that no other has; the bits that are neither a flag's nor a code's or
/// number's are reserved, as many as the books reserve.
macro_rules! table {
    ($($element:ident: $flags:literal flags, $coded:literal coded, $reserved:literal reserved;)+) => { $({
        let name = stringify!($element);
        let mut places = Vec::new();
        let mut words = BTreeSet::new();
        for (constant, flag) in $element::FLAGS {
            let bits: Vec<_> = flag.bits().map(|bit| (bit.byte, 8 - bit.bit)).collect();
            assert_eq!(bits.len(), 1, "{name}::{constant}");
            places.extend(bits);
            let shown = format!("{flag:#}");
            let bit = flag.bits().next().unwrap();
            let place = format!("byte {} bit {}: ", bit.byte, bit.bit);
            let text = shown.lines().find_map(|line| line.strip_prefix(&place)).unwrap();
            assert!(text != "reserved" && words.insert(text.to_owned()), "{name}::{constant}");
        }
        assert!(places.is_sorted_by(|one, other| one < other), "{name}: {places:?}");
        let names: BTreeSet<_> = $element::FLAGS.iter().map(|(constant, _)| constant).collect();
        assert_eq!((names.len(), places.len()), ($flags, $flags), "{name}");
        // Every byte with every value: a bit that is never told of by a code, a number or a flag is reserved.
        let size = $element::default().to_bytes().len();
        let mut reserved = BTreeSet::new();
        for byte in 1..=size {
            for bit in 1..=8 {
                let mut always = true;
                for value in 0..=255u8 {
                    if value & 1 << (bit - 1) != 0 {
                        let mut bytes = $element::default().to_bytes();
                        bytes[byte - 1] = value;
                        let shown = format!("{:#}", $element::new(bytes));
                        let line = format!("byte {byte} bit {bit}: reserved");
                        always &= shown.lines().any(|shown| shown == line);
                    }
                }
                if always {
                    reserved.insert((byte, bit));
                }
            }
        }
        assert_eq!(reserved.len(), $reserved, "{name}: {reserved:?}");
        assert_eq!($flags + $coded + $reserved, size * 8, "{name}");
    })+ };
}

#[test]
fn every_bit_of_every_element_has_one_meaning_or_is_reserved() {
    table! {
        Aip: 12 flags, 0 coded, 4 reserved;
        Auc: 10 flags, 0 coded, 6 reserved;
        Tsi: 6 flags, 0 coded, 10 reserved;
        Tvr: 37 flags, 0 coded, 3 reserved;
        RelayTvr: 39 flags, 0 coded, 1 reserved;
        TerminalCapabilities: 16 flags, 0 coded, 8 reserved;
        AdditionalTerminalCapabilities: 27 flags, 0 coded, 13 reserved;
        BiometricTerminalCapabilities: 10 flags, 0 coded, 14 reserved;
        TerminalRiskManagementData: 20 flags, 0 coded, 44 reserved;
        Ttq: 15 flags, 0 coded, 17 reserved;
        Ctq: 10 flags, 0 coded, 6 reserved;
        UnionPayCtq: 6 flags, 0 coded, 10 reserved;
        FormFactorIndicator: 7 flags, 6 coded, 19 reserved;
        ContactlessReaderCapabilities: 0 flags, 3 coded, 5 reserved;
        EnhancedReaderCapabilities: 15 flags, 3 coded, 14 reserved;
        KernelConfiguration: 5 flags, 0 coded, 3 reserved;
        CardDataInputCapability: 3 flags, 0 coded, 5 reserved;
        CvmCapability: 5 flags, 0 coded, 3 reserved;
        SecurityCapability: 4 flags, 0 coded, 4 reserved;
        MagStripeCvmCapability: 0 flags, 4 coded, 4 reserved;
        OutcomeParameterSet: 5 flags, 36 coded, 23 reserved;
        ApplicationCapabilities: 3 flags, 10 coded, 11 reserved;
        IdsStatus: 2 flags, 0 coded, 6 reserved;
        DsSummaryStatus: 2 flags, 0 coded, 6 reserved;
    }
}

#[test]
fn published_values_are_explained() {
    let explained = |bytes: &[u8]| {
        let object = parse(bytes).next().unwrap().unwrap();
        match object.tag().raw() {
            0x9F33 => object.read::<TerminalCapabilities>().unwrap().to_string(),
            0x9F35 => object.read::<TerminalType>().unwrap().to_string(),
            0x9F5D => object.read::<ApplicationCapabilities>().unwrap().to_string(),
            0x9F66 => object.read::<Ttq>().unwrap().to_string(),
            0x9F6E => object.read::<ThirdPartyData>().unwrap().to_string(),
            0xDF811B => object.read::<KernelConfiguration>().unwrap().to_string(),
            _ => object.read::<RelayTvr>().unwrap().to_string(),
        }
    };
    for (bytes, expect) in [
        // A purchase in the test data of a payment gateway's certification.
        (
            &hex!("9F33 03 E0F8C8")[..],
            "manual key entry; magnetic stripe; IC with contacts; plaintext PIN for ICC verification; \
             enciphered PIN for online verification; signature; enciphered PIN for offline verification (RSA); \
             no CVM required; SDA; DDA; CDA",
        ),
        (
            &hex!("9F35 01 22"),
            "operational control: merchant; environment: attended, offline with online capability",
        ),
        (
            &hex!("9F6E 07 08400000303000"),
            "country: 840; unique identifier: 0000; device type: 00; proprietary data: 00",
        ),
        // The answer to SELECT of a Mastercard debit card, as a transaction was captured.
        (
            &hex!("9F5D 03 010006"),
            "data storage: version 1; standalone data storage: all 10 tags 160 bytes",
        ),
        // What a configuration editor for phones that take payments offers.
        (
            &hex!("9F66 04 24804000"),
            "EMV mode supported; online PIN supported; online cryptogram required; consumer device CVM supported",
        ),
        (
            &hex!("DF811B 01 A0"),
            "mag-stripe mode contactless transactions not supported; on-device cardholder verification supported",
        ),
        // A reader's usual action code for kernel 2.
        (
            &hex!("DF8122 05 F850ACF800"),
            "offline data authentication was not performed; SDA failed; ICC data missing; \
             card appears on terminal exception file; DDA failed; expired application; \
             requested service not allowed for card product; cardholder verification was not successful; \
             PIN try limit exceeded; PIN entry required, PIN pad present, but PIN was not entered; \
             online CVM captured; transaction exceeds floor limit; lower consecutive offline limit exceeded; \
             upper consecutive offline limit exceeded; transaction selected randomly for online processing; \
             merchant forced transaction online",
        ),
    ] {
        assert_eq!(explained(bytes), expect, "{bytes:02X?}");
    }
}

/// The types that a source file makes elements of.
fn elements_of(source: &str) -> Vec<&str> {
    let name = |text: &'static str| {
        source.split(text).skip(1).filter_map(|rest| {
            let rest = rest.split_once("> for ").map_or(rest, |(_, rest)| rest);
            rest.split(|symbol: char| !symbol.is_alphanumeric()).next()
        })
    };
    let written = name("\nimpl<'a> Element<'a").chain(name("\nimpl Element<'_"));
    // What macros make stands there with its tags, or alone.
    let made = source.split("pub struct ").skip(1).filter_map(|rest| {
        let line = rest.lines().next()?;
        let name = line.split(|symbol: char| !symbol.is_alphanumeric()).next()?;
        let is_made = line.contains(" of [") || line.strip_suffix(';') == Some(name);
        (is_made && !name.is_empty()).then_some(name)
    });
    written.chain(made).collect()
}

#[test]
fn any_element_is_of_every_type() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/element");
    let any = std::fs::read_to_string(folder.join("any.rs")).unwrap();
    let variants: BTreeSet<_> = any
        .lines()
        .filter_map(|line| line.trim().strip_suffix("),")?.split_once('('))
        .filter(|(variant, element)| element.split('<').next() == Some(variant))
        .map(|(variant, _)| variant.to_owned())
        .collect();
    let mut elements = BTreeSet::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            elements.extend(elements_of(&source).into_iter().map(str::to_owned));
        }
    }
    assert!(elements.len() >= 49, "{elements:?}");
    assert_eq!(variants, elements);
}
