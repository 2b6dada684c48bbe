//! What optional blocks hold: read, said in words, written again, and refused with the fault and its place.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use std::{fs, path::Path};

use keyblock::optional::{
    BaseKeyId, Certificate, CertificateChain, CertificateFormat, CheckMethod, Derivation,
    DerivationsAllowed, HeaderCheckValue, HmacHash, InitialKsn, KeyLife, UtcTime, WrappingPedigree,
};
use keyblock::{
    Algorithm, Contents, ContentsFault as Fault, Error, Exportability, Header, KeyBlock, KeyUsage,
    ModeOfUse, OptionalBlock, Profile, Rule, TdesKbpk, Version, Wrap,
};
use serde_json::Value;

const PIN_KEY: Derivation = Derivation {
    usage: KeyUsage::PinEncryption,
    algorithm: Algorithm::Tdes,
    mode: ModeOfUse::EncryptOnly,
    exportability: Exportability::Exportable,
};
const DATA_KEY: Derivation = Derivation {
    usage: KeyUsage::DataEncryption,
    algorithm: Algorithm::Aes,
    mode: ModeOfUse::EncryptOnly,
    exportability: Exportability::NonExportable,
};
const X509: Certificate<'_> = Certificate { format: CertificateFormat::X509, base64: "MIIB" };
const EMV: Certificate<'_> = Certificate { format: CertificateFormat::Emv, base64: "AAECAwQ=" };
const TIME: UtcTime = UtcTime {
    year: 2020,
    month: 8,
    day: 18,
    hour: 0,
    minute: 41,
    second: 7,
    hundredths: None,
    separated: false,
};

fn legacy(value: &[u8]) -> HeaderCheckValue {
    HeaderCheckValue::new(CheckMethod::Legacy, value).unwrap()
}

fn cmac(value: &[u8]) -> HeaderCheckValue {
    HeaderCheckValue::new(CheckMethod::Cmac, value).unwrap()
}

