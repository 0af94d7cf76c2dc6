//! What somebody wants to change of a profile, and its bounds.

use domain::user::User;
use store::users::Profile;

use crate::failure::{Failure, FieldFault};

/// `None`: leave it; `Some(None)`: take it away.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<Option<String>>,
    pub first_name: Option<Option<String>>,
    pub middle_name: Option<Option<String>>,
    pub last_name: Option<Option<String>>,
    pub phone: Option<Option<String>>,
    pub picture: Option<Option<String>>,
    /// JSON text of an object, 16 KiB at most.
    pub metadata: Option<String>,
}

const NAME_CHARS: usize = 255;
const PICTURE_CHARS: usize = 4_095;
const METADATA_BYTES: usize = 16 * 1024;

/// # Errors
/// `Invalid` names every field at fault.
pub(super) fn judge(change: &Change) -> Result<(), Failure> {
    let texts = [
        ("name", &change.name, NAME_CHARS),
        ("first_name", &change.first_name, NAME_CHARS),
        ("middle_name", &change.middle_name, NAME_CHARS),
        ("last_name", &change.last_name, NAME_CHARS),
        ("phone", &change.phone, NAME_CHARS),
        ("picture", &change.picture, PICTURE_CHARS),
    ];
    let mut faults: Vec<FieldFault> = Vec::new();
    for (field, value, max) in texts {
        if let Some(Some(text)) = value
            && let Err(unfit) = domain::text::name(text, max)
        {
            faults.push(FieldFault::new(field, unfit.to_string()));
        }
    }
    if change.metadata.as_ref().is_some_and(|text| text.len() > METADATA_BYTES) {
        faults.push(FieldFault::new("metadata", "must have at most 16 KiB"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(faults)) }
}

/// The profile as it shall be; `None`: as it is.
pub(super) fn merged(user: &User, change: Change) -> Option<Profile> {
    let is = Profile {
        name: user.name.clone(),
        first_name: user.first_name.clone(),
        middle_name: user.middle_name.clone(),
        last_name: user.last_name.clone(),
        phone: user.phone.clone(),
        picture: user.picture.clone(),
        metadata: user.metadata.clone(),
    };
    let shall = Profile {
        name: change.name.unwrap_or_else(|| is.name.clone()),
        first_name: change.first_name.unwrap_or_else(|| is.first_name.clone()),
        middle_name: change.middle_name.unwrap_or_else(|| is.middle_name.clone()),
        last_name: change.last_name.unwrap_or_else(|| is.last_name.clone()),
        phone: change.phone.unwrap_or_else(|| is.phone.clone()),
        picture: change.picture.unwrap_or_else(|| is.picture.clone()),
        metadata: change.metadata.unwrap_or_else(|| is.metadata.clone()),
    };
    (shall != is).then_some(shall)
}
