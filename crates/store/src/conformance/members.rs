//! Members are listed and searched by an address that the database keeps right, along an index.

use domain::{EmailAddress, EmailRange, RoleId, SiteId, TenantId, UserId};
use uuid::Uuid;

use super::place::{NOW, Place};
use super::rows::new_tenant;
use crate::db::{WriteTx, params};
use crate::memberships::{self, Seat};
use crate::users::{self, NewUser, Standing};
use crate::{Store, StoreError};

sql! { "sites";
    SITE = "INSERT INTO sites (id, tenant_id, key, name, origin, created_at) VALUES ($1, $2, 'lis', 'Lisbon', '', 0)";
}

both! {
    a_changed_address_moves_the_member
    a_page_holds_roles_and_sites_of_its_own
    a_taken_address_is_a_conflict
}

const HERE: TenantId = TenantId::from_uuid(Uuid::from_u128(1));
const LISBON: SiteId = SiteId::from_uuid(Uuid::from_u128(2));

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(1_000 + number))
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

async fn make(tx: &mut WriteTx<'_>, number: i64, email: &str) -> Result<(), StoreError> {
    let id = user(number.unsigned_abs().into());
    let new = NewUser {
        id,
        number,
        email: address(email),
        name: None,
        operator: false,
        verified: true,
        password_hash: None,
        default_tenant: None,
        created_by: String::new(),
    };
    users::add(tx, &new, NOW).await?;
    let admin = domain::Builtin::Admin.id();
    let seat = Seat { active: true, expires_at: None, roles: vec![admin], sites: vec![LISBON] };
    memberships::add(tx, (id, HERE), &seat, NOW).await
}

async fn peopled(place: &Place) -> &Store {
    let filled: Result<(), StoreError> = place
        .store
        .write(|tx| {
            Box::pin(async move {
                crate::installation::seed(tx, NOW).await?;
                new_tenant(tx, HERE, 1, "here").await?;
                tx.run(&SITE, params![LISBON, HERE]).await?;
                for (number, email) in
                    [(1, "ada@x.example"), (2, "ada.b@x.example"), (3, "bo@x.example"), (4, "cy@x.example")]
                {
                    make(tx, number, email).await?;
                }
                Ok(())
            })
        })
        .await;
    filled.unwrap();
    &place.store
}

async fn listed(store: &Store, search: &str, after: &str, limit: i64) -> Vec<String> {
    let range = EmailRange::starting_with(search).behind(after);
    let page = store.read(move |tx| {
        let range = range.clone();
        Box::pin(async move { memberships::page(tx, HERE, &range, limit).await })
    });
    let page: Result<Vec<memberships::Member>, StoreError> = page.await;
    page.unwrap().into_iter().map(|member| member.user.email.to_string()).collect()
}

async fn rename(store: &Store, number: u128, email: &'static str) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let shall = Standing {
                    email: address(email),
                    verified: false,
                    active: true,
                    operator: false,
                    default_tenant: None,
                    default_site: None,
                };
                users::set_standing(tx, user(number), &shall, "", NOW).await
            })
        })
        .await
}

async fn a_changed_address_moves_the_member(place: &Place) {
    let store = peopled(place).await;
    assert_eq!(listed(store, "ADA", "", 9).await, ["ada.b@x.example", "ada@x.example"]);
    rename(store, 3, "adam@x.example").await.unwrap();
    assert_eq!(listed(store, "ada", "ada.b@x.example", 9).await, ["ada@x.example", "adam@x.example"]);
    assert_eq!(listed(store, "bo", "", 9).await, [""; 0]);
    assert_eq!(listed(store, "", "", 2).await.len(), 2);
    let gone = store.write(|tx| Box::pin(async move { users::remove(tx, user(1)).await }));
    let gone: Result<bool, StoreError> = gone.await;
    assert!(gone.unwrap());
    assert_eq!(listed(store, "", "", 9).await, ["ada.b@x.example", "adam@x.example", "cy@x.example"]);
}

async fn a_page_holds_roles_and_sites_of_its_own(place: &Place) {
    let store = peopled(place).await;
    let given: Result<bool, StoreError> = store
        .write(|tx| {
            Box::pin(async move {
                let guest = domain::Builtin::Guest.id();
                let seat =
                    Seat { active: false, expires_at: Some(NOW), roles: vec![guest], sites: Vec::new() };
                memberships::set(tx, (user(3), HERE), &seat).await
            })
        })
        .await;
    assert!(given.unwrap());
    let page = store.read(|tx| {
        Box::pin(
            async move { memberships::page(tx, HERE, &EmailRange::all().behind("ada@x.example"), 1).await },
        )
    });
    let page: Result<Vec<memberships::Member>, StoreError> = page.await;
    let [bo] = <[_; 1]>::try_from(page.unwrap()).unwrap();
    let guest: RoleId = domain::Builtin::Guest.id();
    assert_eq!((bo.user.id, bo.active, bo.expires_at), (user(3), false, Some(NOW)));
    assert_eq!((bo.roles, bo.sites.len()), (vec![guest], 0));
}

async fn a_taken_address_is_a_conflict(place: &Place) {
    let store = peopled(place).await;
    let taken = rename(store, 3, "ada@x.example").await;
    assert!(matches!(taken, Err(StoreError::Conflict { field: "email" })));
    // Two at once who both find it free.
    let (one, other) = tokio::join!(rename(store, 3, "new@x.example"), rename(store, 4, "new@x.example"));
    let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    won.unwrap();
    assert!(matches!(lost, Err(StoreError::Conflict { field: "email" })), "{lost:?}");
}
