use super::{LIMITS, faults, shown, world};
use crate::world::read;

#[test]
fn nothing_prints_a_secret() {
    let text = "[[tenant]]\nkey = 'a'\nname = 'A'\n[[user]]\nemail = 'a@a.example'\npassword = 'open sesame 123'\n\
        totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'\n[[client]]\nid = 'c'\nsecret = 'swordfish'\ngrants = []\n\
        [[token]]\ntenant = 'a'\nsecret = 'abcdefgh12345678'\n";
    let printed = format!("{:?}", world(text));
    for secret in ["open sesame", "JBSW", "swordfish", "abcdefgh"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[test]
fn no_fault_repeats_a_secret() {
    let text = "[[user]]\nemail = 'a@a.example'\npassword = 'hunter2'\npassword_hash = 'hunter2-hash'\n\
        totp_secret = 'hunter2!'\n[[client]]\nid = 'c'\nsecret = 'hunter2\\u0007'\nsecret_digest = 'hunter2'\ngrants = []\n\
        [[token]]\ntenant = 'a'\nsecret = 'hs_hunter2hunter2'\n[[webhook]]\nowner = 'a@a.example'\ntenant = 'a'\n\
        name = 'n'\nurl = 'hunter2'\nkind = 'SLACK'\n";
    let told = shown(&read(text, &LIMITS, &()).unwrap_err());
    assert!(told.lines().count() >= 7, "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn broken_toml_does_not_repeat_its_line() {
    let told = faults("[[user]]\nemail = \"a@a.example\"\npassword = \"hunter2\n");
    assert!(told.starts_with("line 3: is no TOML: "), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}
