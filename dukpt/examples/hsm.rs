//! A host whose base keys stay in a hardware security module: the first derivation runs there, the others here.
//!
//! The module here is a mock: it enciphers blocks under the keys that it keeps, writes down what it was asked, and may
//! be away.
//!
//! ```text
//! cargo run -p dukpt --example hsm
//! ```

use aes::Aes128;
use cipher::{BlockCipherEncrypt, KeyInit};
use core::fmt;
use des::TdesEde2;
use dukpt::tdes::KeyForm;
use dukpt::{Error, aes as aes_dukpt, tdes as tdes_dukpt};
use hex_literal::hex;

fn main() -> Result<(), Fault> {
    let mut module = Module::new();

    // AES: one call for a terminal's initial key, which a host may then keep in a cache.
    let ksn: aes_dukpt::Ksn = "123456789012345600000007".parse()?;
    let initial_key =
        aes_dukpt::InitialKey::<16>::try_derive_with(ksn.initial_key_id(), |block| {
            module.encipher_aes(Name::Bdk, block)
        })?;
    assert_eq!(initial_key.expose_bytes(), &hex!("1273671EA26AC29AFA4D1084127652A1"));
    let pin_key = aes_dukpt::KeyCache::new(&initial_key).transaction_key(&ksn)?.pin_key();
    println!("AES: {pin_key:?} of {ksn}");

    // Or the initial key is the one in the module, and each transaction makes one call.
    let transaction = aes_dukpt::TransactionKey::<16>::try_derive_with(&ksn, |block| {
        module.encipher_aes(Name::InitialKey, block)
    })?;
    assert_eq!(transaction.pin_key().expose_bytes(), pin_key.expose_bytes());

    // TDES: two calls, one for each form of the base key.
    let ksn: tdes_dukpt::Ksn = "FFFF9876543210E00008".parse()?;
    let initial_key =
        tdes_dukpt::InitialKey::try_derive_with(ksn.initial_key_id(), |form, block| {
            module.encipher_tdes(form, block)
        })?;
    assert_eq!(initial_key.expose_bytes(), &hex!("6AC292FAA1315B4D858AB3A3D7D5933A"));
    let pin_key = initial_key.transaction_key(&ksn)?.pin_key();
    println!("TDES: {pin_key:?} of {ksn}");

    println!("the module was asked for {:?}", module.log);
    assert_eq!(module.log, ["aes bdk", "aes initial key", "tdes bdk", "tdes bdk, masked"]);

    // A module that is away is an error of its own, and no key.
    module.away = true;
    let refused = tdes_dukpt::InitialKey::try_derive_with(ksn.initial_key_id(), |form, block| {
        module.encipher_tdes(form, block)
    });
    assert_eq!(refused.err(), Some(Fault::Away));
    Ok(())
}

/// The keys never leave it.
struct Module {
    aes: [Aes128; 2],
    tdes: [TdesEde2; 2],
    away: bool,
    log: Vec<&'static str>,
}

#[derive(Clone, Copy)]
enum Name {
    Bdk,
    InitialKey,
}

impl Module {
    /// A real one is loaded by custodians.
    fn new() -> Self {
        let bdk = hex!("0123456789ABCDEFFEDCBA9876543210");
        let mut masked = bdk;
        masked.iter_mut().zip(KeyForm::MASK).for_each(|(byte, mask)| *byte ^= mask);
        let aes_keys =
            [hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1"), hex!("1273671EA26AC29AFA4D1084127652A1")];
        Self {
            aes: aes_keys.map(|key| Aes128::new(&key.into())),
            tdes: [bdk, masked].map(|key| TdesEde2::new(&key.into())),
            away: false,
            log: Vec::new(),
        }
    }

    fn encipher_aes(&mut self, name: Name, block: &mut [u8; 16]) -> Result<(), Fault> {
        let [bdk, initial_key] = &self.aes;
        let (cipher, name) = match name {
            Name::Bdk => (bdk, "aes bdk"),
            Name::InitialKey => (initial_key, "aes initial key"),
        };
        if self.away {
            return Err(Fault::Away);
        }
        self.log.push(name);
        cipher.encrypt_block(block.into());
        Ok(())
    }

    fn encipher_tdes(&mut self, form: KeyForm, block: &mut [u8; 8]) -> Result<(), Fault> {
        let [bdk, masked] = &self.tdes;
        let (cipher, name) = match form {
            KeyForm::AsIs => (bdk, "tdes bdk"),
            KeyForm::Masked => (masked, "tdes bdk, masked"),
        };
        if self.away {
            return Err(Fault::Away);
        }
        self.log.push(name);
        cipher.encrypt_block(block.into());
        Ok(())
    }
}

/// What such a host meets: the module's faults and this crate's errors.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    Away,
    Dukpt(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Dukpt(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away => f.write_str("the module does not answer"),
            Self::Dukpt(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Fault {}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_runs() {
        assert_eq!(super::main(), Ok(()));
    }
}
