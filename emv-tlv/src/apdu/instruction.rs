//! Which command it is.

use super::Command;
use core::fmt;

macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident $text:literal;)+) => {
        /// A command of EMV, by its class and instruction bytes.
        ///
        /// Source: EMV 4.4 Book 3, 6.3.2; EMV Contactless Book C-2 for the last three.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Instruction {
            $($(#[$doc])* $name,)+
        }

        impl fmt::Display for Instruction {
            /// The name as the books write it: `READ RECORD`.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {
                    $(Self::$name => $text,)+
                })
            }
        }
    };
}

instructions! {
    /// Selects an application or a directory by its name.
    Select "SELECT";
    /// Reads a record of a file.
    ReadRecord "READ RECORD";
    /// Begins the transaction.
    GetProcessingOptions "GET PROCESSING OPTIONS";
    /// Asks for a cryptogram over the transaction.
    GenerateAc "GENERATE AC";
    /// Asks for a signature over a challenge.
    InternalAuthenticate "INTERNAL AUTHENTICATE";
    /// Brings the issuer's cryptogram.
    ExternalAuthenticate "EXTERNAL AUTHENTICATE";
    /// Reads an object that stands in no record.
    GetData "GET DATA";
    /// Brings a PIN or a biometric template.
    Verify "VERIFY";
    /// Asks for a random number.
    GetChallenge "GET CHALLENGE";
    /// Fetches what the card has ready, under T=0.
    GetResponse "GET RESPONSE";
    /// Blocks the application: of an issuer script.
    ApplicationBlock "APPLICATION BLOCK";
    /// Unblocks the application: of an issuer script.
    ApplicationUnblock "APPLICATION UNBLOCK";
    /// Blocks the card for good: of an issuer script.
    CardBlock "CARD BLOCK";
    /// Changes or unblocks the PIN: of an issuer script.
    PinChangeUnblock "PIN CHANGE/UNBLOCK";
    /// Writes an object that stands in no record: of an issuer script.
    PutData "PUT DATA";
    /// Writes a record of a file: of an issuer script.
    UpdateRecord "UPDATE RECORD";
    /// Asks for the checksums of a magnetic stripe.
    ComputeCryptographicChecksum "COMPUTE CRYPTOGRAPHIC CHECKSUM";
    /// Measures how far away the card is.
    ExchangeRelayResistanceData "EXCHANGE RELAY RESISTANCE DATA";
    /// Asks again for the cryptogram of a torn transaction.
    RecoverAc "RECOVER AC";
}

impl Command<'_> {
    /// Which command of EMV it is; none if it is none of them.
    ///
    /// Channel, chaining and secure messaging make no difference. Commands of issuer scripts and GET DATA are known in
    /// the interindustry class and in EMV's own, because issuers use both.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::apdu::{Command, Instruction};
    ///
    /// let command = Command::parse(&[0x84, 0x1E, 0x00, 0x00, 0x04, 1, 2, 3, 4])?;
    /// assert_eq!(command.instruction(), Some(Instruction::ApplicationBlock));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    #[must_use]
    pub const fn instruction(&self) -> Option<Instruction> {
        let interindustry = match self.cla {
            0x00..=0x1F | 0x40..=0x7F => true,
            0x80..=0x9F => false,
            _ => return None,
        };
        Some(match (self.ins, interindustry) {
            (0x16, _) => Instruction::CardBlock,
            (0x18, _) => Instruction::ApplicationUnblock,
            (0x1E, _) => Instruction::ApplicationBlock,
            (0x20, true) => Instruction::Verify,
            (0x24, _) => Instruction::PinChangeUnblock,
            (0x2A, false) => Instruction::ComputeCryptographicChecksum,
            (0x82, true) => Instruction::ExternalAuthenticate,
            (0x84, true) => Instruction::GetChallenge,
            (0x88, true) => Instruction::InternalAuthenticate,
            (0xA4, true) => Instruction::Select,
            (0xA8, false) => Instruction::GetProcessingOptions,
            (0xAE, false) => Instruction::GenerateAc,
            (0xB2, true) => Instruction::ReadRecord,
            (0xC0, true) => Instruction::GetResponse,
            (0xCA, _) => Instruction::GetData,
            (0xD0, false) => Instruction::RecoverAc,
            (0xDA, _) => Instruction::PutData,
            (0xDC, _) => Instruction::UpdateRecord,
            (0xEA, false) => Instruction::ExchangeRelayResistanceData,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn class_and_instruction_together_name_a_command() {
        let of = |cla, ins| Command { cla, ins, ..Command::get_challenge() }.instruction();
        assert_eq!(of(0x10, 0x20), Some(Instruction::Verify));
        assert_eq!(of(0x04, 0xDA), Some(Instruction::PutData));
        assert_eq!(of(0x8C, 0xDA), Some(Instruction::PutData));
        assert_eq!(of(0x00, 0xAE), None);
        assert_eq!(of(0x80, 0xA4), None);
        assert_eq!(of(0xE0, 0xA4), None);
        assert_eq!(Instruction::PinChangeUnblock.to_string(), "PIN CHANGE/UNBLOCK");
    }
}
