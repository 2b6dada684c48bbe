//! JSON lines in, JSON lines out: one request a line, one answer a line, in order.

mod lines;
mod request;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::path::Path;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::inputs::wrong_type;
use crate::ops::{self, Outputs};
use lines::Line;
use request::{Request, Strict};

/// The longest request in bytes, far above any message or certificate.
pub(crate) const MAX_LINE: usize = 8 << 20;

const WARNING: &str = "paytool: for test keys only: what it reads is neither kept secret nor wiped";

/// What some programs write before text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Answers every line of a file, or of standard input: where there is none, and for `-`.
pub(crate) fn run(file: Option<&Path>) -> io::Result<()> {
    let file = file.filter(|path| *path != Path::new("-"));
    let stdout = io::stdout();
    let on_terminal = stdout.is_terminal() || (file.is_none() && io::stdin().is_terminal());
    if on_terminal {
        // A warning that cannot be given stops nothing.
        let _ = writeln!(io::stderr(), "{WARNING}");
    }
    let out = BufWriter::new(stdout.lock());
    match file {
        Some(path) => answer_all(BufReader::new(File::open(path)?), out),
        None => answer_all(BufReader::new(io::stdin().lock()), out),
    }
}

fn answer_all<R: io::Read, W: Write>(mut requests: BufReader<R>, mut out: W) -> io::Result<()> {
    let mut line = Vec::new();
    let mut mark = BYTE_ORDER_MARK;
    while let Some(found) = lines::read(&mut requests, &mut line, MAX_LINE)? {
        // Only the first line may begin with it.
        let mark = core::mem::take(&mut mark);
        match found {
            Line::Whole => answer(line.strip_prefix(mark).unwrap_or(&line), &mut out)?,
            Line::TooLong => {
                let message = format!("a line has at most {MAX_LINE} bytes");
                write_answer(&mut out, None, Err(Failure::new("line_too_long", message)))?;
            }
        }
        // A program that waits for this answer has sent nothing more yet.
        if !requests.buffer().contains(&b'\n') {
            out.flush()?;
        }
    }
    out.flush()
}

fn answer(line: &[u8], out: &mut impl Write) -> io::Result<()> {
    let Request(members) = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(error) => return write_answer(out, None, Err(unreadable(line, &error))),
    };
    let id = members.iter().find(|(name, _)| name == "id").map(|(_, raw)| *raw);
    write_answer(out, id, perform(members))
}

fn perform(members: Vec<(String, &RawValue)>) -> Result<Outputs, Failure> {
    let mut inputs = Map::new();
    for (name, raw) in members {
        // An id is never read, only echoed.
        let value = match name.as_str() {
            "id" => Value::Null,
            _ => serde_json::from_str::<Strict>(raw.get()).map_err(|_| unusable())?.0,
        };
        if inputs.insert(name, value).is_some() {
            return Err(unusable());
        }
    }
    match inputs.remove("op") {
        Some(Value::String(op)) => ops::run(&op, inputs),
        None | Some(Value::Null) => Err(Failure::missing("op")),
        Some(_) => Err(wrong_type("a string").of("op")),
    }
}

/// What has JSON's form and still cannot be taken in.
fn unusable() -> Failure {
    let message = "a name given twice, a number out of range, text that is no Unicode, or arrays nested too deep";
    Failure::new("invalid_json", message)
}

fn unreadable(line: &[u8], error: &serde_json::Error) -> Failure {
    if error.is_data() {
        return Failure::new("invalid_json", "the line is no JSON object");
    }
    // Columns count from 1.
    let at = if error.is_eof() { line.len() } else { error.column().saturating_sub(1) };
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Failure::new("invalid_json", format!("the line is no JSON at byte {at}")).at(at)
}

/// Writes `{"id": .., "ok": .., ..}`; the id as it came, byte for byte.
fn write_answer(
    out: &mut impl Write,
    id: Option<&RawValue>,
    answer: Result<Outputs, Failure>,
) -> io::Result<()> {
    let id = id.map_or("null", RawValue::get);
    match answer {
        Ok(outputs) => {
            write!(out, "{{\"id\":{id},\"ok\":true")?;
            write_members(out, &outputs)?;
        }
        Err(failure) => {
            write!(out, "{{\"id\":{id},\"ok\":false,\"error\":{}", failure.to_json())?;
            if let Some(read) = failure.read() {
                write_members(out, read)?;
            }
        }
    }
    out.write_all(b"}\n")
}

fn write_members(out: &mut impl Write, members: &Outputs) -> io::Result<()> {
    members.iter().try_for_each(|(name, value)| {
        // An output's name is one of ours: nothing in it needs an escape.
        write!(out, ",\"{name}\":{}", on_one_line(value.to_string()))
    })
}

