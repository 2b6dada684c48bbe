//! PIN blocks of formats 0 and 4, enciphered and deciphered.

#![no_std]
#![no_main]

use aes::Aes128;
use budgets::{Counting, entry, input};
use cipher::KeyInit;
use core::hint::black_box;
use des::TdesEde2;
use pinblock::{Error, Pan, Pin, iso0, iso4};

entry!(run);

fn run() {
    let measured = budgets::begin();
    let tdes = TdesEde2::new(black_box(&input::TDES_KEY).into());
    let aes =
        Aes128::new(black_box(&input::AES_KEY).first_chunk::<16>().unwrap_or(&[0; 16]).into());

    let mut block = [0; 8];
    measured.call("iso0-encipher", || match encipher_0(&tdes) {
        Ok(made) => block = made,
        Err(_) => panic!(),
    });
    measured.call("iso0-decipher", || match decipher_0(&tdes, black_box(&block)) {
        Ok(pin) => assert!(pin.expose_digits().as_bytes() == black_box(&input::PIN)),
        Err(_) => panic!(),
    });
    let mut block = [0; 16];
    measured.call("iso4-encipher", || match encipher_4(&aes) {
        Ok(made) => block = made,
        Err(_) => panic!(),
    });
    measured.call("iso4-decipher", || match decipher_4(&aes, black_box(&block)) {
        Ok(pin) => assert!(pin.expose_digits().as_bytes() == black_box(&input::PIN)),
        Err(_) => panic!(),
    });
}

fn pin() -> Result<Pin, Error> {
    Pin::from_ascii(black_box(&input::PIN))
}

fn pan() -> Result<Pan, Error> {
    Pan::from_ascii(black_box(&input::PAN))
}

fn encipher_0(cipher: &TdesEde2) -> Result<[u8; 8], Error> {
    Ok(iso0::encipher(cipher, &pin()?, &pan()?))
}

fn decipher_0(cipher: &TdesEde2, block: &[u8; 8]) -> Result<Pin, Error> {
    iso0::decipher(cipher, block, &pan()?)
}

fn encipher_4(cipher: &Aes128) -> Result<[u8; 16], Error> {
    iso4::encipher(cipher, &pin()?, &pan()?, &mut Counting(0))
}

fn decipher_4(cipher: &Aes128, block: &[u8; 16]) -> Result<Pin, Error> {
    iso4::decipher(cipher, block, &pan()?)
}
