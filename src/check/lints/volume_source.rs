//! A volume that has no source, or several.

use super::{control_character, invalid_kubernetes_name, invalid_quantity, unclean_path};
use crate::check::resolved::VolumeSource;
use crate::diag::{Code, Finding, Findings, Place, code};
use crate::policy::{Text, Volume};

pub static CODE: Code = code!("volume-source", Error);

/// A key that names a source, what it names, and the source it makes.
type Named<'a> = (&'a Option<Text>, &'a str, fn(String) -> VolumeSource);

/// The volume's source; where something may be missing from the volume, it is not said to have none.
pub fn read(name: &Text, volume: &Volume, torn: bool, found: &mut Findings) -> Option<VolumeSource> {
    let empty = volume.empty_dir.as_ref().filter(|is| is.value);
    let mut sources: Vec<(VolumeSource, Place)> = Vec::new();
    sources.extend(empty.map(|at| (VolumeSource::EmptyDir, at.place)));
    let named: [Named<'_>; 3] = [
        (&volume.config_map, "a ConfigMap's name", VolumeSource::ConfigMap),
        (&volume.secret, "a Secret's name", VolumeSource::Secret),
        (&volume.claim, "a claim's name", VolumeSource::Claim),
    ];
    for (text, what, make) in named {
        if let Some(text) = text {
            invalid_kubernetes_name::subdomain(text, what, found);
            sources.push((make(text.value.clone()), text.place));
        }
    }
    if let Some(size) = &volume.claim_template {
        invalid_quantity::check(size, found);
        sources.push((VolumeSource::ClaimTemplate(size.value.clone()), size.place));
    }
    if let Some(path) = &volume.host_path {
        host_path(path, found);
        sources.push((VolumeSource::HostPath(path.value.clone()), path.place));
    }
    let mut sources = sources.into_iter();
    match (sources.next(), sources.next()) {
        (Some((source, _)), None) => Some(source),
        (Some((_, first)), Some((_, second))) => {
            found.add(
                Finding::new(&CODE, second, format!("the volume `{}` has more than one source", name.value))
                    .also(first, "the first")
                    .help("keep one, and make another volume for the other"),
            );
            None
        }
        (None, _) if torn => None,
        (None, _) => {
            let finding =
                Finding::new(&CODE, name.place, format!("the volume `{}` has no source", name.value));
            found.add(
                finding
                    .help("add one of `empty-dir = true`, `config-map`, `secret`, `claim`, `claim-template` and `host-path`"),
            );
            None
        }
    }
}

fn host_path(path: &Text, found: &mut Findings) {
    if let Some(character) = control_character::first(path, "") {
        return found.add(control_character::found(path, character));
    }
    if !path.starts_with('/') || unclean_path::part(path).is_some() {
        let finding = Finding::new(&CODE, path.place, format!("`{}` is not a path of a node", path.value))
            .help("write an absolute path without `.`, `..` and `//`");
        let absolute = format!("/{}", path.trim().trim_start_matches('/'));
        let is_certain = path.starts_with(|c: char| c == ' ' || c.is_alphanumeric()) && absolute.len() > 1;
        found.add(match is_certain && unclean_path::part(&absolute).is_none() {
            true => finding.help(format!("start it with `/`: `{absolute}`")).fix(path.place, absolute),
            false => finding,
        });
    }
}
