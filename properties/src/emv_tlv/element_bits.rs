use emv_tlv::{
    ErrorKind, Exposed,
    element::{
        AdditionalTerminalCapabilities, Aip, ApplicationCapabilities, Auc,
        BiometricTerminalCapabilities, Bit, CardDataInputCapability, ContactlessReaderCapabilities,
        Ctq, CvmCapability, DsSummaryStatus, Element, EnhancedReaderCapabilities, ErrorIndication,
        FormFactorIndicator, IdsStatus, KernelConfiguration, MagStripeCvmCapability,
        OutcomeParameterSet, RelayTvr, SecurityCapability, TerminalCapabilities,
        TerminalRiskManagementData, TerminalType, ThirdPartyData, Tsi, Ttq, Tvr, UnionPayCtq,
        UserInterfaceRequestData,
    },
};

use super::shown::may_hold_a_card_number;
use crate::choices::{Choices, hex};

/// The longest element of bits.
const LONGEST: usize = 22;

/// Any value is refused for its length or digits, or is an element that has the value's bytes, tells of each bit that is 1 in it exactly
/// once, and keeps the laws of sets.
///
/// Choices: `u8` element, `[u8; 22]` other value of which as much is taken as the element has; the rest is the value.
pub fn element_bits(data: &[u8]) {
    let mut choices = Choices::new(data);
    let element = usize::from(choices.u8()) % ELEMENTS.len();
    let other: [u8; LONGEST] = choices.array();
    ELEMENTS[element](choices.rest(), &other);
}

macro_rules! flags {
    ($($element:ident),+ $(,)?) => { [$(|value, other| {
        let size = $element::default().to_bytes().len();
        let read = match $element::from_value(value) {
            Ok(read) => read,
            Err(error) => {
                assert_ne!(value.len(), size);
                return assert_eq!((error.kind(), error.offset()), (ErrorKind::WrongLength, 0));
            }
        };
        assert_eq!(read.to_bytes(), value);
        assert_eq!($element::new(read.to_bytes()), read);
        assert_eq!(read.bits().collect::<Vec<_>>(), ones(value));
        assert_eq!(format!("{read:?}"), format!("{}({})", stringify!($element), hex(value)));
        assert_told(value, &read.to_string(), &format!("{read:#}"));

        let other = &other[..size];
        let both = $element::from_value(other).unwrap();
        let each = |join: fn(u8, u8) -> u8| -> Vec<u8> {
            value.iter().zip(other).map(|(&one, &other)| join(one, other)).collect()
        };
        assert_eq!((read | both).to_bytes(), *each(|one, other| one | other));
        assert_eq!((read & both).to_bytes(), *each(|one, other| one & other));
        assert_eq!((read - both).to_bytes(), *each(|one, other| one & !other));
        let common = ones(value).into_iter().filter(|bit| ones(other).contains(bit)).count();
        assert_eq!(read.contains(both), common == ones(other).len());
        assert_eq!(read.intersects(both), common > 0);
        assert_eq!(read.is_empty(), value.iter().all(|&byte| byte == 0));

        let words = format!("{read:#}");
        for (name, flag) in $element::FLAGS {
            let Bit { byte, bit } = flag.bits().next().unwrap();
            let alone = format!("{flag:#}");
            let line = alone.lines().find(|line| line.starts_with(&format!("byte {byte} bit {bit}: ")));
            let told = words.lines().any(|word| Some(word) == line);
            assert_eq!(told, read.contains(*flag), "{name}: {words}");
        }
    }),+] };
}

type Check = fn(&[u8], &[u8; LONGEST]);

const FLAGS: [Check; 24] = flags![
    AdditionalTerminalCapabilities,
    Aip,
    ApplicationCapabilities,
    Auc,
    BiometricTerminalCapabilities,
    CardDataInputCapability,
    ContactlessReaderCapabilities,
    Ctq,
    CvmCapability,
    DsSummaryStatus,
    EnhancedReaderCapabilities,
    FormFactorIndicator,
    IdsStatus,
    KernelConfiguration,
    MagStripeCvmCapability,
    OutcomeParameterSet,
    RelayTvr,
    SecurityCapability,
    TerminalCapabilities,
    TerminalRiskManagementData,
    Tsi,
    Ttq,
    Tvr,
    UnionPayCtq,
];

