//! The kernel's own words within a line of a log, whoever wrote the log.
//!
//! Enters: lines, in order, as text or as JSON: the journal's in any of its forms, `dmesg --json`, a container runtime's.
//! Leaves: each line's message. Knows no JSON around it: a message that is a JSON string is known by its escaped quotes,
//! and one that is an array of bytes, as the journal has where there are others than letters, by its name.

use std::borrow::Cow;

/// JSON within JSON goes no deeper.
const DEEPEST: usize = 4;
/// A longer message is none of the kernel's.
const LONGEST: usize = 64 << 10;

/// Reads the lines of one log.
#[derive(Debug, Default)]
pub struct Messages {
    /// The bytes so far of an array that goes on in the next line.
    open: Option<Vec<u8>>,
}

impl Messages {
    /// The message of the next line; nothing while one goes on.
    pub fn next<'a>(&mut self, line: &'a str) -> Cow<'a, str> {
        // An array that was cut off ends where something else begins.
        if let Some(bytes) = self.open.take().filter(|_| is_of_array(line.as_bytes())) {
            return self.array(bytes, line);
        }
        match array_in(line) {
            Some(rest) => self.array(Vec::new(), rest),
            None => unescaped(line),
        }
    }

    /// Whether a message goes on in the next line.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether a line may hold a message in another form than a text: an array of bytes.
    pub fn may_begin(line: &[u8]) -> bool {
        memchr::memmem::find(line, b"\"MESSAGE\"").is_some()
    }

    fn array<'a>(&mut self, mut bytes: Vec<u8>, rest: &str) -> Cow<'a, str> {
        let (numbers, is_whole) = rest.split_once(']').map_or((rest, false), |(numbers, _)| (numbers, true));
        bytes.extend(numbers.split(',').filter_map(|number| number.trim().parse::<u8>().ok()));
        if is_whole || bytes.len() > LONGEST {
            return Cow::Owned(String::from_utf8_lossy(&bytes).into_owned());
        }
        self.open = Some(bytes);
        Cow::Borrowed("")
    }
}

/// Whether an array of bytes may go on in a line.
pub(super) fn is_of_array(line: &[u8]) -> bool {
    let numbers = line.split(|byte| *byte == b']').next().unwrap_or_default();
    numbers.iter().all(|byte| byte.is_ascii_digit() || *byte == b',' || byte.is_ascii_whitespace())
}

/// What stands behind `"MESSAGE": [`.
fn array_in(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("\"MESSAGE\"")?;
    rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')
}

/// The JSON string that holds `apparmor=`, where one does.
fn unescaped(line: &str) -> Cow<'_, str> {
    let mut line = Cow::Borrowed(line);
    for _ in 0..DEEPEST {
        let Some(inner) = line.find("apparmor=\\").and_then(|at| string_around(&line, at)) else { break };
        line = Cow::Owned(inner);
    }
    line
}

/// The string that holds a place, from the quote before it on.
fn string_around(line: &str, at: usize) -> Option<String> {
    let before = line.get(..at)?;
    let mut quotes = before.rmatch_indices('"').map(|(quote, _)| quote);
    let start = quotes.find(|quote| !before.get(..*quote).is_some_and(|text| text.ends_with('\\')))?;
    let string = line.get(start..)?;
    let mut read = serde_json::Deserializer::from_str(string).into_iter::<String>();
    match read.next() {
        Some(Ok(text)) => Some(text),
        // The line was cut short: what is left is read, and found to be cut.
        Some(Err(_)) | None => Some(string.get(1..)?.replace("\\\"", "\"").replace("\\\\", "\\")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"audit: apparmor="DENIED" operation="open" name="/etc/shadow""#;

    fn messages(log: &str) -> Vec<String> {
        let mut messages = Messages::default();
        let read = log.lines().map(|line| messages.next(line).into_owned());
        read.filter(|message| message.contains("apparmor=")).collect()
    }

    #[test]
    fn a_message_is_found_in_whatever_holds_it() {
        let quoted = serde_json::to_string(RECORD).unwrap();
        let twice = serde_json::to_string(&format!("{{\"log\":{quoted}}}")).unwrap();
        let bytes: Vec<String> = RECORD.bytes().map(|byte| byte.to_string()).collect();
        let logs = [
            RECORD.to_owned(),
            format!("{{\"_PID\":\"1\",\"MESSAGE\":{quoted},\"PRIORITY\":\"5\"}}"),
            format!("{{\n\t\"_PID\" : \"1\",\n\t\"MESSAGE\" : {quoted},\n\t\"PRIORITY\" : \"5\"\n}}"),
            format!(
                "{{\n   \"dmesg\": [\n      {{\n         \"pri\": 5,\n         \"msg\": {quoted}\n      }}\n   ]\n}}"
            ),
            format!("{{\"log\":{quoted},\"stream\":\"stdout\"}}"),
            format!("{{\"log\":{twice},\"stream\":\"stdout\"}}"),
            format!("2026-11-21T09:00:00.1Z stdout F {RECORD}"),
            format!("2026-11-21T09:00:00.1Z stdout F {{\"MESSAGE\":{quoted}}}"),
            format!("{{\"MESSAGE\":[{}],\"_PID\":\"1\"}}", bytes.join(",")),
            format!("{{\n\t\"MESSAGE\" : [\n\t\t{}\n\t],\n\t\"_PID\" : \"1\"\n}}", bytes.join(",\n\t\t")),
        ];
        for log in logs {
            let found = messages(&log);
            assert!(
                found.len() == 1 && found.iter().all(|message| message.ends_with(RECORD)),
                "{log}\n{found:?}"
            );
        }
    }

    #[test]
    fn what_is_cut_or_no_json_is_left_as_it_is() {
        assert_eq!(
            messages(r#"{"MESSAGE":"apparmor=\"DENIED\" name=\"/et"#),
            [r#"apparmor="DENIED" name="/et"#]
        );
        assert_eq!(messages(r#"apparmor=\"DENIED\""#), [r#"apparmor=\"DENIED\""#]);
        assert_eq!(messages("\"MESSAGE\" : [ 1, 2"), [""; 0]);
        let endless = format!("\"MESSAGE\" : [\n{}", "1,2,3,\n".repeat(100_000));
        assert_eq!(messages(&endless), [""; 0]);
        let deep = "apparmor=\\".repeat(10_000);
        assert_eq!(messages(&format!("\"{deep}")).len(), 1);
    }
}
