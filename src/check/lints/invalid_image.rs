//! An image reference that no registry could serve.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-image", Error);

/// An image reference in its parts.
#[derive(Debug)]
pub struct Image<'a> {
    pub name: &'a str,
    pub tag: Option<&'a str>,
    pub digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    pub fn parse(text: &'a str) -> Image<'a> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let colon = rest.get(last..).and_then(|name| name.find(':'));
        match colon {
            Some(colon) => Image {
                name: rest.get(..last + colon).unwrap_or(rest),
                tag: rest.get(last + colon + 1..),
                digest,
            },
            None => Image { name: rest, tag: None, digest },
        }
    }

    fn is_good(&self) -> bool {
        let component = |part: &str| {
            let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            part.starts_with(edge)
                && part.ends_with(edge)
                && part.chars().all(|c| edge(c) || "._-".contains(c))
        };
        let host = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
        };
        let name = match self.name.split_once('/') {
            Some((first, rest)) => (component(first) || host(first)) && rest.split('/').all(component),
            None => component(self.name),
        };
        let tag = |tag: &str| {
            !tag.is_empty()
                && tag.len() <= 128
                && !tag.starts_with(['.', '-'])
                && tag.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        };
        let digest = |digest: &str| {
            digest.split_once(':').is_some_and(|(kind, hex)| {
                let word =
                    !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphanumeric() || "+._-".contains(c));
                word && hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit())
            })
        };
        name && self.tag.is_none_or(tag) && self.digest.is_none_or(digest)
    }
}

pub fn check(text: &Text, found: &mut Findings) {
    if text.len() > 1024 || !Image::parse(text).is_good() {
        let shown: String = text.chars().take(80).collect();
        let finding = Finding::new(
            &CODE,
            text.place,
            format!("`{}` is not the name of an image", shown.escape_debug()),
        );
        let trimmed = text.trim();
        found.add(match trimmed != text.value && Image::parse(trimmed).is_good() {
            true => finding.help("leave out the spaces around it").fix(text.place, trimmed),
            false => finding.help("write `NAME:TAG`, with a host before it where it needs one"),
        });
    }
}
