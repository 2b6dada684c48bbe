//! A PIN from one block, key and PAN to another.

use aes::{Aes128, Aes256};
use des::{TdesEde2, TdesEde3};
use dukpt::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use pinblock::translate::{Incoming, Outgoing, Translation};
use pinblock::{Format, PinBlockSize};

use super::{KEY, OTHER_KEY, OTHER_PAN, PAN};
use crate::check::{Check, Tables};
use crate::secret::{Random, accepted, cipher, done, pan, pin, quietly};
use crate::shown::{PIN_BLOCK, SAME_PAN};
use crate::{leaky, request};

fn translate<I, O>(from: Format, to: Format, key_lens: [usize; 2])
where
    I: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize> + BlockCipherDecrypt,
    O: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize>,
{
    let incoming = cipher::<I>(&KEY[..key_lens[0]]);
    let outgoing = cipher::<O>(&OTHER_KEY[..key_lens[1]]);
    for digits in ["1234", "123456"] {
        let block = quietly(|| {
            let made = from.encipher(&incoming, &pin(digits), Some(&pan(PAN)), &mut Random::new());
            let mut block = made.expect("a block");
            request::make_public(&mut block);
            block
        });
        for (bound, other) in [(PAN, PAN), (PAN, OTHER_PAN), (OTHER_PAN, OTHER_PAN)] {
            let (bound, other) = (pan(bound), pan(other));
            let translation = Translation::new(
                Incoming::new(from, &incoming, Some(&bound)),
                Outgoing::new(to, &outgoing, Some(&other)),
            );
            let translation = translation.allow_legacy_input();
            done(translation.translate(&block, &mut Random::new()));
            let translation = translation.allow_pan_change();
            done(translation.translate(&block, &mut Random::new()));
        }
    }
}

/// The clear PIN field is read digit by digit in between.
fn between_blocks() {
    let key = cipher::<TdesEde2>(&KEY[..16]);
    let mut block = accepted(Format::Iso1.encipher(&key, &pin("1234"), None, &mut Random::new()));
    key.decrypt_block(&mut block);
    done(leaky::read_pin_field(u64::from_be_bytes(block.into()), 1));
}

pub(super) fn checks() -> Vec<Check> {
    let secret = "PIN, both PANs, both keys";
    let of = |name, run: fn()| {
        Check::new(name, secret, run, between_blocks).shows(&[&PIN_BLOCK]).shows(&SAME_PAN)
    };
    vec![
        of("translate 4 to 4", || {
            translate::<Aes128, Aes256>(Format::Iso4, Format::Iso4, [16, 32]);
        }),
        of("translate 0, 1, 3 to 4", || {
            translate::<TdesEde2, Aes128>(Format::Iso0, Format::Iso4, [16, 16]);
            translate::<TdesEde2, Aes128>(Format::Iso1, Format::Iso4, [16, 16]);
            translate::<TdesEde3, Aes128>(Format::Iso3, Format::Iso4, [24, 16]);
        })
        .through(Tables::Des),
        of("translate 4 to 0, 3", || {
            translate::<Aes128, TdesEde2>(Format::Iso4, Format::Iso0, [16, 16]);
            translate::<Aes128, TdesEde2>(Format::Iso4, Format::Iso3, [16, 16]);
        })
        .through(Tables::Des),
        of("translate ECI-3, VISA-3, OEM-1 to 0, 3", || {
            translate::<TdesEde2, TdesEde2>(Format::Eci3, Format::Iso0, [16, 16]);
            translate::<TdesEde2, TdesEde2>(Format::Visa3, Format::Iso3, [16, 16]);
            translate::<TdesEde2, TdesEde2>(Format::Oem1, Format::Iso0, [16, 16]);
        })
        .through(Tables::Des),
    ]
}
