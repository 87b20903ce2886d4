//! A capability that the kernel does not have.

use crate::diag::suggest::{beginning, nearest};
use crate::diag::{Code, Finding, code};
use crate::kernel::Capability;
use crate::policy::Text;

pub static CODE: Code = code!("unknown-capability", Error);

pub fn found(text: &Text) -> Finding {
    let shown: String = text.chars().take(60).collect();
    let finding = Finding::new(&CODE, text.place, format!("`{shown}` is not a capability"));
    let bare = Capability::bare(text);
    let bare = bare.as_str();
    if matches!(bare, "all" | "*") {
        return finding.help(
            "what is not allowed is dropped already; to allow all, set `default = \"allow\"` in this section",
        );
    }
    match nearest(bare, Capability::all().map(Capability::name)) {
        Some(near) => finding.did_you_mean(text.place, near),
        None => match beginning(bare, Capability::all().map(Capability::name)).as_slice() {
            [] => {
                finding.help("capabilities have the kernel's names in lower case, such as `net_bind_service`")
            }
            [one] => finding.did_you_mean(text.place, one),
            several => finding.help(format!("did you mean one of `{}`?", several.join("`, `"))),
        },
    }
}
