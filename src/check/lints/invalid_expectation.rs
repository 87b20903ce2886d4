//! An expectation that is no access.

use crate::diag::suggest::{beginning, nearest};
use crate::diag::{Code, Finding, Findings, Severity};
use crate::kernel::network::foreign;
use crate::kernel::{Capability, Family, Operation, SocketType};
use crate::policy::{Text, quoted};

pub static CODE: Code = Code {
    name: "invalid-expectation",
    severity: Severity::Error,
    summary: "an expectation that does not describe an access",
    explanation: "An expectation is a verb and what it is done to: `read`, `write`, `create`, `delete`, `lock`, `map` or `exec` \
                  with one path, `rename OLD NEW`, `link NEW TARGET`, `network FAMILY/TYPE`, `capability NAME`, `operation \
                  NAME`. A path is one path, not a pattern; a trailing `/` means the folder itself. Today \
                  only this form is checked, not whether the policy keeps it.",
    bad: "name = \"web\"\n\n[expect]\ndeny = [\"write /etc/**\"]\n",
    good: "name = \"web\"\n\n[expect]\ndeny = [\"write /etc/passwd\"]\n",
};

/// What can be expected.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    pub name: &'static str,
    /// How many paths stand behind it; none where a word does.
    pub paths: usize,
    pub example: &'static str,
    pub about: &'static str,
}

const fn verb(name: &'static str, paths: usize, example: &'static str, about: &'static str) -> Verb {
    Verb { name, paths, example, about }
}

pub const VERBS: [Verb; 12] = [
    verb("read", 1, "/path", "Open the file for reading, or list the folder."),
    verb("write", 1, "/path", "Open the file for writing."),
    verb("create", 1, "/path", "Make the file, or the folder where a `/` ends the path."),
    verb("delete", 1, "/path", "Remove the file, or the folder where a `/` ends the path."),
    verb("lock", 1, "/path", "Lock the file."),
    verb("map", 1, "/path", "Map the file as code, as the linker does with libraries."),
    verb("exec", 1, "/path", "Start the program from a process of the container."),
    verb("rename", 2, "/old /new", "Give the file another name."),
    verb("link", 2, "/new /target", "Make a hard link: a new name for the target."),
    verb("network", 0, "inet/stream", "Make a socket of the family and type."),
    verb("capability", 0, "chown", "Use the capability."),
    verb("operation", 0, "mount", "Do the operation."),
];

pub fn check(text: &Text, found: &mut Findings) {
    if let Some(character) = super::control_character::first(text, "") {
        return found.add(super::control_character::found(text, character));
    }
    if let Err(Fault { wrong, help, instead }) = judge(text) {
        let shown: String = text.chars().take(120).collect();
        let finding =
            Finding::new(&CODE, text.place, format!("the expectation `{shown}` {wrong}")).help(help);
        found.add(match instead {
            Some(instead) => finding.fix(text.place, quoted(&instead)),
            None => finding,
        });
    }
}

/// Why it is none, what to do, and what was most likely meant.
struct Fault {
    wrong: String,
    help: String,
    instead: Option<String>,
}

impl Fault {
    fn new(wrong: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { wrong: wrong.into(), help: help.into(), instead: None }
    }

    fn meant(wrong: impl Into<String>, instead: String) -> Fault {
        let help = format!("did you mean `{instead}`?");
        Fault { instead: Some(instead), ..Fault::new(wrong, help) }
    }
}

type Judged = Result<(), Fault>;

fn judge(text: &str) -> Judged {
    let trimmed = text.trim_matches(' ');
    match judge_as_written(text) {
        Err(_) if trimmed != text && judge_as_written(trimmed).is_ok() => {
            Err(Fault::meant("has spaces around it", trimmed.to_owned()))
        }
        judged => judged,
    }
}

