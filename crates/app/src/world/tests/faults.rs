//! What is said of wrong files, word for word.

use super::faults;

/// Rows that are right, put behind each case: what it may refer to, and what the reading must still get through.
const RIGHT: &str = r#"
[[tenant]]
key = "acme"
name = "Acme"
[[tenant.site]]
key = "hq"
name = "Head Office"
[[tenant]]
key = "brew"
name = "Brew"
[[tenant.site]]
key = "lab"
name = "Laboratory"
[[role]]
key = "desk"
[[role]]
key = "brewer"
tenant = "brew"
[[user]]
email = "ada@acme.example"
[[user.membership]]
tenant = "acme"
roles = ["admin", "desk"]
"#;

fn said_of(text: &str) -> String {
    faults(&format!("{text}\n{RIGHT}"))
}

#[test]
fn the_rows_behind_each_case_are_right() {
    assert_eq!(said_of(""), "");
}

/// `one_fault.txt` holds cases between blank lines: the file's lines, then `=>` and the one sentence about them.
#[test]
fn one_fault_one_sentence() {
    let cases: Vec<_> = include_str!("one_fault.txt").trim().split("\n\n").collect();
    assert!(cases.len() > 100);
    let wrong: Vec<_> = cases
        .iter()
        .map(|case| case.split_once("\n=> ").unwrap())
        .map(|(text, right)| (said_of(text), right))
        .filter(|(said, right)| said != right)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_too_long_is_refused() {
    let user =
        |key: &str, value: &str| said_of(&format!("[[user]]\nemail = \"x@acme.example\"\n{key} = {value}"));
    let long = |letters: usize| format!("\"{}\"", "m".repeat(letters));
    assert_eq!(user("phone", &long(256)), "");
    assert_eq!(user("phone", &long(257)), "line 3: user[0].phone: must have at most 256 characters");
    assert_eq!(user("name", &long(10_000)), "line 3: user[0].name: must have at most 256 characters");
    assert_eq!(user("password", &long(1_024)), "");
    assert_eq!(
        user("password", &long(1_025)),
        "line 3: user[0].password: is too long; a password has at most 1024 bytes"
    );
    let metadata = |letters: usize| user("metadata", &format!("{{ a = {} }}", long(letters)));
    assert_eq!(metadata(16_376), "");
    assert_eq!(
        metadata(16_377),
        "line 3: user[0].metadata: has 16385 bytes as JSON; it may have at most 16384"
    );
    let said = said_of(&format!("[[user]]\nemail = \"{}@acme.example\"", "m".repeat(10_000)));
    let shown = "m".repeat(60);
    assert_eq!(
        said,
        format!(
            "line 2: user[0].email: \"{shown}\"… is no e-mail address: an e-mail address has at most 254 bytes"
        )
    );
}

#[test]
fn all_faults_at_once_sorted_by_line() {
    let text = r#"[[token]]
owner = "bo@acme.example"
tenant = "acme"
secret = "short"
[[user]]
email = "MIRA@acme.example"
verifed = true
[[user.membership]]
tenant = "acme"
roles = ["admn", 3]
sites = ["hq", "lab"]
[[role]]
key = "r"
base = "r"
[[user]]
email = "mira@Acme.example"
number = "x"
"#;
    assert_eq!(
        said_of(text),
        r#"line 2: token[0].owner: no user "bo@acme.example"; did you mean "ada@acme.example"?
line 4: token[0].secret: must have 16 to 512 characters
line 7: user[0].verifed: no such key; did you mean "verified"?
line 10: user[0].membership[0].roles[0]: no role "admn" in tenant "acme"; did you mean "admin"?
line 10: user[0].membership[0].roles[1]: must be a text in quotes, and is an integer
line 11: user[0].membership[0].sites[1]: no site "lab" in tenant "acme"; it is a site of "brew"
line 14: role[0].base: "r" is none of admin, threat_engineer, threat_viewer, member, developer, guest, no_access
line 16: user[1].email: "mira@Acme.example" is mira@acme.example in another spelling, whom line 5 has; keep one of the two
line 17: user[1].number: must be an integer, and is a text"#
    );
}

#[test]
fn tables_of_the_wrong_shape_are_refused() {
    assert_eq!(
        faults("[user]\nemail = 'a@a.example'"),
        "line 1: user: must be rows; write [[user]] above each"
    );
    assert_eq!(faults("\nuser = ['x']"), "line 2: user[0]: must be a table, and is a text");
    assert_eq!(
        faults("[[user]]\nemail = 'a@a.example'\n[user]\nname = 'A'"),
        "line 3: is no TOML: a key or table stands twice; name it once, and write rows as [[name]]"
    );
}

#[test]
fn a_row_that_stands_twice_is_told_beside_its_other_faults() {
    let text = "[[tenant]]\nkey = 't'\nnam = 'T'\n[[tenant]]\nkey = 't'\nname = 3";
    assert_eq!(
        faults(text),
        "line 1: tenant[0].name: is missing; every row of this table names it\n\
         line 3: tenant[0].nam: no such key; did you mean \"name\"?\n\
         line 4: tenant[1]: a second row for tenant \"t\", which line 1 has; keep one of the two\n\
         line 6: tenant[1].name: must be a text in quotes, and is an integer"
    );
}

#[test]
fn lines_are_counted_under_either_line_ending() {
    let text = "# one\r\n\r\n[[user]]\r\nemail = \"x\"\r\n";
    assert!(faults(text).starts_with("line 4: user[0].email: "), "{}", faults(text));
}

#[test]
fn so_many_faults_are_cut_short() {
    let text = (0..10_005).map(|n| format!("k{n} = 1")).collect::<Vec<_>>().join("\n");
    let said = faults(&text);
    assert_eq!(said.lines().count(), 10_001);
    assert!(
        said.ends_with("and 5 more faults; mend the listed ones first"),
        "{}",
        said.lines().last().unwrap()
    );
}
