//! Grounds written back as rules, so that the real parser can say whether they mean what was read.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test stops at what it did not expect")]

use aapol::kernel::Operation;
use aapol::kernel::request::Contact;
use aapol::rules::reader::Line;
use aapol::rules::{Ground, What};

/// The lines as they were, as they were read, and variables for the latter. What says less than the line did is
/// left as it was.
pub(crate) fn both(lines: &[Line]) -> (String, String, String) {
    let mut as_was = String::new();
    let mut as_read = String::new();
    let mut values = String::new();
    for line in lines.iter().filter(|line| line.unread.is_none()) {
        if line.text.starts_with(['^', 'h']) || line.text.starts_with("profile ") {
            continue;
        }
        // Neither logging nor the environment is an access.
        let was = line.text.replace("audit ", "").replace("unsafe ", "");
        // The parser drops such an arrow and keeps its name in a table of its own.
        let is_dropped = matches!(line.grounds.as_slice(), [Ground { what: What::Files { .. }, .. }])
            && was.contains(" -> ");
        let read: Option<Vec<(String, String)>> =
            line.grounds.iter().map(ground).collect::<Option<_>>().filter(|_| !is_dropped);
        for (value, rule) in read.unwrap_or_else(|| vec![(String::new(), was.clone())]) {
            let name = format!("@{{G{}}}", values.len());
            values.push_str(&value.replace("@{G}", &name));
            as_read.push_str(&format!("  {}\n", rule.replace("@{G}", &name)));
        }
        as_was.push_str(&format!("  {was}\n"));
    }
    (as_was, as_read, values)
}

fn ground(ground: &Ground) -> Option<(String, String)> {
    let deny = if ground.grants { "" } else { "deny " };
    let mine = |owner: &bool| if *owner { "owner " } else { "" };
    let rule = match &ground.what {
        What::Files { access, transition, .. } if transition.is_some() || access.is_empty() => return None,
        What::Files { paths: None, owner, .. } => format!("{}file,", mine(owner)),
        What::Files { paths: Some(paths), access, owner, .. } => {
            let letters = access.to_string();
            let letters = if ground.grants { letters.replace('x', "ix") } else { letters };
            // A rule cannot begin with a brace, a value that it names can.
            let (value, path) = match paths.text() {
                text if text.starts_with('{') => (format!("@{{G}}=\"{text}\"\n"), "@{G}".to_owned()),
                text => (String::new(), format!("\"{text}\"")),
            };
            return Some((value, format!("{deny}{}{path} {letters},", mine(owner))));
        }
        What::Link { new, target, owner, subset } => {
            let subset = if *subset { "subset " } else { "" };
            let target = target.as_ref()?.text();
            format!("{}link {subset}\"{}\" -> \"{target}\",", mine(owner), new.text())
        }
        What::Capability(None) => "capability,".to_owned(),
        What::Capability(Some(capability)) => format!("capability {},", capability.name()),
        // Of a family the parser adds what is no type of ours; and `unix,` is not quite `network unix,`.
        What::Network(socket) if socket.family.is_some_and(|f| f.name() == "unix") => return None,
        What::Network(socket) => {
            let family = socket.family.map_or("", |family| family.name());
            let kind = socket.kind.map_or("", |kind| kind.name());
            format!("network {family} {kind},")
        }
        What::Conditional { .. } | What::Limit { .. } | What::Other(_) => return None,
        What::Operation(operation) => match operation {
            Operation::PivotRoot => "pivot_root,".to_owned(),
            operation => format!("{},", operation.name()),
        },
        What::Process { contacts, signals, peer } => {
            let words = [
                (Contact::SignalSend, "send"),
                (Contact::SignalReceive, "receive"),
                (Contact::PtraceRead, "read"),
                (Contact::PtraceTrace, "trace"),
                (Contact::PtraceReadBy, "readby"),
                (Contact::PtraceTracedBy, "tracedby"),
            ];
            let found = words.iter().filter(|(contact, _)| contacts.contains(*contact));
            let found: Vec<&str> = found.map(|(_, word)| *word).collect();
            let is_signal =
                contacts.contains(Contact::SignalSend) || contacts.contains(Contact::SignalReceive);
            let kind = if is_signal { "signal" } else { "ptrace" };
            let set = signals.as_ref().map_or(String::new(), |set| format!(" set=({})", set.join(",")));
            let peer = peer.as_ref().map_or(String::new(), |peer| format!(" peer=\"{}\"", peer.text()));
            format!("{kind} ({}){set}{peer},", found.join(","))
        }
        What::Everything => "all,".to_owned(),
    };
    Some((String::new(), format!("{deny}{rule}")))
}
