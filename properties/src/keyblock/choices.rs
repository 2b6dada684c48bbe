//! How headers, profiles and keys are cut from an input.

use keyblock::{
    Algorithm, Exportability, Header, KeyContext, KeyUsage, KeyVersion, ModeOfUse, Profile, Rule,
    Version,
};

use crate::choices::Choices;

/// The rules that decide about keys, versions and lengths; those about optional blocks have a property of their own.
const RULES: [Rule; 7] = [
    Rule::NoVersionA,
    Rule::NoVersionC,
    Rule::StrongKbpk,
    Rule::HiddenKeyLength,
    Rule::NoSingleLengthKey,
    Rule::NoDegenerateKey,
    Rule::OddParity,
];

/// `u8` each: version, usage, algorithm, mode, key version, exportability, context.
pub(super) fn header(choices: &mut Choices<'_>) -> Header {
    let standard = KeyUsage::STANDARD.iter().copied();
    let usages: Vec<_> = standard.chain([KeyUsage::Proprietary(*b"10")]).collect();
    let standard = Algorithm::STANDARD.iter().copied();
    let algorithms: Vec<_> = standard.chain([Algorithm::Proprietary(b'5')]).collect();
    let key_versions =
        [KeyVersion::Unused, KeyVersion::Component(b'1'), KeyVersion::Numbered(*b"7Z")];
    let version = choices.one_of(Version::ALL);
    let usage = choices.one_of(&usages);
    let algorithm = choices.one_of(&algorithms);
    let mode = choices.one_of(ModeOfUse::STANDARD);
    let key_version = choices.one_of(&key_versions);
    let exportability = choices.one_of(Exportability::STANDARD);
    let context = choices.one_of(&[KeyContext::Any, KeyContext::Storage, KeyContext::Exchange]);
    Header { key_version, context, ..Header::new(version, usage, algorithm, mode, exportability) }
}

/// `u8`: a bit for each rule.
pub(super) fn profile(choices: &mut Choices<'_>) -> Profile {
    let bits = choices.u8();
    let chosen = RULES.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
    chosen.fold(Profile::LENIENT, |profile, (_, rule)| profile.with(*rule))
}

/// `u8` length, `[u8; 32]` bytes of a protection key for this version; from a length of 128 on its parts are the same.
pub(super) fn kbpk(choices: &mut Choices<'_>, version: Version) -> Vec<u8> {
    let choice = choices.u8();
    let lens: &[usize] = if version.is_aes() { &[16, 24, 32] } else { &[16, 24] };
    let mut kbpk = choices.array::<32>().to_vec();
    if choice >= 128 {
        let part: [u8; 8] = kbpk[..8].try_into().unwrap();
        kbpk = part.repeat(4);
    }
    kbpk.truncate(lens[usize::from(choice) % lens.len()]);
    kbpk
}
