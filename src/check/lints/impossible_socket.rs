//! A pair of family and type that the kernel makes no socket of.

use crate::diag::{Code, Finding, Severity};
use crate::kernel::Socket;
use crate::policy::Text;

pub static CODE: Code = Code {
    name: "impossible-socket",
    severity: Severity::Error,
    summary: "a socket that the kernel cannot make",
    explanation: "Not every family has every type: there are no streams of packets, and no raw Unix pipes. AppArmor's parser \
                  takes such a pair without a word, and the rule never matters. So it is refused here.",
    bad: "name = \"capture\"\n\n[network]\nallow = [\"packet/stream\"]\n",
    good: "name = \"capture\"\n\n[network]\nallow = [\"packet/raw\"]\n\n[capabilities]\nallow = [\"net_raw\"]\n",
};

pub fn found(text: &Text, socket: Socket) -> Finding {
    let Some(family) = socket.family else {
        return Finding::new(
            &CODE,
            text.place,
            format!("`{}` cannot be told from the family `packet`", text.value),
        )
        .help("write `packet/packet`: no other family has this type");
    };
    let name = family.name();
    let possible: Vec<String> =
        family.types().iter().map(|kind| format!("`{name}/{}`", kind.name())).collect();
    Finding::new(&CODE, text.place, format!("the kernel makes no `{}` sockets", text.value))
        .help(format!("it makes {}", possible.join(", ")))
}
