//! What the lists of a file do not do, by bane's template.
//!
//! Enters: what a file says, all of it writable. Leaves: remarks, one for each cause.

use super::form::{Form, List};
use crate::diag::one_line;
use crate::foreign::{Remark, Weight};

/// The remarks of a file, by their lines.
pub(super) fn of(form: &Form) -> Vec<Remark> {
    let mut remarks = form.dropped.clone();
    let mut say = |weight, line, text: String| remarks.push(Remark { weight, line, text });
    let is_there = |list: &List| !list.entries.is_empty();
    let (read_only, protocols) = (is_there(&form.read_only), is_there(&form.protocols));

    if is_there(&form.writable) {
        let text = "`WritablePaths` opens nothing: bane writes `file,`, which lets every file be written already, and what \
                    `ReadOnlyPaths` denies stays denied";
        say(Weight::Ineffective, form.writable.line, text.to_owned());
    }
    if is_there(&form.allow_exec) {
        let text = "`AllowExec` restricts nothing: bane writes `file,`, which lets every file be executed that `DenyExec` \
                    does not name";
        say(Weight::Ineffective, form.allow_exec.line, text.to_owned());
    }
    if let Some((line, text)) = folders(form) {
        say(Weight::Ineffective, Some(line), text);
    }
    if is_there(&form.log_on_write) && read_only {
        let text = "`LogOnWritePaths` logs no write that `ReadOnlyPaths` denies: bane denies without `audit`, which leaves \
                    no record";
        say(Weight::Ineffective, form.log_on_write.line, text.to_owned());
    }
    if is_there(&form.deny_exec) {
        let text = "`DenyExec` denies reading and writing as well as executing";
        say(Weight::Note, form.deny_exec.line, text.to_owned());
    }
    if is_there(&form.deny) && is_there(&form.allow) {
        let text =
            "`Allow` does nothing beside `Deny`: bane then allows every capability but those that are denied";
        say(Weight::Ineffective, form.allow.line, text.to_owned());
    }
    sockets(form, protocols, &mut say);
    let text = "bane always allows `umount`, and every file that no rule denies";
    say(Weight::Note, None, text.to_owned());
    // What is of no line stands last.
    remarks.sort_by_key(|remark| remark.line.unwrap_or(usize::MAX));
    remarks
}

/// Paths of folders, which take in nothing that is in these.
fn folders(form: &Form) -> Option<(usize, String)> {
    let lists = [
        ("ReadOnlyPaths", &form.read_only),
        ("LogOnWritePaths", &form.log_on_write),
        ("DenyExec", &form.deny_exec),
    ];
    let mut found = lists.iter().flat_map(|(key, list)| {
        let folders = list.entries.iter().filter(|entry| entry.text.trim_end_matches('"').ends_with('/'));
        folders.map(move |entry| (*key, entry))
    });
    let (key, first) = found.next()?;
    let others = match found.count() {
        0 => String::new(),
        1 => ", like one other entry,".to_owned(),
        more => format!(", like {more} other entries,"),
    };
    let path = first.text.as_str();
    let below = format!("{}**", path.trim_end_matches('"').trim_start_matches('"'));
    let text = format!("`{path}` of `{key}`{others} is the folder alone: what is in it would need `{below}`");
    Some((first.line, one_line(text)))
}

fn sockets(form: &Form, protocols: bool, say: &mut impl FnMut(Weight, Option<usize>, String)) {
    // `Imports` may hold one.
    let abi = form.imports.entries.iter().any(|entry| entry.text.starts_with("abi "));
    if let (Some(line), false) = (form.network, abi) {
        let text = "bane writes no `abi`, so that the settings of the parser on the node decide whether the rules of \
                    `Network` hold at all";
        say(Weight::Ineffective, Some(line), text.to_owned());
    }
    if !protocols {
        return;
    }
    let text = "`Protocols` is about IPv4 alone: bane writes `network inet` for each, and nothing for IPv6";
    say(Weight::Note, form.protocols.line, text.to_owned());
    let raw = form.protocols.entries.iter().find(|entry| matches!(entry.text.as_str(), "icmp" | "raw"));
    match (raw, form.raw) {
        (Some(_), Some((true, _))) | (None, Some((false, _)) | None) => {}
        (Some(entry), Some((false, _)) | None) => {
            let text = format!(
                "`{}` of `Protocols` does nothing: it is a raw socket, which bane denies unless `Raw` is `true`",
                entry.text
            );
            say(Weight::Ineffective, Some(entry.line), text);
        }
        (None, Some((true, line))) => {
            let text = "`Raw = true` opens nothing beside `Protocols`: raw sockets are not denied, and not allowed either";
            say(Weight::Ineffective, Some(line), text.to_owned());
        }
    }
    if let Some((true, line)) = form.packet {
        let text = "`Packet = true` opens nothing beside `Protocols`: packet sockets are not denied, and not allowed either";
        say(Weight::Ineffective, Some(line), text.to_owned());
    }
}
