//! Message types on their four digits, and rules about what a type carries.

use iso8583_wire::{
    Bitmap, Condition, Error, ErrorKind, MessageClass, MessageRef, Mti, MtiRule, Origin, Path,
    Presence, Rules, Version,
};

/// A message type says of its digits what a table says, and turns into the types that a table gives.
pub(super) fn assert_mti(mti: Mti) {
    let text = mti.to_string();
    assert_eq!((text.parse(), mti.digits().as_slice()), (Ok(mti), text.as_bytes()));
    let digits: Vec<u8> = text.bytes().map(|digit| digit - b'0').collect();
    let [version, class, function, origin] = digits[..] else { panic!("{text}") };
    let with = |class: u8, function: u8, origin: u8| {
        format!("{version}{class}{function}{origin}").parse::<Mti>().ok()
    };
    let is_reserved = |named: bool, at: u8, most: u8| assert_eq!(named, at > most);
    is_reserved(matches!(mti.origin(), Origin::Reserved(_)), origin, 5);
    is_reserved(matches!(mti.class(), MessageClass::Reserved(_)), class.wrapping_sub(1), 7);
    assert_eq!(mti.version() == Version::V2003, version == 2);
    let first = origin / 2 * 2;
    assert_eq!(mti.is_repeat(), origin < 6 && origin % 2 == 1);
    assert_eq!(mti.first_sending(), with(class, function, first).filter(|_| origin < 6));
    assert_eq!(mti.repeat(), with(class, function, first + 1).filter(|_| origin < 6));
    let advice = with(class, 2, first).filter(|_| origin < 6 && matches!(function, 0 | 2));
    assert_eq!(mti.advice(), advice);
    let reversal = with(4, 2, first).filter(|_| advice.is_some() && matches!(class, 1 | 2 | 4));
    assert_eq!(mti.reversal_advice(), reversal);
    assert_eq!(
        mti.request(),
        with(class, function.wrapping_sub(1), origin).filter(|_| mti.is_response())
    );
    let answers = [0, 2].contains(&function) || version == 2 && [4, 6].contains(&function);
    let response = with(class, function + 1, first).filter(|_| origin < 6 && answers);
    assert_eq!(mti.response(), response);
}

/// Rules about any fields of a message: what they require, forbid and close is what the message has.
pub(super) fn assert_rules(message: &MessageRef<'_, '_>, wrong_values: usize) {
    let digits = message.mti().digits();
    let [version, class, function, origin] = digits;
    let other = if version == b'9' { b'0' } else { version + 1 };
    let carried: Vec<u16> = message.carried().iter().collect();
    let absent = (2..=192).find(|number| !carried.contains(number)).unwrap_or(193);
    let first = carried.first().copied().unwrap_or(absent);
    let text: String =
        message.get(first).map_or(String::new(), |field| field.characters().take(2).collect());
    let begins_with_nul =
        message.get(first).is_some_and(|field| field.characters().next() == Some('\0'));
    let conditions = [
        (Condition::Carries(first), carried.contains(&first)),
        (Condition::Carries(absent), false),
        (Condition::Lacks(absent), true),
        (Condition::Begins(first, &text), carried.contains(&first)),
        (Condition::Begins(first, "\u{0}"), begins_with_nul),
    ];
    for number in [first, absent] {
        let is_there = carried.contains(&number);
        let mut cases = vec![
            (Presence::Mandatory, (!is_there).then_some(false)),
            (Presence::Optional, None),
            (Presence::Forbidden, is_there.then_some(true)),
        ];
        for (condition, holds) in conditions {
            cases.push((Presence::MandatoryIf(condition), (holds && !is_there).then_some(false)));
            cases.push((Presence::ForbiddenIf(condition), (holds && is_there).then_some(true)));
            cases.push((Presence::OnlyIf(condition), (holds != is_there).then_some(is_there)));
        }
        for (presence, due) in cases {
            let fields = [(number, presence)];
            let patterns = [
                ([version, class, function, origin], true),
                ([b'x', class, b'x', b'x'], true),
                ([other, class, b'x', b'x'], false),
            ];
            // What applies has nothing to do with what is asked for.
            let count = if presence == Presence::Mandatory { patterns.len() } else { 1 };
            for (pattern, applies) in patterns.into_iter().take(count) {
                let Ok(rule) = MtiRule::try_new(&pattern, &fields) else {
                    assert_eq!(number, 193);
                    continue;
                };
                assert_eq!(MtiRule::new(&pattern, &fields), rule);
                let due = due.filter(|_| applies);
                assert_violated(message, rule, wrong_values, due.map(|is| (number, is)).as_slice());
                let unnamed = carried.iter().filter(|other| **other != number && applies);
                let closed: Vec<_> = due
                    .map(|is| (number, is))
                    .into_iter()
                    .chain(unnamed.map(|n| (*n, true)))
                    .collect();
                assert_violated(message, rule.closed(), wrong_values, &closed);
            }
        }
    }
    let wrong = |pattern: &[u8; 4], fields| MtiRule::try_new(pattern, fields).unwrap_err();
    assert_eq!(wrong(b"0X00", &[]).kind(), ErrorKind::InvalidMti);
    assert_eq!(wrong(b"0x00", &[(0, Presence::Optional)]).kind(), ErrorKind::UndefinedField);
}

