//! What each list is for, and what stands in for one that a card does not have.

use super::Dol;
use crate::{Error, ErrorKind, Tag, tags};

/// What a list is for; the card has each under a tag of its own.
///
/// # Examples
/// ```
/// use emv_tlv::{DolKind, find};
///
/// # let record = [0x70, 0x00];
/// // No UDOL on the card, none in the terminal: the one of the specification.
/// let card = find(&record, &[DolKind::Udol.tag()])?;
/// assert!(card.is_none());
/// let list = DolKind::Udol.choose(None, None)?;
/// assert_eq!(list.as_bytes(), [0x9F, 0x6A, 0x04]);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DolKind {
    /// PDOL: of GET PROCESSING OPTIONS.
    Pdol,
    /// CDOL1: of the first GENERATE AC.
    Cdol1,
    /// CDOL2: of the second GENERATE AC.
    Cdol2,
    /// TDOL: of the TC Hash Value.
    Tdol,
    /// DDOL: of INTERNAL AUTHENTICATE.
    Ddol,
    /// UDOL: of COMPUTE CRYPTOGRAPHIC CHECKSUM.
    Udol,
    /// The log format: of a record of the card's transaction log.
    LogFormat,
}

/// Book C-2's meaning of a tag that to Visa's kernel is Card Authentication Related Data.
const UDOL: Tag = tags::CARD_AUTHENTICATION_RELATED_DATA;

/// No entries.
const EMPTY: Dol<'static> = Dol { bytes: &[], data_len: 0 };

/// The only Default UDOL that Book C-2 allows: Unpredictable Number (Numeric), 4 bytes.
const DEFAULT_UDOL: Dol<'static> = Dol { bytes: &[0x9F, 0x6A, 0x04], data_len: 4 };

impl DolKind {
    /// The tag under which the card has the list.
    #[must_use]
    pub const fn tag(self) -> Tag {
        match self {
            Self::Pdol => tags::PDOL,
            Self::Cdol1 => tags::CDOL1,
            Self::Cdol2 => tags::CDOL2,
            Self::Tdol => tags::TDOL,
            Self::Ddol => tags::DDOL,
            Self::Udol => UDOL,
            Self::LogFormat => tags::LOG_FORMAT,
        }
    }

    /// The list to use: the card's, or what stands in for it.
    ///
    /// For a TDOL, DDOL or UDOL the card's list is followed by the terminal's default, `terminal`. Without both a TDOL is
    /// empty, a UDOL is 9F6A04, and there is no DDOL. A PDOL that the card does not have is empty. CDOL1, CDOL2 and the log
    /// format are the card's alone. Of PDOL, CDOL1, CDOL2 and log format `terminal` is not looked at.
    ///
    /// The TVR's bit "default TDOL used" is for the terminal's list: not if the card has one, and not
    /// for the empty one.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] at byte 0 if there is no list, and at the list's end if it is a DDOL that does not ask for the
    /// Unpredictable Number, 9F37: either way dynamic data authentication has failed.
    ///
    /// Source: EMV 4.4 Book 2, 6.5.1; Book 3, 7.2 and 10.1; Book 4, 10.2; EMV Contactless Book C-2.
    pub fn choose<'a>(
        self,
        card: Option<Dol<'a>>,
        terminal: Option<Dol<'a>>,
    ) -> Result<Dol<'a>, Error> {
        let list = match self {
            Self::Pdol => card.or(Some(EMPTY)),
            Self::Cdol1 | Self::Cdol2 | Self::LogFormat => card,
            Self::Tdol => card.or(terminal).or(Some(EMPTY)),
            Self::Ddol => card.or(terminal),
            Self::Udol => card.or(terminal).or(Some(DEFAULT_UDOL)),
        };
        let list = list.ok_or(Error::new(ErrorKind::NotFound, 0))?;
        if self == Self::Ddol && !list.asks_for(tags::UNPREDICTABLE_NUMBER) {
            return Err(Error::at(ErrorKind::NotFound, list.bytes.len()));
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    const CARD: &[u8] = &hex!("9F3704 9F0206");
    const TERMINAL: &[u8] = &hex!("9F3704");

    #[test]
    fn the_constants_are_what_is_parsed() {
        assert_eq!(Dol::parse(&[]), Ok(EMPTY));
        assert_eq!(Dol::parse(DEFAULT_UDOL.bytes), Ok(DEFAULT_UDOL));
        assert!(DEFAULT_UDOL.asks_for(tags::UNPREDICTABLE_NUMBER_NUMERIC));
    }

    #[test]
    fn what_stands_in_for_a_list() {
        use DolKind::{Cdol1, Cdol2, Ddol, LogFormat, Pdol, Tdol, Udol};
        const NONE: &[u8] = &[];
        let missing = Err(Error::new(ErrorKind::NotFound, 0));
        let list = |bytes| Dol::parse(bytes).ok();
        for (kind, tag, of_terminal, of_nobody) in [
            (Pdol, 0x9F38, Ok(NONE), Ok(NONE)),
            (Cdol1, 0x8C, missing, missing),
            (Cdol2, 0x8D, missing, missing),
            (LogFormat, 0x9F4F, missing, missing),
            (Tdol, 0x97, Ok(TERMINAL), Ok(NONE)),
            (Ddol, 0x9F49, Ok(TERMINAL), missing),
            (Udol, 0x9F69, Ok(TERMINAL), Ok(DEFAULT_UDOL.bytes)),
        ] {
            let chosen = |card, terminal| kind.choose(card, terminal).map(|list| list.as_bytes());
            assert_eq!(kind.tag().raw(), tag);
            assert_eq!(chosen(list(CARD), list(TERMINAL)), Ok(CARD), "{kind:?}");
            assert_eq!(chosen(list(CARD), None), Ok(CARD), "{kind:?}");
            assert_eq!(chosen(None, list(TERMINAL)), of_terminal, "{kind:?}");
            assert_eq!(chosen(None, None), of_nobody, "{kind:?}");
        }
    }

    #[test]
    fn a_ddol_asks_for_the_unpredictable_number() {
        let good = Dol::parse(TERMINAL).ok();
        for bytes in [&hex!("9F0206 9F3700")[..], &hex!("9F6A04"), &[]] {
            let list = Dol::parse(bytes).ok();
            let error = Error::at(ErrorKind::NotFound, bytes.len());
            assert_eq!(DolKind::Ddol.choose(list, good), Err(error));
            assert_eq!(DolKind::Ddol.choose(None, list), Err(error));
            assert_eq!(DolKind::Tdol.choose(list, good), Ok(list.unwrap()));
        }
    }
}
