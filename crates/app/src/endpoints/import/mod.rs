//! Reading the inventory out of what is there already: access logs and API descriptions.

pub mod combined;
pub mod openapi;
mod shape;
mod yaml;

use domain::endpoint;

/// What a file is, by its name and its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines of the combined format; what is nothing else is one until its lines are read.
    Log,
    Json,
    Yaml,
    /// Something that has to be unpacked first.
    Packed,
}

/// Why a document could not be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// From 1 on, where one is known.
    pub line: Option<u64>,
    pub what: &'static str,
}

/// What the first bytes of packed files are: gzip, zstd, xz, bzip2, zip.
const PACKED: [&[u8]; 5] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"BZh", b"PK\x03\x04"];

impl Format {
    /// `extension` is that of the name; `head`: some kilobytes of the beginning.
    pub fn of(extension: &str, head: &[u8]) -> Self {
        if PACKED.iter().any(|magic| head.starts_with(magic)) {
            return Self::Packed;
        }
        let named = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
        let text = unmarked(head).trim_ascii_start();
        // No line of a log begins with a brace.
        match text.first() {
            Some(b'{') => Self::Json,
            _ if named(&["yaml", "yml"]) => Self::Yaml,
            _ if named(&["json"]) => Self::Json,
            _ if begins_as_yaml(text) => Self::Yaml,
            _ => Self::Log,
        }
    }
}

/// Without the byte order mark that some editors write before UTF-8.
fn unmarked(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Behind comments, a mark of YAML's, or a key with its colon: in a log, an address or a host stands there, and no
/// blank behind its colons.
fn begins_as_yaml(text: &[u8]) -> bool {
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let Some(line) = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with(b"#")) else {
        return false;
    };
    if line == b"---" || line.starts_with(b"--- ") || line.starts_with(b"%YAML") {
        return true;
    }
    let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
    let (key, value) = line.split_at(colon);
    let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'"' | b'\'');
    !key.is_empty() && key.iter().all(is_key) && matches!(value.get(1), None | Some(b' ' | b'\t'))
}

/// A URL within the bounds of the inventory.
fn url(raw: &str) -> Result<String, &'static str> {
    let fits =
        endpoint::url(raw).map_err(|_| "the path is longer than 2048 bytes, or holds control characters");
    fits.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_content_and_else_by_its_name() {
        for (name, head, format) in [
            ("log", "10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5", Format::Log),
            ("", "2001:db8::1 - - [x] \"GET / HTTP/1.1\"", Format::Log),
            ("", "::1 - - [x] \"GET / HTTP/1.1\"", Format::Log),
            ("", "host.example:443 10.0.0.1 - - [x]", Format::Log),
            ("", "", Format::Log),
            ("", "# only a comment", Format::Log),
            ("", "\u{feff} {\"openapi\": ", Format::Json),
            ("log", "\n\t{", Format::Json),
            ("yaml", "{", Format::Json),
            ("JSON", "[", Format::Json),
            ("", "openapi: 3.1.0\ninfo:", Format::Yaml),
            ("txt", "# by hand\n\n\"openapi\": '3.0.0'", Format::Yaml),
            ("", "\u{feff}---\nx", Format::Yaml),
            ("", "%YAML 1.2\n---", Format::Yaml),
            ("", "paths:\r\n  /x:", Format::Yaml),
            ("YML", "10.0.0.1 - -", Format::Yaml),
            ("yaml", "", Format::Yaml),
        ] {
            assert_eq!(Format::of(name, head.as_bytes()), format, "{name} {head:?}");
        }
        assert_eq!(Format::of("log", b"\x1f\x8b\x08"), Format::Packed);
        assert_eq!(Format::of("log", b"\xff\xfe\0\0"), Format::Log);
    }
}
