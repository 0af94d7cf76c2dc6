//! Lines of an access log in the combined format (or the common one) of nginx and Apache.

use domain::endpoint::{self, Direction, Key, Seen, address};

use super::super::observe::Observation;

/// `ADDRESS - USER [TIME] "METHOD TARGET PROTOCOL" STATUS SIZE …` as an incoming call. Of the target, the path alone
/// counts: a query may hold what nobody should keep.
///
/// # Errors
/// What is wrong with the line; never what stands in it.
pub fn read(line: &[u8], collection: i64) -> Result<Observation, &'static str> {
    const SHAPE: &str = "is no line of the combined log format";
    let (client, rest) = cut(line, b" ").ok_or(SHAPE)?;
    let (_, rest) = cut(rest, b"[").ok_or(SHAPE)?;
    let (_, rest) = cut(rest, b"] \"").ok_or(SHAPE)?;
    let request = quoted(rest).ok_or(SHAPE)?;
    let request = String::from_utf8(request).map_err(|_| "the request is no UTF-8")?;
    let mut words = request.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Err("names no request") };
    let method = endpoint::method(method).ok_or("the method of the request is none that is known")?;
    let url = super::url(path(target).ok_or("the request names no path")?)?;
    let addresses = std::str::from_utf8(client).ok().and_then(address).into_iter().collect();
    let key = Key { url, collection, method: method.to_owned() };
    Ok(Observation { key, seen: Seen { direction: Direction::Incoming, addresses } })
}

/// Without query and fragment; of an absolute target, what follows its host.
fn path(target: &str) -> Option<&str> {
    let target = target.split(['?', '#']).next().unwrap_or_default();
    if target.starts_with('/') {
        return Some(target);
    }
    let (_, rest) = target.split_once("://")?;
    Some(rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"))
}

fn cut<'l>(text: &'l [u8], by: &[u8]) -> Option<(&'l [u8], &'l [u8])> {
    let at = text.windows(by.len()).position(|window| window == by)?;
    Some((text.get(..at)?, text.get(at + by.len()..)?))
}

/// What Apache writes for a control character; anything else stands for itself.
fn control(escape: u8) -> u8 {
    match escape {
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        itself => itself,
    }
}

/// Up to the closing quote; `\"`, `\\` and `\xHH` as the servers write them.
fn quoted(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut bytes = text.iter().copied();
    loop {
        match bytes.next()? {
            b'"' => return Some(out),
            b'\\' => match bytes.next()? {
                b'x' => {
                    let digit = |byte: u8| char::from(byte).to_digit(16);
                    let value = digit(bytes.next()?)? * 16 + digit(bytes.next()?)?;
                    out.push(u8::try_from(value).ok()?);
                }
                escape => out.push(control(escape)),
            },
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str = r#"200 5 "-" "curl/8""#;

    fn line(client: &str, request: &str) -> String {
        format!("{client} - ada [22/Nov/2026:10:00:00 +0000] \"{request}\" {TAIL}")
    }

    #[test]
    fn what_servers_write_is_read() {
        for (client, request, url, addresses) in [
            ("10.0.0.1", "GET /v1/orders?key=secret HTTP/1.1", "/v1/orders", 1),
            ("2001:db8::1", "GET /a#b HTTP/2.0", "/a", 1),
            ("proxy.example", "GET / HTTP/1.0", "/", 0),
            ("10.0.0.1", "GET http://host.example:80/x/y?z HTTP/1.1", "/x/y", 1),
            ("10.0.0.1", "GET https://host.example HTTP/1.1", "/", 1),
            ("10.0.0.1", "GET /only-this", "/only-this", 1),
            ("10.0.0.1", r"GET /\xC3\xBC\x22 HTTP/1.1", "/ü\"", 1),
            ("10.0.0.1", r#"GET /a\"b\\ HTTP/1.1"#, "/a\"b\\", 1),
        ] {
            let read = read(line(client, request).as_bytes(), 7).unwrap();
            assert_eq!((read.key.url.as_str(), read.key.collection), (url, 7));
            assert_eq!((read.key.method.as_str(), read.seen.addresses.len()), ("GET", addresses));
        }
        // A user may call himself almost anything; a quote of his is escaped by both servers.
        for user in
            ["[x]", "a] b", r"\x22", r#"a] \"GET /evil HTTP/1.1\" 200"#, "[22/Nov/2026] -", "\u{202e}"]
        {
            let line =
                format!("10.0.0.1 - {user} [22/Nov/2026:10:00:00 +0000] \"GET /real HTTP/1.1\" {TAIL}");
            assert_eq!(read(line.as_bytes(), 1).unwrap().key.url, "/real", "{user}");
        }
        let spaced = "10.0.0.1 - a b [x] \"PUT /x HTTP/1.1\" 204 -";
        assert_eq!(read(spaced.as_bytes(), 1).unwrap().key.method, "PUT");
    }

    #[test]
    fn what_is_no_call_is_refused() {
        let long = "/x".repeat(1_100);
        let requests = [
            "-",
            "",
            r"\x16\x03\x01",
            "BREW /x HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            r"GET /\xFF x",
            r"GET /\x00 x",
            r"GET /a\nb HTTP/1.1",
            r"GET /a\tb HTTP/1.1",
            "GET\thttp://x HTTP/1.1",
            r#"\"GET / HTTP/1.1"#,
        ];
        for request in requests.into_iter().map(str::to_owned).chain([format!("GET {long} HTTP/1.1")]) {
            assert!(read(line("10.0.0.1", &request).as_bytes(), 1).is_err(), "{request}");
        }
        for broken in
            ["", "x", "10.0.0.1 - - [x] \"GET /x", "10.0.0.1 - - [x] GET /x", r#"1.1.1.1 - - [x] "GET /\xZ""#]
        {
            assert!(read(broken.as_bytes(), 1).is_err(), "{broken}");
        }
    }
}
