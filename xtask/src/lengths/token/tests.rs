//! Where brackets and quotes hide.

use super::*;

fn kinds(text: &str) -> Vec<Kind<'_>> {
    scan(text).into_iter().map(|token| token.kind).collect()
}

const OPEN: Kind<'static> = Kind::Mark('{');
const CLOSE: Kind<'static> = Kind::Mark('}');

#[test]
fn comments_are_dropped_nested_ones_too() {
    assert_eq!(kinds("{ // } \" '\n}"), [OPEN, CLOSE]);
    assert_eq!(kinds("{ /* } /* } */ } \" */ }"), [OPEN, CLOSE]);
    assert_eq!(kinds("/** docs { */ //! {\n{"), [OPEN]);
}

#[test]
fn strings_of_every_sort_are_one_token() {
    for string in [
        r#""}""#,
        r#""\"}""#,
        r#""\\""#,
        r#"b"}""#,
        r#"c"}""#,
        "r\"\\\"",
        "r#\"} \" }\"#",
        "br##\"}\"# }\"##",
        "cr#\"}\"#",
        "\"a\nb } // c\"",
    ] {
        assert_eq!(kinds(&format!("{{{string}}}")), [OPEN, Kind::Literal, CLOSE], "{string}");
    }
}

#[test]
fn characters_are_not_lifetimes() {
    for character in ["'{'", "'\"'", r"'\''", r"'\\'", r"'\u{7d}'", "'é'", "'_'", "'a'"] {
        assert_eq!(kinds(&format!("{{{character}}}")), [OPEN, Kind::Literal, CLOSE], "{character}");
    }
    assert_eq!(kinds("b'{'"), [Kind::Word("b"), Kind::Literal]);
    assert_eq!(
        kinds("<'a,'b>"),
        ["<", "'", ",", "'", ">"].map(|text| match text {
            "'" => Kind::Lifetime,
            mark => Kind::Mark(mark.chars().next().unwrap()),
        })
    );
    assert_eq!(kinds("'static {"), [Kind::Lifetime, OPEN]);
    assert_eq!(kinds("&'_ str"), [Kind::Mark('&'), Kind::Lifetime, Kind::Word("str")]);
}

#[test]
fn words_keep_raw_prefixes_and_arrows_close_nothing() {
    assert_eq!(kinds("r#fn fn rest"), [Kind::Word("r#fn"), Kind::Word("fn"), Kind::Word("rest")]);
    assert_eq!(kinds("-> => > 1_000u8"), [Kind::Arrow, Kind::Arrow, Kind::Mark('>'), Kind::Word("1_000u8")]);
}

#[test]
fn lines_are_counted_through_literals_and_comments() {
    let lines: Vec<usize> = scan("a\n/*\n*/ \"\n\\\n\" b // c\nd").iter().map(|token| token.line).collect();
    assert_eq!(lines, [1, 3, 5, 6]);
}

#[test]
fn broken_text_ends() {
    for text in ["\"", "r#\"", "'", "'\\", "/*", "\"\\", "é'", "b", "r#"] {
        assert!(scan(text).len() < 4, "{text}");
    }
}
