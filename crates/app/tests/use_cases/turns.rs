//! A write that waits for somebody who takes something away from its caller, or the tenant from all, is judged behind
//! him: PostgreSQL would show it what was before.

use domain::endpoint;
use herald_app::invitations::{create as inviting, withdraw};
use herald_app::roles::create::Place;
use herald_app::sessions::{end, of_others};
use herald_app::tenants::{Settings, TenantName};
use herald_app::tokens::{entrust, mint, revoke};
use herald_app::users::{UserName, change_password, create, lock, set_password};
use herald_app::{
    Caller, Ctx, Failure, agents, clients, endpoints, members, networks, permissions, roles, sites, tenants,
    webhooks,
};
use testkit::{Engine, Installation, demo, on_both_engines};

use crate::deeds::deed;
use crate::links::{NEU, inviting as invitation_of};
use crate::support::named;
use crate::user_races::release;

on_both_engines! {
    a_demotion_under_way_is_waited_for,
    a_demotion_of_who_changes_a_person_is_waited_for,
    a_lock_of_who_acts_on_himself_is_waited_for,
    a_role_and_a_site_that_go_meanwhile_are_not_given,
    a_demotion_of_an_operator_is_waited_for,
    a_role_that_somebody_is_given_meanwhile_stays,
    a_tenant_that_goes_meanwhile_is_not_found,
}

const NORTHWIND: &str = "northwind";

fn place(key: &str) -> TenantName {
    TenantName::Key(key.to_owned())
}

fn site(key: &str) -> sites::add::Command {
    sites::add::Command { key: key.to_owned(), name: "Hall".to_owned() }
}

fn hook(name: &str) -> webhooks::Given {
    webhooks::Given {
        name: Some(name.to_owned()),
        url: Some("https://hooks.example/1".to_owned()),
        kind: Some("SLACK".to_owned()),
    }
}

fn role(key: &str) -> roles::create::Command {
    roles::create::Command { place: Place::Mine, key: key.to_owned(), given: roles::Given::default() }
}

fn own_key() -> entrust::Command {
    entrust::Command {
        name: "own".to_owned(),
        roles: vec!["guest".to_owned()],
        lives: None,
        utility: None,
        revealable: None,
    }
}

fn key(url: &str) -> endpoint::Key {
    endpoint::Key { url: url.to_owned(), collection: 1, method: "GET".to_owned() }
}

async fn write_down(ctx: &Ctx, by: &Caller) -> Result<(), Failure> {
    let one = endpoint::Endpoint { key: key("/put"), access: endpoint::AccessSet::EMPTY };
    endpoints::put::run(ctx, by, None, vec![one]).await.map(drop)
}

async fn observe(ctx: &Ctx, by: &Caller, at: Option<&TenantName>) -> Result<(), Failure> {
    let mut observer = endpoints::observe::Observer::begin(ctx, by, at).await?;
    observer.add(endpoints::observe::Observation { key: key("/seen"), seen: endpoint::Seen::default() });
    observer.flush(ctx).await
}

async fn report(ctx: &Ctx, by: &Caller, at: Option<&TenantName>) -> Result<(), Failure> {
    let mut reporter = agents::report::Reporter::begin(ctx, by, at).await?;
    reporter.add(ctx, deed("topic"), None).unwrap();
    reporter.flush(ctx).await
}

/// The code with which it is refused while another program, which holds a row, does the rest.
async fn meanwhile<T>(
    it: &Installation,
    others: &str,
    act: impl Future<Output = Result<T, Failure>>,
) -> Option<&'static str> {
    let held = it.place().hold(others).await;
    let (done, ()) = tokio::join!(act, release(held, || true));
    done.err().map(|failure| failure.code)
}

/// Makes `$who` a guest, behind a hold of `$row`.
fn demotion(engine: Engine, row: &str) -> String {
    let guest = engine.uuid(domain::Builtin::Guest.id().uuid());
    format!(
        "{row}; UPDATE membership_roles SET role_id = {guest} \
         WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mira%')"
    )
}

async fn promote(it: &Installation, engine: Engine) {
    let admin = engine.uuid(domain::Builtin::Admin.id().uuid());
    it.sql(&format!(
        "UPDATE membership_roles SET role_id = {admin} \
         WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mira%')"
    ))
    .await;
}

type Acting<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