#[test]
fn contents_of_each_id() {
    let (keys, chain, one) = ([PIN_KEY, DATA_KEY], [X509, EMV], [EMV]);
    let ksn = [0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0, 0, 0];
    let hundredths = Some(50);
    let other = OptionalBlock::new(*b"10", b"0A{}").unwrap();
    let cases: &[(&[u8; 2], &str, Contents<'_>, &str)] = &[
        (
            b"AL",
            "0100",
            Contents::KeyLife(KeyLife::Ephemeral),
            "life of the asymmetric key: ephemeral",
        ),
        (b"AL", "0101", Contents::KeyLife(KeyLife::Static), "life of the asymmetric key: static"),
        (
            b"BI",
            "001234567890",
            Contents::BaseKeyId(BaseKeyId::Tdes([0x12, 0x34, 0x56, 0x78, 0x90])),
            "id of the TDES base derivation key: 1234567890",
        ),
        (
            b"BI",
            "01123456AB",
            Contents::BaseKeyId(BaseKeyId::Aes([0x12, 0x34, 0x56, 0xAB])),
            "id of the AES base derivation key: 123456AB",
        ),
        (
            b"CT",
            "00MIIB",
            Contents::Certificate(X509),
            "certificate: X.509, 4 characters of base64",
        ),
        (
            b"CT",
            "01AAECAwQ=",
            Contents::Certificate(EMV),
            "certificate: EMV, 8 characters of base64",
        ),
        (
            b"CT",
            "02000004MIIB010008AAECAwQ=",
            Contents::CertificateChain(CertificateChain::new(&chain)),
            "certificate chain: X.509, 4 characters of base64; EMV, 8 characters of base64",
        ),
        (
            b"CT",
            "02010008AAECAwQ=",
            Contents::CertificateChain(CertificateChain::new(&one)),
            "certificate chain: EMV, 8 characters of base64",
        ),
        (
            b"DA",
            "01P0TEED0AEN",
            Contents::DerivationsAllowed(DerivationsAllowed::new(&keys)),
            "keys that may be derived: PIN encryption key (TDES, encrypt only, exportable in a trusted key block); \
             data encryption key, symmetric (AES, encrypt only, not exportable)",
        ),
        (b"FL", "A~ 1", Contents::Flags("A~ 1"), "flags: A~ 1"),
        (b"HM", "21", Contents::HmacHash(HmacHash::Sha256), "hash of the HMAC key: SHA-256"),
        (
            b"IK",
            "1234567890123456",
            Contents::InitialKeyId([0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x56]),
            "initial key id: 1234567890123456",
        ),
        (
            b"KC",
            "000169E3",
            Contents::KeyCheckValue(legacy(&[1, 0x69, 0xE3])),
            "legacy check value of the key: 0169E3",
        ),
        (
            b"KC",
            "0108793E25AB",
            Contents::KeyCheckValue(cmac(&[0x08, 0x79, 0x3E, 0x25, 0xAB])),
            "CMAC check value of the key: 08793E25AB",
        ),
        (
            b"KC",
            "00AB",
            Contents::KeyCheckValue(legacy(&[0xAB])),
            "legacy check value of the key: AB",
        ),
        (
            b"KP",
            "012331550BC9",
            Contents::KbpkCheckValue(cmac(&[0x23, 0x31, 0x55, 0x0B, 0xC9])),
            "CMAC check value of the KBPK: 2331550BC9",
        ),
        (
            b"PK",
            "00ECAD62",
            Contents::ExportKbpkCheckValue(legacy(&[0xEC, 0xAD, 0x62])),
            "legacy check value of the KBPK that the key was exported under: ECAD62",
        ),
        (
            b"KS",
            "FFFF9876543210E00000",
            Contents::InitialKsn(InitialKsn::Full(ksn)),
            "initial key serial number: FFFF9876543210E00000",
        ),
        (
            b"KS",
            "9876543210E00000",
            Contents::InitialKsn(InitialKsn::Short(ksn[2..].try_into().unwrap())),
            "initial key serial number: 9876543210E00000",
        ),
        (b"KV", "0100", Contents::KeyBlockValues(*b"0100"), "key block values, deprecated: 0100"),
        (b"LB", "TEST KEY 1", Contents::Label("TEST KEY 1"), "label: TEST KEY 1"),
        (b"LB", "", Contents::Label(""), "label: "),
        (b"PB", "AzAz", Contents::Padding("AzAz"), "padding: 4 characters"),
        (b"TC", "20200818004107Z", Contents::Created(TIME), "key created: 2020-08-18 00:41:07 UTC"),
        (
            b"TS",
            "2020081800410750Z",
            Contents::TimeStamp(UtcTime { hundredths, ..TIME }),
            "time stamp: 2020-08-18 00:41:07.50 UTC",
        ),
        (
            b"TS",
            "2020-08-18T00:41:07Z",
            Contents::TimeStamp(UtcTime { separated: true, ..TIME }),
            "time stamp: 2020-08-18 00:41:07 UTC",
        ),
        (
            b"TS",
            "2020-08-18T00:41:07.50Z",
            Contents::TimeStamp(UtcTime { separated: true, hundredths, ..TIME }),
            "time stamp: 2020-08-18 00:41:07.50 UTC",
        ),
        (
            b"WP",
            "000",
            Contents::WrappingPedigree(WrappingPedigree::EqualOrStronger),
            "the key was wrapped under keys of equal or greater strength",
        ),
        (
            b"WP",
            "001",
            Contents::WrappingPedigree(WrappingPedigree::Weaker),
            "the key was wrapped under a weaker key",
        ),
        (
            b"WP",
            "002",
            Contents::WrappingPedigree(WrappingPedigree::Asymmetric),
            "the key was wrapped under an asymmetric key at risk of quantum computing",
        ),
        (
            b"WP",
            "003",
            Contents::WrappingPedigree(WrappingPedigree::AsymmetricAndWeaker),
            "the key was wrapped under an asymmetric key at risk of quantum computing, and a weaker symmetric key",
        ),
        (b"10", "0A{}", Contents::Other(other), "optional block 10: 0A{}"),
    ];
    for &(id, data, contents, words) in cases {
        let block = OptionalBlock::new(*id, data.as_bytes()).unwrap();
        assert_eq!(block.contents(), Ok(contents), "{data}");
        assert_eq!(contents.to_string(), words);
        assert_eq!((contents.id(), contents.data_len()), (*id, data.len()));
        let mut buffer = [0xEE; 40];
        assert_eq!(contents.encode_into(&mut buffer), Ok(block));
        assert!(buffer[data.len()..].iter().all(|&byte| byte == 0xEE));
        if !data.is_empty() {
            let mut short = vec![0xEE; data.len() - 1];
            let needed = u16::try_from(data.len()).unwrap();
            let refused = contents.encode_into(&mut short);
            assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
            assert!(short.iter().all(|&byte| byte == 0xEE));
        }
    }
}

#[test]
fn faults_are_named_at_their_place() {
    let cases: &[(&[u8; 2], &str, Fault, u16)] = &[
        (b"AL", "", Fault::Length, 0),
        (b"AL", "01", Fault::Length, 2),
        (b"AL", "010000", Fault::Length, 6),
        (b"AL", "01000", Fault::Length, 5),
        (b"AL", "0000", Fault::Version, 0),
        (b"AL", "0102", Fault::Value, 2),
        (b"AL", "010x", Fault::NotHex, 3),
        (b"BI", "", Fault::Length, 0),
        (b"BI", "0012345678", Fault::Length, 10),
        (b"BI", "011234567890", Fault::Length, 12),
        (b"BI", "00123456789012", Fault::Length, 14),
        (b"BI", "0212345678", Fault::Value, 0),
        (b"BI", "1112345678", Fault::Value, 0),
        (b"BI", "00123456789a", Fault::NotHex, 11),
        (b"CT", "", Fault::Length, 0),
        (b"CT", "0", Fault::Length, 1),
        (b"CT", "00", Fault::NotBase64, 2),
        (b"CT", "00MII", Fault::NotBase64, 5),
        (b"CT", "00MI B", Fault::NotBase64, 4),
        (b"CT", "00M===", Fault::NotBase64, 3),
        (b"CT", "00MI=B", Fault::NotBase64, 4),
        (b"CT", "03MIIB", Fault::Value, 0),
        (b"CT", "02", Fault::Length, 2),
        (b"CT", "0200000", Fault::Length, 7),
        (b"CT", "02000004MII", Fault::Length, 11),
        (b"CT", "02000004MIIB0", Fault::Length, 13),
        (b"CT", "02000000", Fault::NotBase64, 8),
        (b"CT", "02000004MI-B", Fault::NotBase64, 10),
        (b"CT", "02020004MIIB", Fault::Value, 2),
        (b"CT", "0200000aMIIB", Fault::NotHex, 4),
        (b"CT", "02000004MIIB020004MIIB", Fault::Value, 12),
        (b"DA", "0", Fault::Length, 1),
        (b"DA", "01", Fault::Length, 2),
        (b"DA", "01P0TE", Fault::Length, 6),
        (b"DA", "00P0TEE", Fault::Version, 0),
        (b"DA", "01p0TEE", Fault::Value, 2),
        (b"DA", "01P0tEE", Fault::Value, 4),
        (b"DA", "01P0T E", Fault::Value, 5),
        (b"DA", "01P0TEED0AE-", Fault::Value, 11),
        (b"HM", "2", Fault::Length, 1),
        (b"HM", "2121", Fault::Length, 4),
        (b"HM", "26", Fault::Value, 0),
        (b"HM", "2g", Fault::NotHex, 1),
        (b"IK", "12345678901234", Fault::Length, 14),
        (b"IK", "12345678901234567890", Fault::Length, 20),
        (b"IK", "123456789012345-", Fault::NotHex, 15),
        (b"KC", "", Fault::Length, 0),
        (b"KC", "00", Fault::Length, 2),
        (b"KC", "00ABC", Fault::Length, 5),
        (b"KC", "0001020304", Fault::Length, 10),
        (b"KC", "01010203040506", Fault::Length, 14),
        (b"KC", "02010203", Fault::Value, 0),
        (b"KP", "10DE#GBIC#OPT1", Fault::NotHex, 4),
        (b"PK", "00 10203", Fault::NotHex, 2),
        (b"KS", "10DE#GBIC#OPT1", Fault::NotHex, 4),
        (b"KS", "00604B120F9292", Fault::Length, 14),
        (b"KS", "0123456789", Fault::Length, 10),
        (b"KV", "000", Fault::Length, 3),
        (b"TC", "20200818004107", Fault::Length, 14),
        (b"TC", "20200818004107z", Fault::Time, 14),
        (b"TS", "20201318004107Z", Fault::Time, 4),
        (b"TS", "20200018004107Z", Fault::Time, 4),
        (b"TS", "20210229004107Z", Fault::Time, 6),
        (b"TS", "21000229004107Z", Fault::Time, 6),
        (b"TS", "20200431004107Z", Fault::Time, 6),
        (b"TS", "20200800004107Z", Fault::Time, 6),
        (b"TS", "20200818244107Z", Fault::Time, 8),
        (b"TS", "20200818006007Z", Fault::Time, 10),
        (b"TS", "20200818004161Z", Fault::Time, 12),
        (b"TS", "2020-08-18 00:41:07Z", Fault::Time, 10),
        (b"TS", "2020-08-18T00:41:07,50Z", Fault::Time, 19),
        (b"TS", "2020-02-30T00:41:07Z", Fault::Time, 8),
        (b"WP", "00", Fault::Length, 2),
        (b"WP", "0000", Fault::Length, 4),
        (b"WP", "004", Fault::Value, 2),
        (b"WP", "010", Fault::Version, 0),
    ];
    for &(id, data, fault, offset) in cases {
        let block = OptionalBlock::new(*id, data.as_bytes()).unwrap();
        let error = block.contents().unwrap_err();
        assert_eq!(error, Error::Contents { id: *id, fault, offset }, "{data}");
        assert_eq!(error.offset(), Some(offset));
        let rule = if fault == Fault::NotHex && matches!(id, b"KS" | b"KP") {
            Rule::HexKeySet
        } else {
            Rule::OptionalBlockContents
        };
        assert_eq!(error.rule(), Some(rule));
        let words = error.to_string();
        assert_eq!(words, words.to_lowercase());
    }
    for day in ["20000229004107Z", "20200229235960Z", "20201231000000Z"] {
        assert!(OptionalBlock::new(*b"TS", day.as_bytes()).unwrap().contents().is_ok());
    }
}

#[test]
fn what_would_not_read_back_is_not_written() {
    let bad_base64 = Certificate { base64: "MII", ..X509 };
    let chain = [X509, bad_base64];
    let odd = [Derivation { usage: KeyUsage::Proprietary(*b"p0"), ..PIN_KEY }];
    let standard = OptionalBlock::new(*b"KC", b"00ABCD").unwrap();
    let mut buffer = [0; 40];
    for contents in [
        Contents::Certificate(bad_base64),
        Contents::CertificateChain(CertificateChain::new(&chain)),
        Contents::CertificateChain(CertificateChain::new(&[])),
        Contents::DerivationsAllowed(DerivationsAllowed::new(&[])),
        Contents::DerivationsAllowed(DerivationsAllowed::new(&odd)),
        Contents::Created(UtcTime { month: 113, ..TIME }),
        Contents::Created(UtcTime { year: 10_000, ..TIME }),
        Contents::Created(UtcTime { hundredths: Some(100), ..TIME }),
        Contents::Created(UtcTime { day: 31, month: 6, ..TIME }),
        Contents::Other(standard),
    ] {
        let refused = contents.encode_into(&mut buffer);
        assert!(matches!(refused, Err(Error::Contents { .. })), "{contents}: {refused:?}");
    }
    for contents in
        [Contents::Label("caf\u{e9}"), Contents::Flags("\n"), Contents::KeyBlockValues([0; 4])]
    {
        let refused = contents.encode_into(&mut buffer);
        assert!(matches!(refused, Err(Error::OptionalBlock { .. })));
    }
    for (method, longest) in [(CheckMethod::Legacy, 3), (CheckMethod::Cmac, 5)] {
        for len in 0..9 {
            let value = HeaderCheckValue::new(method, &[7; 9][..len]);
            assert_eq!(value.is_ok(), (1..=longest).contains(&len));
            assert!(value.is_ok() || value == Err(Error::KcvLength));
        }
    }
}

#[test]
fn every_hash_has_a_code() {
    let mut codes: Vec<u8> = HmacHash::ALL.iter().map(|hash| hash.code()).collect();
    for code in 0..=255 {
        assert_eq!(HmacHash::from_code(code).is_some(), codes.contains(&code));
    }
    codes.dedup();
    assert_eq!(codes.len(), 13);
}

fn published() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |file| -> Vec<Value> {
        let file: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        file["cases"].as_array().unwrap().clone()
    };
    files.into_iter().flat_map(read).collect()
}

