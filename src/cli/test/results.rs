//! Results of expectations as CI reads them, and in one line for people.

use crate::ask::expect::Outcome;
use std::fmt::Write as _;

/// The expectations of one policy.
#[derive(Clone, Debug)]
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
    /// The policy has errors: it was not asked.
    pub(super) has_errors: bool,
}

/// How one expectation came out. Its texts have no control characters.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) name: String,
    /// `FILE:LINE`
    pub(super) place: String,
    pub(super) reason: String,
    pub(super) outcome: Outcome,
}

impl Suite {
    fn count(&self, outcome: Outcome) -> usize {
        self.cases.iter().filter(|case| case.outcome == outcome).count()
    }
}

/// Test Anything Protocol, version 14.
pub(super) fn tap(suites: &[Suite]) -> String {
    let lines: usize = suites.iter().map(|suite| suite.cases.len() + usize::from(suite.has_errors)).sum();
    let mut out = format!("TAP version 14\n1..{lines}\n");
    let mut number = 0;
    let mut say = |is_ok: bool, rest: &str, diagnostics: &[(&str, &str)]| {
        number += 1;
        let _ = writeln!(out, "{} {number} - {rest}", if is_ok { "ok" } else { "not ok" });
        if !diagnostics.is_empty() {
            out.push_str("  ---\n");
            for (key, value) in diagnostics {
                let _ = writeln!(out, "  {key}: {}", serde_json::Value::from(*value));
            }
            out.push_str("  ...\n");
        }
    };
    // A `#` would begin a directive.
    let plain = |text: &str| text.replace('\\', "\\\\").replace('#', "\\#");
    for suite in suites {
        if suite.has_errors {
            say(false, &format!("{}: the policy has errors", plain(&suite.name)), &[]);
        }
        for case in &suite.cases {
            let name = format!("{}: {}", plain(&suite.name), plain(&case.name));
            let because = [("at", case.place.as_str()), ("because", case.reason.as_str())];
            match case.outcome {
                Outcome::Met => say(true, &name, &[]),
                Outcome::Unmet => say(false, &name, &because),
                Outcome::Undecided => {
                    say(true, &format!("{name} # SKIP {}", plain(&case.reason)), &[]);
                }
            }
        }
    }
    out
}

/// The XML that JUnit's readers take.
pub(super) fn junit(suites: &[Suite]) -> String {
    let sum = |count: &dyn Fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"aapol test\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        sum(&|suite| suite.cases.len() + usize::from(suite.has_errors)),
        sum(&|suite| suite.count(Outcome::Unmet)),
        sum(&|suite| usize::from(suite.has_errors)),
        sum(&|suite| suite.count(Outcome::Undecided)),
    );
    for suite in suites {
        let name = xml(&suite.name);
        let _ = writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
            suite.cases.len() + usize::from(suite.has_errors),
            suite.count(Outcome::Unmet),
            usize::from(suite.has_errors),
            suite.count(Outcome::Undecided),
        );
        if suite.has_errors {
            let _ = writeln!(
                out,
                "    <testcase name=\"the policy\" classname=\"{name}\">\n      <error message=\"the policy has errors\"/>\n    </testcase>"
            );
        }
        for case in &suite.cases {
            let (test, reason, place) = (xml(&case.name), xml(&case.reason), xml(&case.place));
            let open = format!("    <testcase name=\"{test}\" classname=\"{name}\"");
            let _ = match case.outcome {
                Outcome::Met => writeln!(out, "{open}/>"),
                Outcome::Unmet => writeln!(
                    out,
                    "{open}>\n      <failure message=\"{reason}\">{place}</failure>\n    </testcase>"
                ),
                Outcome::Undecided => {
                    writeln!(out, "{open}>\n      <skipped message=\"{reason}\"/>\n    </testcase>")
                }
            };
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn xml(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // What XML has no way to write.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
        out
    })
}

/// One line for people.
pub(super) fn summary(suites: &[Suite]) -> String {
    let count = |outcome: Outcome| suites.iter().map(|suite| suite.count(outcome)).sum::<usize>();
    let (met, unmet, undecided) = (count(Outcome::Met), count(Outcome::Unmet), count(Outcome::Undecided));
    let all = met + unmet + undecided;
    let errors = suites.iter().filter(|suite| suite.has_errors).count();
    let policies = match suites.len() - errors {
        1 => "1 policy".to_owned(),
        number => format!("{number} policies"),
    };
    let mut out = match all {
        0 if errors == suites.len() => String::new(),
        0 => format!("no expectations in {policies}"),
        1 => format!("1 expectation in {policies}: {met} met"),
        _ => format!("{all} expectations in {policies}: {met} met"),
    };
    for (number, word) in [(unmet, "not met"), (undecided, "not decided")] {
        if number > 0 {
            let _ = write!(out, ", {number} {word}");
        }
    }
    let and = if out.is_empty() { "" } else { "; " };
    let _ = match errors {
        0 => Ok(()),
        1 => write!(out, "{and}1 policy has errors: its expectations were not asked"),
        number => write!(out, "{and}{number} policies have errors: their expectations were not asked"),
    };
    out.push('\n');
    out
}
