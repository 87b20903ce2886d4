//! An access in the words of `[expect]`: read into what it asks for, or what is wrong with it.

use super::lints::unclean_path;
use crate::diag::suggest::{beginning, nearest};
use crate::kernel::network::foreign;
use crate::kernel::path;
use crate::kernel::request::FileVerb;
use crate::kernel::{Capability, Family, Operation, Request, Socket, SocketType};

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

/// Verbs of other languages, and of the keys of a policy.
const OTHERS: [(&str, &str); 24] = [
    ("list", "read"),
    ("ls", "read"),
    ("open", "read"),
    ("cat", "read"),
    ("get", "read"),
    ("run", "exec"),
    ("start", "exec"),
    ("execute", "exec"),
    ("spawn", "exec"),
    ("append", "write"),
    ("modify", "write"),
    ("change", "write"),
    ("make", "create"),
    ("mkdir", "create"),
    ("touch", "create"),
    ("remove", "delete"),
    ("rm", "delete"),
    ("rmdir", "delete"),
    ("unlink", "delete"),
    ("move", "rename"),
    ("mv", "rename"),
    ("mmap", "map"),
    ("load", "map"),
    ("cap", "capability"),
];

/// Why it is none, what to do, and what was most likely meant.
#[derive(Clone, Debug)]
pub struct ExpectationError {
    pub wrong: String,
    pub help: String,
    pub instead: Option<String>,
}

impl ExpectationError {
    fn new(wrong: impl Into<String>, help: impl Into<String>) -> ExpectationError {
        ExpectationError { wrong: wrong.into(), help: help.into(), instead: None }
    }

    fn meant(wrong: impl Into<String>, instead: String) -> ExpectationError {
        let help = format!("did you mean `{instead}`?");
        ExpectationError { instead: Some(instead), ..ExpectationError::new(wrong, help) }
    }
}

type Read<T> = Result<T, ExpectationError>;

/// Reads an access such as `write /etc/passwd`.
pub fn read(text: &str) -> Read<Request> {
    let trimmed = text.trim_matches(' ');
    match read_as_written(trimmed) {
        Ok(_) if trimmed != text => Err(ExpectationError::meant("has spaces around it", trimmed.to_owned())),
        judged => judged,
    }
}

fn read_as_written(text: &str) -> Read<Request> {
    let (verb, word) = text.split_once(' ').unwrap_or((text, ""));
    let rest = word.trim_matches(' ');
    if let Some(file) = FileVerb::from_name(verb) {
        if file != FileVerb::Exec && is_relative(rest) {
            return Err(ExpectationError::meant("has no absolute path", format!("{verb} /{rest}")));
        }
        return one_path(rest).map(|path| Request::File(file, path));
    }
    match verb {
        "rename" => two_paths(verb, rest).map(|(old, new)| Request::Rename { old, new }),
        "link" => two_paths(verb, rest).map(|(new, target)| Request::Link { new, target }),
        "capability" => {
            let names: Vec<&str> = Capability::all().map(Capability::name).collect();
            match Capability::from_name(&Capability::bare(word)) {
                Some(meant) if meant.name() != word => Err(ExpectationError::meant(
                    "names no capability",
                    format!("capability {}", meant.name()),
                )),
                _ => one_of(verb, word, &names, Capability::from_name).map(Request::Capability),
            }
        }
        "operation" => {
            let names = Operation::ALL.map(Operation::name);
            one_of(verb, word, &names, Operation::from_name).map(Request::Operation)
        }
        "network" => socket(word).map(Request::Network),
        _ => {
            let wrong = "starts with no verb that is known";
            if Operation::from_name(verb).is_some() {
                return Err(ExpectationError::meant(wrong, format!("operation {verb}")));
            }
            if let Some((_, meant)) = OTHERS.iter().find(|(other, _)| other.eq_ignore_ascii_case(verb)) {
                let instead = format!("{meant} {word}");
                // What it is about has to be told apart only where the verb is all that is wrong.
                return Err(match read_as_written(&instead) {
                    Ok(_) => ExpectationError::meant(wrong, instead),
                    Err(_) => ExpectationError::new(wrong, format!("did you mean `{meant}`?")),
                });
            }
            let names = VERBS.map(|verb| verb.name);
            Err(match nearest(verb, names) {
                Some(near) => ExpectationError::meant(wrong, format!("{near} {word}")),
                None => {
                    ExpectationError::new(wrong, format!("start it with one of `{}`", names.join("`, `")))
                }
            })
        }
    }
}

