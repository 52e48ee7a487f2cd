//! Who somebody is, at a glance: initials on a colour of their own, and a dot that says whether they are there.

use hubbub_protocol::{Presence, User, UserName};
use leptos::prelude::*;

use crate::i18n::{Strings, strings};
use crate::state::RoomSignals;

/// Somebody of the room one looks at. The dot is there when it is known whether they are.
#[component]
pub(crate) fn UserAvatar(user: User) -> impl IntoView {
    let id = user.id;
    let known = use_context::<RoomSignals>().map(|room_signals| room_signals.presence);
    let presence =
        Signal::derive(move || known.and_then(|known| known.with(|known| known.get(&id).copied())));
    view! { <Avatar name=user.name presence /> }
}

/// Anybody, with the dot that the caller says.
#[component]
pub(crate) fn Avatar(name: UserName, #[prop(into)] presence: Signal<Option<Presence>>) -> impl IntoView {
    let class = format!("avatar {}", hue_class(&name));
    view! {
        <span class=class aria-hidden="true" data-presence=move || presence.get().map(presence_name)>
            {initials(name.as_str())}
        </span>
    }
}

/// How it reads in a style.
pub(crate) const fn presence_name(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "online",
        Presence::Busy => "busy",
        Presence::Away => "away",
        Presence::Offline => "offline",
    }
}

/// The same in words: a dot is never the only thing that says it.
pub(crate) fn presence_words(presence: Presence) -> &'static str {
    let Strings { frame, .. } = strings();
    match presence {
        Presence::Online => frame.online,
        Presence::Busy => frame.busy,
        Presence::Away => frame.away,
        Presence::Offline => frame.offline,
    }
}

/// The class that gives a name its colour: the same everywhere and for ever.
pub(crate) fn hue_class(name: &UserName) -> &'static str {
    const CLASSES: [&str; 12] = [
        "hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7", "hue-8", "hue-9", "hue-10",
        "hue-11",
    ];
    // FNV-1a, 32 bits: short, and unlike the standard hasher the same in every build.
    let hash = name
        .as_str()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // The low bits of FNV are weak; fold the high ones in.
    CLASSES[usize::try_from((hash ^ (hash >> 16)) % 12).unwrap_or_default()]
}

/// The first letters of the first two words, or of the only one.
fn initials(name: &str) -> String {
    name.split(|character: char| character.is_whitespace() || matches!(character, '_' | '-' | '.'))
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_two_words() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("user_qwerty12"), "UQ");
        assert_eq!(initials("иван"), "И");
        assert_eq!(initials("Mary Ann Evans"), "MA");
        assert_eq!(initials("__"), "");
    }

    #[test]
    fn names_spread_over_the_colours() {
        let mut used = std::collections::BTreeSet::new();
        for number in 0..100 {
            used.insert(hue_class(&UserName::generated(number * 7_919)));
        }
        assert!(used.len() >= 10, "only {used:?}");
    }
}
