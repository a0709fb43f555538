//! Patterns of model names as advisories write them: `DS-2CD2xx6G2`, `DS-71xxNI-Q1(C)`, `DS-2DExxxx`.

use serde::Deserialize;

/// A pattern of model names.
///
/// A small `x` stands for one letter or digit; everything else is meant as it is, in any case. An advisory names series,
/// so whatever follows in a model belongs to the series: `DS-2CD2xx6G2` is also `DS-2CD2146G2-ISU`. A last part in round
/// brackets is an edition: it must follow somewhere in the model. The number of PoE ports (`/16P`) may stand in a model
/// where the pattern leaves it out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ModelPattern {
    /// The series; `x` is a wildcard, all else is upper case.
    series: Vec<char>,
    /// What must follow, with its brackets.
    edition: String,
}

/// A text that is no pattern: it would match nearly everything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a model pattern needs at least three characters that are no wildcards")]
pub struct NotAPattern;

/// Fewest characters of a pattern that are no wildcards.
const FEWEST_LITERALS: usize = 3;

impl ModelPattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, NotAPattern> {
        let text = text.trim();
        let (series, edition) = match text.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
            Some((series, edition)) => (series, format!("({})", edition.to_ascii_uppercase())),
            None => (text, String::new()),
        };
        // A last run of wildcards is any ending, and so is nothing.
        let series = series.trim_end_matches('x').chars();
        let series: Vec<char> = series.map(|c| if c == 'x' { c } else { c.to_ascii_uppercase() }).collect();
        let pattern = Self { series, edition };
        if pattern.literals() < FEWEST_LITERALS { Err(NotAPattern) } else { Ok(pattern) }
    }

    /// How much it says: the more characters are no wildcards, the more exactly it names a model.
    pub fn literals(&self) -> usize {
        self.series.iter().filter(|c| **c != 'x').count() + self.edition.len()
    }

    /// Whether a model is meant by it.
    pub fn matches(&self, model: &Model) -> bool {
        model.forms.iter().any(|form| self.matches_form(form))
    }

    fn matches_form(&self, form: &str) -> bool {
        let mut rest = form.chars();
        let meant = |wanted: &char| {
            rest.next().is_some_and(|c| if *wanted == 'x' { c.is_ascii_alphanumeric() } else { c == *wanted })
        };
        self.series.iter().all(meant) && (self.edition.is_empty() || rest.as_str().contains(&self.edition))
    }
}

impl TryFrom<String> for ModelPattern {
    type Error = NotAPattern;

    fn try_from(text: String) -> Result<Self, NotAPattern> {
        Self::parse(&text)
    }
}

/// A model as patterns are compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// As it is written, and without its PoE ports where it names them.
    forms: Vec<String>,
}

impl Model {
    /// Reads what a device says of itself.
    pub fn new(text: &str) -> Self {
        let written: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let parts: Vec<&str> = written.split('/').filter(|part| !is_ports(part)).collect();
        let short = parts.join("/");
        let mut forms = vec![written];
        if !forms.contains(&short) {
            forms.push(short);
        }
        Self { forms }
    }

    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        self.forms.iter().all(String::is_empty)
    }
}

/// `16P`.
fn is_ports(part: &str) -> bool {
    part.strip_suffix('P').is_some_and(|count| !count.is_empty() && count.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_means_its_models_and_no_others() {
        for (pattern, model, meant) in [
            ("DS-2CD2xx6G2", "DS-2CD2146G2-ISU", true),
            ("DS-2CD2xx6G2", "ds-2cd2146g2-isu (2.8mm)", true),
            ("DS-2CD2xx6G2", "DS-2CD2147G2-SU", false),
            ("DS-2CD2xx2F-I", "DS-2CD2632F-IS", true),
            ("DS-2CD2xx2F-I", "DS-2CD2032-I", false),
            ("DS-2DExxxx", "DS-2DE2A404IW-DE3", true),
            ("DS-K1T341A", "DS-K1T341AMF", true),
            ("DS-K1T341C", "DS-K1T341AMF", false),
            ("DS-77xxNXI-Ix/S", "DS-7716NXI-I4/16P/S", true),
            ("DS-7604NI-K1/4P(B)", "DS-7604NI-K1/4P(B)", true),
            ("DS-7604NI-K1/4P(B)", "DS-7604NI-K1/4P", false),
            ("DS-71xxNI-Q1(C)", "DS-7104NI-Q1/4P/M(C)", true),
            ("DS-71xxNI-Q1(C)", "DS-7104NI-Q1/4P/M", false),
            ("DS-76xxNXI-Kx", "DS-7608NI-K2/8P", false),
            ("DS-2XE62x2F(D)", "DS-2CE6222F-IS(D)", false),
        ] {
            assert_eq!(ModelPattern::parse(pattern).unwrap().matches(&Model::new(model)), meant, "{pattern} {model}");
        }
    }

    #[test]
    fn a_pattern_that_would_mean_nearly_everything_is_refused() {
        for bad in ["", "xxxx", "DS", "Axxxx"] {
            assert!(ModelPattern::parse(bad).is_err(), "{bad}");
        }
    }
}
