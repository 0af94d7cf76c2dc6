//! What each kind takes, and what it refuses.

use std::time::Duration;

use super::*;

fn word(text: &str) -> Written {
    Written::Word(text.into())
}

fn text(text: &str) -> Written {
    Written::Text(text.into())
}

#[test]
fn periods_have_a_unit_and_bounds() {
    let kind = Period::between("1s", "30d");
    for (written, seconds) in [("1s", 1), ("15m", 900), ("12h", 43_200), ("30d", 2_592_000), ("2000ms", 2)] {
        assert_eq!(kind.read(&text(written)), Some(Duration::from_secs(seconds)), "{written}");
    }
    for wrong in
        ["", "1", "s", "0s", "999ms", "31d", "-1s", "1.5h", "1 h", "1w", "1h30m", "99999999999999999999d"]
    {
        assert_eq!(kind.read(&text(wrong)), None, "{wrong}");
    }
    assert_eq!(Period::between("1s", "3650000d").read(&text("18446744073709551615d")), None, "overflow");
    assert_eq!(kind.read(&Written::Integer(5)), None, "a bare number has no unit");
}

#[test]
fn numbers_are_whole_and_in_bounds() {
    let kind: Number<u32> = Number::between(2, 10);
    assert_eq!(kind.read(&Written::Integer(2)), Some(2));
    assert_eq!(kind.read(&word(" 10 ")), Some(10));
    for wrong in
        [word("1"), word("11"), word("2.0"), word("-3"), word("many"), word(""), text("3"), Written::Other]
    {
        assert_eq!(kind.read(&wrong), None, "{wrong:?}");
    }
    let narrow: Number<u8> = Number::between(0, 1000);
    assert_eq!(narrow.read(&Written::Integer(256)), None, "the field could not hold it");
}

#[test]
fn addresses_have_a_port() {
    assert_eq!(Address.read(&word("[::1]:0")), Some("[::1]:0".parse().unwrap()));
    for wrong in ["", "8080", "127.0.0.1", "localhost:8080", "127.0.0.1:65536", "http://127.0.0.1:80"] {
        assert_eq!(Address.read(&word(wrong)), None, "{wrong}");
    }
}

#[test]
fn a_bare_address_is_a_network_of_one() {
    let list = ListOf(Network);
    let networks = list.read(&word("10.0.0.0/8, 192.0.2.7,2001:db8::/32")).unwrap();
    let shown: Vec<_> = networks.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"]);
    assert_eq!(list.read(&word("10.0.0.0/33")), None);
}

#[test]
fn urls_have_a_scheme_and_a_host() {
    let web = Url::of(&["http", "https"], "");
    assert_eq!(web.read(&word("https://id.example/")), Some("https://id.example".into()));
    assert_eq!(web.read(&word("http://[::1]:8080/auth/")), Some("http://[::1]:8080/auth".into()));
    for wrong in
        ["", "id.example", "ftp://id.example", "https://", "https:///x", "https://id.example/#x", "/x"]
    {
        assert_eq!(web.read(&word(wrong)), None, "{wrong}");
    }
    let origin = Url::origin("");
    assert_eq!(origin.read(&word("https://app.example:8443")), Some("https://app.example:8443".into()));
    for wrong in ["https://app.example/x", "https://app.example?x", "https://me@app.example", "*"] {
        assert_eq!(origin.read(&word(wrong)), None, "{wrong}");
    }
    let postgres = Url::of(&["postgres"], "");
    let url = "postgres://herald:s%23cret@db.example:5432/herald?sslmode=require";
    assert_eq!(postgres.read(&word(url)).as_deref(), Some(url));
}

#[test]
fn lists_come_as_arrays_or_with_commas() {
    let list = ListOf(Text("a word"));
    assert_eq!(list.read(&word("a, b ,c")), Some(vec!["a".into(), "b".into(), "c".into()]));
    assert_eq!(list.read(&word("  ")), Some(vec![]), "nothing is the empty list");
    assert_eq!(
        list.read(&Written::List(vec![text("a"), text("b, c")])),
        Some(vec!["a".into(), "b, c".into()])
    );
    assert_eq!(list.read(&word("a,,b")), None, "an empty item");
    assert_eq!(list.read(&Written::List(vec![text("a"), Written::Integer(1)])), None);
    assert_eq!(list.read(&text("a")), None, "a string is no array");
}

#[test]
fn choices_list_their_words() {
    let kind = OneOf(&[("a", 1), ("b", 2), ("c", 3)]);
    assert_eq!(kind.takes(), "`a`, `b` or `c`");
    assert_eq!(kind.read(&word("b")), Some(2));
    assert_eq!(kind.read(&word("B")), None);
}

#[test]
fn a_key_is_32_bytes_of_base64() {
    let right = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    assert_eq!(Key.read(&word(right)).as_deref(), Some(right));
    for wrong in ["", "AAECAw==", "not base64 at all", "000102030405060708090a0b0c0d0e0f"] {
        assert_eq!(Key.read(&word(wrong)), None, "{wrong}");
    }
}

#[test]
fn opaque_secrets_keep_their_spaces() {
    assert_eq!(Opaque("").read(&word(" a b ")).as_deref(), Some(" a b "));
    assert_eq!(Opaque("").read(&word("")), None);
    assert_eq!(Text("").read(&word("two\nlines")), None);
}

#[test]
fn periods_are_shown_as_they_are_written() {
    for text in ["365d", "36h", "90m", "61s", "1500ms"] {
        assert_eq!(super::show_period(super::parse_period(text).unwrap()), text);
    }
    assert_eq!(super::show_period(super::parse_period("24h").unwrap()), "1d");
}
