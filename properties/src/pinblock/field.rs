//! The 8 bytes that all formats have in common, read a second time: nibble by nibble, with branches.

/// What may fill up a PIN field.
#[derive(Clone, Copy)]
pub(super) enum Fill {
    Only(u8),
    Letters,
    Any,
}

/// The PIN in a field and the nibbles that fill it up, if the field is sound.
pub(super) fn read(field: &[u8; 8], control: u8, fill: Fill) -> Option<(String, Vec<u8>)> {
    let nibbles: Vec<u8> = field.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect();
    if nibbles[0] != control || !(4..=12).contains(&nibbles[1]) {
        return None;
    }
    let (digits, filled) = nibbles[2..].split_at(nibbles[1].into());
    let is_filled = filled.iter().all(|&nibble| match fill {
        Fill::Only(only) => nibble == only,
        Fill::Letters => nibble >= 10,
        Fill::Any => true,
    });
    let pin: Option<String> =
        digits.iter().map(|&digit| char::from_digit(digit.into(), 10)).collect();
    pin.filter(|_| is_filled).map(|pin| (pin, filled.to_vec()))
}

/// A block without the PAN that it is bound to: 12 digits before the check digit, zeros before them if there are fewer.
pub(super) fn xor_pan(block: &[u8; 8], pan: &[u8]) -> [u8; 8] {
    let mut nibbles = [0; 16];
    let digits = pan[..pan.len() - 1].iter().rev();
    nibbles.iter_mut().rev().take(12).zip(digits).for_each(|(nibble, digit)| *nibble = *digit);
    let mut clear = *block;
    clear
        .iter_mut()
        .zip(nibbles.chunks(2))
        .for_each(|(byte, pair)| *byte ^= pair[0] << 4 | pair[1]);
    clear
}