async fn a_demotion_under_way_is_waited_for(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira: Caller = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let (ctx, by, at) = (&it.ctx, &mira, &place(NORTHWIND));
    let made = roles::create::run(ctx, by, role("made")).await.unwrap();
    let hall = sites::add::run(ctx, by, at, site("hall")).await.unwrap();
    let webhook = webhooks::add::run(ctx, by, at, hook("one")).await.unwrap();
    let lists = networks::Networks { private: vec!["10.0.0.0/8".to_owned()], partner: Vec::new() };
    let settings = Settings { name: Some("Nw".to_owned()), ..Settings::default() };
    let renamed = roles::Given { name: Some("Made".to_owned()), ..roles::Given::default() };
    let noors = it.sign_in(demo::NOOR).await;
    let (noor, session) = (noors.opened.session.user, noors.opened.session.id);
    let noors = it.caller(&noors.token).await;
    let minted = async |by: &Caller| mint::run(ctx, by, named("early")).await.map_err(Failure::from).unwrap();
    let (hers, his) = (minted(by).await.token.id, minted(&noors).await.token.id);
    let invitation =
        inviting::run(ctx, by, at, invitation_of("first@northwind.example", "guest")).await.unwrap().link.id;
    let minting = async { mint::run(ctx, by, named("late")).await.map(drop).map_err(Failure::from) };
    let acts: Vec<(&str, Acting<'_>)> = vec![
        ("role made", Box::pin(async { roles::create::run(ctx, by, role("new")).await.map(drop) })),
        ("role changed", Box::pin(roles::change::run(ctx, by, made, renamed))),
        ("role deleted", Box::pin(roles::delete::run(ctx, by, made))),
        ("site added", Box::pin(async { sites::add::run(ctx, by, at, site("new")).await.map(drop) })),
        ("site changed", Box::pin(sites::change::run(ctx, by, (at, hall), Some("Hall 2".to_owned())))),
        ("site removed", Box::pin(sites::remove::run(ctx, by, at, hall))),
        ("networks", Box::pin(async { networks::replace::run(ctx, by, at, lists).await.map(drop) })),
        ("tenant", Box::pin(async { tenants::change::run(ctx, by, at, settings).await.map(drop) })),
        ("webhook added", Box::pin(async { webhooks::add::run(ctx, by, at, hook("two")).await.map(drop) })),
        ("webhook changed", Box::pin(webhooks::change::run(ctx, by, (at, webhook), hook("three")))),
        ("webhook removed", Box::pin(webhooks::remove::run(ctx, by, at, webhook))),
        ("endpoints", Box::pin(write_down(ctx, by))),
        ("seen", Box::pin(observe(ctx, by, None))),
        ("did", Box::pin(report(ctx, by, None))),
        ("own key", Box::pin(async { entrust::run(ctx, by, at, own_key()).await.map(drop) })),
        ("key", Box::pin(minting)),
        ("key revoked", Box::pin(async { revoke::run(ctx, by, hers).await })),
        ("another's key revoked", Box::pin(async { revoke::of_tenant(ctx, by, his).await })),
        ("any key revoked", Box::pin(async { revoke::any(ctx, by, at, his).await })),
        (
            "invitation",
            Box::pin(async { inviting::run(ctx, by, at, invitation_of(NEU, "guest")).await.map(drop) }),
        ),
        ("invitation withdrawn", Box::pin(async { withdraw::run(ctx, by, at, invitation).await })),
        ("session ended", Box::pin(async { of_others::end(ctx, by, noor, session).await })),
        ("sessions ended", Box::pin(async { of_others::end_all(ctx, by, noor).await.map(drop) })),
    ];
    let others = demotion(engine, "UPDATE tenants SET revision = revision + 1 WHERE key = 'northwind'");
    for (what, act) in acts {
        assert_eq!(meanwhile(&it, &others, act).await, Some("forbidden"), "{what}");
        promote(&it, engine).await;
    }
}

async fn a_demotion_of_who_changes_a_person_is_waited_for(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let noor = it.user_id(demo::NOOR).await;
    let others = demotion(engine, "UPDATE users SET name = name WHERE email LIKE 'mira%'");
    let refused = meanwhile(&it, &others, lock::set(&it.ctx, &mira, noor, true)).await;
    assert_eq!(refused, Some("forbidden"));
    promote(&it, engine).await;
    assert!(lock::set(&it.ctx, &mira, noor, true).await.is_ok(), "else she may");
}

