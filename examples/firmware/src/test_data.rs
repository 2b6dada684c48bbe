//! Keys, cards and a merchant: published test values, never live ones.

use core::convert::Infallible;

use hex_literal::hex;
use rand_core::{TryCryptoRng, TryRng};

use crate::card::Card;
use crate::moment::Moment;

/// Protects the key blocks of AES: the test key of TR-31:2018, A.7.4. A real terminal is made with one that is its own.
pub const AES_KBPK: [u8; 32] =
    hex!("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6");

/// Protects the key block of TDES.
pub const TDES_KBPK: [u8; 16] = hex!("0123456789ABCDEFFEDCBA9876543210");

/// The initial key of terminal 1234567890123456 under the 128-bit base key of the X9.24-3 supplement.
pub const AES_128_BLOCK: &[u8] =
    b"D0176B1AX00N0200IK141234567890123456PB0CDA9D9DF716E0645424DC29D27EFC62977CF568A1BED1308D\
    3099FF8447CF55B950BC0701DAC4C3E3AE88667B19C46566CCDF8E43007B5192B0C7A8495C4252A8592B62A4";

/// The same under the supplement's 256-bit base key.
pub const AES_256_BLOCK: &[u8] =
    b"D0176B1AX00N0200IK141234567890123456PB0C0123456771411F0DBDAFD200C7D7D072994CBF7A2007D9\
    DB9AF318253458E8305BDDF6E7CFF5EAF184F1B75F5763C946AB2417E252FB8664F0174DEFAE38CA0E0DDC75FC";

/// The initial key of terminal FFFF9876543210E0 under the base key of X9.24-1.
pub const TDES_BLOCK: &[u8] = b"B0120B1TX00N0100KS18FFFF9876543210E000008B13E888C41902A1F975CF41\
    4070B8A945383E020F7104CC3F539865D934BE7D6542EB89CF837DC7";

/// Field 41.
pub const TERMINAL_ID: &str = "TERM0001";

/// Field 42.
pub const MERCHANT_ID: &str = "MERCHANT0000001";

/// Euro, ISO 4217.
pub const CURRENCY: u16 = 978;

/// Field 49.
pub const CURRENCY_TEXT: &str = "978";

/// When all purchases are made.
pub const MOMENT: Moment = Moment::from_packed(hex!("261126143005"));

pub const VISA_PIN: &[u8] = b"1234";

pub const MASTERCARD_PIN: &[u8] = b"987654321098";

/// A Visa test card.
pub const VISA: Card<'static> = Card {
    select: &hex!(
        "
        6F1F8407A0000000031010A5145004564953418701015F2D02656E9F38039F1A02
        "
    ),
    processing_options: &hex!(
        "
        770E8202390094080801020010010101
        "
    ),
    records: &[
        &hex!(
            "
        703C57114111111111111111D491220100000000005F2019544553542F4341524420202020202020
        2020202020202020209F1F0A30303030303030303030
        "
        ),
        &hex!(
            "
        70545A0841111111111111115F24034912315F25032401015F280209785F3401019F0702FF808C15
        9F02069F03069F1A0295055F2A029A039C019F37048D178A029F02069F03069F1A0295055F2A029A
        039C019F3704
        "
        ),
        &hex!(
            "
        70308E1200000000000000004201440341035E031F009F0D05B860AC88009F0E0500100000009F0F
        05B868BC98009F4A0182
        "
        ),
    ],
    cryptogram: &hex!(
        "
        771E9F2701809F360200C89F2608A1B2C3D4E5F607189F100706010A03A00000
        "
    ),
};

/// A Mastercard test card.
pub const MASTERCARD: Card<'static> = Card {
    select: &hex!(
        "
        6F288407A0000000041010A51D500A4D4153544552434152448701015F2D02656E9F38069F1A029F
        3501
        "
    ),
    processing_options: &hex!(
        "
        770E8202390094080801020010010101
        "
    ),
    records: &[
        &hex!(
            "
        703C57115413330089010434D491220100000000005F2019544553542F4341524420202020202020
        2020202020202020209F1F0A30303030303030303030
        "
        ),
        &hex!(
            "
        705A5A0854133300890104345F24034912315F25032401015F280209785F3401019F0702FF808C1B
        9F02069F03069F1A0295055F2A029A039C019F37049F35019F34038D178A029F02069F03069F1A02
        95055F2A029A039C019F3704
        "
        ),
        &hex!(
            "
        70308E1200000000000000004201440341035E031F009F0D05B860AC88009F0E0500100000009F0F
        05B868BC98009F4A0182
        "
        ),
    ],
    cryptogram: &hex!(
        "
        77299F2701809F360200119F26080F1E2D3C4B5A69789F10120110A0000322000000000000000000
        0000FF
        "
    ),
};

/// Bytes that anybody can tell beforehand, so that the image's output can be compared. A device has a hardware generator here.
#[derive(Clone, Debug)]
pub struct PublishedBytes {
    next: u8,
}

impl PublishedBytes {
    #[must_use]
    #[allow(clippy::new_without_default, reason = "nobody should take it for a default")]
    pub const fn new() -> Self {
        Self { next: 0x10 }
    }

    /// Other ones than before.
    #[must_use]
    pub const fn after_restart() -> Self {
        Self { next: 0x80 }
    }

    pub fn fill(&mut self, to: &mut [u8]) {
        for byte in to {
            *byte = self.next;
            self.next = self.next.wrapping_add(1);
        }
    }
}

impl TryRng for PublishedBytes {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        self.fill(to);
        Ok(())
    }
}

impl TryCryptoRng for PublishedBytes {}
