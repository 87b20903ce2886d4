//! The outer layer of a compiled policy: tagged values, little-endian, some with names
//! (security/apparmor/policy_unpack.c).
//!
//! A question leaves the place where it was unless the next value is of that kind and name, as in the kernel:
//! that is how optional values are told from missing ones.

const U32: u8 = 2;
const U64: u8 = 3;
const NAME: u8 = 4;
const STRING: u8 = 5;
const BLOB: u8 = 6;
const STRUCT: u8 = 7;
const STRUCT_END: u8 = 8;
const ARRAY: u8 = 11;
const ARRAY_END: u8 = 12;

/// A place in the bytes.
#[derive(Clone, Debug)]
pub(super) struct Stream<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Stream<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Stream<'a> {
        Stream { bytes, at: 0 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn u32(&mut self, name: Option<&str>) -> Option<u32> {
        self.value(U32, name, |stream| Some(u32::from_le_bytes(stream.array()?)))
    }

    pub(super) fn u64(&mut self, name: Option<&str>) -> Option<u64> {
        self.value(U64, name, |stream| Some(u64::from_le_bytes(stream.array()?)))
    }

    /// Without the NUL that ends it.
    pub(super) fn string(&mut self, name: Option<&str>) -> Option<&'a [u8]> {
        self.value(STRING, name, |stream| stream.short_chunk()?.strip_suffix(&[0]))
    }

    /// A state machine, which is aligned to 8 bytes from the start of what the parser wrote at once. Where
    /// that was is not in the stream, but its blob ends aligned too (`unpack_dfa`).
    pub(super) fn machine(&mut self) -> Option<&'a [u8]> {
        self.value(BLOB, Some("aadfa"), |stream| {
            let size = usize::try_from(u32::from_le_bytes(stream.array()?)).ok()?;
            let from = stream.at;
            let blob = stream.take(size)?;
            let padding = (stream.at % 8 + 8 - from % 8) % 8;
            blob.get(padding..)
        })
    }

    /// The number of elements that follow.
    pub(super) fn list(&mut self) -> Option<u16> {
        self.value(ARRAY, None, |stream| Some(u16::from_le_bytes(stream.array()?)))
    }

    pub(super) fn list_end(&mut self) -> Option<()> {
        self.value(ARRAY_END, None, |_| Some(()))
    }

    pub(super) fn group(&mut self, name: &str) -> Option<()> {
        self.value(STRUCT, Some(name), |_| Some(()))
    }

    pub(super) fn group_end(&mut self) -> Option<()> {
        self.value(STRUCT_END, None, |_| Some(()))
    }

    /// Where it stands, for what a reader has to say of it.
    pub(super) fn wants(&self, what: &str) -> String {
        format!("{what} is not at byte {} of {}", self.at, self.bytes.len())
    }

    fn value<T>(
        &mut self,
        code: u8,
        name: Option<&str>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let mut ahead = self.clone();
        let mut found = ahead.byte()?;
        if found == NAME {
            let tag = ahead.short_chunk()?;
            if name.is_some_and(|name| tag.strip_suffix(&[0]) != Some(name.as_bytes())) {
                return None;
            }
            found = ahead.byte()?;
        } else if name.is_some() {
            return None;
        }
        let value = if found == code { read(&mut ahead)? } else { return None };
        *self = ahead;
        Some(value)
    }

    fn short_chunk(&mut self) -> Option<&'a [u8]> {
        let size = u16::from_le_bytes(self.array()?);
        self.take(usize::from(size))
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(size)?)?;
        self.at += size;
        Some(taken)
    }
}
