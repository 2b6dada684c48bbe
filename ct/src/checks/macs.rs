//! Message authentication codes verified.

use std::hint::black_box;

use aes::{Aes128, Aes256};
use des::{Des, TdesEde2};
use dukpt::hmac::Hmac;
use dukpt::mac::{Authenticator, CbcMac, Cmac, Padding, RetailMac, Tag, UnionPayMac};
use dukpt::{Error, aes as aes_dukpt};
use sha2::{Sha256, Sha512};
use sm4::Sm4;

use super::KEY;
use crate::check::{Check, Tables};
use crate::leaky;
use crate::secret::{accepted, done, secret, secret_slice};
use crate::shown::{MAC, UNIONPAY_MAC};

const MESSAGE: &[u8] = b"0200 and what follows, of no whole number of blocks";

/// A right and a wrong code; the message is as secret as the key. Of a length that the compiler knows, 8 bytes are compared by one
/// instruction however the comparison is written.
macro_rules! verify {
    ($mac:expr) => {{
        let begun = || {
            let mac = accepted($mac);
            mac.chain(secret_slice(&MESSAGE[..9])).chain(secret_slice(&MESSAGE[9..]))
        };
        let len = black_box(8);
        let tag = accepted(begun().finalize(len));
        done(begun().verify(tag.as_bytes(), len));
        done(begun().verify(&secret([0x5A; 8])[..len], len));
    }};
}

/// The code, compared up to the first difference.
macro_rules! compare_leakily {
    ($mac:expr) => {{
        let tag: Tag = accepted(accepted($mac).chain(secret_slice(MESSAGE)).finalize(8));
        done(leaky::equal(tag.as_bytes(), &[0x5A; 8]));
    }};
}

macro_rules! macs {
    ($($name:literal, $tables:ident, $shown:ident, $($mac:expr),+;)+) => {
        vec![$(
            Check::new(
                concat!($name, " verify"),
                "key, message, MAC",
                || { $(verify!($mac);)+ },
                || { $(compare_leakily!($mac);)+ },
            )
            .through(Tables::$tables)
            .shows(&[&$shown]),
        )+]
    };
}

pub(super) fn checks() -> Vec<Check> {
    let mut checks = macs! {
        "CMAC AES", None, MAC,
            Cmac::<Aes128>::new(&secret_slice(&KEY[..16])),
            Cmac::<Aes256>::new(&secret_slice(&KEY));
        "HMAC", None, MAC,
            Authenticator::<Hmac<Sha256>>::new(&secret_slice(&KEY)),
            Authenticator::<Hmac<Sha512>>::new(&secret_slice(&KEY));
        "CMAC TDES", Des, MAC, Cmac::<TdesEde2>::new(&secret_slice(&KEY[..16]));
        "CMAC SM4", Sm4, MAC, Cmac::<Sm4>::new(&secret_slice(&KEY[..16]));
        "CBC-MAC", Des, MAC,
            CbcMac::x9_9(&secret_slice(&KEY[..8])),
            CbcMac::<Des>::new(&secret_slice(&KEY[..8]), Padding::Method2);
        "retail MAC", Des, MAC,
            RetailMac::x9_19(&secret_slice(&KEY[..16])),
            RetailMac::new(&secret_slice(&KEY[..16]), Padding::Method2);
    };
    checks.push(
        Check::new(
            "UnionPay MAC verify",
            "key, message, MAC",
            || {
                let begun = || -> Result<_, Error> {
                    Ok(UnionPayMac::<Des>::new(&secret_slice(&KEY[..8]))?
                        .chain(secret_slice(MESSAGE)))
                };
                let tag = accepted(begun()).finalize();
                let len = black_box(8);
                done(accepted(begun()).verify(&tag.as_bytes()[..len]));
                done(accepted(begun()).verify(&secret([0x5A; 8])[..len]));
            },
            || {
                let mac = accepted(UnionPayMac::<Des>::new(&secret_slice(&KEY[..8])));
                let tag = mac.chain(secret_slice(MESSAGE)).finalize();
                done(leaky::equal(tag.as_bytes(), &[0x5A; 8]));
            },
        )
        .through(Tables::Des)
        .shows(&[&UNIONPAY_MAC]),
    );
    checks.push(Check::new(
        "data encrypted, decrypted in CBC mode, AES",
        "key, data",
        || {
            let mut data = secret([0x11; 48]);
            let key = aes_dukpt::DataBothKey::<16>::from_bytes(&secret([0x24; 16]));
            accepted(key.encrypt_cbc(&[0; 16], &mut data));
            accepted(key.decrypt_cbc(&[0; 16], &mut data));
            done(data);
        },
        || {
            let mut data = secret([0x11; 48]);
            let key = aes_dukpt::DataBothKey::<16>::from_bytes(&secret([0x24; 16]));
            accepted(key.decrypt_cbc(&[0; 16], &mut data));
            done(leaky::look_up(&data));
        },
    ));
    checks
}