/// His own sessions and password: he is somebody who may nothing any more.
async fn a_lock_of_who_acts_on_himself_is_waited_for(engine: Engine) {
    let it = Installation::on(engine).await;
    let other = it.sign_in(demo::MIRA).await.opened.session.id;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let (ctx, by) = (&it.ctx, &mira);
    let password = || change_password::Command {
        current: demo::password(demo::MIRA).into(),
        new: "of a thief's".into(),
    };
    let acts: Vec<(&str, Acting<'_>)> = vec![
        ("one", Box::pin(async { end::one(ctx, by, other).await })),
        ("others", Box::pin(async { end::others(ctx, by).await.map(drop) })),
    ];
    let locked = "UPDATE users SET locked = TRUE WHERE email LIKE 'mira%'";
    for (what, act) in acts {
        assert_eq!(meanwhile(&it, locked, act).await, Some("unauthenticated"), "{what}");
        it.sql("UPDATE users SET locked = FALSE").await;
    }
    // Told when the password is verified: the lock comes between.
    let (before, held) = (ctx.hasher.work_done(), it.place().hold(locked).await);
    let (done, ()) = tokio::join!(
        change_password::run(ctx, by, password()),
        release(held, || ctx.hasher.work_done() > before + 1)
    );
    assert_eq!(done.unwrap_err().code, "unauthenticated");
    it.sql("UPDATE users SET locked = FALSE").await;
    assert_eq!(end::others(ctx, by).await.unwrap(), 1, "nothing had ended");
    change_password::run(ctx, by, password()).await.unwrap();
}

/// Whoever deletes one looks for open invitations: one that is being made looks for what it gives.
async fn a_role_and_a_site_that_go_meanwhile_are_not_given(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let turn = "UPDATE tenants SET revision = revision + 1 WHERE key = 'northwind'";
    for (gone, role) in [
        ("DELETE FROM roles WHERE key = 'payments-review'", "payments-review"),
        ("DELETE FROM sites", "guest"),
    ] {
        let command = inviting::Command { sites: vec!["por".to_owned()], ..invitation_of(NEU, role) };
        let here = TenantName::parse(NORTHWIND);
        let act = inviting::run(&it.ctx, &mira, &here, command);
        assert_eq!(meanwhile(&it, &format!("{turn}; {gone}"), act).await, Some("invalid_field"), "{gone}");
    }
}

async fn a_demotion_of_an_operator_is_waited_for(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let (ctx, by, at) = (&it.ctx, &root, &place(NORTHWIND));
    let permission = |key: &str| domain::Permission::parse(key).unwrap();
    let declare = |key: &str| permissions::declare::run(ctx, by, permission(key), String::new());
    declare("lamps:read").await.unwrap();
    let everywhere = |key: &str| roles::create::Command { place: Place::Everywhere, ..role(key) };
    let made = roles::create::run(ctx, by, everywhere("made")).await.unwrap();
    let client = || clients::create::Command {
        client_id: None,
        public: false,
        given: clients::Given { grants: Some(vec!["client_credentials".to_owned()]), ..Default::default() },
    };
    let settings =
        |key: &str| Settings { key: Some(key.to_owned()), name: Some(key.to_owned()), ..Settings::default() };
    let (noor, tenant) = (it.user_id(demo::NOOR).await, it.tenant_id(NORTHWIND).await);
    let (one, hers) = (it.sign_in(demo::NOOR).await.opened.session.id, &"set for noor by root".into());
    let guest = members::change::Command {
        tenant,
        user: noor,
        roles: Some(vec!["guest".to_owned()]),
        sites: None,
        expires_at: None,
        active: None,
    };
    let acts: Vec<(&str, Acting<'_>)> = vec![
        ("tenant made", Box::pin(async { tenants::create::run(ctx, by, settings("new")).await.map(drop) })),
        (
            "tenant changed",
            Box::pin(async { tenants::change::run(ctx, by, at, settings("nw")).await.map(drop) }),
        ),
        ("tenant gone", Box::pin(async { tenants::delete::run(ctx, by, at).await })),
        ("client", Box::pin(async { clients::create::run(ctx, by, client()).await.map(drop) })),
        ("permission", Box::pin(async { declare("lamps:write").await.map(drop) })),
        (
            "permission gone",
            Box::pin(async { permissions::withdraw::run(ctx, by, permission("lamps:read")).await }),
        ),
        ("role made", Box::pin(async { roles::create::run(ctx, by, everywhere("new")).await.map(drop) })),
        ("role gone", Box::pin(async { roles::delete::run(ctx, by, made).await })),
        ("user", Box::pin(async { create::run(ctx, by, nobody()).await.map(drop) })),
        ("member", Box::pin(async { members::change::run(ctx, by, guest.clone()).await.map(drop) })),
        ("member gone", Box::pin(async { members::remove::run(ctx, by, tenant, noor).await })),
        (
            "invitation",
            Box::pin(async { inviting::run(ctx, by, at, invitation_of(NEU, "guest")).await.map(drop) }),
        ),
        ("own key", Box::pin(async { entrust::run(ctx, by, at, own_key()).await.map(drop) })),
        ("password", Box::pin(async { set_password::set(ctx, by, noor, hers).await })),
        ("session", Box::pin(async { of_others::end(ctx, by, noor, one).await })),
        ("sessions", Box::pin(async { of_others::end_all(ctx, by, noor).await.map(drop) })),
        ("site", Box::pin(async { sites::add::run(ctx, by, at, site("new")).await.map(drop) })),
    ];
    // Above all tenants he is nothing any more but an operator.
    for (what, act) in acts {
        let others = "UPDATE users SET is_operator = false WHERE email LIKE 'root%'";
        assert_eq!(meanwhile(&it, others, act).await, Some("unauthenticated"), "{what}");
        it.sql("UPDATE users SET is_operator = true WHERE email LIKE 'root%'").await;
    }
}

