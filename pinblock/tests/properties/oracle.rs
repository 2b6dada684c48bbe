//! The formats once more, slow and obvious: a block is a string of hex digits.

/// What stands in the places of fill.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fill {
    F,
    A,
    Letters,
    Any,
}

impl Fill {
    fn allows(self, nibble: char) -> bool {
        match self {
            Self::F => nibble == 'F',
            Self::A => nibble == 'A',
            Self::Letters => ('A'..='F').contains(&nibble),
            Self::Any => nibble.is_ascii_hexdigit(),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

pub(crate) fn xor(left: &str, right: &str) -> String {
    assert_eq!(left.len(), right.len());
    let digit = |c: char| c.to_digit(16).unwrap();
    left.chars().zip(right.chars()).map(|(l, r)| format!("{:X}", digit(l) ^ digit(r))).collect()
}

/// Control, length, digits, then the first nibbles of `fill` up to 16.
pub(crate) fn encode(control: char, pin: &str, fill: &str) -> String {
    let mut block = format!("{control}{:X}{pin}{fill}", pin.len());
    block.truncate(16);
    block
}

pub(crate) fn decode(control: char, block: &str, fill: Fill) -> Option<String> {
    let length = usize::from_str_radix(&block[1..2], 16).unwrap();
    if !block.starts_with(control) || !(4..=12).contains(&length) {
        return None;
    }
    let (pin, rest) = block[2..].split_at(length);
    let sound = pin.chars().all(|c| c.is_ascii_digit()) && rest.chars().all(|c| fill.allows(c));
    sound.then(|| pin.to_owned())
}

/// The PAN as formats 0 and 3 want it.
pub(crate) fn pan_12(pan: &str) -> String {
    let without_check = &pan[..pan.len() - 1];
    let padded = format!("{without_check:0>12}");
    format!("0000{}", &padded[padded.len() - 12..])
}

/// The PAN as format 4 wants it.
pub(crate) fn pan_field(pan: &str) -> String {
    let padded = format!("{pan:0>12}");
    let field = format!("{:X}{padded}", padded.len() - 12);
    format!("{field:0<32}")
}

/// The PAN, key index and PIN as the PVV wants them.
pub(crate) fn pvv_input(pan: &str, pvki: u8, pin: &str) -> String {
    format!("{}{pvki}{}", &pan_12(pan)[5..], &pin[..4])
}

pub(crate) fn decimalise(enciphered: &str) -> String {
    let digits = enciphered.chars().filter(char::is_ascii_digit);
    let letters = enciphered.chars().filter_map(|c| match c {
        'A' => Some('0'),
        'B' => Some('1'),
        'C' => Some('2'),
        'D' => Some('3'),
        'E' => Some('4'),
        'F' => Some('5'),
        _ => None,
    });
    digits.chain(letters).take(4).collect()
}

pub(crate) fn luhn(pan: &str) -> bool {
    let sum: u32 = pan
        .chars()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| digit.to_digit(10).unwrap() * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}
