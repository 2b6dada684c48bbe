//! The step: valgrind runs this program again, which runs the checks; what it printed is judged and told as a table.

use std::collections::BTreeSet;
use std::env;
use std::process::{Command, ExitCode};

use crate::check::{Check, Tables};
use crate::report::{Place, Report};
use crate::{apart, checks, request, table};

/// Which DES this program was built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// The one that stands in: everything is checked.
    WithoutTables,
    /// The real crate: what goes through its tables has to be reported, and nothing else.
    WithTables,
}

/// Runs all checks under valgrind, or does what the first argument says:
/// `inside` runs them as valgrind's program, `table` prints the README's table. The second one names the optimisation.
pub fn main(build: Build) -> ExitCode {
    let mut arguments = env::args().skip(1);
    match arguments.next().as_deref() {
        Some("inside") => inside(build, arguments.next()),
        Some("table") => print!("{}", table::markdown(&checks::all())),
        Some(opt_level) => return outside(build, opt_level, arguments.next()),
        None => {
            eprintln!("usage: ct OPT-LEVEL [PART-OF-A-NAME] | ct table");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// What is run of a check, in the program and in its log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Run,
    Control,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Control => "control",
        }
    }
}

impl Build {
    fn parts(self, check: &Check) -> &'static [Part] {
        match self {
            Self::WithoutTables => &[Part::Run, Part::Control],
            Self::WithTables if check.tables == Tables::None => &[],
            Self::WithTables => &[Part::Run],
        }
    }

    /// Whether this program's ciphers have these tables.
    fn has(self, tables: Tables) -> bool {
        match tables {
            Tables::None => false,
            Tables::Des => self == Self::WithTables,
            Tables::Sm4 => true,
        }
    }
}

fn begin(check: &Check, part: Part) -> String {
    format!("## begin {} of {}", part.name(), check.name)
}

const END: &str = "## end, reports: ";
const BACKEND: &str = "## backend ";

fn backend() -> &'static str {
    if cfg!(aes_backend = "soft") {
        "soft"
    } else if cfg!(target_arch = "x86_64") && std::arch::is_x86_feature_detected!("aes") {
        "aes-ni"
    } else {
        "none"
    }
}

fn chosen(part_of_name: Option<&str>) -> Vec<Check> {
    let mut all = checks::all();
    all.retain(|check| part_of_name.is_none_or(|part| check.name.contains(part)));
    all
}

fn inside(build: Build, part_of_name: Option<String>) {
    assert!(request::is_under_valgrind(), "this is what valgrind runs");
    eprintln!("{BACKEND}{}", backend());
    for check in chosen(part_of_name.as_deref()) {
        for &part in build.parts(&check) {
            apart::run(|| {
                eprintln!("{}", begin(&check, part));
                match part {
                    Part::Run => (check.run)(),
                    Part::Control => (check.control)(),
                }
                eprintln!("{END}{}", request::reports());
            });
        }
    }
}

/// Holds the libraries against known answers: a cipher that stands in has to be the one that it stands in for.
fn known_answers() -> bool {
    dukpt::self_test().is_ok() && keyblock::self_test().is_ok()
}

fn outside(build: Build, opt_level: &str, part_of_name: Option<String>) -> ExitCode {
    if !known_answers() {
        eprintln!("ct: a self-test of dukpt or keyblock fails: look at ct/des first");
        return ExitCode::FAILURE;
    }
    let program = env::current_exe().expect("a program has a path");
    let valgrind = Command::new("valgrind")
        .args(["--tool=memcheck", "-q", "--error-limit=no", "--leak-check=no", "--vgdb=no"])
        .args(["--fullpath-after=", "--num-callers=40", "--read-inline-info=yes"])
        .arg(program)
        .arg("inside")
        .args(&part_of_name)
        .output();
    let log = match &valgrind {
        Ok(output) => String::from_utf8_lossy(&output.stderr),
        Err(error) => {
            eprintln!("ct: valgrind cannot be run ({error}): apt-get install valgrind");
            return ExitCode::FAILURE;
        }
    };
    let log: Vec<String> = log.lines().map(Into::into).collect();
    if env::var_os("CT_LOG").is_some() {
        log.iter().for_each(|line| eprintln!("{line}"));
    }
    let backend = log.iter().find_map(|line| line.strip_prefix(BACKEND)).unwrap_or("none");
    if backend == "none" {
        eprintln!(
            "ct: valgrind did not run the program, or its processor has no AES instructions:"
        );
        log.iter().take(20).for_each(|line| eprintln!("{line}"));
        return ExitCode::FAILURE;
    }
    let (mut judged, mut failed) = (0, 0);
    for check in chosen(part_of_name.as_deref()) {
        for &part in build.parts(&check) {
            let verdict = judge(build, &check, part, &log);
            let (sign, text) = match &verdict {
                Ok(text) => ("ok", text),
                Err(text) => ("FAILED", text),
            };
            let name = match part {
                Part::Run => check.name.into(),
                Part::Control => format!("  leaky {}", check.name),
            };
            println!("{name:<58} {backend:<7} {opt_level:<2} {sign:<7} {text}");
            judged += 1;
            failed += usize::from(verdict.is_err());
        }
    }
    // Of the checks of one name there may be none that goes through tables.
    let nothing = match part_of_name {
        Some(part) => chosen(Some(&part)).is_empty(),
        None => judged == 0,
    };
    if failed != 0 || nothing {
        eprintln!(
            "ct: {failed} of {judged} failed ({backend}, opt-level {opt_level}); see ct/README.md"
        );
        return ExitCode::FAILURE;
    }
    println!("ct: {judged} as expected ({backend}, opt-level {opt_level})");
    ExitCode::SUCCESS
}

