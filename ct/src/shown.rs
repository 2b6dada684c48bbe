//! The lines of the libraries in which something of a secret may show, and what.
//!
//! A report counts as expected if it is about one of its check's lines and this text still stands there: whoever changes such a line
//! has to look at it again, and a branch anywhere else is a leak. What begins with `fn` is a branch that the compiler has put together
//! of several lines of that function.

pub(crate) struct Shown {
    /// From the repository on.
    pub(crate) file: &'static str,
    pub(crate) text: &'static str,
    pub(crate) what: &'static str,
}

const fn shown(file: &'static str, text: &'static str, what: &'static str) -> Shown {
    Shown { file, text, what }
}

pub(crate) static PIN_BLOCK: Shown =
    shown("pinblock/src/pin_field.rs", "if self.valid.into() {", "whether it holds a PIN");
pub(crate) static FILL: [&Shown; 2] = [
    &shown(
        "pinblock/src/legacy/repeated.rs",
        "same).ct_eq(&0).into() {",
        "whether the fill may stand there",
    ),
    &shown(
        "pinblock/src/legacy/visa3.rs",
        "if fill & 0xF0 != 0 {",
        "whether the fill may stand there",
    ),
];
pub(crate) static SAME_PAN: [&Shown; 2] = [
    &shown(
        "pinblock/src/translate/rules.rs",
        "from.ct_eq(to).into()",
        "whether the PANs are the same",
    ),
    &shown(
        "pinblock/src/translate/rules.rs",
        "!is_same(from, to)",
        "whether the PANs are the same",
    ),
];
pub(crate) static PIN_DIGITS: Shown =
    shown("pinblock/src/pin.rs", "if bad.into() {", "whether all are digits");
pub(crate) static PAN_DIGITS: [&Shown; 2] = [
    &shown("pinblock/src/pan.rs", "if bad.into() {", "whether all are digits"),
    &shown("pinblock/src/pan.rs", "if pan.luhn_valid() {", "whether the check digit is right"),
];
pub(crate) static PIN_REFUSED: Shown =
    shown("pinblock/src/pin_policy.rs", "if self.excludes(pin).into() {", "whether it is excluded");
pub(crate) static PIN_DRAWN: [&Shown; 2] = [
    &shown(
        "pinblock/src/pin/random.rs",
        "if count == length {",
        "how many random nibbles were no digits",
    ),
    &shown("pinblock/src/pin/random.rs", "if policy.check(", "whether one is drawn again"),
];
pub(crate) static PVV_DIGITS: Shown =
    shown("pinblock/src/pvv.rs", "if bad.into() {", "whether all are digits");
pub(crate) static PIN_AGAINST_PVV: Shown =
    shown("pinblock/src/pvv.rs", "if matches.into() {", "whether it is right");
pub(crate) static DECIMALISATION_TABLE: Shown = shown(
    "pinblock/src/ibm3624/decimalisation_table.rs",
    "if bad.into() { Err(Error::DecTable) }",
    "whether all are digits",
);
pub(crate) static TABLE_BALANCE: Shown = shown(
    "pinblock/src/ibm3624/decimalisation_table.rs",
    "if bad.into() { Err(Error::DecTableWeak) }",
    "whether the table is balanced",
);
pub(crate) static VALIDATION_DATA: Shown =
    shown("pinblock/src/ibm3624/validation_data.rs", "if bad.into() {", "whether all are digits");
pub(crate) static OFFSET_DIGITS: [&Shown; 1] = [&PIN_DIGITS];
pub(crate) static PIN_AGAINST_OFFSET: Shown =
    shown("pinblock/src/ibm3624.rs", "if matches.into() {", "whether it is right");

pub(crate) static MAC: Shown =
    shown("dukpt/src/mac/tag.rs", ".ct_eq(mac).into() {", "whether it is right");
pub(crate) static UNIONPAY_MAC: Shown =
    shown("dukpt/src/mac/unionpay.rs", ".ct_eq(mac).into() {", "whether it is right");
