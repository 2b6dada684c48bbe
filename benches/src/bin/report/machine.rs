//! What the figures were made on, and with.

use std::fs;
use std::process::Command;

use crate::Result;

pub(crate) fn section(date: &str) -> Result<String> {
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let field = |name: &str| -> Result<&str> {
        let line =
            processors.lines().find(|line| line.split(':').next().unwrap_or("").trim() == name);
        let value = line.and_then(|line| line.split(':').nth(1));
        value.map(str::trim).ok_or_else(|| format!("/proc/cpuinfo has no {name}").into())
    };
    let flags: Vec<_> = field("flags")?.split(' ').collect();
    let asked = ["aes", "vaes", "avx2", "avx512f"];
    let found = asked.iter().filter(|flag| flags.contains(flag)).copied().collect::<Vec<_>>();
    let cores = processors.lines().filter(|line| line.starts_with("processor")).count();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let rows = [
        (
            "processor",
            format!(
                "{}, family {}, model {}; of {} it has {}",
                field("model name")?,
                field("cpu family")?,
                field("model")?,
                asked.join(", "),
                found.join(", ")
            ),
        ),
        ("cores", cores.to_string()),
        ("kernel", format!("Linux {}", kernel.trim())),
        ("compiler", first_line("rustc")?),
        ("counted by", first_line("valgrind")?),
        ("date", date.into()),
    ];
    let rows = rows.map(|(name, value)| format!("| {name} | {value} |\n"));
    Ok(format!("## The machine\n\n| | |\n|---|---|\n{}", rows.concat()))
}

fn first_line(program: &str) -> Result<String> {
    let output = Command::new(program).arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().into())
}
