//! The bytes that the images print: made here once more, and opened from the host's side.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics where something is wrong"
)]

use aes::cipher::KeyInit as _;
use aes::{Aes128, Aes256};
use cmac::{Cmac, Mac as _};
use des::{Des, TdesEde2};
use dukpt::{aes as aes_dukpt, tdes as tdes_dukpt};
use firmware::{Aes128Dukpt, Aes256Dukpt, PinPad, RamFlash, Scheme, TdesDukpt, session, test_data};
use hex_literal::hex;
use iso8583_wire::{MessageRef, Spec};
use pinblock::{Pan, Pin, iso0, iso4};
use retail_mac::RetailMac;

const AES_128_BDK: [u8; 16] = hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1");
const AES_256_BDK: [u8; 32] =
    hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1FEDCBA9876543210F1F1F1F1F1F1F1F1");
const TDES_BDK: [u8; 16] = hex!("0123456789ABCDEFFEDCBA9876543210");

const AES_128: &str = include_str!("../expected/aes128.txt");
const AES_256: &str = include_str!("../expected/aes256.txt");
const TDES: &str = include_str!("../expected/tdes.txt");

/// What the session says on this machine.
fn transcript<S: Scheme<N>, const N: usize>(key_block: &[u8], kbpk: &[u8]) -> String {
    let mut console = String::new();
    let mut pad = PinPad::<S, N, _>::new(RamFlash::<2048>::WORN);
    session::before_power_cut(&mut pad, key_block, kbpk, &mut console).unwrap();
    let mut pad = PinPad::<S, N, _>::new(pad.into_flash());
    session::after_power_cut(&mut pad, &mut console).unwrap();
    console
}

fn compare(name: &str, said: &str, expected: &str) {
    if said != expected {
        let path = format!("{}/{name}.txt", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&path, said).unwrap();
        panic!(
            "expected/{name}.txt is not what was said, which is in {path}: copy it if it is right"
        );
    }
}

#[test]
fn this_machine_says_what_the_images_say() {
    let said = transcript::<Aes128Dukpt, 16>(test_data::AES_128_BLOCK, &test_data::AES_KBPK);
    compare("aes128", &said, AES_128);
    let said = transcript::<Aes256Dukpt, 32>(test_data::AES_256_BLOCK, &test_data::AES_KBPK);
    compare("aes256", &said, AES_256);
    let said = transcript::<TdesDukpt, 16>(test_data::TDES_BLOCK, &test_data::TDES_KBPK);
    compare("tdes", &said, TDES);
}

/// The values of all lines of this name.
fn lines<'a>(transcript: &'a str, name: &str) -> Vec<&'a str> {
    transcript.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty());
    let byte = |pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.iter().map(|pair| byte(pair)).collect()
}

/// A message as the host gets it.
struct Received<'a> {
    ksn: &'a [u8],
    pin_block: &'a [u8],
    pan: Pan,
    covered: &'a [u8],
    mac: &'a [u8],
}

/// Verifies its MAC by somebody else's code, and deciphers its PIN.
fn open_aes_128(received: &Received<'_>) -> Pin {
    let ksn = aes_dukpt::Ksn::try_from(received.ksn).unwrap();
    let bdk = aes_dukpt::Bdk::from_bytes(&AES_128_BDK);
    let key = bdk.initial_key(ksn.initial_key_id()).transaction_key(&ksn).unwrap();
    let mac = Cmac::<Aes128>::new(key.mac_generation_key().expose_bytes().into());
    mac.chain_update(received.covered).verify_truncated_left(received.mac).unwrap();
    let block = received.pin_block.try_into().unwrap();
    iso4::decipher(&key.pin_key().cipher::<Aes128>(), block, &received.pan).unwrap()
}

fn open_aes_256(received: &Received<'_>) -> Pin {
    let ksn = aes_dukpt::Ksn::try_from(received.ksn).unwrap();
    let bdk = aes_dukpt::Bdk::from_bytes(&AES_256_BDK);
    let key = bdk.initial_key(ksn.initial_key_id()).transaction_key(&ksn).unwrap();
    let mac = Cmac::<Aes256>::new(key.mac_generation_key().expose_bytes().into());
    mac.chain_update(received.covered).verify_truncated_left(received.mac).unwrap();
    let block = received.pin_block.try_into().unwrap();
    iso4::decipher(&key.pin_key().cipher::<Aes256>(), block, &received.pan).unwrap()
}

