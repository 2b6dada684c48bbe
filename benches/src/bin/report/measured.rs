//! What was measured: criterion's estimates and callgrind's counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Result;

/// One side's time a call, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    pub(crate) median: f64,
    /// The median absolute deviation.
    pub(crate) deviation: f64,
}

/// Times by group, side and, in a sweep, the number that it goes over.
#[derive(Debug)]
pub(crate) struct Times(BTreeMap<(String, String, Option<u32>), Time>);

impl Times {
    /// Reads each `new/benchmark.json` below the folder, and the estimates beside it.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut times = Self(BTreeMap::new());
        times.add(folder)?;
        if times.0.is_empty() {
            return Err(format!("no estimates below {}", folder.display()).into());
        }
        Ok(times)
    }

    fn add(&mut self, folder: &Path) -> Result<()> {
        let benchmark = folder.join("benchmark.json");
        if folder.ends_with("new") && benchmark.exists() {
            let id = json(&benchmark)?;
            let estimates = json(&folder.join("estimates.json"))?;
            let text =
                |key: &str| id[key].as_str().ok_or(format!("{}: no {key}", folder.display()));
            let at = id["value_str"].as_str().map(str::parse).transpose()?;
            let point = |key: &str| {
                let point = estimates[key]["point_estimate"].as_f64();
                point.ok_or(format!("{}: no {key}", folder.display()))
            };
            let time = Time { median: point("median")?, deviation: point("median_abs_dev")? };
            self.0.insert((text("group_id")?.into(), text("function_id")?.into(), at), time);
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.add(&path)?;
            }
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn of(&self, job: &str, side: &str) -> Result<Time> {
        let time = self.0.get(&(job.into(), side.into(), None));
        time.copied().ok_or_else(|| format!("{job}, {side}: not in the criterion run").into())
    }

    /// The jobs that were measured, without the sweeps.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = (&str, &str)> {
        let jobs = self.0.keys().filter(|(_, _, at)| at.is_none());
        jobs.map(|(job, side, _)| (job.as_str(), side.as_str()))
    }

    /// A sweep's sides, ours first, each with its points in ascending order.
    pub(crate) fn sweep(&self, name: &str) -> Vec<(&str, Vec<(u32, Time)>)> {
        let mut sides: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for ((group, side, at), time) in &self.0 {
            if let (true, Some(at)) = (group == name, at) {
                sides.entry(side).or_default().push((*at, *time));
            }
        }
        let mut sides: Vec<_> = sides.into_iter().collect();
        sides.sort_by_key(|(side, _)| !side.starts_with("ours"));
        sides
    }
}

fn json(path: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// A line of `counts.sh tsv`.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) job: String,
    pub(crate) side: String,
    /// `ours`, `floor` or `peer`.
    pub(crate) of: String,
    pub(crate) instructions: u64,
}

#[derive(Debug)]
pub(crate) struct Counts(pub(crate) Vec<Count>);

impl Counts {
    pub(crate) fn read(text: &str) -> Result<Self> {
        let count = |line: &str| match line.split('\t').collect::<Vec<_>>()[..] {
            [job, side, of, instructions] => Ok(Count {
                job: job.into(),
                side: side.into(),
                of: of.into(),
                instructions: instructions.parse()?,
            }),
            _ => Err(format!("not a count: {line}").into()),
        };
        Ok(Self(text.lines().map(count).collect::<Result<_>>()?))
    }

    /// The sides of the jobs of some groups, job after job.
    pub(crate) fn of<'c>(&'c self, groups: &[&str]) -> impl Iterator<Item = &'c Count> {
        let group =
            |count: &&Count| groups.iter().any(|group| count.job.split('/').next() == Some(group));
        self.0.iter().filter(group)
    }

    pub(crate) fn ours(&self, job: &str) -> Result<u64> {
        let ours = self.0.iter().find(|count| count.job == job && count.side == "ours");
        ours.map(|count| count.instructions)
            .ok_or_else(|| format!("{job}: ours not counted").into())
    }
}
