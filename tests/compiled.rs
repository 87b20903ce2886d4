//! The reader of compiled policies: profiles written by hand, asked what the man page and the kernel say they
//! permit; and the program's own reading of globs against what the parser makes of them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

#[path = "support/compiled.rs"]
#[allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "each test uses a part of it; a machine is checked when it is read"
)]
mod compiled;
#[path = "support/parser.rs"]
#[allow(dead_code, reason = "each test uses a part of it")]
mod parser;

use compiled::{Class, Compiled};
use parser::Parser;

fn compile(parser: &Parser, rules: &str) -> Compiled {
    let profile = format!("abi <abi/3.0>,\nprofile web {{\n{rules}\n}}\n");
    let bytes = parser.compile(&profile, "3.0").unwrap_or_else(|said| panic!("{said}\n{profile}"));
    Compiled::read(&bytes).unwrap_or_else(|wrong| panic!("{wrong}\n{profile}"))
}

#[test]
fn first() {
    let Some(parser) = Parser::find() else { return };
    let web = compile(
        parser,
        "/etc/hosts r,\n owner /a/** w,\n capability bpf, capability chown,\n network inet stream,\n network unix stream,\n signal send set=(term) peer=foo,\n ptrace read peer=foo,\n /bin/x px,\n link subset /l/* -> /t/*,\n set rlimit nofile <= 10,",
    );
    println!("{} {:?} {:?}", web.name, web.mode, web.limits);
    println!("{}", web.file(b"/etc/hosts", false).letters());
    println!("{}", web.file(b"/a/x", true).letters());
    println!("{} {} {}", web.network(2, 1), web.network(2, 2), web.network(1, 1));
    println!("{:?}", web.mediates(Class::Mount));
}
