//! Which key of a policy grants or denies what a rule does.

use crate::check::resolved::PathKey;
use crate::kernel::{Access, Glob, path};
use crate::policy::quoted;

/// An entry of a policy: a value of a list, or of a key that has one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyEntry {
    /// None for a key of the policy itself.
    pub(super) section: &'static str,
    pub(super) key: &'static str,
    pub(super) value: String,
}

impl PolicyEntry {
    pub(super) fn new(section: &'static str, key: &'static str, value: impl Into<String>) -> PolicyEntry {
        PolicyEntry { section, key, value: value.into() }
    }

    pub(super) fn path(key: PathKey, value: &str) -> PolicyEntry {
        PolicyEntry::new(key.section(), key.name(), value)
    }

    /// What lets the service account's token be read.
    pub(super) fn token() -> PolicyEntry {
        PolicyEntry::new("pod", "service-account-token", "true")
    }

    /// Whether the key takes one value and not a list.
    pub(super) fn is_single(&self) -> bool {
        self.key == "default" || ["limits", "pod"].contains(&self.section)
    }

    /// The value as it stands in a policy.
    pub(super) fn written(&self) -> String {
        if self.section == "pod" { self.value.clone() } else { quoted(&self.value) }
    }

    pub(super) fn is_denial(&self) -> bool {
        self.key.starts_with("deny")
    }
}

/// What a key may add: none of it lets anything be read, changed or started that could not be before.
pub(super) const HARMLESS: Access = Access::LINK.with(Access::LOCK).with(Access::MAP);

/// What goes with writing a file.
pub(super) const CHANGE: Access = Access::WRITE.with(Access::LINK).with(Access::LOCK);

/// The lists that grant these accesses to a file, with nothing added but what is harmless, or is open already.
pub(super) fn granting(access: Access, open: Access) -> Option<Vec<PathKey>> {
    let has = |other: Access| access.contains(other);
    if has(Access::APPEND) && !has(Access::WRITE) {
        return None;
    }
    let mut keys = Vec::new();
    if has(Access::EXEC) {
        keys.push(PathKey::ExecAllow);
    } else if has(Access::MAP) {
        keys.push(PathKey::Library);
    }
    match (has(Access::READ), has(Access::WRITE)) {
        (true, true) => keys.push(PathKey::ReadWrite),
        (false, true) => keys.push(PathKey::WriteOnly),
        (true, false) if keys.is_empty() || has(Access::LOCK) => keys.push(PathKey::ReadOnly),
        (true | false, false) => {}
    }
    let granted = keys.iter().fold(Access::NONE, |all, key| all | key.grant());
    // Who may write may append.
    let is_whole = granted.with(open).contains(access.without(Access::APPEND));
    let added = granted & !access;
    let is_harmless = HARMLESS.with(open).contains(added);
    // What is denied under `default = "allow"` for an entry that may be read only is not meant here.
    let is_denied = open.contains(Access::WRITE) && keys.contains(&PathKey::ReadOnly);
    (is_whole && is_harmless && !is_denied && !keys.is_empty()).then_some(keys)
}

/// The list that denies these accesses, and others only that are of little use without them. Whether a file that nobody
/// may write is locked is of no matter.
pub(super) fn denying(access: Access) -> Option<PathKey> {
    let start = Access::EXEC | Access::MAP;
    let open = Access::READ | Access::WRITE;
    let access = if access.contains(Access::WRITE) { access.without(Access::APPEND) } else { access };
    match access {
        _ if access.contains(Access::APPEND) => None,
        _ if access.contains(open) && access.intersects(start) => Some(PathKey::Deny),
        _ if access.contains(Access::WRITE) && CHANGE.contains(access) => Some(PathKey::DenyWrite),
        _ if access.contains(Access::EXEC) && start.contains(access) => Some(PathKey::ExecDeny),
        _ => None,
    }
}

/// A pattern as one writes it in a policy: without what the policy adds by itself.
pub(super) fn written(pattern: &str) -> String {
    let short = pattern.replacen("/{,usr/}", "/", 1).replacen("/{,var/}run", "/run", 1);
    let folder = short.strip_suffix("/{,**}").map(|body| format!("{body}/"));
    let short = folder.as_ref().or(Some(&short)).filter(|short| path::pattern(short, &[]) == pattern);
    let text = short.map_or(pattern, String::as_str);
    plain(text)
}

/// The same for the folders that a pattern names alone.
pub(super) fn written_folder(pattern: &str) -> String {
    let short = pattern.replacen("/{,usr/}", "/", 1).replacen("/{,var/}run", "/run", 1);
    let is_same = path::folder_pattern(&short, false, &[]) == pattern;
    plain(if is_same { &short } else { pattern })
}