/// Asserts that a rule is broken for these fields, each missing or forbidden, behind as many wrong values.
fn assert_violated(
    message: &MessageRef<'_, '_>,
    rule: MtiRule<'_>,
    wrong_values: usize,
    due: &[(u16, bool)],
) {
    let mut found: Vec<Error> = Vec::new();
    let rules = [rule];
    let is_valid = message.validate(&Rules::new(&rules), |error| found.push(error));
    assert_eq!(is_valid, found.is_empty());
    let found: Vec<_> = found
        .iter()
        .skip(wrong_values)
        .map(|error| {
            let is_forbidden = error.kind() == ErrorKind::ForbiddenField;
            assert!(is_forbidden || error.kind() == ErrorKind::MissingField);
            assert!(!error.to_string().is_empty() && !error.kind().as_str().is_empty());
            (error.path(), is_forbidden)
        })
        .collect();
    let due: Vec<_> = due.iter().map(|&(number, is)| (Path::from(number), is)).collect();
    assert_eq!(found, due);
}

/// Any text as a path: refused, or one that is shown as it was, but for zeros in front.
pub(super) fn assert_path(text: &str) {
    let numbers: Option<Vec<u16>> = text
        .split('.')
        .map(|number| {
            let is_number = !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
            number.parse().ok().filter(|number| is_number && *number != u16::MAX)
        })
        .collect();
    let numbers = numbers.filter(|numbers| numbers.len() <= 4);
    match (text.parse::<Path>(), numbers) {
        (Ok(path), Some(numbers)) => {
            assert_eq!(path.numbers(), numbers);
            assert_eq!(path.to_string().parse(), Ok(path));
            assert!(!format!("{path:?}").is_empty());
        }
        (Ok(path), None) => assert!(path == Path::MTI || path == Path::BITMAP),
        (Err(error), numbers) => {
            assert_eq!((error.kind(), numbers), (ErrorKind::InvalidPath, None))
        }
    }
    for path in [Path::MTI, Path::BITMAP, Path::from([1, 2, 3, 4])] {
        assert_eq!(path.to_string().parse(), Ok(path));
    }
    assert!(Path::from([1, 2, 3, 4, 5]).to_string().ends_with(".."));
}

/// The fields of a message as a set.
pub(super) fn assert_set(carried: Bitmap) {
    let numbers: Vec<u16> = carried.into_iter().collect();
    assert_eq!(Bitmap::of(&numbers), carried);
    assert_eq!((carried.is_empty(), carried.len()), (numbers.is_empty(), numbers.len()));
    assert_eq!(Bitmap::of(&[0, 193, u16::MAX]), Bitmap::EMPTY);
}