/// Every rule about optional blocks, and no other.
const OPTIONAL: Profile = Profile::LENIENT
    .with(Rule::UniqueOptionalBlocks)
    .with(Rule::PaddingLast)
    .with(Rule::OptionalBlockContents)
    .with(Rule::HexKeySet)
    .with(Rule::LengthInCharacters);

#[test]
fn published_blocks_keep_what_the_standard_says() {
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    for case in published() {
        let (Some(id), Some(block)) = (case["id"].as_str(), case["block"].as_str()) else {
            continue;
        };
        let Ok(lenient) = KeyBlock::parse(block.as_bytes(), Profile::LENIENT) else { continue };
        if lenient.optional_blocks().is_empty() {
            continue;
        }
        match KeyBlock::parse(block.as_bytes(), OPTIONAL) {
            Ok(block) => {
                for block in block.optional_blocks() {
                    let contents = block.contents().unwrap();
                    let mut buffer = vec![0; block.data().len()];
                    assert_eq!(contents.encode_into(&mut buffer), Ok(block));
                    assert!(!matches!(contents, Contents::Other(_)));
                }
                kept.push(id.to_owned());
            }
            Err(error) => refused.push((id.to_owned(), error)),
        }
    }
    for line in ["002", "003", "007", "014", "018", "022"] {
        assert!(kept.contains(&format!("tr31_unwrap-s-{line}")), "{line}: {refused:?}");
    }
    // BI says TDES and has the bytes of AES.
    let wrong = Error::Contents { id: *b"BI", fault: Fault::Length, offset: 63 };
    assert!(refused.contains(&("tr31_unwrap-s-017".to_owned(), wrong)));
    assert_eq!(refused.iter().filter(|(id, _)| id.starts_with("tr31_unwrap")).count(), 1);
}

