//! Elements made of their parts, and any element by its tag.

use core::fmt::{Debug, Display};

use emv_tlv::{
    Error, ErrorKind, Exposed, Tag,
    dictionary::{ENTRIES, Kernel},
    element::{
        Aip, AlternateInterface, Amount, AnyElement, ApplicationPriority,
        AuthorisationResponseCode, BinaryAmount, Century, Cid, CryptogramReason, CryptogramType,
        Csu, CurrencyCode, CurrencyExponent, Cvm, CvmCondition, CvmResults, CvmRule, Date, Digits,
        Element, Environment, ExpirationDate, Expiry, IssuerAuthenticationData, OnlineResponseData,
        Operator, OutcomeCvm, OutcomeParameterSet, OutcomeStart, OutcomeStatus, Pan, ScriptOutcome,
        ScriptResult, ServiceCode, TerminalType, Time, Track2, Tvr,
    },
};

use crate::choices::{Choices, hex};

/// What is made of any parts is refused at the part that is wrong, or reads back as its parts.
pub(super) fn assert_made_of_parts(data: &[u8]) {
    let mut choices = Choices::new(data);
    let [a, b, c, d]: [u8; 4] = choices.array();
    let number = choices.u64();
    for [a, b, c] in
        [[a, b, c], [a % 100, b, c % 32], [a % 100, b % 13, c % 32], [a % 24, b % 60, c]]
    {
        time(a, b, c);
        time(a, b, c % 60);
        date(a, b, c);
    }
    for [year, month] in [[a, b], [a % 100, b], [a % 100, b % 13]] {
        let expiry = Expiry::new(year, month);
        assert_eq!(expiry.is_ok(), year < 100 && (1..=12).contains(&month));
        if let Ok(expiry) = expiry {
            let digits = [year / 10, year % 10, month / 10, month % 10];
            assert_eq!((expiry.digits(), expiry.month()), (digits, month));
            assert_eq!(expiry.year(Century::EMV) % 100, u16::from(year));
        }
    }
    amounts(number, a);
    codes([a, b, c]);
    bytes([a, b, c, d]);
    outcome(&mut choices);
    issuer_authentication(data);
    digits(data);
    any_element(data);
}

fn refused<T: Debug>(made: Result<T, Error>, at: usize) {
    let error = made.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::InvalidDigit));
    assert_eq!(usize::try_from(error.offset()), Ok(at));
}

/// The first part that is wrong.
fn wrong(parts: &[bool]) -> Option<usize> {
    parts.iter().position(|right| !right)
}

fn time(hour: u8, minute: u8, second: u8) {
    let made = Time::new(hour, minute, second);
    if let Some(at) = wrong(&[hour < 24, minute < 60, second < 60]) {
        return refused(made, at);
    }
    let time = made.unwrap();
    assert_eq!((time.hour(), time.minute(), time.second()), (hour, minute, second));
    let text = format!("{hour:02}{minute:02}{second:02}");
    assert_eq!(hex(&time.to_bytes()), text);
    assert_eq!(Time::from_value(&time.to_bytes()), Ok(time));
    assert_eq!(
        (time.to_string().replace(':', ""), format!("{time:?}")),
        (text.clone(), format!("Time({text})"))
    );
}

fn date(year: u8, month: u8, day: u8) {
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => 31,
    };
    let made = Date::new(year, month, day);
    let parts = [year < 100, (1..=12).contains(&month), (1..=days).contains(&day)];
    if let Some(at) = wrong(&parts) {
        return refused(made, at);
    }
    let date = made.unwrap();
    let text = format!("{year:02}{month:02}{day:02}");
    assert_eq!(
        (hex(&date.to_bytes()), format!("{date:?}")),
        (text.clone(), format!("Date({text})"))
    );
    assert_eq!((date.month(), date.day()), (month, day));
    for (century, first) in
        [(Century::EMV, 1950), (Century::from_year(2000), 2000), (Century::around(2026), 1976)]
    {
        let full = (first..first + 100).find(|full| full % 100 == u16::from(year)).unwrap();
        assert_eq!(date.ymd(century), (full, month, day));
    }
    let expiration = ExpirationDate::new(date);
    assert_eq!((expiration.date(), expiration.to_bytes()), (date, date.to_bytes()));
    assert_eq!(Exposed(&expiration).to_string(), date.to_string());
}