const OTHERS: [Check; 4] =
    [terminal_type, third_party_data, error_indication, user_interface_request_data];

static ELEMENTS: [Check; 28] = {
    let mut all: [Check; 28] = [terminal_type; 28];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < FLAGS.len() { FLAGS[at] } else { OTHERS[at - FLAGS.len()] };
        at += 1;
    }
    all
};

/// The bits that are 1, counted the slow way.
fn ones(value: &[u8]) -> Vec<Bit> {
    let bits = |(byte, value): (u8, u8)| {
        let set = (1..=8).rev().filter(move |bit| value >> (bit - 1) & 1 == 1);
        set.map(move |bit| Bit { byte, bit })
    };
    (1..).zip(value.iter().copied()).flat_map(bits).collect()
}

/// The lines tell of every bit that is 1 once, of a bit that is 0 only together with others, and say what the single line says.
fn assert_told(value: &[u8], line: &str, lines: &str) {
    if lines == "no bit set" {
        assert!(value.iter().all(|&byte| byte == 0) && line == lines);
        return;
    }
    let mut told = Vec::new();
    let mut said = Vec::new();
    for line in lines.lines() {
        let (place, text) = line.split_once(": ").unwrap();
        let bits = bits(place);
        if let [Bit { byte, bit }] = bits[..] {
            assert!(ones(value).contains(&Bit { byte, bit }), "{line}");
            said.push(match text {
                "reserved" => format!("byte {byte} bit {bit} (reserved)"),
                text => text.to_owned(),
            });
        } else {
            said.push(text.to_owned());
        }
        told.extend(bits);
    }
    assert_eq!(said.join("; "), line);
    for bit in &told {
        assert_eq!(told.iter().filter(|other| *other == bit).count(), 1, "{lines}");
    }
    assert!(ones(value).iter().all(|bit| told.contains(bit)), "{lines}");
}

/// The bits of a place: `byte 1 bit 8`, `byte 1 bits 8-5`, `byte 1 bits 8, 7, 4` or `bytes 4-5`.
fn bits(place: &str) -> Vec<Bit> {
    let range = |text: &str| -> Vec<u8> {
        match text.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (first.parse::<u8>().unwrap(), last.parse().unwrap());
                (first.min(last)..=first.max(last)).collect()
            }
            None => text.split(", ").map(|bit| bit.parse().unwrap()).collect(),
        }
    };
    let place = place.strip_prefix("byte").unwrap().trim_start_matches('s').trim_start();
    let (bytes, bits) = match place.split_once(" bit") {
        Some((byte, bits)) => (byte, range(bits.trim_start_matches('s').trim_start())),
        None => (place, (1..=8).collect()),
    };
    let bytes = range(bytes);
    bytes.iter().flat_map(|&byte| bits.iter().map(move |&bit| Bit { byte, bit })).collect()
}

/// The place of the first byte that is not two decimal digits.
fn no_digits(packed: &[u8]) -> Option<usize> {
    packed.iter().position(|byte| byte >> 4 > 9 || byte & 0x0F > 9)
}

fn number(packed: &[u8]) -> u64 {
    hex(packed).parse().unwrap()
}

fn refused<T: core::fmt::Debug>(read: Result<T, emv_tlv::Error>, kind: ErrorKind, at: usize) {
    let error = read.unwrap_err();
    assert_eq!((error.kind(), usize::try_from(error.offset())), (kind, Ok(at)));
}

fn terminal_type(value: &[u8], _: &[u8; LONGEST]) {
    let read = TerminalType::from_value(value);
    let &[digits] = value else { return refused(read, ErrorKind::WrongLength, 0) };
    if no_digits(value).is_some() {
        return refused(read, ErrorKind::InvalidDigit, 0);
    }
    let terminal = read.unwrap();
    assert_eq!([terminal.to_byte()], value);
    assert_told(value, &terminal.to_string(), &format!("{terminal:#}"));
    let operator = terminal.operator().map(|operator| operator.code());
    assert_eq!(operator, Some(digits >> 4).filter(|digit| (1..=3).contains(digit)));
    let environment = terminal.environment().map(|environment| environment.code());
    assert_eq!(environment, Some(digits & 0x0F).filter(|digit| (1..=6).contains(digit)));
    assert_eq!(terminal.is_attended(), environment.map(|digit| digit <= 3));
}

