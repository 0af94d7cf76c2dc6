//! What the cursors of a list begin with: a place in one list is none in another.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Bytes of it: four characters of base64url, so that what stands behind is encoded as it would be alone.
const BYTES: usize = 3;

/// Of one route. No secret: it keeps mistakes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark([u8; BYTES]);

impl Mark {
    /// By the path as the router has it, `{…}` for parameters.
    pub fn of(route: &str) -> Self {
        // FNV-1a, of which the upper bytes are the better mixed.
        let hash = route
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let [a, b, c, _] = hash.to_be_bytes();
        Self([a, b, c])
    }

    /// As a cursor shows it.
    pub fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The cursor of a place.
    pub fn cursor(self, place: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode([&self.0, place].concat())
    }

    /// The place of a cursor; `None`: not one of this list.
    pub fn place(self, cursor: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        bytes.strip_prefix(&self.0).map(<[u8]>::to_vec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_one_of_its_list_alone() {
        let (users, roles) = (Mark::of("/v1/users"), Mark::of("/v1/roles"));
        let cursor = users.cursor(b"a place");
        assert!(cursor.starts_with(&users.text()) && users.text().len() == 4);
        assert_eq!(users.place(&cursor).as_deref(), Some(&b"a place"[..]));
        assert_eq!(roles.place(&cursor), None);
        assert_eq!(users.place("YSBwbGFjZQ"), None);
    }
}