fn judge_as_written(text: &str) -> Judged {
    let (verb, word) = text.split_once(' ').unwrap_or((text, ""));
    let rest = word.trim_matches(' ');
    match verb {
        "read" | "write" | "create" | "delete" | "lock" | "map" if is_relative(rest) => {
            Err(Fault::meant("has no absolute path", format!("{verb} /{rest}")))
        }
        "read" | "write" | "create" | "delete" | "lock" | "map" | "exec" => one_path(rest),
        "rename" | "link" => two_paths(verb, rest),
        "capability" => one_of(verb, word, &Capability::all().map(Capability::name).collect::<Vec<_>>()),
        "operation" => one_of(verb, word, &Operation::ALL.map(Operation::name)),
        "network" => socket(word),
        _ => {
            let wrong = "starts with no verb that is known";
            let names = VERBS.map(|verb| verb.name);
            Err(match nearest(verb, names) {
                Some(near) => Fault::meant(wrong, format!("{near} {word}")),
                None => Fault::new(wrong, format!("start it with one of `{}`", names.join("`, `"))),
            })
        }
    }
}

fn one_of(verb: &str, word: &str, names: &[&str]) -> Judged {
    if names.contains(&word) {
        return Ok(());
    }
    let wrong = format!("names no {verb}");
    Err(match nearest(word, names.iter().copied()) {
        Some(near) => Fault::meant(wrong, format!("{verb} {near}")),
        None => match beginning(word, names.iter().copied()).as_slice() {
            [] => Fault::new(wrong, format!("write `{verb}` and one of `{}`", names.join("`, `"))),
            [one] => Fault::meant(wrong, format!("{verb} {one}")),
            several => Fault::new(wrong, format!("did you mean one of `{}`?", several.join("`, `"))),
        },
    })
}

/// Whether a path is whole but for its first `/`.
fn is_relative(path: &str) -> bool {
    let begins = path.starts_with(|c: char| c.is_alphanumeric());
    begins && path.contains('/') && one_path(&format!("/{path}")).is_ok()
}

fn one_path(path: &str) -> Judged {
    if !path.starts_with('/') {
        let help = "write a path that starts with `/` behind the verb";
        return Err(Fault::new("has no absolute path", help));
    }
    if super::unclean_path::part(path).is_some() {
        return Err(Fault::new("has a path with `.`, `..` or `//`", "write the path as the kernel sees it"));
    }
    let mut before = ' ';
    let pattern = path.chars().any(|c| {
        let special = "*?[]{}".contains(c) && before != '\\';
        before = c;
        special
    });
    if pattern {
        let help = "name one path that the pattern stands for; write `\\*` for the character";
        return Err(Fault::new("has a pattern for a path", help));
    }
    Ok(())
}

/// Two paths, the second starting at the first ` /`.
fn two_paths(verb: &str, rest: &str) -> Judged {
    let Some((first, second)) = rest.split_once(" /") else {
        let help = match verb {
            "link" => "write the new name and what it links to: `link /new /target`",
            _ => "write the old and the new name: `rename /old /new`",
        };
        return Err(Fault::new("names one path", help));
    };
    one_path(first.trim_matches(' '))?;
    one_path(&format!("/{second}"))
}

fn socket(rest: &str) -> Judged {
    let pair = rest
        .split_once('/')
        .and_then(|(family, kind)| Some((Family::from_name(family)?, SocketType::from_name(kind)?)));
    match pair {
        Some((family, kind)) if family.types().contains(&kind) => Ok(()),
        Some((family, _)) => {
            let types: Vec<&str> = family.types().iter().map(|t| t.name()).collect();
            let help = format!("`{}` has the types `{}`", family.name(), types.join("`, `"));
            Err(Fault::new("names a socket that the kernel cannot make", help))
        }
        None => {
            let wrong = "names no socket";
            let meant = foreign::read(rest).map(|meaning| meaning.socket);
            Err(match meant.filter(|socket| socket.family.is_some() && socket.kind.is_some()) {
                Some(socket) => Fault::meant(wrong, format!("network {socket}")),
                None => Fault::new(wrong, "write `network FAMILY/TYPE`, such as `network inet/stream`"),
            })
        }
    }
}
