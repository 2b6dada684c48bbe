//! What the standard says about optional blocks, a second time: on strings, as the tables have it.

/// Whether the data are what the standard says about the id.
pub(super) fn holds(id: &str, data: &str) -> bool {
    let hex = data.chars().all(|c| c.is_ascii_digit() || ('A'..='F').contains(&c));
    match id {
        "AL" => matches!(data, "0100" | "0101"),
        "BI" => {
            let known = [(12, Some("00")), (10, Some("01"))];
            hex && known.contains(&(data.len(), data.get(..2)))
        }
        "CT" => match data.split_at_checked(2) {
            Some(("02", chain)) => chained(chain),
            Some(("00" | "01", certificate)) => base64(certificate),
            _ => false,
        },
        "DA" => match data.split_at_checked(2) {
            Some(("01", keys)) => {
                let meant = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
                !keys.is_empty() && keys.len() % 5 == 0 && keys.chars().all(meant)
            }
            _ => false,
        },
        "HM" => ["10", "20", "21", "22", "23", "24", "25", "30", "31", "32", "33", "40", "41"]
            .contains(&data),
        "IK" => hex && data.len() == 16,
        "KC" | "KP" | "PK" => {
            let most = match data.get(..2) {
                Some("00") => 3,
                Some("01") => 5,
                _ => 0,
            };
            hex && (1..=most).any(|bytes| data.len() == 2 + 2 * bytes)
        }
        "KS" => hex && matches!(data.len(), 16 | 20),
        "KV" => data.len() == 4,
        "TC" | "TS" => time(data),
        "WP" => matches!(data, "000" | "001" | "002" | "003"),
        _ => true,
    }
}

/// Whether an id with these data may come with a key of this algorithm.
pub(super) fn goes_with(id: &str, data: &str, algorithm: char) -> bool {
    let allowed = match (id, data.get(..2)) {
        ("KS", _) | ("BI", Some("00")) => "TD",
        ("IK", _) | ("BI", Some("01")) => "A",
        ("HM", _) => "H",
        _ => return true,
    };
    allowed.contains(algorithm) || !"ADEHRST".contains(algorithm)
}

fn base64(text: &str) -> bool {
    let digits = text.strip_suffix("==").or(text.strip_suffix('=')).unwrap_or(text);
    let digit = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    text.len().is_multiple_of(4) && !digits.is_empty() && digits.chars().all(digit)
}

fn chained(mut chain: &str) -> bool {
    let mut certificates = 0;
    while !chain.is_empty() {
        let (Some(format), Some(digits)) = (chain.get(..2), chain.get(2..6)) else { return false };
        let lower = digits.contains(|c: char| !c.is_ascii_digit() && !c.is_ascii_uppercase());
        let Ok(len) = usize::from_str_radix(digits, 16) else { return false };
        let Some((certificate, rest)) = chain[6..].split_at_checked(len) else { return false };
        if lower || !matches!(format, "00" | "01") || !base64(certificate) {
            return false;
        }
        certificates += 1;
        chain = rest;
    }
    certificates > 0
}

/// Whether it is a time of calendar and clock.
fn time(text: &str) -> bool {
    let Some(text) = text.strip_suffix('Z') else { return false };
    let plain: String = match text.len() {
        14 | 16 => text.to_owned(),
        19 | 22 => {
            for (place, separator) in
                [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':'), (19, '.')]
            {
                if text[place.min(text.len())..].chars().next().is_some_and(|c| c != separator) {
                    return false;
                }
            }
            text.chars()
                .enumerate()
                .filter(|(at, _)| ![4, 7, 10, 13, 16, 19].contains(at))
                .map(|(_, c)| c)
                .collect()
        }
        _ => return false,
    };
    if !plain.chars().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let number = |from: usize, to: usize| plain[from..to].parse::<u32>().unwrap();
    let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
    let february = if year % 400 == 0 || year % 4 == 0 && year % 100 != 0 { 29 } else { 28 };
    let days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    (1..=12).contains(&month)
        && (1..=days[month as usize - 1]).contains(&day)
        && number(8, 10) < 24
        && number(10, 12) < 60
        && number(12, 14) <= 60
}
