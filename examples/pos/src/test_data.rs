//! Keys, accounts and a merchant for the demonstration: published test values, never live ones.

use iso8583_wire::header::Tpdu;

/// The base derivation key of the terminals: the test key of the X9.24-3 supplement.
pub(crate) const BDK: [u8; 16] = [
    0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10, 0xF1, 0xF1, 0xF1, 0xF1, 0xF1, 0xF1, 0xF1, 0xF1,
];

/// BDK id and derivation id of the demonstration's terminal.
pub(crate) const INITIAL_KEY_ID: [u8; 8] = [0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x56];

/// Protects key blocks on their way to the demonstration's terminal: the test key of TR-31:2018, A.7.4. A real terminal is made with
/// one that is its own.
pub(crate) const KBPK: [u8; 32] = [
    0x88, 0xE1, 0xAB, 0x2A, 0x2E, 0x3D, 0xD3, 0x8C, 0x1F, 0xA0, 0x39, 0xA5, 0x36, 0x50, 0x0C, 0xC8,
    0xA8, 0x7A, 0xB9, 0xD6, 0x2D, 0xC9, 0x2C, 0x01, 0x05, 0x8F, 0xA7, 0x9F, 0x44, 0x65, 0x7D, 0xE6,
];

/// The terminal's initial key in a key block, as the host made it once.
#[cfg(test)]
pub(crate) const KEY_BLOCK: &[u8] =
    b"D0176B1AX00N0200IK141234567890123456PB0CDA9D9DF716E0645424DC29D27EFC62977CF568A1BED1308D\
    3099FF8447CF55B950BC0701DAC4C3E3AE88667B19C46566CCDF8E43007B5192B0C7A8495C4252A8592B62A4";

/// The issuer's PIN verification key, two-key TDES.
pub(crate) const PVK: [u8; 16] = [
    0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
];

/// From the demonstration's terminal to its host.
pub(crate) const TPDU: Tpdu = Tpdu::new([0x00, 0x03], [0x00, 0x01]);

/// Field 41.
pub(crate) const TERMINAL_ID: &str = "TERM0001";

/// Field 42.
pub(crate) const MERCHANT_ID: &str = "MERCHANT0000001";

/// Euro, ISO 4217.
pub(crate) const CURRENCY: u16 = 978;

/// An account of the issuer.
pub(crate) struct TestAccount {
    pub(crate) pan: &'static [u8],
    pub(crate) expiry: &'static str,
    pub(crate) pin: &'static [u8],
    /// Opening balance, minor units.
    pub(crate) balance: u64,
}

/// The accounts behind the card profiles in `cards/`.
pub(crate) const ACCOUNTS: [TestAccount; 2] = [
    TestAccount { pan: b"4111111111111111", expiry: "4912", pin: b"1234", balance: 100_000_000 },
    TestAccount { pan: b"5413330089020011", expiry: "4912", pin: b"4321", balance: 100_000_000 },
];
