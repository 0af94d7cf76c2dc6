//! Another world than the demo's, awkward on purpose: no names, odd letters, roles without a base, the dead of every kind.

/// Live keys.
pub const ADA: &str = "ada-of-alder-0000000000000000000000000001";
pub const ADA_IN_BIRCH: &str = "ada-of-birch-0000000000000000000000000002";
pub const BO: &str = "bo-of-alder-00000000000000000000000000003";
pub const BO_AS_GUEST: &str = "bo-capped-to-guest-0000000000000000000004";
pub const CY: &str = "cy-of-alder-00000000000000000000000000005";
pub const DI: &str = "di-of-alder-00000000000000000000000000006";
/// Lives until 08:30 on the day the tests begin.
pub const BO_TO_0830: &str = "bo-until-half-past-eight-0000000000000007";
/// Of a membership that ends at 09:00.
pub const HAL_TO_0900: &str = "hal-until-nine-00000000000000000000000008";
/// Alder's own: no user.
pub const OF_ALDER: &str = "alders-own-000000000000000000000000000009";

/// Keys that prove nothing, and why.
pub const DEAD: [(&str, &str); 6] = [
    ("a key for BURP", "bo-for-burp-00000000000000000000000000010"),
    ("a key for CICD", "bo-for-cicd-00000000000000000000000000011"),
    ("of somebody locked", "ed-locked-0000000000000000000000000000012"),
    ("of somebody deactivated", "fay-deactivated-000000000000000000000013"),
    ("of a membership that was ended", "gil-out-of-alder-00000000000000000000014"),
    ("known to nobody", "nobodys-key-00000000000000000000000000015"),
];

pub const ADA_PASSWORD: &str = "an apple a day keeps";

pub const WORLD: &str = include_str!("other.toml");
