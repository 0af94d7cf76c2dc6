//! What is refused leaves the store as it was.

use testkit::{Engine, on_both_engines};

use crate::{SMALL, apply, dump, dump_but_counters, empty, plan, refusal};

on_both_engines!(
    a_fault_changes_nothing,
    what_others_have_is_a_fault_with_its_line,
    what_never_changes_is_a_fault,
    the_last_administrator_stays,
    the_last_operator_stays,
    every_loss_is_told_at_once,
    where_there_is_none_none_is_demanded,
    a_common_role_takes_no_tenants_key,
    a_row_is_met_once,
);

async fn a_fault_changes_nothing(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let before = dump(&here).await;
    let text = format!(
        "{}\n[[user]]\nemail = 'x@x.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['desck']\n",
        SMALL.replace("level = 4", "level = 1")
    );
    let told = refusal(&here, &text).await;
    assert!(
        told.starts_with("line 30: user[3].membership[0].roles[0]: no role \"desck\" in tenant \"acme\""),
        "{told}"
    );
    assert!(refusal(&here, "[[user]\n").await.starts_with("line 1: is no TOML"));
    assert_eq!(dump(&here).await, before);
}

async fn what_others_have_is_a_fault_with_its_line(engine: Engine) {
    let here = empty(engine).await;
    let text = "[[tenant]]\nkey = 'acme'\nname = 'A'\nnumber = 5\nid = '3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01'\n\
        [[tenant.site]]\nkey = 'hq'\nname = 'HQ'\nid = '91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01'\n\
        [[user]]\nemail = 'a@a.example'\nnumber = 7\nid = '0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01'\n\
        [[user.membership]]\ntenant = 'acme'\nroles = ['guest']\n\
        [[token]]\ntenant = 'acme'\nowner = 'a@a.example'\nname = 'one'\nnumber = 9\nsecret = 'a-secret-of-sixteen'\n";
    apply(&here, text).await;
    let before = dump(&here).await;
    let other = "[[tenant]]\nkey = 'beta'\nname = 'B'\nnumber = 5\n\
        [[tenant]]\nkey = 'gamma'\nname = 'C'\nid = '3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01'\n\
        [[tenant.site]]\nkey = 'hq'\nname = 'HQ'\nid = '91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01'\n\
        [[user]]\nemail = 'b@a.example'\nnumber = 7\n\
        [[user]]\nemail = 'a@a.example'\nid = '0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c99'\n\
        [[token]]\ntenant = 'acme'\nname = 'two'\nnumber = 9\nsecret = 'the-secret-of-two'\n\
        [[token]]\ntenant = 'acme'\nname = 'three'\nsecret = 'a-secret-of-sixteen'\n";
    assert_eq!(
        refusal(&here, other).await,
        "line 1: tenant[0]: number 5 is that of tenant \"acme\"; give another, or none\n\
         line 5: tenant[1]: id 3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01 is that of tenant \"acme\"; give another, or none\n\
         line 9: tenant[1].site[0]: id 91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01 is that of another site; give another, or none\n\
         line 13: user[0]: number 7 is that of a@a.example; give another, or none\n\
         line 16: user[1]: a@a.example is the user with id 0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01; name that id, or none\n\
         line 19: token[0]: number 9 is that of another token; give another, or none\n\
         line 24: token[1]: the secret is that of another token in the store; every token has its own"
    );
    assert_eq!(dump(&here).await, before);
}

async fn what_never_changes_is_a_fault(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let before = dump(&here).await;
    let text = "[[tenant]]\nkey = 'acme'\nname = 'Acme'\nnumber = 77\n[[user]]\nemail = 'bo@acme.example'\nnumber = 78\n";
    let told = refusal(&here, text).await;
    assert_eq!(
        told,
        "line 1: tenant[0]: the tenant has number 1, which never changes; name that, or none\n\
         line 5: user[0]: the user has number 2, which never changes; name that, or none"
    );
    assert_eq!(dump(&here).await, before);
}

