//! The profile that is to become a policy, with where its lines come from.

use crate::foreign::{NotTaken, Remark, WrittenProfile};
use crate::rules::profile::{Files, Include};
use crate::rules::{Child, Kind, Line, ReadProfile, Rule, reader};

/// One profile, and the lines of the file that it was read from.
#[derive(Clone, Debug)]
pub struct Original {
    pub profile: ReadProfile,
    pub remarks: Vec<Remark>,
    /// For each line of its text that of the input; none where they are the same.
    lines: Option<Vec<Option<usize>>>,
}

impl Original {
    /// The profiles of a text.
    pub fn of_text(text: &str, files: &Files<'_>) -> Result<Vec<Original>, NotTaken> {
        read(text, None, &[], files)
    }

    /// What another tool would write.
    pub fn of_written(written: WrittenProfile, files: &Files<'_>) -> Result<Vec<Original>, NotTaken> {
        read(&written.text, Some(written.lines), &written.remarks, files)
    }

    pub fn name(&self) -> &str {
        &self.profile.head.name
    }

    /// The line of the input that a line of the text comes from.
    pub fn input_line(&self, number: usize) -> Option<usize> {
        match &self.lines {
            None => Some(number),
            Some(lines) => lines.get(number.checked_sub(1)?).copied().flatten(),
        }
    }

    /// Where a rule stands, as it reads behind another word.
    pub(super) fn place(&self, line: &Line) -> String {
        match (&line.file, self.input_line(line.number)) {
            (Some(file), _) => format!("{file}, line {}", line.number),
            (None, Some(number)) => format!("line {number}"),
            (None, None) => "written by the tool".to_owned(),
        }
    }

    /// The include that brings in a line, by the line's number among all of them.
    pub(super) fn include_of(&self, line: usize) -> Option<&Include> {
        self.profile.includes.iter().find(|include| include.lines.contains(&line))
    }

    /// What no policy can be made of.
    pub(super) fn refused(&self) -> Result<(), NotTaken> {
        let name = self.name();
        let refuse = |line, wrong: String, help: &str| Err(NotTaken { line, wrong, help: help.to_owned() });
        for flag in ["unconfined", "default_allow"] {
            if self.profile.head.flags.iter().any(|one| one == flag) {
                let wrong = format!("the profile `{name}` has the flag `{flag}`, and confines nothing");
                return refuse(None, wrong, "a policy says what is allowed: write one with `aapol init`");
            }
        }
        let child = |rule: &Rule| {
            let Kind::Child(Child { head, .. }) = &rule.kind else { return None };
            Some(head.name.clone())
        };
        for line in &self.profile.lines {
            if let Some(inner) = line.rules.iter().find_map(child) {
                let wrong = format!(
                    "the profile `{name}` has the profile `{inner}` within it, which no policy can have"
                );
                let number = line.file.is_none().then(|| self.input_line(line.number)).flatten();
                return refuse(number, wrong, "take it out, or import it as a profile of its own");
            }
        }
        let is_lost = |include: &&Include| {
            !include.is_found
                && !is_abstraction(&include.name)
                && self.profile.missing.contains(&include.name)
        };
        if let Some(Include { name: missing, number, .. }) = self.profile.includes.iter().find(is_lost) {
            let wrong = format!("the profile `{name}` includes `{missing}`, of which there is no file");
            let help = "say with `--include` in which folder AppArmor's files are";
            return refuse(self.input_line(*number), wrong, help);
        }
        Ok(())
    }
}

/// Whether an include can stay one.
pub(super) fn is_abstraction(name: &str) -> bool {
    abstraction(name).is_some()
}

/// The name of an abstraction, as policies name it.
pub(super) fn abstraction(include: &str) -> Option<&str> {
    include.strip_prefix("abstractions/").filter(|name| !name.is_empty())
}

fn read(
    text: &str,
    lines: Option<Vec<Option<usize>>>,
    remarks: &[Remark],
    files: &Files<'_>,
) -> Result<Vec<Original>, NotTaken> {
    let profiles = reader::profiles(text, files).map_err(|fault| {
        let number = |lines: &Vec<Option<usize>>| lines.get(fault.number.checked_sub(1)?).copied().flatten();
        let line = lines.as_ref().map_or(Some(fault.number), number).filter(|_| fault.file.is_none());
        let wrong = match &fault.file {
            Some(_) => format!("it cannot be read as a profile: {fault}"),
            None => format!("it cannot be read as a profile: {}", fault.wrong),
        };
        NotTaken { line, wrong, help: "correct it so that `apparmor_parser` takes it".to_owned() }
    })?;
    let original = |profile| Original { profile, remarks: remarks.to_vec(), lines: lines.clone() };
    Ok(profiles.into_iter().map(original).collect())
}
