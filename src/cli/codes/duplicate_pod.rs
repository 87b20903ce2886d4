//! Two policies of one object in Kubernetes.

use crate::check::ObjectName;
use crate::diag::{Code, Finding, Place, code, shown};
use std::path::Path;

pub static CODE: Code = code!("duplicate-pod", Error);

/// `inherited` is where the name stands, if that is another file.
pub fn found(object: &ObjectName, place: Place, inherited: Option<Place>, other: &Path) -> Finding {
    let namespace = match &object.namespace {
        Some(namespace) => format!(" in the namespace `{namespace}`"),
        None => String::new(),
    };
    let message =
        format!("`{}` makes the {:?} `{}`{namespace} as well", shown::path(other), object.kind, object.name);
    let finding = Finding::new(&CODE, place, message);
    match inherited {
        Some(base) => finding.also(base, "its name is inherited from here"),
        None => finding,
    }
    .help("give one of them another `name` or `namespace` in `[pod]`")
}
