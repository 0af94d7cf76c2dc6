//! What a refusal says would turn it does turn it, done through the use cases; and where it says that no single change
//! would, none does: each is tried.

use std::collections::BTreeSet;

use domain::client::Scopes;
use domain::decision::Change;
use domain::permission::CATALOGUE;
use domain::{EmailAddress, TenantId};
use herald_app::decisions::{Answer, Ask, UserName, ask};
use herald_app::members::{add, change, list, remove};
use herald_app::sessions::sign_in::Through;
use herald_app::tenants::TenantName;
use herald_app::users::{lock, update};
use herald_app::{Caller, roles};
use testkit::{Engine, Installation, command, demo, on_both_engines};

use super::{of_oneself, permission};
use crate::support::{mint, named};

on_both_engines! {
    the_change_that_is_named_turns_it_and_no_other_would_where_none_is,
    another_credential_turns_what_the_credential_denies,
}

const ASKED: [&str; 5] = ["roles:read", "users:read", "audit:read", "devices:write", "installation:read"];

/// Somebody whose state is changed by an operator, and asked about.
struct Stage {
    it: Installation,
    root: Caller,
    tenant: TenantId,
}

/// What is wrong with him, as changes that would mend it: `GiveRole` gives what he has, `JoinTenant` is no member.
type Faults = &'static [&'static str];

const STATES: [(Faults, &str); 9] = [
    (&[], "guest"),
    // On a base, and on none.
    (&[], "payments-review"),
    (&[], "alone"),
    (&["locked"], "admin"),
    (&["inactive"], "member"),
    (&["seat inactive"], "admin"),
    (&["seat ended"], "admin"),
    (&["locked", "seat ended"], "admin"),
    (&["no seat"], "guest"),
];

impl Stage {
    async fn set(engine: Engine) -> Self {
        let it = Installation::on(engine).await;
        it.apply("[[role]]\nkey = \"alone\"\ntenant = \"northwind\"\npermissions = [\"users:read\"]\n").await;
        let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
        let tenant = it.tenant_id("northwind").await;
        Self { it, root, tenant }
    }

    async fn asked(&self, key: &str) -> Answer {
        let user = Some(UserName::Email(EmailAddress::parse(demo::GUS).unwrap()));
        let tenant = Some(TenantName::Id(self.tenant));
        ask(&self.it.ctx, &self.root, Ask { permission: permission(key), tenant, user }).await.unwrap()
    }

    async fn seat(&self, edit: impl FnOnce(&mut change::Command)) {
        let user = self.it.user_id(demo::GUS).await;
        let mut command = change::Command {
            tenant: self.tenant,
            user,
            roles: None,
            sites: None,
            expires_at: None,
            active: None,
        };
        edit(&mut command);
        change::run(&self.it.ctx, &self.root, command).await.unwrap();
    }

    async fn join(&self, role: &str) {
        let command = add::Command {
            tenant: self.tenant,
            user: UserName::Id(self.it.user_id(demo::GUS).await),
            roles: Some(vec![role.to_owned()]),
            sites: Vec::new(),
            expires_at: None,
            active: true,
        };
        add::run(&self.it.ctx, &self.root, command).await.unwrap();
    }

    async fn stand(&self, locked: bool, active: bool) {
        let user = self.it.user_id(demo::GUS).await;
        lock::set(&self.it.ctx, &self.root, user, locked).await.unwrap();
        let command = update::Command { active: Some(active), ..update::Command::default() };
        update::run(&self.it.ctx, &self.root, user, command).await.unwrap();
    }

    async fn state(&self, (faults, role): (Faults, &str)) {
        let user = self.it.user_id(demo::GUS).await;
        let (ctx, tenant) = (&self.it.ctx, self.tenant);
        self.stand(false, true).await;
        if list::one(ctx, &self.root, tenant, user).await.is_ok() {
            remove::run(ctx, &self.root, tenant, user).await.unwrap();
        }
        if !faults.contains(&"no seat") {
            self.join(role).await;
        }
        for fault in faults {
            match *fault {
                "locked" => self.stand(true, true).await,
                "inactive" => self.stand(false, false).await,
                "seat inactive" => self.seat(|seat| seat.active = Some(false)).await,
                "seat ended" => self.seat(|seat| seat.expires_at = Some(Some(self.it.now()))).await,
                _ => {}
            }
        }
    }

