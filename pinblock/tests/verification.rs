//! IBM 3624 PINs and offsets against a slow twin of text, and PINs that are drawn.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use core::convert::Infallible;

use cipher::{BlockCipherEncrypt, KeyInit};
use des::TdesEde2;
use pinblock::{
    Error, Pin, PinPolicy,
    ibm3624::{self, DecimalisationTable, Offset, ValidationData},
    rand_core::{TryCryptoRng, TryRng},
    subtle::ConstantTimeEq,
};
use proptest::{collection::vec, prelude::*};

/// The method as IBM tells it, on text; `by` is +1 for a PIN and -1 for an offset.
fn twin(tdes: &TdesEde2, table: &str, data: &str, digits: &str, by: i8) -> String {
    let mut block = u64::from_str_radix(data, 16).unwrap().to_be_bytes();
    tdes.encrypt_block((&mut block).into());
    let enciphered = format!("{:016X}", u64::from_be_bytes(block));
    let decimal = |c: char| table.as_bytes()[c.to_digit(16).unwrap() as usize] - b'0';
    let natural = enciphered.chars().map(decimal);
    let digit = |(digit, natural): (u8, u8)| {
        let sum = i8::try_from(digit - b'0').unwrap() + by * i8::try_from(natural).unwrap();
        char::from(b'0' + u8::try_from(sum.rem_euclid(10)).unwrap())
    };
    digits.bytes().zip(natural).map(digit).collect()
}

proptest! {
    #[test]
    fn ibm3624_is_as_the_twin_says(
        key: [u8; 16], table in "[0-9]{16}", data in "[0-9A-Fa-f]{16}", p in "[0-9]{4,12}", other in "[0-9]{4,5}",
    ) {
        let tdes = TdesEde2::new(&key.into());
        let by = |digits: &str, sign| twin(&tdes, &table, &data, digits, sign);
        let (natural, offset, back) = (by(&"0".repeat(p.len()), 1), by(&p, -1), by(&p, 1));
        let typed_table = DecimalisationTable::from_ascii(table.as_bytes()).unwrap();
        let typed_data = ValidationData::from_ascii(data.as_bytes()).unwrap();
        let (tdes, table, data) = (&tdes, &typed_table, &typed_data);
        let pin: Pin = p.parse().unwrap();

        let found = ibm3624::natural_pin(tdes, table, data, pin.length()).unwrap();
        prop_assert!(found.expose_digits().as_str() == natural);
        let zeros = Offset::from_ascii("0".repeat(p.len()).as_bytes()).unwrap();
        prop_assert_eq!(ibm3624::verify(tdes, table, data, &found, &zeros), Ok(()));

        let found = ibm3624::offset(tdes, table, data, &pin);
        prop_assert!(found.expose_digits().as_str() == offset);
        prop_assert_eq!(found.length(), pin.length());
        prop_assert_eq!(ibm3624::verify(tdes, table, data, &pin, &found), Ok(()));

        let as_offset = Offset::from_ascii(p.as_bytes()).unwrap();
        let pin_of = ibm3624::pin_from_offset(tdes, table, data, &as_offset);
        prop_assert!(pin_of.expose_digits().as_str() == back);

        let found = ibm3624::verify(tdes, table, data, &other.parse().unwrap(), &found);
        prop_assert_eq!(found, if other == p { Ok(()) } else { Err(Error::VerificationFailed) });
    }

    #[test]
    fn a_random_pin_is_the_first_digits_among_the_nibbles(bytes in vec(any::<u8>(), 0..200), length in 4..=12_u8) {
        // 8 bytes at a time, until those read so far hold enough digits.
        let mut digits = String::new();
        let mut chunks = bytes.chunks_exact(8);
        let expected = loop {
            let Some(chunk) = chunks.next() else { break None };
            let hex: String = chunk.iter().map(|byte| format!("{byte:02X}")).collect();
            digits.extend(hex.chars().filter(char::is_ascii_digit));
            if digits.len() >= length.into() {
                digits.truncate(length.into());
                break Some(digits);
            }
        };
        let found = Pin::random(length, &PinPolicy::ALL, &mut Bytes(bytes.clone()));
        match expected {
            Some(expected) => {
                let pin = found.unwrap();
                prop_assert!(pin.expose_digits().as_str() == expected);
            }
            None => prop_assert_eq!(found.err(), Some(Error::Rng)),
        }
    }

    #[test]
    fn a_weak_draw_is_drawn_again(digit in 0..10_u8, strong in "[0-9]{4}") {
        prop_assume!(PinPolicy::default().check(&strong.parse().unwrap()).is_ok());
        let mut bytes = vec![digit * 0x11; 24];
        bytes.extend(strong.as_bytes().chunks(2).map(|pair| ((pair[0] - b'0') << 4) | (pair[1] - b'0')));
        bytes.extend([0; 6]);
        let pin = Pin::random(4, &PinPolicy::default(), &mut Bytes(bytes)).unwrap();
        prop_assert!(pin.expose_digits().as_str() == strong);
    }
}

