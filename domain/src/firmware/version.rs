//! Firmware versions: `V5.6.2build 190701`, `V5.7.15 build 240201`, or version and date apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A firmware version: numbers and, where known, the build date as YYMMDD.
///
/// Comparable **only inside one family**: alarm panels are 1.x, cameras 5.x (design note on devices §5).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FirmwareVersion {
    numbers: Vec<u32>,
    build: Option<u32>,
}

/// A text that holds no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a firmware version")]
pub struct NotAVersion;

const MOST_PARTS: usize = 6;

impl FirmwareVersion {
    /// Reads one string such as `V5.6.2build 190701`, `V5.7.15 build 240201` or `5.03.020`.
    pub fn parse(text: &str) -> Result<Self, NotAVersion> {
        let lower = text.trim().to_ascii_lowercase();
        let (version, build) = match lower.split_once("build") {
            Some((version, build)) => (version, build.trim()),
            None => lower.split_once(char::is_whitespace).unwrap_or((lower.as_str(), "")),
        };
        Self::from_parts(version, build)
    }

    /// Reads the two fields of `deviceInfo`: `V5.7.3` and `build 220112`.
    pub fn from_parts(version: &str, released: &str) -> Result<Self, NotAVersion> {
        let version = version.trim().trim_start_matches(['V', 'v']).trim();
        let numbers = version
            .split(['.', '-'])
            .map(|part| part.trim().parse::<u32>().map_err(|_| NotAVersion))
            .collect::<Result<Vec<_>, _>>()?;
        if numbers.len() > MOST_PARTS {
            return Err(NotAVersion);
        }
        Ok(Self { numbers, build: parse_build(released) })
    }

    /// The build date as YYMMDD; `None` when missing or `000000`.
    pub fn build(&self) -> Option<u32> {
        self.build
    }

    /// The numbers between the dots.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// Orders two versions of **one family**: the numbers (missing ones are 0), then the build date.
    pub fn compare_within_family(&self, other: &Self) -> std::cmp::Ordering {
        self.compare_numbers(&other.numbers).then_with(|| self.build.cmp(&other.build))
    }

    /// Whether two texts name one firmware of **one family**: the same numbers, and the same build date where both tell it.
    pub fn is_same(&self, other: &Self) -> bool {
        let same_build = self.build.is_none() || other.build.is_none() || self.build == other.build;
        self.compare_numbers(&other.numbers).is_eq() && same_build
    }

    /// Orders the numbers alone, within one family; missing ones are 0.
    pub(super) fn compare_numbers(&self, others: &[u32]) -> std::cmp::Ordering {
        let longest = self.numbers.len().max(others.len());
        let at = |numbers: &[u32], index: usize| numbers.get(index).copied().unwrap_or(0);
        let orders = (0..longest).map(|index| at(&self.numbers, index).cmp(&at(others, index)));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    }
}

fn parse_build(text: &str) -> Option<u32> {
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    (digits.len() == 6).then(|| digits.parse().ok()).flatten().filter(|build| *build != 0)
}

impl fmt::Display for FirmwareVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
        write!(out, "V{}", numbers.join("."))?;
        match self.build {
            Some(build) => write!(out, " build {build:06}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    #[test]
    fn every_written_form_is_read() {
        for (text, shown) in [
            ("V5.6.2build 190701", "V5.6.2 build 190701"),
            ("V5.7.15 build 240201", "V5.7.15 build 240201"),
            ("5.03.020", "V5.3.20"),
            ("V4.1.50.1 build 000000", "V4.1.50.1"),
            ("V4.62.210 2022-11-15", "V4.62.210"),
            ("V4.62.210 221115", "V4.62.210 build 221115"),
            ("V2.3.8-6 build 220101", "V2.3.8.6 build 220101"),
        ] {
            assert_eq!(FirmwareVersion::parse(text).unwrap().to_string(), shown);
        }
        let apart = FirmwareVersion::from_parts("V5.7.3", "build 220112").unwrap();
        assert_eq!(apart.to_string(), "V5.7.3 build 220112");
    }

    #[test]
    fn missing_numbers_count_as_zero_and_the_build_decides_last() {
        let of = |text| FirmwareVersion::parse(text).unwrap();
        let order = |a, b| of(a).compare_within_family(&of(b));
        assert_eq!(order("5.3", "5.3.0"), Ordering::Equal);
        assert_eq!(order("5.10.0", "5.9.9"), Ordering::Greater);
        assert_eq!(order("V5.5.0 build 170101", "V5.5.0 build 180101"), Ordering::Less);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn what_is_shown_reads_back_the_same(text in "[Vv]?[0-9]{1,4}([.-][0-9]{1,4}){0,5}( ?build [0-9]{6})?|.{0,40}") {
            if let Ok(version) = FirmwareVersion::parse(&text) {
                prop_assert_eq!(FirmwareVersion::parse(&version.to_string()).unwrap(), version);
            }
        }
    }
}
