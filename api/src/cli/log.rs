//! `siteward log verify`: checks a downloaded access log without a server or a database.

use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use siteward_store::access_log::chain::{Chain, Entry, FORMAT, Head};

use super::Failure;

#[derive(Subcommand)]
pub(super) enum Log {
    /// Check that nothing was changed in a downloaded access log or taken out of it. Needs no server.
    Verify(Verify),
}

#[derive(Args)]
pub(super) struct Verify {
    /// The downloaded file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A copy of the same log that was downloaded before: whatever it holds must still be there.
    #[arg(long, value_name = "FILE")]
    older: Option<PathBuf>,
}

/// A copy that holds by itself.
#[derive(Debug)]
struct Copy {
    head: Head,
    entries: i64,
    /// When the first and the last entry were written.
    times: Option<(String, String)>,
    /// The hash that the entry of a wanted number has, where it is in the copy.
    wanted_hash: Option<String>,
}

impl Log {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let Self::Verify(verify) = self;
        let older = verify.older.as_deref().map(|file| check_file(file, None)).transpose()?;
        let copy = check_file(&verify.file, older.as_ref().map(|older| older.head.last))?;
        if let Some(older) = &older {
            follows(&copy, older)?;
        }
        let head = &copy.head;
        let mut out = std::io::stdout().lock();
        let site = format!("Site {} ({})", head.site_name, head.site_id);
        match &copy.times {
            Some((from, until)) => writeln!(
                out,
                "{site}: unbroken, {} entries, {} to {}, {from} to {until}\nLast hash {}",
                copy.entries, head.first, head.last, head.last_hash
            )?,
            None => writeln!(out, "{site}: no entries")?,
        }
        if let Some(older) = &older {
            writeln!(out, "Everything up to entry {} of the older copy is there", older.head.last)?;
        }
        Ok(())
    }
}

fn check_file(file: &Path, wanted: Option<i64>) -> Result<Copy, Failure> {
    let open = File::open(file).map_err(|error| Failure::new("io", format!("{}: {error}", file.display())))?;
    check(BufReader::new(open), wanted)
}

/// Reads a copy and says whether it holds.
fn check(input: impl BufRead, wanted: Option<i64>) -> Result<Copy, Failure> {
    let broken = |message: String| Failure::new("log_broken", message);
    let mut lines = input.lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let head: Head = serde_json::from_str(&first)
        .ok()
        .filter(|head: &Head| head.format == FORMAT)
        .ok_or_else(|| Failure::new("not_a_log", format!("the first line is not the head of a \"{FORMAT}\"")))?;
    let mut chain =
        if head.first == 1 { Chain::from_the_first(&head.site_id) } else { Chain::section(&head.site_id, head.first) };
    let (mut times, mut wanted_hash) = (None::<(String, String)>, None);
    for (line, number) in lines.zip(2_u64..) {
        let entry: Entry =
            serde_json::from_str(&line?).map_err(|_| broken(format!("line {number} is not an entry")))?;
        chain.take(&entry).map_err(|found| broken(format!("line {number}: {found}")))?;
        if wanted == Some(entry.n) {
            wanted_hash = Some(entry.hash.clone());
        }
        times = Some((times.map_or_else(|| entry.at.clone(), |(from, _)| from), entry.at));
    }
    let entries = chain.entries();
    if entries != (head.last - head.first + 1).max(0) {
        return Err(broken(format!("entries {} to {} should be there, and {entries} are", head.first, head.last)));
    }
    if entries > 0 && chain.last_hash() != Some(head.last_hash.as_str()) {
        return Err(broken("the last entry is not the one that the head names".to_owned()));
    }
    Ok(Copy { head, entries, times, wanted_hash })
}

/// Whether a copy goes on from an older one.
fn follows(copy: &Copy, older: &Copy) -> Result<(), Failure> {
    let broken = |message: String| Err(Failure::new("log_broken", message));
    if copy.head.site_id != older.head.site_id {
        return broken("the older copy is of another site".to_owned());
    }
    if older.entries == 0 || copy.wanted_hash.as_deref() == Some(older.head.last_hash.as_str()) {
        return Ok(());
    }
    match copy.wanted_hash {
        Some(_) => broken(format!("entry {} is not what it was in the older copy", older.head.last)),
        None => broken(format!("entry {} of the older copy is missing", older.head.last)),
    }
}

