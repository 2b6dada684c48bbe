//! What was done to a key block on its way into the command line, where undoing it makes a block again.

use keyblock::{KeyBlock, Profile};

/// Characters before a block that are looked past: a letter of a security module, a quotation mark, a byte order mark.
const MOST_BEFORE: usize = 4;

/// How a text that cannot be read becomes one that can; nothing where no way is known.
pub(super) fn of(text: &[u8]) -> Option<String> {
    if let [b'S', b'0' | b'1', rest @ ..] = text
        && rest.get(..4).is_some_and(|length| length.iter().all(u8::is_ascii_digit))
    {
        return Some("this is a Thales key block, which is another format".to_owned());
    }
    let mut steps = Vec::new();
    let mut copy = text.to_vec();
    let mut step = |words: &str, copy: &mut Vec<u8>, undone: Vec<u8>| {
        if *copy != undone {
            *copy = undone;
            steps.push(words.to_owned());
        }
        readable(copy).then(|| told(&steps))
    };
    let dense: Vec<u8> = copy.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
    if let Some(hint) = step("without white space", &mut copy, dense) {
        return Some(hint);
    }
    for upper in [false, true] {
        if upper {
            let raised = copy.to_ascii_uppercase();
            if let Some(hint) = step("in upper case", &mut copy, raised) {
                return Some(hint);
            }
        }
        for before in 0..=MOST_BEFORE {
            let rest = copy.get(before..).unwrap_or_default();
            // A quotation mark at the end as well.
            let end = rest
                .iter()
                .rposition(u8::is_ascii_alphanumeric)
                .map_or(0, |at| at.saturating_add(1));
            let block = rest.get(..end).unwrap_or_default();
            if readable(block) {
                let words = match before {
                    0 => "without what stands behind it".to_owned(),
                    1 => "without the character before it".to_owned(),
                    _ => format!("without the {before} characters before it"),
                };
                steps.push(words);
                return Some(told(&steps));
            }
        }
    }
    None
}

fn readable(text: &[u8]) -> bool {
    KeyBlock::parse(text, Profile::LENIENT).is_ok()
}

fn told(steps: &[String]) -> String {
    format!("this is a key block {}", steps.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A27E8E31DA05F7425509593D03A457DC34";

    #[test]
    fn what_was_done_is_told() {
        let (head, rest) = BLOCK.split_at(16);
        for (text, hint) in [
            (format!("{head} {rest}"), "without white space"),
            (format!("{head}\t{rest}"), "without white space"),
            (BLOCK.to_ascii_lowercase(), "in upper case"),
            (format!("{head} {rest}").to_ascii_lowercase(), "without white space, in upper case"),
            (format!("R{BLOCK}"), "without the character before it"),
            (
                format!("r{}", BLOCK.to_ascii_lowercase()),
                "in upper case, without the character before it",
            ),
            (format!("\"{BLOCK}\""), "without the character before it"),
            (format!("{BLOCK}\";"), "without what stands behind it"),
            (format!("\u{FEFF}{BLOCK}"), "without the 3 characters before it"),
        ] {
            let expected = format!("this is a key block {hint}");
            assert_eq!(of(text.as_bytes()), Some(expected), "{text}");
        }
        let thales = of(b"S1009651TN00S0000").unwrap();
        assert!(thales.contains("Thales"), "{thales}");
    }

    #[test]
    fn what_is_cut_or_changed_has_no_hint() {
        for end in 0..BLOCK.len() {
            assert_eq!(of(&BLOCK.as_bytes()[..end]), None, "{end}");
        }
        assert_eq!(of(BLOCK.replace("P0AE", "P0?E").as_bytes()), None);
        assert_eq!(of(format!("{BLOCK}00").as_bytes()), None);
    }
}
