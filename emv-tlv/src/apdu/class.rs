//! What the class byte says.

use super::Command;

/// How a command is protected between issuer and card.
///
/// Source: ISO/IEC 7816-4; EMV 4.4 Book 2, 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecureMessaging {
    /// A format of the issuer's own: 84, EMV's format 2.
    Proprietary,
    /// Data objects of ISO/IEC 7816-4, the header not authenticated: 88.
    WithoutHeader,
    /// Data objects of ISO/IEC 7816-4, the header authenticated: 8C, EMV's format 1.
    WithHeader,
}

/// What a class byte has room for: channels 0 to 3, or 4 to 19.
enum Kind {
    First,
    Further,
    Other,
}

const fn kind(cla: u8) -> Kind {
    match cla {
        // EMV's own commands keep the coding of the low bits.
        0x00..=0x1F | 0x80..=0x9F => Kind::First,
        0x40..=0x7F => Kind::Further,
        _ => Kind::Other,
    }
}

impl Command<'_> {
    /// The logical channel, 0 to 19; none of a class whose coding is the issuer's own. EMV knows 0 only.
    ///
    /// Source: ISO/IEC 7816-4; EMV 4.4 Book 3, 6.4.
    #[must_use]
    pub const fn channel(&self) -> Option<u8> {
        match kind(self.cla) {
            Kind::First => Some(self.cla & 0x03),
            Kind::Further => Some((self.cla & 0x0F).wrapping_add(4)),
            Kind::Other => None,
        }
    }

    /// How the command is protected; none if it is not, or if the class's coding is the issuer's own.
    ///
    /// Source: ISO/IEC 7816-4; EMV 4.4 Book 3, 6.3.1.
    #[must_use]
    pub const fn secure_messaging(&self) -> Option<SecureMessaging> {
        match (kind(self.cla), self.cla & 0x0C, self.cla & 0x20) {
            (Kind::First, 0x04, _) => Some(SecureMessaging::Proprietary),
            (Kind::First, 0x08, _) | (Kind::Further, _, 0x20) => {
                Some(SecureMessaging::WithoutHeader)
            }
            (Kind::First, 0x0C, _) => Some(SecureMessaging::WithHeader),
            _ => None,
        }
    }

    /// Whether the command is one of a chain and not its last.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.13.
    #[must_use]
    pub const fn is_chained(&self) -> bool {
        self.cla & 0x10 != 0 && !matches!(kind(self.cla), Kind::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channel_protection_and_chaining() {
        use SecureMessaging::{Proprietary, WithHeader, WithoutHeader};
        for (cla, channel, messaging, chained) in [
            (0x00, Some(0), None, false),
            (0x12, Some(2), None, true),
            (0x84, Some(0), Some(Proprietary), false),
            (0x88, Some(0), Some(WithoutHeader), false),
            (0x9C, Some(0), Some(WithHeader), true),
            (0x41, Some(5), None, false),
            (0x7F, Some(19), Some(WithoutHeader), true),
            (0x20, None, None, false),
            (0xFF, None, None, false),
        ] {
            let command = Command { cla, ..Command::get_challenge() };
            assert_eq!(
                (command.channel(), command.secure_messaging(), command.is_chained()),
                (channel, messaging, chained),
                "{cla:02X}"
            );
        }
    }
}
