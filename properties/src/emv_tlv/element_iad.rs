use core::ops::Range;

use emv_tlv::{
    ErrorKind, Exposed,
    element::{
        Element, Iad,
        iad::{Cvr, Scheme},
    },
};

use crate::choices::{Choices, hex};

/// The registered parts of the schemes, one that is unknown, and one that is cut.
const REGISTERED: &[(&[u8], Option<Scheme>)] = &[
    (&[0xA0, 0x00, 0x00, 0x00, 0x03], Some(Scheme::Visa)),
    (&[0xA0, 0x00, 0x00, 0x00, 0x04], Some(Scheme::MChip)),
    (&[0xA0, 0x00, 0x00, 0x00, 0x25], Some(Scheme::Amex)),
    (&[0xA0, 0x00, 0x00, 0x00, 0x65], Some(Scheme::Jcb)),
    (&[0xA0, 0x00, 0x00, 0x01, 0x52], Some(Scheme::Discover)),
    (&[0xA0, 0x00, 0x00, 0x03, 0x33], Some(Scheme::UnionPay)),
    (&[0xA0, 0x00, 0x00, 0x02, 0x77], None),
    (&[0xA0, 0x00], None),
];

/// Issuer application data are refused for their length alone, come back byte for byte, and show none of what they hide.
///
/// A byte chooses the application identifier, the rest is the value. It is read by its bytes and by the identifier. The parts
/// lie where a table has them; as long as the layout stays, a byte that is hidden changes no word, and a bit of the results always does.
pub fn element_iad(data: &[u8]) {
    let mut choices = Choices::new(data);
    let (aid, scheme) = choices.one_of(REGISTERED);
    let value = choices.rest();
    assert_eq!(Scheme::of(aid), scheme);
    let readings = [Iad::from_value(value), Iad::from_value_for(aid, value)];
    if !(1..=32).contains(&value.len()) {
        for reading in readings {
            let error = reading.unwrap_err();
            assert_eq!((error.kind(), error.offset()), (ErrorKind::WrongLength, 0));
        }
        return;
    }
    let [by_bytes, by_aid] = readings.map(Result::unwrap);
    if scheme.is_none() || by_bytes.scheme() == scheme {
        assert_eq!(by_aid, by_bytes);
    }
    assert!(scheme.is_none() || [scheme, Some(Scheme::Ccd), None].contains(&by_aid.scheme()));
    assert_iad(&by_bytes, value, |value| Iad::from_value(value).unwrap());
    assert_iad(&by_aid, value, |value| Iad::from_value_for(aid, value).unwrap());
}

/// Where the parts of a layout lie.
struct Places {
    key_index: usize,
    cryptogram_version: usize,
    results: Range<usize>,
    counted: bool,
    discretionary: Option<Range<usize>>,
    hidden: Vec<Range<usize>>,
}

fn places(scheme: Scheme, value: &[u8]) -> Places {
    let len = value.len();
    // Last, where discretionary data begin, if there are any.
    let (key_index, cryptogram_version, results, counted, data) = match scheme {
        Scheme::Visa if value[0] == 0x1F => (2, 1, 3..8, false, 8),
        Scheme::Visa | Scheme::Amex => (1, 2, 3..7, true, 8),
        Scheme::Jcb => (1, 2, 3..8, true, 9),
        Scheme::UnionPay => (1, 2, 3..7, true, 9),
        Scheme::Discover if value[1] == 0x15 => (0, 1, 2..10, false, 10),
        Scheme::Discover => (0, 1, 2..8, false, 8),
        Scheme::MChip => (0, 1, 2..8, false, len),
        _ => (2, 1, 3..8, false, 17),
    };
    let there = data < len || data == len && counted;
    let discretionary = there.then_some(data..len);
    let hidden = match scheme {
        Scheme::MChip => {
            let extra = if len < 26 { 18 } else { 26 };
            vec![8..10, 10..18, 18..extra, extra..len]
        }
        Scheme::Ccd => vec![8..16, 17..32],
        _ => discretionary.clone().into_iter().collect(),
    };
    Places { key_index, cryptogram_version, results, counted, discretionary, hidden }
}

