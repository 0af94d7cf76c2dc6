//! Reading a letter as its receiver does.

use super::Received;

impl Received {
    /// A header, unfolded; `""` where there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.source.split_once("\r\n\r\n").map_or(&*self.source, |(head, _)| head);
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let of = |line: &str| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        };
        unfolded.lines().find_map(of).unwrap_or_default()
    }

    /// The part for people who read text, decoded.
    ///
    /// # Panics
    /// For a letter that has none.
    pub fn text(&self) -> String {
        let part = self.source.split("Content-Type: text/plain").nth(1).expect("a part of text");
        let (head, rest) = part.split_once("\r\n\r\n").expect("a head and a body");
        let body = rest.split("\r\n--").next().unwrap_or_default();
        match head {
            head if head.contains("quoted-printable") => quoted(body),
            head if head.contains("base64") => base64(body),
            _ => body.to_owned(),
        }
    }

    /// The link in it.
    ///
    /// # Panics
    /// For a letter without.
    pub fn link(&self) -> String {
        let text = self.text();
        let link = text.split_whitespace().find(|word| word.contains("#token="));
        link.unwrap_or_else(|| panic!("no link in {text}")).to_owned()
    }

    /// What stands in the link's fragment.
    pub fn token(&self) -> String {
        token(&self.link())
    }
}

/// What stands in a link's fragment.
///
/// # Panics
/// For a link without.
pub fn token(link: &str) -> String {
    link.split_once("#token=").map(|(_, token)| token.to_owned()).expect("a token")
}

/// RFC 2045 §6.7.
fn quoted(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let hex = more.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        if let (b'=', Some(byte)) = (first, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            bytes.push(byte);
            rest = more.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// RFC 4648 §4.
fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    let values = text.bytes().filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte));
    for value in values {
        bits = (bits << 6 | u32::try_from(value).expect("below 64")) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 255).expect("a byte"));
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_codes_are_read() {
        assert_eq!(quoted("a=C3=A4=\r\nb=3D1"), "aäb=1");
        assert_eq!(base64("ZsO2w7ZiYXI="), "fööbar");
    }
}
