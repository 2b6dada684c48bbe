//! Which modes of use go with which usage, and which values of a field allow less than another.

use super::{Exportability, KeyUsage, ModeOfUse};

impl KeyUsage {
    /// The modes of use that go with a symmetric usage, N included; none for usages of key pairs, for P1, I0 and V3 to V5, and for proprietary
    /// ones.
    ///
    /// | usages | modes |
    /// |---|---|
    /// | D0, D2, D3, K0, K1, K4, P0 | B, D, E, N |
    /// | C0, M0 to M8, V0, V1, V2 | C, G, V, N |
    /// | B0, B1, B3, E0 to E6 | X, N |
    ///
    /// Source: ANSI X9.143:2021, 6.3.1, table 2, as far as key management services publish which combinations they take.
    #[must_use]
    pub const fn modes(self) -> &'static [ModeOfUse] {
        use ModeOfUse as Mode;
        match self {
            Self::DataEncryption
            | Self::DecimalisationTable
            | Self::SensitiveData
            | Self::KeyEncryption
            | Self::KeyBlockProtection
            | Self::Iso20038Protection
            | Self::PinEncryption => {
                &[Mode::EncryptAndDecrypt, Mode::DecryptOnly, Mode::EncryptOnly, Mode::Unrestricted]
            }
            Self::CardVerification
            | Self::MacIso16609
            | Self::MacAlgorithm1
            | Self::MacAlgorithm2
            | Self::MacAlgorithm3
            | Self::MacAlgorithm4
            | Self::MacAlgorithm5Legacy
            | Self::Cmac
            | Self::Hmac
            | Self::MacAlgorithm6
            | Self::PinVerification
            | Self::PinVerificationIbm3624
            | Self::PinVerificationVisaPvv => {
                &[Mode::GenerateAndVerify, Mode::GenerateOnly, Mode::VerifyOnly, Mode::Unrestricted]
            }
            Self::BaseDerivation
            | Self::InitialDukpt
            | Self::KeyDerivation
            | Self::EmvApplicationCryptogram
            | Self::EmvConfidentiality
            | Self::EmvIntegrity
            | Self::EmvDataAuthenticationCode
            | Self::EmvDynamicNumbers
            | Self::EmvPersonalisation
            | Self::EmvOther => &[Mode::Derive, Mode::Unrestricted],
            _ => &[],
        }
    }
}

impl ModeOfUse {
    /// Whether this mode allows, to a key of the usage, all that the other one does.
    ///
    /// B allows what D and E do, C what G and V do, T what S and D do, N whatever [goes with the usage](KeyUsage::modes); each allows what it does
    /// itself. A mode that does not go with a symmetric usage allows nothing else: a PIN key of mode T, which nobody takes, must not become one
    /// of mode D.
    #[must_use]
    pub fn covers(self, other: Self, usage: KeyUsage) -> bool {
        let modes = usage.modes();
        if !modes.is_empty() && !modes.contains(&self) {
            return self == other;
        }
        match (self, other) {
            (Self::Unrestricted, _) => self == other || modes.contains(&other),
            (Self::EncryptAndDecrypt, Self::EncryptOnly | Self::DecryptOnly)
            | (Self::GenerateAndVerify, Self::GenerateOnly | Self::VerifyOnly)
            | (Self::SignAndDecrypt, Self::SignOnly | Self::DecryptOnly) => true,
            _ => self == other,
        }
    }
}

impl Exportability {
    /// Whether this exportability allows all that the other one does: S what E does, both and proprietary ones what N does, each what it does itself.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        match (self, other) {
            (_, Self::NonExportable) | (Self::Sensitive, Self::Exportable) => true,
            _ => self == other,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::format;
    use std::string::ToString;
    use std::vec::Vec;

    // Written as text, from what key management services publish (AWS Payment Cryptography, "Understanding key attributes"; IBM CCA, "TR-31 key
    // block header"); B3, D2, D3, K4 and the MACs that they leave out by analogy.
    const MODES: &[(&str, &str)] = &[
        ("D0 D2 D3 K0 K1 K4 P0", "BDEN"),
        ("C0 M0 M1 M2 M3 M4 M5 M6 M7 M8 V0 V1 V2", "CGVN"),
        ("B0 B1 B3 E0 E1 E2 E3 E4 E5 E6", "XN"),
        ("B2 D1 E7 I0 K2 K3 P1 S0 S1 S2 V3 V4 V5 10", ""),
    ];

    #[test]
    fn modes_are_those_of_a_table() {
        let mut seen = 0;
        for (usages, modes) in MODES {
            for code in usages.split(' ') {
                let usage = KeyUsage::from_code(code.as_bytes().try_into().unwrap()).unwrap();
                let listed: Vec<u8> = usage.modes().iter().map(|mode| mode.code()).collect();
                assert_eq!(listed, modes.as_bytes(), "{code}");
                seen += 1;
            }
        }
        assert_eq!(seen, KeyUsage::STANDARD.len() + 1);
    }

    #[test]
    fn a_mode_covers_what_a_table_says() {
        let table = |usage: KeyUsage, mode: u8| {
            let of_usage = MODES
                .iter()
                .find(|(usages, _)| usages.split(' ').any(|code| code.as_bytes() == usage.code()));
            let (_, of_usage) = of_usage.unwrap();
            let alone = !of_usage.is_empty() && !of_usage.contains(char::from(mode));
            match mode {
                _ if alone => char::from(mode).to_string(),
                b'B' => "BDE".to_string(),
                b'C' => "CGV".to_string(),
                b'T' => "TSD".to_string(),
                b'N' => format!("N{of_usage}"),
                other => char::from(other).to_string(),
            }
        };
        let modes = || ModeOfUse::STANDARD.iter().copied().chain([ModeOfUse::Proprietary(b'1')]);
        for &usage in KeyUsage::STANDARD.iter().step_by(if cfg!(miri) { 12 } else { 1 }) {
            for one in modes() {
                for other in modes() {
                    let covered = table(usage, one.code()).contains(char::from(other.code()));
                    assert_eq!(one.covers(other, usage), covered, "{usage} {one} {other}");
                }
            }
        }
    }

    #[test]
    fn exportability_goes_from_s_over_e_to_n() {
        let covered = |code| match code {
            b'S' => "SEN",
            b'E' => "EN",
            b'N' => "N",
            b'1' => "1N",
            _ => "2N",
        };
        for one in *b"SEN12" {
            for other in *b"SEN12" {
                let [first, second] =
                    [one, other].map(|code| Exportability::from_code(code).unwrap());
                let expected = covered(one).contains(char::from(other));
                assert_eq!(first.covers(second), expected, "{first} {second}");
            }
        }
    }
}