fn assert_iad<'a>(iad: &Iad<'a>, value: &'a [u8], read: impl Fn(&[u8]) -> Iad<'_>) {
    assert_eq!((iad.as_bytes().as_ptr_range(), read(value)), (value.as_ptr_range(), *iad));
    let (words, lines) = (iad.to_string(), format!("{iad:#}"));
    assert_eq!(words.lines().count(), 1);
    assert_scheme(iad, value);
    let Some(scheme) = iad.scheme() else {
        let plural = if value.len() == 1 { "" } else { "s" };
        assert_eq!(words, format!("unknown layout; data ({} byte{plural})", value.len()));
        assert_eq!(Exposed(iad).to_string(), format!("unknown layout; data {}", hex(value)));
        return;
    };
    let places = places(scheme, value);
    let version = match scheme {
        Scheme::Ccd => value[1] % 16,
        _ => value[places.cryptogram_version],
    };
    assert_eq!(iad.key_index(), Some(value[places.key_index]));
    assert_eq!(iad.cryptogram_version(), Some(version));
    let results = iad.cvr().unwrap();
    assert_eq!(results.as_bytes(), &value[places.results.clone()]);
    assert_eq!(iad.discretionary(), places.discretionary.map(|range| &value[range]));
    let exposed = Exposed(iad).to_string();
    for range in &places.hidden {
        assert!(exposed.contains(&hex(&value[range.clone()])));
    }
    let mut changed = value.to_vec();
    for at in places.hidden.into_iter().flatten() {
        changed[at] ^= 0xA5;
        // Under an identifier that is unknown a changed count may make it another layout.
        let other = read(&changed);
        if other.scheme() == Some(scheme) {
            assert_eq!((other.to_string(), format!("{other:#}")), (words.clone(), lines.clone()));
            assert_eq!(format!("{other:?}"), format!("{iad:?}"));
        }
        changed[at] ^= 0xA5;
    }
    let first = places.results.start + usize::from(places.counted);
    for (at, bit) in (first..places.results.end).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        changed[at] ^= 1 << bit;
        // Under an identifier that is unknown the changed results may make it another layout.
        let other = read(&changed);
        if other.scheme() == Some(scheme) {
            assert_ne!(other.cvr().unwrap().to_string(), results.to_string());
        }
        changed[at] ^= 1 << bit;
    }
    assert_bits(results);
}

/// The parts that only some schemes have.
fn assert_scheme(iad: &Iad<'_>, value: &[u8]) {
    let len = value.len();
    assert_eq!(
        iad.scheme().map(|scheme| scheme.as_str()).unwrap_or("none").to_lowercase(),
        iad.scheme().map_or("none", |scheme| scheme.as_str())
    );
    assert!(
        iad.cvr().is_none_or(|results| format!("{results:?}").contains(&hex(results.as_bytes())))
    );
    match iad {
        Iad::Visa(visa) => assert_eq!(format!("{visa:?}").lines().count(), 1),
        Iad::MChip(chip) => {
            assert_eq!(
                (&chip.dac_idn()[..], &chip.counters()[..]),
                (&value[8..10], &value[10..18])
            );
            let extra = chip.extra_counters().map_or(&[][..], |counters| &counters[..]);
            let online = chip.last_online_atc().map_or(&[][..], |counter| &counter[..]);
            assert_eq!([extra, online].concat(), value[18..]);
            assert_eq!(
                (len >= 26, len == 20 || len == 28),
                (!extra.is_empty(), !online.is_empty())
            );
        }
        Iad::Ccd(ccd) => {
            assert_eq!(
                (ccd.common_core_identifier(), &ccd.counters()[..]),
                (value[1], &value[8..16])
            );
        }
        Iad::UnionPay(union_pay) => assert_eq!(union_pay.algorithm(), value[7]),
        _ => {}
    }
}

fn assert_bits(results: Cvr<'_>) {
    let set: Vec<_> = results.bits().map(|place| (place.byte, place.bit)).collect();
    for (byte, &bits) in (1u8..).zip(results.as_bytes()) {
        for bit in 1..=8 {
            let is_set = bits >> (bit - 1) & 1 == 1;
            assert_eq!(results.is_set(byte, bit), is_set);
            assert_eq!(set.contains(&(byte, bit)), is_set);
        }
    }
}