fn one_of<T>(verb: &str, word: &str, names: &[&str], find: impl Fn(&str) -> Option<T>) -> Read<T> {
    if let Some(found) = find(word) {
        return Ok(found);
    }
    let wrong = format!("names no {verb}");
    Err(match nearest(word, names.iter().copied()) {
        Some(near) => ExpectationError::meant(wrong, format!("{verb} {near}")),
        None => match beginning(word, names.iter().copied()).as_slice() {
            [] => ExpectationError::new(wrong, format!("write `{verb}` and one of `{}`", names.join("`, `"))),
            [one] => ExpectationError::meant(wrong, format!("{verb} {one}")),
            several => {
                ExpectationError::new(wrong, format!("did you mean one of `{}`?", several.join("`, `")))
            }
        },
    })
}

/// Whether a path is whole but for its first `/`.
fn is_relative(path: &str) -> bool {
    let begins = path.starts_with(|c: char| c.is_alphanumeric());
    begins && path.contains('/') && one_path(&format!("/{path}")).is_ok()
}

fn one_path(path: &str) -> Read<Vec<u8>> {
    if !path.starts_with('/') {
        let help = "write a path that starts with `/` behind the verb";
        return Err(ExpectationError::new("has no absolute path", help));
    }
    if unclean_path::part(path).is_some() {
        return Err(ExpectationError::new(
            "has a path with `.`, `..` or `//`",
            "write the path as the kernel sees it",
        ));
    }
    // A backslash takes the next character as it is.
    let mut plain = String::with_capacity(path.len());
    let mut pattern = false;
    let mut characters = path.chars();
    while let Some(c) = characters.next() {
        if c == '\\' {
            plain.extend(characters.next());
        } else {
            pattern |= "*?[]{}".contains(c);
            plain.push(c);
        }
    }
    if pattern {
        let help = "name one path that the pattern stands for; write `\\*` for the character";
        return Err(ExpectationError::new("has a pattern for a path", help));
    }
    // As the container's first process.
    Ok(path::own_process(&plain, "1").into_bytes())
}

/// Two paths, the second starting at the first ` /`.
fn two_paths(verb: &str, rest: &str) -> Read<(Vec<u8>, Vec<u8>)> {
    let Some((first, second)) = rest.split_once(" /") else {
        let help = match verb {
            "link" => "write the new name and what it links to: `link /new /target`",
            _ => "write the old and the new name: `rename /old /new`",
        };
        return Err(ExpectationError::new("names one path", help));
    };
    Ok((one_path(first.trim_matches(' '))?, one_path(&format!("/{second}"))?))
}

fn socket(rest: &str) -> Read<Socket> {
    let pair = rest
        .split_once('/')
        .and_then(|(family, kind)| Some((Family::from_name(family)?, SocketType::from_name(kind)?)));
    match pair {
        Some((family, kind)) if family.types().contains(&kind) => {
            Ok(Socket { family: Some(family), kind: Some(kind) })
        }
        Some((family, _)) => {
            let types: Vec<&str> = family.types().iter().map(|t| t.name()).collect();
            let help = format!("`{}` has the types `{}`", family.name(), types.join("`, `"));
            Err(ExpectationError::new("names a socket that the kernel cannot make", help))
        }
        None => {
            let wrong = "names no socket";
            let meant = foreign::read(rest).map(|meaning| meaning.socket);
            Err(match meant.filter(|socket| socket.family.is_some() && socket.kind.is_some()) {
                Some(socket) => ExpectationError::meant(wrong, format!("network {socket}")),
                None => {
                    ExpectationError::new(wrong, "write `network FAMILY/TYPE`, such as `network inet/stream`")
                }
            })
        }
    }
}