/// A block of a key of this algorithm with one optional block and as much PB as is needed; what is enciphered is zeros.
fn block_with(algorithm: Algorithm, id: &[u8; 2], data: &str) -> String {
    let mut text = format!("{}{:02X}{data}", str::from_utf8(id).unwrap(), data.len() + 4);
    let missing = [0].into_iter().chain(4..).find(|pb| (text.len() + pb) % 8 == 0).unwrap();
    let blocks = if missing == 0 { 1 } else { 2 };
    if missing != 0 {
        text += &format!("PB{missing:02X}{}", "0".repeat(missing - 4));
    }
    let len = 16 + text.len() + 80;
    format!("B{len:04}B1{algorithm}X00N{blocks:02}00{text}{}", "0".repeat(80))
}

#[test]
fn a_profile_refuses_contents_at_their_place() {
    let text = block_with(Algorithm::Tdes, b"KS", "10DE#GBIC#OPT1");
    let parse = |text: &str, profile| KeyBlock::parse(text.as_bytes(), profile).map(|_| ());
    let error = parse(&text, Profile::X9_143).unwrap_err();
    assert_eq!(error, Error::Contents { id: *b"KS", fault: Fault::NotHex, offset: 24 });
    assert_eq!(error.to_string(), "offset 24: the optional block ks is not hex in upper case");
    assert_eq!(parse(&text, Profile::LENIENT.with(Rule::HexKeySet)), Err(error));
    assert_eq!(parse(&text, Profile::PAYSHIELD), Ok(()));
    assert_eq!(parse(&text, Profile::X9_143.without(Rule::HexKeySet)), Ok(()));

    // Without the rule about contents, hex of any length.
    let text = block_with(Algorithm::Tdes, b"KS", "00604B120F9292");
    let error = Error::Contents { id: *b"KS", fault: Fault::Length, offset: 34 };
    assert_eq!(parse(&text, Profile::X9_143), Err(error));
    assert_eq!(parse(&text, Profile::X9_143.without(Rule::OptionalBlockContents)), Ok(()));

    for (id, data, algorithms) in [
        (b"KS", "FFFF9876543210E00000", [true, false, false, true]),
        (b"BI", "001234567890", [true, false, false, true]),
        (b"BI", "0112345678", [false, true, false, true]),
        (b"IK", "1234567890123456", [false, true, false, true]),
        (b"HM", "21", [false, false, true, true]),
        (b"KC", "00ABCD", [true; 4]),
    ] {
        let keys = [Algorithm::Tdes, Algorithm::Aes, Algorithm::Hmac, Algorithm::Proprietary(b'7')];
        for (algorithm, allowed) in keys.into_iter().zip(algorithms) {
            let text = block_with(algorithm, id, data);
            let error = Error::Contents { id: *id, fault: Fault::Algorithm, offset: 20 };
            let expected = if allowed { Ok(()) } else { Err(error) };
            assert_eq!(parse(&text, OPTIONAL), expected, "{text}");
        }
    }
}

