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

/// What a text looks like, and what it never holds: hidden characters beside the rest. Apart, so that the first
/// is short: it is what editors show to somebody who forgot a `/`. Not `allOf`, in which Taplo loses its way; and
/// `not` says nothing about other types, of which the type itself is said to be wrong.
fn form(pattern: &str, never: &str) -> Value {
    json!({ "pattern": pattern, "not": { "type": "string", "pattern": format!("[{HIDDEN}]|{never}") } })
}

fn without(class: &str) -> Value {
    json!({ "pattern": format!("^[^{class}]*$") })
}

/// A text of some lines.
pub(super) fn lines() -> Value {
    without(HIDDEN_BUT_BREAKS)
}

/// A text that a program reads.
pub(super) fn argument() -> Value {
    without(HIDDEN_BUT_LAYOUT)
}

/// An absolute path, which may be a pattern.
pub(super) fn path() -> Value {
    form("^/", UNCLEAN)
}

/// A folder to mount on.
pub(super) fn mount_point() -> Value {
    form("^/+[^/]", &format!(r"{UNCLEAN}|[:*?\[\]{{}}\\]"))
}

/// A part of a volume.
pub(super) fn relative_path() -> Value {
    form("^[^/](.*[^/])?$", UNCLEAN)
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
    form(&format!(r"^({LABEL}(\.{LABEL})*/)?{LABEL_NAME}$"), "^[^/]{254}")
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
    form(r",\s*$", refused)
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
pub(super) fn schedule(words: &[&str]) -> Value {
    let field = "[0-9A-Za-z*?,/-]+";
    json!({ "pattern": format!("^({}| *{field}( +{field}){{4}} *)$", words.join("|")) })
}

/// One of the runtime's, or a file below the kubelet's folder of seccomp profiles.
pub(super) fn seccomp(words: &[&str]) -> Value {
    let part = r"(\.{0,2}[A-Za-z0-9_-][A-Za-z0-9._-]*|\.{3}[A-Za-z0-9._-]*)";
    let form = format!("^({}|localhost/{part}(/{part})*)$", words.join("|"));
    json!({ "pattern": form, "maxLength": 1034 })
}

/// One of the runtime's, or a profile that is on the node already.
pub(super) fn other_profile(words: &[&str]) -> Value {
    json!({
        "pattern": format!("^({}|localhost/[A-Za-z0-9/][!-~]*)$", words.join("|")),
        "maxLength": 4105,
        "not": { "const": "localhost/unconfined" },
    })
}

/// An expectation about one path, or about two.
pub(super) fn expectation(of_one: &[&str], of_two: &[&str]) -> Value {
    let path = r" +/([^*?\[\]{}]|\\[*?\[\]{}])*";
    let (one, two) = (of_one.join("|"), of_two.join("|"));
    form(
        &format!("^(({one}){path}|({two}){path}{path})$"),
        &format!(r"//|/\.\.?(/|$)|^({two}).*/\.\.? +/| $"),
    )
}

/// A size of Kubernetes, which is not nothing.
pub(super) fn quantity(units: &[&str]) -> Value {
    json!({
        "pattern": format!(r"^[0-9]+(\.[0-9]+)?({})?$", units.join("|")),
        "not": { "type": "string", "pattern": "^[0.]*[^0-9.]|^[0.]*$" },
    })
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
