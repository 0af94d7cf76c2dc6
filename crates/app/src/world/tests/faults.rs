use super::faults;

/// One wrong thing and what is said of it, after rows that are right: `{T}` a tenant with a site and a role, `{U}` a user.
const ONE_FAULT: &[(&str, &str)] = &[];

#[test]
fn one_fault_one_sentence() {
    for (text, said) in ONE_FAULT {
        assert_eq!(&faults(text), said);
    }
}