fn nobody() -> create::Command {
    create::Command {
        email: domain::EmailAddress::parse(NEU).unwrap(),
        profile: herald_app::users::ProfileChange::default(),
        password: None,
        membership: None,
        operator: false,
    }
}

async fn a_tenant_that_goes_meanwhile_is_not_found(engine: Engine) {
    let (ends, at) = ("DELETE FROM tenants WHERE key = 'contoso'", place("contoso"));
    for what in ["site", "webhook", "own key", "member", "networks", "role", "seen", "did"] {
        let it = Installation::on(engine).await;
        let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
        let (ctx, by, at) = (&it.ctx, &root, &at);
        let tenant = it.tenant_id("contoso").await;
        let refused = meanwhile(&it, ends, async {
            match what {
                "site" => sites::add::run(ctx, by, at, site("hall")).await.map(drop),
                "webhook" => webhooks::add::run(ctx, by, at, hook("one")).await.map(drop),
                "own key" => entrust::run(ctx, by, at, own_key()).await.map(drop),
                "seen" => observe(ctx, by, Some(at)).await,
                "did" => report(ctx, by, Some(at)).await,
                "networks" => {
                    let lists = networks::Networks { private: Vec::new(), partner: Vec::new() };
                    networks::replace::run(ctx, by, at, lists).await.map(drop)
                }
                "role" => {
                    let place = Place::Tenant(at.clone());
                    roles::create::run(ctx, by, roles::create::Command { place, ..role("new") })
                        .await
                        .map(drop)
                }
                _ => {
                    let command = members::add::Command {
                        tenant,
                        user: UserName::Id(it.user_id(demo::NOOR).await),
                        roles: None,
                        sites: Vec::new(),
                        expires_at: None,
                        active: true,
                    };
                    members::add::run(ctx, by, command).await.map(drop)
                }
            }
        });
        assert_eq!(refused.await, Some("not_found"), "{what}");
    }
}

async fn a_role_that_somebody_is_given_meanwhile_stays(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let place = Place::Everywhere;
    let made = roles::create::run(&it.ctx, &root, roles::create::Command { place, ..role("made") }).await;
    let given = "INSERT INTO membership_roles (user_id, tenant_id, role_id) SELECT u.id, t.id, r.id \
        FROM users u, tenants t, roles r WHERE u.email LIKE 'noor%' AND t.key = 'northwind' AND r.key = 'made'";
    let refused = meanwhile(&it, given, roles::delete::run(&it.ctx, &root, made.unwrap())).await;
    assert_eq!(refused, Some("in_use"));
}
