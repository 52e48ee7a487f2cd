//! The rules for passwords.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use hubbub_protocol::{AccountRefusal, Password, UserName};

fn checked(password: &str) -> Result<Password, AccountRefusal> {
    Password::parse(password, &UserName::parse("Margarete").unwrap())
}

#[test]
fn checks_passwords_by_length_and_not_by_character_classes() {
    for good in ["violets are blue", "аист летит", "7h8d-9s2", &"x1".repeat(64), "  spaces  "] {
        assert!(checked(good).is_ok(), "{good}");
    }
    assert_eq!(checked("seven77"), Err(AccountRefusal::PasswordTooShort));
    assert_eq!(checked("аистаис"), Err(AccountRefusal::PasswordTooShort), "characters, not bytes");
    assert_eq!(checked(&"x1".repeat(65)), Err(AccountRefusal::PasswordTooLong));
}

#[test]
fn rejects_common_passwords() {
    for common in ["password", "PassWord1", "12345678", "aaaaaaaaaa", "margarete", "MARGARETE"] {
        assert_eq!(checked(common), Err(AccountRefusal::PasswordCommon), "{common}");
    }
    assert_eq!(format!("{:?}", checked("violets are blue")), "Ok(Password(..))");
}
