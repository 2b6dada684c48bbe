//! What is told of blocks that are wrong.

use keyblock::{
    ContentsFault, Error, HeaderField, KeyBlock, KeyContext, OptionalBlockFault, Profile, Rule,
    Version,
};

use crate::told::assert_told;

/// Where the fields of a header begin, character by character.
const BEGINS: [u16; 16] = [0, 1, 1, 1, 1, 5, 5, 7, 8, 9, 9, 11, 12, 12, 14, 15];

/// A character that no field has makes the header wrong at that field, whichever it is; a text cut in it is too short.
pub(super) fn assert_header_refused(whole: &[u8]) {
    for (at, begin) in BEGINS.into_iter().enumerate() {
        let mut wrong = whole.to_vec();
        wrong[at] = b'!';
        let error = KeyBlock::parse(&wrong, Profile::LENIENT).unwrap_err();
        let Error::Header(field) = error else { panic!("{error:?} at {at}") };
        assert_eq!((field.offset(), error.offset()), (begin, Some(begin)));
        assert!(error.to_string().contains(field.name()), "{error}");
        told(error);
        told(KeyBlock::parse(&whole[..at], Profile::LENIENT).unwrap_err());
    }
    let mut lying = whole.to_vec();
    lying.push(b'0');
    told(KeyBlock::parse(&lying, Profile::LENIENT).unwrap_err());
}

/// One line that gives a place within a block, and a rule only where one is broken.
pub(super) fn told(error: Error) {
    assert_told(error.as_str(), &error);
    assert!(error.offset().is_none_or(|offset| offset < 10_000));
    if let Some(rule) = error.rule() {
        assert!(matches!(error, Error::Rule { .. } | Error::Contents { .. }));
        assert!(Rule::ALL.contains(&rule) && rule.as_str() == rule.as_str().to_lowercase());
    }
}

/// Every error has a name and a line.
pub(super) fn assert_all_told(number: u16) {
    use ContentsFault as Fault;
    let offset = number % 9_999;
    let multiple = 8;
    let plain = [
        Error::TooLong,
        Error::KbpkLength,
        Error::MacMismatch,
        Error::KeyLengthField,
        Error::KeyLength,
        Error::PadLength,
        Error::Rng,
        Error::UsageMismatch,
        Error::AlgorithmMismatch,
        Error::ModeMismatch,
        Error::KeyComponent,
        Error::NotExportable,
        Error::ExportWidens,
        Error::InitialKeyIdMissing,
        Error::InitialKeyIdMismatch,
        Error::ComponentCount,
        Error::ComponentLength,
        Error::ZeroKey,
        Error::KcvLength,
        Error::KcvMismatch,
        Error::Parity,
        Error::DegenerateKey,
        Error::WeakKey,
        Error::Variant,
        Error::OutputLength,
        Error::PrivateKey,
        Error::PublicKey,
        Error::SharedInfo,
        Error::UnknownName,
        Error::SelfTest,
        Error::TooShort { needed: offset },
        Error::BlockLength { stated: offset, actual: offset.into() },
        Error::OptionalBlocksLength { len: offset, multiple },
        Error::EncipheredLength { len: offset, multiple },
        Error::KeyNotHex { offset },
        Error::MacNotHex { offset },
        Error::BufferTooSmall { needed: offset },
    ];
    let versions = Version::ALL
        .iter()
        .flat_map(|&version| [Error::KbpkAlgorithm { version }, Error::KeptVersion { version }]);
    let rules = Rule::ALL.iter().map(|&rule| Error::Rule { rule, offset });
    let faults = [
        OptionalBlockFault::Cut,
        OptionalBlockFault::Id,
        OptionalBlockFault::LengthNotHex,
        OptionalBlockFault::LengthTooSmall,
        OptionalBlockFault::ExtendedLength,
        OptionalBlockFault::Character,
    ];
    let blocks = faults.into_iter().map(|fault| Error::OptionalBlock { fault, offset });
    let faults = [
        Fault::Length,
        Fault::NotHex,
        Fault::NotBase64,
        Fault::Version,
        Fault::Value,
        Fault::Time,
        Fault::Algorithm,
    ];
    let contents = faults
        .into_iter()
        .flat_map(|fault| [*b"KS", *b"CT"].map(|id| Error::Contents { id, fault, offset }));
    let fields = [HeaderField::Version, HeaderField::Reserved].map(Error::Header);
    let all = plain.into_iter().chain(versions).chain(rules).chain(blocks);
    all.chain(contents).chain(fields).for_each(told);
    for context in [KeyContext::Any, KeyContext::Storage, KeyContext::Exchange] {
        assert_eq!(KeyContext::from_code(context.code()), Some(context));
        assert!(!context.name().is_empty());
    }
    for (profile, rule) in Rule::ALL.iter().map(|&rule| (Profile::X9_143.without(rule), rule)) {
        assert!(!profile.has(rule) && profile.with(rule).has(rule));
    }
}