fn amounts(number: u64, decimals: u8) {
    let low = u32::try_from(number & 0xFFFF_FFFF).unwrap();
    let binary = BinaryAmount::new(low);
    assert_eq!((binary.minor_units(), Amount::from(binary)), (low, Amount::from(low)));
    assert_eq!(format!("{binary}{binary:?}"), format!("{low}BinaryAmount({low:08X})"));
    for number in [number, number % 1_000_000_000_000] {
        let made = Amount::new(number);
        assert_eq!(made.is_ok(), number < 1_000_000_000_000);
        let Ok(amount) = made else { continue };
        assert_eq!(
            (amount.minor_units(), hex(&amount.to_bytes())),
            (number, format!("{number:012}"))
        );
        assert_eq!(format!("{amount}{amount:?}"), format!("{number}Amount({number:012})"));
        for decimals in [decimals, decimals % 10, 0] {
            let exponent = CurrencyExponent::new(decimals);
            assert_eq!(exponent.is_ok(), decimals < 10);
            let Ok(exponent) = exponent else { continue };
            assert_eq!((exponent.decimals(), exponent.to_byte()), (decimals, decimals));
            let width = usize::from(decimals) + 1;
            let digits = format!("{number:0width$}");
            let (major, minor) = digits.split_at(digits.len() - usize::from(decimals));
            let point = if minor.is_empty() { "" } else { "." };
            let shown = amount.in_major_units(exponent).to_string();
            assert_eq!(shown, format!("{major}{point}{minor}"));
        }
    }
    for number in [u16::try_from(number % 1000).unwrap(), 392, 48, 990, 999] {
        let code = CurrencyCode::new(number).unwrap();
        assert_eq!(
            code.exponent().is_none(),
            (955..=965).contains(&number) || number == 994 || number == 999
        );
        assert!(code.exponent().is_none_or(|exponent| [0, 2, 3, 4].contains(&exponent.decimals())));
    }
}

fn codes(given: [u8; 3]) {
    for third in 0..=9 {
        for digits in [[given[0] % 10, given[1] % 10, third], [given[0] % 10, given[1], third]] {
            let made = ServiceCode::new(digits);
            if let Some(at) = wrong(&digits.map(|digit| digit < 10)) {
                refused(made, at);
                continue;
            }
            let code = made.unwrap();
            assert_eq!(code.digits(), digits);
            assert_eq!(ServiceCode::from_value(&code.to_bytes()), Ok(code));
            assert_eq!(code.interchange().code(), digits[0]);
            assert_eq!(code.authorisation().code(), digits[1]);
            let told = Exposed(&code).to_string();
            for words in [code.allowed_services().to_string(), code.pin_requirement().to_string()] {
                assert!(told.contains(&words), "{told}");
            }
        }
    }
    let decimal = |number: u8| [b'0' + number / 10, b'0' + number % 10];
    let terminal = [*b"Y1", *b"Z1", *b"Y2", *b"Z2", *b"Y3", *b"Z3"];
    for text in (0..100).map(decimal).chain(terminal) {
        let code = AuthorisationResponseCode::new(text).unwrap();
        assert_eq!((code.to_bytes(), code.as_str().as_bytes()), (text, &text[..]));
        assert_eq!(code.is_from_terminal(), terminal.contains(&text));
        assert!(code.to_string().starts_with(code.as_str()));
    }
}

fn assert_line(element: &(impl Display + Debug)) {
    let shown = [element.to_string(), format!("{element:?}")];
    assert!(shown.iter().all(|shown| !shown.is_empty() && !shown.contains('\n')), "{shown:?}");
}

