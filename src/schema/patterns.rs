//! What strings look like, as the regular expressions that every validator reads alike: no look-around, no
//! classes by name.

use crate::kernel::limit::{Limit, Unit};
use serde_json::{Value, json};

/// What nobody sees, or what turns the direction of text: the inside of a class.
const HIDDEN: &str =
    r"\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff";

/// The same without the line break, and without line break and tab.
const HIDDEN_BUT_BREAKS: &str = r"\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff";
const HIDDEN_BUT_LAYOUT: &str = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff";

/// A component that the kernel never sees.
const UNCLEAN: &str = r"//|(^|/)\.\.?(/|$)";

/// A name of Kubernetes between dots.
const LABEL: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/// A name of a label, its value where it has one.
const LABEL_NAME: &str = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

fn without(class: &str) -> Value {
    json!({ "pattern": format!("^[^{class}]*$") })
}

fn never(pattern: &str) -> Value {
    json!({ "not": { "pattern": pattern } })
}

/// A text in one line.
pub(super) fn line() -> Value {
    without(HIDDEN)
}

/// A text of some lines.
pub(super) fn lines() -> Value {
    without(HIDDEN_BUT_BREAKS)
}

/// A text that a program reads.
pub(super) fn argument() -> Value {
    without(HIDDEN_BUT_LAYOUT)
}

/// An absolute path, which may be a pattern. Each rule is one of its own, so that what is broken is what is said.
pub(super) fn path() -> Value {
    json!({ "allOf": [{ "pattern": "^/" }, never(UNCLEAN), line()] })
}

/// A folder to mount on.
pub(super) fn mount_point() -> Value {
    let plain = json!({ "pattern": r"^[^:*?\[\]{}\\]*$" });
    json!({ "allOf": [{ "pattern": "^/+[^/]" }, never(UNCLEAN), plain, line()] })
}

/// A part of a volume.
pub(super) fn relative_path() -> Value {
    json!({ "allOf": [{ "pattern": "^[^/](.*[^/])?$" }, never(UNCLEAN), line()] })
}

/// Another policy, from this one's folder.
pub(super) fn policy_file() -> Value {
    json!({ "pattern": "^[^/]" })
}

/// A policy's name.
pub(super) fn name(longest: usize, reserved: &[&str]) -> Value {
    json!({ "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": longest, "not": { "enum": reserved } })
}

/// A name without dots.
pub(super) fn label() -> Value {
    json!({ "pattern": format!("^{LABEL}$"), "maxLength": 63 })
}

/// A name that may hold dots.
pub(super) fn subdomain() -> Value {
    json!({ "pattern": format!(r"^{LABEL}(\.{LABEL})*$"), "maxLength": 253 })
}

pub(super) fn label_key() -> Value {
    let form = format!(r"^({LABEL}(\.{LABEL})*/)?{LABEL_NAME}$");
    json!({ "allOf": [{ "pattern": form }, { "pattern": "^([^/]{1,253}/)?[^/]+$" }] })
}

pub(super) fn label_value() -> Value {
    json!({ "pattern": format!("^({LABEL_NAME})?$") })
}

/// A variable's name.
pub(super) fn variable() -> Value {
    json!({ "pattern": r"^([A-Za-z_-][A-Za-z0-9_.-]*|\.([A-Za-z0-9_-][A-Za-z0-9_.-]*)?)$", "not": { "const": "." } })
}

pub(super) fn abstraction() -> Value {
    let part = "[A-Za-z0-9][A-Za-z0-9._+-]*";
    json!({ "pattern": format!("^{part}(/{part})*$"), "maxLength": 200 })
}

/// One rule of the profile language, as far as a pattern can tell.
pub(super) fn raw_rule() -> Value {
    let refused = r"^\s*(include|profile|hat|abi|if|else|alias)([^A-Za-z0-9_]|$)";
    json!({ "allOf": [{ "pattern": r",\s*$" }, never(refused), line()] })
}

/// A version of Kubernetes that has AppArmor.
pub(super) fn kubernetes() -> Value {
    json!({ "pattern": r"^1\.([4-9]|[1-9][0-9]{1,2})$" })
}

/// `[HOST/]NAME[:TAG][@DIGEST]`.
pub(super) fn image() -> Value {
    let component = "[a-z0-9]([a-z0-9._-]*[a-z0-9])?";
    let host = r"[A-Za-z0-9.:\[\]-]+";
    let tag = "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?";
    let digest = "(@[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,})?";
    let name = format!("(({component}|{host})/({component}/)*)?{component}");
    json!({ "pattern": format!("^{name}{tag}{digest}$"), "maxLength": 1024 })
}

/// Five fields, or a word; the numbers' ranges are `check`'s.
pub(super) fn schedule() -> Value {
    let words = "@(hourly|daily|midnight|weekly|monthly|yearly|annually)";
    let field = "[0-9A-Za-z*?,/-]+";
    json!({ "pattern": format!("^({words}| *{field}( +{field}){{4}} *)$") })
}

/// A file below the kubelet's folder of seccomp profiles.
pub(super) fn seccomp_file() -> Value {
    let part = r"(\.{0,2}[A-Za-z0-9_-][A-Za-z0-9._-]*|\.{3}[A-Za-z0-9._-]*)";
    json!({ "pattern": format!("^localhost/{part}(/{part})*$"), "maxLength": 1034 })
}

/// A profile that is on the node already.
pub(super) fn other_profile() -> Value {
    json!({ "pattern": "^localhost/[A-Za-z0-9/][!-~]*$", "maxLength": 4105, "not": { "const": "localhost/unconfined" } })
}

/// An expectation about one path, and one about two.
pub(super) fn expectation(verbs: &[&str], paths: usize) -> Value {
    let path = r"/([^*?\[\]{}]|\\[*?\[\]{}])*";
    let form = format!("^({}){} *$", verbs.join("|"), format!(" +{path}").repeat(paths));
    let end = if paths == 1 { r"(/| *$)" } else { r"(/| +/| *$)" };
    json!({ "allOf": [{ "pattern": form }, never(&format!(r"//|/\.\.?{end}")), line()] })
}

/// A limit's value, by what it counts; that it does not overflow is `check`'s.
pub(super) fn limit(limit: Limit) -> Value {
    let count = "(0|[1-9][0-9]{0,18})";
    let form = match limit.unit() {
        Unit::Count => count.to_owned(),
        Unit::Bytes => format!("{count}[KMG]?"),
        Unit::Seconds => format!("{count}(s|min|h)?"),
        Unit::Microseconds => format!("{count}(us|ms|s)?"),
        Unit::Niceness => "(-(20|1?[0-9])|1?[0-9])".to_owned(),
        Unit::Priority => "[1-9]?[0-9]".to_owned(),
    };
    json!({ "pattern": format!("^({form}|infinity)$") })
}
