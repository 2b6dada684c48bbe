mod model;

use core::time::Duration;

use iso8583_wire::matcher::{Keys, Matcher, MatcherError, MatcherErrorKind, Slot};
use iso8583_wire::{Encoder, MessageRef, Mti, Spec, dialect};

use crate::choices::Choices;
use model::{Fields, Model};

/// Whatever is sent and received, a matcher says what a list of requests says that is searched from end to end.
///
/// Choices: `u8` dialect, `u8` keys, `u8` count of slots up to 5, `u8` timeout in seconds up to 15, `u64` seed; then steps until
/// the bytes end: `u8` what, `u8` time passed, from 252 on time gone back, and for a message `u8` its type, `u8` the
/// values of 11, 32, 33 and 41, two bits each, `u8` the length of 48. After every step count and next deadline are the
/// same; at the end every request that waits is reported once, the oldest first. Slots that are lent again hold nothing.
pub fn iso8583_matcher(data: &[u8]) {
    let mut choices = Choices::new(data);
    let spec = choices.one_of(&[&dialect::ISO87_BCD, &dialect::ISO87_ASCII]);
    let fields = choices.one_of(FIELDS);
    let keys = Keys::of(fields.always).and_if_carried(fields.if_carried);
    let keys = if fields.has_mti { keys } else { keys.without_mti() };
    let mut slots = [Slot::EMPTY; 5];
    assert_eq!(format!("{:?}", Slot::<u16>::default()), format!("{:?}", slots[0]));
    assert_eq!(Keys::default(), Keys::of(&[11, 41]));
    let slots = &mut slots[..usize::from(choices.u8()) % 6];
    let shown = format!("{:?}", Matcher::new(slots, keys, Duration::ZERO));
    assert_eq!(shown, format!("Matcher(0 of {} slots wait)", slots.len()));
    let timeout = Duration::from_secs(u64::from(choices.u8() % 16));
    let seed = choices.u64();
    for _ in 0..2 {
        let model = Model::new(fields, slots.len(), timeout);
        assert_steps(spec, choices, Matcher::with_seed(slots, keys, timeout, seed), model);
    }
}

fn assert_steps(
    spec: &Spec<'_>,
    mut choices: Choices<'_>,
    mut matcher: Matcher<'_, u16>,
    mut model: Model,
) {
    assert_same(&matcher, &model);
    let mut now = Duration::ZERO;
    let mut token = 0_u16;
    let mut buffer = [0; 256];
    while !choices.is_empty() {
        let what = choices.u8() % 8;
        now = match choices.u8() {
            back @ 252.. => now.saturating_sub(Duration::from_secs(u64::from(back - 251))),
            passed => now + Duration::from_secs(u64::from(passed % 8)),
        };
        if what == 7 {
            assert_expired(&mut matcher, &mut model, now);
        } else {
            let message = message(spec, &mut choices, &mut buffer);
            match what {
                0..=2 => {
                    token = token.wrapping_add(1);
                    let sent = matcher.sent(&message, now, token);
                    assert_refused(&message, sent);
                    assert_eq!(kind(sent), model.sent(&message, now, token));
                }
                3 => {
                    let resent = matcher.resent(&message, now);
                    assert_refused(&message, resent);
                    assert_eq!(kind(resent), model.resent(&message, now));
                }
                4 => assert_eq!(matcher.forget(&message), model.forget(&message)),
                _ => assert_eq!(matcher.received(&message, now), model.received(&message, now)),
            }
        }
        assert_same(&matcher, &model);
    }
    while assert_expired(&mut matcher, &mut model, Duration::MAX) {
        assert_same(&matcher, &model);
    }
    assert!(matcher.is_empty());
}

/// The same request is reported by both; says whether there was one.
fn assert_expired(matcher: &mut Matcher<'_, u16>, model: &mut Model, now: Duration) -> bool {
    let expired = matcher.expired(now).map(|expired| (expired.token, expired.after));
    assert_eq!(expired, model.expired(now));
    expired.is_some()
}

/// Keys that are usual, that are one byte of another field's, that may be missing, empty, too long, and that no message has.
static FIELDS: &[Fields] = &[
    Fields { has_mti: true, always: &[11, 41], if_carried: &[] },
    Fields { has_mti: true, always: &[11], if_carried: &[41] },
    Fields { has_mti: false, always: &[32, 33], if_carried: &[] },
    Fields { has_mti: true, always: &[], if_carried: &[33, 32] },
    Fields { has_mti: true, always: &[48], if_carried: &[] },
    Fields { has_mti: false, always: &[11], if_carried: &[48, 41] },
    Fields { has_mti: true, always: &[], if_carried: &[] },
    Fields { has_mti: true, always: &[11, 200], if_carried: &[] },
    Fields { has_mti: false, always: &[], if_carried: &[11, 129] },
    Fields { has_mti: false, always: &[], if_carried: &[] },
];

static TYPES: &[&[u8; 4]] = &[
    b"0200", b"0210", b"0201", b"0220", b"0230", b"0400", b"0410", b"0240", b"0250", b"0280",
    b"1210", b"0202", b"0260", b"0270", b"1290",
];

/// One of few messages.
fn message<'s, 'b>(
    spec: &'s Spec<'s>,
    choices: &mut Choices<'_>,
    buffer: &'b mut [u8],
) -> MessageRef<'s, 'b> {
    let mti = Mti::from_digits(choices.one_of(TYPES)).unwrap();
    let values = choices.u8();
    let long = usize::from(choices.u8());
    let mut encoder = Encoder::new(spec, mti, buffer).unwrap();
    let options: [(u16, [Option<&str>; 4]); 4] = [
        (11, [Some("000001"), Some("000002"), Some("100000"), None]),
        (32, [Some("1"), Some("12"), Some("123"), None]),
        (33, [Some("23"), Some("3"), Some(""), None]),
        (41, [Some("TERM0001"), Some("TERM0002"), Some("00000010"), None]),
    ];
    for (at, (number, options)) in options.into_iter().enumerate() {
        if let Some(text) = options[usize::from(values >> (2 * at) & 3)] {
            encoder.text(number, text).unwrap();
        }
    }
    if let Some(length) = long.checked_sub(1) {
        encoder.text(48, &"A".repeat(length % 70)).unwrap();
    }
    MessageRef::parse(spec, encoder.finish()).unwrap()
}

fn kind(result: Result<(), MatcherError>) -> Result<(), MatcherErrorKind> {
    result.map_err(|error| error.kind())
}

/// An error lies within the message and is one line.
fn assert_refused(message: &MessageRef<'_, '_>, result: Result<(), MatcherError>) {
    if let Err(error) = result {
        let at = usize::try_from(error.offset()).unwrap();
        assert!(at <= message.wire().len(), "{error}");
        if let MatcherErrorKind::KeyTooLong { field } = error.kind() {
            let wire = message.get(field).map_or(&[][..], |field| field.wire());
            assert!(message.wire()[at..].starts_with(wire), "{error}");
        }
        assert!(!error.to_string().contains('\n'));
    }
}

fn assert_same(matcher: &Matcher<'_, u16>, model: &Model) {
    assert_eq!((matcher.len(), matcher.is_empty()), (model.len(), model.len() == 0));
    assert_eq!(matcher.next_deadline(), model.next_deadline());
}