// Where the one function is compiled into the other, the verdict shows in the latter.
pub(crate) static SNAPSHOT_SUM: [&Shown; 2] = [
    &shown(
        "dukpt/src/terminal/snapshot.rs",
        "to_bytes() != *checksum",
        "whether the checksum is right",
    ),
    &shown(
        "dukpt/src/terminal/restore.rs",
        "View::<A, N>::read(snapshot)?",
        "whether the checksum is right",
    ),
];

pub(crate) static BLOCK_MAC: [&Shown; 4] = [
    &shown(
        "keyblock/src/protection/kept.rs",
        "if difference.ct_eq(&0).into() {",
        "whether the MAC is right",
    ),
    &shown("keyblock/src/protection/kept.rs", "fn verify", "whether the MAC is right"),
    &shown(
        "keyblock/src/protection/kept.rs",
        "verify(version, &cbc_mac(",
        "whether the MAC is right",
    ),
    &shown("keyblock/src/protection/kept.rs", "verify_cbc_mac(&keys", "whether the MAC is right"),
];
pub(crate) static KEY_RULES: [&Shown; 8] = [
    &shown("keyblock/src/protection/kbpk.rs", "bool::from(difference.ct_eq(&0))", REPEATS),
    &shown("keyblock/src/protection/kbpk.rs", "same(", REPEATS),
    &shown("keyblock/src/layout.rs", "tdes_strength(key) == 56", REPEATS),
    &shown(
        "keyblock/src/layout.rs",
        "!bool::from(has_odd_parity(key))",
        "whether its parity is odd",
    ),
    &shown("keyblock/src/block.rs", "key).is_some_and(|strength| strength > ", REPEATS),
    &shown("keyblock/src/block.rs", "match broken_rule(", "whether its parity is odd"),
    &shown("keyblock/src/wrap.rs", "key).is_some_and(|strength| strength > ", REPEATS),
    &shown("keyblock/src/wrap.rs", "if let Some(rule) = broken_rule(", "whether its parity is odd"),
];
const REPEATS: &str = "whether a TDES key repeats a part";
pub(crate) static KCV: [&Shown; 2] = [
    &shown("keyblock/src/kcv.rs", "bytes.ct_eq(given).into() {", "whether it is right"),
    &shown("keyblock/src/components/ceremony.rs", "?.verify(kcv)?;", "whether it is right"),
];
pub(crate) static KEY_PARITY: Shown =
    shown("keyblock/src/parity.rs", "if has_odd_parity(key).into() {", "whether parity is odd");
pub(crate) static WEAK_KEY: [&Shown; 3] = [
    &shown("keyblock/src/tdes_key.rs", "if degenerate.into() {", "which rule it breaks first"),
    &shown("keyblock/src/tdes_key.rs", "else if weak.into() {", "which rule it breaks first"),
    &shown("keyblock/src/tdes_key.rs", "else if parity.into() {", "which rule it breaks first"),
];
pub(crate) static ZERO_KEY: Shown =
    shown("keyblock/src/components.rs", "any.ct_eq(&0).into() {", "whether the key is zero");
pub(crate) static CEREMONY_ZERO_KEY: Shown = shown(
    "keyblock/src/components/ceremony.rs",
    "any.ct_eq(&0).into() {",
    "whether the key is zero",
);
pub(crate) static SPLIT_ZERO_KEY: Shown = shown(
    "keyblock/src/components/split.rs",
    "if is_zero(key).into() {",
    "whether the key is zero",
);
pub(crate) static SPLIT_STUCK: [&Shown; 2] = [
    &shown(
        "keyblock/src/components/split.rs",
        "if stuck.into() {",
        "whether the generator is stuck",
    ),
    &shown(
        "keyblock/src/components/split.rs",
        "if drawn.is_err() {",
        "whether the generator is stuck",
    ),
];

/// Crates that are not ours: `elliptic-curve` says whether a private key is in its range, `sec1` looks at how a public key begins.
#[cfg(feature = "ecdh")]
pub(crate) static ECDH: [&Shown; 4] = [
    &shown("/src/secret_key.rs", ".into_option()", "whether it is a private key"),
    &shown("/src/secret_key.rs", "if inner.is_zero().into() {", "whether it is a private key"),
    &shown("/src/point.rs", "match byte {", "the public key"),
    &shown("/src/point.rs", "1 + match self {", "the public key"),
];