    /// Does exactly what is named.
    async fn make(&self, change: &Change, held: &str) {
        let user = self.it.user_id(demo::GUS).await;
        match change {
            Change::UnlockUser => drop(lock::set(&self.it.ctx, &self.root, user, false).await.unwrap()),
            Change::ActivateUser => {
                let command = update::Command { active: Some(true), ..update::Command::default() };
                update::run(&self.it.ctx, &self.root, user, command).await.unwrap();
            }
            Change::ActivateMembership => self.seat(|seat| seat.active = Some(true)).await,
            Change::ExtendMembership => self.seat(|seat| seat.expires_at = Some(None)).await,
            Change::GiveRole { role } => {
                let both: BTreeSet<String> = [held.to_owned(), role.clone()].into();
                self.seat(|seat| seat.roles = Some(both.into_iter().collect())).await;
            }
            Change::JoinTenant { role } => self.join(role).await,
            other => panic!("{other:?} is of a credential"),
        }
    }

    /// Every single change that could be made of him.
    async fn all(&self, (faults, _): (Faults, &str)) -> Vec<Change> {
        let roles = roles::list::run(&self.it.ctx, &self.root, Some(&TenantName::Id(self.tenant)), ("", 200))
            .await
            .unwrap();
        let given = roles.into_iter().map(|role| {
            if faults.contains(&"no seat") {
                Change::JoinTenant { role: role.key }
            } else {
                Change::GiveRole { role: role.key }
            }
        });
        let mut all = vec![Change::UnlockUser, Change::ActivateUser];
        if !faults.contains(&"no seat") {
            all.extend([Change::ActivateMembership, Change::ExtendMembership]);
        }
        all.into_iter().chain(given).collect()
    }
}

async fn the_change_that_is_named_turns_it_and_no_other_would_where_none_is(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (mut turned, mut hopeless) = (0, 0);
    for state in STATES {
        for key in ASKED {
            stage.state(state).await;
            let answer = stage.asked(key).await;
            match (&answer.decision.allowed, &answer.change) {
                (true, change) => assert_eq!(*change, None),
                (false, Some(change)) => {
                    stage.make(change, state.1).await;
                    let after = stage.asked(key).await.decision;
                    assert!(after.allowed, "{state:?} {key}: {change:?} was not enough: {:?}", after.reasons);
                    turned += 1;
                }
                (false, None) => {
                    for change in stage.all(state).await {
                        stage.state(state).await;
                        stage.make(&change, state.1).await;
                        let after = stage.asked(key).await.decision;
                        assert!(!after.allowed, "{state:?} {key}: {change:?} was enough");
                    }
                    hopeless += 1;
                }
            }
        }
    }
    assert!(turned >= 20 && hopeless >= 10, "{turned} {hopeless}");
}

/// A cap, a scope and another tenant stand in the way of a credential, not of a person: the change is another credential.
async fn another_credential_turns_what_the_credential_denies(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let all: Vec<&str> = CATALOGUE.iter().map(|(key, _)| key.as_str()).collect();
    let contoso = it.tenant_id("contoso").await;
    let capped =
        mint(&it, &mira, herald_app::tokens::mint::Command { role: Some("developer".into()), ..named("c") });
    let capped = it.caller(&capped.await.unwrap()).await;
    let whole = it.caller(&mint(&it, &mira, named("whole")).await.unwrap()).await;
    let scoped = async |scope: &str| {
        let client = it.client(demo::CLIENT).await;
        let through = Through::Oauth { client, scope: Scopes::parse(scope) };
        let signed = it.try_command(command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap();
        it.caller(&signed.token).await
    };
    let (reader, both) = (scoped("read").await, scoped("read write").await);
    let mut there = command(demo::MIRA, demo::password(demo::MIRA), Through::Native);
    there.tenant = Some("contoso".to_owned());
    let there = it.caller(&it.try_command(there).await.unwrap().token).await;
    let mira = it.caller(&mira).await;
    let mut seen = BTreeSet::new();
    for key in all {
        for (by, better, tenant) in
            [(&capped, &whole, None), (&reader, &both, None), (&mira, &there, Some(contoso))]
        {
            let answer = of_oneself(&it, by, key, tenant).await;
            if answer.decision.allowed {
                continue;
            }
            let with_better = of_oneself(&it, better, key, tenant).await.decision.allowed;
            match answer.change {
                Some(Change::LiftCap | Change::WidenScope { .. } | Change::SwitchTenant { .. }) => {
                    assert!(with_better, "{key}: {:?}", answer.change);
                }
                None => assert!(!with_better, "{key}: another credential was enough"),
                other => panic!("{key}: {other:?}"),
            }
            seen.insert(format!("{:?}", answer.change));
        }
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
}
