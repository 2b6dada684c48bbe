//! The legacy formats once more, slow and obvious: a block is a string of hex digits.

/// The PAN digits that VISA-4 takes, as a block.
fn leftmost(pan: &str) -> String {
    let without_check = &pan[..pan.len() - 1];
    format!("0000{:0>12}", &without_check[..without_check.len().min(12)])
}

fn rightmost(pan: &str) -> String {
    let padded = format!("{:0>12}", &pan[..pan.len() - 1]);
    format!("0000{}", &padded[padded.len() - 12..])
}

fn xor(left: &str, right: &str) -> String {
    let digit = |c: char| c.to_digit(16).unwrap();
    left.chars().zip(right.chars()).map(|(l, r)| format!("{:X}", digit(l) ^ digit(r))).collect()
}

/// How many nibbles of fill a format wants for a PIN, sequence number included; none if it does not take the PIN.
pub(crate) fn fill_length(format: &str, pin: &str) -> Option<usize> {
    match (format, pin.len()) {
        ("ansi" | "eci1" | "visa1" | "visa4", _) => Some(0),
        ("eci4", length) => Some(14 - length),
        ("eci2", 4) => Some(12),
        ("eci3" | "visa2" | "docutel2", 4..=6) => Some(9),
        ("visa3" | "oem1" | "diebold" | "ibm3624", _) => Some(1),
        ("ibm3621", 4..=11) => Some(5),
        ("ibm4704epp", _) => Some(3),
        _ => None,
    }
}

/// Lays out a block, or refuses the fill.
pub(crate) fn encode(format: &str, pin: &str, pan: &str, fill: &str) -> Option<String> {
    let cut = |text: String| text[..16].to_owned();
    let f = "F".repeat(16);
    match format {
        "ansi" | "eci1" | "visa1" => {
            Some(xor(&cut(format!("0{:X}{pin}{f}", pin.len())), &rightmost(pan)))
        }
        "visa4" => Some(xor(&cut(format!("0{:X}{pin}{f}", pin.len())), &leftmost(pan))),
        "eci4" => Some(format!("1{:X}{pin}{fill}", pin.len())),
        "eci2" => Some(format!("{pin}{fill}")),
        "eci3" => Some(format!("{}{pin:0<6}{fill}", pin.len())),
        "visa2" | "docutel2" => {
            let decimal = fill.chars().all(|c| c.is_ascii_digit());
            decimal.then(|| format!("{}{pin:0<6}{fill}", pin.len()))
        }
        "visa3" => Some(cut(format!("{pin}F{}", fill.repeat(16)))),
        "oem1" | "diebold" | "ibm3624" => {
            (!pin.contains(fill)).then(|| cut(format!("{pin}{}", fill.repeat(16))))
        }
        "ibm3621" => {
            let (sequence, fill) = fill.split_at(4);
            (!pin.contains(fill)).then(|| cut(format!("{sequence}{pin}{}", fill.repeat(16))))
        }
        "ibm4704epp" => {
            let (fill, sequence) = fill.split_at(1);
            let filled = format!("{:X}{pin}{}", pin.len(), fill.repeat(16));
            Some(format!("{}{sequence}", &filled[..14]))
        }
        other => panic!("{other}"),
    }
}

fn pin(digits: &str) -> Option<String> {
    let sound = (4..=12).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    sound.then(|| digits.to_owned())
}

fn all(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    text.chars().all(allowed)
}

fn length(block: &str, longest: usize) -> Option<usize> {
    let length = usize::from_str_radix(&block[..1], 16).unwrap();
    (4..=longest).contains(&length).then_some(length)
}

/// Reads a block.
pub(crate) fn decode(format: &str, block: &str, pan: &str) -> Option<String> {
    let last = block.chars().last().unwrap();
    match format {
        "ansi" | "eci1" | "visa1" => controlled('0', &xor(block, &rightmost(pan)), |c| c == 'F'),
        "visa4" => controlled('0', &xor(block, &leftmost(pan)), |c| c == 'F'),
        "eci4" => controlled('1', block, |_| true),
        "eci2" => pin(&block[..4]),
        "eci3" | "visa2" | "docutel2" => {
            let (digits, zeros) = block[1..7].split_at(length(block, 6)?);
            let sound = all(zeros, |c| c == '0')
                && (format == "eci3" || all(&block[7..], |c| c.is_ascii_digit()));
            pin(digits).filter(|_| sound)
        }
        "visa3" => {
            let (digits, fill) = block.split_once('F')?;
            pin(digits).filter(|_| all(fill, |c| c == last))
        }
        "oem1" | "diebold" | "ibm3624" => pin(block.trim_end_matches(last)),
        "ibm3621" => pin(block[4..].trim_end_matches(last)),
        "ibm4704epp" => {
            let (digits, fill) = block[1..14].split_at(length(block, 12)?);
            pin(digits).filter(|_| all(fill, |c| fill.starts_with(c)))
        }
        other => panic!("{other}"),
    }
}

fn controlled(control: char, block: &str, fill: impl Fn(char) -> bool) -> Option<String> {
    let (digits, rest) = block[2..].split_at(length(&block[1..], 12)?);
    pin(digits).filter(|_| block.starts_with(control) && all(rest, fill))
}