fn bytes([a, b, c, d]: [u8; 4]) {
    let kind = CryptogramType::from_code(a & 3);
    let reason = CryptogramReason::from_code(b & 7);
    let cid = Cid::new(kind, c % 2 == 1, reason);
    assert_eq!((cid.cryptogram(), cid.reason(), cid.advice_required()), (kind, reason, c % 2 == 1));
    assert_eq!(Cid::from_byte(cid.to_byte()), cid);
    for byte in 0..=u8::MAX {
        assert_line(&Cid::from_byte(byte));
        assert_line(&kind);
        let priority = ApplicationPriority::from_byte(byte);
        assert_eq!(priority.to_byte(), byte);
        assert_eq!(priority.rank().map_or(0, |rank| rank.get()), byte % 16);
        assert_line(&priority);
        assert_line(&Cvm::from_code(byte));
        assert_line(&CvmCondition::from_code(byte));
        assert!(!Cvm::from_code(byte).as_str().is_empty());
    }
    let rule = CvmRule::new(Cvm::from_code(a & 0x3F), b % 2 == 1, CvmCondition::from_code(c));
    assert_eq!(rule.to_bytes(), [a & 0x3F | if b % 2 == 1 { 0x40 } else { 0 }, c]);
    assert_line(&rule);
    assert_line(&CvmResults::new(rule, emv_tlv::element::CvmResult::from_code(d)));
    for (operator, environment) in (1..=3).flat_map(|one| (1..=6).map(move |other| (one, other))) {
        let made = TerminalType::new(
            Operator::from_code(operator).unwrap(),
            Environment::from_code(environment).unwrap(),
        );
        assert_eq!(made.to_byte(), operator << 4 | environment);
        assert_eq!(format!("{made:?}"), format!("TerminalType({:02X})", made.to_byte()));
        assert_eq!(TerminalType::from_value(&[made.to_byte()]), Ok(made));
    }
    let script = ScriptResult::new(ScriptOutcome::from_code(a & 0xF), b, [a, b, c, d]);
    assert_eq!(script.to_bytes(), [a << 4 | b.min(15), a, b, c, d]);
    assert_eq!(ScriptResult::from_bytes(script.to_bytes()), script);
    for first in 0..=u8::MAX {
        assert_line(&ScriptResult::from_bytes([first, a, b, c, d]));
    }
}

/// A part that is put into an outcome is the only one that changes.
fn outcome(choices: &mut Choices<'_>) {
    let before: [u8; 8] = choices.array();
    let set = OutcomeParameterSet::new(before);
    let number = choices.u8();
    let changed = |at: usize, mask: u8, part: u8, made: OutcomeParameterSet| {
        let mut expected = before;
        expected[at] = expected[at] & !mask | part << mask.trailing_zeros() & mask;
        assert_eq!(made.to_bytes(), expected);
    };
    macro_rules! each_code {
        ($($at:literal $codes:ident $get:ident $put:ident),+) => { $(
            for code in (0..16).filter_map($codes::from_code) {
                let made = set.$put(code);
                changed($at, 0xF0, code.code(), made);
                assert_eq!(made.$get(), Some(code));
                assert_line(&code);
            }
            assert_eq!(set.$get().map(|code| code.code()), $codes::from_code(before[$at] >> 4).map(|code| code.code()));
        )+ };
    }
    each_code!(
        0 OutcomeStatus status with_status,
        1 OutcomeStart start with_start,
        2 OnlineResponseData online_response_data with_online_response_data,
        3 OutcomeCvm cvm with_cvm,
        5 AlternateInterface alternate_interface with_alternate_interface
    );
    changed(6, 0xFF, number, set.with_field_off_request(number));
    changed(7, 0xFF, number, set.with_removal_timeout(number));
    assert_eq!((set.field_off_request(), set.removal_timeout()), (before[6], before[7]));
}