/// A pattern with the characters as they are that a profile has by their numbers.
pub(super) fn plain(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('\\') {
        out.push_str(before);
        let number = behind.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match number.filter(u8::is_ascii_graphic) {
            Some(byte) => {
                if b"*?[]{}^,\\!".contains(&byte) {
                    out.push('\\');
                }
                out.push(char::from(byte));
                rest = behind.get(3..).unwrap_or_default();
            }
            None => {
                // What is escaped is no escape itself.
                let next = behind.chars().next();
                out.push('\\');
                out.extend(next);
                rest = behind.get(next.map_or(0, char::len_utf8)..).unwrap_or_default();
            }
        }
    }
    out + rest
}

/// The same for a denial of writing, which is about a folder of that name, too.
pub(super) fn written_denial(pattern: &Glob) -> String {
    let file = pattern.text().strip_suffix("{,/}").and_then(|file| Glob::parse(&plain(file)).ok());
    let file = file.filter(|file| path::or_folder(file) == *pattern);
    written(file.as_ref().unwrap_or(pattern).text())
}

/// What an entry for a pattern means beyond it: the other spelling of folders that are links on many images.
pub(super) fn spelled(pattern: &str) -> String {
    if path::own_process(pattern, "") != pattern {
        return pattern.to_owned();
    }
    if pattern.ends_with('/') {
        path::folder_pattern(pattern, true, &[])
    } else {
        path::pattern(pattern, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const R: Access = Access::READ;
    const W: Access = Access::WRITE;
    const K: Access = Access::LOCK;
    const L: Access = Access::LINK;
    const M: Access = Access::MAP;
    const X: Access = Access::EXEC;

    #[test]
    fn a_key_adds_nothing_but_locking_linking_and_mapping() {
        use PathKey as P;
        let cases: [(Access, Option<Vec<PathKey>>); 13] = [
            (R, Some(vec![P::ReadOnly])),
            (R | K, Some(vec![P::ReadOnly])),
            (R | W, Some(vec![P::ReadWrite])),
            (R | W | L | K, Some(vec![P::ReadWrite])),
            (W, Some(vec![P::WriteOnly])),
            (M | R, Some(vec![P::Library])),
            (R | X, Some(vec![P::ExecAllow])),
            (R | X | M | K, Some(vec![P::ExecAllow, P::ReadOnly])),
            (R | W | X | M, Some(vec![P::ExecAllow, P::ReadWrite])),
            (X | M, None),
            (M, None),
            (R | L, None),
            (Access::APPEND, None),
        ];
        for (access, keys) in cases {
            assert_eq!(granting(access, Access::NONE), keys, "{access}");
        }
        // What everything may do already is not added.
        assert_eq!(granting(X | M, R), Some(vec![P::ExecAllow]));
        assert_eq!(granting(R, R | W), None);
    }

    #[test]
    fn a_denial_takes_no_more_than_goes_with_it() {
        use PathKey as P;
        let all = R | W | L | K | M | X;
        for (access, key) in [
            (W, Some(P::DenyWrite)),
            (W | L, Some(P::DenyWrite)),
            (W | Access::APPEND, Some(P::DenyWrite)),
            (X, Some(P::ExecDeny)),
            (M | X, Some(P::ExecDeny)),
            (all, Some(P::Deny)),
            (R | W | X, Some(P::Deny)),
            (R, None),
            (R | W, None),
            (W | K, Some(P::DenyWrite)),
            (R | W | L | K | M, Some(P::Deny)),
            (W | K | X, None),
            (L, None),
            (Access::APPEND, None),
        ] {
            assert_eq!(denying(access), key, "{access}");
        }
    }

    #[test]
    fn patterns_are_written_as_in_a_policy() {
        for (pattern, text) in [
            ("/srv/data/{,**}", "/srv/data/"),
            ("/{,usr/}bin/x", "/bin/x"),
            ("/{,var/}run/x.pid", "/run/x.pid"),
            ("/{,usr/}lib/x/{,**}", "/lib/x/"),
            ("/{,**}", "/"),
            ("/srv/**", "/srv/**"),
            ("/usr/bin/x", "/usr/bin/x"),
            ("/{,usr/}local/x", "/{,usr/}local/x"),
            (r"/srv/a\042b\134c", r#"/srv/a"b\\c"#),
        ] {
            assert_eq!(written(pattern), text);
        }
        assert_eq!(spelled("/usr/bin/x"), "/{,usr/}bin/x");
        assert_eq!(spelled("/run/x/"), "/{,var/}run/x/");
        assert_eq!(spelled("/proc/self/maps"), "/proc/self/maps");
    }
}