/// What is between the lines with which a part of a check begins and ends; the end says how many reports there were.
fn log_of<'l>(
    check: &Check,
    part: Part,
    log: &'l [String],
) -> Result<(&'l [String], usize), String> {
    let begin = begin(check, part);
    let from = log.iter().position(|line| *line == begin).ok_or("it did not begin")?;
    let rest = &log[from + 1..];
    let len = rest.iter().take_while(|line| !line.starts_with("## ")).count();
    let ended = rest.get(len).and_then(|line| line.strip_prefix(END)?.parse().ok());
    match ended {
        Some(reports) => Ok((&rest[..len], reports)),
        None => Err(format!("it broke off: {}", rest[..len].join(" / "))),
    }
}

fn judge(build: Build, check: &Check, part: Part, log: &[String]) -> Result<String, String> {
    let (log, reports) = log_of(check, part, log)?;
    let found = Report::read_all(log);
    if reports != 0 && found.is_empty() {
        return Err(format!("{reports} reports, none of which can be read"));
    }
    match part {
        Part::Run => judge_run(build, check, &found),
        Part::Control => judge_control(&found),
    }
}

fn judge_control(found: &[Report]) -> Result<String, String> {
    let is_caught =
        |report: &&Report| report.place().is_some_and(|place| place.path.ends_with("src/leaky.rs"));
    match found.iter().find(is_caught).and_then(Report::place) {
        Some(place) => Ok(format!("caught at {}", short(place))),
        None => {
            Err("not caught: valgrind does not see this leak, so the check proves nothing".into())
        }
    }
}

fn judge_run(build: Build, check: &Check, found: &[Report]) -> Result<String, String> {
    let mut shown = BTreeSet::new();
    let mut in_tables = BTreeSet::new();
    let mut leaks = Vec::<&Report>::new();
    for report in found {
        let Some(place) = report.place() else {
            leaks.push(report);
            continue;
        };
        let tables = check.tables.place().filter(|(name, function)| {
            build.has(check.tables)
                && place.registry_crate().is_some_and(|(of, _)| of == *name)
                && place.function.contains(function)
        });
        if let Some((_, function)) = tables {
            let (name, version) = place.registry_crate().unwrap_or_default();
            in_tables.insert(format!("{name} {version} {function}"));
        } else if let Some(line) = check.shown.iter().find(|shown| place.is_line(shown)) {
            shown.insert(line.what);
        } else {
            leaks.push(report);
        }
    }
    if !leaks.is_empty() {
        return Err(describe(&leaks));
    }
    let shown = shown.into_iter().collect::<Vec<_>>().join(", ");
    let shows = if shown.is_empty() { String::new() } else { format!("; shows {shown}") };
    match (build.has(check.tables), in_tables.is_empty()) {
        (true, true) => Err("no table lookup is reported any more: correct README's table".into()),
        (true, false) => {
            let tables = in_tables.into_iter().collect::<Vec<_>>().join(", ");
            Ok(format!("own code clean, tables of {tables}{shows}"))
        }
        (false, _) => Ok(format!("clean{shows}")),
    }
}

fn short(place: &Place) -> String {
    let file = place.path.rsplit('/').next().unwrap_or_default();
    format!("{file}:{}", place.line)
}

/// The first leak with the way to it, the others by their lines.
fn describe(leaks: &[&Report]) -> String {
    let mut text = String::from("LEAK");
    let mut told = BTreeSet::new();
    for report in leaks {
        let place = report.place();
        let source = place.and_then(Place::source).unwrap_or_default();
        let line = place.map_or_else(|| "no debug information".into(), Place::show);
        if !told.insert(line.clone()) {
            continue;
        }
        text.push_str(&format!("\n    {}\n      {line}\n      {source}", report.what));
        if told.len() == 1 {
            for caller in
                report.calls.iter().skip_while(|call| Some(*call) != place).skip(1).take(8)
            {
                text.push_str(&format!("\n        called by {}", caller.show()));
            }
        }
    }
    text
}