fn open_tdes(received: &Received<'_>) -> Pin {
    let ksn = tdes_dukpt::Ksn::try_from(received.ksn).unwrap();
    let bdk = tdes_dukpt::Bdk::from_bytes(&TDES_BDK);
    let key = bdk.initial_key(ksn.initial_key_id()).transaction_key(&ksn).unwrap();
    let mac = RetailMac::<Des>::new(key.mac_request_key().expose_bytes().into());
    mac.chain_update(received.covered).verify_slice(received.mac).unwrap();
    let block = received.pin_block.try_into().unwrap();
    iso0::decipher(&key.pin_key().cipher::<TdesEde2>(), block, &received.pan).unwrap()
}

/// What the host has to find in the fields, in order: number and characters.
fn fields(pan: &str, amount: &str, stan: &str) -> Vec<(u16, String)> {
    [
        (2, pan),
        (3, "000000"),
        (4, amount),
        (7, "1126143005"),
        (11, stan),
        (12, "143005"),
        (13, "1126"),
        (14, "4912"),
        (22, "051"),
        (23, "001"),
        (25, "00"),
        (26, "12"),
        (41, "TERM0001"),
        (42, "MERCHANT0000001"),
        (49, "978"),
        (60, "000000"),
    ]
    .map(|(number, text)| (number, text.to_owned()))
    .to_vec()
}

/// What stands in field 55, written out: the card's cryptogram, information and application data, the terminal's number, the
/// counter, results, date, type, amount, currency, profile, country, other amount, capabilities, CVM results, type, name.
const CHIP_DATA: [&[u8]; 3] = [
    &hex!(
        "9F2608A1B2C3D4E5F60718 9F270180 9F100706010A03A00000 9F370410111213 9F360200C8 95050000000000
        9A03261126 9C0100 9F0206000000001999 5F2A020978 82023900 9F1A020978 9F0306000000000000 9F3303E0F8C8
        9F3403420000 9F350122 8407A0000000031010"
    ),
    &hex!(
        "9F26080F1E2D3C4B5A6978 9F270180 9F10120110A00003220000000000000000000000FF 9F37041C1D1E1F 9F36020011
        95050000000000 9A03261126 9C0100 9F0206000000123456 5F2A020978 82023900 9F1A020978 9F0306000000000000
        9F3303E0F8C8 9F3403420000 9F350122 8407A0000000041010"
    ),
    &hex!(
        "9F2608A1B2C3D4E5F60718 9F270180 9F100706010A03A00000 9F370480818283 9F360200C8 95050000000000
        9A03261126 9C0100 9F0206000000000005 5F2A020978 82023900 9F1A020978 9F0306000000000000 9F3303E0F8C8
        9F3403420000 9F350122 8407A0000000031010"
    ),
];

/// What GENERATE AC carries: amount, other amount, country, results, currency, date, type, the terminal's number; a Mastercard
/// asks for the terminal's type and the CVM results, too.
const GENERATE_AC: [&str; 3] = [
    "0000000019990000000000000978000000000009782611260010111213",
    "000000123456000000000000097800000000000978261126001C1D1E1F22420000",
    "0000000000050000000000000978000000000009782611260080818283",
];

