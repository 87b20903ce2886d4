//! What the user accepts though it would be refused, and rejects though it would be learned.
//!
//! Enters: words such as `/var/tmp/**`, `exec /bin/sh`, `capability sys_ptrace`. Leaves: which accesses they name.

use crate::check::expectation;
use crate::kernel::request::{Contact, FileVerb};
use crate::kernel::{Access, Glob, Operation, Request};

/// Accesses that are named.
#[derive(Clone, Debug)]
pub struct Wish {
    /// As it was written.
    pub text: String,
    names: Names,
}

#[derive(Clone, Debug)]
enum Names {
    /// Files, and what is done with them.
    Files(Deed, Glob),
    One(Request),
}

/// What is done with files. Making, writing and deleting are one to AppArmor: what names one of them names all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Anything,
    Needs(Access),
    Rename,
    Link,
}

/// What the user wishes.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub accept: Vec<Wish>,
    pub reject: Vec<Wish>,
    /// Names stay as they are, process numbers apart.
    pub exact: bool,
}

/// Why a text names no accesses, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishError {
    pub wrong: String,
    pub help: String,
}

impl Wish {
    pub fn read(text: &str) -> Result<Wish, WishError> {
        let text = text.trim();
        let (verb, path) = match text.split_once(' ') {
            Some((verb, path)) if path.trim_start().starts_with('/') => (Some(verb), path.trim()),
            _ => (None, text),
        };
        let wish = |names| Wish { text: text.to_owned(), names };
        if !path.starts_with('/') || path.contains(" /") {
            let request = expectation::read(text).map_err(|error| WishError {
                wrong: format!("`{text}` {}", error.wrong),
                help: error.help,
            })?;
            return Ok(wish(Names::One(request)));
        }
        let glob = Glob::parse(path).map_err(|_| WishError {
            wrong: format!("`{path}` is no pattern of paths"),
            help: "write it as in a policy, such as `/var/tmp/**`".to_owned(),
        })?;
        let deed = match verb {
            None => Deed::Anything,
            Some("rename") => Deed::Rename,
            Some("link") => Deed::Link,
            Some(verb) => Deed::Needs(FileVerb::from_name(verb).map(FileVerb::needs).ok_or_else(|| WishError {
                wrong: format!("`{verb}` is not something that is done with files"),
                help: "write `read` (a folder ends in `/`), `write`, `create`, `delete`, `lock`, `map`, `exec`, `rename`, `link`, or the path alone"
                    .to_owned(),
            })?),
        };
        Ok(wish(Names::Files(deed, glob)))
    }

    pub fn names(&self, request: &Request) -> bool {
        match &self.names {
            Names::One(one) => one == request || operation(request).is_some_and(|request| *one == request),
            Names::Files(deed, glob) => {
                let own = match request {
                    Request::File(verb, _) => Deed::Needs(verb.needs()),
                    Request::Rename { .. } => Deed::Rename,
                    Request::Link { .. } => Deed::Link,
                    Request::Network(_)
                    | Request::Capability(_)
                    | Request::Operation(_)
                    | Request::Process { .. } => return false,
                };
                (*deed == Deed::Anything || *deed == own) && request.paths().any(|path| glob.matches(path))
            }
        }
    }
}

impl Wishes {
    pub fn accepts(&self, request: &Request) -> bool {
        self.accept.iter().any(|wish| wish.names(request))
    }

    /// The wishes that name an access, as they were written.
    pub fn naming<'a>(&'a self, request: &'a Request) -> impl Iterator<Item = String> + 'a {
        let all = self.accept.iter().chain(&self.reject);
        all.filter(|wish| wish.names(request)).map(|wish| wish.text.clone())
    }

    pub fn rejects(&self, request: &Request) -> bool {
        self.reject.iter().any(|wish| wish.names(request))
    }
}

/// The word of a policy that grants what one process does with another.
pub(super) fn operation(request: &Request) -> Option<Request> {
    let Request::Process { contact, .. } = request else { return None };
    match contact {
        Contact::SignalSend => Some(Request::Operation(Operation::Signal)),
        Contact::PtraceRead | Contact::PtraceTrace | Contact::PtraceReadBy | Contact::PtraceTracedBy => {
            Some(Request::Operation(Operation::Ptrace))
        }
        Contact::SignalReceive => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(wish: &str, request: &str) -> bool {
        Wish::read(wish).unwrap().names(&expectation::read(request).unwrap())
    }

    #[test]
    fn a_wish_names_what_it_says() {
        for (wish, request, does) in [
            ("/var/tmp/**", "write /var/tmp/a", true),
            ("/var/tmp/**", "read /var/tmp/a/b", true),
            ("/var/tmp/**", "read /var/x", false),
            ("exec /bin/sh", "exec /bin/sh", true),
            ("exec /bin/sh", "read /bin/sh", false),
            ("write /etc/*", "write /etc/x", true),
            ("write /etc/*", "create /etc/x", true),
            ("delete /etc/*", "write /etc/x", true),
            ("write /etc/*", "read /etc/x", false),
            ("write /etc/*", "rename /etc/x /a", false),
            ("rename /a/*", "rename /a/x /a/y", true),
            ("capability chown", "capability chown", true),
            ("capability chown", "capability kill", false),
            ("network inet/raw", "network inet/raw", true),
            ("rename /a/x /a/y", "rename /a/x /a/y", true),
        ] {
            assert_eq!(names(wish, request), does, "{wish}: {request}");
        }
        let peer = Request::Process { contact: Contact::SignalSend, signal: None, peer: "other".to_owned() };
        assert!(Wish::read("operation signal").unwrap().names(&peer));
        assert!(!Wish::read("operation ptrace").unwrap().names(&peer));
    }

    #[test]
    fn what_names_nothing_is_told() {
        for wrong in ["", "sys_ptrace", "capability fly", "eat /x", "/a/{b", "exec"] {
            assert!(Wish::read(wrong).is_err(), "{wrong}");
        }
    }
}
