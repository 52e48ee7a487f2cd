//! Avatars: the initials of a user on the colour of the user, and a dot for the presence.

use hubbub_protocol::{Presence, User, UserId};
use leptos::prelude::*;

use crate::i18n::{Strings, strings};
use crate::state::{Hues, RoomSignals};

/// The avatar of a user of the open room. The dot is shown once the presence is known.
#[component]
pub(crate) fn UserAvatar(user: User) -> impl IntoView {
    let id = user.id;
    let known = use_context::<RoomSignals>().map(|room_signals| room_signals.presence);
    let presence =
        Signal::derive(move || known.and_then(|known| known.with(|known| known.get(&id).copied())));
    view! { <Avatar user presence /> }
}

/// The avatar of a user with the given presence. It is decorative, because the name is always next to it.
#[component]
pub(crate) fn Avatar(user: User, #[prop(into)] presence: Signal<Option<Presence>>) -> impl IntoView {
    let class = format!("avatar {}", hue_class(user.id));
    view! {
        <span class=class aria-hidden="true" data-presence=move || presence.get().map(presence_name)>
            {initials(user.name.as_str())}
        </span>
    }
}

/// Returns the value of the attribute that style sheets select.
pub(crate) const fn presence_name(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "online",
        Presence::Busy => "busy",
        Presence::Away => "away",
        Presence::Offline => "offline",
    }
}

/// Returns the presence as text, because colour alone must not carry the meaning (WCAG 2.2, success criterion
/// 1.4.1).
pub(crate) fn presence_words(presence: Presence) -> &'static str {
    let Strings { frame, .. } = strings();
    match presence {
        Presence::Online => frame.online,
        Presence::Busy => frame.busy,
        Presence::Away => frame.away,
        Presence::Offline => frame.offline,
    }
}

/// Returns the class for the colour of a user: the colour assigned in the room, elsewhere the preferred
/// colour of the user.
pub(crate) fn hue_class(user: UserId) -> String {
    let given = use_context::<RoomSignals>().and_then(|room| room.hues.try_with_value(|hues| hues.of(user)));
    format!("hue-{}", given.unwrap_or_else(|| Hues::preferred(user)))
}

/// Returns the first letters of the first two words of a name, or of its only word. The style sheet shows them in upper
/// case: the Unicode tables of `char::to_uppercase` add 2 KB to the download.
fn initials(name: &str) -> String {
    name.split(|character: char| character.is_whitespace() || matches!(character, '_' | '-' | '.'))
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_two_words() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("user_qwerty12"), "uq");
        assert_eq!(initials("иван"), "и");
        assert_eq!(initials("Mary Ann Evans"), "MA");
        assert_eq!(initials("__"), "");
    }
}