fn issuer_authentication(data: &[u8]) {
    let value = &data[..data.len().min(16)];
    let Ok(read) = IssuerAuthenticationData::from_value(value) else {
        return assert!(value.len() < 8);
    };
    let (cryptogram, rest) = read.as_method_1();
    assert_eq!(([&cryptogram[..], rest].concat(), read.as_bytes()), (value.to_vec(), value));
    let (short, update, rest) = read.as_method_2();
    assert_eq!([&short[..], &update.to_bytes(), rest].concat(), value);
    assert_eq!(read.to_string(), format!("({} bytes)", value.len()));
    assert_eq!(format!("{read:?}"), format!("IssuerAuthenticationData({} bytes)", value.len()));
    assert_eq!(Exposed(&read).to_string(), hex(value));

    let [first, second, ..] = update.to_bytes();
    assert_eq!(Csu::new(update.to_bytes()), update);
    assert_eq!(update.includes_proprietary_data(), first & 0x80 != 0);
    assert_eq!(update.pin_try_counter(), (second & 0x10 != 0).then_some(first & 0x0F));
    let flags = [
        update.approves(),
        update.blocks_card(),
        update.blocks_application(),
        update.goes_online_next(),
    ];
    assert_eq!(flags, [0x80, 0x40, 0x20, 0x08].map(|bit| second & bit != 0));
    assert_eq!(
        update.bits().count(),
        hex(&update.to_bytes())
            .chars()
            .map(|digit| digit.to_digit(16).unwrap().count_ones() as usize)
            .sum::<usize>()
    );
    assert_eq!(format!("{update:?}"), format!("Csu({})", hex(&update.to_bytes())));
    assert_line(&update);
}

fn digits(data: &[u8]) {
    let text: String = data.iter().take(24).map(|byte| char::from(b'0' + byte % 11)).collect();
    match Digits::from_text(&text) {
        Ok(digits) => {
            let mut buffer = [0; 24];
            assert_eq!(digits.text_into(&mut buffer), Ok(&*text));
            let short = &mut buffer[..text.len().saturating_sub(1)];
            assert_eq!(digits.text_into(short).is_err(), !text.is_empty());
        }
        Err(error) => assert_eq!(usize::try_from(error.offset()).ok(), text.find(':')),
    }
}

/// Any value under any tag: nothing where the tag has no structure, refused within the value, or an element that shows itself
/// as the type of its tag does.
fn any_element(data: &[u8]) {
    let value = &data[..data.len().min(40)];
    let kernel = Kernel::ALL[data.len() % Kernel::ALL.len()];
    for tag in ENTRIES.iter().map(|entry| entry.tag) {
        assert_any(AnyElement::read(tag, value), value);
        assert_any(AnyElement::read_in(kernel, tag, value), value);
    }
    macro_rules! same {
        ($($element:ident),+) => { $(
            for &tag in $element::TAGS {
                let by_tag = AnyElement::read(tag, value);
                match $element::from_value(value) {
                    Ok(element) => assert_eq!(by_tag, Ok(Some(AnyElement::$element(element)))),
                    Err(_) => assert!(!matches!(by_tag, Ok(Some(AnyElement::$element(_))))),
                }
            }
        )+ };
    }
    same!(Aip, Tvr, Cid, CvmResults, TerminalType, Date, Time, Amount, Pan, Track2);
    assert_eq!(AnyElement::read(Tag::new(0xC0).unwrap(), value), Ok(None));
}

fn assert_any(read: Result<Option<AnyElement<'_>>, Error>, value: &[u8]) {
    match read {
        Ok(Some(element)) => {
            let shown = [element.to_string(), Exposed(&element).to_string()];
            assert!(shown.iter().all(|shown| !shown.contains('\n')), "{shown:?}");
        }
        Ok(None) => {}
        Err(error) => assert!(usize::try_from(error.offset()).unwrap() <= value.len()),
    }
}
