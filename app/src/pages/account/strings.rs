//! What the pages about accounts say. Every sentence is a field: one that a language lacks does not compile.

use hubbub_protocol::{AccountRefusal, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS};
use leptos::prelude::expect_context;

use super::AccountAction;
use crate::Language;

/// The words of the page.
pub(super) fn strings() -> &'static AccountStrings {
    match expect_context::<Language>() {
        Language::En => &ENGLISH,
        Language::Ru => &RUSSIAN,
    }
}

pub(super) struct AccountStrings {
    pub(super) strings: fn() -> &'static crate::Strings,
    pub(super) language: &'static str,
    pub(super) register: &'static str,
    pub(super) register_why: &'static str,
    pub(super) register_as_guest: &'static str,
    pub(super) registration_closed: &'static str,
    pub(super) have_account: &'static str,
    pub(super) no_account: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) sign_out: &'static str,
    pub(super) no_guests: &'static str,
    pub(super) as_guest: &'static str,
    pub(super) name: &'static str,
    pub(super) name_hint: &'static str,
    pub(super) rename: &'static str,
    pub(super) password: &'static str,
    pub(super) password_hint: &'static str,
    pub(super) current_password: &'static str,
    pub(super) new_password: &'static str,
    pub(super) change_password: &'static str,
    pub(super) account: &'static str,
    pub(super) signed_in_as: fn(&str) -> String,
    pub(super) sessions: &'static str,
    pub(super) this_session: &'static str,
    pub(super) in_use: &'static str,
    pub(super) since: &'static str,
    pub(super) last_seen: &'static str,
    pub(super) unknown_device: &'static str,
    pub(super) end: &'static str,
    pub(super) end_session: fn(&str) -> String,
    pub(super) end_others: &'static str,
    pub(super) remove: &'static str,
    pub(super) remove_what: &'static str,
    pub(super) remove_for_ever: &'static str,
    pub(super) to_chat: &'static str,
    pub(super) renamed: &'static str,
    pub(super) password_changed: &'static str,
    pub(super) sessions_ended: &'static str,
    pub(super) removed: &'static str,
    pub(super) name_taken: &'static str,
    pub(super) wrong_name_or_password: &'static str,
    pub(super) wrong_password: &'static str,
    pub(super) password_too_short: fn(usize) -> String,
    pub(super) password_too_long: fn(usize) -> String,
    pub(super) password_common: &'static str,
    pub(super) busy: &'static str,
}

impl AccountStrings {
    /// Why something was refused.
    pub(super) fn refusal(&self, refusal: &AccountRefusal) -> String {
        match refusal {
            AccountRefusal::Name(refusal) | AccountRefusal::TooFast(refusal) => {
                (self.strings)().refusal(refusal)
            }
            AccountRefusal::NameTaken => self.name_taken.to_owned(),
            AccountRefusal::WrongNameOrPassword => self.wrong_name_or_password.to_owned(),
            AccountRefusal::WrongPassword => self.wrong_password.to_owned(),
            AccountRefusal::PasswordTooShort => (self.password_too_short)(MIN_PASSWORD_CHARS),
            AccountRefusal::PasswordTooLong => (self.password_too_long)(MAX_PASSWORD_CHARS),
            AccountRefusal::PasswordCommon => self.password_common.to_owned(),
            AccountRefusal::RegistrationClosed => self.registration_closed.to_owned(),
            AccountRefusal::Busy => self.busy.to_owned(),
        }
    }

    /// That one's session has ended.
    pub(super) fn signed_out(&self) -> &'static str {
        (self.strings)().pages.signed_out
    }

    /// What has just been done.
    pub(super) const fn done(&self, action: AccountAction) -> &'static str {
        match action {
            AccountAction::Rename => self.renamed,
            AccountAction::ChangePassword => self.password_changed,
            AccountAction::EndSessions => self.sessions_ended,
            AccountAction::Remove => self.removed,
        }
    }
}