#[test]
fn padding_is_the_least_that_fills_the_blocks() {
    let kbpk = TdesKbpk::new(&[0x45; 16]).unwrap();
    let profile = Profile::LENIENT;
    let header = Header::new(
        Version::B,
        KeyUsage::PinEncryption,
        Algorithm::Tdes,
        ModeOfUse::EncryptOnly,
        Exportability::NonExportable,
    );
    let data = "L".repeat(40);
    for len in 0..=40 {
        let label = [OptionalBlock::new(*b"LB", &data.as_bytes()[..len]).unwrap()];
        let wrap = Wrap::new(header, profile).optional_blocks(&label);
        let mut out = [0; 200];
        let key = [0x11; 16];
        let pad = vec![0; wrap.pad_len(16).unwrap()];
        let text = wrap.wrap_key_with_pad(&kbpk, &key, &pad, &mut out).unwrap();
        let block = KeyBlock::parse(text, profile).unwrap();
        let needed = [0].into_iter().chain(4..).find(|pb| (len + 4 + pb) % 8 == 0).unwrap();
        let padding = block.optional_blocks().find(*b"PB");
        assert_eq!(padding.map(|pb| pb.data().len() + 4).unwrap_or_default(), needed);
        assert!(padding.is_none_or(|pb| pb.data().iter().all(|&digit| digit == b'0')));
    }
    // A header of psec's, as it is written with its padding.
    let ks = [OptionalBlock::new(*b"KS", b"00604B120F9292").unwrap()];
    let wrap = Wrap::new(header, profile).optional_blocks(&ks);
    let mut out = [0; 200];
    let pad = vec![0; wrap.pad_len(16).unwrap()];
    let text = wrap.wrap_key_with_pad(&kbpk, &[0x11; 16], &pad, &mut out).unwrap();
    assert_eq!(&text[5..40], b"P0TE00N0200KS1200604B120F9292PB0600");
}

