//! What must come of a scenario: with the whole policy, and without one of its grants.

use super::program::{Exception, Expected, Program};
use crate::check::Judge;
use probe::{Answer, Outcome};

/// All facts as they are to be, and in the kernel's log what belongs there and nothing else.
pub(super) fn whole(program: &Program, release: &str) -> Judge {
    let (facts, expected) = (program.facts, program.expected(release));
    Box::new(move |answer| {
        compare(facts, answer)?;
        let surprise = surprises(&expected, answer);
        if !surprise.is_empty() {
            return Err(format!("the kernel's log:{}", listed(&surprise)));
        }
        match expected.iter().find(|one| !answer.log.iter().any(|line| one.is(line))) {
            Some(missing) => Err(format!("not in the kernel's log: {:?} ({})", missing.words, missing.why)),
            None => Ok(()),
        }
    })
}

/// Something new is refused, and no more is asked: what becomes of the program then is its own affair. With an
/// exception, nothing is, and the scenario goes as with the whole policy.
pub(super) fn without(program: &Program, grant: &str, release: &str) -> Judge {
    let (facts, expected) = (program.facts, program.expected(release));
    let exception = program.exceptions.iter().find(|one| one.is_of(grant, release)).copied();
    Box::new(move |answer| {
        let surprise = surprises(&expected, answer);
        match (exception, surprise.first()) {
            (None, Some(_)) => Ok(()),
            (Some(Exception { why, .. }), Some(line)) => {
                Err(format!("the exception ({why}) does not hold: {line}"))
            }
            (exception, None) => {
                compare(facts, answer).map_err(|what| format!("nothing is refused, and yet {what}"))?;
                exception.map(|_| ()).ok_or_else(|| "nothing is refused: the grant is needless".to_owned())
            }
        }
    })
}

/// Something new is refused.
pub(super) fn missed(program: &Program, release: &str) -> Judge {
    let expected = program.expected(release);
    Box::new(move |answer| match surprises(&expected, answer).first() {
        Some(_) => Ok(()),
        None => Err("nothing is refused: the entry is needless".to_owned()),
    })
}

fn compare(facts: &[&str], answer: &Answer) -> Result<(), String> {
    let (status, output) = match &answer.outcome {
        Outcome::Ran { status, output } => (*status, output),
        Outcome::Done(_)
        | Outcome::Refused { .. }
        | Outcome::Killed(_)
        | Outcome::Hung(_)
        | Outcome::Broken(_) => return Err(format!("{:?}", answer.outcome)),
    };
    let lines: Vec<&str> = output.lines().collect();
    if status == 0 && lines == facts {
        return Ok(());
    }
    let wanted = facts.iter().map(|fact| Some(*fact)).chain([None]);
    let at = wanted.zip(lines.iter().map(|line| Some(*line)).chain([None])).find(|(want, line)| want != line);
    let (want, line) = at.unwrap_or_default();
    let log: Vec<&str> = answer.log.iter().map(String::as_str).collect();
    Err(format!("status {status}, {want:?} was {line:?}; all of it:{}{}", listed(&lines), listed(&log)))
}

/// What is refused and is not expected.
fn surprises<'a>(expected: &[Expected], answer: &'a Answer) -> Vec<&'a str> {
    let refused = answer.log.iter().filter(|line| line.contains("apparmor=\"DENIED\""));
    refused.filter(|line| !expected.iter().any(|one| one.is(line))).map(String::as_str).collect()
}

fn listed(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("\n    {line}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: Program = Program {
        name: "none",
        policy: |text, _| text,
        bundles: &[],
        packages: |_| Vec::new(),
        lay: |_, _| Ok(()),
        files: &[],
        arguments: &[],
        environment: |_| Vec::new(),
        script: "",
        facts: &["started"],
        seconds: 1,
        expected: &[Expected::STRAY],
        exceptions: &[Exception { grant: "network.allow inet/dgram", release: Some("trixie"), why: "test" }],
    };
    const STRAY: &str = "apparmor=\"DENIED\" operation=\"mknod\" name=\"/srv/stray\" comm=\"busybox\"";
    const OTHER: &str = "apparmor=\"DENIED\" operation=\"open\" name=\"/etc/shadow\"";

    fn answer(output: &str, log: &[&str]) -> Answer {
        let log = log.iter().map(|line| (*line).to_owned()).collect();
        Answer { number: 0, outcome: Outcome::Ran { status: 0, output: output.to_owned() }, log }
    }

    #[test]
    fn a_whole_run_has_its_facts_and_its_log() {
        let judge = whole(&PROGRAM, "trixie");
        assert_eq!(judge(&answer("started\n", &[STRAY])), Ok(()));
        assert!(judge(&answer("started\n", &[])).is_err());
        assert!(judge(&answer("started\n", &[STRAY, OTHER])).is_err());
        assert!(judge(&answer("started\nmore\n", &[STRAY])).is_err());
        assert!(judge(&answer("", &[STRAY])).is_err());
    }

    #[test]
    fn a_grant_is_needed_and_an_exception_is_not() {
        let needed = without(&PROGRAM, "network.allow inet/stream", "trixie");
        assert_eq!(needed(&answer("", &[OTHER])), Ok(()));
        assert!(needed(&answer("started\n", &[STRAY])).is_err());
        // A scenario that fails for no reason that the kernel tells proves nothing.
        assert!(needed(&answer("", &[])).is_err());
        let excepted = without(&PROGRAM, "network.allow inet/dgram", "trixie");
        assert_eq!(excepted(&answer("started\n", &[STRAY])), Ok(()));
        assert!(excepted(&answer("started\n", &[OTHER])).is_err());
        assert!(excepted(&answer("", &[])).is_err());
        let elsewhere = without(&PROGRAM, "network.allow inet/dgram", "bookworm");
        assert_eq!(elsewhere(&answer("started\n", &[OTHER])), Ok(()));
    }
}