/// Opens all messages of a transcript, each under a counter above the one before.
fn check(transcript: &str, dialect: &Spec<'_>, ksns: [&str; 3], open: fn(&Received<'_>) -> Pin) {
    assert_eq!(lines(transcript, "ksn"), ksns);
    assert_eq!(lines(transcript, "generate ac"), GENERATE_AC);
    let visa = ("4111111111111111", "1234");
    let mastercard = ("5413330089010434", "987654321098");
    let expected = [
        (visa, "000000001999", "000001"),
        (mastercard, "000000123456", "000002"),
        (visa, "000000000005", "000003"),
    ];
    let messages = lines(transcript, "0200");
    assert_eq!(messages.len(), expected.len());
    for (at, ((pan, pin), amount, stan)) in expected.into_iter().enumerate() {
        let message = bytes(messages[at]);
        let message = MessageRef::parse(dialect, &message).unwrap();
        assert_eq!(message.mti().to_string(), "0200");
        let data = |number| message.require(number).unwrap().data();
        let received = Received {
            ksn: data(53),
            pin_block: data(52),
            pan: Pan::from_ascii(pan.as_bytes()).unwrap(),
            covered: message.mac_input().unwrap(),
            mac: message.mac().unwrap().data(),
        };
        assert_eq!(received.ksn, bytes(ksns[at]));
        assert_eq!(received.mac.len(), 8);
        assert_eq!(open(&received).expose_digits().as_str(), pin);
        assert_eq!(data(55), CHIP_DATA[at]);
        let others = message.iter().filter(|field| ![52, 53, 55, 64].contains(&field.number()));
        let others = others.map(|field| (field.number(), field.exposed().to_string()));
        assert_eq!(others.collect::<Vec<_>>(), fields(pan, amount, stan));
    }
}

#[test]
fn the_host_opens_what_is_sent_under_aes_128() {
    let ksns = ["123456789012345600000001", "123456789012345600000002", "123456789012345600000003"];
    check(AES_128, Aes128Dukpt::DIALECT, ksns, open_aes_128);
}

#[test]
fn the_host_opens_what_is_sent_under_aes_256() {
    let ksns = ["123456789012345600000001", "123456789012345600000002", "123456789012345600000003"];
    check(AES_256, Aes256Dukpt::DIALECT, ksns, open_aes_256);
}

#[test]
fn the_host_opens_what_is_sent_under_tdes() {
    let ksns = ["FFFF9876543210E00001", "FFFF9876543210E00002", "FFFF9876543210E00003"];
    check(TDES, TdesDukpt::DIALECT, ksns, open_tdes);
}

#[test]
fn the_key_blocks_hold_what_the_host_derives() {
    use dukpt::subtle::ConstantTimeEq as _;

    let loaded = Aes128Dukpt::initial_key(test_data::AES_128_BLOCK, &test_data::AES_KBPK).unwrap();
    let derived = aes_dukpt::Bdk::from_bytes(&AES_128_BDK).initial_key(loaded.id());
    assert!(bool::from(loaded.ct_eq(&derived)));
    let loaded = Aes256Dukpt::initial_key(test_data::AES_256_BLOCK, &test_data::AES_KBPK).unwrap();
    let derived = aes_dukpt::Bdk::from_bytes(&AES_256_BDK).initial_key(loaded.id());
    assert!(bool::from(loaded.ct_eq(&derived)));
    let loaded = TdesDukpt::initial_key(test_data::TDES_BLOCK, &test_data::TDES_KBPK).unwrap();
    let derived = tdes_dukpt::Bdk::from_bytes(&TDES_BDK).initial_key(loaded.id());
    assert!(bool::from(loaded.ct_eq(&derived)));
}

#[test]
fn keys_are_loaded_once_and_only_from_their_own_block() {
    let mut pad = PinPad::<Aes128Dukpt, 16, _>::new(RamFlash::<1024>::ERASED);
    let refused = pad.restart();
    assert_eq!(refused, Err(firmware::Error::NoKeys));
    let mut block = test_data::AES_128_BLOCK.to_vec();
    block[100] ^= 1;
    assert!(matches!(pad.install(&block, &test_data::AES_KBPK), Err(firmware::Error::KeyBlock(_))));
    assert_eq!(pad.restart(), Err(firmware::Error::NoKeys));
    pad.install(test_data::AES_128_BLOCK, &test_data::AES_KBPK).unwrap();
    let again = pad.install(test_data::AES_128_BLOCK, &test_data::AES_KBPK);
    assert_eq!(again, Err(firmware::Error::KeysLoaded));
    let mut small = PinPad::<Aes128Dukpt, 16, _>::new(RamFlash::<560>::ERASED);
    let refused = small.install(test_data::AES_128_BLOCK, &test_data::AES_KBPK);
    assert_eq!(refused, Err(firmware::Error::PageTooSmall));
}