#[test]
fn a_wrapped_block_keeps_its_profile() {
    let kbpk = TdesKbpk::new(&[0x45; 16]).unwrap();
    let header = Header::new(
        Version::B,
        KeyUsage::InitialDukpt,
        Algorithm::Tdes,
        ModeOfUse::Derive,
        Exportability::NonExportable,
    );
    let label = OptionalBlock::new(*b"LB", b"first").unwrap();
    let text_ks = OptionalBlock::new(*b"KS", b"10DE#GBIC#OPT1").unwrap();
    let profile = OPTIONAL;
    for (blocks, error) in [
        (
            [label, text_ks],
            Error::Contents { id: *b"KS", fault: Fault::NotHex, offset: 16 + 9 + 4 + 4 },
        ),
        ([label, label], Error::Rule { rule: Rule::UniqueOptionalBlocks, offset: 25 }),
    ] {
        let mut out = [0; 300];
        let mut wrap = |profile| {
            let wrap = Wrap::new(header, profile).optional_blocks(&blocks);
            let pad = vec![0; wrap.pad_len(16).unwrap()];
            wrap.wrap_key_with_pad(&kbpk, &[0x11; 16], &pad, &mut out).map(|_| ())
        };
        assert_eq!(wrap(profile), Err(error));
        assert_eq!(wrap(Profile::LENIENT), Ok(()));
    }
}