fn third_party_data(value: &[u8], _: &[u8; LONGEST]) {
    let read = ThirdPartyData::from_value(value);
    let has_device = value.get(2).is_some_and(|byte| byte & 0x80 == 0);
    let shortest = if has_device { 6 } else { 5 };
    if !(shortest..=32).contains(&value.len()) {
        return refused(read, ErrorKind::WrongLength, 0);
    }
    if let Some(at) = no_digits(&value[..2]) {
        return refused(read, ErrorKind::InvalidDigit, at);
    }
    if value[0] >> 4 != 0 {
        return refused(read, ErrorKind::InvalidDigit, 0);
    }
    let data = read.unwrap();
    assert_eq!((data.as_bytes(), u64::from(data.country())), (value, number(&value[..2])));
    assert_eq!(data.unique_identifier(), value[2..4]);
    assert_eq!(
        data.device_type().as_ref().map(|device| &device[..]),
        has_device.then(|| &value[4..6])
    );
    let proprietary = if has_device { &value[6..] } else { &value[4..] };
    assert_eq!(data.proprietary(), proprietary);
    // A card number of 15 digits may begin in the country.
    let hides =
        may_hold_a_card_number(&value[2..]) || value.len() >= 8 && may_hold_a_card_number(value);
    let (debug, text) = (format!("{data:?}"), data.to_string());
    if hides {
        assert_eq!(debug, format!("ThirdPartyData(({} bytes))", value.len()));
        assert_eq!(text, format!("country: {:03}; ({} bytes)", data.country(), value.len() - 2));
    } else {
        assert_eq!(debug, format!("ThirdPartyData({})", hex(value)));
        let told = format!("; proprietary data: {}", hex(proprietary));
        assert_eq!(text.ends_with(&told), !proprietary.is_empty());
    }
    assert!(Exposed(&data).to_string().ends_with(&hex(proprietary)) && !text.contains('\n'));
}

fn error_indication(value: &[u8], _: &[u8; LONGEST]) {
    let read = ErrorIndication::from_value(value);
    if value.len() != 6 {
        return refused(read, ErrorKind::WrongLength, 0);
    }
    let error = read.unwrap();
    assert_eq!(error.to_bytes(), value);
    assert_eq!(error.status_word().to_be_bytes(), value[3..5]);
    assert_eq!(format!("{error:?}"), format!("ErrorIndication({})", hex(value)));
    let code = |code: Option<u8>, at: usize| assert!(code.is_none_or(|code| code == value[at]));
    code(error.level_1().map(|error| error.code()), 0);
    code(error.level_2().map(|error| error.code()), 1);
    code(error.level_3().map(|error| error.code()), 2);
    code(error.message().map(|message| message.code()), 5);
    assert_told(value, &error.to_string(), &format!("{error:#}"));
}

fn user_interface_request_data(value: &[u8], _: &[u8; LONGEST]) {
    let read = UserInterfaceRequestData::from_value(value);
    if value.len() != LONGEST {
        return refused(read, ErrorKind::WrongLength, 0);
    }
    let wrong = [2..5, 14..20, 20..22]
        .into_iter()
        .find_map(|range| no_digits(&value[range.clone()]).map(|at| range.start + at));
    if let Some(at) = wrong {
        return refused(read, ErrorKind::InvalidDigit, at);
    }
    let request = read.unwrap();
    assert_eq!(request.to_bytes(), value);
    assert_eq!(u64::from(request.hold_time()), number(&value[2..5]));
    assert!(request.message().is_none_or(|message| message.code() == value[0]));
    assert!(request.status().is_none_or(|status| status.code() == value[1]));
    assert_eq!(
        (request.languages(), request.value()),
        (value[5..13].try_into().unwrap(), number(&value[14..20]))
    );
    assert_eq!(u64::from(request.currency()), number(&value[20..22]));
    assert_told(value, &request.to_string(), &format!("{request:#}"));
    let shown =
        format!("{request:?}").contains("****") || request.to_string().contains("(6 bytes)");
    assert_eq!(shown, number(&value[14..20]) != 0 && value[13] >> 4 != 1);
}
