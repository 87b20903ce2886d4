//! A pair of family and type that the kernel makes no socket of.

use crate::diag::{Code, Finding, code};
use crate::kernel::Socket;
use crate::policy::Text;

pub static CODE: Code = code!("impossible-socket", Error);

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
