//! A socket family or type that does not exist.

use crate::diag::suggest::nearest;
use crate::diag::{Code, Finding, code};
use crate::kernel::network::{SocketType, foreign};
use crate::kernel::{Family, Socket};
use crate::policy::Text;

pub static CODE: Code = code!("unknown-family", Error);

pub fn found(text: &Text, family: &str, kind: Option<&str>) -> Finding {
    let shown: String = text.chars().take(60).collect();
    let finding = |wrong: String| Finding::new(&CODE, text.place, wrong);
    if let Some(foreign::SocketMeaning { socket, either }) = foreign::read(text) {
        let wrong = if foreign::is_protocol(family) {
            format!("`{shown}` is a protocol, not a socket family")
        } else if kind.is_some() {
            format!("`{shown}` is not how a socket is written")
        } else {
            format!("`{shown}` is not a socket family")
        };
        let over_ipv6 = if either { ", and the same with `inet6` for IPv6" } else { "" };
        return finding(wrong)
            .help(format!("write `{socket}`{over_ipv6}"))
            .fix(text.place, socket.to_string());
    }
    if text.split([':', '/', ' ']).any(|part| part.parse::<u16>().is_ok()) {
        return finding(format!("`{shown}` is not a socket family"))
            .help("AppArmor knows no ports here: write `FAMILY/TYPE`, such as `inet/stream`");
    }
    if matches!(text.to_ascii_lowercase().as_str(), "icmp" | "icmp6" | "icmpv6") {
        return finding(format!("`{shown}` is a protocol, not a socket family"))
            .help("write `inet/raw` or `inet6/raw`, which grant raw packets of every protocol");
    }
    if text.contains([' ', ':']) {
        return finding(format!("`{shown}` is not a socket family"))
            .help("write `FAMILY/TYPE`, such as `inet/stream`");
    }
    match (Family::from_name(family), kind) {
        (None, None) if is_all(family) => finding(format!("`{family}` is not a socket family"))
            .help("use `default = \"allow\"` for all sockets, or `*/stream` for all of one type"),
        // Every type of a family is the family itself.
        (Some(_), Some(kind)) if is_all(kind) => finding(format!("`{kind}` is not a socket type"))
            .help(format!("write `{family}` for all of its types"))
            .fix(text.place, family),
        (None, Some(kind)) if family != "*" && is_all(family) && of_every_family(kind) => {
            finding(format!("`{family}` is not a socket family"))
                .help(format!("write `*/{kind}` for every family"))
                .fix(text.place, format!("*/{kind}"))
        }
        (None, Some(kind)) if is_all(family) && (family != "*" || is_all(kind)) => {
            finding(format!("`{shown}` is not a socket"))
                .help("use `default = \"allow\"` for all sockets, or `*/stream` for all of one type")
        }
        (None, None) if SocketType::from_name(family).is_some() => {
            finding(format!("`{shown}` is a socket type, not a family"))
                .help(format!("write `inet/{family}`, or `*/{family}` for every family"))
        }
        (None, _) if family != "*" => {
            let names: Vec<&str> = Family::all().map(Family::name).collect();
            let finding = finding(format!("`{family}` is not a socket family"));
            match nearest(family, names.iter().copied()) {
                Some(near) => {
                    let instead = kind.map_or(near.to_owned(), |kind| format!("{near}/{kind}"));
                    finding.did_you_mean(text.place, &instead)
                }
                None => finding.help(format!("the families are `{}`", names.join("`, `"))),
            }
        }
        (_, kind) => {
            let names = SocketType::ALL.map(SocketType::name);
            let kind = kind.unwrap_or("");
            let finding = finding(format!("`{kind}` is not a socket type"));
            match nearest(kind, names) {
                Some(near) => finding
                    .help(format!("did you mean `{family}/{near}`?"))
                    .fix(text.place, format!("{family}/{near}")),
                None => finding.help(format!("the types are `{}`", names.join("`, `"))),
            }
        }
    }
}

/// Whether sockets of this type can be named without a family.
fn of_every_family(kind: &str) -> bool {
    SocketType::from_name(kind).is_some_and(|kind| Socket { family: None, kind: Some(kind) }.is_possible())
}

/// What people call all of something.
fn is_all(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "*" | "**" | "all" | "any" | "every" | "everything")
}
