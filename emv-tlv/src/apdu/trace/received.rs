//! How a response reads.

use crate::{
    Error, MaskedValue, Tag, Tlv,
    apdu::{
        ApplicationCryptogram, Command, Fci, Instruction, MagStripeChecksum, ProcessingOptions,
        RelayResistance, Response, answer, parse_challenge, parse_object, parse_record,
        parse_signed_data, relay, response,
    },
    mask, tags,
};
use core::{fmt, iter::FusedIterator};

/// A response of a trace, told.
///
/// `Display` tells it on one line, masked: `9000 carried out: 70 (10 bytes), 5A 411111******1111`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Received<'a> {
    /// The command that it answers, the one before a GET RESPONSE; none if the trace has none.
    pub command: Option<Command<'a>>,
    /// The response itself.
    pub response: Response<'a>,
    /// What its data are, or why they do not read as what they should be.
    pub answer: Result<Answer<'a>, Error>,
}

/// What the data of a response are.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// There are none.
    Nothing,
    /// What was selected.
    Selected(Fci<'a>),
    /// The answer to GET PROCESSING OPTIONS.
    Options(ProcessingOptions<'a>),
    /// A record of files 1 to 10.
    Record(Tlv<'a>),
    /// The answer to GENERATE AC.
    Cryptogram(ApplicationCryptogram<'a>),
    /// The signature that INTERNAL AUTHENTICATE gave.
    Signed(Tlv<'a>),
    /// The object that GET DATA asked for.
    Object(Tlv<'a>),
    /// A random number.
    Challenge(&'a [u8; 8]),
    /// The answer to COMPUTE CRYPTOGRAPHIC CHECKSUM.
    Checksum(MagStripeChecksum<'a>),
    /// The answer to EXCHANGE RELAY RESISTANCE DATA, and the object that it stands in.
    Relay(RelayResistance, Tlv<'a>),
    /// Data of which nothing is known, a piece of such as do not come at once, or what secure messaging made of them.
    Other(&'a [u8]),
}

impl<'a> Answer<'a> {
    /// Reads response data as those of a command.
    pub(super) fn read(command: Option<Command<'a>>, data: &'a [u8]) -> Result<Self, Error> {
        // Under secure messaging there are other objects around.
        let command = command.filter(|command| command.secure_messaging().is_none());
        let instruction = command.and_then(|command| command.instruction());
        let (Some(command), Some(instruction), [_, ..]) = (command, instruction, data) else {
            return Ok(if data.is_empty() { Self::Nothing } else { Self::Other(data) });
        };
        match instruction {
            Instruction::Select => Fci::parse(data).map(Self::Selected),
            Instruction::GetProcessingOptions => ProcessingOptions::parse(data).map(Self::Options),
            Instruction::ReadRecord => match command.record() {
                Some((1..=10, _)) => parse_record(data).map(Self::Record),
                _ => Ok(Self::Other(data)),
            },
            Instruction::GenerateAc => ApplicationCryptogram::parse(data).map(Self::Cryptogram),
            Instruction::InternalAuthenticate => {
                parse_signed_data(data)?;
                answer::only_object(data).map(Self::Signed)
            }
            Instruction::GetData => match super::sent::object(&command) {
                Some(tag) => parse_object(data, tag).map(Self::Object),
                None => Ok(Self::Other(data)),
            },
            Instruction::GetChallenge => parse_challenge(data).map(Self::Challenge),
            Instruction::ComputeCryptographicChecksum => {
                MagStripeChecksum::parse(data).map(Self::Checksum)
            }
            Instruction::ExchangeRelayResistanceData => {
                let relay = RelayResistance::parse(data)?;
                Ok(Self::Relay(relay, answer::only_object(data)?))
            }
            _ => Ok(Self::Other(data)),
        }
    }

    /// The object that the data are; none of data that are no object, or of which nothing is known.
    #[must_use]
    pub const fn object(&self) -> Option<Tlv<'a>> {
        match self {
            Self::Nothing | Self::Challenge(_) | Self::Other(_) => None,
            Self::Selected(fci) => Some(fci.object()),
            Self::Options(options) => Some(options.object()),
            Self::Cryptogram(answer) => Some(answer.object()),
            Self::Checksum(answer) => Some(answer.object()),
            Self::Record(object)
            | Self::Signed(object)
            | Self::Object(object)
            | Self::Relay(_, object) => Some(*object),
        }
    }

    /// The values of a response of format 1 with the tags of which they are, in order; none of any other.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.
    #[must_use]
    pub fn positions(&self) -> Positions<'a> {
        let is_format_1 = |object: &Tlv<'_>| object.tag() == tags::RESPONSE_TEMPLATE_FORMAT_1;
        let values = match self {
            Self::Options(options) if is_format_1(&options.object()) => options.positions(),
            Self::Cryptogram(answer) if is_format_1(&answer.object()) => answer.positions(),
            Self::Signed(object) if is_format_1(object) => {
                [Some((tags::SIGNED_DYNAMIC_APPLICATION_DATA, object.value())), None, None, None]
            }
            Self::Relay(_, object) => relay::positions(object.value()),
            _ => [None; 4],
        };
        Positions { values: values.into_iter() }
    }
}

/// The iterator of [`Answer::positions`].
#[derive(Clone)]
pub struct Positions<'a> {
    values: core::array::IntoIter<Option<(Tag, &'a [u8])>, 4>,
}

impl<'a> Iterator for Positions<'a> {
    type Item = (Tag, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.values.by_ref().flatten().next()
    }
}

impl FusedIterator for Positions<'_> {}

impl fmt::Debug for Positions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.clone().map(|(tag, value)| (tag, MaskedValue::doubted(tag, value)));
        f.debug_list().entries(values).finish()
    }
}

impl fmt::Display for Answer<'_> {
    /// Shows the objects on one line, masked; values of format 1 with their tags; of other data, how many bytes they are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut any = false;
        for (tag, value) in self.positions() {
            let comma = if core::mem::replace(&mut any, true) { ", " } else { "" };
            write!(f, "{comma}{tag} {}", MaskedValue::doubted(tag, value))?;
        }
        if any {
            return Ok(());
        }
        match (self, self.object()) {
            (_, Some(object)) => response::walked(object.encoded(), f),
            (Self::Challenge(data), None) => mask::length(&data[..], f),
            (Self::Other(data), None) => mask::length(data, f),
            (_, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({self})")
    }
}

impl fmt::Display for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = self.command.and_then(|command| command.instruction());
        self.response.status.show(after, f)?;
        match self.answer {
            Ok(Answer::Nothing) => Ok(()),
            Ok(answer) => write!(f, ": {answer}"),
            Err(error) => {
                f.write_str(": ")?;
                mask::length(self.response.data, f)?;
                write!(f, " that do not read: {error}")
            }
        }
    }
}