#[cfg(test)]
mod tests {
    use siteward_store::access_log::chain::{FIRST, moment};

    use super::*;

    /// The lines of a copy with so many entries.
    fn copy(entries: i64) -> Vec<String> {
        let mut hash = FIRST.to_owned();
        let mut lines = Vec::new();
        for n in 1..=entries {
            let mut entry = Entry {
                site_id: "s".into(),
                n,
                at: moment(chrono::DateTime::from_timestamp(n, 0).unwrap()),
                actor_kind: "platform".into(),
                actor_id: String::new(),
                actor_name: String::new(),
                company_id: String::new(),
                company_name: String::new(),
                action: "permission_ended".into(),
                device_id: String::new(),
                device_name: String::new(),
                detail: "{}".into(),
                previous_hash: hash,
                hash: String::new(),
            };
            entry.hash = entry.own_hash();
            hash = entry.hash.clone();
            lines.push(serde_json::to_string(&entry).unwrap());
        }
        lines.insert(0, head(1, entries, &hash));
        lines
    }

    fn head(first: i64, last: i64, hash: &str) -> String {
        serde_json::json!({
            "format": FORMAT, "site_id": "s", "site_name": "Home", "first": first, "last": last, "last_hash": hash,
            "made_at": "2027-01-15T08:00:00.000000Z",
        })
        .to_string()
    }

    fn read(lines: &[String], wanted: Option<i64>) -> Result<Copy, Failure> {
        check(std::io::Cursor::new(lines.join("\n")), wanted)
    }

    fn refused(lines: &[String]) -> String {
        format!("{:?}", read(lines, None).unwrap_err())
    }

    #[test]
    fn a_whole_copy_holds_and_one_without_its_end_does_not() {
        let whole = copy(4);
        assert_eq!(read(&whole, None).unwrap().entries, 4);
        assert_eq!(read(&copy(0), None).unwrap().entries, 0);
        assert!(refused(&whole[..4]).contains("entries 1 to 4 should be there, and 3 are"));
        assert!(refused(&whole[1..]).contains("not_a_log"));
        let mut changed = whole.clone();
        changed[2] = changed[2].replace("platform", "staff");
        assert!(refused(&changed).contains("entry 2 was changed"));
        let mut swapped = whole.clone();
        swapped.swap(2, 3);
        assert!(refused(&swapped).contains("line 3: entry 3 stands where entry 2 belongs"));
        let mut head_of_another = whole.clone();
        head_of_another[0] = head(1, 4, FIRST);
        assert!(refused(&head_of_another).contains("the last entry is not the one"));
        let mut rubbish = whole;
        rubbish[3] = "{}".into();
        assert!(refused(&rubbish).contains("line 4 is not an entry"));
    }

    #[test]
    fn a_section_begins_where_its_head_says() {
        let whole = copy(4);
        let last = read(&whole, None).unwrap().head.last_hash;
        let section = |first| [&[head(first, 4, &last)], &whole[3..]].concat();
        assert_eq!(read(&section(3), None).unwrap().entries, 2);
        assert!(refused(&section(2)).contains("entry 3 stands where entry 2 belongs"));
    }

    #[test]
    fn whatever_an_older_copy_holds_must_still_be_there() {
        let (older, newer) = (read(&copy(2), None).unwrap(), read(&copy(4), Some(2)).unwrap());
        follows(&newer, &older).unwrap();
        let shortened = read(&copy(1), Some(2)).unwrap();
        assert!(
            format!("{:?}", follows(&shortened, &older).unwrap_err()).contains("entry 2 of the older copy is missing")
        );
        let mut rewritten = older;
        rewritten.head.last_hash = FIRST.into();
        assert!(format!("{:?}", follows(&newer, &rewritten).unwrap_err()).contains("is not what it was"));
    }
}