async fn the_last_administrator_stays(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let before = dump_but_counters(&here).await;
    let sentence =
        "refused, and nothing was written: tenant \"acme\" would lose its last administrator; leave it one";
    let new = "[[user]]\nemail = 'new@acme.example'\n";
    for change in [
        "[[user]]\nemail = 'ada@acme.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['desk']\n",
        "[[user]]\nemail = 'ada@acme.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['admin']\nactive = false\n",
        "[[user]]\nemail = 'ada@acme.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['admin']\n\
         expires_at = 2001-01-01T00:00:00Z\n",
        "[[user]]\nemail = 'ada@acme.example'\nlocked = true\n",
        "[[user]]\nemail = 'ada@acme.example'\nactive = false\n",
    ] {
        assert_eq!(refusal(&here, &format!("{new}{change}")).await, sentence, "{change}");
        assert_eq!(dump_but_counters(&here).await, before, "{change}");
    }
    let handed = "[[user]]\nemail = 'ada@acme.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['desk']\n\
        [[user]]\nemail = 'bo@acme.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['admin']\n";
    assert!(
        plan(&here, handed).await.starts_with("~ membership ada@acme.example in acme: roles admin → desk\n")
    );
    let chief = "[[role]]\nkey = 'chief'\nbase = 'admin'\n[[user]]\nemail = 'bo@acme.example'\n[[user.membership]]\n\
        tenant = 'acme'\nroles = ['chief']\n";
    apply(&here, chief).await;
    assert_eq!(refusal(&here, "[[role]]\nkey = 'chief'\nbase = 'member'\n").await, sentence);
}

async fn the_last_operator_stays(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let before = dump(&here).await;
    for change in ["operator = false", "locked = true", "active = false"] {
        let text = format!("[[user]]\nemail = 'root@acme.example'\n{change}\n");
        let sentence =
            "refused, and nothing was written: the installation would lose its last operator; leave it one";
        assert_eq!(refusal(&here, &text).await, sentence, "{change}");
    }
    assert_eq!(dump(&here).await, before);
    let handed = "[[user]]\nemail = 'root@acme.example'\noperator = false\n[[user]]\nemail = 'bo@acme.example'\noperator = true\n";
    apply(&here, handed).await;
}

async fn every_loss_is_told_at_once(engine: Engine) {
    let here = empty(engine).await;
    let tenants = "[[tenant]]\nkey = 'beta'\nname = 'B'\n[[tenant]]\nkey = 'alfa'\nname = 'A'\n\
        [[tenant]]\nkey = 'kept'\nname = 'K'\n";
    let member = |tenant: &str| format!("[[user.membership]]\ntenant = '{tenant}'\nroles = ['admin']\n");
    let one = "[[user]]\nemail = 'one@a.example'\noperator = true\n";
    let two = "[[user]]\nemail = 'two@a.example'\n";
    let text =
        [tenants, one, &member("alfa"), &member("beta"), &member("kept"), two, &member("kept")].concat();
    apply(&here, &text).await;
    let before = dump_but_counters(&here).await;
    assert_eq!(
        refusal(&here, "[[user]]\nemail = 'one@a.example'\nlocked = true\n").await,
        "refused, and nothing was written: tenant \"alfa\" would lose its last administrator; \
         tenant \"beta\" would lose its last administrator; \
         the installation would lose its last operator; leave each of them one"
    );
    assert_eq!(dump_but_counters(&here).await, before);
}

async fn where_there_is_none_none_is_demanded(engine: Engine) {
    let here = empty(engine).await;
    let text = "[[tenant]]\nkey = 'acme'\nname = 'A'\n[[user]]\nemail = 'a@a.example'\n[[user.membership]]\n\
        tenant = 'acme'\nroles = ['guest']\n";
    apply(&here, text).await;
    assert_eq!(
        plan(&here, &text.replace("guest", "member")).await,
        "~ membership a@a.example in acme: roles guest → member\n= 2 unchanged"
    );
}

async fn a_common_role_takes_no_tenants_key(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    assert_eq!(
        refusal(&here, "[[role]]\nkey = 'desk'\n").await,
        "line 1: role[0]: \"desk\" is a role of a tenant already; choose another key"
    );
}

async fn a_row_is_met_once(engine: Engine) {
    let here = empty(engine).await;
    let id = "id = '0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01'";
    let first = format!(
        "[[tenant]]\nkey = 'acme'\nname = 'A'\n[[user]]\nemail = 'a@a.example'\n{id}\n\
        [[token]]\ntenant = 'acme'\nname = 'ci'\n{id}\nsecret = 'a-secret-of-sixteen'\n"
    );
    apply(&here, &first).await;
    let renamed = format!(
        "[[user]]\nemail = 'b@a.example'\n{id}\n[[user]]\nemail = 'a@a.example'\n\
        [[token]]\ntenant = 'acme'\nname = 'cd'\n{id}\n[[token]]\ntenant = 'acme'\nname = 'ci'\n"
    );
    assert_eq!(
        refusal(&here, &renamed).await,
        "line 4: user[1]: is the same user of the store as that of line 1; apply the renaming by itself first\n\
         line 10: token[1]: is the same token of the store as that of line 6; apply the renaming by itself first"
    );
    let alone = format!("[[user]]\nemail = 'b@a.example'\n{id}\n");
    assert_eq!(
        plan(&here, &alone).await,
        "~ user b@a.example: email a@a.example → b@a.example\n= 0 unchanged"
    );
}