static ENGLISH: AccountStrings = AccountStrings {
    strings: || Language::En.strings(),
    language: "Language",
    register: "Make an account",
    register_why: "With an account your name is yours alone, and you are the same person on every device.",
    register_as_guest: "You keep your name, your rooms and your messages. The name is yours alone from then on.",
    registration_closed: "Accounts are not made here by oneself. Ask whoever runs this server.",
    have_account: "Have an account?",
    no_account: "No account yet?",
    sign_in: "Sign in",
    sign_out: "Sign out",
    no_guests: "This chat is for people with an account.",
    as_guest: "Go on as a guest",
    name: "Name",
    name_hint: "Everybody sees the new name at once. What you said before keeps the old one.",
    rename: "Change the name",
    password: "Password",
    password_hint: "At least 8 characters. Several words are easy to remember and hard to guess.",
    current_password: "Your password now",
    new_password: "New password",
    change_password: "Change the password",
    account: "Account",
    signed_in_as: |name| format!("You are signed in as {name}."),
    sessions: "Where you are signed in",
    this_session: "this browser",
    in_use: "in use now",
    since: "since",
    last_seen: "last used",
    unknown_device: "Unknown device",
    end: "End",
    end_session: |device| format!("End: {device}"),
    end_others: "End all others",
    remove: "Remove my account",
    remove_what: "You leave all rooms and are signed out everywhere. What you have said stays. This cannot be undone.",
    remove_for_ever: "Remove for ever",
    to_chat: "To the chat",
    renamed: "Your name has changed.",
    password_changed: "Your password has changed. You are signed out everywhere else.",
    sessions_ended: "You are signed out there.",
    removed: "Your account is removed.",
    name_taken: "This name is taken. Choose another.",
    wrong_name_or_password: "Name and password do not belong together.",
    wrong_password: "This is not your password.",
    password_too_short: |limit| format!("A password has at least {limit} characters."),
    password_too_long: |limit| format!("A password has at most {limit} characters."),
    password_common: "This password is one of those that are tried first. Choose another.",
    busy: "Many people are signing in right now. Try again in a moment.",
};

static RUSSIAN: AccountStrings = AccountStrings {
    strings: || Language::Ru.strings(),
    language: "Язык",
    register: "Создать учётную запись",
    register_why: "С учётной записью ваше имя принадлежит только вам, и на всех устройствах вы — один и тот же человек.",
    register_as_guest: "Имя, комнаты и сообщения останутся с вами. Имя с этого момента будет только вашим.",
    registration_closed: "Здесь нельзя создать учётную запись самостоятельно. Обратитесь к тому, кто ведёт этот сервер.",
    have_account: "Уже есть учётная запись?",
    no_account: "Ещё нет учётной записи?",
    sign_in: "Войти",
    sign_out: "Выйти",
    no_guests: "Этот чат — для тех, у кого есть учётная запись.",
    as_guest: "Продолжить как гость",
    name: "Имя",
    name_hint: "Новое имя сразу увидят все. У сказанного раньше останется старое.",
    rename: "Сменить имя",
    password: "Пароль",
    password_hint: "Не меньше 8 символов. Несколько слов легко запомнить и трудно угадать.",
    current_password: "Нынешний пароль",
    new_password: "Новый пароль",
    change_password: "Сменить пароль",
    account: "Учётная запись",
    signed_in_as: |name| format!("Вы вошли как {name}."),
    sessions: "Где вы вошли",
    this_session: "этот браузер",
    in_use: "используется сейчас",
    since: "с",
    last_seen: "последний раз",
    unknown_device: "Неизвестное устройство",
    end: "Завершить",
    end_session: |device| format!("Завершить: {device}"),
    end_others: "Завершить все остальные",
    remove: "Удалить учётную запись",
    remove_what: "Вы покинете все комнаты и выйдете на всех устройствах. Сказанное останется. Отменить это нельзя.",
    remove_for_ever: "Удалить навсегда",
    to_chat: "В чат",
    renamed: "Имя изменено.",
    password_changed: "Пароль изменён. На остальных устройствах вы вышли.",
    sessions_ended: "Сеанс завершён.",
    removed: "Учётная запись удалена.",
    name_taken: "Это имя занято. Выберите другое.",
    wrong_name_or_password: "Имя и пароль не подходят друг к другу.",
    wrong_password: "Это не ваш пароль.",
    password_too_short: |limit| format!("В пароле должно быть не меньше {limit} символов."),
    password_too_long: |limit| format!("В пароле должно быть не больше {limit} символов."),
    password_common: "Этот пароль пробуют одним из первых. Выберите другой.",
    busy: "Сейчас входит много людей. Попробуйте ещё раз через минуту.",
};
