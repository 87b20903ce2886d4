//! Editors' names for documents: URIs to paths of files, and back.
//!
//! Enters: a URI or a path. Leaves: the other one. Whether a file is there is not asked.

use std::path::{Component, Path, PathBuf};

/// The path of a file's URI; none where it names no file of this machine.
pub fn path(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.split_once(':')?;
    let rest = rest.strip_prefix("//").filter(|_| scheme.eq_ignore_ascii_case("file"))?;
    let (host, path) = rest.split_at(rest.find('/')?);
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let bytes = decoded(path);
    if bytes.contains(&0) {
        return None;
    }
    Some(plain(&of_bytes(bytes)?))
}

/// What a document is called: the last part of its URI.
pub fn name(uri: &str) -> String {
    let rest = uri.split_once(':').map_or(uri, |(_, rest)| rest);
    let last = rest.split(['?', '#']).next().unwrap_or(rest).rsplit(['/', '\\']).next().unwrap_or(rest);
    String::from_utf8_lossy(&decoded(last)).into_owned()
}

/// The URI of a file.
pub fn of(path: &Path) -> String {
    let path = plain(path);
    let encoded: String = bytes_of(&path).iter().map(|byte| encode(*byte)).collect();
    // A path that begins with a drive has no slash of its own in front.
    let slash = if encoded.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{encoded}")
}

/// A path without `.` and `..`, as far as can be told without asking the disk.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !plain.pop() {
                    plain.push(part);
                }
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(part),
        }
    }
    plain
}

fn encode(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    }
}

/// A `%` that no two hexadecimal digits follow stands for itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                (Some(_) | None, Some(_) | None) => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(*byte),
        }
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(unix)]
fn of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(unix)]
fn bytes_of(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    path.as_os_str().as_bytes().to_vec()
}

/// `/c:/policies` is a path behind a drive.
#[cfg(not(unix))]
fn of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    let text = String::from_utf8(bytes).ok()?;
    let drive = text.strip_prefix('/').filter(|rest| rest.get(1..2) == Some(":"));
    Some(PathBuf::from(drive.unwrap_or(&text)))
}

#[cfg(not(unix))]
fn bytes_of(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}

#[cfg(all(test, unix))]
mod tests {
    use super::{name, of, path, plain};
    use std::path::{Path, PathBuf};

    #[test]
    fn paths_come_back_as_they_were() {
        for text in
            ["/a b/policy.toml", "/100%/p.toml", "/ä/日本/p.toml", "/a#b?c/p.toml", "/%41/p.toml", "/"]
        {
            assert_eq!(path(&of(Path::new(text))), Some(PathBuf::from(text)), "{text}");
        }
        assert_eq!(of(Path::new("/a b/ä.toml")), "file:///a%20b/%C3%A4.toml");
    }

    #[test]
    fn uris_are_read_as_editors_write_them() {
        let cases = [
            ("file:///a/b.toml", Some("/a/b.toml")),
            ("FILE:///a/b.toml", Some("/a/b.toml")),
            ("file://localhost/a/b.toml", Some("/a/b.toml")),
            ("file:///a%20b/c%2fd.toml", Some("/a b/c/d.toml")),
            ("file:///a/./x/../b.toml", Some("/a/b.toml")),
            ("file:///a/100%.toml", Some("/a/100%.toml")),
            ("file:///a/%zz%4.toml", Some("/a/%zz%4.toml")),
            ("file:///a/ä.toml#L3", Some("/a/ä.toml")),
            ("file://server/a/b.toml", None),
            ("file:///a%00b", None),
            ("file:a.toml", None),
            ("file://", None),
            ("untitled:policy.toml", None),
            ("https://example.org/policy.toml", None),
            ("", None),
            ("%", None),
        ];
        for (uri, want) in cases {
            assert_eq!(path(uri), want.map(PathBuf::from), "{uri}");
        }
    }

    #[test]
    fn documents_without_a_file_have_a_name() {
        assert_eq!(name("untitled:policy.toml"), "policy.toml");
        assert_eq!(name("untitled:///a/my%20policy.toml?x"), "my policy.toml");
        assert_eq!(name("policy.toml"), "policy.toml");
        assert_eq!(name(""), "");
    }

    #[test]
    fn dots_are_taken_out() {
        assert_eq!(plain(Path::new("/a/./b/../c")), PathBuf::from("/a/c"));
        assert_eq!(plain(Path::new("/../a")), PathBuf::from("/../a"));
        assert_eq!(plain(Path::new("../a")), PathBuf::from("../a"));
    }
}
