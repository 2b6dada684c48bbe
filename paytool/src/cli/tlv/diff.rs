//! `paytool tlv diff`: what is in one tree and not in the other.

use std::collections::HashMap;
use std::process::ExitCode;

use emv_tlv::{Tag, Tlv, Walk, dictionary};

use super::{Look, read};
use crate::cli::colour::{Colour, paint};
use crate::failure::Failure;
use crate::ops::tlv::located;

/// Print what two trees of objects differ in; exit status 1 if they do
///
/// Objects are compared by the tags that lead to them, the first with the first, the second with the second. The order of
/// objects, and how their lengths are written, make no difference.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The objects of one side, in hex
    one: String,
    /// The objects of the other side, in hex
    other: String,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    colour: Colour,
}

/// The tags that lead to an object, each with how many of its kind stand before it: `77/9F36`, `6F/61[2]/4F`.
type Place = Vec<(Tag, u32)>;

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let (one, other) = (read("one", &args.one)?, read("other", &args.other)?);
    let one = leaves(&one, &args.look).map_err(|failure| failure.of("one"))?;
    let other = leaves(&other, &args.look).map_err(|failure| failure.of("other"))?;
    let in_one: HashMap<&Place, &Tlv<'_>> = one.iter().map(|(at, object)| (at, object)).collect();
    let in_other: HashMap<&Place, &Tlv<'_>> =
        other.iter().map(|(at, object)| (at, object)).collect();
    let mut same = true;
    let mut print = |line: &str| {
        same = false;
        args.colour.lines(line)
    };
    for (place, object) in &one {
        let new = in_other.get(place);
        if new.is_some_and(|new| new.value() == object.value()) {
            continue;
        }
        print(&paint::removed(format!("- {}", shown(place, object, &args.look))).to_string())?;
        if let Some(new) = new {
            let masked_alike = args.look.value(new) == args.look.value(object);
            let note = if masked_alike { " (differs where it is masked)" } else { "" };
            let line = format!("+ {}{note}", shown(place, new, &args.look));
            print(&paint::added(line).to_string())?;
        }
    }
    for (place, object) in &other {
        if !in_one.contains_key(place) {
            print(&paint::added(format!("+ {}", shown(place, object, &args.look))).to_string())?;
        }
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The primitive objects and the empty templates, each with its place.
fn leaves<'a>(bytes: &'a [u8], look: &Look) -> Result<Vec<(Place, Tlv<'a>)>, Failure> {
    let mut walk = Walk::new(bytes).padding(look.padding()).primitive(&look.primitive);
    let mut leaves = Vec::new();
    let mut place = Place::new();
    // How many of each tag were seen at the top, and in each open template.
    let mut seen = vec![HashMap::<Tag, u32>::new()];
    while let Some(object) = walk.next() {
        let object = object.map_err(|error| located(error, &walk))?;
        let depth = usize::from(object.depth());
        place.truncate(depth);
        seen.truncate(depth.saturating_add(1));
        let count = seen.last_mut().map_or(1, |seen| {
            let count = seen.entry(object.tag()).or_default();
            *count = count.saturating_add(1);
            *count
        });
        place.push((object.tag(), count));
        seen.push(HashMap::new());
        if !object.is_constructed() || object.value().is_empty() {
            leaves.push((place.clone(), object));
        }
    }
    Ok(leaves)
}

fn shown(place: &Place, object: &Tlv<'_>, look: &Look) -> String {
    let tags: Vec<String> = place
        .iter()
        .map(|(tag, count)| if *count == 1 { tag.to_string() } else { format!("{tag}[{count}]") })
        .collect();
    let name = dictionary::name(object.tag()).map_or_else(String::new, |name| format!(" {name}"));
    let value = look.value(object);
    let colon = if value.starts_with('(') { "" } else { ":" };
    format!("{}{name}{colon} {value}", tags.join("/"))
}
