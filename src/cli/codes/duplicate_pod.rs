//! Two policies of one object in Kubernetes.

use crate::check::ObjectName;
use crate::diag::{Code, Finding, Place, Severity, shown};
use std::path::Path;

pub static CODE: Code = Code {
    name: "duplicate-pod",
    severity: Severity::Error,
    summary: "two policies whose manifests hold the same object",
    explanation: "An object of Kubernetes is known by its kind, namespace and name. Of two manifests with the same, the one that \
                  is applied last takes the place of the other. The name is `name` of `[pod]`, and where there is none the \
                  policy's in lower case with `_` as `-`: `Web` and `web` have one, and so have `w_b` and `w-b`.",
    bad: "# in api.toml\nname = \"web-api\"\n\n# in web.toml\nname = \"web_api\"\n",
    good: "# in api.toml\nname = \"web-api\"\n\n# in web.toml\nname = \"web_api\"\n\n[pod]\nname = \"web\"\n",
};

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