/// JSON without the characters that some programs take for the end of a line, escaped in the strings that they are in.
fn on_one_line(json: String) -> String {
    let ends_lines = |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{2028}' | '\u{2029}');
    if !json.contains(ends_lines) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if ends_lines(c) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(requests: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        answer_all(BufReader::new(requests), &mut out).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn an_id_comes_back_byte_for_byte() {
        for id in [
            "1",
            "1.0",
            "1e2",
            "123456789012345678901234567890",
            "\"\\u00e9\"",
            "[1, {}]",
            "null",
            "1e999",
        ] {
            let line = format!("{{\"op\":\"dol.parse\",\"hex\":\"\",\"id\":{id}}}");
            let expect = format!("{{\"id\":{id},\"ok\":true,\"entries\":[],\"total\":0}}");
            assert_eq!(answers(line.as_bytes()), [expect]);
        }
    }

    #[test]
    fn an_answer_is_one_line_for_every_reader() {
        let json = "\"a\u{85}b\u{2028}\u{E9}\"".to_owned();
        assert_eq!(on_one_line(json), "\"a\\u0085b\\u2028\u{E9}\"");
    }

    #[test]
    fn a_bad_line_is_an_answer_and_the_rest_goes_on() {
        let lines: [&[u8]; 12] = [
            b"",
            b"  ",
            b"null",
            b"[]",
            b"\"op\"",
            b"{",
            b"{\"op\":\"dol.parse\",\"hex\":\"\"} x",
            b"{\"op\":\"\xFF\"}",
            b"{\"op\":\"\\ud800\"}",
            b"{\"op\":1}",
            b"{\"hex\":\"\"}",
            b"{\"op\":\"dol.parse\",\"hex\":\"\"}\r",
        ];
        let kinds: Vec<Value> = answers(&lines.join(&b'\n'))
            .iter()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["error"]["kind"].clone())
            .collect();
        let mut expect = vec![Value::from("invalid_json"); 9];
        expect.extend(["wrong_type".into(), "missing_input".into(), Value::Null]);
        assert_eq!(kinds, expect);
    }

    #[test]
    fn a_name_given_twice_is_an_error() {
        for members in [
            r#""op":"dol.parse","hex":"","hex":"""#,
            r#""op":"dol.parse","hex":"","h\u0065x":"""#,
            r#""op":"dol.parse","op":"dol.parse","hex":"""#,
            r#""op":"dol.parse","hex":"","id":7"#,
            r#""op":"dol.fill","dol":"9C01","values":{"9C":"01","9C":"01"}"#,
            r#""op":"x","objects":[[{"a":1,"b":{"c":1,"c":null}}]]"#,
        ] {
            let [answer] = &answers(format!("{{\"id\":7,{members}}}").as_bytes())[..] else {
                panic!()
            };
            assert!(answer.starts_with("{\"id\":7,\"ok\":false"), "{answer}");
            assert!(
                answer.contains("\"invalid_json\"") && answer.contains("given twice"),
                "{answer}"
            );
        }
        let other =
            r#"{"op":"dol.fill","dol":"9C01","values":{"9C":"01","9A":"01"},"id":{"a":1,"a":2}}"#;
        assert_eq!(answers(other.as_bytes()), [r#"{"id":{"a":1,"a":2},"ok":true,"data":"01"}"#]);
    }

    #[test]
    fn a_byte_order_mark_is_skipped_at_the_start_alone() {
        let line = "{\"op\":\"dol.parse\",\"hex\":\"\"}\n";
        let answers = answers(format!("\u{FEFF}{line}{line}\u{FEFF}{line}").as_bytes());
        let sound: Vec<bool> =
            answers.iter().map(|answer| answer.contains("\"ok\":true")).collect();
        assert_eq!(sound, [true, true, false]);
    }

    #[test]
    fn what_is_no_json_is_placed() {
        for (line, at) in [("", 0), ("{", 1), ("{\"op\":}", 6), ("{\"op\":\"x\"} ]", 11)] {
            let [answer] = &answers(&[line.as_bytes(), b"\n"].concat())[..] else { panic!() };
            let answer: Value = serde_json::from_str(answer).unwrap();
            assert_eq!(answer["error"]["offset"], at, "{line}: {answer}");
        }
    }

    #[test]
    fn nesting_is_bounded_in_inputs_and_free_in_ids() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let [answer] = &answers(format!("{{\"id\":{deep},\"op\":\"x\"}}").as_bytes())[..] else {
            panic!()
        };
        assert!(answer.starts_with(&format!("{{\"id\":{deep},\"ok\":false")));
        assert!(answer.contains("unknown_op"));
        let line = format!("{{\"id\":7,\"op\":\"tlv.encode\",\"objects\":{deep}}}");
        let [answer] = &answers(line.as_bytes())[..] else { panic!() };
        assert!(answer.starts_with("{\"id\":7,\"ok\":false") && answer.contains("invalid_json"));
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let mut requests = vec![b' '; MAX_LINE + 1];
        requests.extend(b"\n{\"id\":2,\"op\":\"x\"}");
        let answers = answers(&requests);
        assert_eq!(answers.len(), 2);
        assert!(answers[0].contains("line_too_long") && answers[1].starts_with("{\"id\":2,"));
    }

    /// A client that sends the next request when it has the answer to the last.
    #[test]
    fn an_answer_is_flushed_before_more_is_waited_for() {
        use core::cell::RefCell;
        struct Counting<'a>(&'a RefCell<usize>);
        impl Write for Counting<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                *self.0.borrow_mut() += bytes.iter().filter(|byte| **byte == b'\n').count();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        struct Waiting<'a>(usize, &'a RefCell<usize>);
        impl io::Read for Waiting<'_> {
            fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
                assert_eq!(*self.1.borrow(), self.0, "an answer is missing");
                self.0 += 1;
                if self.0 > 3 {
                    self.0 = 3;
                    return Ok(0);
                }
                // The second request's beginning comes with the first.
                let chunk: &[u8] =
                    [&b"{\"op\":\"x\"}\n{\"op\""[..], b":\"x\"}\n", b"{}\n"][self.0 - 1];
                room[..chunk.len()].copy_from_slice(chunk);
                Ok(chunk.len())
            }
        }
        let written = RefCell::new(0);
        let requests = BufReader::new(Waiting(0, &written));
        answer_all(requests, BufWriter::new(Counting(&written))).unwrap();
        assert_eq!(*written.borrow(), 3);
    }
}
