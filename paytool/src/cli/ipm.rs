//! `paytool ipm`: files of Mastercard clearing records.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process;

use clap::Subcommand;
use iso8583_wire::ipm::{Format, IpmError, Reader, Writer};

use super::{iso, report, unreadable};
use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::hex;
use crate::ops::iso8583::{Look, shown};

/// No record is longer.
const MAX_RECORD: usize = 65_535;

/// Bytes of a file that are read at once.
const PIECE: usize = 65_536;

/// Read and write files of clearing records (Mastercard IPM)
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Read(ReadArgs),
    Write(WriteArgs),
}

/// Show the messages of a file
///
/// Card numbers and fields of unknown content are masked.
#[derive(clap::Args)]
struct ReadArgs {
    /// The file
    file: PathBuf,
    /// The file is in blocks of 1014 bytes
    #[arg(long)]
    blocked: bool,
    /// The messages' dialect, as for `iso parse`: mc-ipm, mc-ipm-ebcdic
    #[arg(long, default_value = "mc-ipm")]
    spec: String,
    /// Show every value whole
    #[arg(long)]
    clear: bool,
    /// Print each record in hex, one a line, whole and whatever it holds
    #[arg(long, conflicts_with_all = ["spec", "clear"])]
    hex: bool,
}

/// Write a file of the records that standard input has in hex, one a line
#[derive(clap::Args)]
struct WriteArgs {
    /// The file; what was there is replaced when all is written. `-` is standard output
    file: PathBuf,
    /// In blocks of 1014 bytes
    #[arg(long)]
    blocked: bool,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.action {
        Action::Read(args) => read(args),
        Action::Write(args) => write(args),
    }
}

const fn format(blocked: bool) -> Format {
    if blocked { Format::Blocked1014 } else { Format::Vbs }
}

fn read(args: &ReadArgs) -> Result<(), Failure> {
    let dialect = Dialect::read(&iso::spec(&args.spec)?)?;
    let look = if args.clear { Look::Clear } else { Look::Masked };
    let mut file = File::open(&args.file).map_err(|error| unreadable(&error))?;
    let (mut buffer, mut input) = (vec![0; MAX_RECORD], vec![0; PIECE]);
    let mut reader = Reader::new(format(args.blocked), &mut buffer);
    let mut count = 0_u64;
    loop {
        let length = file.read(&mut input).map_err(|error| unreadable(&error))?;
        if length == 0 {
            break;
        }
        let mut piece = input.get(..length).unwrap_or_default();
        loop {
            let at = reader.position();
            let Some(record) = reader.read(&mut piece).map_err(refused)? else { break };
            count = count.saturating_add(1);
            if args.hex {
                report::lines(&hex::encode(record))?;
                continue;
            }
            let message = |message| format!("record {count}\n{}", iso::describe(message));
            match shown(&dialect, record, look) {
                Ok(read) => report::lines(&message(&read))?,
                Err(failure) => {
                    if let Some(before) = failure.read().filter(|read| read.contains_key("mti")) {
                        report::lines(&message(before))?;
                    }
                    return Err(failure.of(&format!("record {count}, at byte {at} of the file")));
                }
            }
        }
    }
    reader.finish().map_err(refused)
}

fn write(args: &WriteArgs) -> Result<(), Failure> {
    let format = format(args.blocked);
    if args.file.as_os_str() == "-" {
        return write_to(io::stdout().lock(), format);
    }
    let unreadable = |error| unreadable(&error);
    // A link stays one, and a device.
    let target = fs::canonicalize(&args.file).unwrap_or_else(|_| args.file.clone());
    let before = fs::metadata(&target).ok();
    if target.is_symlink() || before.as_ref().is_some_and(|before| !before.is_file()) {
        return write_to(File::create(&target).map_err(unreadable)?, format);
    }
    // What was there stays until the new file is whole.
    let mut unfinished = target.clone().into_os_string();
    unfinished.push(format!(".{}.unfinished", process::id()));
    let file = create_private(Path::new(&unfinished)).map_err(unreadable)?;
    let written = write_to(file, format).and_then(|()| {
        if let Some(before) = before {
            fs::set_permissions(&unfinished, before.permissions()).map_err(unreadable)?;
        }
        fs::rename(&unfinished, &target).map_err(unreadable)
    });
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// A file that was not there, which holds card data: nobody else's to read, where the system knows of others.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write_to(file: impl Write, format: Format) -> Result<(), Failure> {
    let mut file = BufWriter::new(file);
    let mut writer = Writer::new(format).with_max(u32::try_from(MAX_RECORD).unwrap_or(u32::MAX));
    let mut out = vec![0; MAX_RECORD.saturating_mul(2)];
    let mut put = |bytes: &[u8]| file.write_all(bytes).map_err(|error| unreadable(&error));
    for (index, line) in BufReader::new(io::stdin().lock()).lines().enumerate() {
        let line = line.map_err(|error| unreadable(&error))?;
        let of_line = |failure: Failure| failure.of(&format!("line {}", index.saturating_add(1)));
        let record =
            hex::ungroup(&line).and_then(|digits| hex::decode(&digits)).map_err(of_line)?;
        put(writer.write(&record, &mut out).map_err(refused).map_err(of_line)?)?;
    }
    put(writer.finish(&mut out).map_err(refused)?)?;
    file.flush().map_err(|error| unreadable(&error))
}

fn refused(error: IpmError) -> Failure {
    Failure::new(error.kind().as_str(), error.to_string())
}
