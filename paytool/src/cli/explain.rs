//! Values in words, a line each.

use emv_tlv::dictionary::{self, Kernel, Sensitivity};
use emv_tlv::element::{AnyElement, Iad};
use emv_tlv::{Dol, Error, Exposed, Tag, tags};

/// The data object lists.
const LISTS: [Tag; 6] =
    [tags::PDOL, tags::CDOL1, tags::CDOL2, tags::TDOL, tags::DDOL, tags::LOG_FORMAT];

/// How values are explained.
#[derive(Clone, Copy, Default)]
pub(super) struct Explain<'a> {
    /// Whether nothing is hidden.
    pub(super) clear: bool,
    /// The kernel whose meanings count.
    pub(super) kernel: Option<Kernel>,
    /// The application that the values are from.
    pub(super) aid: Option<&'a [u8]>,
}

impl Explain<'_> {
    /// What a value says that is shown so: what is hidden because it could hold a card number is not told in words either.
    pub(super) fn shown(&self, tag: Tag, value: &[u8], shown: &str) -> Result<Vec<String>, Error> {
        let text = self.value(tag, value)?;
        if self.clear || text.is_empty() || !hides_a_number(tag, shown) {
            return Ok(text);
        }
        Ok(vec!["could hold a card number: explained with --clear only".to_owned()])
    }

    /// What a value says; nothing if it says no more than its bytes.
    pub(super) fn value(&self, tag: Tag, value: &[u8]) -> Result<Vec<String>, Error> {
        if value.is_empty() {
            return Ok(Vec::new());
        }
        if LISTS.contains(&tag)
            && let Ok(list) = Dol::parse(value)
        {
            return Ok(list.entries().map(|(tag, length)| entry(tag, length)).collect());
        }
        let element = match (tag, self.aid, self.kernel) {
            (tags::ISSUER_APPLICATION_DATA, Some(aid), _) => {
                Some(AnyElement::Iad(Iad::from_value_for(aid, value)?))
            }
            (_, _, Some(kernel)) => AnyElement::read_in(kernel, tag, value)?,
            _ => AnyElement::read(tag, value)?,
        };
        let Some(element) = element else { return Ok(Vec::new()) };
        let text =
            if self.clear { format!("{:#}", Exposed(&element)) } else { format!("{element:#}") };
        Ok(text.lines().map(str::to_owned).collect())
    }
}

/// Whether a value that would be shown is hidden for the digits in it.
fn hides_a_number(tag: Tag, shown: &str) -> bool {
    let sensitivity =
        dictionary::lookup(tag).map_or(Sensitivity::Opaque, |entry| entry.sensitivity);
    // A file locator is refused unless each of its bytes is in range, so it is one; that its digits pass is common.
    shown.starts_with('(')
        && tag != tags::APPLICATION_FILE_LOCATOR
        && matches!(sensitivity, Sensitivity::Public | Sensitivity::Opaque)
}

/// An element's name, as a kernel means it if there is one.
pub(super) fn name(kernel: Option<Kernel>, tag: Tag) -> Option<&'static str> {
    kernel.map_or_else(|| dictionary::name(tag), |kernel| dictionary::name_in(kernel, tag))
}

/// What is known of an element besides its name: coding, lengths, source, document.
pub(super) fn facts(kernel: Option<Kernel>, tag: Tag) -> Option<String> {
    let entry = kernel
        .map_or_else(|| dictionary::lookup(tag), |kernel| dictionary::lookup_in(kernel, tag))?;
    let format = format!("{:?}", entry.format).to_lowercase();
    let source = format!("{:?}", entry.source).to_lowercase();
    let (least, most) = entry.lengths().into_inner();
    let length = match most {
        _ if least == most => format!("{least} bytes"),
        65_535 => "any length".to_owned(),
        _ => format!("{least} to {most} bytes"),
    };
    Some(format!("{format}, {length}, from the {source}; {}", entry.document))
}

/// An entry of a list: tag, length, name.
pub(super) fn entry(tag: Tag, length: u8) -> String {
    format!("{tag:8} {length:3} {}", dictionary::name(tag).unwrap_or("unknown"))
}
