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

/// The JSON string that holds `apparmor=`, where one does: that of a message, for other fields hold what others say,
/// such as the command line of a process.
fn unescaped(line: &str) -> Cow<'_, str> {
    let mut line = Cow::Borrowed(line);
    for _ in 0..DEEPEST {
        if is_of_others(line.as_bytes()) {
            return Cow::Borrowed("");
        }
        let mut places = line.match_indices(ESCAPED).map(|(at, _)| at).peekable();
        if places.peek().is_none() {
            break;
        }
        let Some(at) = places.find(|at| is_in_message(line.as_bytes(), *at)) else {
            return Cow::Borrowed("");
        };
        let Some(inner) = string_around(&line, at) else { break };
        line = Cow::Owned(inner);
    }
    line
}

const ESCAPED: &str = "apparmor=\\";
/// What loggers call the message: the journal, dmesg, container runtimes, others.
const KEYS: [&[u8]; 4] = [b"MESSAGE", b"msg", b"log", b"message"];

/// Whether a place within JSON lies in the string of a message, and not in that of another key.
pub(super) fn is_in_message(line: &[u8], at: usize) -> bool {
    let Some(start) = string_start(line, at) else { return true };
    let before = line.get(..start.saturating_sub(1)).unwrap_or_default().trim_ascii_end();
    let Some(key) = before.strip_suffix(b":").map(<[u8]>::trim_ascii_end) else { return true };
    let key = key.strip_suffix(b"\"").unwrap_or(key);
    KEYS.iter().any(|known| key.strip_suffix(*known).is_some_and(|before| before.ends_with(b"\"")))
}

/// Whether the journal says that neither the kernel nor auditd wrote a line.
pub(super) fn is_of_others(line: &[u8]) -> bool {
    const KEY: &[u8] = b"\"_TRANSPORT\"";
    memchr::memmem::find(line, KEY).is_some_and(|at| {
        let value = line.get(at + KEY.len()..).unwrap_or_default().trim_ascii_start();
        let value = value.strip_prefix(b":").map_or(value, <[u8]>::trim_ascii_start);
        ![b"\"kernel\"".as_slice(), b"\"audit\""].iter().any(|own| value.starts_with(own))
    })
}

/// Who wrote a line of text, where that was neither the kernel nor a part of auditd, by the name before the record:
/// `app` of `Nov 28 09:00:00 node1 app[71]: audit: type=1400 audit(1.1:1): apparmor="DENIED"`. Whoever can write to the log
/// can write another name as well.
pub(super) fn writer(before: &str) -> Option<&str> {
    const OWN: [&str; 7] = ["kernel", "audit", "auditd", "audispd", "audisp-syslog", "dbus", "dbus-daemon"];
    // The bus of some systems has another name, and socklogd names the kernel by its facility, as `kern.notice`.
    const BEGINNINGS: [&str; 2] = ["dbus-broker", "kern."];
    // Somebody quotes it.
    if before.contains('"') {
        return Some("another program");
    }
    // Each line is asked: only the words before a colon are looked at.
    let named = before.match_indices(':').filter_map(|(colon, _)| {
        let is_end = before.as_bytes().get(colon + 1).is_none_or(u8::is_ascii_whitespace);
        let word = before.get(..colon).filter(|_| is_end)?;
        word.rsplit(|c: char| c.is_ascii_whitespace()).next()
    });
    let named = named.map(|word| word.split(['[', '(']).next().unwrap_or_default());
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let named = named.filter(|word| !word.contains('='));
    named
        .filter(is_name)
        .find(|word| !OWN.contains(word) && !BEGINNINGS.iter().any(|begin| word.starts_with(begin)))
}

/// Behind the quote with which the string begins that holds a place.
fn string_start(line: &[u8], at: usize) -> Option<usize> {
    let before = line.get(..at)?;
    let is_plain = |quote: &usize| quote.checked_sub(1).and_then(|before| line.get(before)) != Some(&b'\\');
    memchr::memrchr_iter(b'"', before).find(is_plain).map(|quote| quote + 1)
}

/// The string that holds a place, from the quote before it on.
fn string_around(line: &str, at: usize) -> Option<String> {
    let start = string_start(line.as_bytes(), at)?.saturating_sub(1);
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
    fn what_others_say_is_no_message() {
        let quoted = serde_json::to_string(RECORD).unwrap();
        for other in [
            format!("{{\"_CMDLINE\":{quoted},\"MESSAGE\":\"hello\"}}"),
            format!("{{\"MESSAGE\":{quoted},\"_TRANSPORT\":\"syslog\"}}"),
            format!("{{\n\t\"_CMDLINE\" : {quoted}\n}}"),
        ] {
            assert_eq!(messages(&other), [""; 0], "{other}");
        }
        let spaced = format!("{{\"MESSAGE\": {quoted}, \"_TRANSPORT\": \"stdout\"}}");
        assert_eq!(messages(&spaced), [""; 0]);
        let both = format!("{{\"_CMDLINE\":{quoted},\"MESSAGE\":{quoted},\"_TRANSPORT\":\"kernel\"}}");
        assert_eq!(messages(&both), [RECORD]);
    }

    #[test]
    fn lines_of_text_say_who_wrote_them() {
        for (before, want) in [
            ("[  151.8] audit: type=1400 audit(1795854046.515:5): ", None),
            ("Nov 28 09:00:00 node1 kernel: [  12.1] audit: type=1400 audit(1.1:5): ", None),
            ("2026-11-28T09:00:00.1Z stdout F audit: type=1400 audit(1.1:5): ", None),
            ("node=n1 type=AVC msg=audit(1.1:5): ", None),
            ("type=USER_AVC msg=audit(1.1:5): pid=1 uid=102 msg='", None),
            ("Nov 28 09:00:00 node1 audit[71]: AVC ", None),
            ("Nov 28 09:00:00 node1 dbus-daemon[71]: ", None),
            ("Nov 28 09:00:00 node1 dbus[71]: ", None),
            ("2026-11-28T09:00:00.91645 kern.notice: [  469.180605] audit: type=1400 audit(1.1:3): ", None),
            ("Nov 28 09:00:00 node1 myapp[71]: audit: type=1400 audit(1.1:5): ", Some("myapp")),
            ("Nov 28 09:00:00 node1 nginx: audit: type=1400 audit(1.1:5): ", Some("nginx")),
            ("10.0.0.1 - - \"GET /audit: type=1400 audit(1.1:5): ", Some("another program")),
        ] {
            assert_eq!(writer(before), want, "{before}");
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
