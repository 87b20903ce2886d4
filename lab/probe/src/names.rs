//! A name server of one answer: every name has the machine's own address, of the families that it is told.

use std::io;
use std::net::UdpSocket;
use std::process::ExitCode;

const HEAD: usize = 12;
const A: [u8; 2] = [0, 1];
const AAAA: [u8; 2] = [0, 28];

/// Serves until it is killed. `families` is 4, 6 or 46.
pub(crate) fn serve(families: &str) -> ExitCode {
    match answer_all(families) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("no names are served: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answer_all(families: &str) -> io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:53")?;
    let mut buffer = [0; 512];
    loop {
        let (length, from) = socket.recv_from(&mut buffer)?;
        if let Some(answer) = buffer.get(..length).and_then(|query| answer(query, families)) {
            socket.send_to(&answer, from)?;
        }
    }
}

/// The query with its question and, where the type is the served one, one address (RFC 1035, section 4).
fn answer(query: &[u8], families: &str) -> Option<Vec<u8>> {
    let mut at = HEAD;
    while *query.get(at)? != 0 {
        at += usize::from(*query.get(at)?) + 1;
    }
    let question = query.get(HEAD..at + 5)?;
    let kind = question.get(question.len() - 4..question.len() - 2)?;
    let address: &[u8] = if kind == A && families.contains('4') {
        &[127, 0, 0, 1]
    } else if kind == AAAA && families.contains('6') {
        &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    } else {
        &[]
    };
    // A response without an error, to one question.
    let mut out = query.get(..2)?.to_vec();
    out.extend([0x85, 0x80, 0, 1, 0, u8::from(!address.is_empty()), 0, 0, 0, 0]);
    out.extend(question);
    if !address.is_empty() {
        // The question's name, its type, class IN, a minute, and the address with its length.
        out.extend([0xc0, HEAD as u8]);
        out.extend(kind);
        out.extend([0, 1, 0, 0, 0, 60, 0, address.len() as u8]);
        out.extend(address);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::answer;

    const QUERY: [u8; 19] = [7, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, b'a', 0, 0, 1, 0, 1];

    #[test]
    fn an_address_of_the_family_is_answered() {
        let out = answer(&QUERY, "46").unwrap();
        assert_eq!(out[..12], [7, 9, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
        assert!(out.ends_with(&[0, 4, 127, 0, 0, 1]));
    }

    #[test]
    fn of_the_other_family_there_is_none() {
        let out = answer(&QUERY, "6").unwrap();
        assert_eq!((out.len(), out[7]), (QUERY.len(), 0));
    }
}