/// A generator of given bytes, which fails when they are used up.
struct Bytes(Vec<u8>);

impl TryRng for Bytes {
    type Error = std::io::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        if self.0.len() < out.len() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        out.copy_from_slice(&self.0[..out.len()]);
        self.0.drain(..out.len());
        Ok(())
    }
}

impl TryCryptoRng for Bytes {}

/// A generator that is stuck at one byte.
struct Stuck(u8);

impl TryRng for Stuck {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_ne_bytes([self.0; 4]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_ne_bytes([self.0; 8]))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.fill(self.0);
        Ok(())
    }
}

impl TryCryptoRng for Stuck {}

#[test]
fn a_stuck_generator_is_an_error_where_its_pin_is_weak_or_none() {
    for byte in [0x00, 0x77, 0x99, 0xAA, 0xFF] {
        let found = Pin::random(6, &PinPolicy::default(), &mut Stuck(byte));
        assert_eq!(found.err(), Some(Error::Rng), "{byte:02X}");
    }
    let found = Pin::random(6, &PinPolicy::ALL, &mut Stuck(0x77)).unwrap();
    assert_eq!(found.expose_digits().as_str(), "777777");
}

/// What gives these PINs of 4 digits, one for each 8 bytes.
fn drawing<'a>(pins: impl IntoIterator<Item = &'a str>) -> Bytes {
    let block = |pin: &str| u64::from_str_radix(pin, 16).unwrap() << 48;
    Bytes(pins.into_iter().flat_map(|pin| block(pin).to_be_bytes()).collect())
}

#[test]
fn a_policy_that_leaves_no_pin_is_an_error() {
    let policy = PinPolicy::ALL.exclude_listed(&["1357", "2468"]).unwrap();
    let random = |rng: &mut Bytes| Pin::random(4, &policy, rng).map(|pin| pin.ct_eq(&allowed()));
    let allowed_after = |weak| ["1357", "2468"].into_iter().cycle().take(weak).chain(["9042"]);
    // The last of 256 draws is taken, the next is not made.
    assert!(bool::from(random(&mut drawing(allowed_after(255))).unwrap()));
    let mut rng = drawing(allowed_after(256));
    assert_eq!(random(&mut rng).err(), Some(Error::PinPolicy));
    assert_eq!(rng.0, drawing(["9042"]).0);
    // One that is stuck is told from a policy that leaves none.
    let stuck = random(&mut drawing(["1357"; 256])).err();
    assert_eq!(stuck, Some(Error::Rng));
}

fn allowed() -> Pin {
    "9042".parse().unwrap()
}

#[test]
fn random_pins_have_the_length_asked_for() {
    for length in 0..=u8::MAX {
        let found = Pin::random(length, &PinPolicy::default(), &mut getrandom::SysRng);
        let wanted = if (4..=12).contains(&length) { Ok(length) } else { Err(Error::PinLength) };
        assert_eq!(found.map(|pin| pin.length()), wanted);
        let tdes = TdesEde2::new(&[0x24; 16].into());
        let data = ValidationData::from_ascii(b"0123456789ABCDEF").unwrap();
        let found = ibm3624::natural_pin(&tdes, &DecimalisationTable::DEFAULT, &data, length);
        assert_eq!(found.map(|pin| pin.length()), wanted);
    }
}

#[test]
fn random_digits_take_every_value_in_every_place() {
    let mut seen = [[0_u32; 10]; 12];
    for _ in 0..10_000 {
        let pin = Pin::random(12, &PinPolicy::default(), &mut getrandom::SysRng).unwrap();
        for (place, digit) in pin.expose_digits().as_bytes().iter().enumerate() {
            seen[place][usize::from(digit - b'0')] += 1;
        }
    }
    for place in seen {
        // 1,000 are expected, with a standard deviation of 30.
        assert!(place.iter().all(|count| (700..1_300).contains(count)), "{place:?}");
    }
}

#[test]
fn what_holds_secrets_shows_none_and_is_wiped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
    let table = DecimalisationTable::default();
    let data = ValidationData::from_ascii(b"0123456789abcdef").unwrap();
    let offset = Offset::from_ascii(b"123456").unwrap();
    let shown = format!("{table:?} {data:?} {offset:?}");
    assert_eq!(shown, "DecimalisationTable ValidationData Offset");
    wiped(&table);
    wiped(&data);
    wiped(&offset);
}
