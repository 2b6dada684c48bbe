//! PINs and PANs read, compared, judged, drawn, and verified by PVV and by offset.

use des::TdesEde2;
use pinblock::ibm3624::{self, DecimalisationTable, Offset, ValidationData};
use pinblock::pvv::{self, Pvki, Pvv};
use pinblock::subtle::ConstantTimeEq;
use pinblock::{Pan, Pin, PinPolicy};

use super::{KEY, OTHER_KEY, PAN};
use crate::check::{Check, Tables};
use crate::leaky;
use crate::secret::{Random, accepted, cipher, done, pan, pin, quietly, secret};
use crate::shown::{
    DECIMALISATION_TABLE, OFFSET_DIGITS, PAN_DIGITS, PIN_AGAINST_OFFSET, PIN_AGAINST_PVV,
    PIN_DIGITS, PIN_DRAWN, PIN_REFUSED, PVV_DIGITS, TABLE_BALANCE, VALIDATION_DATA,
};

fn pvv_of(digits: &str) -> Pvv {
    let index = accepted(Pvki::new(1));
    pvv::generate(&cipher::<TdesEde2>(&KEY[..16]), &pan(PAN), index, &pin(digits))
}

fn validation_data() -> ValidationData {
    accepted(ValidationData::from_pan(&pan(PAN), 0..15, 0xF))
}

fn offset_of(digits: &str) -> Offset {
    let key = cipher::<TdesEde2>(&KEY[..16]);
    ibm3624::offset(&key, &DecimalisationTable::DEFAULT, &validation_data(), &pin(digits))
}

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            "PIN from digits",
            "PIN",
            || {
                done(Pin::from_ascii(&secret(*b"1234")));
                done(Pin::from_ascii(&secret(*b"12a4")));
                done(Pin::from_digits(&secret([1, 2, 3, 10])));
            },
            || done(leaky::digits(u64::from_be_bytes(secret(*b"\x12\x34\x56\x78\0\0\0\0")))),
        )
        .shows(&[&PIN_DIGITS]),
        Check::new(
            "PAN from digits, check digit",
            "PAN",
            || {
                done(Pan::from_ascii_checked(&secret(*b"4111111111111111")));
                done(Pan::from_ascii_checked(&secret(*b"4111111111111112")));
                done(Pan::from_ascii_checked(&secret(*b"411111111111111a")));
            },
            || done(leaky::look_up(&secret(*b"4111111111111111"))),
        )
        .shows(&PAN_DIGITS),
        Check::new(
            "PIN compared, exposed",
            "both PINs",
            || {
                done(pin("1234").ct_eq(&pin("1234")));
                done(pin("1234").ct_eq(&pin("9234")));
                done(pin("1234").expose_digits().as_str().len());
                done(pan(PAN).ct_eq(&pan(PAN)));
            },
            || {
                let [one, other] = ["1234", "1294"].map(|digits| pin(digits).expose_digits());
                done(leaky::equal(one.as_bytes(), other.as_bytes()));
            },
        ),
        Check::new(
            "PIN policy",
            "PIN",
            || {
                let policy = accepted(PinPolicy::default().exclude_listed(&["1004", "907856"]));
                for digits in ["1004", "1111", "2468", "907857"] {
                    done(policy.check(&pin(digits)));
                }
            },
            || done(leaky::equal(pin("1234").expose_digits().as_bytes(), b"1004")),
        )
        .shows(&[&PIN_REFUSED]),
        Check::new(
            "PIN drawn",
            "random bytes, PIN",
            || {
                done(Pin::random(4, &PinPolicy::default(), &mut Random::new()));
                done(Pin::random(12, &PinPolicy::default(), &mut Random::new()));
            },
            || {
                let drawn = accepted(Pin::random(4, &PinPolicy::ALL, &mut Random::new()));
                done(leaky::look_up(drawn.expose_digits().as_bytes()));
            },
        )
        .shows(&PIN_DRAWN)
        .shows(&[&PIN_REFUSED]),
        Check::new(
            "PVV from digits",
            "PVV",
            || {
                done(Pvv::from_ascii(&secret(*b"1234")));
                done(Pvv::from_ascii(&secret(*b"123F")));
            },
            || done(leaky::look_up(&secret(*b"1234"))),
        )
        .shows(&[&PVV_DIGITS]),
        Check::new(
            "PVV verify",
            "PIN, PVV, PAN, key",
            || {
                let index = accepted(Pvki::new(1));
                for (key, digits) in [(KEY, "1234"), (KEY, "1235"), (OTHER_KEY, "1234")] {
                    let key = cipher::<TdesEde2>(&key[..16]);
                    done(pvv::verify(&key, &pan(PAN), index, &pin(digits), &pvv_of("1234")));
                }
            },
            || {
                let [one, other] = ["1234", "1235"].map(pvv_of);
                done(leaky::equal(one.expose_ascii(), other.expose_ascii()));
            },
        )
        .through(Tables::Des)
        .shows(&[&PIN_AGAINST_PVV]),
        Check::new(
            "IBM 3624 table, data, offset from digits",
            "table, data, offset",
            || {
                for table in [*b"0123456789012345", *b"000000000000000A", *b"0000000000000001"] {
                    if let Ok(table) = DecimalisationTable::from_ascii(&secret(table)) {
                        done(table.check_balance());
                    }
                }
                done(ValidationData::from_ascii(&secret(*b"0123456789abcDEF")));
                done(ValidationData::from_ascii(&secret(*b"0123456789abcDEg")));
                done(Offset::from_ascii(&secret(*b"1234")));
                done(Offset::from_ascii(&secret(*b"12x4")));
            },
            || done(leaky::look_up(&secret(*b"0123456789012345"))),
        )
        .shows(&[&DECIMALISATION_TABLE, &TABLE_BALANCE, &VALIDATION_DATA])
        .shows(&OFFSET_DIGITS),
        Check::new(
            "IBM 3624 natural PIN, offset, PIN of offset",
            "PIN, table, data, key",
            || {
                let key = cipher::<TdesEde2>(&KEY[..16]);
                let table = secret(*b"9876543210987654");
                let table = accepted(quietly(|| DecimalisationTable::from_ascii(&table)));
                let data = validation_data();
                done(ibm3624::natural_pin(&key, &table, &data, 4));
                let offset = ibm3624::offset(&key, &table, &data, &pin("907856"));
                done(ibm3624::pin_from_offset(&key, &table, &data, &offset));
            },
            || {
                let key = cipher::<TdesEde2>(&KEY[..16]);
                let table = DecimalisationTable::DEFAULT;
                let pin = accepted(ibm3624::natural_pin(&key, &table, &validation_data(), 4));
                done(leaky::look_up(pin.expose_digits().as_bytes()));
            },
        )
        .through(Tables::Des),
        Check::new(
            "IBM 3624 verify",
            "PIN, offset, data, key",
            || {
                let table = DecimalisationTable::DEFAULT;
                let data = validation_data();
                for (key, digits) in [(KEY, "1234"), (KEY, "1235"), (OTHER_KEY, "1234")] {
                    let key = cipher::<TdesEde2>(&key[..16]);
                    let offset = offset_of("1234");
                    done(ibm3624::verify(&key, &table, &data, &pin(digits), &offset));
                }
            },
            || {
                let [one, other] = ["1234", "1235"].map(offset_of);
                let [one, other] = [one.expose_digits(), other.expose_digits()];
                done(leaky::equal(one.as_bytes(), other.as_bytes()));
            },
        )
        .through(Tables::Des)
        .shows(&[&PIN_AGAINST_OFFSET]),
    ]
}
