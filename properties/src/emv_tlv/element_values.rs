use core::fmt::{Debug, Display};

use emv_tlv::{
    Error, ErrorKind, Exposed,
    element::{
        Afl, AflEntry, Amount, ApplicationPriority, AuthorisationResponseCode, BinaryAmount, Cid,
        CountryCode, CurrencyCode, CurrencyExponent, CvmList, CvmResults, Date, Digits, Element,
        ExpirationDate, IssuerScriptResults, Pan, ServiceCode, Time, Track1, Track2,
    },
};

use super::element_parts::assert_made_of_parts;
use crate::{
    choices::{Choices, hex},
    told,
};

const PANS: [&str; 4] =
    ["4111111111111111", "5413330089010434", "6224242300000069", "4761739001010010"];

/// What a buffer holds that nothing was written to.
const UNTOUCHED: u8 = 0xEE;

/// Any bytes as the value of each element that has a structure: refused at a byte of theirs, or written back as they were.
///
/// Tracks, card numbers and file locators are what a slow reading finds, fault and place included; those that are built of the
/// parts read are the same, and so are those of any parts; by its tag an element is the one of its type; and no card number, expiration date, service code or name is shown.
///
/// Choices for the tracks that are made to be hidden: `u8` card number, then a digit a byte for what follows it.
pub fn element_values(data: &[u8]) {
    assert_read(data, |list: &CvmList<'_>| list.as_bytes().to_vec());
    assert_read(data, |results: &CvmResults| results.to_bytes().to_vec());
    assert_read(data, |cid: &Cid| vec![cid.to_byte()]);
    assert_read(data, |locator: &Afl<'_>| locator.as_bytes().to_vec());
    assert_read(data, |priority: &ApplicationPriority| vec![priority.to_byte()]);
    assert_read(data, |date: &Date| date.to_bytes().to_vec());
    assert_read(data, |time: &Time| time.to_bytes().to_vec());
    assert_read(data, |amount: &Amount| amount.to_bytes().to_vec());
    assert_read(data, |amount: &BinaryAmount| amount.to_bytes().to_vec());
    assert_read(data, |code: &CurrencyCode| code.to_bytes().to_vec());
    assert_read(data, |code: &CountryCode| code.to_bytes().to_vec());
    assert_read(data, |exponent: &CurrencyExponent| vec![exponent.to_byte()]);
    assert_read(data, |code: &AuthorisationResponseCode| code.to_bytes().to_vec());
    assert_read(data, |results: &IssuerScriptResults<'_>| results.as_bytes().to_vec());
    assert_read(data, |pan: &Pan<'_>| pan.encode_into(&mut [0; 10]).unwrap().to_vec());
    assert_read(data, |track: &Track1<'_>| track.as_bytes().to_vec());
    assert_read(data, |track: &Track2<'_>| track.as_bytes().to_vec());
    if let Some(code) = assert_read(data, |code: &ServiceCode| code.to_bytes().to_vec()) {
        assert_eq!(format!("{code}{code:?}"), "(3 digits)ServiceCode((3 digits))");
    }
    if let Some(date) = assert_read(data, |date: &ExpirationDate| date.to_bytes().to_vec()) {
        assert_eq!(format!("{date}{date:?}"), "(3 bytes)ExpirationDate((3 bytes))");
    }
    assert_rebuilt(data);
    assert_made_of_parts(data);
    assert_afl(data);
    assert_pan(data);
    assert_track2(data);
    assert_track2_text(data);
    assert_hidden(data);
}

/// Reads an element and writes it back.
fn assert_read<'a, E: Element<'a> + Display + Debug>(
    data: &'a [u8],
    write: impl Fn(&E) -> Vec<u8>,
) -> Option<E> {
    match E::from_value(data) {
        Ok(element) => {
            assert_eq!(write(&element), data);
            let shown = format!("{element}{element:?}");
            assert!(!shown.contains('\n') && !format!("{element:#}").is_empty(), "{shown}");
            Some(element)
        }
        Err(error) => {
            let at = usize::try_from(error.offset()).unwrap();
            told::assert_told(error.kind().as_str(), &error);
            let within = at < data.len() || at == 0 && error.kind() == ErrorKind::WrongLength;
            assert!(within, "{error:?}");
            None
        }
    }
}

/// Builds of its parts what was read.
fn assert_rebuilt(data: &[u8]) {
    if let Ok(list) = CvmList::from_value(data) {
        let rules: Vec<_> = list.rules().collect();
        let mut buffer = [UNTOUCHED; 253];
        let again = CvmList::encode_into(list.x(), list.y(), &rules, &mut buffer);
        assert_eq!(again, Ok(list));
        assert_eq!(buffer[data.len()], UNTOUCHED);
    }
    if let Ok(results) = CvmResults::from_value(data) {
        assert_eq!(CvmResults::new(results.rule(), results.result()), results);
    }
    if let Ok(results) = IssuerScriptResults::from_value(data) {
        let scripts: Vec<_> = results.iter().collect();
        let mut buffer = vec![UNTOUCHED; data.len()];
        assert_eq!(IssuerScriptResults::encode_into(&scripts, &mut buffer), Ok(results));
    }
}

/// A fault as the slow readings find it: its kind, and the byte.
type Fault = (ErrorKind, usize);

fn fault(error: Error) -> Fault {
    (error.kind(), usize::try_from(error.offset()).unwrap())
}

fn assert_afl(data: &[u8]) {
    let (locator, entries) = match (Afl::from_value(data), afl(data)) {
        (Ok(locator), Ok(entries)) => (locator, entries),
        (Err(error), Err(due)) => return assert_eq!(fault(error), due),
        (locator, due) => panic!("{locator:?} where {due:?} was due"),
    };
    assert!(locator.entries().eq(entries.iter().copied()));
    let mut records = locator.records();
    for entry in &entries {
        for number in u16::from(entry.first)..=u16::from(entry.last) {
            let record = records.next().unwrap();
            assert_eq!((record.sfi, u16::from(record.number)), (entry.sfi, number));
            let end = u16::from(entry.first) + u16::from(entry.offline_auth_count);
            assert_eq!(record.offline_auth, number < end);
        }
    }
    assert_eq!(records.next(), None);
    let mut buffer = [UNTOUCHED; 252];
    assert_eq!(Afl::encode_into(&entries, &mut buffer), Ok(locator));
    let mut short = vec![UNTOUCHED; data.len() - 1];
    let error = Afl::encode_into(&entries, &mut short).unwrap_err();
    assert_eq!(fault(error), (ErrorKind::BufferTooSmall, 0));
    assert!(short.iter().all(|&byte| byte == UNTOUCHED));
}

fn afl(data: &[u8]) -> Result<Vec<AflEntry>, Fault> {
    if data.is_empty() || !data.len().is_multiple_of(4) || data.len() > 252 {
        return Err((ErrorKind::WrongLength, 0));
    }
    let mut entries = Vec::new();
    for (index, entry) in data.chunks(4).enumerate() {
        let [file, first, last, count] = [0, 1, 2, 3].map(|at| i32::from(entry[at]));
        let rules = [
            file % 8 == 0 && (1..=30).contains(&(file / 8)),
            first >= 1,
            last >= first,
            count <= last - first + 1,
        ];
        if let Some(broken) = rules.iter().position(|holds| !holds) {
            return Err((ErrorKind::InvalidValue, index * 4 + broken));
        }
        let [sfi, first, last, offline_auth_count] = [entry[0] / 8, entry[1], entry[2], entry[3]];
        entries.push(AflEntry { sfi, first, last, offline_auth_count });
    }
    Ok(entries)
}

fn assert_pan(data: &[u8]) {
    let text = hex(data);
    let digits = text.trim_end_matches('F');
    let is_pan = (1..=19).contains(&digits.len())
        && data.len() <= 10
        && digits.bytes().all(|digit| digit.is_ascii_digit());
    let read = Pan::from_value(data);
    assert_eq!(read.is_ok(), is_pan, "{digits}");
    let Ok(pan) = read else { return };
    assert_eq!(pan, Pan::from_text(digits).unwrap());
    assert_shown(&pan, "Pan", digits);
    assert_eq!(Exposed(&pan).to_string(), digits);
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, factor)| u32::from(digit - b'0') * factor)
        .map(|product| product / 10 + product % 10)
        .sum();
    assert_eq!(pan.has_valid_check_digit(), sum.is_multiple_of(10));
}

/// Shows a card number masked and nothing else.
fn assert_shown<T: Display + Debug>(element: &T, name: &str, digits: &str) {
    let masked = match digits.len() {
        1 => "(1 digit)".to_owned(),
        few @ ..15 => format!("({few} digits)"),
        many => format!("{}{}{}", &digits[..6], "*".repeat(many - 10), &digits[many - 4..]),
    };
    assert_eq!(element.to_string(), masked);
    assert_eq!(format!("{element:?}"), format!("{name}({masked})"));
}

fn assert_track2(data: &[u8]) {
    let (track, (pan, rest)) = match (Track2::from_value(data), track2(data)) {
        (Ok(track), Ok(parts)) => (track, parts),
        (Err(error), Err(due)) => return assert_eq!(fault(error), due),
        (track, due) => panic!("{track:?} where {due:?} was due"),
    };
    assert_shown(&track, "Track2", &pan);
    assert_eq!(Exposed(&track).to_string(), format!("{pan}={rest}"));
    assert_eq!(Exposed(&track.pan()).to_string(), pan);
    assert_eq!(Exposed(&track.expiry()).to_string(), rest[..4]);
    let service = track.service_code().digits().map(|digit| digit.to_string()).concat();
    assert_eq!(service, rest[4..7]);
    assert_eq!(Exposed(&track.discretionary()).to_string(), rest[7..]);
    let mut buffer = [UNTOUCHED; 19];
    let built = Track2::encode_into(
        &track.pan(),
        track.expiry(),
        track.service_code(),
        track.discretionary(),
        &mut buffer,
    );
    // With no more fillers than are needed.
    let built = built.unwrap().as_bytes();
    assert!(data.starts_with(built) && data[built.len()..].iter().all(|&byte| byte == 0xFF));
}

/// The digits before the separator and those behind it.
fn track2(data: &[u8]) -> Result<(String, String), Fault> {
    let too_short = (ErrorKind::WrongLength, 0);
    if data.len() > 19 {
        return Err(too_short);
    }
    let text = hex(data);
    let wrong = |at: usize| (ErrorKind::InvalidDigit, at / 2);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let separator = digits(&text);
    if separator > 19 {
        return Err(wrong(19));
    }
    match text.get(separator..=separator) {
        None => return Err(too_short),
        Some("D") if separator > 0 => {}
        Some(_) => return Err(wrong(separator)),
    }
    let rest = &text[separator + 1..];
    let count = digits(rest);
    let end = separator + 1 + count;
    if count < 7 {
        return Err(if count == rest.len() { too_short } else { wrong(end) });
    }
    match text[end..].find(|symbol| symbol != 'F') {
        Some(at) => Err(wrong(end + at)),
        None => Ok((text[..separator].to_owned(), rest[..count].to_owned())),
    }
}

fn assert_track2_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut buffer = [UNTOUCHED; 19];
    match Track2::from_text(&text, &mut buffer) {
        Ok(track) => {
            assert_eq!(Exposed(&track).to_string(), text.replace('D', "="));
            assert_eq!(Track2::from_value(track.as_bytes()), Ok(track));
        }
        Err(error) => {
            let at = usize::try_from(error.offset()).unwrap();
            assert!(at < text.len() || at == 0);
            assert_eq!(buffer, [UNTOUCHED; 19]);
            let parts = text.split(['=', 'D']).collect::<Vec<_>>();
            let is_track = parts.len() == 2
                && text.len() <= 38
                && (1..=19).contains(&parts[0].len())
                && parts[1].len() >= 7
                && parts.concat().bytes().all(|symbol| symbol.is_ascii_digit());
            assert!(!is_track, "{error}");
        }
    }
}

/// Tracks with a card number in them show it masked, and nothing of the rest.
fn assert_hidden(data: &[u8]) {
    let mut choices = Choices::new(data);
    let pan = choices.one_of(&PANS);
    let behind: String = choices.digits(7 + 10).iter().map(|digit| digit.to_string()).collect();
    let mut buffer = [0; 19];
    let track = Track2::from_text(&format!("{pan}={behind}"), &mut buffer).unwrap();
    assert_shown(&track, "Track2", pan);
    let text = format!("B{pan}^TEST/CARD^{behind}");
    let track = Track1::from_value(text.as_bytes()).unwrap();
    assert_shown(&track, "Track1", pan);
    assert_eq!(Exposed(&track).to_string(), text);
    assert_eq!((track.name(), track.discretionary()), ("TEST/CARD", &behind[7..]));
    assert_eq!(Exposed(&track.expiry()).to_string(), behind[..4]);
    assert_eq!(format!("{}{0:?}", track.expiry()), "(4 digits)Expiry((4 digits))");
    let digits = Digits::from_text(&behind).unwrap();
    assert_eq!(format!("{digits}{digits:?}"), "(17 digits)Digits((17 digits))");
    assert_shown(&track.pan(), "Pan", pan);
}
